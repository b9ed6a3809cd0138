use super::*;
use crate::read::tree::Tree;
use crate::read::{json, toml, yaml};
use crate::source::FileId;

fn parse(syntax: Syntax, text: &str) -> Tree {
    let file = FileId(0);
    let (tree, losses) = match syntax {
        Syntax::Yaml => {
            let reading = yaml::read(file, text);
            (reading.body.into_iter().next(), reading.losses)
        }
        Syntax::Json => {
            let reading = json::read(file, text);
            (reading.body, reading.losses)
        }
        Syntax::Toml => {
            let reading = toml::read(file, text);
            (reading.body, reading.losses)
        }
    };
    assert_eq!(losses, [], "{text}");
    tree.unwrap_or_else(|| panic!("no document in {text:?}"))
}

/// Applies an edit in three line end and byte order mark variants; all must say the same and still parse.
fn edited(syntax: Syntax, text: &str, edit: impl Fn(&Tree, &str) -> Option<Edit>) -> Option<String> {
    let apply = |text: &str| {
        let tree = parse(syntax, text);
        let edit = edit(&tree, text)?;
        let mut out = text.to_owned();
        out.replace_range(edit.span.range(), &edit.text);
        parse(syntax, &out);
        Some(out)
    };
    let plain = apply(text);
    let crlf = apply(&text.replace('\n', "\r\n"));
    assert_eq!(crlf, plain.as_ref().map(|t| t.replace('\n', "\r\n")));
    assert_eq!(apply(&format!("\u{feff}{text}")), plain.as_ref().map(|t| format!("\u{feff}{t}")));
    plain
}

fn replaced(syntax: Syntax, text: &str, path: &[&str], new: &str) -> Option<String> {
    edited(syntax, text, |tree, _| {
        let edit = replace_scalar(tree.root().path(path)?, new);
        let mut out = text.to_owned();
        if let (Some(edit), true) = (&edit, !text.starts_with('\u{feff}')) {
            let tree = parse(syntax, text);
            let place = replace_scalar(tree.root().path(path)?, new)?;
            out.replace_range(place.span.range(), &edit.text);
            let after = parse(syntax, &out);
            let node = after.root().path(path)?;
            let Kind::Scalar { text: value, .. } = node.kind() else { panic!("no scalar") };
            assert_eq!(value.as_str(), new, "{out}");
        }
        edit
    })
}

fn removed(syntax: Syntax, text: &str, path: &[&str], key: &str) -> Option<String> {
    edited(syntax, text, |tree, text| remove_entry(tree.root().path(path)?, key, text))
}

fn inserted(syntax: Syntax, text: &str, path: &[&str], key: &str, value: &Value<'_>) -> Option<String> {
    edited(syntax, text, |tree, text| insert_child(tree.root().path(path)?, key, value, text))
}

#[test]
fn scalars_keep_their_quotes_and_types() {
    use Syntax::{Json, Toml, Yaml};
    let cases: &[(Syntax, &str, &str, &str)] = &[
        (Yaml, "a: x # c\n", "w", "a: w # c\n"),
        (Yaml, "a: 'x'\n", "y", "a: 'y'\n"),
        (Yaml, "a: \"x\"\n", "1", "a: \"1\"\n"),
        (Yaml, "a: x\n", "1", "a: \"1\"\n"),
        (Yaml, "a: 3.5.1\n", "3.5.4", "a: 3.5.4\n"),
        (Yaml, "a: x\n", "yes", "a: \"yes\"\n"),
        (Yaml, "a: x\n", "b: c", "a: \"b: c\"\n"),
        (Yaml, "a: x\n", "", "a: \"\"\n"),
        (Yaml, "a: 1\n", "2", "a: 2\n"),
        (Yaml, "a: true\n", "false", "a: false\n"),
        (Yaml, "a: 'x'\n", "it's", "a: \"it's\"\n"),
        (Yaml, "a: ''\n", "b", "a: \"b\"\n"),
        (Yaml, "a:\nb: 1\n", "c", "a: c\nb: 1\n"),
        (Yaml, "a: |\n  x\n  y\nb: 1\n", "z\nw", "a: \"z\\nw\"\nb: 1\n"),
        (Yaml, "{a: x}\n", "y, z", "{a: \"y, z\"}\n"),
        (Json, "{\"a\": \"x\"}\n", "y", "{\"a\": \"y\"}\n"),
        (Json, "{\"a\": 1}\n", "2", "{\"a\": 2}\n"),
        (Json, "{\"a\": \"x\\n\"}\n", "q\"", "{\"a\": \"q\\\"\"}\n"),
        (Json, "{\"a\": true}\n", "yes", "{\"a\": \"yes\"}\n"),
        (Toml, "a = 'x'\n", "y", "a = 'y'\n"),
        (Toml, "a = 1\n", "2", "a = 2\n"),
        (Toml, "a = 1979-05-27\n", "1980-01-02", "a = 1980-01-02\n"),
        (Toml, "a = \"\"\"x\"\"\"\n", "y", "a = \"\"\"y\"\"\"\n"),
        (Toml, "a = 1\n", "x y", "a = \"x y\"\n"),
    ];
    for (syntax, text, new, expected) in cases {
        assert_eq!(replaced(*syntax, text, &["a"], new).as_deref(), Some(*expected), "{text}");
    }
    assert_eq!(replaced(Yaml, "a: {{ x }}\n", &["a"], "y"), None);
    assert_eq!(replaced(Yaml, "a: !Ref x\n", &["a"], "y"), None);
}

#[test]
fn entries_go_with_their_lines() {
    use Syntax::{Json, Toml, Yaml};
    let cases: &[(Syntax, &str, &[&str], &str, &str)] = &[
        (Yaml, "a: 1\nb: 2 # c\nc: 3\n", &[], "b", "a: 1\nc: 3\n"),
        (Yaml, "a: 1\nb:\n  c:\n  - d\n  # e\n", &[], "b", "a: 1\n  # e\n"),
        (Yaml, "a: 1\nb: |\n  x\n  y\n", &[], "b", "a: 1\n"),
        (Yaml, "a: 1\nb: 2", &[], "b", "a: 1"),
        (Yaml, "x:\n- a: 1\n  b: 2\n", &["x", "0"], "a", "x:\n- b: 2\n"),
        (Yaml, "x:\n  a: 1\ny: 2\n", &["x"], "a", "x:\n  {}\ny: 2\n"),
        (Yaml, "x: {a: 1, b: 2, c: 3}\n", &["x"], "b", "x: {a: 1, c: 3}\n"),
        (Yaml, "x: {a: 1, b: 2}\n", &["x"], "b", "x: {a: 1}\n"),
        (Yaml, "x: {\"a\": 1}\n", &["x"], "a", "x: {}\n"),
        (Yaml, "a: 1\n'b': 2\n", &[], "b", "a: 1\n"),
        (Json, "{\n  \"a\": 1,\n  \"b\": [2]\n}\n", &[], "a", "{\n  \"b\": [2]\n}\n"),
        (Json, "{\n  \"a\": 1,\n  \"b\": [2]\n}\n", &[], "b", "{\n  \"a\": 1\n}\n"),
        (Toml, "a = 1\nb = [\n  2,\n] # c\n[t]\nc = 3\n", &[], "b", "a = 1\n[t]\nc = 3\n"),
        (Toml, "[t]\na.b = 1\nc = 3\n", &["t"], "a", "[t]\nc = 3\n"),
        (Toml, "[t]\na.b = 1\na.c = 3\n", &["t", "a"], "b", "[t]\na.c = 3\n"),
        (Toml, "t = { a = 1, b = 2 }\n", &["t"], "a", "t = { b = 2 }\n"),
    ];
    for (syntax, text, path, key, expected) in cases {
        let after = if *path == ["x", "0"] {
            edited(*syntax, text, |tree, text| remove_entry(tree.root().get("x")?.items().next()?, key, text))
        } else {
            removed(*syntax, text, path, key)
        };
        assert_eq!(after.as_deref(), Some(*expected), "{text}");
    }
    assert_eq!(removed(Yaml, "a: &x 1\nb: *x\n", &[], "a"), None, "an alias needs it");
    assert_eq!(removed(Yaml, "a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n", &[], "a"), None);
    assert_eq!(removed(Toml, "[t]\na = 1\n", &[], "t"), None);
    assert_eq!(removed(Yaml, "a: 1\n", &[], "missing"), None);
}

#[test]
fn children_stand_like_their_siblings() {
    use Syntax::{Json, Toml, Yaml};
    let nested = Value::Mapping(vec![("c", Value::Text("1")), ("d", Value::Sequence(vec![Value::Word("2")]))]);
    let cases: &[(Syntax, &str, &[&str], &Value<'_>, &str)] = &[
        (Yaml, "x:\n  a: 1\ny: 2\n", &["x"], &Value::Word("true"), "x:\n  a: 1\n  k: true\ny: 2\n"),
        (Yaml, "b: 2\na: 1", &[], &Value::Text("true"), "b: 2\na: 1\nk: \"true\""),
        (Yaml, "x:\n  - a: 1 # c\n", &["x", "0"], &Value::Text("v"), "x:\n  - a: 1 # c\n    k: v\n"),
        (
            Yaml,
            "a:\n  b: |\n    x\n\nz: 1\n",
            &["a"],
            &nested,
            "a:\n  b: |\n    x\n  k:\n    c: \"1\"\n    d:\n      - 2\n\nz: 1\n",
        ),
        (Yaml, "x: {a: 1}\n", &["x"], &nested, "x: {a: 1, k: {c: \"1\", d: [2]}}\n"),
        (Yaml, "x: {}\n", &["x"], &Value::Word("1"), "x: {k: 1}\n"),
        (Yaml, "x:\n  a:\ny: 1\n", &["x"], &Value::Word("1"), "x:\n  a:\n  k: 1\ny: 1\n"),
        (Json, "{\n  \"a\": 1\n}\n", &[], &nested, "{\n  \"a\": 1,\n  \"k\": {\"c\": \"1\", \"d\": [2]}\n}\n"),
        (Json, "{\"x\": {}}\n", &["x"], &Value::Text("v"), "{\"x\": {\"k\": \"v\"}}\n"),
        (Toml, "[t]\na = 1 # c\n[u]\n", &["t"], &Value::Text("v"), "[t]\na = 1 # c\nk = \"v\"\n[u]\n"),
        (Toml, "[t]\n[t.u]\nb = 1\n", &["t"], &Value::Word("1"), "[t]\nk = 1\n[t.u]\nb = 1\n"),
        (Toml, "[t]\nb = 1\n", &[], &Value::Word("1"), "k = 1\n[t]\nb = 1\n"),
        (Toml, "x.a = 1\ny = 2\n", &["x"], &Value::Word("1"), "x.a = 1\nx.k = 1\ny = 2\n"),
        (Toml, "x = { a = 1 }\n", &["x"], &nested, "x = { a = 1, k = { c = \"1\", d = [2] } }\n"),
    ];
    for (syntax, text, path, value, expected) in cases {
        let after = if *path == ["x", "0"] {
            edited(*syntax, text, |tree, text| insert_child(tree.root().get("x")?.items().next()?, "k", value, text))
        } else {
            inserted(*syntax, text, path, "k", value)
        };
        assert_eq!(after.as_deref(), Some(*expected), "{text}");
    }
    assert_eq!(inserted(Yaml, "k: 1\n", &[], "k", &Value::Word("1")), None, "it is there already");
    assert_eq!(inserted(Yaml, "a: |+\n  x\n\n", &[], "k", &Value::Word("1")), None, "the empty line is its value");
    assert_eq!(inserted(Yaml, "a: 1\n{{ include \"x\" . }}\n", &[], "k", &Value::Word("1")), None);
}
