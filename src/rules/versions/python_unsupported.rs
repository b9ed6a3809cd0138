//! See `rules/versions/python-unsupported.md`.

use crate::fact::{Component, Ecosystem, How, PartId, VersionClaim};
use crate::finding::Level;
use crate::project::conflict::{Odd, by_left, conflicts, different_lines, is};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Verdict;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "python-unsupported",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/python-unsupported.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let row = |python: &VersionClaim, user: &VersionClaim| {
        tables.contradiction(user, Component::Python, &python.versions)
    };
    // What fails only in part on a new Python lacks `distutils`, and setuptools brings one.
    let with_distutils: HashSet<PartId> = project
        .facts
        .dependencies
        .iter()
        .filter(|d| d.ecosystem == Ecosystem::PyPi && d.normal_name() == "setuptools")
        .map(|d| d.part)
        .collect();
    for unit in &project.units {
        let is_mended = unit.members.iter().any(|member| with_distutils.contains(member));
        let contradict = |python: &VersionClaim, user: &VersionClaim| {
            // A tag that names both was made by people who ran it.
            let one_image = python.part == user.part && python.by == user.by && python.stage == user.stage;
            // Another version of the same that the unit names as well may fit: which one runs is another finding's matter.
            let other_fits = || {
                let same = |c: &VersionClaim| c.component == user.component && different_lines(c, user);
                project.claims(unit).any(|c| same(c) && row(python, c).is_none())
            };
            row(python, user).is_some() && !one_image && !other_fits() && is_installed_on(project, unit, python, user)
        };
        let found = conflicts(project, unit, is(Component::Python), runs_python, contradict);
        for Odd { claim: python, others, .. } in by_left(&found) {
            let Some(user) = others.first() else { continue };
            let Some(row) = row(python, user) else { continue };
            if is_mended && !row.relation.is_needs() && row.verdict != Verdict::Breaks {
                continue;
            }
            let name = if user.component == Component::Spark { "PySpark" } else { user.component.name() };
            let (verb, help) = if row.relation.is_needs() {
                ("needs", format!("use Python {}", row.relation.text))
            } else {
                let verb = if row.verdict == Verdict::Breaks { "does not run on" } else { "fails in part on" };
                (verb, format!("use a Python outside of `{}`, or a newer {name}", row.relation.text))
            };
            let finding = findings.report(
                &python.text,
                format!("{}, but {name} {} {verb} Python {}", python.phrase(), user.says(), row.relation.text),
            );
            finding
                .subject(project.subject(python))
                .because(project.because(unit, python.part, user.part))
                .help(help)
                .unverified(python.unverified || others.iter().all(|user| user.unverified));
            row.cite(finding);
            for user in others {
                finding.label(&user.text, user.phrase());
            }
        }
    }
}

/// Whether a library is installed for this very Python: what a driver's image has beside its own Python says nothing about the
/// Python of the cluster that it connects to. That Spark is of one release everywhere is another finding's matter.
fn is_installed_on(project: &Project, unit: &Unit, python: &VersionClaim, user: &VersionClaim) -> bool {
    if user.component == Component::Spark && python.how != How::ImageDefault {
        return true;
    }
    let installs = |edge: &usize| project.edges[*edge].from == python.part;
    python.part == user.part || unit.path(project, user.part).last().is_some_and(installs)
}

/// Whether a claim is about something that a Python runs: a package, or the Spark of an image. A build for the JVM needs none.
fn runs_python(claim: &VersionClaim) -> bool {
    match claim.component {
        Component::Spark => claim.how == How::Pin || claim.how.is_runtime(),
        Component::Library(_) => claim.how == How::Pin,
        _ => false,
    }
}
