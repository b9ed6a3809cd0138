//! Arrows between files point down, and there is no circle.

use super::{files, is_test_room, none, read};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};

/// The rooms from the roof to the ground: a room uses those below it and its neighbours, never those above.
const LAYERS: [&[&str]; 10] = [
    &["main"],
    &["cli"],
    &["session", "lib"],
    &["rules", "report"],
    &["sift"],
    &["rule"],
    &["project", "claim", "table", "config", "fix"],
    &["compose"],
    &["fact", "go", "rust", "python", "c", "read", "discover", "finding"],
    &["version", "source"],
];

/// A file as a path of modules: `src/read/yaml.rs` is `read::yaml`.
type Module = Vec<String>;

/// The paths a file names, outside of tests: `use` trees spelt out, and paths in code.
#[derive(Default)]
struct Names(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            _ => &[],
        };
        let is_test = |a: &syn::Attribute| {
            a.path().is_ident("cfg") && a.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
        };
        if !attributes.iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut open = vec![(Vec::new(), &item.tree)];
        while let Some((mut path, tree)) = open.pop() {
            match tree {
                syn::UseTree::Path(tree) => {
                    path.push(tree.ident.to_string());
                    open.push((path, &tree.tree));
                }
                syn::UseTree::Group(group) => open.extend(group.items.iter().map(|tree| (path.clone(), tree))),
                syn::UseTree::Name(name) => {
                    path.push(name.ident.to_string());
                    self.0.push(path);
                }
                syn::UseTree::Rename(name) => {
                    path.push(name.ident.to_string());
                    self.0.push(path);
                }
                syn::UseTree::Glob(_) => self.0.push(path),
            }
        }
    }

    /// `pub(crate)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// The file that a path leads to, as seen from another.
fn target(from: &Module, path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let first = path.first()?.as_str();
    let (mut at, rest): (Module, &[String]) = match first {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (from.clone(), &path[1..]),
        "super" => {
            let up = path.iter().take_while(|part| *part == "super").count();
            (from[..from.len().saturating_sub(up)].to_vec(), &path[up..])
        }
        _ => (from.clone(), path),
    };
    let start = at.len();
    at.extend(rest.iter().cloned());
    while !at.is_empty() && !modules.contains(&at) {
        at.pop();
    }
    // What is neither below this file nor named from the crate's root is another crate's.
    let ours = ["crate", "super", "self"].contains(&first) || at.len() > start;
    if ours && at.is_empty() { Some(vec!["lib".to_owned()]) } else { Some(at).filter(|_| ours) }
}

type Arrows = BTreeMap<Module, BTreeSet<Module>>;

fn arrows(texts: &[(Module, String)]) -> Arrows {
    let modules: BTreeSet<Module> = texts.iter().map(|(module, _)| module.clone()).collect();
    let mut arrows = Arrows::new();
    for (module, text) in texts {
        let mut names = Names::default();
        names.visit_file(&syn::parse_file(text).unwrap());
        // `lib.rs` and `main.rs` are the crate's root themselves.
        let from = if module.len() == 1 && ["lib", "main"].contains(&module[0].as_str()) {
            Vec::new()
        } else {
            module.clone()
        };
        let to = names.0.iter().filter_map(|path| target(&from, path, &modules));
        arrows.entry(module.clone()).or_default().extend(to.filter(|to| to != module));
    }
    arrows
}

fn shown(module: &Module) -> String {
    module.join("::")
}

/// Arrows that point up, and rooms without a layer.
fn upward(arrows: &Arrows) -> Vec<String> {
    let layer = |module: &Module| LAYERS.iter().position(|rooms| rooms.contains(&module[0].as_str()));
    let mut faults = Vec::new();
    for (from, all) in arrows {
        let Some(here) = layer(from) else {
            faults.push(format!("the room `{}` has no layer", from[0]));
            continue;
        };
        let up = all.iter().filter(|to| layer(to).is_some_and(|there| there < here));
        faults.extend(up.map(|to| format!("{} uses {}, which is above it", shown(from), shown(to))));
    }
    faults
}

/// Circles. A file and the rooms within it (`yaml.rs` and `yaml/`) are one thing: the file is the rooms' face, and they use what it
/// declares.
fn circles(arrows: &Arrows) -> Vec<String> {
    let within = |a: &Module, b: &Module| a.starts_with(b) || b.starts_with(a);
    let next = |from: &Module| {
        arrows.get(from).into_iter().flatten().filter(|to| !within(from, to)).cloned().collect::<Vec<_>>()
    };
    let reach = |start: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), next(start));
        while let Some(at) = open.pop() {
            if seen.insert(at.clone()) {
                open.extend(next(&at));
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = arrows.keys().map(|module| (module, reach(module))).collect();
    let mut faults = Vec::new();
    for (a, far) in &reached {
        let back = far.iter().filter(|b| a < b && reached.get(b).is_some_and(|back| back.contains(*a)));
        faults.extend(back.map(|b| format!("{} and {} use each other", shown(a), shown(b))));
    }
    faults
}

#[test]
fn arrows_point_down() {
    let module =
        |path: &String| path["src/".len()..path.len() - ".rs".len()].split('/').map(str::to_owned).collect::<Module>();
    let paths = files("src", ".rs").into_iter().filter(|path| !is_test_room(path));
    let texts: Vec<(Module, String)> = paths.map(|path| (module(&path), read(&path))).collect();
    let arrows = arrows(&texts);
    assert!(arrows.len() > 80, "{} files", arrows.len());
    assert!(arrows[&vec!["session".to_owned()]].contains(&vec!["sift".to_owned()]), "no arrows are seen");
    none(&[upward(&arrows), circles(&arrows)].concat());
}

#[test]
fn an_arrow_that_points_up_is_seen() {
    let file = |path: &str, text: &str| (path.split("::").map(str::to_owned).collect::<Module>(), text.to_owned());
    let seen = |texts: &[(Module, String)]| {
        let arrows = arrows(texts);
        [upward(&arrows), circles(&arrows)].concat()
    };
    let below = file("source", "pub struct Span;");
    assert_eq!(seen(&[below.clone(), file("read", "use crate::source::{self, Span};")]), [""; 0]);
    let up = file("source", "fn f() { crate::read::read() }");
    assert_eq!(seen(&[up, file("read", "")]), ["source uses read, which is above it"]);
    let circle = [file("read", "use crate::finding::Edit;"), file("finding", "use super::read::x;")];
    assert_eq!(seen(&circle)[0], "finding and read use each other");
    let rooms = [file("go::a", "use super::b::B;"), file("go::b", "use crate::go::{a::A};"), file("go", "")];
    assert_eq!(seen(&rooms), ["go::a and go::b use each other"]);
    let face = [file("go", "mod a; use a::A;"), file("go::a", "use super::B;")];
    assert_eq!(seen(&face), [""; 0]);
    let tests = [file("source", "#[cfg(test)] mod tests { use crate::cli::main; }"), file("cli", "")];
    assert_eq!(seen(&tests), [""; 0]);
    assert_eq!(seen(&[file("attic", "")]), ["the room `attic` has no layer"]);
}
