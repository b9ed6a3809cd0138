//! See `rules/versions/spark-module-mismatch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::conflict::{Odd, by_left, conflicts, different_lines};
use crate::project::mend;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-module-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/spark-module-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let module = |claim: &VersionClaim| claim.component == Component::Spark && claim.is_added();
        let spark = |claim: &VersionClaim| {
            claim.is_spark()
        };
        let mut found = conflicts(project, unit, module, spark, different_lines);
        found.retain(|conflict| {
            let (claim, other) = conflict.pair();
            // Where the unit names several Sparks, that is another finding; a module that fits one of them is not at fault.
            !project.claims(unit).any(|c| spark(c) && different_lines(c, other) && !different_lines(c, claim))
        });
        for Odd { claim, others, .. } in by_left(&found) {
            let Some(other) = others.first() else { continue };
            let exact = others.iter().find(|other| other.versions.exact().is_some()).map(|other| other.text.as_str());
            let exact = exact.filter(|version| mend::has_suffix(project, case.tables, claim, version));
            let fix = exact.map_or_else(Vec::new, |version| mend::version(project, claim, version));
            let safe = claim.text.is_literal() && project.is_of_one_unit(claim) && !other.unverified;
            let finding = findings.report(&claim.text, format!("{}, but {}", claim.phrase(), other.phrase()));
            finding
                .subject(project.subject(claim))
                .because(project.because(unit, claim.part, other.part))
                .help("load the module of the very version of Spark that runs")
                .source("https://spark.apache.org/docs/latest/structured-streaming-kafka-integration.html#deploying")
                .unverified(others.iter().all(|other| other.unverified))
                .fix(if safe { Safety::Safe } else { Safety::Unsafe }, fix);
            for other in others {
                finding.label(&other.text, other.phrase());
            }
        }
    }
}
