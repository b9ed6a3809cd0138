//! See `rules/versions/scala-unpublished.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::conflict::conflicts;
use crate::project::mend;
use crate::project::scala::suffix_places;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "scala-unpublished",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/scala-unpublished.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let places = suffix_places(project);
    for unit in &project.units {
        let suffix = |claim: &VersionClaim| claim.how == How::Suffix;
        let library = |claim: &VersionClaim| matches!(claim.component, Component::Library(_) | Component::Spark);
        // One suffix that a build adds to all its libraries is claimed once.
        let shared = |a: &VersionClaim, b: &VersionClaim| {
            places.get(&(b.part, b.by.clone())).is_some_and(|place| *place == a.text.span())
        };
        let one = |a: &VersionClaim, b: &VersionClaim| {
            a.part == b.part && a.slot == b.slot && (a.by == b.by || shared(a, b))
        };
        let row = |suffix: &VersionClaim, library: &VersionClaim| {
            tables.contradiction(library, Component::Scala, &suffix.versions)
        };
        for conflict in conflicts(project, unit, suffix, library, |a, b| one(a, b) && row(a, b).is_some()) {
            let (scala, library) = conflict.pair();
            let Some(row) = row(scala, library) else { continue };
            let needs = row.relation.is_needs().then_some(&row.relation.versions);
            let fix = needs.and_then(|allowed| mend::scala(project, unit, tables, scala, allowed));
            let message = format!("`{}` {} was never published for Scala {}", library.by, library.text, scala.text);
            let finding = findings.report(&scala.text, message);
            finding
                .subject(project.subject(scala))
                .label(&library.text, format!("this version exists for Scala {}", row.relation.text))
                .help(tables.advice(library, Component::Scala))
                .fix(Safety::Unsafe, fix);
            row.cite(finding);
        }
    }
}
