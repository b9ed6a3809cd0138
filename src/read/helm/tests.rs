use super::*;
use crate::read::mutation;

fn template(text: &str) -> Template {
    read(FileId(0), text).unwrap()
}

#[test]
fn trim_marks_take_blanks_away() {
    let text = "a: 1\n{{- /* why */ -}}\n  b: {{ .Values.b -}}  \nc";
    let kept: Vec<String> = template(text)
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Text(text) => Some(text.text[text.kept.clone()].to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(kept, ["a: 1", "b: ", "c"]);
}

#[test]
fn blocks_hold_their_branches() {
    let text = "{{ if .a }}1{{ else if eq .b \"}}\" }}2{{ else }}3{{ end }}{{ define \"x\" }}y{{ end }}";
    let template = template(text);
    let Item::Block(block) = &template.items[0] else { panic!("{:?}", template.items) };
    assert_eq!(block.branches.len(), 3);
    assert!(block.branches[2].test.is_none());
    assert_eq!(&*template.defines[0].0, "x");
}

#[test]
fn words_know_their_places() {
    let text = "{{ $x, $y := (index .Values \"a-b\").c | default 8080 }}";
    let Item::Assign(_, pipeline) = &template(text).items[0] else { panic!() };
    assert_eq!(pipeline.variables.len(), 2);
    assert!(pipeline.declares);
    let word = &pipeline.commands[0][0];
    assert_eq!((&text[word.span.range()], word.fields.len()), ("(index .Values \"a-b\").c", 1));
    assert_eq!(&text[pipeline.commands[1][1].span.range()], "8080");
}

#[test]
fn what_does_not_fit_together_is_no_template() {
    for text in ["{{ if .a }}", "{{ end }}", "{{ .a", "{{ range }}{{ end }}", "{{ define }}{{ end }}"] {
        assert!(read(FileId(0), text).is_none(), "{text}");
    }
    assert!(matches!(template("{{ a ; b }}").items[0], Item::Opaque(_)));
}

#[test]
fn deep_nesting_ends() {
    assert!(read(FileId(0), &"{{ if .a }}".repeat(10_000)).is_none());
    let brackets = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(template(&brackets).items[0], Item::Opaque(_)));
}

#[test]
fn no_mutation_panics() {
    let samples = [
        "{{- if and .Values.a (not .b) }}\n x: {{ .c | default \"d\\n\" | quote }}\r\n{{- else }}{{ range $k, $v := .m }}{{ $k }}{{ end }}{{- end }}",
        "{{/* c */}}{{ define \"a\" -}} {{ template \"b\" . }} {{- end }}{{ block \"c\" $ }}é{{ end }}",
    ];
    mutation::each(&samples, |text| {
        for item in read(FileId(0), text).into_iter().flat_map(|template| template.items) {
            if let Item::Text(part) = item {
                mutation::inside(text, part.span);
            }
        }
    });
}
