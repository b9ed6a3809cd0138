//! Prints every name of another module or of the standard library that Go code uses, for comparison with
//! `tools/go/references`: `file <tab> end offset of the name <tab> path`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]

use sparkproof::compose::go::{Layout, compose};
use sparkproof::go::Asked;
use sparkproof::read;
use sparkproof::source::{Format, Sources};
use std::path::PathBuf;
use std::time::Instant;

#[path = "go_files/walk.rs"]
mod walk;

fn main() {
    let root = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let files = walk::files(&root);
    let sources = Sources::new(root, files);
    let start = Instant::now();
    let layout = Layout::of(&sources);
    let go = sources.iter().filter(|(_, source)| source.format == Format::Go);
    let mut documents: Vec<_> = go.map(|(file, source)| read::read(file, source, true)).collect();
    let lines: usize = documents.iter().map(|d| d.lines.len()).sum();
    for loss in documents.iter().flat_map(|d| &d.losses) {
        eprintln!("{}: {loss:?}", sources.path(loss.span.file));
    }
    let parsed = start.elapsed();
    let go = compose(&sources, &mut documents, &layout, &Asked::default());
    let resolved = start.elapsed().checked_sub(parsed).unwrap();
    let unknown: usize = go.builds.iter().map(|b| b.unknown_receivers).sum();
    eprintln!("{lines} lines: read in {parsed:?}, resolved in {resolved:?}, {unknown} receivers unknown");
    for reference in go.builds.iter().flat_map(|b| &b.functions).flat_map(|f| &f.references) {
        println!("{}\t{}\t{}", sources.path(reference.span.file), reference.span.end, reference.path);
    }
}
