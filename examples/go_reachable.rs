//! Prints which functions of the standard library some functions of a Go repository reach, for comparison with
//! `tools/go/reachable`: the entries are read from its output. `entry <tab> holder <tab> path`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use sparkproof::compose::go::{Layout, compose};
use sparkproof::go::graph::{Root, reach};
use sparkproof::go::{Asked, Usage};
use sparkproof::read;
use sparkproof::source::{Format, Sources};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

#[path = "go_files/walk.rs"]
mod walk;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let root = PathBuf::from(&arguments[1]);
    let expected = std::fs::read_to_string(&arguments[2]).unwrap();
    let entries: BTreeSet<&str> = expected.lines().filter(|line| !line.contains('\t')).collect();
    let files = walk::files(&root);
    let sources = Sources::new(root, files);
    let layout = Layout::of(&sources);
    let go = sources.iter().filter(|(_, source)| source.format == Format::Go);
    let mut documents: Vec<_> = go.map(|(file, source)| read::read(file, source, true)).collect();
    let go = compose(&sources, &mut documents, &layout, &Asked::default());
    for build in &go.builds {
        let place = |f: &sparkproof::go::Function| format!("{}:{}", sources.path(f.span.file), f.span.start);
        let by_place: HashMap<String, u32> =
            build.functions.iter().enumerate().map(|(number, f)| (place(f), number as u32)).collect();
        for entry in &entries {
            let Some(function) = by_place.get(*entry) else { continue };
            println!("{entry}");
            let reached = reach(&build.functions, &[Root { function: *function, within: None }]);
            let here = build.functions.iter().zip(&reached).filter(|(_, how)| how.is_some());
            for (function, _) in here {
                for reference in function.references.iter().filter(|r| r.usage != Usage::Type) {
                    println!("{entry}\t{}\t{}", place(function), reference.path);
                }
            }
        }
    }
}
