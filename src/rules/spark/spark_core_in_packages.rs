//! See `rules/spark/spark-core-in-packages.md`.

use crate::fact::How;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-core-in-packages",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/spark-core-in-packages.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for dependency in project.facts.dependencies.iter().filter(|d| d.how == How::Package) {
        let of_spark = case.tables.artefact(dependency).is_some_and(|(artefact, _)| artefact.kind == Kind::Spark);
        if !of_spark {
            continue;
        }
        let coordinate = dependency.coordinate();
        findings
            .report(&dependency.name, format!("`{coordinate}` is part of Spark itself, so a second copy of it is loaded"))
            .subject(format!("{}/{coordinate}", project.part(dependency.part).name))
            .help("leave it out: every Spark distribution holds it; `--packages` is for connectors that it does not hold")
            .source("https://spark.apache.org/docs/latest/submitting-applications.html");
    }
}
