//! Every fixture says what it has said before. `BLESS=1` writes down what it says now.

use crate::repository::{Repository, fixture_codes, fixtures};
use std::fs;

/// The files beside a fixture's folder, and the command whose standard output each of them holds.
const EXPECTED: [(&str, &[&str]); 4] = [
    ("concise", &["check", "--format", "concise"]),
    ("json", &["check", "--format", "json"]),
    ("facts.json", &["facts", "--format", "json"]),
    ("mermaid", &["facts", "--format", "mermaid"]),
];

#[test]
fn every_fixture_says_what_is_written_beside_it() {
    let bless = std::env::var_os("BLESS").is_some();
    for (name, code) in fixture_codes() {
        let repository = Repository::fixture(&name);
        // A run that could not be done says why on standard error, whatever it was asked for.
        let files = if code == 2 { &EXPECTED[..1] } else { &EXPECTED };
        for (extension, arguments) in files {
            let run = repository.run(arguments);
            let expected_code = if arguments[0] == "check" { code } else { 0 };
            assert_eq!(run.code, expected_code, "{name}: {}{}", run.out, run.err);
            let said = if code == 2 { &run.err } else { &run.out };
            let file = fixtures().join(format!("{name}.{extension}"));
            if bless {
                fs::write(&file, said).unwrap();
            }
            let expected = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(*said, expected, "{name}.{extension}: if this is right, run the test with BLESS=1");
        }
    }
}

#[test]
fn every_fixture_has_its_exit_code_and_nothing_is_left_over() {
    let codes = fixture_codes();
    let known = |name: &str| codes.iter().any(|(fixture, _)| fixture == name);
    for entry in fs::read_dir(fixtures()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            assert!(known(&name), "`fixtures/exit-codes` says nothing of {name}");
        } else if name != "exit-codes" && name != "README.md" {
            let (fixture, extension) = name.split_once('.').unwrap();
            assert!(known(fixture) && EXPECTED.iter().any(|(e, _)| *e == extension), "{name} belongs to no fixture");
        }
    }
}
