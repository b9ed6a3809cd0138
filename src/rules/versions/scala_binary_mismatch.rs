//! See `rules/versions/scala-binary-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Conflict, by_odd_one, conflicts, different_lines, is, serves_several};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Row;

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
        let mut found = conflicts(project, unit, is(Component::Scala), is(Component::Scala), different_lines);
        found.retain(|c| ![c.left, c.right].iter().any(|claim| claim.how.is_runtime() && serves_several(project, unit, claim)));
        for (odd, others) in by_odd_one(project, unit, &found) {
            report(project, unit, odd, &others, findings);
        }
        // The Spark that runs fixes the Scala, where its own version is not already in doubt.
        let wrong = |scala: &VersionClaim, spark: &VersionClaim| {
            spark.how.is_runtime() && contradiction(case, spark, scala).is_some()
        };
        for Conflict { left: scala, right: spark } in conflicts(project, unit, is(Component::Scala), is(Component::Spark), wrong) {
            let in_doubt = project.claims(unit).any(|claim| different_lines(claim, spark));
            let Some(row) = contradiction(case, spark, scala).filter(|_| !in_doubt && !says_scala(project, unit, spark)) else {
                continue;
            };
            let needs = &row.relation.text;
            findings
                .report(&scala.text, format!("{}, but Spark {} runs on Scala {needs}", scala.phrase(), spark.text))
                .subject(project.subject(scala))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, scala.part, spark.part))
                .help(format!("use the artefact for Scala {needs}"))
                .source(row.source.clone())
                .at_most(row.verdict.cap())
                .unverified(row.unverified || spark.unverified);
        }
    }
}

fn contradiction<'a>(case: &Case<'a>, spark: &VersionClaim, scala: &VersionClaim) -> Option<&'a Row> {
    case.tables.contradiction("spark", &spark.versions, Component::Scala, &scala.versions)
}

fn report(project: &Project, unit: &Unit, odd: &VersionClaim, others: &[&VersionClaim], findings: &mut Findings) {
    let Some(other) = others.first() else { return };
    let alone = project.is_of_one_unit(odd) && odd.text.is_literal();
    let agreed = others.iter().all(|claim| suffix(claim) == suffix(other));
    // Of `scala-library` the whole release is written, and which one is wanted is not known.
    let is_suffix = odd.how == How::Dependency && odd.by.ends_with(&format!("_{}", odd.text));
    let fix = suffix(other).filter(|_| is_suffix && agreed).and_then(|suffix| Edit::replace(&odd.text, suffix));
    let finding = findings.report(&odd.text, format!("{}, but {}", odd.phrase(), other.phrase()));
    finding
        .subject(project.subject(odd))
        .because(project.because(unit, odd.part, other.part))
        .help(format!("use one Scala binary version everywhere, for instance the {} of `{}`", other.says(), other.by))
        .source(SOURCE)
        .unverified(odd.unverified || others.iter().all(|claim| claim.unverified))
        .fix(if alone { Safety::Safe } else { Safety::Unsafe }, fix);
    for claim in others {
        finding.label(&claim.text, claim.phrase());
    }
}

/// Scala's binary version as artefacts spell it: `2.13`, `3`.
fn suffix(claim: &VersionClaim) -> Option<String> {
    claim.versions.low().map(|low| match low.numbers(2)[..] {
        [2, minor] => format!("2.{minor}"),
        _ => low.numbers(1)[0].to_string(),
    })
}

/// The image itself names or is known to hold a Scala: then that claim speaks.
fn says_scala(project: &Project, unit: &Unit, spark: &VersionClaim) -> bool {
    project.claims(unit).any(|claim| claim.component == Component::Scala && claim.part == spark.part && claim.by == spark.by)
}
