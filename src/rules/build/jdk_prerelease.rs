//! See `rules/build/jdk-prerelease.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "jdk-prerelease",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/jdk-prerelease.md"),
    check,
};

/// The releases with long-term support: <https://www.oracle.com/java/technologies/java-se-support-roadmap.html>.
const LONG_TERM: [u64; 5] = [8, 11, 17, 21, 25];

fn check(case: &Case, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for claim in case.project.facts.versions.iter().filter(|claim| claim.component == Component::Java) {
        let Some(why) = why(claim).filter(|_| seen.insert(claim.text.span())) else { continue };
        let message = format!("{}, {why}", claim.phrase());
        findings
            .report(&claim.text, message)
            .subject(case.project.subject(claim))
            .help("build and run on a release with long-term support that your Spark supports: 17, or 21 from Spark 4.0 on")
            .source("https://www.oracle.com/java/technologies/java-se-support-roadmap.html");
    }
}

/// What is wrong with the JDK of a claim. What code is compiled for says nothing of the JDK that runs, unless a toolchain does.
fn why(claim: &VersionClaim) -> Option<&'static str> {
    if claim.how == How::Compiler && claim.by != "java.toolchain" {
        return None;
    }
    if claim.text.as_str().split(['-', '.', '+']).any(|part| part == "ea" || part.ends_with("ea")) {
        return Some("an early-access build");
    }
    let major = claim.versions.exact().or(claim.versions.low()).map(|version| version.numbers(1))?;
    let major = *major.first()?;
    (major > 8 && !LONG_TERM.contains(&major)).then_some("a release that nobody supports for long")
}
