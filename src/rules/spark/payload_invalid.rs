//! See `rules/spark/payload-invalid.md`.

use crate::fact::payload::{Api, FaultKind};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "payload-invalid",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/payload-invalid.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for payload in &case.project.facts.payloads {
        let to = payload.api.phrase();
        let source = match payload.api {
            Api::Batch | Api::Session => "https://livy.apache.org/docs/latest/rest-api.html",
            Api::Jar => "https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/",
            Api::Submission => "https://github.com/apache/spark/blob/master/core/src/main/scala/org/apache/spark/deploy/rest/SubmitRestProtocolRequest.scala",
            Api::Operator => "https://airflow.apache.org/docs/apache-airflow-providers-apache-livy/stable/operators.html",
        };
        for fault in payload.faults() {
            if !seen.insert((fault.span, fault.field.clone())) {
                continue;
            }
            let field = &fault.field;
            let (message, help) = match fault.kind {
                FaultKind::Missing if field == "file" => {
                    (format!("nothing tells {to} what to run: there is no `{field}`"), format!("give it a `{field}`"))
                }
                FaultKind::Missing => (format!("the body has no `{field}`, without which {to} takes none"), format!("give it a `{field}`")),
                FaultKind::Misnamed(meant) => {
                    (format!("there is no field `{field}` in the body of {to}"), format!("it is called `{meant}`"))
                }
                FaultKind::Mistyped(is, must) => {
                    (format!("`{field}` is {is}, but {to} takes {must}"), format!("write {must}"))
                }
                FaultKind::Holds(is) => {
                    (format!("`{field}` holds {is}, but {to} takes texts in it"), "write text".to_owned())
                }
                FaultKind::Twice(other) => {
                    (format!("`{field}` and `{other}` are both given, but {to} takes one"), format!("keep `{other}` alone"))
                }
            };
            let finding = findings.report(fault.span, message);
            finding.subject(format!("{}/{field}", payload.subject)).help(help).source(source);
            if !payload.sender.contains(fault.span) && payload.sender.file != fault.span.file {
                finding.label(payload.sender, "sent from here");
            }
        }
    }
}
