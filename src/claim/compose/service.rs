//! A service of a compose file as the container that it becomes.

use super::{filled, scalar};
use crate::compose::environment::Environment;
use crate::fact::container::{Amount, Container, ContainerRole, Resource, Variable};
use crate::fact::pod::Security;
use crate::fact::quantity::Quantity;
use crate::read::shell::Given;
use crate::read::tree::Node;
use crate::source::{Source, Traced, join};

/// More variables than this no service has.
pub(super) const MAX_VARIABLES: usize = 1024;

/// What is known of a service's container: its words, its variables and its limit of memory.
pub(super) fn container(
    source: &Source,
    name: &Traced,
    service: Node<'_>,
    environment: &Environment,
    given: &Given,
) -> Container {
    let files = env_files(service).into_iter().map(|file| {
        let path = join(source.folder(), file?.as_str())?;
        environment.file(&path)
    });
    let files: Vec<Option<&[(Traced, Traced)]>> = files.collect();
    // A default in the file is there to be overridden: what stands for it is not known.
    let has_default = |value: &Traced| value.as_str().contains("${") && value.as_str().contains('-');
    let value = |value: &Traced| {
        let known = value.as_str().contains('$') && !has_default(value);
        known.then(|| filled(value, given)).flatten().unwrap_or_else(|| value.clone())
    };
    let variable =
        |(name, text): &(Traced, Traced)| Variable { name: name.clone(), value: Some(value(text)), key: None };
    let of_files = files.iter().copied().flatten().flatten().map(variable);
    let words = |key: &str| -> Vec<Traced> {
        let node = service.get(key);
        node.into_iter().flat_map(Node::items).chain(node).filter_map(scalar).cloned().collect()
    };
    Container {
        name: name.to_string(),
        role: ContainerRole::Main,
        span: name.span(),
        pod: 0,
        image: service.get("image").and_then(scalar).and_then(|image| filled(image, given)),
        pull_policy: None,
        command: words("entrypoint").into_iter().chain(words("command")).collect(),
        // The last one counts, and what the service says itself comes after its files.
        env: of_files.chain(own(service).iter().map(variable)).take(MAX_VARIABLES).collect(),
        env_from: Vec::new(),
        env_known: files.iter().all(Option::is_some),
        ports: Vec::new(),
        ports_known: false,
        mounts: Vec::new(),
        security: Security::default(),
        pre_stop: None,
        probes: Vec::new(),
        resources: memory(service, given).into_iter().collect(),
        resources_known: false,
        resources_span: None,
        unreadable: Vec::new(),
        whole: false,
    }
}

/// The files that `env_file` names: one, a list, or mappings with a `path`. None for one that is not known.
fn env_files<'t>(service: Node<'t>) -> Vec<Option<&'t Traced>> {
    let Some(node) = service.get("env_file") else { return Vec::new() };
    let path = |item: Node<'t>| item.get("path").map_or_else(|| scalar(item), scalar);
    if node.is_sequence() { node.items().map(path).collect() } else { vec![path(node)] }
}

/// The variables of a service, as a mapping or as `NAME=value`.
pub(super) fn own(service: Node<'_>) -> Vec<(Traced, Traced)> {
    let Some(node) = service.get("environment") else { return Vec::new() };
    let named = node.entries().filter_map(|(entry, value)| Some((entry.key.clone(), scalar(value)?.clone())));
    let items = node.items().filter_map(|item| {
        let text = scalar(item)?;
        let at = text.as_str().find('=')?;
        Some((text.slice(0..at), text.slice(at + 1..text.as_str().len())))
    });
    named.chain(items).take(MAX_VARIABLES).collect()
}

/// The limit of memory: `mem_limit`, or what is deployed. Docker's sizes are those of Spark, without a unit bytes.
fn memory(service: Node<'_>, given: &Given) -> Option<Resource> {
    let deployed = || service.path(&["deploy", "resources", "limits", "memory"]);
    let text = filled(service.get("mem_limit").or_else(deployed).and_then(scalar)?, given)?;
    let quantity = Quantity::parse_spark_bytes(text.as_str())?;
    Some(Resource { name: "memory".to_owned(), request: None, limit: Some(Amount { text, quantity }) })
}
