//! See `rules/versions/connector-incompatible.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::compat::misfits;
use crate::project::conflict::{conflicts, different_lines};
use crate::project::mend;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::{Kind, Row, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "connector-incompatible",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["scala-unpublished"],
    page: include_str!("../../../rules/versions/connector-incompatible.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    // What pip asks of its packages is `python-library-incompatible`.
    let connector = |claim: &VersionClaim| claim.how != How::Pin && tables.kind(claim.component) == Some(Kind::Connector);
    let named = |claim: &VersionClaim| claim.how == How::Name && claim.component == Component::Spark;
    let spark = |claim: &VersionClaim| claim.how != How::Name && claim.component == Component::Spark;
    for unit in &project.units {
        for component in [Component::Spark, Component::Java] {
            for misfit in misfits(project, unit, tables, connector, component) {
                // Where the artefact's own name says it as well, that is told below.
                let (claim, other) = (misfit.claim, misfit.others[0]);
                let by_name = |c: &VersionClaim| {
                    named(c) && c.by == claim.by && c.part == claim.part && different_lines(c, other)
                };
                if project.claims(unit).any(by_name) {
                    continue;
                }
                findings.misfit(case, unit, &misfit);
            }
        }
        for conflict in conflicts(project, unit, named, spark, different_lines) {
            let (claim, other) = conflict.pair();
            let fits_another = |c: &VersionClaim| spark(c) && c.component == claim.component && !different_lines(c, claim);
            if project.claims(unit).any(fits_another) {
                continue;
            }
            let library = project.claims(unit).find(|c| c.by == claim.by && matches!(c.component, Component::Library(_)));
            let fix = library.and_then(|library| mend::named(tables, claim, library, other));
            let finding = findings.report(&claim.text, format!("{}, but {}", claim.phrase(), other.phrase()));
            finding
                .subject(project.subject(claim))
                .label(&other.text, other.phrase())
                .because(project.because(unit, claim.part, other.part))
                .help(format!("use the artefact that is made for Spark {}", other.versions.lines(2)))
                .source("https://spark.apache.org/versioning-policy.html")
                .unverified(claim.unverified || other.unverified)
                .fix(Safety::Unsafe, fix);
            // A name alone says what an artefact was built for; only a row says that it breaks elsewhere.
            let breaks = |library: &VersionClaim, row: &Row| {
                row.relation.component == Component::Spark
                    && row.verdict == Verdict::Breaks
                    && row.versions.meets(&library.versions)
            };
            if !library.is_some_and(|library| tables.rows(library.component.subject()).any(|row| breaks(library, row))) {
                finding.at_most(Level::Warning);
            }
        }
    }
}
