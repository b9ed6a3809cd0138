//! See `rules/spark/app-conf-not-string.md`.

use crate::fact::Difference;
use crate::finding::{Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::custom_resources;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-conf-not-string",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-conf-not-string.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for deviation in &case.project.facts.deviations {
        let Difference::Mistyped { at, text, found, quotes, is_setting: true, .. } = &deviation.what else { continue };
        let value = text.as_ref().map_or_else(|| "the value".to_owned(), |text| format!("`{text}`"));
        let help = if text.is_some() { "put it in quotes" } else { "write each setting as `key: \"value\"`" };
        findings
            .report(*at, format!("{value} is {found} in YAML, but settings are texts: the API server refuses it"))
            .subject(format!("{}/{}", deviation.object, deviation.path))
            .help(help)
            .source(custom_resources::docs(&deviation.api))
            .fix(Safety::Safe, quotes.clone());
    }
}
