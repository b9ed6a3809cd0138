use super::*;
use crate::read::Extent;
use crate::read::tree::Node;
use crate::read::tree::tests::{check_tree, mutations};

const FILE: FileId = FileId(0);

const SAMPLE: &str = "\
# top
title = \"x\" # sparkproof: ignore[x] because
[package]
name = 'l#t'
version.workspace = true
when = 1979-05-27T07:32:00Z
text = \"\"\"
one # no comment
two\"\"\"
[dependencies]
serde = { version = \"1\", features = [\"a\", 'b'] } # last
tokio.version = \"1.2\"
[target.'cfg(unix)'.dependencies]
z = 0x1F
[[bin]]
name = \"a\\u00e9\"
[[bin]]
name = \"b\"
[package.metadata]
x = 1
";

#[test]
fn tables_are_mappings_with_places() {
    for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n"), format!("\u{feff}{SAMPLE}")] {
        let reading = read(FILE, &text);
        assert_eq!(reading.losses, []);
        let tree = reading.body.unwrap();
        check_tree(&text, &tree);
        let at = |path: &[&str]| tree.root().path(path).unwrap();
        assert_eq!(&text[at(&["package", "name"]).span().range()], "'l#t'");
        assert_eq!(at(&["package", "version", "workspace"]).bool(), Some(true));
        assert_eq!(at(&["package", "when"]).str(), Some("1979-05-27T07:32:00Z"));
        assert_eq!(at(&["package", "metadata", "x"]).int(), Some(1));
        assert_eq!(&text[at(&["target", "cfg(unix)", "dependencies", "z"]).span().range()], "0x1F");
        let tokio = at(&["dependencies", "tokio", "version"]).text().unwrap();
        assert_eq!(&text[tokio.span().range()], "1.2");
        let (features, _) = at(&["dependencies", "serde"]).entry("features").unwrap();
        assert_eq!(&text[features.span().range()], "features");
        let keys: Vec<_> = tree.root().entries().map(|(e, _)| e.key.as_str()).collect();
        assert_eq!(keys, ["title", "package", "dependencies", "target", "bin"]);
        let bins: Vec<_> = at(&["bin"]).items().filter_map(|b| b.get("name").and_then(Node::str)).collect();
        assert_eq!(bins, ["a\u{e9}", "b"]);
        let comments: Vec<_> = reading.comments.iter().map(|c| &text[c.range()]).collect();
        assert_eq!(comments, ["# top", "# sparkproof: ignore[x] because", "# last"]);
    }
}

#[test]
fn a_malformed_line_is_lost_alone() {
    let text = "a = 1\nb = = 2\nc = 3\n[t\nd = 4\n[u]\ne = nope\nf = 5\n";
    let reading = read(FILE, text);
    let tree = reading.body.unwrap();
    assert_eq!(tree.root().get("a").and_then(Node::int), Some(1));
    assert_eq!(tree.root().get("c").and_then(Node::int), Some(3));
    assert_eq!(tree.root().path(&["u", "f"]).and_then(Node::int), Some(5));
    assert!(reading.losses.len() >= 3 && reading.losses.iter().all(|l| l.extent == Extent::Part));
    assert_eq!(text[..reading.losses[0].span.start as usize].lines().count(), 2);
    assert!(read(FILE, "").body.is_none() && read(FILE, "\u{feff}\n").losses.is_empty());
}

#[test]
fn depth_is_bounded_in_all_its_ways() {
    let keys = vec!["a"; 79].join(".");
    for text in [
        format!("a = {}", "[".repeat(10_000)),
        format!("a = {}", "{b = ".repeat(10_000)),
        format!("[{}]", vec!["a"; 10_000].join(".")),
        format!("{} = 1", vec!["a"; 10_000].join(".")),
        format!("{keys} = {}1{}", format!("{{{keys} = ").repeat(79), "}".repeat(79)),
        "\"".repeat(10_000),
    ] {
        let reading = read(FILE, &text);
        assert_eq!(reading.losses[0].extent, Extent::Whole, "{}", &text[..20]);
    }
    assert!(read(FILE, &format!("a = [{}]", "1.5, ".repeat(1_000))).losses.is_empty());
}

#[test]
fn an_open_string_ends_on_a_whole_character() {
    for quote in ["\"", "'", "\"\"\"", "'''"] {
        for text in [
            format!("name = {quote}job…"),
            format!("name = {quote}job…\n"),
            format!("name = {quote}…\r\nb = 1\n"),
            format!("{quote}job…"),
        ] {
            let reading = read(FILE, &text);
            assert!(!reading.losses.is_empty(), "{text}");
            reading.losses.iter().for_each(|loss| assert!(text.get(loss.span.range()).is_some(), "{text}"));
            reading.body.iter().for_each(|tree| check_tree(&text, tree));
        }
    }
}

#[test]
fn any_change_leaves_true_places() {
    mutations(&[SAMPLE, "a = [\n  1, # c\n  '''x\n''', ]\n[[b.c]]\nd.e = {}\n"], |text| read(FILE, text));
}
