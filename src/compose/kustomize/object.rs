//! One object of a kustomization, and which patches mean it.

use super::value::Value;
use crate::read::tree::{Node, Syntax};
use crate::source::{FileId, Traced};
use regex::{Regex, RegexBuilder};

/// An object while it is built.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) value: Value,
    pub(super) file: FileId,
    pub(super) syntax: Syntax,
    /// The path of the file that it stands in.
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) api_version: String,
    /// The names that it has had: patches may use each of them.
    pub(super) names: Vec<String>,
    /// The namespaces that it has had.
    pub(super) namespaces: Vec<String>,
    /// Something that is not read may change it.
    pub(super) doubtful: bool,
    /// How many nodes it had when it was read.
    pub(super) size: usize,
}

impl Object {
    /// Reads an object of a file.
    pub(super) fn of(node: Node<'_>, path: &str, budget: &mut usize) -> Option<Self> {
        let before = *budget;
        let value = Value::of(node, budget)?;
        let text = |keys: &[&str]| value.path(keys).and_then(Value::str).unwrap_or_default().to_owned();
        let (kind, api_version, name) = (text(&["kind"]), text(&["apiVersion"]), text(&["metadata", "name"]));
        let namespace = value.path(&["metadata", "namespace"]).and_then(Value::str).map(str::to_owned);
        Some(Self {
            file: node.tree().file,
            syntax: node.tree().syntax,
            path: path.to_owned(),
            kind,
            api_version,
            names: vec![name],
            namespaces: namespace.into_iter().collect(),
            doubtful: false,
            size: before - *budget,
            value,
        })
    }

    /// By which Kustomize tells objects apart.
    pub(super) fn id(&self) -> (String, String, String, String) {
        let last = |list: &[String]| list.first().cloned().unwrap_or_default();
        (self.group().to_owned(), self.kind.clone(), last(&self.namespaces), last(&self.names))
    }

    pub(super) fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether the kind is Kubernetes' own: the lists of others are replaced as a whole.
    pub(super) fn is_core(&self) -> bool {
        let group = self.group();
        !group.contains('.') || group.ends_with(".k8s.io")
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|own| own == namespace)
    }

    /// Whether a patch that is an object itself means this one.
    pub(super) fn is_named_by(&self, patch: &Value) -> bool {
        let text = |keys: &[&str]| patch.path(keys).and_then(Value::str);
        let group = text(&["apiVersion"]).and_then(|api| api.split_once('/')).map_or("", |(group, _)| group);
        text(&["kind"]) == Some(self.kind.as_str())
            && group == self.group()
            && text(&["metadata", "name"]).is_some_and(|name| self.names.iter().any(|own| own == name))
            && text(&["metadata", "namespace"]).is_none_or(|namespace| self.has_namespace(namespace))
    }
}

/// What a patch is for.
#[derive(Debug)]
pub(super) struct Target {
    group: Option<String>,
    version: Option<String>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    /// Labels and annotations that must be so.
    selectors: Vec<(&'static [&'static str], String, Option<String>)>,
    /// A part of it is not understood: what it would mean may be meant or not.
    pub(super) is_vague: bool,
}

impl Target {
    pub(super) fn of(node: Node<'_>) -> Self {
        let mut is_vague = false;
        let mut pattern = |key: &str| {
            let text = node.get(key)?.str().filter(|text| !text.is_empty())?;
            // Each is a regular expression that must match as a whole.
            let built = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(1 << 16).build().ok();
            is_vague |= built.is_none();
            built
        };
        let (kind, name, namespace) = (pattern("kind"), pattern("name"), pattern("namespace"));
        let text = |key: &str| node.get(key).and_then(Node::str).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut selectors = Vec::new();
        for (key, path) in [("labelSelector", LABELS), ("annotationSelector", ANNOTATIONS)] {
            let Some(selector) = node.get(key) else { continue };
            for term in selector.str().unwrap_or("?").split(',') {
                match selected(term.trim()) {
                    Some((name, value)) => selectors.push((path, name, value)),
                    None => is_vague = true,
                }
            }
        }
        Self { group: text("group"), version: text("version"), kind, name, namespace, selectors, is_vague }
    }

    /// Whether it means an object, as far as it is understood.
    pub(super) fn means(&self, object: &Object) -> bool {
        let fits = |pattern: &Option<Regex>, texts: &[String]| {
            pattern.as_ref().is_none_or(|pattern| texts.iter().any(|text| pattern.is_match(text)))
        };
        let version = object.api_version.rsplit('/').next().unwrap_or_default();
        self.group.as_deref().is_none_or(|group| group == object.group())
            && self.version.as_deref().is_none_or(|own| own == version)
            && fits(&self.kind, std::slice::from_ref(&object.kind))
            && fits(&self.name, &object.names)
            && (object.namespaces.is_empty() || fits(&self.namespace, &object.namespaces))
            && self.selectors.iter().all(|(path, name, value)| {
                let own = object.value.path(path).and_then(|labels| labels.get(name)).and_then(Value::str);
                own.is_some_and(|own| value.as_deref().is_none_or(|value| value == own))
            })
    }
}

const LABELS: &[&str] = &["metadata", "labels"];
const ANNOTATIONS: &[&str] = &["metadata", "annotations"];

/// `name`, `name=value` or `name==value`; other terms are not understood.
fn selected(term: &str) -> Option<(String, Option<String>)> {
    if term.is_empty() || term.contains(['!', '(', ' ']) {
        return None;
    }
    match term.split_once('=') {
        Some((name, value)) => Some((name.to_owned(), Some(value.trim_start_matches('=').to_owned()))),
        None => Some((term.to_owned(), None)),
    }
}

/// A text that stands inside another one: places of the inner reading are moved to where they are written.
pub(super) fn moved(text: &Traced, tree: crate::read::tree::Tree) -> crate::read::tree::Tree {
    let place = |span: crate::source::Span| text.slice(span.range()).span();
    let inner = |own: &Traced| {
        let part = text.slice(own.span().range());
        if part.as_str() == own.as_str() { part } else { Traced::made(own.as_str(), part.span()) }
    };
    tree.moved(place, inner)
}
