//! See `rules/versions/release-unknown.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::{HashMap, HashSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "release-unknown",
    group: Group::Versions,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/release-unknown.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let (mut told, mut newest) = (HashSet::new(), HashMap::new());
    for claim in &project.facts.versions {
        let Some(version) = claim.versions.exact().filter(|version| !version.is_pre_release()) else { continue };
        let newest = newest.entry(claim.component).or_insert_with(|| case.tables.newest(claim.component));
        // A row for a line knows all of its releases.
        let Some(newest) = newest.as_ref().filter(|newest| version.numbers(2) > newest.numbers(2)) else { continue };
        // One finding for a version, however many places name it.
        if !told.insert((claim.component, version)) {
            continue;
        }
        let component = claim.component;
        findings
            .report(&claim.text, format!("{component} {version} is newer than what the tables know"))
            .subject(project.subject(claim))
            .help(format!("what {component} {newest} needs is known, what this release needs is not judged; a newer sparkproof may know it"));
    }
}
