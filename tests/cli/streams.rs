//! Standard input, standard output, colours.

use crate::repository::{BAD, Repository, Run, finish, good};
use std::process::{Command, Stdio};

fn stdin(repository: &Repository, name: &str, text: &str) -> Run {
    finish(repository.command(&["check", "--format", "json", "-", "--stdin-filename", name]).write_stdin(text))
}

#[test]
fn standard_input_stands_for_a_file() {
    let repository = Repository::of(&[("a.yaml", &good()), ("other.yaml", BAD)]);
    let replaced = stdin(&repository, "a.yaml", BAD);
    assert_eq!((replaced.code, replaced.rules()), (1, vec!["limit-below-request".to_owned()]));
    assert_eq!(replaced.json()["findings"][0]["path"], "a.yaml");
    assert_eq!(replaced.json()["coverage"]["files"], 2);
    let new = stdin(&repository, "new.yaml", BAD);
    assert_eq!(new.json()["findings"][0]["path"], "new.yaml");
    assert_eq!(new.json()["coverage"]["files"], 3);
    let clean = stdin(&repository, "other.yaml", &good());
    assert_eq!((clean.code, clean.rules().len()), (0, 0));
}

#[test]
fn standard_input_is_judged_with_the_files_beside_it() {
    let repository = Repository::fixture("batch-job");
    let text = repository.read("Dockerfile").replace("4.0.0-scala2.13", "3.5.3-scala2.12");
    assert_eq!(stdin(&repository, "Dockerfile", &text).code, 0);
    let same = stdin(&repository, "Dockerfile", &repository.read("Dockerfile"));
    assert_eq!(same.rules().len(), 2, "{}", same.out);
}

#[test]
fn standard_input_needs_a_name_that_can_be() {
    let repository = Repository::empty();
    let nameless = finish(repository.command(&["check", "-"]).write_stdin(BAD));
    assert_eq!(nameless.code, 2);
    assert!(nameless.err.contains("--stdin-filename"), "{}", nameless.err);
    for name in ["no/such/folder/a.yaml", "..", "/"] {
        assert_eq!(
            finish(repository.command(&["check", "-", "--stdin-filename", name]).write_stdin(BAD)).code,
            2,
            "{name}"
        );
    }
    let forgotten = finish(repository.command(&["check", "--stdin-filename", "a.yaml"]).write_stdin(BAD));
    assert_eq!(forgotten.code, 2);
    assert!(forgotten.err.contains("add `-`"), "{}", forgotten.err);
    let notes = stdin(&repository, "notes.txt", BAD);
    assert_eq!((notes.code, notes.rules().len()), (0, 0));
    assert!(notes.err.contains("nothing here is of a format"), "{}", notes.err);
}

#[test]
fn too_much_standard_input_is_said() {
    let repository = Repository::empty();
    let text = format!("{BAD}# {}\n", "x".repeat(17 << 20));
    let run = stdin(&repository, "a.yaml", &text);
    assert_eq!((run.code, run.rules()), (1, vec!["unreadable-file".to_owned()]));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let repository = Repository::empty();
    for n in 0..400 {
        repository.write(&format!("{n}.yaml"), BAD);
    }
    for arguments in
        [&["check", "--format", "json"] as &[&str], &["check", "--format", "human"], &["facts"], &["explain"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sparkproof"))
            .args(arguments)
            .current_dir(repository.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let (code, err) = (output.status.code(), String::from_utf8(output.stderr).unwrap());
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?} {err}");
        assert!(!err.contains("error") && !err.contains("panic"), "{arguments:?}: {err}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_two() {
    let repository = Repository::of(&[("a.yaml", BAD)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sparkproof"))
        .args(["check", "--format", "json"])
        .current_dir(repository.root())
        .stdout(full)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.starts_with("error: the output cannot be written"), "{err}");
}

#[test]
fn colour_is_a_matter_of_flag_then_environment() {
    let repository = Repository::of(&[("a.yaml", BAD)]);
    let coloured = |flags: &[&str], environment: &[(&str, &str)]| {
        let mut command = repository.command(&[&["check", "--format", "human"], flags].concat());
        finish(command.envs(environment.iter().copied())).out.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("FORCE_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&[], &[("FORCE_COLOR", "0")]));
    assert!(!coloured(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    for format in ["concise", "json", "sarif", "github"] {
        let run = repository.run(&["check", "--format", format, "--color", "always"]);
        assert!(!run.out.contains('\u{1b}'), "{format}");
    }
}
