//! See `rules/build/maven-profile-conflict.md`.

use crate::finding::Level;
use crate::project::profile::{Clash, Lost};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "maven-profile-conflict",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/maven-profile-conflict.md"),
    check,
};

const SOURCE: &str = "https://maven.apache.org/guides/introduction/introduction-to-profiles.html";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for Clash { profile, claim, other } in project.clashes(case.tables) {
        findings
            .report(&claim.text, format!("with the profile `{profile}`, {}, but {}", claim.phrase(), other.phrase()))
            .subject(format!("{}/{profile}", project.subject(claim)))
            .label(&other.text, other.phrase())
            .help("let the profile set all that belongs together, Spark and Scala among it")
            .source(SOURCE);
    }
    for Lost { profile, why, dependencies } in project.lost() {
        let Some((first, others)) = dependencies.split_first() else { continue };
        let what = first.coordinate();
        let finding = findings.report(
            &first.name,
            format!("with the profile `{profile}`, `{what}` has no version: the one that sets it is then off"),
        );
        finding
            .subject(format!("{}/{what}/{profile}", project.part(first.part).name))
            .because(format!("with that profile alone, {why}"))
            .help("`activeByDefault` ends as soon as another profile of the same POM is active: set the default outside of profiles")
            .source(SOURCE);
        for other in others {
            finding.label(&other.name, format!("nor has `{}`", other.coordinate()));
        }
    }
}
