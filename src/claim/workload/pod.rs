//! What the containers of a pod share.

use super::super::kubernetes::{api_version, field, is_closed, kind, labels};
use crate::fact::Field;
use crate::fact::pod::{MapVolume, Pod, Reference, Referent, Security, Volume};
use crate::read::tree::Node;
use crate::source::{Span, Spanned};

/// A pod spec's facts. `owner` is the template or Pod around it, `object` the whole object.
pub(super) fn pod(spec: Node<'_>, owner: Option<Node<'_>>, object: Node<'_>, whole: bool) -> Pod {
    let (alone, whole) = (whole, whole && is_closed(spec));
    let templates = object.path(&["spec", "volumeClaimTemplates"]);
    let claims = templates.into_iter().flat_map(Node::items).filter_map(claim_template);
    let list = spec.get("volumes");
    let mut volumes: Vec<Volume> =
        list.into_iter().flat_map(Node::items).filter_map(|item| volume(item, whole)).collect();
    let all_seen = list.is_none_or(|list| {
        is_closed(list) && list.items().all(|item| is_closed(item) && item.get("name").and_then(Node::text).is_some())
    });
    let claims_seen = match templates {
        Some(list) => {
            is_closed(list) && list.items().all(|item| item.path(&["metadata", "name"]).and_then(Node::text).is_some())
        }
        None => kind(object) != "StatefulSet" || object.get("spec").is_none_or(is_closed),
    };
    volumes.extend(claims);
    let resources = match spec.get("resources") {
        Some(node) => Field::Set(Spanned::new((), node.span())),
        None if whole => Field::Absent,
        None => Field::Unknown,
    };
    Pod {
        span: spec.span(),
        labels: labels(owner.and_then(|o| o.path(&["metadata", "labels"])), !whole),
        grace: field(spec, "terminationGracePeriodSeconds", whole, Node::int),
        volumes,
        // A template writes into a list that is there, it does not write a second one.
        volumes_known: (whole || alone && list.is_some()) && all_seen && claims_seen && all_have_images(spec),
        security: spec.get(security_field(spec, object)).map_or_else(|| none(whole), |node| security(node, whole)),
        references: references(spec),
        resources,
        whole,
    }
}

/// Where a pod spec says what holds for the whole pod. In Kubeflow's sections for driver and executor, `securityContext` is Spark's own
/// container's.
fn security_field(spec: Node<'_>, object: Node<'_>) -> &'static str {
    let is_section = |base: &[&str]| {
        let around = object.path(base);
        let sections = ["driver", "executor"].into_iter().filter_map(|name| around?.get(name));
        sections.into_iter().any(|section| section.id() == spec.id())
    };
    let is_operators = api_version(object).starts_with("sparkoperator.k8s.io/");
    if is_operators && (is_section(&["spec"]) || is_section(&["spec", "template"])) {
        "podSecurityContext"
    } else {
        "securityContext"
    }
}

/// A pod whose containers name no image is completed by somebody: Spark takes its templates so.
fn all_have_images(spec: Node<'_>) -> bool {
    spec.get("containers").into_iter().flat_map(Node::items).all(|container| container.get("image").is_some())
}

/// What holds where there is no `securityContext`.
pub(super) fn none(whole: bool) -> Security {
    if !whole {
        return Security::default();
    }
    Security {
        user: Field::Absent,
        non_root: Field::Absent,
        privileged: Field::Absent,
        escalation: Field::Absent,
        ..Security::default()
    }
}

/// A `securityContext`.
pub(super) fn security(node: Node<'_>, whole: bool) -> Security {
    let added = node.path(&["capabilities", "add"]).into_iter().flat_map(Node::items);
    Security {
        keys: node.entries().filter(|(e, _)| !e.key_templated).map(|(entry, _)| entry.key.clone()).collect(),
        user: field(node, "runAsUser", whole, Node::int),
        non_root: field(node, "runAsNonRoot", whole, Node::bool),
        privileged: field(node, "privileged", whole, Node::bool),
        escalation: field(node, "allowPrivilegeEscalation", whole, Node::bool),
        added: added.filter_map(|item| item.text().cloned()).collect(),
    }
}

/// Whether all files that a volume takes say their own mode.
fn has_own_modes(source: Node<'_>) -> bool {
    let mut items = source.get("items").into_iter().flat_map(Node::items).peekable();
    items.peek().is_some() && items.all(|item| item.get("mode").is_some())
}

/// Whether a projected volume holds files of `ConfigMaps` or `Secrets` that do not say their own mode.
fn projects_maps(projected: Node<'_>) -> bool {
    let sources = projected.get("sources").into_iter().flat_map(Node::items);
    let mut maps = sources.filter_map(|source| source.get("configMap").or_else(|| source.get("secret")));
    maps.any(|map| !has_own_modes(map))
}

fn claim_template(item: Node<'_>) -> Option<Volume> {
    let name = item.path(&["metadata", "name"])?.text()?.clone();
    let kind_span = name.span();
    Some(Volume {
        name,
        kind: "persistentVolumeClaim".into(),
        kind_span,
        default_mode: Field::Absent,
        config_map: None,
    })
}

fn volume(item: Node<'_>, whole: bool) -> Option<Volume> {
    let name = item.get("name")?.text()?.clone();
    let source = item.entries().find(|(entry, value)| entry.key.as_str() != "name" && !value.is_null());
    let (kind, kind_span): (String, Span) =
        source.map_or_else(|| (String::new(), name.span()), |(entry, _)| (entry.key.to_string(), entry.key.span()));
    let default_mode =
        source.map_or(Field::Unknown, |(_, value)| field(value, "defaultMode", whole && value.is_mapping(), mode));
    // Each file has a mode of its own, or they are tokens, whose mode the kubelet chooses.
    let default_mode = match source {
        Some((_, value)) if has_own_modes(value) || kind == "projected" && !projects_maps(value) => Field::Unknown,
        _ => default_mode,
    };
    let config_map = item.get("configMap").and_then(map_volume);
    Some(Volume { name, kind, kind_span, default_mode, config_map })
}

fn map_volume(source: Node<'_>) -> Option<MapVolume> {
    let items = source.get("items").into_iter().flat_map(Node::items);
    let item = |item: Node<'_>| Some((item.get("key")?.str()?.to_owned(), item.get("path")?.str()?.to_owned()));
    Some(MapVolume { name: source.get("name")?.text()?.clone(), items: items.filter_map(item).collect() })
}

/// A mode as Kubernetes reads it: YAML's octal numbers are told by their first digit.
fn mode(node: Node<'_>) -> Option<i64> {
    let text = node.str()?;
    let octal = text.strip_prefix("0o").or_else(|| text.strip_prefix('0').filter(|rest| !rest.is_empty()));
    octal.map_or_else(|| node.int(), |digits| i64::from_str_radix(digits, 8).ok())
}

fn references(spec: Node<'_>) -> Vec<Reference> {
    let mut found = Vec::new();
    let account = spec.get("serviceAccountName").or_else(|| spec.get("serviceAccount"));
    found.extend(account.and_then(|node| reference(Referent::ServiceAccount, node, false)));
    for secret in spec.get("imagePullSecrets").into_iter().flat_map(Node::items) {
        // A pull secret that is not there only leaves the registry without a login.
        found.extend(secret.get("name").and_then(|node| reference(Referent::Secret, node, true)));
    }
    for volume in spec.get("volumes").into_iter().flat_map(Node::items) {
        let projected = volume.path(&["projected", "sources"]).into_iter().flat_map(Node::items);
        for (source, key) in std::iter::once((volume, "secretName")).chain(projected.map(|source| (source, "name"))) {
            found.extend(named(source.get("configMap"), "name", Referent::ConfigMap));
            found.extend(named(source.get("secret"), key, Referent::Secret));
        }
        found.extend(named(volume.get("persistentVolumeClaim"), "claimName", Referent::PersistentVolumeClaim));
    }
    found
}

/// A reference inside a mapping that may say that it is optional.
pub(super) fn named(mapping: Option<Node<'_>>, key: &str, to: Referent) -> Option<Reference> {
    let mapping = mapping?;
    let optional = mapping.get("optional").is_some_and(|node| node.bool() != Some(false)) || mapping.is_open();
    reference(to, mapping.get(key)?, optional)
}

fn reference(to: Referent, node: Node<'_>, optional: bool) -> Option<Reference> {
    Some(Reference { to, name: node.text()?.clone(), optional })
}
