//! See `rules/versions/spark-version-skew.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_odd_one, conflicts, different_lines};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-version-skew",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["spark-runtime-mismatch"],
    page: include_str!("../../../rules/versions/spark-version-skew.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let built = |claim: &VersionClaim| claim.component == Component::Spark && claim.how == How::Dependency;
    // Another module's Spark gives way to that of the module which depends on it.
    let differ = |a: &VersionClaim, b: &VersionClaim| {
        a.part == b.part && matches!((a.versions.exact(), b.versions.exact()), (Some(x), Some(y)) if x != y)
    };
    for unit in &project.units {
        let found = conflicts(project, unit, built, built, differ);
        for Odd { claim: odd, others, outvoted } in by_odd_one(project, unit, &found) {
            let Some(other) = others.first() else { continue };
            let agreed = others.iter().all(|claim| claim.versions == other.versions);
            let fix = Edit::replace(&odd.text, other.text.as_str()).filter(|_| agreed);
            let safe = outvoted && odd.text.is_literal() && project.is_of_one_unit(odd);
            let finding = findings.report(&odd.text, format!("{}, but {}", odd.phrase(), other.phrase()));
            finding
                .subject(project.subject(odd))
                .because(project.because(unit, odd.part, other.part))
                .help("give all modules of Spark one version, best by one property")
                .source("https://spark.apache.org/docs/latest/")
                .fix(if safe { Safety::Safe } else { Safety::Unsafe }, fix);
            if !different_lines(odd, other) {
                // Releases of one minor keep their interfaces; that they are mixed is an oversight all the same.
                finding.at_most(Level::Warning);
            }
            for claim in others {
                finding.label(&claim.text, claim.phrase());
            }
        }
    }
}
