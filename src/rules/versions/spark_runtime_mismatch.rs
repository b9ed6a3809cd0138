//! See `rules/versions/spark-runtime-mismatch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_odd_one, conflicts, different_lines, serves_several};
use crate::project::mend;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-runtime-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["platform-mismatch"],
    page: include_str!("../../../rules/versions/spark-runtime-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let runs = |claim: &VersionClaim| claim.component == Component::Spark && claim.how.is_runtime();
        // What is loaded beside Spark, or made for one, is told by other rules.
        let own = |claim: &VersionClaim| {
            claim.is_spark()
        };
        let mut found = conflicts(project, unit, runs, own, different_lines);
        found.retain(|conflict| !serves_several(project, unit, conflict.pair().0));
        for Odd { claim: odd, others, .. } in by_odd_one(project, unit, &found) {
            let Some(other) = others.first() else { continue };
            let plain = odd.how.is_plain().then(|| Edit::replace(&odd.text, other.text.as_str())).flatten();
            let fix = plain.or_else(|| mend::tag(project, case.tables, odd, other.versions.exact()?));
            let agreed = mend::agrees(project, unit, odd, &other.versions) && other.versions.exact().is_some() && others.iter().all(|claim| claim.versions == other.versions);
            let finding = findings.report(&odd.text, format!("{}, but {}", odd.phrase(), other.phrase()));
            finding
                .subject(project.subject(odd))
                .because(project.because(unit, odd.part, other.part))
                .help("let build, image and resource name the same minor of Spark: code built for one fails on another")
                .source("https://spark.apache.org/versioning-policy.html")
                .unverified(odd.unverified || others.iter().all(|claim| claim.unverified))
                .fix(Safety::Unsafe, fix.filter(|_| agreed));
            for claim in others {
                finding.label(&claim.text, claim.phrase());
            }
        }
    }
}
