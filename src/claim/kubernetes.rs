//! What every Kubernetes object has: group, kind, name, annotations, and the objects inside a List.

use crate::fact::Field;
use crate::fact::container::PortName;
use crate::fact::pod::Labels;
use crate::read::directive::{Directive, DirectiveKind};
use crate::read::tree::{Entry, Kind, Node, Tree};
use crate::source::{Span, Spanned, Traced};

/// The prefix of annotations that ignore a rule for a whole object.
const IGNORE: &str = "sparkproof.dev/ignore.";

/// Whether a document is a Kubernetes object: both `apiVersion` and `kind` are there.
pub fn is_object(node: Node<'_>) -> bool {
    node.get("apiVersion").is_some() && node.get("kind").is_some()
}

/// The objects of a document: itself, or the items of a List.
pub fn objects(tree: &Tree) -> Vec<Node<'_>> {
    let root = tree.root();
    if !is_object(root) {
        return Vec::new();
    }
    if kind(root).ends_with("List") && root.get("items").is_some_and(Node::is_sequence) {
        root.get("items").into_iter().flat_map(Node::items).filter(|item| is_object(*item)).collect()
    } else {
        vec![root]
    }
}

/// Whether it describes objects of a kind, and runs nothing itself: what its schema holds is no claim.
pub fn is_definition(object: Node<'_>) -> bool {
    kind(object) == "CustomResourceDefinition"
}

/// `apiVersion`, empty where a template makes it.
pub fn api_version(object: Node<'_>) -> String {
    object.get("apiVersion").and_then(Node::str).unwrap_or_default().to_owned()
}

/// `kind`, `?` where a template makes it.
pub fn kind(object: Node<'_>) -> String {
    object.get("kind").and_then(Node::str).unwrap_or("?").to_owned()
}

/// `metadata.name`, else `generateName`; `?` where a template makes it. Its place is where the object is declared.
pub fn name(object: Node<'_>) -> Spanned<String> {
    let metadata = object.get("metadata");
    let node = metadata.and_then(|m| m.get("name").or_else(|| m.get("generateName")));
    let span = node.or_else(|| object.get("kind")).unwrap_or(object).site();
    Spanned::new(node.and_then(Node::str).unwrap_or("?").to_owned(), span)
}

/// `metadata.namespace`, where it is written.
pub fn namespace(object: Node<'_>) -> Option<String> {
    object.path(&["metadata", "namespace"]).and_then(Node::str).map(str::to_owned)
}

/// How an object is called in lists and fingerprints: `Deployment/prod/etl`.
pub fn title(object: Node<'_>) -> String {
    let parts = [Some(kind(object)), namespace(object), Some(name(object).value)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("/")
}

/// A field of a mapping. What is not there is absent only where `whole` says that nothing else writes to the mapping.
pub fn field<'t, T: Copy>(mapping: Node<'t>, key: &str, whole: bool, read: impl Fn(Node<'t>) -> Option<T>) -> Field<T> {
    match mapping.get(key) {
        Some(node) if node.is_null() => absent(mapping, whole),
        Some(node) => read(node).map_or(Field::Unknown, |value| Field::Set(Spanned::new(value, node.span()))),
        None => absent(mapping, whole),
    }
}

fn absent<T>(mapping: Node<'_>, whole: bool) -> Field<T> {
    if whole && is_closed(mapping) { Field::Absent } else { Field::Unknown }
}

/// Whether nothing that is not read adds to a collection.
pub fn is_closed(node: Node<'_>) -> bool {
    !node.is_open() && !node.is_templated() && node.entries().all(|(entry, _)| !entry.key_templated)
}

/// Names and values of labels. Without the mapping, `open` says whether something else may write it.
pub fn labels(mapping: Option<Node<'_>>, open: bool) -> Labels {
    let Some(mapping) = mapping else { return Labels { pairs: Vec::new(), open } };
    let mut labels = Labels { pairs: Vec::new(), open: !is_closed(mapping) || mapping.get("<<").is_some() };
    for (entry, value) in mapping.entries() {
        match value.text() {
            Some(text) if !entry.key_templated => labels.pairs.push((entry.key.to_string(), text.clone())),
            _ => labels.open = true,
        }
    }
    labels
}

/// The words of a command: a list of texts.
pub fn words(node: Option<Node<'_>>) -> Vec<Traced> {
    node.into_iter().flat_map(Node::items).filter_map(|item| item.text().cloned()).collect()
}

/// A port that something refers to; a quoted number is a name.
pub fn port_name(node: Node<'_>) -> Option<PortName> {
    Some(PortName { text: node.text()?.clone(), number: node.int() })
}

/// All mappings at or below a node, each once, aliases not followed.
pub fn mappings<'t>(top: Node<'t>) -> Vec<Node<'t>> {
    let mut open = vec![top];
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        match node.kind() {
            Kind::Mapping { .. } => {
                found.push(node);
                let values: Vec<Node<'t>> = node.entries().map(|(_, value)| value).collect();
                open.extend(values.into_iter().rev());
            }
            Kind::Sequence { .. } => {
                let items: Vec<Node<'t>> = node.items().collect();
                open.extend(items.into_iter().rev());
            }
            _ => {}
        }
    }
    found
}

/// Ignores written as annotations of an object or of a template inside it; each covers what its metadata belongs to.
pub fn annotations(object: Node<'_>) -> Vec<Directive> {
    let owners = mappings(object).into_iter().filter(|node| node.path(&["metadata", "annotations"]).is_some());
    owners.flat_map(own_annotations).collect()
}

fn own_annotations(object: Node<'_>) -> Vec<Directive> {
    let written = object.path(&["metadata", "annotations"]).into_iter().flat_map(Node::entries);
    let ignores: Vec<_> =
        written.filter_map(|(entry, value)| Some((entry, value, entry.key.as_str().strip_prefix(IGNORE)?))).collect();
    if ignores.is_empty() {
        return Vec::new();
    }
    let covers = mappings(object)
        .iter()
        .flat_map(|m| m.entries())
        .fold(object.span(), |span: Span, (_, v)| span.cover(v.span()));
    let directive = |(entry, value, rule): (&Entry, Node<'_>, &str)| {
        let kind =
            DirectiveKind::Ignore { rule: rule.to_owned(), reason: value.str().unwrap_or_default().trim().to_owned() };
        Directive { span: entry.key.span(), kind, covers }
    };
    ignores.into_iter().map(directive).collect()
}
