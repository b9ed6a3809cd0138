//! See `rules/versions/hadoop-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::conflict::{Odd, by_left, conflicts};
use crate::project::mend;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;
use crate::version::{VersionSet, in_words};

/// The rule.
pub static RULE: Rule = Rule {
    id: "hadoop-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["spark-runtime-mismatch"],
    page: include_str!("../../../rules/versions/hadoop-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let module = |claim: &VersionClaim| {
        matches!(claim.component, Component::Library(_)) && tables.kind(claim.component) == Some(Kind::HadoopModule)
    };
    // What an artefact is made for (`hadoop3-2.2.6`) is no proof of what runs.
    let is_own = |claim: &VersionClaim| claim.component == Component::Hadoop && claim.how != How::Name;
    // What a Spark brings, also where it only says so by its own version.
    let brought = |claim: &VersionClaim| match claim.component {
        Component::Hadoop => Some(claim.versions.clone()),
        _ => tables.needs(claim, Component::Hadoop).map(|row| row.relation.versions.clone()),
    };
    for unit in &project.units {
        let own: Vec<&VersionClaim> = project.claims(unit).filter(|claim| is_own(claim)).collect();
        let told = project.claims(unit).any(VersionClaim::is_spark);
        let decides = |claim: &VersionClaim| match claim.component {
            Component::Hadoop => is_own(claim),
            // A Hadoop that the unit names itself is the one that runs, and a module that is loaded says no more than its Spark.
            Component::Spark => own.is_empty() && if told { claim.is_spark() } else { claim.is_added() },
            _ => false,
        };
        let row = |module: &VersionClaim, hadoop: &VersionSet| tables.contradiction(module, Component::Hadoop, hadoop);
        let differ = |a: &VersionClaim, b: &VersionClaim| {
            brought(b).is_some_and(|hadoop| !a.versions.meets(&hadoop) && row(a, &hadoop).is_some())
        };
        let mut found = conflicts(project, unit, module, decides, differ);
        found.retain(|conflict| {
            let claim = conflict.pair().0;
            !project.claims(unit).any(|c| decides(c) && brought(c).is_some_and(|h| h.meets(&claim.versions)))
        });
        for Odd { claim, others, .. } in by_left(&found) {
            let Some((other, hadoop)) = others.first().and_then(|other| Some((other, brought(other)?))) else { continue };
            let brings = |other: &VersionClaim| match other.component {
                Component::Hadoop => other.phrase(),
                _ => format!("{}, which has Hadoop {}", other.phrase(), in_words(&hadoop.to_string())),
            };
            // Of a Spark that is built with several, the one of the module's own major.
            let of_major = hadoop.intersect(&claim.versions.lines(1));
            let right = hadoop.exact().or_else(|| of_major.exact());
            let fix = right.map_or_else(Vec::new, |version| mend::version(project, claim, &version.to_string()));
            let finding = findings.report(&claim.text, format!("{}, but {}", claim.phrase(), brings(other)));
            finding
                .subject(project.subject(claim))
                .because(project.because(unit, claim.part, other.part))
                .help(format!("use `{}` {}: Hadoop's modules work with one another only in one version", claim.by, in_words(&hadoop.to_string())))
                .unverified(others.iter().all(|other| other.unverified))
                .fix(Safety::Unsafe, fix);
            if let Some(row) = row(claim, &hadoop) {
                row.cite(finding);
            }
            for other in &others {
                finding.label(&other.text, brings(other));
            }
        }
    }
}
