//! File names, and texts, that want to speak to the terminal or to the format of the report.

use crate::repository::{BAD, FORMATS, Repository};
use crate::{check, repository};
use std::os::unix::ffi::OsStrExt as _;

const NAMES: [&str; 8] = [
    "a\nb.yaml",
    "a\u{1b}]0;title\u{7}\u{1b}[31mb.yaml",
    "a\u{202e}lmay.b.yaml",
    "a\r::error::b.yaml",
    "a\u{85}\u{2028}b\u{9b}31m.yaml",
    "::set-output name=x::y.yaml",
    "a%0A::warning::b.yaml",
    "\"<script>'&,b=\\.yaml",
];

/// Whether a character could move a cursor, hide text, or turn its direction.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn harmless(text: &str, what: &str) {
    let bad = text.chars().find(|c| is_harmful(*c));
    assert!(bad.is_none(), "{what}: {bad:?} in {text:?}");
}

#[test]
fn names_cannot_speak_to_the_terminal() {
    for name in NAMES {
        let repository = Repository::of(&[(name, BAD)]);
        let json = check(&repository, name);
        assert_eq!(json.json()["findings"][0]["path"], name);
        for format in FORMATS {
            let run = repository.run(&["check", "--format", format, "--color", "never"]);
            assert_eq!(run.code, 1);
            harmless(&run.out, format);
            harmless(&run.err, format);
            let lines = run.out.lines().filter(|line| line.starts_with("::")).count();
            assert_eq!(lines, usize::from(format == "github"), "{format}: {}", run.out);
            if format == "concise" {
                assert_eq!(run.out.lines().count(), 1, "{}", run.out);
            }
            if format == "sarif" {
                run.json();
            }
        }
        for format in ["text", "json", "mermaid"] {
            let run = repository.run(&["facts", "--format", format]);
            harmless(&run.out, format);
        }
        let missing = repository.run(&["check", &format!("no-{name}")]);
        assert_eq!(missing.code, 2);
        harmless(&missing.err, name);
    }
}

#[test]
fn texts_cannot_speak_to_the_terminal() {
    let hostile = "x\\e[31m\\u202e\\n::error::y";
    let quoted = BAD
        .replace("- name: web", &format!("- name: \"{hostile}\""))
        .replace("name: web\n", &format!("name: \"{hostile}\"\n"));
    let raw = BAD.replace("limits: {memory: 256Mi}", "limits: {memory: 256Mi} # \u{202e}x\u{9b}31m");
    let config = "[rules]\n\"a\\u001b[31m\\u202e\" = \"off\"\n";
    let docker = "FROM \"a\u{202e}b\u{7f}\":latest\nARG X=\u{1b}[31m\n";
    let repository = Repository::of(&[
        ("quoted.yaml", &quoted),
        ("raw.yaml", &raw),
        ("sparkproof.toml", config),
        ("Dockerfile", docker),
        ("broken.yaml", "a: [\u{202e}\u{1b}[31m\n"),
    ]);
    for format in FORMATS {
        let run = repository.run(&["check", "--format", format, "--color", "never"]);
        assert_eq!(run.code, 1, "{}", run.err);
        harmless(&run.out, format);
        harmless(&run.err, format);
    }
    for command in
        [&["config"] as &[&str], &["facts"], &["facts", "--format", "mermaid"], &["facts", "--format", "json"]]
    {
        let run = repository.run(command);
        harmless(&run.out, &format!("{command:?}"));
    }
    repository.write("sparkproof.toml", "\"a\\u001b[31m\" = 1\n\"b\u{202e}\" = 2\n");
    let run = repository.run(&["check"]);
    assert_eq!(run.code, 2);
    harmless(&run.err, "faults");
}

#[test]
fn the_name_of_the_root_cannot_speak_to_the_terminal() {
    let repository = Repository::of(&[("a\u{1b}[31m\u{202e}/sparkproof.toml", ""), ("b.yaml", BAD)]);
    let folder = repository.at("a\u{1b}[31m\u{202e}");
    for arguments in [&["config"] as &[&str], &["check", "-", "--stdin-filename", "../b.yaml"], &["init"]] {
        let run = repository::finish(repository.command(arguments).current_dir(&folder));
        harmless(&run.out, &format!("{arguments:?}"));
        harmless(&run.err, &format!("{arguments:?}"));
    }
}

#[test]
fn names_that_are_no_text_do_not_stop_a_run() {
    let repository = Repository::of(&[("ok.yaml", &repository::good())]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.yaml");
    std::fs::write(repository.root().join(name), BAD).unwrap();
    let run = check(&repository, "a name that is no UTF-8");
    assert_eq!(run.code, 1, "a file of ours is not passed over in silence: {}{}", run.out, run.err);
}

#[test]
fn markdown_and_workflow_text_in_mermaid_is_text() {
    let pod = BAD.replace("name: web\n", "name: \"a]\\\"; click p0 href \\\"javascript:alert(1)\\\"\"\n");
    let run = Repository::of(&[("a.yaml", &pod)]).run(&["facts", "--format", "mermaid"]);
    assert_eq!(run.code, 0);
    assert!(run.out.lines().all(|line| !line.trim_start().starts_with("click")), "{}", run.out);
    assert!(!run.out.contains("\"; click"), "{}", run.out);
}
