//! See `rules/build/log4j1-config.md`.

use crate::fact::{ConfSetting, PartId, PartKind, Stage, VersionClaim};
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

/// What makes log4j 2 read a file of log4j 1 all the same: the option that names it, and the switch that looks for it.
const BRIDGES: [&str; 3] = ["log4j.configuration=", "log4j1.compatibility", "LOG4J_CONFIGURATION_FILE"];

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
        for (part, text) in copied(project, unit) {
            findings
                .report(&text, format!("this file configures log4j 1, but {}, which looks for log4j 2's", spark.phrase()))
                .subject(format!("{}/{text}", project.part(part).name))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, part, spark.part))
                .help("write a `log4j2.properties` beside it, or name this one with `-Dlog4j.configuration=file:…`")
                .source("https://spark.apache.org/docs/latest/core-migration-guide.html")
                .unverified(spark.unverified);
        }
    }
}

/// The files of log4j 1 that lie where Spark looks for its configuration, in images of a unit that asks nobody to read them.
fn copied(project: &Project, unit: &Unit) -> Vec<(PartId, Traced)> {
    let mut found = Vec::new();
    for part in unit.members.iter().copied() {
        let PartKind::ImageBuild(build) = &project.part(part).kind else { continue };
        let stages: Vec<&Stage> = build.final_stages().into_iter().map(|stage| &build.stages[stage]).collect();
        if stages.iter().any(|stage| may_ask(stage)) {
            return Vec::new();
        }
        for copy in stages.iter().flat_map(|stage| &stage.copies).filter(|copy| is_configuration(copy.target.as_str())) {
            let named = copy.sources.iter().filter(|source| file_name(source.as_str()) == "log4j.properties");
            found.extend(named.map(|source| (part, source.clone())));
        }
    }
    // The settings of all parts are looked through only where a file is at stake.
    let asks = |setting: &ConfSetting| {
        unit.members.contains(&setting.part) && setting.value.as_ref().is_some_and(|value| bridges(value.as_str()))
    };
    if !found.is_empty() && project.facts.settings.iter().any(asks) {
        found.clear();
    }
    found
}

fn bridges(text: &str) -> bool {
    BRIDGES.iter().any(|bridge| text.contains(bridge))
}

/// Whether a variable or a script that Spark runs before it starts may name the file.
fn may_ask(stage: &Stage) -> bool {
    let variables = stage.env.iter().any(|(name, value)| bridges(name.as_str()) || bridges(value.as_str()));
    let scripts = stage.copies.iter().any(|copy| {
        let all = copy.sources.iter().chain([&copy.target]);
        all.map(|path| file_name(path.as_str())).any(|name| name == "spark-env.sh")
    });
    variables || scripts || stage.runs.iter().chain(&stage.commands).any(|run| bridges(run.text.as_str()))
}

/// `…/spark/conf/`, `$SPARK_HOME/conf`, `$SPARK_CONF_DIR/`, or the file itself in one of them.
fn is_configuration(target: &str) -> bool {
    let target = target.strip_suffix("/log4j.properties").unwrap_or(target).trim_end_matches('/');
    let is_sparks = target.to_ascii_lowercase().contains("spark");
    is_sparks && (target.ends_with("/conf") || target.to_ascii_uppercase().trim_end_matches('}').ends_with("SPARK_CONF_DIR"))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
