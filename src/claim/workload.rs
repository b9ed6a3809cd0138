//! What Kubernetes objects claim: any kind that embeds a pod spec, at any depth, custom resources included.

use super::{image, kubernetes};
use crate::compose::helm::Helm;
use crate::fact::quantity::Quantity;
use crate::fact::workload::{Amount, Effective};
use crate::fact::{
    Container, ContainerRole, Facts, Part, PartId, PartKind, Probe, ProbeKind, Resource, Unresolved, Workload,
};
use crate::read::tree::{Kind, Node};
use crate::source::{Source, Spanned, Traced};

/// The facts of one object; nothing where it holds no pod spec.
pub fn claim(source: &Source, object: Node<'_>, helm: &Helm) -> Facts {
    let mut facts = Facts::default();
    let (kind, name) = (kubernetes::kind(object), kubernetes::name(object));
    let part = PartId(0);
    let containers = containers(object, part, &mut facts);
    // Flink's operator makes the pods itself, from one image.
    let flink = kubernetes::api_version(object).starts_with("flink.apache.org/");
    if let Some(reference) = object.path(&["spec", "image"]).filter(|_| flink).and_then(Node::text) {
        image::runs(&mut facts, part, None, reference);
    }
    for (slot, written) in templated_images(object) {
        if let Some(name) = helm.image_name(&source.path, written) {
            image::runs_untagged(&mut facts, part, slot, written, &name);
        }
    }
    if containers.is_empty() && facts.images.is_empty() {
        return Facts::default();
    }
    let namespace = kubernetes::namespace(object);
    facts.add(Part {
        name: kubernetes::title(object),
        span: name.span,
        folder: source.folder().to_owned(),
        kind: PartKind::Workload(Workload {
            api_version: kubernetes::api_version(object),
            kind,
            namespace,
            name: name.value,
            containers,
        }),
    });
    facts
}

/// Images whose names a template makes, as they are written, with their containers' slots.
fn templated_images(object: Node<'_>) -> Vec<(Option<String>, &Traced)> {
    container_nodes(object).into_iter().filter_map(|(container, _)| templated_image(container)).collect()
}

fn templated_image(container: Node<'_>) -> Option<(Option<String>, &Traced)> {
    let image = container.get("image").filter(|image| image.is_templated())?;
    let Kind::Scalar { text, .. } = image.kind() else { return None };
    Some((slot(container.get("name").and_then(Node::str).unwrap_or("?")), text))
}

/// The lists that hold containers: Kubernetes' own, and the operators' `sidecars`.
const LISTS: [(&str, ContainerRole); 3] =
    [("initContainers", ContainerRole::Init), ("containers", ContainerRole::Main), ("sidecars", ContainerRole::Main)];

/// A container's own slot. In a Spark application's pod templates, these two are the application itself.
fn slot(name: &str) -> Option<String> {
    let spark = ["spark-kubernetes-driver", "spark-kubernetes-executor"].contains(&name);
    (!spark).then(|| name.to_owned())
}

/// The containers of every pod spec below a node. Anchored ones are met once, where they are written.
pub fn containers(object: Node<'_>, part: PartId, facts: &mut Facts) -> Vec<Container> {
    container_nodes(object).into_iter().map(|(node, role)| container(node, role, part, facts)).collect()
}

/// Where containers are written below a node, with the role of the place.
fn container_nodes(object: Node<'_>) -> Vec<(Node<'_>, ContainerRole)> {
    let mut found = Vec::new();
    for node in kubernetes::mappings(object) {
        let own = |key: &str| node.entries().find(|(e, _)| e.key.as_str() == key).map(|(_, value)| value);
        for (key, role) in LISTS {
            let items = own(key).into_iter().flat_map(Node::items);
            let items = items.filter(|item| item.get("name").is_some() || item.get("image").is_some());
            found.extend(items.map(|item| (item, role)));
        }
        // Argo's templates hold one container each.
        let single = ["container", "script"].into_iter().filter_map(own);
        let single = single.filter(|one| one.is_mapping() && one.get("image").is_some());
        found.extend(single.map(|one| (one, ContainerRole::Main)));
    }
    found
}

fn container(node: Node<'_>, role: ContainerRole, part: PartId, facts: &mut Facts) -> Container {
    let restarts = node.get("restartPolicy").and_then(Node::str) == Some("Always");
    let role = if role == ContainerRole::Init && restarts { ContainerRole::Sidecar } else { role };
    let name = node.get("name").and_then(Node::str).unwrap_or("?").to_owned();
    match node.get("image").map(|image| (image, image.text())) {
        Some((_, Some(reference))) => image::runs(facts, part, slot(&name), reference),
        Some((image, None)) if image.is_templated() => {
            facts.unresolved.push(Unresolved { span: image.span(), why: "a template makes the image's name".into() });
        }
        _ => {}
    }
    let span = node.get("name").map_or_else(|| node.span(), Node::span);
    Container { name, role, span, probes: probes(node), resources: resources(node, facts) }
}

fn probes(container: Node<'_>) -> Vec<Probe> {
    let kinds = [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup];
    kinds
        .into_iter()
        .filter_map(|kind| {
            let (key, node) = container.entry(kind.field())?;
            node.is_mapping().then(|| probe(kind, key.span(), node))
        })
        .collect()
}

/// Kubernetes fills in a default where a field is missing or 0 (`pkg/apis/core/v1/defaults.go`, `SetDefaults_Probe`).
fn probe(kind: ProbeKind, span: crate::source::Span, node: Node<'_>) -> Probe {
    const WHY: &str = "the API server's default";
    let field = |key: &str, default: i64| {
        let written = node.get(key).and_then(|n| Some(Spanned::new(n.int()?, n.span())));
        Effective::or_default(written.filter(|w| w.value != 0), default, WHY)
    };
    let fields = ["periodSeconds", "timeoutSeconds", "failureThreshold", "initialDelaySeconds"];
    let unknown = |key: &&str| node.get(key).is_some_and(|n| n.int().is_none());
    // Without a handler it is a patch of a probe that stands elsewhere: what it leaves out is not the default.
    let has_handler = ["httpGet", "exec", "tcpSocket", "grpc"].iter().any(|handler| node.get(handler).is_some());
    let is_patch = !has_handler && ["periodSeconds", "timeoutSeconds"].iter().any(|key| node.get(key).is_none());
    Probe {
        kind,
        span,
        period: field("periodSeconds", 10),
        timeout: field("timeoutSeconds", 1),
        failure_threshold: field("failureThreshold", 3),
        initial_delay: field("initialDelaySeconds", 0),
        partial: is_patch || node.is_open() || node.is_templated() || fields.iter().any(unknown),
    }
}

fn resources(container: Node<'_>, facts: &mut Facts) -> Vec<Resource> {
    let Some(node) = container.get("resources") else { return Vec::new() };
    if node.is_open() || node.is_templated() {
        facts.unresolved.push(Unresolved { span: node.span(), why: "a template makes the resources".into() });
    }
    let amounts = |key: &str| node.get(key).map_or_else(Vec::new, |list| list.entries().collect());
    let (requests, limits) = (amounts("requests"), amounts("limits"));
    let mut names: Vec<&str> = requests.iter().chain(&limits).map(|(e, _)| e.key.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let amount = |list: &[(&crate::read::tree::Entry, Node<'_>)], name: &str| {
        let text = list.iter().rev().find(|(e, _)| e.key.as_str() == name).and_then(|(_, n)| n.text())?;
        Some(Amount { text: text.clone(), quantity: Quantity::parse(text.as_str())? })
    };
    let resource =
        |name: &str| Resource { name: name.to_owned(), request: amount(&requests, name), limit: amount(&limits, name) };
    names.into_iter().map(resource).collect()
}
