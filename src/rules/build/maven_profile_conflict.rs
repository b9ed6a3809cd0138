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
    for Lost { profile, dependency } in project.lost() {
        let what = dependency.coordinate();
        findings
            .report(&dependency.name, format!("with the profile `{profile}`, `{what}` has no version: the one that sets it is then off"))
            .subject(format!("{}/{what}/{profile}", project.part(dependency.part).name))
            .help("`activeByDefault` ends as soon as another profile of the same POM is active: set the default outside of profiles")
            .source(SOURCE);
    }
}
