//! See `rules/spark/ivy-home-unwritable.md`.

use crate::fact::{ConfSetting, How, PartKind, Via};
use crate::finding::{Edit, Level, Safety};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "ivy-home-unwritable",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/ivy-home-unwritable.md"),
    check,
};

/// Images whose user has no home that it may write to.
const HOMELESS: [&str; 2] = ["apache/spark", "spark"];

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut seen = HashSet::new();
    for unit in &project.units {
        let Some(spark) = project.published_spark(unit) else { continue };
        let name = spark.by.strip_prefix("docker.io/").unwrap_or(&spark.by);
        if spark.how == How::Pin || !HOMELESS.contains(&name) || has_home(project, unit) {
            continue;
        }
        let ours = |setting: &&ConfSetting| unit.members.contains(&setting.part);
        let settings: Vec<&ConfSetting> = project.facts.settings.iter().filter(ours).collect();
        if settings.iter().any(|setting| setting.key.as_str().contains("ivy")) {
            continue;
        }
        let packages = settings.iter().find(|s| s.key.as_str() == "spark.jars.packages" && s.via != Via::Code);
        let Some(packages) = packages.filter(|packages| seen.insert(packages.key.span())) else { continue };
        let at = packages.key.span();
        // In a file of settings a line of its own can stand before this one.
        let line = Edit { span: crate::source::Span { end: at.start, ..at }, text: "spark.jars.ivy /tmp/.ivy2\n".to_owned() };
        findings
            .report(&packages.key, "packages are resolved below the home of a user who has none that can be written to")
            .subject(format!("{}/spark.jars.packages", project.part(packages.part).name))
            .label(&spark.text, spark.phrase())
            .because(project.because(unit, packages.part, spark.part))
            .help("set `spark.jars.ivy=/tmp/.ivy2`, or put the jars into the image")
            .source("https://spark.apache.org/docs/latest/configuration.html#runtime-environment")
            .unverified(spark.unverified)
            .fix(Safety::Safe, (packages.via == Via::File).then_some(line));
    }
}

/// Whether something in a unit's images makes a home: another user, a variable, a folder.
fn has_home(project: &Project, unit: &Unit) -> bool {
    let other_user = unit.members.iter().any(|member| match &project.part(*member).kind {
        PartKind::ImageBuild(build) => build.stages.last().is_some_and(|stage| stage.user.is_some()),
        // Volumes may be mounted there, and an operator resolves packages itself.
        PartKind::Workload(_) | PartKind::Application(_) => true,
        _ => false,
    });
    other_user || project.recipe_names(unit, &["ivy", "/home", "home=", "useradd", "adduser", "usermod", "nonexistent"])
}
