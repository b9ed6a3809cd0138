//! How Spark's custom resources differ from what their operators' definitions allow. A definition that lies in the repository is
//! believed as well: it may be of a release that nobody knew when ours were read.

use super::kubernetes;
use crate::compose::Composed;
use crate::compose::kustomize::Kustomize;
use crate::fact::deviation::{Deviation, Difference};
use crate::read::edit;
use crate::read::tree::{Entry, Kind, Node, NodeId};
use crate::source::{Source, Span, Traced};
use crate::table::custom_resources::{self, Definition, Shape, Type};
use std::collections::HashSet;

/// The settings of Spark and of Hadoop: mappings whose values must be texts, which YAML often reads otherwise.
const SETTINGS: [&str; 2] = ["sparkConf", "hadoopConf"];

/// Where one resource differs from its definition; nothing where its kind is not known.
pub fn claim(source: &Source, object: Node<'_>, composed: &Composed) -> Vec<Deviation> {
    let (api, kind) = (kubernetes::api_version(object), kubernetes::kind(object));
    let Some(definition) = custom_resources::definition(&api, &kind) else { return Vec::new() };
    let whole = is_whole(source, object, composed);
    let mut walk = Walk { definition, whole, path: Vec::new(), seen: HashSet::new(), found: Vec::new() };
    let at = object.entry("kind").map_or(object.span(), |(key, _)| key.span());
    walk.object(object, definition.shape, at);
    let title = kubernetes::title(object);
    let named = |(path, what)| Deviation { object: title.clone(), api: api.clone(), path, what };
    let mut found: Vec<Deviation> = walk.found.into_iter().map(named).collect();
    found.retain(|deviation| {
        !matches!(deviation.what, Difference::Unknown { .. }) || !is_declared(composed, &api, &kind, &deviation.path)
    });
    found
}

/// Whether a resource stands there in full: it is no patch, nothing patches it, and no test compares the cluster with it.
pub fn is_whole(source: &Source, object: Node<'_>, composed: &Composed) -> bool {
    let patches = &composed.kustomize;
    // Tests of operators ask for pieces of resources: a status alone, in a file that is called so.
    let is_assertion = object.get("spec").is_none() && object.get("status").is_some();
    let is_called_so = Kustomize::is_called_patch(source.name()) || source.name().contains("assert");
    let is_piece = is_assertion || is_called_so && !Kustomize::is_built(&source.path);
    let name = kubernetes::name(object).value;
    !is_piece && !patches.is_patch(&source.path) && !patches.is_patched(&source.path, &kubernetes::kind(object), &name)
}

/// A resource while it is compared.
struct Walk {
    definition: &'static Definition,
    /// Nothing else writes to the resource.
    whole: bool,
    /// The names of the fields above.
    path: Vec<&'static str>,
    /// What aliases lead to is compared once.
    seen: HashSet<NodeId>,
    found: Vec<(String, Difference)>,
}

impl Walk {
    fn say(&mut self, name: Option<&str>, what: Difference) {
        let path = self.path.iter().copied().chain(name).collect::<Vec<_>>().join(".");
        self.found.push((path, what));
    }

    fn object(&mut self, node: Node<'_>, shape: Shape, at: Span) {
        let mut meant = Vec::new();
        for (entry, value) in node.entries() {
            let name = entry.key.as_str();
            // Merge keys are looked up where they lead; `$patch` is a word of merge patches.
            if entry.key_templated || name == "<<" || name.starts_with('$') || name.is_empty() {
                continue;
            }
            match shape.field(name) {
                Some(field) => {
                    self.path.push(field.name);
                    self.value(value, &field.holds, entry.key.span());
                    self.path.pop();
                }
                None => meant.extend(self.unknown(node, shape, entry, value)),
            }
        }
        // What is only misspelt is told once.
        let missing = || shape.fields().iter().filter(|field| field.required && !meant.contains(&field.name));
        let names: Vec<&'static str> = missing().filter(|f| node.get(f.name).is_none()).map(|f| f.name).collect();
        if self.whole && kubernetes::is_closed(node) && !names.is_empty() {
            self.say(None, Difference::Missing { at, names });
        }
    }

    /// Notes a field that is not known, and returns the one that it is a misspelling of.
    fn unknown(&mut self, mapping: Node<'_>, shape: Shape, entry: &Entry, value: Node<'_>) -> Option<&'static str> {
        let key = entry.key.clone();
        if is_filled(key.as_str()) {
            return None;
        }
        let meant = self.definition.meant(&self.path, shape, key.as_str());
        let field = meant.near.and_then(|near| shape.field(near));
        let fits = field.is_some_and(|f| mapping.get(f.name).is_none() && mismatch(value, &f.holds).is_none());
        let (near, elsewhere, group) = (meant.near, meant.elsewhere, meant.group);
        let name = key.to_string();
        let is_misspelt = meant.is_clear && fits;
        self.say(Some(&name), Difference::Unknown { key, near, is_misspelt, elsewhere, group });
        near.filter(|_| is_misspelt)
    }

    fn value(&mut self, node: Node<'_>, holds: &'static Type, at: Span) {
        if matches!(node.kind(), Kind::Alias(_)) && !self.seen.insert(node.follow().id()) {
            return;
        }
        if let Some(found) = mismatch(node, holds) {
            return self.mistyped(node, holds, found, None);
        }
        match holds {
            Type::Object(shape) => self.object(node, *shape, at),
            Type::List(inner) => node.items().for_each(|item| self.value(item, inner, at)),
            Type::Map(inner) => {
                for (entry, value) in node.entries().filter(|(entry, _)| entry.key.as_str() != "<<") {
                    match mismatch(value, inner) {
                        Some(found) => self.mistyped(value, inner, found, Some(entry.key.as_str())),
                        None => self.value(value, inner, entry.key.span()),
                    }
                }
            }
            _ => {}
        }
    }

    fn mistyped(&mut self, node: Node<'_>, holds: &Type, found: &'static str, name: Option<&str>) {
        let is_setting = self.path.last().is_some_and(|name| SETTINGS.contains(name));
        let text: Option<Traced> = node.text().cloned();
        let quotes = text.as_ref().filter(|text| *holds == Type::Text && keeps_its_meaning(text.as_str()));
        let quotes = quotes.and_then(|_| edit::quote(node));
        let wanted = holds.name();
        self.say(name, Difference::Mistyped { at: node.span(), text, found, wanted, quotes, is_setting });
    }
}

/// What a value is read as, where its field does not hold that; None where it fits, or is not known.
fn mismatch(node: Node<'_>, holds: &Type) -> Option<&'static str> {
    if node.is_null() || matches!(node.follow().kind(), Kind::Alias(_)) {
        return None;
    }
    let found = read_as(node)?;
    let fits = match holds {
        Type::Any => true,
        Type::Text => found == "a text",
        Type::Integer => found == "a whole number",
        Type::Number => matches!(found, "a number" | "a whole number"),
        Type::Boolean => found == "a truth value",
        Type::IntOrText => matches!(found, "a text" | "a whole number"),
        Type::OneOf(values) if found == "a text" => {
            // An empty text is the same as none.
            let text = node.str().unwrap_or_default();
            text.is_empty() || values.contains(&text)
        }
        Type::OneOf(_) => false,
        Type::List(_) => found == "a list",
        Type::Map(_) | Type::Object(_) => found == "a mapping",
        Type::Either(types) => types.iter().any(|one| mismatch(node, one).is_none()),
    };
    (!fits).then_some(found)
}

/// What YAML and JSON make of a value; None where something else fills it in.
fn read_as(node: Node<'_>) -> Option<&'static str> {
    let node = node.follow();
    if node.is_mapping() || node.is_sequence() {
        let is_made = node.is_templated() || node.is_open();
        return (!is_made).then_some(if node.is_mapping() { "a mapping" } else { "a list" });
    }
    let text = node.str()?;
    if is_filled(text) {
        return None;
    }
    if node.is_string() || text.starts_with(|c: char| c.is_ascii_alphabetic()) && node.bool().is_none() {
        return Some(if is_other_base(text) && !is_quoted(node) { "a whole number" } else { "a text" });
    }
    let whole = |number: f64| number.fract() == 0.0;
    let is_whole = node.int().is_some() || text.parse::<f64>().is_ok_and(whole);
    Some(if node.bool().is_some() {
        "a truth value"
    } else if is_whole {
        "a whole number"
    } else {
        "a number"
    })
}

/// Whether a number or truth value is written as everybody else writes it: `yes` and `1_000` are no texts that Spark reads.
fn keeps_its_meaning(text: &str) -> bool {
    matches!(text, "true" | "false") || text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_quoted(node: Node<'_>) -> bool {
    !matches!(node.kind(), Kind::Scalar { style: crate::read::tree::Style::Plain, .. })
}

/// `0x1f`, `0o17`: numbers of another base.
fn is_other_base(text: &str) -> bool {
    let digits =
        [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(p, base)| Some((text.strip_prefix(p)?, base)));
    digits.is_some_and(|(digits, base)| i64::from_str_radix(digits, base).is_ok())
}

/// Whether something else fills a text in before it is applied: `${CORES}`, `<name>`, `__TAG__`, `{% … %}`.
fn is_filled(text: &str) -> bool {
    text.contains(['$', '{', '<', '%', '@']) || text.contains("__")
}

/// Whether a definition in this repository has the field.
fn is_declared(composed: &Composed, api: &str, kind: &str, path: &str) -> bool {
    composed.definitions().any(|root| {
        let (group, version) = api.split_once('/').unwrap_or((api, ""));
        let is = |keys: &[&str], text: &str| root.path(keys).and_then(Node::str) == Some(text);
        let versions = root.path(&["spec", "versions"]).into_iter().flat_map(Node::items);
        let mut own = versions.filter(|v| v.get("name").and_then(Node::str) == Some(version));
        is(&["spec", "group"], group)
            && is(&["spec", "names", "kind"], kind)
            && own.any(|v| v.path(&["schema", "openAPIV3Schema"]).is_some_and(|schema| has_field(schema, path)))
    })
}

/// Whether a schema has a field, or keeps what it does not have.
fn has_field(schema: Node<'_>, path: &str) -> bool {
    let mut at = schema;
    for name in path.split('.') {
        while let Some(items) = at.get("items") {
            at = items;
        }
        if at.get("x-kubernetes-preserve-unknown-fields").is_some() {
            return true;
        }
        match at.path(&["properties", name]) {
            Some(field) => at = field,
            None => return false,
        }
    }
    true
}
