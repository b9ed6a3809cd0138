//! See `rules/versions/scala-binary-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Conflict, conflicts, different_lines, is, odd_one};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "scala-binary-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/scala-binary-mismatch.md"),
    check,
};

const SOURCE: &str = "https://docs.scala-lang.org/overviews/core/binary-compatibility-of-scala-releases.html";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        for conflict in conflicts(project, unit, is(Component::Scala), is(Component::Scala), different_lines) {
            if conflict.left.text.span() > conflict.right.text.span() && conflict.left.part == conflict.right.part {
                continue;
            }
            let (odd, other) = odd_one(project, unit, &conflict);
            report(project, unit, odd, other, findings);
        }
        // The Spark that runs fixes the Scala, where its own version is not already in doubt.
        let wrong = |scala: &VersionClaim, spark: &VersionClaim| {
            spark.how.is_runtime() && case.tables.contradiction("spark", &spark.versions, Component::Scala, &scala.versions).is_some()
        };
        for Conflict { left: scala, right: spark } in conflicts(project, unit, is(Component::Scala), is(Component::Spark), wrong) {
            if project.claims(unit).any(|c| c.component == Component::Spark && different_lines(c, spark)) || says_scala(project, unit, spark) {
                continue;
            }
            let Some(row) = case.tables.contradiction("spark", &spark.versions, Component::Scala, &scala.versions) else { continue };
            findings
                .report(&scala.text, format!("`{}` is built for Scala {}, but Spark {} runs on Scala {}", scala.by, scala.text, spark.text, row.relation.text))
                .subject(project.subject(scala))
                .label(&spark.text, format!("Spark {} by {}", spark.text, spark.how))
                .because(project.because(unit, scala.part, spark.part))
                .help(format!("use the artefact for Scala {}", row.relation.text))
                .source(row.source.clone())
                .at_most(row.verdict.cap())
                .unverified(row.unverified || spark.unverified);
        }
    }
}

fn report(project: &Project, unit: &Unit, odd: &VersionClaim, other: &VersionClaim, findings: &mut Findings) {
    let alone = project.is_of_one_unit(odd);
    let safety = if alone && odd.text.is_literal() { Safety::Safe } else { Safety::Unsafe };
    let fix = (odd.how == How::Dependency).then(|| Edit::replace(&odd.text, other.text.as_str())).flatten();
    findings
        .report(&odd.text, format!("`{}` is built for Scala {}, but it meets Scala {}", odd.by, odd.text, other.text))
        .subject(project.subject(odd))
        .label(&other.text, format!("Scala {} by {} of `{}`", other.text, other.how, other.by))
        .because(project.because(unit, odd.part, other.part))
        .help(format!("use one Scala binary version everywhere: {} here, as in `{}`", other.text, other.by))
        .source(SOURCE)
        .unverified(odd.unverified || other.unverified)
        .fix(safety, fix);
}

/// The image itself names or is known to hold a Scala: then that claim speaks.
fn says_scala(project: &Project, unit: &Unit, spark: &VersionClaim) -> bool {
    project.claims(unit).any(|claim| claim.component == Component::Scala && claim.part == spark.part && claim.by == spark.by)
}
