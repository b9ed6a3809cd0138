//! See `rules/build/log4j1-config.md`.

use crate::fact::{PartId, PartKind, VersionClaim};
use crate::finding::Level;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "log4j1-config",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/log4j1-config.md"),
    check,
};

/// The option by which log4j 1 was told its file; log4j 2 has `-Dlog4j2.configurationFile` (and `-Dlog4j.configurationFile`).
const OPTION: &str = "-Dlog4j.configuration=";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let from = VersionSet::parse(">=3.3").unwrap_or(VersionSet::none());
    let is_log4j2 = |claim: &&VersionClaim| {
        claim.is_spark() && claim.how.is_loaded() && !claim.versions.is_empty() && claim.versions.is_subset(&from)
    };
    for unit in &project.units {
        let runs = |claim: &&VersionClaim| claim.is_spark() && claim.how.is_loaded();
        if !project.claims(unit).filter(runs).all(|claim| is_log4j2(&claim)) {
            continue;
        }
        let Some(spark) = project.claims(unit).filter(runs).find(is_log4j2) else { continue };
        for (part, text, what) in given(project, unit) {
            findings
                .report(&text, format!("{what} configures log4j 1, but {}, which reads log4j 2 alone", spark.phrase()))
                .subject(format!("{}/{text}", project.part(part).name))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, part, spark.part))
                .help("write a `log4j2.properties` and name it with `-Dlog4j2.configurationFile=…`")
                .source("https://spark.apache.org/docs/latest/core-migration-guide.html")
                .unverified(spark.unverified);
        }
    }
}

/// What tells a Spark of this unit to read log4j 1's file.
fn given(project: &Project, unit: &Unit) -> Vec<(PartId, Traced, &'static str)> {
    let mut found = Vec::new();
    let ours = |part: &PartId| unit.members.contains(part);
    for setting in project.facts.settings.iter().filter(|setting| ours(&setting.part)) {
        let options = setting.key.as_str().starts_with("spark.") && setting.key.as_str().ends_with("xtraJavaOptions");
        if let Some(value) = setting.value.as_ref().filter(|_| options)
            && let Some(at) = value.as_str().find(OPTION)
        {
            found.push((setting.part, value.slice(at..at + OPTION.len() - 1), "this option"));
        }
    }
    for part in unit.members.iter().copied() {
        let PartKind::ImageBuild(build) = &project.part(part).kind else { continue };
        let stages = build.final_stages().into_iter().map(|stage| &build.stages[stage]);
        let copies = stages.flat_map(|stage| &stage.copies).filter(|copy| copy.target.as_str().contains("spark"));
        let sources = copies.flat_map(|copy| &copy.sources);
        let named = sources.filter(|source| source.as_str().rsplit('/').next() == Some("log4j.properties"));
        found.extend(named.map(|source| (part, source.clone(), "this file")));
    }
    found
}
