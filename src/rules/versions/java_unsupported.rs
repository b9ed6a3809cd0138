//! See `rules/versions/java-unsupported.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::Level;
use crate::project::compat::allowed;
use crate::project::conflict::{conflicts, different_lines, is};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "java-unsupported",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/java-unsupported.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let row = |java: &VersionClaim, spark: &VersionClaim| {
        tables.contradiction(spark, Component::Java, &allowed(java))
    };
    for unit in &project.units {
        let contradict = |java: &VersionClaim, spark: &VersionClaim| {
            // A tag that names both was made by people who ran it.
            let one_image = |c: &VersionClaim| c.part == java.part && c.by == java.by && c.stage == java.stage;
            // An image with another Spark: that the Sparks differ is the cause, and said elsewhere.
            let other_spark = || project.claims(unit).any(|claim| one_image(claim) && different_lines(claim, spark));
            row(java, spark).is_some() && !one_image(spark) && !other_spark()
        };
        for conflict in conflicts(project, unit, is(Component::Java), VersionClaim::is_spark, contradict) {
            let (java, spark) = conflict.pair();
            let Some(row) = row(java, spark) else { continue };
            let verb = if row.relation.is_needs() { "is not supported on it" } else { "does not run on it" };
            let finding = findings.report(&java.text, format!("{}, but Spark {} {verb}", java.phrase(), spark.text));
            finding
                .subject(project.subject(java))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, java.part, spark.part))
                .help(tables.advice(spark, Component::Java))
                .unverified(java.unverified || spark.unverified);
            row.cite(finding);
        }
    }
}
