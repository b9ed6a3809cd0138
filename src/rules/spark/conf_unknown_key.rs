//! See `rules/spark/conf-unknown-key.md`.

use crate::finding::{Edit, Level, Safety};
use crate::project::conf::Readers;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::spark_conf::Meant;
use std::collections::HashMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conf-unknown-key",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/conf-unknown-key.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, conf) = (case.project, case.tables.spark_conf());
    let readers = Readers::of(project);
    let mut near: HashMap<&str, Option<Meant>> = HashMap::new();
    for setting in &project.facts.settings {
        let key = setting.key.as_str();
        if !is_whole(key) || conf.is_known(key) {
            continue;
        }
        let Some(meant) = near.entry(key).or_insert_with(|| conf.nearest(key)) else { continue };
        // Where both stand, which one is meant is the reader's to say.
        let both = readers.sets(setting.part, &meant.key);
        let edit = Edit::replace(&setting.key, meant.key.as_str()).filter(|_| meant.alone && !both);
        findings
            .report(&setting.key, format!("no release of Spark reads `{key}`, so nothing is set"))
            .subject(format!("{}/{key}", project.part(setting.part).name))
            .help(format!("did you mean `{}`?", meant.key))
            .source("https://spark.apache.org/docs/latest/configuration.html")
            .fix(Safety::Safe, edit);
    }
}

/// Whether a key is all there: no variable, no template.
fn is_whole(key: &str) -> bool {
    key.starts_with("spark.") && !key.contains(['$', '{', '}', '<', '>', '*', '%', ' ', '['])
}
