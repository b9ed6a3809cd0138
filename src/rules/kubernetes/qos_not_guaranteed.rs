//! See `rules/kubernetes/qos-not-guaranteed.md`.

use crate::fact::container::ContainerRole;
use crate::fact::PartKind;
use crate::finding::Level;
use crate::project::effective::{CpuLimit, Launch, SparkPod};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "qos-not-guaranteed",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/qos-not-guaranteed.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches.iter().filter(|launch| matches!(launch.part.kind, PartKind::Application(_))) {
        for pod in launch.pods.iter().filter(|pod| pod.asked && pod.is_sized()) {
            spark(launch, pod, findings);
        }
    }
    for pod in case.project.pods() {
        for container in pod.containers().filter(|c| c.role == ContainerRole::Main && c.computes()) {
            for name in ["cpu", "memory"] {
                let resource = container.resource(name);
                let request = resource.and_then(|r| r.request.as_ref());
                let limit = resource.and_then(|r| r.limit.as_ref());
                let (at, message) = match (request, limit) {
                    (Some(request), Some(limit)) if request.quantity != limit.quantity => {
                        (limit.text.span(), format!("the {name} limit `{}` is not the request `{}`", limit.text, request.text))
                    }
                    (Some(request), None) if container.resources_known => {
                        (request.text.span(), format!("the {name} request `{}` has no limit", request.text))
                    }
                    (None, None) if container.whole && container.resources_known => {
                        (container.resources_span.unwrap_or(container.span), format!("neither a request nor a limit of {name}"))
                    }
                    _ => continue,
                };
                let finding = findings.report(at, format!("`{}` is not in the QoS class Guaranteed: {message}", container.name));
                finding
                    .subject(format!("{}/{}/{name}", pod.part.name, container.name))
                    .help("write the same amount as request and as limit")
                    .source("https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/");
            }
        }
    }
}

/// A pod that Spark asks for: its memory's limit is its request unless something else limits it, its cores have no limit by themselves.
fn spark(launch: &Launch<'_>, pod: &SparkPod, findings: &mut Findings) {
    let mut report = |at: Span, what: &str, message: String| {
        findings
            .report(at, format!("the {} is not in the QoS class Guaranteed: {message}", pod.role))
            .subject(format!("{}/{what}", launch.subject(pod.role)))
            .help("give the pod the same amount as request and as limit")
            .source("https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/");
    };
    if let Some(request) = pod.cpu_request.as_ref().filter(|request| request.sure) {
        let asked = request.text.as_ref().map_or_else(|| request.quantity.to_string(), ToString::to_string);
        match &pod.cpu_limit {
            CpuLimit::None => {
                let at = request.span().unwrap_or(pod.span);
                report(at, "cpu", format!("it asks for {asked} of cpu and has no limit"));
            }
            CpuLimit::Is(limit) if limit.sure && limit.quantity > request.quantity => {
                let text = limit.text.as_ref().map_or_else(|| limit.quantity.to_string(), ToString::to_string);
                report(limit.span().unwrap_or(pod.span), "cpu", format!("its cpu limit {text} is not the {asked} that it asks for"));
            }
            CpuLimit::Is(_) | CpuLimit::Unknown => {}
        }
    }
    let sum = pod.memory().filter(|(_, sure)| *sure);
    if let (Some((sum, _)), Some(limit)) = (sum, &pod.memory_limit)
        && limit.quantity > sum
    {
        let at = limit.span().unwrap_or(pod.span);
        report(at, "memory", format!("it is limited to {} and asks for {} ({})", limit.memory(), sum.memory(), pod.sum()));
    }
}
