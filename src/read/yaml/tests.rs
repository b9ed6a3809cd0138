use super::*;
use crate::read::tree::tests::{Random, check_tree, mutations};
use crate::read::tree::{Kind, Node, Style};

const FILE: FileId = FileId(0);

const MANIFEST: &str = "\
# the job
apiVersion: v1
kind: ConfigMap # its kind
metadata: {name: \"a\", labels: {app: 'b', tier: x}}
data:
  # sparkproof: ignore[x] because
  conf: |
    spark.master k8s
    spark.app.name \u{e9}
  folded: >-
    one
    two

    three
list:
- &base
  a: 1
- <<: *base
  b: yes
- [1, ~, ]
-
";

const TEMPLATE: &str = "\
{{- if .Values.enabled }}
apiVersion: v1
metadata:
  name: {{ include \"x.name\" . }}
  labels:
    {{- include \"x.labels\" . | nindent 4 }}
    app: \"{{ .Values.a | default \"}}\" }}-{{ .b }}\"
spec:
  {{ .Values.key }}: v
  resources:
    {{- toYaml .Values.resources | nindent 12 }}
  args:
    - a
    {{- range .Values.args }}
    - {{ . }}
    {{- end }}
  {{- if .Values.x }}
  port: 1
  {{- else }}
  port: 2
  {{- end }}
  script: |
    {{- if .Values.y }}
    echo
    {{- end }}
    run {{ .Values.z }}
{{ .Files.Get \"x\" | indent 4 }}
  plain: |
    text
  {{- /* sparkproof: ignore[x] because */}}
  last: 1
{{- end }}
";

fn trees(text: &str) -> Vec<Tree> {
    let reading = read(FILE, text);
    assert_eq!(reading.losses, [], "{text}");
    reading.body.iter().for_each(|tree| check_tree(text, tree));
    reading.body
}

fn tree(text: &str) -> Tree {
    let mut trees = trees(text);
    assert_eq!(trees.len(), 1);
    trees.remove(0)
}

fn str_at<'t>(tree: &'t Tree, path: &[&str]) -> &'t str {
    tree.root().path(path).and_then(Node::str).unwrap_or_else(|| panic!("nothing at {path:?}"))
}

#[test]
fn scalars_keep_their_bytes() {
    for text in [MANIFEST.to_owned(), MANIFEST.replace('\n', "\r\n"), format!("\u{feff}{MANIFEST}")] {
        let tree = tree(&text);
        let root = tree.root();
        let kind = root.get("kind").unwrap();
        assert_eq!(&text[kind.span().range()], "ConfigMap");
        let name = root.path(&["metadata", "name"]).unwrap();
        assert_eq!(&text[name.span().range()], "\"a\"");
        assert_eq!(&text[name.text().unwrap().span().range()], "a");
        assert_eq!(&text[root.get("metadata").unwrap().span().range()], "{name: \"a\", labels: {app: 'b', tier: x}}");
        let list = root.get("list").unwrap();
        assert!(text[list.span().range()].starts_with("- &base"));
        let items: Vec<_> = list.items().collect();
        assert_eq!(items[1].get("a").and_then(Node::int), Some(1));
        assert_eq!(items[1].get("b").and_then(Node::bool), Some(true));
        assert_eq!(items[2].items().count(), 2);
        assert!(items[3].is_null());
    }
}

#[test]
fn a_slice_of_a_block_scalar_points_at_its_own_line() {
    for text in [MANIFEST.to_owned(), MANIFEST.replace('\n', "\r\n")] {
        let tree = tree(&text);
        let conf = tree.root().path(&["data", "conf"]).unwrap();
        let value = conf.text().unwrap();
        assert_eq!(value.as_str(), "spark.master k8s\nspark.app.name \u{e9}\n");
        let at = value.as_str().find("spark.app.name").unwrap();
        let part = value.slice(at..at + 14);
        assert!(part.is_literal());
        assert_eq!(&text[part.span().range()], "spark.app.name");
        assert!(text[conf.span().range()].starts_with('|') && text[conf.span().range()].ends_with('\u{e9}'));
        let folded = tree.root().path(&["data", "folded"]).unwrap().text().unwrap();
        assert_eq!(folded.as_str(), "one two\nthree");
        assert_eq!(&text[folded.slice(8..13).span().range()], "three");
        assert!(!folded.is_replaceable());
    }
}

#[test]
fn block_scalars_of_all_kinds_are_traced() {
    let text = "a: |2-\n   x\n\n  y\nb: >+ # why\n\n  one\n    deep\n  two\n\nc: !!str &k |\n  z\nd: multi\n  line\ne: \"es\\\n  c\"\n";
    let tree = tree(text);
    assert_eq!(str_at(&tree, &["a"]), " x\n\ny");
    assert_eq!(str_at(&tree, &["b"]), "\none\n  deep\ntwo\n\n");
    assert_eq!(str_at(&tree, &["c"]), "z\n");
    assert_eq!(str_at(&tree, &["d"]), "multi line");
    let deep = tree.root().get("b").unwrap().text().unwrap().slice(7..11);
    assert_eq!(&text[deep.span().range()], "deep");
    let line = tree.root().get("d").unwrap().text().unwrap().slice(6..10);
    assert_eq!(&text[line.span().range()], "line");
}

#[test]
fn separators_make_documents_and_empty_ones_give_none() {
    let text = "--- # first\na: |\n  ---\n  x\n...\n---\n---\n# nothing\n--- \nb: 2\n---\n";
    let trees = trees(text);
    assert_eq!(trees.len(), 2);
    assert_eq!(str_at(&trees[0], &["a"]), "---\nx\n");
    assert!(self::trees("").is_empty() && self::trees("\u{feff}").is_empty() && self::trees("# c\n").is_empty());
}

#[test]
fn a_malformed_document_is_lost_alone() {
    for broken in ["b: [1", "b: \"x", "b: c: d", "b: {", "- a\nb: 1", "a: 1\n  b: 2", "@"] {
        let text = format!("a: 1\n---\n{broken}\n---\nc: 3\n---\n{broken}\n--- # more\nd: 4\n");
        let reading = read(FILE, &text);
        assert_eq!(reading.body.len(), 3, "{text}");
        assert_eq!(reading.losses.len(), 2, "{text}");
        assert!(reading.losses.iter().all(|l| l.extent == Extent::Part));
        assert!(reading.losses[0].span.start >= 9, "{:?}", reading.losses);
        let alone = read(FILE, broken);
        assert_eq!(alone.losses[0].extent, Extent::Whole);
    }
}

#[test]
fn anchors_belong_to_their_document_and_the_latest_counts() {
    let trees = trees("a: &x 1\nb: &x 2\nc: *x\n---\nd: *x\n");
    assert_eq!(trees[0].root().get("c").and_then(Node::int), Some(2));
    assert!(matches!(trees[1].root().get("d").unwrap().kind(), Kind::Alias(None)));
}

#[test]
fn own_tags_hide_a_value() {
    let tree = tree("a: !Ref x\nb: !!str y\nc: !vault |\n  z\n");
    assert!(tree.root().get("a").unwrap().is_templated() && tree.root().get("c").unwrap().is_templated());
    assert_eq!(str_at(&tree, &["b"]), "y");
}

#[test]
fn comments_are_found_where_a_directive_may_stand() {
    let reading = read(FILE, MANIFEST);
    let comments: Vec<_> = reading.comments.iter().map(|c| &MANIFEST[c.range()]).collect();
    assert_eq!(comments, ["# the job", "# its kind", "# sparkproof: ignore[x] because"]);
    let many = format!("a:\n{}  b: 1\n", "# sparkproof: udf\n".repeat(500));
    assert_eq!(read(FILE, &many).comments.len(), 500);
}

#[test]
fn templates_keep_their_places_and_what_they_may_add() {
    for text in [TEMPLATE.to_owned(), TEMPLATE.replace('\n', "\r\n"), format!("\u{feff}{TEMPLATE}")] {
        let tree = tree(&text);
        let root = tree.root();
        let at = |path: &[&str]| root.path(path).unwrap();
        assert!(!root.is_open());
        assert_eq!(&text[at(&["metadata", "name"]).span().range()], "{{ include \"x.name\" . }}");
        assert!(at(&["metadata", "name"]).is_templated() && at(&["metadata", "labels", "app"]).is_templated());
        assert!(at(&["metadata", "labels"]).is_open() && !at(&["metadata"]).is_open());
        assert!(at(&["spec"]).is_open() && at(&["spec", "args"]).is_open());
        let resources = at(&["spec", "resources"]);
        assert!(resources.is_templated() && !resources.is_null());
        let ports: Vec<_> = at(&["spec"]).entries().filter(|(e, _)| e.key.as_str() == "port").collect();
        assert!(ports.len() == 2 && ports.iter().all(|(_, port)| port.is_templated()));
        assert!(at(&["spec"]).entries().any(|(e, _)| e.key_templated));
        assert!(at(&["spec", "script"]).is_templated());
        assert!(text[at(&["spec", "script"]).span().range()].ends_with("indent 4 }}"));
        assert_eq!(at(&["spec", "plain"]).str(), Some("text\n"));
        assert_eq!(at(&["spec", "last"]).int(), Some(1));
        let comments = read(FILE, &text).comments;
        assert!(comments.iter().any(|c| text[c.range()].starts_with("/* sparkproof: ignore")));
    }
}

#[test]
fn an_action_opens_only_what_it_may_add_to() {
    let open = |text: &str, path: &[&str]| tree(text).root().path(path).unwrap().is_open();
    let deep = "a:\n  b:\n    c: 1\n    {{- toYaml .x | nindent 4 }}\n";
    assert!(open(deep, &["a", "b"]) && !open(deep, &["a"]) && !open(deep, &[]));
    let outer = "a:\n  b:\n    c: 1\n  {{- include \"x\" . }}\nd: 1\n";
    assert!(!open(outer, &["a", "b"]) && open(outer, &["a"]) && !open(outer, &[]));
    let gap = "env:\n  {{- range .x }}\n  - name: a\n  {{- end }}\nb: 1\n";
    assert!(open(gap, &["env"]) && !open(gap, &[]));
    assert!(open("{{ include \"x\" . }}\na: 1\n", &[]) && !open("{{ if .x }}\na: 1\n{{ end }}\n", &[]));
    let inline = "labels: {{- include \"x\" . | nindent 2 }}\n  app: a\n";
    assert!(open(inline, &["labels"]));
    let silent = "a: 1\n{{- /* words */}}\n{{- $x := 1 }}\nb: 2\n";
    assert!(!open(silent, &[]));
}

#[test]
fn actions_of_every_shape_are_masked() {
    for text in [
        "a: {{ .x }}\n",
        "a: {{- .x -}}\n",
        "a: \"{{ .x }}\"\n",
        "a: '{{ .x }}:{{ .y }}'\n",
        "a: {{ \"}}\" }}\n",
        "a: {{ `}}` }}\n",
        "a: {{ .x |\n      quote }}\n",
        "a: {{ if .x }}b{{ else }}\"c\"{{ end }}\n",
        "a: \"b\"{{ .x }}\n",
        "a: \"b\" {{ .x }}\n",
        "a: [b] {{ .x }}\n",
        "a: |- {{ .x | nindent 2 }}\n",
        "a: >-\n  b/{{\n    .x\n  }}\n",
        "a: |\n\nb: {{ x }}\na: \"{{ x }}\"\n",
        "a: |\n  {{- range .x }}\n  b\n  {{- end }}\n",
        "a: >\n  b {{ .x }}\n  {{ .y }}\n",
        "a: b\n  {{ .x }}\n",
        "{% if x %}\na: {{ x['y'] }}\n{% endif %}\n",
        "{# words: [ #}\na: {{ x }}\n",
        "{{- /* words: [\n more */ -}}\na: {{ .x }}\n",
        "%{ if x ~}\na: ${{ x }}\n%{ endif ~}\n",
        "a: {{{ x }}}\n",
        "a: {b: [{{ .x }}]}\n",
    ] {
        let tree = tree(text);
        let value = tree.root().get("a").unwrap_or_else(|| panic!("no value in {text:?}"));
        let is_inside = value.tree().nodes().any(Node::is_templated);
        assert!(is_inside || value.is_open() || tree.root().is_open(), "{text:?}");
    }
    let plain = tree("a: ${X}\nb: x {{ y\nc: '{%'\nd: ${#x}\n");
    assert!(!plain.nodes().any(Node::is_templated));
    assert_eq!(str_at(&plain, &["b"]), "x {{ y");
}

#[test]
fn what_no_mask_makes_yaml_is_a_limit() {
    let reading = read(FILE, "{{ if .x }}\na: b: c\n{{ end }}\n---\nd: 1\n");
    assert_eq!(reading.losses[0].extent, Extent::Limit);
    assert!(reading.losses[0].message.starts_with("this template cannot be read statically"));
    assert_eq!(reading.body.len(), 1);
    let bare = read(FILE, "{{- range .x }}\n---\n{{ toYaml . }}\n{{- end }}\n");
    assert_eq!(bare.losses[0].extent, Extent::Limit);
    assert!(read(FILE, "{{/* nothing */}}\n").losses.is_empty());
}

#[test]
fn nothing_grows_beyond_the_text() {
    let mut bomb = String::from("a0: &a0 [x]\n");
    for level in 1..13 {
        let list = vec![format!("*a{}", level - 1); 10].join(",");
        bomb.extend([format!("a{level}: &a{level} [{list}]\n")]);
    }
    assert!(tree(&bomb).len() < bomb.len());
    for deep in ["[", "{", "- ", "{a: ", "? "] {
        let reading = read(FILE, &format!("x: 1\n---\n{}\n---\ny: 1\n", deep.repeat(10_000)));
        assert_eq!(reading.body.len(), 2, "{deep}");
        assert!(!reading.losses.is_empty(), "{deep}");
    }
    let long = format!("a: {}\nb: \"{}\"\n", "x".repeat(500_000), "y".repeat(500_000));
    assert_eq!(str_at(&tree(&long), &["b"]).len(), 500_000);
    assert_eq!(trees(&"a: 1\n---\n".repeat(5_000)).len(), 5_000);
    for hostile in
        ["{{ \"", "{{/*", "{{`", "{%", "{#", "\"{{", "{{ a }} ", "a: |\n{{ b }}\n", "x: {{ a | nindent 4 }}\n"]
    {
        let _ = read(FILE, &hostile.repeat(5_000));
    }
}

#[test]
fn styles_are_kept() {
    let tree = tree("a: x\nb: 'x'\nc: |\n  x\nd: >\n  x\n");
    let styles: Vec<_> = tree
        .root()
        .entries()
        .map(|(_, n)| match n.kind() {
            Kind::Scalar { style, .. } => *style,
            _ => panic!("no scalar"),
        })
        .collect();
    assert_eq!(styles, [Style::Plain, Style::Quoted, Style::Literal, Style::Folded]);
}

#[test]
fn any_change_leaves_true_places() {
    let crlf = MANIFEST.replace('\n', "\r\n");
    mutations(&[MANIFEST, TEMPLATE, &crlf, "- |\n  {{ x }}\n- >\n a\n\n b\n"], |text| read(FILE, text));
}

#[test]
fn noise_is_no_danger() {
    let mut random = Random(7);
    for _ in 0..200 {
        let noise: Vec<u8> = (0..random.below(200)).map(|_| 1 + random.below(255) as u8).collect();
        let text = String::from_utf8_lossy(&noise).into_owned();
        read(FILE, &text).body.iter().for_each(|tree| check_tree(&text, tree));
    }
}
