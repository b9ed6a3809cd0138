//! See `rules/spark/app-field-missing.md`.

use crate::fact::{Difference, Part, SparkApplication};
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
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        main_class(part, app, findings);
    }
}

/// `spark-submit` looks for a main class in the jar, which it cannot read where that lies in the image.
fn main_class(part: &Part, app: &SparkApplication, findings: &mut Findings) {
    let of_jvm = app.stated.value("type").is_some_and(|own| matches!(own.as_str(), "Java" | "Scala"));
    let main = app.main_file.as_ref().filter(|main| main.as_str().starts_with("local://"));
    let Some(main) = main.filter(|_| of_jvm && app.stated.is_absent("mainClass")) else { return };
    findings
        .report(main, format!("`{main}` lies in the image, where `spark-submit` cannot look for its main class"))
        .subject(format!("{}/mainClass", part.name))
        .help(format!("add `{}`", app.full_path("mainClass")))
        .source("https://spark.apache.org/docs/latest/submitting-applications.html");
}
