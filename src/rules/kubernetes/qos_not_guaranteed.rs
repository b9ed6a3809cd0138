//! See `rules/kubernetes/qos-not-guaranteed.md`.

use crate::fact::container::ContainerRole;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

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
