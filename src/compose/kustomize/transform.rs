//! What a kustomization changes without patches: images, numbers of replicas, namespaces, labels, replacements.

use super::object::{Object, Target};
use super::value::{Value, What};
use crate::read::tree::{Node, Style};
use crate::source::Traced;

/// `images`: another name, tag or digest.
pub(super) fn images(objects: &mut [Object], root: Node<'_>) {
    for item in root.get("images").into_iter().flat_map(Node::items) {
        let text = |key: &str| item.get(key).and_then(Node::text).filter(|text| !text.as_str().is_empty());
        let Some(name) = text("name") else { continue };
        let image =
            Image { name: name.as_str(), new_name: text("newName"), tag: text("newTag"), digest: text("digest") };
        for object in objects.iter_mut() {
            image.all(&mut object.value);
        }
    }
}

struct Image<'t> {
    name: &'t str,
    new_name: Option<&'t Traced>,
    tag: Option<&'t Traced>,
    digest: Option<&'t Traced>,
}

impl Image<'_> {
    /// The images of all containers below a node.
    fn all(&self, value: &mut Value) {
        let Some(members) = value.members_mut() else {
            value.items_mut().into_iter().flatten().for_each(|item| self.all(item));
            return;
        };
        for member in members {
            if matches!(member.key.as_str(), "containers" | "initContainers") {
                for container in member.value.items_mut().into_iter().flatten() {
                    if let Some(image) = container.get_mut("image") {
                        self.one(image);
                    }
                }
            }
            self.all(&mut member.value);
        }
    }

    fn one(&self, value: &mut Value) {
        let Some(text) = value.text() else { return };
        let written = text.as_str();
        let start = written.rfind('/').map_or(0, |slash| slash + 1);
        let end = written[start..].find([':', '@']).map_or(written.len(), |at| start + at);
        if &written[..end] != self.name {
            return;
        }
        let place = text.written();
        let mut parts = vec![self.new_name.cloned().unwrap_or_else(|| text.slice(0..end))];
        let mut add = |mark: &str, part: &Traced| parts.extend([Traced::made(mark, part.span()), part.clone()]);
        match (self.tag, self.digest) {
            (None, None) => parts.push(text.slice(end..written.len())),
            (tag, digest) => {
                for (mark, part) in [(":", tag), ("@", digest)] {
                    if let Some(part) = part {
                        add(mark, part);
                    }
                }
            }
        }
        let text = Traced::concat(place, parts);
        *value = Value { span: place, templated: false, what: What::Scalar { text, style: Style::Quoted } };
    }
}

/// Kinds whose number of replicas `replicas` sets.
const REPLICATED: [&str; 4] = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"];

/// `replicas`.
pub(super) fn replicas(objects: &mut [Object], root: Node<'_>) {
    for item in root.get("replicas").into_iter().flat_map(Node::items) {
        let (Some(name), Some(count)) = (item.get("name").and_then(Node::str), item.get("count")) else { continue };
        let Some(count) = count.text() else { continue };
        for object in objects.iter_mut() {
            if REPLICATED.contains(&object.kind.as_str()) && object.names.iter().any(|own| own == name) {
                let value = Value::text_of(count.clone(), Style::Plain);
                if let Some(spec) = object.value.get_mut("spec") {
                    spec.set(Traced::made("replicas", count.span()), value);
                }
            }
        }
    }
}

/// `namespace`.
pub(super) fn namespace(objects: &mut [Object], root: Node<'_>) {
    let Some(namespace) = root.get("namespace").and_then(Node::text).filter(|text| !text.as_str().is_empty()) else {
        return;
    };
    for object in objects.iter_mut().filter(|object| !CLUSTERED.contains(&object.kind.as_str())) {
        let at = namespace.span();
        if let Some(metadata) = object.value.mapping_at(&["metadata"], at) {
            metadata.set(Traced::made("namespace", at), Value::text_of(namespace.clone(), Style::Plain));
        }
        object.namespaces.push(namespace.to_string());
    }
}

/// Kinds without a namespace, of those that are met.
const CLUSTERED: [&str; 9] = [
    "Namespace",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "PersistentVolume",
    "StorageClass",
    "PriorityClass",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
];

/// `namePrefix` and `nameSuffix`: patches further up may use the longer name. The objects keep theirs, as all that refers to them does.
pub(super) fn names(objects: &mut [Object], root: Node<'_>) {
    let text = |key: &str| root.get(key).and_then(Node::str).unwrap_or_default();
    let (prefix, suffix) = (text("namePrefix"), text("nameSuffix"));
    if prefix.is_empty() && suffix.is_empty() {
        return;
    }
    for object in objects {
        let last = object.names.last().cloned().unwrap_or_default();
        object.names.push(format!("{prefix}{last}{suffix}"));
    }
}

/// `commonLabels` and `labels`.
pub(super) fn labels(objects: &mut [Object], root: Node<'_>) {
    let common = root.get("commonLabels").map(|pairs| (pairs, true, true));
    let lists = root.get("labels").into_iter().flat_map(Node::items).filter_map(|item| {
        let says = |key: &str| item.get(key).and_then(Node::bool) == Some(true);
        let selects = says("includeSelectors");
        Some((item.get("pairs")?, selects, selects || says("includeTemplates")))
    });
    for (pairs, selects, templates) in common.into_iter().chain(lists) {
        let pairs: Vec<(&Traced, &Traced)> =
            pairs.entries().filter_map(|(entry, value)| Some((&entry.key, value.text()?))).collect();
        for object in objects.iter_mut() {
            label(object, &pairs, selects, templates);
        }
    }
}

fn label(object: &mut Object, pairs: &[(&Traced, &Traced)], selects: bool, templates: bool) {
    let Some(at) = pairs.first().map(|(key, _)| key.span()) else { return };
    let mut paths: Vec<&[&str]> = vec![&["metadata", "labels"]];
    if templates && object.is_core() {
        paths.push(&["spec", "template", "metadata", "labels"]);
        paths.push(&["spec", "jobTemplate", "spec", "template", "metadata", "labels"]);
    }
    if selects {
        paths.extend(match object.kind.as_str() {
            "Service" | "ReplicationController" => Some(&["spec", "selector"][..]),
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => Some(&["spec", "selector", "matchLabels"][..]),
            "NetworkPolicy" => Some(&["spec", "podSelector", "matchLabels"][..]),
            _ => None,
        });
    }
    for path in paths {
        // A template or selector that is not there is not made.
        let above = path.split_last().map_or(&[][..], |(_, above)| above);
        let is_there = object.value.path(above).is_some();
        let Some(mapping) = is_there.then(|| object.value.mapping_at(path, at)).flatten() else { continue };
        for (key, value) in pairs {
            mapping.set((*key).clone(), Value::text_of((*value).clone(), Style::Quoted));
        }
    }
}

/// `replacements`: what they write into is not known.
pub(super) fn replacements(objects: &mut [Object], replacements: &[Node<'_>]) {
    for replacement in replacements {
        for target in replacement.get("targets").into_iter().flat_map(Node::items) {
            let Some(select) = target.get("select").map(Target::of) else { continue };
            let paths: Vec<&str> =
                target.get("fieldPaths").into_iter().flat_map(Node::items).filter_map(Node::str).collect();
            for object in objects.iter_mut().filter(|object| select.means(object)) {
                for path in &paths {
                    let steps: Vec<&str> = path.split('.').collect();
                    hide(&mut object.value, &steps);
                }
            }
        }
    }
}

/// Makes a value unknown. `[name=x]` and `*` choose among items.
fn hide(value: &mut Value, steps: &[&str]) {
    let Some((first, rest)) = steps.split_first() else {
        value.templated = true;
        return;
    };
    if let Some(items) = value.items_mut() {
        // Which of the items is meant does not matter much: none of them is judged by this field.
        for item in items {
            hide(item, rest);
        }
    } else if let Some(inner) = value.get_mut(first) {
        hide(inner, rest);
    }
}
