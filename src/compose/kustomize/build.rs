//! What kustomizations make: resources, bases and components joined, patches and other changes applied in Kustomize's order.

use super::object::{Object, Target, moved};
use super::value::{Value, What};
use super::{json_patch, merge, transform};
use crate::read::tree::{Node, Tree};
use crate::read::yaml;
use crate::source::{FileId, Traced, join};
use std::collections::{HashMap, HashSet};

/// How deep kustomizations may lie on one another.
const MAX_DEPTH: usize = 24;

/// How many operations of one JSON patch are applied.
const MAX_OPERATIONS: usize = 2000;

/// Kustomizations by folder, and what they lead to.
pub(super) struct Builder<'d> {
    /// The documents of a file by its path.
    pub(super) files: &'d HashMap<&'d str, &'d [Tree]>,
    /// The roots of kustomizations by folder.
    pub(super) kustomizations: &'d HashMap<&'d str, Node<'d>>,
    /// How many nodes may still be made.
    pub(super) budget: usize,
    /// Files of patches that changed something.
    pub(super) applied: HashSet<String>,
    /// What was built, by folder.
    built: HashMap<String, Vec<Object>>,
}

/// A patch and what it is for.
struct Patch {
    /// Its own file.
    path: Option<String>,
    target: Option<Target>,
    /// Its documents; none where they are not to be had.
    documents: Option<Vec<Value>>,
    kind: PatchKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PatchKind {
    Merge,
    Json,
    Either,
}

impl<'d> Builder<'d> {
    pub(super) fn new(
        files: &'d HashMap<&'d str, &'d [Tree]>,
        kustomizations: &'d HashMap<&'d str, Node<'d>>,
        budget: usize,
    ) -> Self {
        Self { files, kustomizations, budget, applied: HashSet::new(), built: HashMap::new() }
    }

    /// The objects of a folder's kustomization. None where there is too much to build.
    pub(super) fn build(&mut self, folder: &str, depth: usize) -> Option<Vec<Object>> {
        if let Some(built) = self.built.get(folder) {
            self.budget = self.budget.checked_sub(built.iter().map(|object| object.size).sum())?;
            return Some(built.clone());
        }
        let depth = depth.checked_sub(1)?;
        let root = *self.kustomizations.get(folder)?;
        let built = self.run(folder, root, Vec::new(), depth)?;
        self.built.insert(folder.to_owned(), built.clone());
        Some(built)
    }

    /// Builds one that nothing else is built on.
    pub(super) fn top(&mut self, folder: &str) -> Option<Vec<Object>> {
        self.build(folder, MAX_DEPTH)
    }

    /// What a kustomization makes of objects that are there already.
    fn run(&mut self, folder: &str, root: Node<'d>, mut objects: Vec<Object>, depth: usize) -> Option<Vec<Object>> {
        let mut ids: HashSet<_> = objects.iter().map(Object::id).collect();
        let mut resources = Vec::new();
        for item in items(root, "resources").into_iter().chain(items(root, "bases")).filter_map(Node::str) {
            let Some(path) = join(folder, item.trim_end_matches('/')) else { continue };
            if self.kustomizations.contains_key(path.as_str()) {
                resources.extend(self.build(&path, depth)?);
            } else if let Some(trees) = self.files.get(path.as_str()) {
                for node in trees.iter().flat_map(objects_of) {
                    resources.push(Object::of(node, &path, &mut self.budget)?);
                }
            }
        }
        // Kustomize takes no object twice.
        resources.retain(|object| ids.insert(object.id()));
        objects.extend(resources);
        let depth = depth.checked_sub(1)?;
        for item in items(root, "components").into_iter().filter_map(Node::str) {
            let Some(path) = join(folder, item.trim_end_matches('/')) else { continue };
            match self.kustomizations.get(path.as_str()).copied() {
                Some(component) => objects = self.run(&path, component, objects, depth)?,
                None => objects.iter_mut().for_each(|object| object.doubtful = true),
            }
        }
        self.transform(folder, root, &mut objects);
        Some(objects)
    }

    fn transform(&mut self, folder: &str, root: Node<'d>, objects: &mut Vec<Object>) {
        for item in items(root, "patchesStrategicMerge") {
            let text = item.text();
            let patch = self.patch(folder, text, None, PatchKind::Merge);
            self.apply(objects, patch);
        }
        for item in items(root, "patches") {
            let text = item.get("path").or_else(|| item.get("patch")).and_then(Node::text);
            let patch = self.patch(folder, text, item.get("target"), PatchKind::Either);
            self.apply(objects, patch);
        }
        transform::namespace(objects, root);
        transform::names(objects, root);
        transform::labels(objects, root);
        for item in items(root, "patchesJson6902") {
            let text = item.get("path").or_else(|| item.get("patch")).and_then(Node::text);
            let patch = self.patch(folder, text, item.get("target"), PatchKind::Json);
            self.apply(objects, patch);
        }
        transform::replicas(objects, root);
        transform::images(objects, root);
        let mut replacements = Vec::new();
        for item in items(root, "replacements") {
            let Some(path) = item.get("path").and_then(Node::str) else {
                replacements.push(item);
                continue;
            };
            let trees = join(folder, path).and_then(|path| self.files.get(path.as_str()).copied());
            for root in trees.into_iter().flatten().map(Tree::root) {
                if root.is_sequence() { replacements.extend(root.items()) } else { replacements.push(root) }
            }
        }
        transform::replacements(objects, &replacements);
        // What a plugin does to them is not known.
        let transformers = items(root, "transformers");
        if !transformers.is_empty() || root.is_open() {
            for object in objects.iter_mut() {
                object.doubtful = true;
            }
        }
    }

    /// A patch by its file or by its own text.
    fn patch(&mut self, folder: &str, text: Option<&Traced>, target: Option<Node<'d>>, kind: PatchKind) -> Patch {
        let target = target.map(Target::of);
        let mut patch = Patch { path: None, target, documents: None, kind };
        let Some(text) = text else { return patch };
        let is_inline = text.as_str().contains('\n') || text.as_str().trim_start().starts_with(['[', '{']);
        if is_inline {
            let read = yaml::read(FileId(0), text.as_str());
            let trees: Vec<Tree> = read.body.into_iter().map(|tree| moved(text, tree)).collect();
            patch.documents = self.values(&trees).filter(|_| read.losses.is_empty());
        } else if let Some(path) = join(folder, text.as_str()) {
            if let Some(trees) = self.files.get(path.as_str()).copied() {
                patch.documents = self.values(trees);
            }
            patch.path = Some(path);
        }
        patch
    }

    fn values(&mut self, trees: &[Tree]) -> Option<Vec<Value>> {
        trees.iter().map(|tree| Value::of(tree.root(), &mut self.budget)).collect()
    }

    fn apply(&mut self, objects: &mut Vec<Object>, patch: Patch) {
        let Patch { path, target, documents, kind } = patch;
        let Some(documents) = documents else {
            // What it says is not known, only whom it says it of.
            for object in objects.iter_mut() {
                object.doubtful |= target.as_ref().is_none_or(|target| target.means(object));
            }
            return;
        };
        let mut has_met = false;
        for document in documents {
            let operations = match &document.what {
                What::List { items, .. } if kind != PatchKind::Merge => Some(items.as_slice()),
                _ => None,
            };
            let mut gone = Vec::new();
            for (i, object) in objects.iter_mut().enumerate() {
                let is_meant = match &target {
                    Some(target) => target.means(object),
                    None => operations.is_none() && object.is_named_by(&document),
                };
                if !is_meant {
                    continue;
                }
                if target.as_ref().is_some_and(|target| target.is_vague) {
                    object.doubtful = true;
                    continue;
                }
                has_met = true;
                // Each object takes a copy.
                let copy = document.len();
                let Some(left) = self.budget.checked_sub(copy) else {
                    object.doubtful = true;
                    continue;
                };
                self.budget = left;
                object.size += copy;
                if let Some(operations) = operations {
                    let applied =
                        operations.len() <= MAX_OPERATIONS && json_patch::apply(&mut object.value, operations);
                    object.doubtful |= !applied;
                } else if merge::directive(&document) == Some("delete") {
                    gone.push(i);
                } else {
                    let mut document = document.clone();
                    // A target says whom it is for; what the patch is called does not rename it.
                    if target.is_some() {
                        document.remove("kind");
                        document.remove("apiVersion");
                        if let Some(metadata) = document.get_mut("metadata") {
                            metadata.remove("name");
                            metadata.remove("namespace");
                        }
                    }
                    let by_name = object.is_core();
                    merge::merge(&mut object.value, document, by_name);
                }
            }
            for i in gone.into_iter().rev() {
                objects.remove(i);
            }
        }
        if has_met {
            self.applied.extend(path);
        }
    }
}

pub(super) fn items<'d>(root: Node<'d>, key: &str) -> Vec<Node<'d>> {
    root.get(key).into_iter().flat_map(Node::items).collect()
}

/// The objects of a document: itself, or the items of a List.
fn objects_of(tree: &Tree) -> Vec<Node<'_>> {
    let root = tree.root();
    let is_object = |node: &Node<'_>| node.get("kind").is_some() && node.get("apiVersion").is_some();
    if !is_object(&root) {
        return Vec::new();
    }
    let is_list = root.get("kind").and_then(Node::str).is_some_and(|kind| kind.ends_with("List"));
    match root.get("items").filter(|items| is_list && items.is_sequence()) {
        Some(list) => list.items().filter(is_object).collect(),
        None => vec![root],
    }
}
