//! See `rules/spark/app-name-too-long.md`.

use crate::fact::SparkApplication;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-name-too-long",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-name-too-long.md"),
    check,
};

/// What the value of a label and the name of a Service may have.
const LABEL: usize = 63;

/// What the API server adds to `generateName`.
const GENERATED: usize = 5;

/// A time in nanoseconds, and the shortest that the operator can be told to write: minutes.
const NANOS: usize = 19;
const MINUTES: usize = 8;

fn check(case: &Case, findings: &mut Findings) {
    for (part, app) in case.project.applications() {
        let is_ours = app.is_kubeflow() || (app.kind == "SparkConnect" && app.api_version.starts_with("sparkoperator.k8s.io/"));
        let is_known = app.name_is_literal && !app.name.contains(['$', '{', '<', '%']);
        let Some((added, what)) = added(app).filter(|_| is_ours && is_known) else { continue };
        let own = app.name.len() + if app.generates_name { GENERATED } else { 0 };
        if own + added <= LABEL {
            continue;
        }
        let room = LABEL - added - if app.generates_name { GENERATED } else { 0 };
        let finding = findings.report(part.span, format!("the name has {} characters, but {what}", app.name.len()));
        finding
            .subject(part.name.clone())
            .help(format!("take a name of at most {room} characters"))
            .source("https://github.com/kubeflow/spark-operator/tree/master/internal/webhook");
        // The operator can be told to write shorter times.
        if added == NANOS + 1 && own + MINUTES < LABEL {
            finding.at_most(Level::Warning);
        }
    }
}

/// How many characters are added to a resource's name for what has at most 63, and why.
fn added(app: &SparkApplication) -> Option<(usize, &'static str)> {
    match app.kind.as_str() {
        "SparkApplication" => Some((0, "it becomes a label of its pods, which has at most 63")),
        "ScheduledSparkApplication" => {
            Some((NANOS + 1, "each run is called so, with the time in nanoseconds behind it, and has at most 63"))
        }
        "SparkConnect" => Some(("-server".len(), "its Service is called so, with `-server` behind it, and has at most 63")),
        _ => None,
    }
}
