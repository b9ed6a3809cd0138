//! See `rules/build/jdk-disagreement.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::Level;
use crate::project::conflict::conflicts;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "jdk-disagreement",
    group: Group::Build,
    level: Level::Error,
    options: &[],
    yields_to: &["java-unsupported"],
    page: include_str!("../../../rules/build/jdk-disagreement.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut told = HashSet::new();
    for unit in &project.units {
        let compiles = |claim: &VersionClaim| claim.component == Component::Java && claim.how == How::Compiler;
        let runs = |claim: &VersionClaim| claim.component == Component::Java && (claim.how.is_runtime() || claim.how == How::Toolchain);
        for conflict in conflicts(project, unit, compiles, runs, is_older) {
            let (asked, given) = conflict.pair();
            if !told.insert((asked.text.span(), given.text.span())) {
                continue;
            }
            let builds = given.how == How::Toolchain;
            let what = if builds { "no JDK that old can compile for it" } else { "its classes do not load there" };
            findings
                .report(&given.text, format!("{}, but {}: {what}", given.phrase(), asked.phrase()))
                .subject(format!("{}/{}", project.subject(given), project.subject(asked)))
                .label(&asked.text, asked.phrase())
                .because(project.because(unit, given.part, asked.part))
                .help(format!("use a JDK of Java {} or later there, or let the compiler make classes for the older one", asked.says()))
                .source("https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html#jvms-4.1-200-B.2")
                .unverified(given.unverified);
        }
    }
}

/// Whether every Java that is there is older than the one that classes are made for.
fn is_older(asked: &VersionClaim, given: &VersionClaim) -> bool {
    let (Some(wanted), Some(newest)) = (asked.versions.low(), given.versions.high()) else { return false };
    given.versions.intersect(&asked.versions).is_empty() && newest.numbers(1) <= wanted.numbers(1) && !wanted.numbers(1).is_empty()
}
