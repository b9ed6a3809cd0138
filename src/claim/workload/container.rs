//! What a container says.

use super::super::{image, kubernetes};
use super::{pod, probe, slot, wait};
use crate::fact::container::{Amount, Container, ContainerRole, EnvFrom, Mount, Port, Resource, Variable};
use crate::fact::pod::{Reference, Referent};
use crate::fact::quantity::Quantity;
use crate::fact::{Facts, PartId, Unresolved};
use crate::read::tree::{Entry, Node};
use crate::source::{Span, Spanned, Traced};

/// What is known of the pod around a container.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// Which of its workload's pods it is.
    pub(super) pod: usize,
    /// No patch, operator or test stands behind the object.
    pub(super) alone: bool,
    /// Nor does a template write to the pod.
    pub(super) whole: bool,
}

/// A container's facts.
pub(super) fn container(
    node: Node<'_>,
    role: ContainerRole,
    around: Around,
    part: PartId,
    facts: &mut Facts,
) -> Container {
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
    // Without an image it is a patch of a container that stands elsewhere.
    let Around { pod, whole, .. } = around;
    let may_lack_image = whole && slot(&name).is_some() && kubernetes::is_closed(node);
    let whole = whole && node.get("image").is_some() && kubernetes::is_closed(node);
    let list = |key: &str| node.get(key).into_iter().flat_map(Node::items);
    let known = |key: &str| whole && node.get(key).is_none_or(|n| n.is_null() || kubernetes::is_closed(n));
    let closed = |key: &str| known(key) && list(key).all(kubernetes::is_closed);
    // The names of ports are looked up in the container itself, whatever its image: only Spark's own containers are completed.
    // A template writes into a list that is there, it does not write a second one.
    let ports_known = list("ports").all(kubernetes::is_closed)
        && match node.get("ports") {
            Some(ports) if !ports.is_null() => around.alone && slot(&name).is_some() && kubernetes::is_closed(ports),
            _ => may_lack_image,
        };
    let resources_known = known("resources")
        && ["requests", "limits"].iter().all(|key| {
            node.path(&["resources", key]).is_none_or(|list| {
                list.is_null() || kubernetes::is_closed(list) && list.entries().all(|(_, v)| v.text().is_some())
            })
        });
    let (resources, unreadable) = resources(node, facts);
    let words = |key: &str| kubernetes::words(node.get(key));
    Container {
        role,
        span: node.get("name").map_or_else(|| node.span(), Node::site),
        pod,
        image: node.get("image").and_then(Node::text).cloned(),
        pull_policy: node.get("imagePullPolicy").and_then(Node::str).map(str::to_owned),
        command: words("command").into_iter().chain(words("args")).collect(),
        env: list("env").filter_map(variable).collect(),
        env_from: list("envFrom").filter_map(env_from).collect(),
        env_known: closed("env") && node.get("envFrom").is_none(),
        ports: list("ports").filter_map(port).collect(),
        ports_known,
        mounts: list("volumeMounts").filter_map(mount).collect(),
        security: node.get("securityContext").map_or_else(|| pod::none(whole), |context| pod::security(context, whole)),
        pre_stop: node.path(&["lifecycle", "preStop"]).and_then(wait::pre_stop),
        probes: probe::probes(node),
        resources,
        resources_known,
        resources_span: node.entry("resources").map(|(key, value)| where_empty(key, value)),
        unreadable,
        whole,
        name,
    }
}

fn variable(item: Node<'_>) -> Option<Variable> {
    let value = item.get("value").and_then(Node::text).cloned();
    let reference = item.path(&["valueFrom", "configMapKeyRef"]);
    let key = reference.and_then(|r| Some((r.get("name")?.text()?.clone(), r.get("key")?.str()?.to_owned())));
    Some(Variable { name: item.get("name")?.text()?.clone(), value, key })
}

fn env_from(item: Node<'_>) -> Option<EnvFrom> {
    let map = item.path(&["configMapRef", "name"])?.text()?.clone();
    Some(EnvFrom { map, prefix: item.get("prefix").and_then(Node::str).unwrap_or_default().to_owned() })
}

fn mount(item: Node<'_>) -> Option<Mount> {
    let sub_path = item.get("subPath").or_else(|| item.get("subPathExpr"));
    Some(Mount {
        volume: item.get("name")?.text()?.clone(),
        path: item.get("mountPath").and_then(Node::text).cloned(),
        // What is not known stands nowhere.
        sub_path: sub_path.map_or(String::new(), |node| node.str().unwrap_or("?").to_owned()),
    })
}

fn port(item: Node<'_>) -> Option<Port> {
    let number = item.get("containerPort").and_then(|n| Some(Spanned::new(n.int()?, n.span())));
    let name = item.get("name").and_then(Node::text).cloned();
    let is_datagram = matches!(item.get("protocol").and_then(Node::str), Some("UDP" | "SCTP"));
    item.is_mapping().then_some(Port { name, number, is_datagram })
}

/// Where resources are to be written: a value of a chart that is empty is filled where it stands.
fn where_empty(key: &Traced, value: Node<'_>) -> Span {
    let is_elsewhere = value.is_mapping() && value.entries().next().is_none() && value.span().file != key.span().file;
    if is_elsewhere { value.span() } else { key.span() }
}

/// What the environment takes from other objects.
pub(super) fn references(container: Node<'_>) -> Vec<Reference> {
    let list = |key: &str| container.get(key).into_iter().flat_map(Node::items);
    let mut found = Vec::new();
    for source in list("env").filter_map(|item| item.get("valueFrom")) {
        found.extend(pod::named(source.get("configMapKeyRef"), "name", Referent::ConfigMap));
        found.extend(pod::named(source.get("secretKeyRef"), "name", Referent::Secret));
    }
    for source in list("envFrom") {
        found.extend(pod::named(source.get("configMapRef"), "name", Referent::ConfigMap));
        found.extend(pod::named(source.get("secretRef"), "name", Referent::Secret));
    }
    found
}

/// Requests and limits by name, and the amounts that are no quantities.
fn resources(container: Node<'_>, facts: &mut Facts) -> (Vec<Resource>, Vec<(String, Traced)>) {
    let Some(node) = container.get("resources") else { return Default::default() };
    if node.is_open() || node.is_templated() {
        facts.unresolved.push(Unresolved { span: node.span(), why: "a template makes the resources".into() });
    }
    let amounts = |key: &str| node.get(key).map_or_else(Vec::new, |list| list.entries().collect());
    let (requests, limits): (Vec<_>, Vec<_>) = (amounts("requests"), amounts("limits"));
    let mut names: Vec<&str> = requests.iter().chain(&limits).map(|(e, _)| e.key.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let text = |list: &[(&Entry, Node<'_>)], name: &str| {
        list.iter().rev().find(|(e, _)| e.key.as_str() == name).and_then(|(_, n)| n.text()).cloned()
    };
    let mut unreadable = Vec::new();
    let mut amount = |list: &[(&Entry, Node<'_>)], name: &str| {
        let text = text(list, name)?;
        let quantity = Quantity::parse(text.as_str());
        if quantity.is_none() {
            unreadable.push((name.to_owned(), text.clone()));
        }
        Some(Amount { text, quantity: quantity? })
    };
    let mut found = Vec::new();
    for name in names {
        let (request, limit) = (amount(&requests, name), amount(&limits, name));
        found.push(Resource { name: name.to_owned(), request, limit });
    }
    (found, unreadable)
}
