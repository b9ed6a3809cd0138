//! What Kubernetes objects claim: any kind that embeds a pod spec, at any depth, custom resources included.

mod container;
mod pod;
mod probe;
mod wait;

use super::{image, kubernetes};
use crate::compose::Composed;
use crate::compose::kustomize::Kustomize;
use crate::fact::workload::Manager;
use crate::fact::{Container, ContainerRole, Facts, Part, PartId, PartKind, Pod, Workload};
use crate::read::tree::{Kind, Node, NodeId};
use crate::source::{self, Source, Traced};
use std::collections::HashMap;

/// The facts of one object; nothing where it holds no pod spec.
pub fn claim(source: &Source, object: Node<'_>, composed: &Composed) -> Facts {
    let mut facts = Facts::default();
    let (kind, name) = (kubernetes::kind(object), kubernetes::name(object));
    let part = PartId(0);
    let is_test = source.path.contains("templates/tests/") || is_hook(object);
    let is_patch = composed.kustomize.is_patch(&source.path) || Kustomize::is_called_patch(source.name());
    let fragment = is_test || is_patch && !Kustomize::is_built(&source.path);
    let patched = composed.kustomize.is_patched(&source.path, &kind, &name.value);
    let mut workload = Workload {
        api_version: kubernetes::api_version(object),
        namespace: kubernetes::namespace(object),
        name: name.value,
        replicas: spec_field(object, !fragment && !patched),
        selector: kubernetes::labels(object.path(&["spec", "selector", "matchLabels"]), true),
        pods: Vec::new(),
        containers: Vec::new(),
        managers: managers(object),
        binds: Vec::new(),
        service: None,
        fragment,
        kind,
    };
    let whole = workload.is_plain() && !fragment && !patched;
    (workload.pods, workload.containers) = pods(object, whole, part, &mut facts);
    // A chart with every switch on may have switched off what it ships: there, what is missing says nothing.
    if source::is_switched_on(source.folder()) {
        for container in &mut workload.containers {
            container.whole = false;
            container.resources_known &= container.resources_span.is_some();
        }
    }
    // Flink's operator makes the pods itself, from one image.
    let flink = workload.api_version.starts_with("flink.apache.org/");
    if let Some(reference) = object.path(&["spec", "image"]).filter(|_| flink).and_then(Node::text) {
        image::runs(&mut facts, part, None, reference);
    }
    for (slot, written) in templated_images(object) {
        if let Some(name) = composed.helm.image_name(&source.path, written) {
            image::runs_untagged(&mut facts, part, slot, written, &name);
        }
    }
    if workload.containers.is_empty() && workload.managers.is_empty() && facts.images.is_empty() {
        return Facts::default();
    }
    facts.add(Part {
        name: kubernetes::title(object),
        span: name.span,
        folder: source.folder().to_owned(),
        kind: PartKind::Workload(workload),
    });
    facts
}

/// Flink's managers, which its operator makes of a few fields.
fn managers(object: Node<'_>) -> Vec<Manager> {
    let of = |role: &'static str| {
        let resource = object.get("spec")?.get(role)?.get("resource")?;
        let text = |field: &str| resource.get(field).and_then(Node::text).cloned();
        Some(Manager { role, cores: text("cpu"), memory: text("memory") })
    };
    ["jobManager", "taskManager"].into_iter().filter_map(of).collect()
}

fn spec_field(object: Node<'_>, whole: bool) -> crate::fact::Field<i64> {
    object.get("spec").map_or(crate::fact::Field::Unknown, |spec| kubernetes::field(spec, "replicas", whole, Node::int))
}

/// A chart's own test, or a hook that Helm runs once and takes away.
fn is_hook(object: Node<'_>) -> bool {
    object.path(&["metadata", "annotations", "helm.sh/hook"]).and_then(Node::str).is_some_and(|h| h.starts_with("test"))
}

/// Images whose names a template makes, as they are written, with their containers' slots.
fn templated_images(object: Node<'_>) -> Vec<(Option<String>, &Traced)> {
    let specs = pod_specs(object);
    specs.iter().flat_map(|spec| &spec.containers).filter_map(|(container, _)| templated_image(*container)).collect()
}

fn templated_image(container: Node<'_>) -> Option<(Option<String>, &Traced)> {
    let image = container.get("image").filter(|image| image.is_templated())?;
    let Kind::Scalar { text, .. } = image.kind() else { return None };
    if !text.as_str().contains("{{") {
        return None;
    }
    Some((slot(container.get("name").and_then(Node::str).unwrap_or("?")), text))
}

/// The lists that hold containers: Kubernetes' own, and the operators' `sidecars`.
const LISTS: [(&str, ContainerRole); 3] =
    [("initContainers", ContainerRole::Init), ("containers", ContainerRole::Main), ("sidecars", ContainerRole::Main)];

/// Fields by which an item of such a list is known to be a container.
const OWN_FIELDS: [&str; 4] = ["name", "image", "securityContext", "resources"];

/// A container's own slot. In a Spark application's pod templates, these two are the application itself.
fn slot(name: &str) -> Option<String> {
    let spark = ["spark-kubernetes-driver", "spark-kubernetes-executor"].contains(&name);
    (!spark).then(|| name.to_owned())
}

/// A mapping that holds containers, and the object or template around it.
struct PodSpec<'t> {
    node: Node<'t>,
    owner: Option<Node<'t>>,
    containers: Vec<(Node<'t>, ContainerRole)>,
}

/// The pods and containers of every pod spec below a node. `whole` says that nothing else writes to them.
pub fn pods(object: Node<'_>, whole: bool, part: PartId, facts: &mut Facts) -> (Vec<Pod>, Vec<Container>) {
    let (mut pods, mut containers) = (Vec::new(), Vec::new());
    for spec in pod_specs(object) {
        let number = pods.len();
        let mut pod = pod::pod(spec.node, spec.owner, object, whole);
        for (node, role) in spec.containers {
            pod.references.extend(container::references(node));
            let around = container::Around { pod: number, alone: whole, whole: pod.whole && !spec.node.is_open() };
            containers.push(container::container(node, role, around, part, facts));
        }
        pods.push(pod);
    }
    (pods, containers)
}

/// Where containers are written below a node. Anchored ones are met once, where they are written.
fn pod_specs(object: Node<'_>) -> Vec<PodSpec<'_>> {
    let mappings = kubernetes::mappings(object);
    let spec_of = |node: &Node<'_>| node.entries().find(|(e, _)| e.key.as_str() == "spec").map(|(_, v)| v.id());
    let owners: HashMap<NodeId, Node<'_>> = mappings.iter().filter_map(|node| Some((spec_of(node)?, *node))).collect();
    let mut found = Vec::new();
    for node in mappings {
        let own = |key: &str| node.entries().find(|(e, _)| e.key.as_str() == key).map(|(_, value)| value);
        let mut containers = Vec::new();
        for (key, role) in LISTS {
            let items = own(key).into_iter().flat_map(Node::items);
            let items = items.filter(|item| OWN_FIELDS.iter().any(|field| item.get(field).is_some()));
            containers.extend(items.map(|item| (item, role)));
        }
        // Argo's templates hold one container each.
        let single = ["container", "script"].into_iter().filter_map(own);
        let single = single.filter(|one| one.is_mapping() && one.get("image").is_some());
        containers.extend(single.map(|one| (one, ContainerRole::Main)));
        if !containers.is_empty() {
            found.push(PodSpec { node, owner: owners.get(&node.id()).copied(), containers });
        }
    }
    found
}
