//! See `rules/versions/release-withdrawn.md`.

use crate::fact::How;
use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::withdrawn::Withdrawal;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "release-withdrawn",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/release-withdrawn.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut told = HashSet::new();
    for claim in project.facts.versions.iter().filter(|claim| claim.how != How::ImageDefault) {
        let (component, version) = (claim.component, &claim.text);
        let Some(release) = case.tables.withdrawn.release(component.subject(), &claim.versions) else { continue };
        // Whoever builds the images of a preview means it.
        let own = project.facts.images.iter().any(|image| {
            image.part == claim.part && image.reference.written() == version.written() && project.is_built_here(image)
        });
        if own || claim.versions.exact().is_none() || !told.insert(claim.text.span()) {
            continue;
        }
        let help = release.instead.as_ref().map(|instead| format!("use {component} {instead}"));
        // Another version of a plain value is one literal; a tag or archive with it may not exist.
        let plain = release.instead.as_ref().filter(|_| claim.how.is_plain());
        let edit = plain.and_then(|instead| Edit::replace(version, instead.clone()));
        let safe = release.kind == Withdrawal::NeverReleased && project.is_of_one_unit(claim);
        findings
            .report(version, format!("{component} {version} {}", release.kind.says()))
            .subject(project.subject(claim))
            .help(help.unwrap_or_else(|| format!("use another release of {component}")))
            .source(release.source.clone())
            .fix(if safe { Safety::Safe } else { Safety::Unsafe }, edit);
    }
}
