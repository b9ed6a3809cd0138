//! Version catalogs: `gradle/libs.versions.toml`, and what settings add to them.

use super::value::{Notation, Text, Value, Why};
use crate::read::tree::{Kind, Node, Tree};
use crate::source::{Span, Traced};
use std::collections::HashMap;
use std::rc::Rc;

/// A version catalog; the names are those of its accessors: `spark.sql` for `spark-sql`.
#[derive(Debug, Default, Clone)]
pub(super) struct Catalog {
    pub(super) versions: HashMap<String, Result<Traced, Why>>,
    pub(super) libraries: HashMap<String, Rc<Notation>>,
    pub(super) bundles: HashMap<String, Vec<String>>,
    pub(super) plugins: HashMap<String, Traced>,
}

/// What an accessor calls an alias.
pub(super) fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".").to_lowercase()
}

impl Catalog {
    /// What a file says.
    pub(super) fn of(tree: &Tree) -> Self {
        let mut catalog = Self::default();
        let section = |name: &str| tree.root().get(name).into_iter().flat_map(Node::entries);
        for (entry, value) in section("versions") {
            catalog.versions.insert(accessor(entry.key.as_str()), version(value));
        }
        for (entry, value) in section("libraries") {
            if let Some(library) = catalog.library(value) {
                catalog.libraries.insert(accessor(entry.key.as_str()), Rc::new(library));
            }
        }
        for (entry, value) in section("bundles") {
            let members = value.items().filter_map(text).map(|t| accessor(t.as_str())).collect();
            catalog.bundles.insert(accessor(entry.key.as_str()), members);
        }
        for (entry, value) in section("plugins") {
            let id = text(value).map(|t| t.slice(0..t.as_str().find(':').unwrap_or(t.as_str().len())));
            if let Some(id) = id.or_else(|| value.get("id").and_then(text)) {
                catalog.plugins.insert(accessor(entry.key.as_str()), id);
            }
        }
        catalog
    }

    fn library(&self, node: Node<'_>) -> Option<Notation> {
        if let Some(whole) = text(node) {
            return Notation::of(&Text::of(whole)).ok();
        }
        let module = node.get("module").and_then(text);
        let (group, name) = match &module {
            Some(module) => {
                let at = module.as_str().find(':')?;
                (module.slice(0..at), module.slice(at + 1..module.as_str().len()))
            }
            None => (node.get("group").and_then(text)?, node.get("name").and_then(text)?),
        };
        let version = node.get("version").map(|node| match node.get("ref").and_then(text) {
            Some(name) => self.version(&accessor(name.as_str())),
            None => version(node),
        });
        Some(Notation { group, name, version, classifier: None, platform: false, span: node.span() })
    }

    pub(super) fn version(&self, alias: &str) -> Result<Traced, Why> {
        let missing = || Err(format!("the catalog has no version `{alias}`").into());
        self.versions.get(alias).cloned().unwrap_or_else(missing)
    }

    /// The libraries of a bundle.
    pub(super) fn bundle<'a>(&self, alias: &str) -> Option<Value<'a>> {
        let members = self.bundles.get(alias)?;
        let libraries = members.iter().filter_map(|member| self.libraries.get(member));
        Some(Value::list(libraries.map(|l| Value::Library(l.clone())).collect()))
    }
}

fn text(node: Node<'_>) -> Option<Traced> {
    match node.kind() {
        Kind::Scalar { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// A version: a text, or what is strictly, at least or rather wanted.
fn version(node: Node<'_>) -> Result<Traced, Why> {
    let rich = || ["strictly", "require", "prefer"].into_iter().find_map(|key| node.get(key).and_then(text));
    text(node).or_else(rich).ok_or_else(|| "the catalog gives it no version".into())
}

/// The same library with another version, used at another place.
pub(super) fn used_at(library: &Notation, span: Span) -> Notation {
    Notation { span, ..library.clone() }
}
