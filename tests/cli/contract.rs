//! Exit codes, the JSON contract, and what must not depend on format, colour or threads.

use crate::repository::{BAD, FORMATS, Repository, Run, finish, fixture_codes, good};
use serde_json::Value;

#[test]
fn the_exit_code_depends_on_neither_format_nor_colour() {
    for (name, code) in fixture_codes() {
        let repository = Repository::fixture(&name);
        for format in FORMATS {
            for colour in ["always", "never"] {
                let run = repository.run(&["check", "--format", format, "--color", colour]);
                assert_eq!(run.code, code, "{name} {format} {colour}: {}", run.err);
            }
        }
    }
}

#[test]
fn the_bare_command_checks() {
    let repository = Repository::of(&[("web.yaml", BAD)]);
    let (bare, check) = (repository.run(&[]), repository.run(&["check"]));
    assert_eq!((bare.code, &bare.out), (1, &check.out));
    assert!(bare.out.contains("limit-below-request"), "{}", bare.out);
}

fn has_keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no `{key}` in {value}");
    }
}

/// The offset of a one-based line and column, counted in characters.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let start: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let rest: String = text[start..].chars().take(column as usize - 1).collect();
    start + rest.len()
}

fn check_place(repository: &Repository, place: &Value) {
    let text = repository.read(place["path"].as_str().unwrap());
    for point in [&place["start"], &place["end"]] {
        has_keys(point, &["line", "column", "offset"]);
        let at = offset(&text, point["line"].as_u64().unwrap(), point["column"].as_u64().unwrap());
        assert_eq!(at as u64, point["offset"].as_u64().unwrap(), "{place}");
    }
    let [start, end] = ["start", "end"].map(|end| place[end]["offset"].as_u64().unwrap() as usize);
    assert!(text.get(start..end).is_some(), "{place}");
}

fn check_contract(repository: &Repository, run: &Run) {
    let json = run.json();
    assert_eq!(json["version"], 1);
    has_keys(&json, &["findings", "coverage", "summary"]);
    has_keys(&json["coverage"], &["files", "parsed", "partial", "unresolved", "units"]);
    let findings = json["findings"].as_array().unwrap();
    for level in ["error", "warning", "info"] {
        let count = findings.iter().filter(|f| f["level"] == level).count();
        assert_eq!(json["summary"][level], count, "{level}");
    }
    for finding in findings {
        let keys = ["rule", "group", "level", "message", "path", "start", "end", "labels", "because", "help"];
        has_keys(finding, &keys);
        has_keys(finding, &["source", "docs", "fix"]);
        check_place(repository, finding);
        for label in finding["labels"].as_array().unwrap() {
            has_keys(label, &["message"]);
            check_place(repository, label);
        }
        if let Some(fix) = finding["fix"].as_object() {
            assert!(fix["safety"] == "safe" || fix["safety"] == "unsafe");
            for edit in fix["edits"].as_array().unwrap() {
                has_keys(edit, &["text"]);
                check_place(repository, edit);
            }
        }
    }
}

#[test]
fn json_keeps_its_contract() {
    for (name, code) in fixture_codes().into_iter().filter(|(_, code)| *code < 2) {
        let repository = Repository::fixture(&name);
        let run = repository.json(&["--color", "never"]);
        check_contract(&repository, &run);
        assert_eq!(run.out, repository.json(&["--color", "always"]).out, "{name}");
        let failing = run.json()["summary"]["error"] != 0 || name == "house-rules";
        assert_eq!(failing, code == 1, "{name}");
    }
}

#[test]
fn offsets_count_bytes_and_columns_characters() {
    let wide = BAD.replace("requests: {cpu: 1, memory: 512Mi}", "requests: {cpu: 1, memory: 512Mi} # größer 🚀");
    let wide = wide.replace("limits: {memory: 256Mi}", "limits: {\"größe🚀\": 1, memory: 256Mi}");
    for (what, text) in [
        ("plain", wide.clone()),
        ("CRLF", wide.replace('\n', "\r\n")),
        ("BOM", format!("\u{feff}{wide}")),
        ("both", format!("\u{feff}{}", wide.replace('\n', "\r\n"))),
    ] {
        let repository = Repository::of(&[("a b/größe.yaml", &text)]);
        let run = repository.json(&[]);
        assert_eq!(run.rules(), ["limit-below-request"], "{what}");
        let finding = &run.json()["findings"][0];
        let [start, end] = ["start", "end"].map(|end| finding[end]["offset"].as_u64().unwrap() as usize);
        assert_eq!(text.get(start..end), Some("256Mi"), "{what}: {finding}");
        assert_eq!(finding["start"]["line"], 18, "{what}");
        assert_eq!(finding["path"], "a b/größe.yaml");
        if what == "plain" || what == "CRLF" {
            check_contract(&repository, &run);
        }
    }
}

#[test]
fn threads_change_nothing() {
    for (name, code) in fixture_codes() {
        let repository = Repository::fixture(&name);
        for format in FORMATS {
            let run = |n| repository.run(&["check", "--format", format, "--threads", n]);
            let (one, eight) = (run("1"), run("8"));
            assert_eq!((one.code, &one.out, &one.err), (eight.code, &eight.out, &eight.err), "{name} {format}");
            assert_eq!(one.code, code);
        }
    }
}

#[test]
fn every_format_is_written_beside_the_terminal_also_when_clean() {
    for (text, code) in [(BAD.to_owned(), 1), (good(), 0)] {
        let repository = Repository::of(&[("web.yaml", &text)]);
        let mut command = repository.command(&["check", "--format", "concise"]);
        for format in FORMATS {
            command.arg("--output").arg(format!("{format}={}", repository.path(format).display()));
        }
        let run = finish(&mut command);
        assert_eq!(run.code, code, "{}", run.err);
        for format in FORMATS {
            let file = std::fs::read_to_string(repository.path(format)).unwrap();
            let alone = repository.run(&["check", "--format", format]);
            assert_eq!(file, alone.out, "{format}");
            assert!(matches!(format, "concise" | "github") || !file.is_empty(), "{format}");
        }
        assert_eq!(run.out, repository.run(&["check"]).out);
    }
}

#[test]
fn an_output_that_cannot_be_written_or_named_is_two() {
    let repository = Repository::of(&[("web.yaml", &good())]);
    let run = repository.run(&["check", "--output", "json=no/such/folder/x.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no/such/folder/x.json` cannot be written"), "{}", run.err);
    for bad in ["json", "json=", "morse=x", "=x", ""] {
        let run = repository.run(&["check", "--output", bad]);
        assert_eq!(run.code, 2, "{bad}");
        assert!(run.err.contains("help: "), "{bad}: {}", run.err);
    }
}

#[test]
fn the_format_is_concise_in_a_pipe_and_githubs_own_in_its_runner() {
    let repository = Repository::of(&[("web.yaml", BAD)]);
    let piped = repository.run(&["check"]);
    assert!(piped.out.starts_with("web.yaml:18:"), "{}", piped.out);
    let github = finish(repository.command(&["check"]).env("GITHUB_ACTIONS", "true"));
    assert_eq!(github.out, repository.run(&["check", "--format", "github"]).out);
    assert!(github.out.starts_with("::error "), "{}", github.out);
    let other = finish(repository.command(&["check"]).env("GITHUB_ACTIONS", "false"));
    assert_eq!(other.out, piped.out);
    let asked = finish(repository.command(&["check", "--format", "json"]).env("GITHUB_ACTIONS", "true"));
    assert_eq!(asked.rules(), ["limit-below-request"]);
}

#[test]
fn fail_on_moves_the_line() {
    let repository = Repository::of(&[("web.yaml", BAD)]);
    for (level, code) in [("error", 1), ("warning", 1), ("info", 1), ("never", 0)] {
        assert_eq!(repository.run(&["check", "--fail-on", level]).code, code, "{level}");
    }
    repository.write("sparkproof.toml", "[rules]\nlimit-below-request = \"warning\"\n");
    for (level, code) in [("error", 0), ("warning", 1), ("info", 1), ("never", 0)] {
        assert_eq!(repository.run(&["check", "--fail-on", level]).code, code, "{level}");
    }
    repository.write("sparkproof.toml", "fail-on = \"never\"\n");
    assert_eq!(repository.run(&["check"]).code, 0);
    assert_eq!(repository.run(&["check", "--fail-on", "error"]).code, 1);
}
