//! See `rules/kubernetes/probe-missing.md`.

use crate::fact::Workload;
use crate::fact::container::{Container, ContainerRole, ProbeKind};
use crate::fact::object::{Object, Service, ServicePort};
use crate::finding::Level;
use crate::project::cluster::PodView;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-missing",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-missing.md"),
    check,
};

const BOTH: &str = "add a `readinessProbe` that answers once requests can be served, and a more patient `livenessProbe`";

fn check(case: &Case, findings: &mut Findings) {
    for pod in case.project.pods().filter(|pod| pod.workload.is_some_and(Workload::serves)) {
        let services = case.project.services_of(pod);
        for container in pod.containers().filter(|c| c.role == ContainerRole::Main && c.whole) {
            let Some((at, why)) = asked(pod, container, &services) else { continue };
            let lacks = |kind: ProbeKind| container.probe(kind).is_none();
            let (missing, help) = match (lacks(ProbeKind::Readiness), lacks(ProbeKind::Liveness)) {
                (true, true) => ("neither a readiness nor a liveness probe", BOTH),
                (true, false) => ("no readiness probe", "add a `readinessProbe` that answers once requests can be served"),
                (false, true) => ("no liveness probe", "add a `livenessProbe` that is more patient than the readiness probe"),
                (false, false) => continue,
            };
            findings
                .report(container.span, format!("the container `{}` has {missing}, though {why}", container.name))
                .subject(format!("{}/{}", pod.part.name, container.name))
                .label(at, "this makes it a server")
                .help(help)
                .source("https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/");
        }
    }
}

/// Why others call a container: it starts a server of Spark, or it is the one behind a Service's port.
fn asked(pod: PodView<'_>, container: &Container, services: &[(&Object, &Service)]) -> Option<(Span, String)> {
    if let Some((at, server)) = container.spark_server() {
        return Some((at.span(), format!("it serves Spark with `{server}`")));
    }
    let alone = pod.containers().filter(|c| c.role == ContainerRole::Main).count() == 1;
    let serves = |port: &ServicePort| match &port.target {
        Some(target) => container.has_port(target),
        None => container.ports.iter().any(|own| own.number.is_some_and(|n| n.value == port.port.value)),
    };
    let is_called = |object: &Object, service: &Service| !service.is_for_metrics() && !object.is_called_for_metrics() && (alone || service.ports.iter().any(|port| !port.is_for_metrics() && serves(port)));
    let (service, _) = services.iter().find(|(object, service)| is_called(object, service))?;
    let name = if service.name == "?" { "a Service".to_owned() } else { format!("the Service `{}`", service.name) };
    Some((service.span, format!("{name} sends it requests")))
}
