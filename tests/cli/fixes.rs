//! `--fix`, `--unsafe-fixes`, `--diff`.

use crate::repository::{Repository, Run};
use std::process::{Command, Stdio};

fn diff(repository: &Repository) -> Run {
    repository.run(&["check", "--unsafe-fixes", "--diff"])
}

#[test]
fn a_diff_changes_nothing_and_git_applies_it() {
    let repository = Repository::fixture("layered-build");
    let before = repository.read("pom.xml");
    let patch = diff(&repository);
    assert_eq!(patch.code, 1);
    assert!(patch.out.starts_with("--- ") || patch.out.starts_with("diff "), "{}", patch.out);
    assert_eq!(repository.read("pom.xml"), before);

    let mut git = Command::new("git");
    git.args(["apply", "-"]).current_dir(repository.root()).stdin(Stdio::piped()).stderr(Stdio::piped());
    std::fs::remove_dir(repository.at(".git")).unwrap();
    let mut child = git.env("GIT_CEILING_DIRECTORIES", repository.path("")).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), patch.out.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), patch.out);
    let patched = repository.read("pom.xml");
    assert_ne!(patched, before);

    let written = Repository::fixture("layered-build");
    written.run(&["check", "--unsafe-fixes"]);
    assert_eq!(written.read("pom.xml"), patched);
}

#[test]
fn fixes_of_the_unsafe_kind_must_be_asked_for() {
    let repository = Repository::fixture("layered-build");
    let findings = repository.json(&[]);
    let unsafe_ones =
        findings.json()["findings"].as_array().unwrap().iter().filter(|f| f["fix"]["safety"] == "unsafe").count();
    assert!(unsafe_ones > 0, "{}", findings.out);
    let before = repository.read("pom.xml");
    repository.run(&["check", "--fix"]);
    assert_eq!(repository.read("pom.xml"), before);
    let fixed = repository.json(&["--unsafe-fixes"]);
    assert_ne!(repository.read("pom.xml"), before);
    assert!(fixed.rules().len() < findings.rules().len(), "what is left is told: {}", fixed.out);
    assert_eq!(fixed.out, repository.json(&[]).out);
}

#[test]
fn line_ends_and_byte_order_marks_survive() {
    let repository = Repository::fixture("layered-build");
    let windows = format!("\u{feff}{}", repository.read("pom.xml").replace('\n', "\r\n"));
    repository.write("pom.xml", &windows);
    repository.run(&["check", "--unsafe-fixes"]);
    let fixed = repository.read("pom.xml");
    assert_ne!(fixed, windows);
    assert!(fixed.starts_with('\u{feff}'));
    assert_eq!(fixed.matches('\n').count(), fixed.matches("\r\n").count());
    assert_eq!(fixed.matches('\n').count(), windows.matches('\n').count());
}

#[test]
fn a_clean_repository_has_nothing_to_fix() {
    let repository = Repository::fixture("mixed-platform");
    let run = diff(&repository);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let fixed = repository.run(&["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(fixed.code, 0, "{}", fixed.err);
}

#[test]
fn a_safe_fix_changes_one_literal_and_nothing_else() {
    let dependency = |name: &str| {
        format!(
            "    <dependency>\n      <groupId>org.apache.spark</groupId>\n      <artifactId>{name}</artifactId>\n      \
             <version>3.5.4</version>\n    </dependency>\n"
        )
    };
    let pom = |avro: &str| {
        let dependencies = ["spark-core_2.12", "spark-sql_2.12", avro].map(dependency).concat();
        format!(
            "<project>\n  <groupId>org.example</groupId>\n  <artifactId>job</artifactId>\n  <version>1</version>\n  \
             <dependencies>\n{dependencies}  </dependencies>\n</project>\n"
        )
    };
    let repository = Repository::of(&[("pom.xml", &pom("spark-avro_2.13"))]);
    assert_eq!(repository.json(&[]).rules(), ["scala-binary-mismatch"]);
    let patch = repository.run(&["check", "--fix", "--diff"]);
    assert!(patch.out.contains("+      <artifactId>spark-avro_2.12</artifactId>"), "{}", patch.out);
    assert_eq!(repository.read("pom.xml"), pom("spark-avro_2.13"));
    let fixed = repository.run(&["check", "--fix"]);
    assert_eq!((fixed.code, fixed.out.as_str()), (0, ""), "{}", fixed.err);
    assert_eq!(repository.read("pom.xml"), pom("spark-avro_2.12"));
}
