//! See `rules/spark/app-restart-without-retries.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-restart-without-retries",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-restart-without-retries.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        let stated = &app.stated;
        let Some(policy) = stated.value("restartPolicy.type").filter(|policy| policy.as_str() == "OnFailure") else { continue };
        let absent = |name: &str| stated.is_absent(&format!("restartPolicy.{name}"));
        // Whoever counts failed submissions may mean only these.
        if !absent("onFailureRetries") || !absent("onSubmissionFailureRetries") {
            continue;
        }
        let finding = findings.report(policy, "`OnFailure` without `onFailureRetries` never restarts an application that fails");
        finding
            .subject(part.name.clone())
            .help("say how often: `onFailureRetries: 3`, and how long to wait: `onFailureRetryInterval: 10`")
            .source("https://www.kubeflow.org/docs/components/spark-operator/user-guide/writing-sparkapplication/#configuring-automatic-application-restart-and-failure-handling");
        if let Some(top) = stated.get("failureRetries") {
            finding.label(top.at, "the operator does not look at this field");
        }
    }
}
