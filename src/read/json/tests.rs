use super::*;
use crate::read::Extent;
use crate::read::tree::Node;
use crate::read::tree::tests::{check_tree, mutations};

const FILE: FileId = FileId(0);

const SAMPLE: &str = "{\n  \"name\": \"a\\u00e9\\n\",\n  \"plain\": \"text\",\n  \"list\": [1, -2.5e3, true, null, {}],\n  \
                      \"image\": \"{{ x }}\"\n}\n";

#[test]
fn values_keep_their_bytes() {
    for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n"), format!("\u{feff}{SAMPLE}")] {
        let reading = read(FILE, &text);
        assert_eq!(reading.losses, []);
        let tree = reading.body.unwrap();
        check_tree(&text, &tree);
        let root = tree.root();
        let plain = root.get("plain").unwrap();
        assert_eq!(&text[plain.span().range()], "\"text\"");
        assert!(plain.text().unwrap().is_literal());
        let name = root.get("name").unwrap().text().unwrap();
        assert_eq!(name.as_str(), "a\u{e9}\n");
        assert!(!name.is_replaceable());
        assert_eq!(&text[name.slice(0..1).span().range()], "a\\u00e9\\n");
        let list: Vec<_> = root.get("list").unwrap().items().collect();
        assert_eq!(list[0].int(), Some(1));
        assert_eq!(&text[list[1].span().range()], "-2.5e3");
        assert!(list[3].is_null() && list[4].is_mapping());
        assert!(root.get("image").unwrap().is_templated());
    }
}

#[test]
fn what_is_malformed_has_a_place() {
    for (text, at) in [("{\"a\" 1}", 5), ("[1", 0), ("{'a': 1}", 1), ("nope", 0), ("{\"a\": \"b}", 6)] {
        let loss = &read(FILE, text).losses[0];
        assert_eq!((loss.extent, loss.span.start), (Extent::Whole, at), "{text} {loss:?}");
    }
    let lines = read(FILE, "{\"a\": 1}\n{\"a\": 2}\n");
    assert_eq!(lines.losses[0].extent, Extent::Limit);
    let comma = read(FILE, "{\"a\": [1,],}");
    assert!(comma.body.is_some() && comma.losses[0].extent == Extent::Part);
    assert!(read(FILE, "").losses.is_empty() && read(FILE, " \n").body.is_none());
}

#[test]
fn comments_may_hold_directives() {
    let text = "// sparkproof: ignore[x] because\n{\"a\": 1 /* b */, \"c\": \"// d\"}\n";
    let reading = read(FILE, text);
    let comments: Vec<_> = reading.comments.iter().map(|c| &text[c.range()]).collect();
    assert_eq!(comments, ["// sparkproof: ignore[x] because", "/* b */"]);
    assert_eq!(reading.body.unwrap().root().get("c").and_then(Node::str), Some("// d"));
}

#[test]
fn depth_is_bounded() {
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert!(read(FILE, &deep(MAX_DEPTH)).body.is_some());
    for text in [deep(MAX_DEPTH + 1), "{\"a\":".repeat(10_000), "[".repeat(10_000)] {
        assert_eq!(read(FILE, &text).losses[0].extent, Extent::Whole);
    }
    let strings = format!("[\"{}\"]", "[\\\"".repeat(1_000));
    assert!(read(FILE, &strings).body.is_some());
}

#[test]
fn any_change_leaves_true_places() {
    mutations(&[SAMPLE, "[{\"a\": [1, 2]}, // c\n \"b\"]"], |text| read(FILE, text));
}
