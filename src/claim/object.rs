//! What Kubernetes objects say beside their pods: Services, Ingresses, autoscalers, policies.

use super::kubernetes::port_name;
use super::{embedded, kubernetes};
use crate::fact::object::{ConfigMap, Ingress, Object, ObjectBody, Seccomp, Service, ServicePort, Target};
use crate::read::tree::Node;
use crate::source::{Source, Spanned, Traced};

/// The facts of one object.
pub fn claim(source: &Source, object: Node<'_>) -> Object {
    let name = kubernetes::name(object);
    let annotations = object.path(&["metadata", "annotations"]).into_iter().flat_map(Node::entries);
    let annotations = annotations.filter_map(|(entry, value)| Some((entry.key.clone(), value.text()?.clone())));
    Object {
        api_version: object.get("apiVersion").and_then(Node::text).cloned(),
        kind: kubernetes::kind(object),
        name: name.value,
        span: name.span,
        namespace: kubernetes::namespace(object),
        folder: source.folder().to_owned(),
        annotations: annotations.collect(),
        annotations_known: object.get("metadata").is_some_and(|metadata| {
            kubernetes::is_closed(metadata) && metadata.get("annotations").is_none_or(kubernetes::is_closed)
        }),
        asks_cluster: object.tree().asks_cluster,
        in_chart: source.path.split('/').any(|folder| folder == "templates"),
        makes: makes(object),
        body: body(object),
    }
}

/// Keys under which custom resources name what they make.
const NAMES: [&str; 5] = ["secretName", "name", "configMapName", "claimName", "targetName"];

/// Names of objects that a custom resource asks its controller for.
fn makes(object: Node<'_>) -> Vec<String> {
    if !kubernetes::api_version(object).contains('.') {
        return Vec::new();
    }
    let entries = kubernetes::mappings(object).into_iter().flat_map(Node::entries);
    let named = entries.filter(|(entry, _)| NAMES.contains(&entry.key.as_str()));
    named.filter_map(|(_, value)| value.str()).map(str::to_owned).collect()
}

/// A profile of system calls; None for any other document.
pub fn seccomp(root: Node<'_>) -> Option<Seccomp> {
    let (key, default) = root.entry("defaultAction")?;
    let default = default.text().filter(|text| text.as_str().starts_with("SCMP_ACT_"))?.clone();
    let mut calls = Vec::new();
    for rule in root.get("syscalls").into_iter().flat_map(Node::items) {
        let action = rule.get("action").and_then(Node::str).unwrap_or_default();
        // A rule for some arguments only says nothing of the call as a whole.
        let is_partial = rule.get("args").is_some_and(|args| args.items().next().is_some());
        let names = rule.get("names").into_iter().flat_map(Node::items).chain(rule.get("name"));
        let names = names.filter(|_| !(is_partial && action != "SCMP_ACT_ALLOW"));
        calls.extend(names.filter_map(|name| Some((name.text()?.clone(), action.to_owned()))));
    }
    Some(Seccomp { span: key.span(), default, calls })
}

fn body(object: Node<'_>) -> ObjectBody {
    let kind = kubernetes::kind(object);
    let group = kubernetes::api_version(object);
    if kind == "ConfigMap" {
        return ObjectBody::ConfigMap(ConfigMap { heartbeat: embedded::heartbeat(object) });
    }
    let Some(spec) = object.get("spec") else { return ObjectBody::Other };
    match kind.as_str() {
        "Service" if group == "v1" => ObjectBody::Service(service(spec)),
        "Ingress" => ObjectBody::Ingress(ingress(spec)),
        "HorizontalPodAutoscaler" | "ScaledObject" => target(spec).map_or(ObjectBody::Other, ObjectBody::Autoscaler),
        "NetworkPolicy" if group.starts_with("networking.k8s.io/") => {
            let selector = spec.get("podSelector");
            let all = selector.is_none_or(|s| s.entries().next().is_none() && kubernetes::is_closed(s));
            let expressions = selector.is_some_and(|s| s.get("matchExpressions").is_some());
            let labels = || kubernetes::labels(selector.and_then(|s| s.get("matchLabels")), true);
            // What expressions select is not known; it is taken to be everything, so that nothing is said.
            ObjectBody::NetworkPolicy((!all && !expressions).then(labels))
        }
        "Rollout" => ObjectBody::Weights(weights(spec)),
        _ => ObjectBody::Other,
    }
}

fn service(spec: Node<'_>) -> Service {
    let ports = spec.get("ports").into_iter().flat_map(Node::items);
    Service {
        service_type: spec.get("type").and_then(Node::text).cloned(),
        selector: kubernetes::labels(spec.get("selector"), true),
        ports: ports.filter_map(service_port).collect(),
        has_source_ranges: spec.get("loadBalancerSourceRanges").is_some(),
    }
}

fn service_port(item: Node<'_>) -> Option<ServicePort> {
    let port = item.get("port")?;
    Some(ServicePort {
        name: item.get("name").and_then(Node::text).cloned(),
        port: Spanned::new(port.int()?, port.span()),
        target: item.get("targetPort").and_then(port_name),
    })
}

fn ingress(spec: Node<'_>) -> Ingress {
    let mut backends = Vec::new();
    let rules = spec.get("rules").into_iter().flat_map(Node::items);
    let paths = rules.filter_map(|rule| rule.path(&["http", "paths"])).flat_map(Node::items);
    let defaults = [spec.get("backend"), spec.get("defaultBackend")];
    for backend in paths.filter_map(|path| path.get("backend")).chain(defaults.into_iter().flatten()) {
        backends.extend(backend_of(backend));
    }
    Ingress { has_tls: spec.get("tls").is_some() || !kubernetes::is_closed(spec), backends }
}

fn backend_of(backend: Node<'_>) -> Option<(Traced, Option<crate::fact::container::PortName>)> {
    if let Some(name) = backend.get("serviceName").and_then(Node::text) {
        return Some((name.clone(), backend.get("servicePort").and_then(port_name)));
    }
    let service = backend.get("service")?;
    let port = service.path(&["port", "number"]).or_else(|| service.path(&["port", "name"]));
    Some((service.get("name")?.text()?.clone(), port.and_then(port_name)))
}

fn target(spec: Node<'_>) -> Option<Target> {
    let reference = spec.get("scaleTargetRef")?;
    let kind = reference.get("kind").and_then(Node::str).unwrap_or("Deployment").to_owned();
    Some(Target { kind, name: reference.get("name")?.text()?.clone() })
}

/// The weights of a Rollout's canary steps.
fn weights(spec: Node<'_>) -> Vec<Spanned<i64>> {
    let steps = spec.path(&["strategy", "canary", "steps"]).into_iter().flat_map(Node::items);
    steps.filter_map(|step| step.get("setWeight").and_then(|n| Some(Spanned::new(n.int()?, n.span())))).collect()
}
