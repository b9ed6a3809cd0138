//! See `rules/versions/python-jar-mismatch.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_left, conflicts, different_lines};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "python-jar-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/python-jar-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let is_library = |claim: &VersionClaim| matches!(claim.component, Component::Library(_));
    let is_jar = |claim: &VersionClaim| is_library(claim) && matches!(claim.how, How::Package | How::Jar);
    let is_package = |claim: &VersionClaim| is_library(claim) && claim.how == How::Pin;
    for unit in &project.units {
        let differ =
            |jar: &VersionClaim, pin: &VersionClaim| jar.component == pin.component && !jar.versions.meets(&pin.versions);
        for Odd { claim: jar, others, .. } in by_left(&conflicts(project, unit, is_jar, is_package, differ)) {
            let Some(pin) = others.first() else { continue };
            let wanted = pin.versions.exact().map(|_| pin.text.as_str()).filter(|_| jar.how.is_plain());
            let fix = wanted.and_then(|version| Edit::replace(&jar.text, version));
            // The jar of the package's version must itself fit the Spark that runs.
            let moved = VersionClaim { versions: pin.versions.clone(), ..jar.clone() };
            let fits = project.claims(unit).all(|other| {
                other.component != Component::Spark
                    || tables.contradiction(&moved, Component::Spark, &other.versions).is_none()
            });
            let safe = fits && jar.text.is_literal() && project.is_of_one_unit(jar);
            let finding = findings.report(&jar.text, format!("{}, but {}", jar.phrase(), pin.phrase()));
            finding
                .subject(project.subject(jar))
                .because(project.because(unit, jar.part, pin.part))
                .help("use one version of the library: its Python code calls methods of its own jar")
                .source("https://docs.delta.io/latest/quick-start.html")
                .unverified(jar.unverified || pin.unverified)
                .fix(if safe { Safety::Safe } else { Safety::Unsafe }, fix);
            if !different_lines(jar, pin) {
                // Releases of one line are seldom at odds.
                finding.at_most(Level::Info);
            }
            for pin in others {
                finding.label(&pin.text, pin.phrase());
            }
        }
    }
}
