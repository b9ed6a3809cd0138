//! See `rules/versions/scala-binary-mismatch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::conflict::{Conflict, Odd, by_odd_one, conflicts, different_lines, is, serves_several};
use crate::project::mend;
use crate::project::scala::are_of_one_build;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;
use crate::table::Row;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "scala-binary-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["platform-mismatch", "scala-unpublished"],
    page: include_str!("../../../rules/versions/scala-binary-mismatch.md"),
    check,
};

const SOURCE: &str = "https://docs.scala-lang.org/overviews/core/binary-compatibility-of-scala-releases.html";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let mut found = conflicts(project, unit, is(Component::Scala), is(Component::Scala), different_lines);
        found.retain(|conflict| {
            let (a, b) = conflict.pair();
            // What one build says twice is told where it says it.
            !are_of_one_build(a, b)
                && ![a, b].iter().any(|claim| claim.how.is_runtime() && serves_several(project, unit, claim))
        });
        for odd in by_odd_one(project, unit, &found) {
            report(case, unit, &odd, findings);
        }
        let told: HashSet<Span> = found.iter().map(Conflict::pair).flat_map(|(a, b)| [a.text.span(), b.text.span()]).collect();
        // The Spark that runs fixes the Scala, where its own version is not already in doubt.
        let wrong = |scala: &VersionClaim, spark: &VersionClaim| {
            spark.how.is_runtime() && contradiction(case, spark, scala).is_some()
        };
        for conflict in conflicts(project, unit, is(Component::Scala), is(Component::Spark), wrong) {
            let (scala, spark) = conflict.pair();
            let in_doubt = project.claims(unit).any(|claim| different_lines(claim, spark));
            let again = told.contains(&scala.text.span()) || says_scala(project, unit, spark);
            let row = contradiction(case, spark, scala).filter(|_| !in_doubt && !again);
            let Some(row) = row else { continue };
            let needs = &row.relation.text;
            let fix = mend::scala(project, unit, case.tables, scala, &row.relation.versions);
            let message = format!("{}, but Spark {} runs on Scala {needs}", scala.phrase(), spark.text);
            let finding = findings.report(&scala.text, message);
            finding
                .subject(project.subject(scala))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, scala.part, spark.part))
                .help(format!("use the artefact for Scala {needs}"))
                .unverified(spark.unverified)
                .fix(Safety::Unsafe, fix.filter(|_| row.relation.is_needs()));
            row.cite(finding);
        }
    }
}

fn contradiction<'a>(case: &Case<'a>, spark: &VersionClaim, scala: &VersionClaim) -> Option<&'a Row> {
    case.tables.contradiction(spark, Component::Scala, &scala.versions)
}

fn report(case: &Case, unit: &Unit, odd: &Odd, findings: &mut Findings) {
    let (project, Odd { claim, others, outvoted }) = (case.project, odd);
    let Some(other) = others.first() else { return };
    let agreed = others.iter().all(|o| suffix(o) == suffix(other));
    let fix = agreed.then(|| mend::scala(project, unit, case.tables, claim, &other.versions.lines(2))).flatten();
    // To move Spark itself is never safe, nor is to choose between two that stand alone.
    let moves_spark = claim.is_of_spark() && !others.iter().any(|other| other.is_of_spark());
    let safe = *outvoted && !moves_spark && claim.text.is_literal() && project.is_of_one_unit(claim);
    let binary = suffix(other).unwrap_or_else(|| other.says());
    let finding = findings.report(&claim.text, format!("{}, but {}", claim.phrase(), other.phrase()));
    finding
        .subject(project.subject(claim))
        .because(project.because(unit, claim.part, other.part))
        .help(format!("use one Scala binary version everywhere, for instance the {binary} of `{}`", other.by))
        .source(SOURCE)
        .unverified(claim.unverified || others.iter().all(|claim| claim.unverified))
        .fix(if safe { Safety::Safe } else { Safety::Unsafe }, fix);
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
