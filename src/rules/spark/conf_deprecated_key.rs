//! See `rules/spark/conf-deprecated-key.md`.

use crate::finding::{Edit, Level, Safety};
use crate::project::conf::Readers;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::spark_conf::{Change, Fate, SparkConf};
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conf-deprecated-key",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/conf-deprecated-key.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, conf) = (case.project, case.tables.spark_conf());
    let readers = Readers::of(project);
    for setting in &project.facts.settings {
        let key = setting.key.as_str();
        for change in conf.changes(key) {
            let Some((since, versions)) = deprecated(conf, change) else { continue };
            let Some(reader) = readers.within(setting.part, &versions) else { continue };
            let what = match change.fate {
                Fate::Ignored(_) => format!("nothing has read `{key}` since Spark {since}"),
                _ => format!("`{key}` is deprecated since Spark {since}"),
            };
            let instead = change.instead.as_deref();
            let edit = instead.filter(|new| change.same_value && !readers.sets(setting.part, new));
            let finding = findings.report(&setting.key, what);
            finding
                .subject(format!("{}/{key}", project.part(setting.part).name))
                .because(reader.because)
                .help(help(change))
                .source(&change.source)
                .fix(Safety::Safe, edit.and_then(|new| Edit::replace(&setting.key, new)));
            if let Some(spark) = reader.spark {
                finding.label(&spark.text, spark.phrase()).unverified(spark.unverified);
            }
        }
    }
}

/// Since when a key is deprecated, and in which releases it is that and no more.
fn deprecated<'c>(conf: &SparkConf, change: &'c Change) -> Option<(&'c str, VersionSet)> {
    match &change.fate {
        Fate::Ignored(since) | Fate::Deprecated { since, until: None } => Some((since, SparkConf::since(since))),
        Fate::Deprecated { since, until: Some(until) } => {
            let range = format!(">={since}, <{}", conf.after(until)?);
            Some((since, VersionSet::parse(&range).ok()?))
        }
        Fate::Removed { .. } => None,
    }
}

fn help(change: &Change) -> String {
    match (&change.instead, &change.note) {
        (Some(new), _) if change.same_value => format!("use `{new}`, which takes the same value"),
        (Some(new), _) => format!("see `{new}`, which takes its place with values of its own"),
        (None, Some(note)) => format!("Spark says: {note}"),
        (None, None) => "leave it out".to_owned(),
    }
}
