//! See `rules/spark/app-field-mistyped.md`.

use crate::fact::Difference;
use crate::finding::{Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::custom_resources;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-field-mistyped",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["app-cores-fractional", "app-memory-unit", "app-overhead-fraction"],
    page: include_str!("../../../rules/spark/app-field-mistyped.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for deviation in &case.project.facts.deviations {
        let Difference::Mistyped { at, text, found, wanted, quotes, is_setting: false } = &deviation.what else {
            continue;
        };
        let path = &deviation.path;
        let (value, same) = match text {
            Some(text) => (format!("`{text}`"), *found == "a text" && wanted.starts_with("one of")),
            None => ((*found).to_owned(), false),
        };
        let message = if same || text.is_none() {
            format!("`{path}` must be {wanted}, not {value}")
        } else {
            format!("`{path}` must be {wanted}, and {value} is {found}")
        };
        findings
            .report(*at, message)
            .subject(format!("{}/{path}", deviation.object))
            .help(if quotes.is_some() { "put it in quotes".to_owned() } else { format!("write {wanted}") })
            .source(custom_resources::docs(&deviation.api))
            .fix(Safety::Safe, quotes.clone());
    }
}
