//! See `rules/versions/platform-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::Level;
use crate::project::conflict::{Odd, by_odd_one, conflicts, different_lines};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "platform-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/platform-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let compared = |claim: &VersionClaim| matches!(claim.component, Component::Spark | Component::Scala | Component::Python);
        let label = |claim: &VersionClaim| claim.how == How::Label && compared(claim);
        let other = |claim: &VersionClaim| claim.how != How::Label && compared(claim) && counts(claim);
        let found = conflicts(project, unit, label, other, different_lines);
        for Odd { claim: odd, others, .. } in by_odd_one(project, unit, &found) {
            let Some(other) = others.first() else { continue };
            let (platform, brought) = if odd.how == How::Label { (odd, *other) } else { (*other, odd) };
            let finding = findings.report(&odd.text, format!("{}, but {}", odd.phrase(), other.phrase()));
            finding
                .subject(project.subject(odd))
                .because(project.because(unit, odd.part, other.part))
                .help(format!(
                    "build for {} {}, which is what `{}` runs, or choose a release with {}",
                    platform.component,
                    platform.versions,
                    platform.by,
                    brought.says()
                ))
                .source("https://spark.apache.org/versioning-policy.html")
                .unverified(others.iter().chain([&odd]).any(|claim| claim.unverified));
            for claim in others {
                finding.label(&claim.text, claim.phrase());
            }
        }
    }
}

/// A name that says what an artefact is made for is another rule's matter, and so is which Python a developer uses.
fn counts(claim: &VersionClaim) -> bool {
    claim.how != How::Name && (claim.component != Component::Python || claim.how.is_runtime())
}
