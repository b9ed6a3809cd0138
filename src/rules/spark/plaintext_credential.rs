//! See `rules/spark/plaintext-credential.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "plaintext-credential",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/plaintext-credential.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for credential in case.project.credentials() {
        let (name, value) = (credential.name, credential.value);
        if !seen.insert(value.span()) {
            continue;
        }
        findings
            .report(name, format!("`{name}` holds a secret in plain text"))
            .subject(format!("{}/{name}", credential.part.name))
            .help("take it from a Secret or the environment of the run, and change it: what was committed once is known")
            .source("https://spark.apache.org/docs/latest/security.html")
            .hide(value.span());
    }
}
