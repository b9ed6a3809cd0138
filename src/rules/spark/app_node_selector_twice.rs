//! See `rules/spark/app-node-selector-twice.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-node-selector-twice",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-node-selector-twice.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    // A schedule's template is looked at when its first run is made.
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        let Some(common) = app.stated.get("nodeSelector") else { continue };
        let own = ["driver", "executor"].into_iter().filter_map(|role| Some((role, app.stated.get(&format!("{role}.nodeSelector"))?)));
        let own: Vec<_> = own.collect();
        let Some((role, _)) = own.first() else { continue };
        let finding = findings.report(common.at, format!("the application and its {role} both have a `nodeSelector`, and the operator refuses that"));
        finding
            .subject(part.name.clone())
            .help("give the nodes of all pods once, or those of the driver and of the executors")
            .source("https://github.com/kubeflow/spark-operator/blob/master/internal/webhook/sparkapplication_validator.go");
        for (role, field) in own {
            finding.label(field.at, format!("the {role}'s own"));
        }
    }
}
