//! What compose files run: each service is a workload; services that name another one as their master form one cluster.

mod service;

use super::{image, python, submit};
use crate::compose::environment::Environment;
use crate::fact::{ConfSetting, Facts, Image, ImageName, ImageUse, Part, PartId, PartKind, Service, Via, Workload};
use crate::read::shell::{self, Dialect, Given};
use crate::read::tree::{Kind, Node};
use crate::source::{Source, Traced, join};

/// What a workload of a compose file is called.
pub const KIND: &str = "compose service";

/// More volumes than this no service has.
const MAX_VOLUMES: usize = 256;

/// More services than this are no compose file that a person wrote.
const MAX_SERVICES: usize = 512;

/// The services of a compose file; false where the document is none.
pub fn claim(source: &Source, root: Node<'_>, environment: &Environment, facts: &mut Facts) -> bool {
    let Some(services) = root.get("services").filter(|services| services.is_mapping()) else { return false };
    let is_service = |node: &Node<'_>| node.get("image").is_some() || node.get("build").is_some();
    if !services.entries().any(|(_, service)| is_service(&service)) {
        return false;
    }
    let given = environment.given(source.folder());
    for (entry, service) in services.entries().take(MAX_SERVICES) {
        let name = entry.key.as_str();
        let variables = service::own(service);
        let part = facts.add(Part {
            name: format!("{}: {name}", source.path),
            span: entry.key.span(),
            folder: source.folder().to_owned(),
            kind: PartKind::Workload(Workload {
                kind: KIND.to_owned(),
                name: name.to_owned(),
                binds: binds(source, service),
                service: Some(Box::new(service::container(source, &entry.key, service, environment, &given))),
                ..Workload::default()
            }),
        });
        let called = ["container_name", "hostname"].into_iter().filter_map(|key| service.get(key)?.str());
        let names = std::iter::once(name).chain(called).map(str::to_owned).collect();
        facts.versions.extend(python::claim_environment(part, &variables));
        facts.services.push(Service { part, names });
        runs(source, facts, part, &entry.key, service, &given);
        for (key, scheme) in [("spark.master", "spark://"), ("spark.remote", "sc://")] {
            if let Some(address) = address(service, scheme) {
                let key = Traced::literal(key, address.span());
                facts.settings.push(ConfSetting { part, key, value: Some(address), via: Via::Submit, slot: None });
            }
        }
        submit::claim_below(source, root, service, facts, part);
    }
    true
}

/// The bind mounts of a service, short (`./conf:/opt/spark/conf:ro`) and long.
fn binds(source: &Source, service: Node<'_>) -> Vec<(String, Traced)> {
    let volumes = service.get("volumes").into_iter().flat_map(Node::items).take(MAX_VOLUMES);
    let bind = |volume: Node<'_>| {
        let (from, to) = if volume.is_mapping() {
            (scalar(volume.get("source")?)?.to_string(), scalar(volume.get("target")?)?.clone())
        } else {
            let text = scalar(volume)?;
            let (from, rest) = text.as_str().split_once(':')?;
            let start = from.len() + 1;
            let end = rest.find(':').map_or(text.as_str().len(), |at| start + at);
            (from.to_owned(), text.slice(start..end))
        };
        // Without a leading dot it is a volume's name.
        Some((join(source.folder(), &from).filter(|_| from.starts_with('.'))?, to))
    };
    volumes.filter_map(bind).collect()
}

/// The image of a service. One that is only built gets the name that compose gives it.
fn runs(source: &Source, facts: &mut Facts, part: PartId, name: &Traced, service: Node<'_>, given: &Given) {
    let image = service.get("image").and_then(scalar);
    if let Some(reference) = image.and_then(|image| filled(image, given)) {
        image::runs(facts, part, None, &reference);
        return;
    }
    let Some(build) = service.get("build") else { return };
    let text = |node: Option<Node<'_>>| node.and_then(scalar).map(ToString::to_string);
    let context = if build.is_mapping() { text(build.get("context")) } else { text(Some(build)) };
    let file = text(build.get("dockerfile")).unwrap_or_else(|| "Dockerfile".to_owned());
    let context = context.unwrap_or_else(|| ".".to_owned());
    let Some(path) = join(source.folder(), &context).and_then(|folder| join(&folder, &file)) else { return };
    let project = source.folder().rsplit('/').next().unwrap_or_default();
    let called = format!("{project}-{name}").to_ascii_lowercase();
    let how = format!("the compose service `{name}`");
    let title = Traced::literal(called.as_str(), name.span());
    facts.image_names.push(ImageName { name: title, paths: vec![path], how, platforms: None, in_prose: false });
    let (reference, usage) = (name.clone(), ImageUse::Runs { slot: None });
    facts.images.push(Image { part, reference, name: called, tag: None, digest: None, usage });
}

fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.follow().kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

/// The arguments of a build, as a mapping or as `NAME=value`; a value that is not known is none.
pub(super) fn arguments(node: Node<'_>, given: &Given) -> Vec<(String, Option<Traced>)> {
    let named = node
        .entries()
        .map(|(entry, value)| (entry.key.to_string(), scalar(value).and_then(|text| filled(text, given))));
    let items = node.items().filter_map(scalar).map(|text| {
        let whole = text.as_str();
        let Some((name, _)) = whole.split_once('=') else { return (whole.to_owned(), None) };
        (name.to_owned(), filled(&text.slice(name.len() + 1..whole.len()), given))
    });
    named.chain(items).take(service::MAX_VARIABLES).collect()
}

/// A value with what its variables are given, or their defaults; none where it is not known.
fn filled(text: &Traced, given: &Given) -> Option<Traced> {
    if !text.as_str().contains('$') {
        return Some(text.clone());
    }
    let commands = shell::commands(text, Dialect::Shell, given);
    let word = commands.first()?.words.first()?;
    word.value().cloned()
}

/// The master or server that a service's environment or command names: `spark://spark-master:7077`, `sc://spark-connect:15002`.
fn address(service: Node<'_>, scheme: &str) -> Option<Traced> {
    let values = |key: &str| {
        let node = service.get(key);
        let of_map = node.into_iter().flat_map(Node::entries).map(|(_, value)| value);
        let items = node.into_iter().flat_map(Node::items);
        of_map.chain(items).chain(node).filter_map(scalar).collect::<Vec<_>>()
    };
    let texts = ["environment", "command", "entrypoint"].into_iter().flat_map(values);
    let address = |text: &Traced| {
        let start = text.as_str().find(scheme)?;
        let rest = text.as_str().get(start..)?;
        let end = rest.find(|c: char| c.is_whitespace() || "\"',;".contains(c)).unwrap_or(rest.len());
        Some(text.slice(start..start + end)).filter(|found| !found.as_str().contains('$'))
    };
    texts.into_iter().find_map(address)
}
