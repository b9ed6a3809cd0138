//! `explain`, `facts`, `completions`.

use crate::repository::{Repository, fixture_codes};

#[test]
fn explain_lists_shows_and_suggests() {
    let repository = Repository::empty();
    let list = repository.run(&["explain"]);
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    for rule in ["limit-below-request", "scala-binary-mismatch", "unreadable-file", "forbidden-call"] {
        assert!(list.out.contains(rule), "{}", list.out);
        let page = repository.run(&["explain", rule]);
        assert_eq!(page.code, 0);
        assert!(page.out.starts_with(&format!("# {rule}\n")), "{}", page.out);
    }
    let unknown = repository.run(&["explain", "scala-mismatch"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("there is no rule `scala-mismatch`") && unknown.err.contains("help: "));
    let near = repository.run(&["explain", "scala-binary-mismach"]);
    assert!(near.err.contains("did you mean `scala-binary-mismatch`?"), "{}", near.err);
}

#[test]
fn explain_knows_what_the_user_has_seen() {
    let seen = "Exception in thread \"main\" java.lang.NoSuchMethodError: scala.Predef$.refArrayOps([Ljava/lang/Object;)[Ljava/lang/Object;\n\
        \tat org.example.Main$.main(Main.scala:12)";
    let run = Repository::empty().run(&["explain", "--error", seen]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("scala-binary-mismatch\n"), "{}", run.out);
}

#[test]
fn explain_finds_nothing_for_words_that_no_page_has() {
    let run = Repository::empty().run(&["explain", "--error", "zebra crossing ahead"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no rule knows that message") && run.err.contains("help: "), "{}", run.err);
}

#[test]
fn the_forbidden_names_can_be_listed() {
    let repository = Repository::empty();
    let run = repository.run(&["explain", "forbidden-call", "--list"]);
    assert_eq!(run.code, 0);
    for name in ["net/http.Get", "os.Exit", "std::process"] {
        assert!(run.out.contains(name), "{name}");
    }
    assert_eq!(repository.run(&["explain", "limit-below-request", "--list"]).code, 2);
    assert_eq!(repository.run(&["explain", "--list"]).code, 2);
    assert_eq!(repository.run(&["explain", "forbidden-call", "--error", "x"]).code, 2);
}

#[test]
fn facts_have_three_formats() {
    for (name, _) in fixture_codes().into_iter().filter(|(_, code)| *code < 2) {
        let repository = Repository::fixture(&name);
        let [text, json, mermaid] = ["text", "json", "mermaid"].map(|f| repository.run(&["facts", "--format", f]));
        assert_eq!((text.code, json.code, mermaid.code), (0, 0, 0));
        assert!(text.out.contains("coverage: "), "{}", text.out);
        assert!(json.json().is_object());
        assert!(mermaid.out.starts_with("flowchart "), "{}", mermaid.out);
        assert_eq!(repository.run(&["facts"]).out, text.out);
        let threads = |n| repository.run(&["facts", "--format", "json", "--threads", n]).out;
        assert_eq!(threads("1"), threads("8"), "{name}");
    }
}

#[test]
fn shells_have_completions() {
    let repository = Repository::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = repository.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert!(run.out.contains("sparkproof") && run.out.contains("explain"), "{shell}");
    }
    assert_eq!(repository.run(&["completions", "tcsh"]).code, 2);
}
