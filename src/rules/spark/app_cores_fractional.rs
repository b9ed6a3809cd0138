//! See `rules/spark/app-cores-fractional.md`.

use crate::fact::PartKind;
use crate::fact::quantity::Quantity;
use crate::fact::spark::Operator;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-cores-fractional",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-cores-fractional.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches {
        let PartKind::Application(application) = &launch.part.kind else { continue };
        // The operator's earlier definitions took shares, as Spark 2 did for its driver.
        let operator = application.request.operator;
        if operator == Operator::Kubeflow && !application.api_version.ends_with("/v1beta2") {
            continue;
        }
        for pod in &launch.pods {
            let word = if pod.role == "server" { "driver" } else { pod.role };
            let Some(text) = launch.settings.find(&format!("spark.{word}.cores")).text() else { continue };
            if word == "driver" && launch.is_spark("<3.0") == Some(true) && operator != Operator::Kubeflow {
                continue;
            }
            let is_fraction = text.as_str().trim().parse::<i64>().is_err() && Quantity::parse(text.as_str()).is_some();
            if !is_fraction {
                continue;
            }
            let role = pod.role;
            let help = match (operator, pod.asked) {
                (Operator::Kubeflow, _) => format!("write `cores: 1`, and ask the pod for less with `coreRequest: \"{text}\"`"),
                (_, true) => format!("write `1`, and ask the pod for less with `spark.kubernetes.{word}.request.cores`"),
                (_, false) => "write `1`; the pod's template says how much CPU it asks for".to_owned(),
            };
            findings
                .report(text, format!("the {role} cannot have `{text}` cores: they count its tasks, and are whole"))
                .subject(launch.subject(role))
                .help(help)
                .source("https://spark.apache.org/docs/latest/running-on-kubernetes.html#spark-properties");
        }
    }
}
