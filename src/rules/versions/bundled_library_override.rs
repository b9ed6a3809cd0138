//! See `rules/versions/bundled-library-override.md`.

use crate::fact::{Component, How, PartKind, VersionClaim};
use crate::finding::Level;
use crate::project::conflict::{Odd, by_left, conflicts, is};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bundled-library-override",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/bundled-library-override.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    for unit in &project.units {
        let bundled = |claim: &&VersionClaim| tables.kind(claim.component) == Some(Kind::Bundled) && claim.travels;
        let libraries: BTreeSet<Component> = project.claims(unit).filter(bundled).map(|claim| claim.component).collect();
        for library in libraries {
            // Only what is known to fail: most libraries tolerate another release than the one that Spark was built with.
            let row = |spark: &VersionClaim, claim: &VersionClaim| {
                tables.contradiction_of(spark, library, &claim.versions, false)
            };
            let spark = |claim: &VersionClaim| is(Component::Spark)(claim) && claim.how != How::Name;
            let found = conflicts(project, unit, is(library), spark, |claim, spark| row(spark, claim).is_some());
            for Odd { claim, others, .. } in by_left(&found) {
                let Some((spark, row)) = others.first().and_then(|spark| Some((spark, row(spark, claim)?))) else { continue };
                if moved_together(case, unit, claim) || relocated(case, unit, claim) || replaced(case, unit, claim) {
                    continue;
                }
                let own = tables.needs(spark, library).map(|row| row.relation.text.clone());
                let brings = own.as_ref().map_or_else(String::new, |own| format!(", which has {own}"));
                let finding = findings.report(&claim.text, format!("{}, but {}{brings}", claim.phrase(), spark.phrase()));
                finding
                    .subject(project.subject(claim))
                    .because(project.because(unit, claim.part, spark.part))
                    .help("use the family that Spark has, or relocate yours when the jar is shaded")
                    .unverified(spark.unverified);
                for other in &others {
                    finding.label(&other.text, other.phrase());
                }
                row.cite(finding);
            }
        }
    }
}

/// Whether a jar of the unit gives its packages another name.
fn relocated(case: &Case, unit: &crate::project::Unit, claim: &VersionClaim) -> bool {
    let group = claim.by.split(':').next().unwrap_or_default();
    let jars = case.project.facts.assemblies.iter().filter(|assembly| unit.members.contains(&assembly.part));
    jars.into_iter().any(|assembly| assembly.relocates(group))
}

/// Whether an image of the unit removes the release that Spark brings.
fn replaced(case: &Case, unit: &crate::project::Unit, claim: &VersionClaim) -> bool {
    let jar = format!("/{}-", claim.by.rsplit(':').next().unwrap_or(&claim.by));
    let images = unit.members.iter().filter_map(|part| match &case.project.part(*part).kind {
        PartKind::ImageBuild(build) => Some(build),
        _ => None,
    });
    let mut runs = images.flat_map(|build| &build.stages).flat_map(|stage| &stage.runs);
    runs.any(|run| {
        let mut commands = run.text.as_str().split(['&', ';', '\n']);
        commands.any(|command| command.trim_start().starts_with("rm ") && command.contains(&jar))
    })
}

/// Jackson's own check is about its Scala module: where that one is of the same minor, the two fit each other.
fn moved_together(case: &Case, unit: &crate::project::Unit, claim: &VersionClaim) -> bool {
    let module = Component::named("jackson-module-scala");
    claim.component == Component::named("jackson-databind")
        && case.project.claims(unit).any(|c| is(module)(c) && c.versions.lines(2).meets(&claim.versions.lines(2)))
}
