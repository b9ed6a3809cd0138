//! See `rules/versions/py4j-path-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_left, conflicts};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "py4j-path-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/py4j-path-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let py4j = Component::named("py4j");
    let row = |path: &VersionClaim, spark: &VersionClaim| {
        // The archive lies in the release itself, wherever that came from.
        let release = VersionClaim { distribution: Some("tarball"), ..spark.clone() };
        tables.contradiction(&release, py4j, &path.versions)
    };
    let is_path = |claim: &VersionClaim| claim.component == py4j && matches!(claim.how, How::Field(_));
    let is_spark = |claim: &VersionClaim| {
        claim.component == Component::Spark && (claim.how == How::Pin || claim.how.is_runtime())
    };
    for unit in &project.units {
        let contradict = |path: &VersionClaim, spark: &VersionClaim| row(path, spark).is_some();
        for Odd { claim: path, others, .. } in by_left(&conflicts(project, unit, is_path, is_spark, contradict)) {
            // Where the unit has several Sparks, the path may be that of another one.
            if project.claims(unit).any(|spark| is_spark(spark) && row(path, spark).is_none()) {
                continue;
            }
            let Some(spark) = others.first() else { continue };
            let Some(row) = row(path, spark) else { continue };
            let right = &row.relation.text;
            let safe = path.text.is_literal() && project.is_of_one_unit(path);
            let message = format!("no `py4j-{}-src.zip` is in Spark {}, which holds py4j {right}", path.text, spark.says());
            let finding = findings.report(&path.text, message);
            finding
                .subject(project.subject(path))
                .because(project.because(unit, path.part, spark.part))
                .help(format!("name `py4j-{right}-src.zip`, or let the shell find it: `py4j-*-src.zip`"))
                .unverified(spark.unverified)
                .fix(if safe { Safety::Safe } else { Safety::Unsafe }, Edit::replace(&path.text, right.as_str()));
            row.cite(finding);
            for spark in others {
                finding.label(&spark.text, spark.phrase());
            }
        }
    }
}
