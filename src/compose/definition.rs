//! The definitions of custom resources among the documents, found once: every resource may ask for its own.

use super::Composed;
use crate::read::tree::Node;
use crate::read::{Body, Document};

/// Where definitions stand: the document, and which of its trees.
#[derive(Debug, Default)]
pub struct Definitions {
    places: Vec<(usize, usize)>,
}

/// Gathers them.
pub fn compose(documents: &[Document]) -> Definitions {
    let mut places = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let Body::Yaml(trees) = &document.body else { continue };
        let is_definition = |root: Node<'_>| {
            root.get("kind").and_then(Node::str).is_some_and(|kind| kind == "CustomResourceDefinition")
        };
        places.extend(trees.iter().enumerate().filter(|(_, t)| is_definition(t.root())).map(|(i, _)| (number, i)));
    }
    Definitions { places }
}

impl Composed {
    /// The definitions of custom resources.
    pub fn definitions(&self) -> impl Iterator<Item = Node<'_>> {
        self.definitions.places.iter().filter_map(|(document, tree)| match &self.documents.get(*document)?.body {
            Body::Yaml(trees) => Some(trees.get(*tree)?.root()),
            _ => None,
        })
    }
}
