use crate::read::tree::tests::{check_tree, mutations};
use crate::read::tree::{Node, Tree};
use crate::read::yaml::read;
use crate::read::{Extent, Reading};
use crate::source::FileId;

const FILE: FileId = FileId(0);

/// It holds no quote but in pairs, so that a wrong start would be seen.
const SAMPLE: &str = "\
# it's no quote
status:
  script: |
    echo 'one
    say \"two
  plain: it's
    'tis \"said
  conditions:
  - message: '0/3 clusters: 3 didn''t match the placement
    affinity \u{e9} constraint.'
    reason: Failed # don't
  - \"Applied: \\\"CREATE
  TABLE\\\" \\
  more\\n

  end\"
  json: '{
    \"a\": [1]
  }'
  flow: [a, 'b
  c', \"it's\"]
  last: 1
";

fn tree(text: &str) -> Tree {
    let mut reading = read(FILE, text);
    assert_eq!(reading.losses, [], "{text}");
    reading.body.iter().for_each(|tree| check_tree(text, tree));
    assert_eq!(reading.body.len(), 1);
    reading.body.remove(0)
}

fn losses(text: &str) -> Vec<Extent> {
    let Reading { body, losses, .. } = read(FILE, text);
    for tree in &body {
        check_tree(text, tree);
    }
    losses.iter().map(|l| l.extent).collect()
}

#[test]
fn lines_may_stand_no_deeper_than_their_key() {
    for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n"), format!("\u{feff}{SAMPLE}")] {
        let tree = tree(&text);
        let at = |key: &str| tree.root().path(&["status", key]).unwrap();
        assert_eq!(at("script").str(), Some("echo 'one\nsay \"two\n"));
        assert_eq!(at("plain").str(), Some("it's 'tis \"said"));
        let items: Vec<_> = at("conditions").items().collect();
        let message = items[0].get("message").unwrap();
        assert_eq!(message.str(), Some("0/3 clusters: 3 didn't match the placement affinity \u{e9} constraint."));
        assert!(text[message.span().range()].starts_with("'0/3") && text[message.span().range()].ends_with("nt.'"));
        assert_eq!(items[0].get("reason").and_then(Node::str), Some("Failed"));
        assert_eq!(items[1].str(), Some("Applied: \"CREATE TABLE\" more\n\nend"));
        assert_eq!(at("json").str(), Some("{ \"a\": [1] }"));
        let flow: Vec<_> = at("flow").items().filter_map(Node::str).collect();
        assert_eq!(flow, ["a", "b c", "it's"]);
        assert_eq!(at("last").int(), Some(1));
    }
}

#[test]
fn a_slice_points_at_its_own_line() {
    for text in ["a: 'one two\nthree'\nb: \"x\r\ny  z\"\n", "a: 'one two\n\nthree'\nb: \"x  \r\ny  z\"\n"] {
        let tree = tree(text);
        let a = tree.root().get("a").unwrap().text().unwrap();
        assert_eq!(a.as_str().replace('\n', " "), "one two three");
        assert_eq!(&text[a.slice(8..13).span().range()], "three");
        assert!(a.slice(8..13).is_literal() && !a.is_replaceable());
        let b = tree.root().get("b").unwrap().text().unwrap();
        assert_eq!(b.as_str(), "x y  z");
        assert_eq!(&text[b.slice(2..6).span().range()], "y  z");
    }
}

#[test]
fn comments_around_are_found_once() {
    let text = "# sparkproof: ignore[x] because\na: 1\n---\n# first\nb: 'x\ny' # second\n";
    let comments: Vec<_> = read(FILE, text).comments.iter().map(|c| &text[c.range()]).collect();
    assert_eq!(comments, ["# sparkproof: ignore[x] because", "# first", "# second"]);
}

#[test]
fn every_document_is_read_once() {
    let text = "a: 1\n---\nb: 'x\ny'\n...\n--- # more\nc: [\n---\nd: \"x\ny\"\n---\n'e\nf'\n---\ng: 'x\n---\nh: 'x\n...\ni: 1\n";
    let reading = read(FILE, text);
    let keys: Vec<_> =
        reading.body.iter().filter_map(|t| t.root().entries().next()).map(|(e, _)| e.key.to_string()).collect();
    assert_eq!(keys, ["a", "b", "d"]);
    assert_eq!(reading.body[3].root().str(), Some("e f"));
    assert_eq!(reading.losses.len(), 3, "{:?}", reading.losses);
}

#[test]
fn templates_may_have_them() {
    let text = "a: {{ .x }}\nb: 'it''s\nso'\nc: 'x {{ .y }}\nz'\n";
    let tree = tree(text);
    assert_eq!(tree.root().get("b").and_then(Node::str), Some("it's so"));
    let c = tree.root().get("c").unwrap();
    assert_eq!(losses("a: 'x\ny'{{ .z }}\n"), []);
    assert!(c.is_templated() && &text[c.span().range()] == "'x {{ .y }}\nz'");
}

#[test]
fn what_cannot_be_unfolded_is_a_limit() {
    // A key stands on one line.
    assert_eq!(losses("a: 'x\ny\r---\nz'\n"), [Extent::Limit]);
    assert_eq!(losses("a: 1\n'b\nc': 1\n"), [Extent::Limit]);
}

#[test]
fn other_faults_stay_what_they_are() {
    assert_eq!(losses("a: 'x\ny'\nb: [\n"), [Extent::Whole]);
    assert_eq!(losses("a: 1\n---\na: 'x\ny'\nb: c: d\n"), [Extent::Part]);
    assert_eq!(losses("a: 'x\ny' z\n"), [Extent::Whole]);
    assert_eq!(losses("a: \"x\nb: \"y\"\n---\nc: 1\n"), [Extent::Part]);
    for open in
        ["a: \"x", "a: \"x\n", "a: \"x\nb: 1\n", "a: \"x\n  y\nb: 1\n", "a: \"x\n  ", "- \"x\n---\n", "a: \"x\n\n...\n"]
    {
        let loss = read(FILE, open).losses.remove(0);
        assert_eq!((loss.extent, loss.message.as_str()), (Extent::Whole, "the quote is never closed"), "{open:?}");
    }
}

#[test]
fn what_only_looks_like_a_quote_is_left_alone() {
    for other in [
        "b: x\n  'y\n",
        "b: >-\n  'y\n\n  \"z\n",
        "b:\n- |\n 'y\n",
        "b: !!str |2\n  'y\n",
        "&x b: |\n 'y\n",
        "? b\n: - 'y'\n  - \"z\" # '\n",
        "b: {c: y'z, 'd': \"'\"}\n",
        "b: [x, # 'y\n  z]\n",
        "b: x#'y\n",
        "'b': *x\n",
        "\"b\" : y # 'z\n",
    ] {
        let text = format!("x: &x 1\n{other}a: 'x\ny'\n{}", other.replace('b', "c").replace("&x ", ""));
        let tree = tree(&text);
        assert_eq!(tree.root().get("a").and_then(Node::str), Some("x y"), "{text}");
        assert!(tree.root().entries().count() == 4, "{text}");
    }
}

#[test]
fn a_hostile_file_costs_linear_time() {
    let many = 3_000;
    for text in [
        "a: 'x\ny'\n---\n".repeat(many),
        "a: 'x\ny\n---\n".repeat(many),
        "- 'x\ny'\n".repeat(many),
        format!("- 'x\ny'\n- {}", "\"\n".repeat(many)),
        format!("a: 'x\ny'\n{}", "b: |\n\n\n".repeat(many)),
        format!("a: 'x\ny'\nb: c\n{}d", "\n".repeat(many)),
        "'a\nb': 'c\nd'\n---\na: 'x\ny'\n---\n".repeat(many),
        format!("a: 'x\n{}", "y\n".repeat(many)),
    ] {
        let _ = losses(&text);
    }
}

#[test]
fn any_change_leaves_true_places() {
    let crlf = SAMPLE.replace('\n', "\r\n");
    let short = "a: 'x\ny'\n---\nb: \"c\nd\"\n...\n- e: 'f\n  g'\n- {{ h }}\n";
    mutations(&[SAMPLE, &crlf, short], |text| read(FILE, text));
}
