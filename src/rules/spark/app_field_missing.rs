//! See `rules/spark/app-field-missing.md`.

use crate::fact::Difference;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::custom_resources;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-field-missing",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-field-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for deviation in &case.project.facts.deviations {
        let Difference::Missing { at, names } = &deviation.what else { continue };
        let within = if deviation.path.is_empty() { "the resource".to_owned() } else { format!("`{}`", deviation.path) };
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let list = match quoted.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => quoted.concat(),
        };
        findings
            .report(*at, format!("{within} has no {list}, and the API server refuses it"))
            .subject(format!("{}/{}", deviation.object, deviation.path))
            .help(format!("add {list}"))
            .source(custom_resources::docs(&deviation.api));
    }
}
