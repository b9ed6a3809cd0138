#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::{Extent, mutation};

const SAMPLE: &str = "\
// The job.
module example.com/acme/etl/v2 // main

go 1.23.0
toolchain go1.24.1

require github.com/spark/client v1.2.3
require (
\tk8s.io/api v0.31.0 // indirect
\t\"k8s.io/client-go\" v0.31.0 // why not
\texample.com/x v0.0.0-20240101000000-abcdefabcdef // indirect; for y
)

replace (
\texample.com/x v0.1.0 => ../x
\tk8s.io/api => k8s.io/api v0.30.0
)
replace example.com/y => ./y
exclude example.com/z v1.0.0
retract [v1.0.0, v1.9.9]
retract v2.0.0
tool example.com/tool/cmd
ignore ./node_modules
godebug default=go1.21
";

fn good(text: &str) -> GoMod {
    let reading = read(FileId(0), text);
    assert!(reading.losses.is_empty(), "{:?}", reading.losses);
    reading.body
}

fn summary(module: &GoMod) -> String {
    let requires = module
        .requires
        .iter()
        .map(|r| format!("{} {}{}", r.module.path, r.module.version, if r.indirect { " indirect" } else { "" }));
    let replaces = module.replaces.iter().map(|r| match &r.with {
        Replacement::Folder(path) => format!("{} => {path}", r.path),
        Replacement::Module(m) => format!("{} => {} {}", r.path, m.path, m.version),
    });
    requires.chain(replaces).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_directive_is_read() {
    let module = good(SAMPLE);
    assert_eq!(module.module.as_ref().unwrap().as_str(), "example.com/acme/etl/v2");
    assert_eq!(module.go.as_ref().unwrap().as_str(), "1.23.0");
    assert_eq!(module.toolchain.as_ref().unwrap().as_str(), "go1.24.1");
    assert_eq!(
        summary(&module),
        "github.com/spark/client v1.2.3\n\
         k8s.io/api v0.31.0 indirect\n\
         k8s.io/client-go v0.31.0\n\
         example.com/x v0.0.0-20240101000000-abcdefabcdef indirect\n\
         example.com/x => ../x\n\
         k8s.io/api => k8s.io/api v0.30.0\n\
         example.com/y => ./y"
    );
    assert_eq!(module.replaces[0].version.as_ref().unwrap().as_str(), "v0.1.0");
    assert_eq!(module.excludes[0].path.as_str(), "example.com/z");
    let retracts: Vec<_> = module.retracts.iter().map(|(low, high)| format!("{low} {high}")).collect();
    assert_eq!(retracts, ["v1.0.0 v1.9.9", "v2.0.0 v2.0.0"]);
    assert_eq!((module.tools[0].as_str(), module.ignores[0].as_str()), ("example.com/tool/cmd", "./node_modules"));
    assert_eq!((module.godebug[0].0.as_str(), module.godebug[0].1.as_str()), ("default", "go1.21"));
}

#[test]
fn line_ends_and_byte_order_mark_change_nothing_but_places() {
    let text = format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n"));
    let module = good(&text);
    assert_eq!(summary(&module), summary(&good(SAMPLE)));
    for require in &module.requires {
        mutation::traced(&text, &require.module.path);
        assert!(require.module.version.is_literal());
    }
    assert_eq!(&text[module.requires[2].module.path.span().range()], "k8s.io/client-go");
    let comments = read(FileId(0), &text).comments;
    assert_eq!(comments.iter().map(|c| &text[c.range()]).collect::<Vec<_>>()[..2], ["// The job.", "// main"]);
}

#[test]
fn a_workspace_uses_folders() {
    let module = good("go 1.24\nuse (\n\t./a // first\n\t\"b\"\n)\nuse ./c\n");
    assert_eq!(module.uses.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["./a", "b", "./c"]);
}

#[test]
fn a_malformed_line_loses_itself() {
    for (line, place) in [
        ("require example.com/x", "require example.com/x"),
        ("require example.com/x 'v1'", "'v1'"),
        ("replace a => b", "replace a => b"),
        ("replace a => ./b v1.0.0", "replace a => ./b v1.0.0"),
        ("retract [v1.0.0", "retract [v1.0.0"),
        ("go banana", "go banana"),
        ("module other", "module other"),
        ("require \"open", "\"open"),
        ("/* x */ go 1.2", "/*"),
        ("<<<<<<< HEAD", "<<<<<<<"),
        ("=======", "======="),
    ] {
        let text = format!("module m\n{line}\nrequire example.com/kept v1.0.0\n");
        let reading = read(FileId(0), &text);
        assert_eq!(summary(&reading.body), "example.com/kept v1.0.0", "{line}");
        let places: Vec<&str> = reading.losses.iter().map(|l| &text[l.span.range()]).collect();
        assert_eq!(places, [place], "{line}: {:?}", reading.losses);
    }
}

#[test]
fn an_open_block_keeps_its_lines() {
    let text = "module m\nrequire (\n\ta.b/c v1.0.0\nreplace (\n\tx.y/z => ./z\n)\nexclude (";
    let reading = read(FileId(0), text);
    assert_eq!(summary(&reading.body), "a.b/c v1.0.0\nx.y/z => ./z");
    let places: Vec<&str> = reading.losses.iter().map(|l| &text[l.span.range()]).collect();
    assert_eq!(places, ["require", "exclude"]);
}

#[test]
fn an_unknown_directive_is_a_limit() {
    let reading = read(FileId(0), "module m\nfuture (\n)\nfuture x\n");
    assert_eq!(reading.losses.iter().map(|l| l.extent).collect::<Vec<_>>(), [Extent::Limit]);
}

#[test]
fn nothing_is_read_from_nothing() {
    assert!(good("").module.is_none());
    assert!(good("\u{feff}\r\n").module.is_none());
    assert!(!read(FileId(0), &"(".repeat(50_000)).losses.is_empty());
    assert!(read(FileId(0), &"( (\n".repeat(50_000)).body.requires.is_empty());
}

#[test]
fn broken_files_keep_their_spans() {
    mutation::each(&[SAMPLE], |text| {
        let reading = read(FileId(0), text);
        let module = &reading.body;
        let versions = module.requires.iter().map(|r| &r.module).chain(&module.excludes);
        for value in versions.flat_map(|m| [&m.path, &m.version]).chain(&module.module).chain(&module.go) {
            mutation::traced(text, value);
        }
        reading.comments.iter().for_each(|c| mutation::inside(text, *c));
        reading.losses.iter().for_each(|l| mutation::inside(text, l.span));
    });
}
