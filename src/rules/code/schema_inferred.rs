//! See `rules/code/schema-inferred.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-inferred",
    group: Group::Code,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/schema-inferred.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/sql-data-sources-json.html";

fn check(case: &Case, findings: &mut Findings) {
    for read in &case.project.facts.schemaless {
        let message = match (read.format, read.asked) {
            ("JSON", _) => "reads JSON without a schema: all of it is read once more to guess one".to_owned(),
            (format, Some(_)) => format!("has the types of {format} guessed: all of it is read once more"),
            (format, None) => format!("reads {format} without a schema: every column is a string, as many as the first line has"),
        };
        let finding = findings.report(read.span, message);
        finding
            .subject(format!("{}/{}", read.function, read.format))
            .help("say what is in it: `.schema(\"id long, name string\")`, or a `StructType`")
            .source(SOURCE);
        if let Some(asked) = read.asked {
            finding.label(asked, "types are asked for here");
        }
    }
}
