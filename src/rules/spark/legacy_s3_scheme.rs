//! See `rules/spark/legacy-s3-scheme.md`.

use crate::fact::{ConfSetting, PartId, PartKind};
use crate::finding::Level;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "legacy-s3-scheme",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/legacy-s3-scheme.md"),
    check,
};

/// Keys whose values Spark opens with Hadoop's file systems.
const PATHS: [&str; 9] = [
    "spark.archives",
    "spark.checkpoint.dir",
    "spark.eventLog.dir",
    "spark.files",
    "spark.history.fs.logDirectory",
    "spark.jars",
    "spark.kubernetes.file.upload.path",
    "spark.sql.warehouse.dir",
    "spark.submit.pyFiles",
];

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut seen = HashSet::new();
    for unit in &project.units {
        let addresses = unit.members.iter().flat_map(|member| addresses(project, *member));
        for (part, at) in addresses.collect::<Vec<_>>() {
            let scheme = if at.as_str().starts_with("s3n:") { "s3n" } else { "s3" };
            let spark = project.published_spark(unit).filter(|_| !is_mapped(project, unit, scheme));
            let Some(spark) = spark.filter(|_| seen.insert(at.span())) else { continue };
            let message = format!("no file system of Hadoop is named `{scheme}`: this Spark reads `s3a://` alone");
            findings
                .report(&at.slice(0..scheme.len()), message)
                .subject(format!("{}/{at}", project.part(part).name))
                .label(&spark.text, spark.phrase())
                .because(project.because(unit, part, spark.part))
                .help("write `s3a://`, with `hadoop-aws` of the same Hadoop; or map the scheme with `spark.hadoop.fs.s3.impl`")
                .source("https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html")
                .unverified(spark.unverified);
        }
    }
}

/// The addresses of a part that begin with an old scheme.
fn addresses(project: &Project, id: PartId) -> Vec<(PartId, Traced)> {
    let part = project.part(id);
    let main = match &part.kind {
        PartKind::Application(application) => application.main_file.as_ref(),
        PartKind::Submission(submission) => submission.main.as_ref(),
        _ => None,
    };
    let is_path = |setting: &&ConfSetting| setting.part == id && PATHS.contains(&setting.key.as_str());
    let set = project.facts.settings.iter().filter(is_path).filter_map(|setting| setting.value.as_ref());
    let is_old = |text: &&Traced| text.as_str().starts_with("s3://") || text.as_str().starts_with("s3n://");
    set.chain(main).filter(is_old).map(|text| (id, text.clone())).collect()
}

/// Whether something may give the scheme a file system: a setting anywhere, or a file of Hadoop's that an image holds.
fn is_mapped(project: &Project, unit: &Unit, scheme: &str) -> bool {
    let key = format!("fs.{scheme}.impl");
    project.facts.settings.iter().any(|setting| setting.key.as_str().ends_with(&key))
        || project.recipe_names(unit, &["core-site", "hadoop/conf", "hadoop_conf", "emr", &key])
}
