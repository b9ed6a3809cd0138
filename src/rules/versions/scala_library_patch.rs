//! See `rules/versions/scala-library-patch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_left, conflicts};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "scala-library-patch",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &["scala-binary-mismatch"],
    page: include_str!("../../../rules/versions/scala-library-patch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    // What is `provided` does not travel with the application.
    let bundled = |claim: &VersionClaim| claim.component == Component::ScalaLibrary && claim.travels;
    let runs = |claim: &VersionClaim| claim.component == Component::Spark && claim.how.is_runtime();
    for unit in &project.units {
        let row = |spark: &VersionClaim, library: &VersionClaim| {
            tables.contradiction_of(spark, Component::ScalaLibrary, &library.versions, false)
        };
        let found = conflicts(project, unit, bundled, runs, |library, spark| row(spark, library).is_some());
        for Odd { claim, others, .. } in by_left(&found) {
            let Some((spark, row)) = others.first().and_then(|spark| Some((spark, row(spark, claim)?))) else { continue };
            let own = tables.needs(spark, Component::ScalaLibrary).map(|row| &row.relation.versions);
            let own = own.map(|own| own.intersect(&claim.versions.lines(2))).and_then(|own| own.exact().cloned());
            let brings = own.as_ref().map_or_else(String::new, |own| format!(", which has scala-library {own}"));
            let fix = own.as_ref().and_then(|own| Edit::replace(&claim.text, own.to_string()));
            let finding = findings.report(&claim.text, format!("{}, but {}{brings}", claim.phrase(), spark.phrase()));
            finding
                .subject(project.subject(claim))
                .because(project.because(unit, claim.part, spark.part))
                .help("leave scala-library to Spark (`provided`), or use the very release that it has")
                .unverified(spark.unverified)
                .fix(Safety::Unsafe, fix);
            for other in &others {
                finding.label(&other.text, other.phrase());
            }
            row.cite(finding);
        }
    }
}
