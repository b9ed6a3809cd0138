//! See `rules/spark/app-cpu-limit-below-request.md`.

use crate::fact::PartKind;
use crate::fact::spark::Operator;
use crate::finding::Level;
use crate::project::effective::{CpuLimit, Launch};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-cpu-limit-below-request",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-cpu-limit-below-request.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches {
        for pod in launch.pods.iter().filter(|pod| pod.asked) {
            let (CpuLimit::Is(limit), Some(request)) = (&pod.cpu_limit, &pod.cpu_request) else { continue };
            if !request.sure || limit.quantity >= request.quantity {
                continue;
            }
            let role = pod.role;
            let asks = match &request.text {
                Some(text) => format!("asks for `{text}`"),
                None => format!("asks for {} by default", request.quantity),
            };
            let wanted = request.text.as_ref().map_or_else(|| request.quantity.to_string(), ToString::to_string);
            let finding = findings.report(
                limit,
                format!("the {role} may use `{}` of CPU, but {asks}: its pod is refused", limit.memory()),
            );
            finding
                .subject(launch.subject(role))
                .label(request, format!("the {role} asks for this"))
                .help(format!("raise the limit to at least `{wanted}`, or ask for less with {}", ask_with(launch, role)))
                .source("https://spark.apache.org/docs/latest/running-on-kubernetes.html#spark-properties");
        }
    }
}

/// Where the pod's request is said apart from the cores.
fn ask_with(launch: &Launch<'_>, role: &str) -> String {
    match &launch.part.kind {
        PartKind::Application(application) if application.request.operator == Operator::Kubeflow => {
            format!("`{role}.coreRequest`")
        }
        PartKind::Application(application) if application.request.operator == Operator::Stackable => {
            format!("`{role}.config.resources.cpu.min`")
        }
        _ => format!("`spark.kubernetes.{role}.request.cores`"),
    }
}
