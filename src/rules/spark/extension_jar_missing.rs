//! See `rules/spark/extension-jar-missing.md`.

use crate::finding::Level;
use crate::project::extension::Missing;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "extension-jar-missing",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["provided-but-missing"],
    page: include_str!("../../../rules/spark/extension-jar-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut seen = HashSet::new();
    for unit in &project.units {
        for Missing { setting, class, library, spark } in project.missing_classes(unit) {
            if !seen.insert(class.span()) {
                continue;
            }
            findings
                .report(&class, format!("`{class}` is a class of {library}, and nothing here brings it"))
                .subject(format!("{}/{}/{class}", project.part(setting.part).name, setting.key))
                .label(&spark.text, format!("{}, without it", spark.phrase()))
                .because(project.because(unit, setting.part, spark.part))
                .help("name it in `spark.jars.packages`, or put its jar into the image")
                .source("https://spark.apache.org/docs/latest/submitting-applications.html#advanced-dependency-management")
                .unverified(spark.unverified);
        }
    }
}
