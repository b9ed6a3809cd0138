//! Kustomizations: what each that nothing else is built on makes of its resources, as objects that keep the places of their values.
//!
//! Of what cannot be built (a base elsewhere, too much of it) it is known which files are patches and which objects they change: a
//! patch is no object of its own, and what an object lacks a patch may add.

mod build;
mod json_patch;
mod merge;
mod object;
mod transform;
mod value;

use crate::fact::object::{Generated, MapVariables};
use crate::read::tree::{Node, Tree};
use crate::read::{Body, Document, yaml};
use crate::source::{FileId, Sources, Traced, folder_of, join};
use build::Builder;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What the kustomizations of a repository do to its objects.
#[derive(Debug, Default)]
pub struct Kustomize {
    /// Files that are patches.
    patches: HashSet<String>,
    /// Kinds and names of objects that a patch changes; an empty text stands for any.
    patched: HashSet<(String, String)>,
    /// Files and folders that some kustomization names as resources: no patch changes what none of them takes.
    resources: HashSet<String>,
    /// Names of images that get another tag, digest or name.
    images: BTreeSet<String>,
    /// Names of workloads whose number of replicas is set.
    replicas: HashSet<String>,
    /// `ConfigMaps` and `Secrets` that are generated.
    generated: BTreeSet<Generated>,
    /// Files that generated `ConfigMaps` hold.
    files: Vec<GeneratedFile>,
    /// Values that generated `ConfigMaps` hold.
    literals: Vec<MapVariables>,
    /// What is made, in order of the kustomizations' folders.
    built: Vec<Built>,
    /// Files whose objects are part of what is made.
    taken: HashSet<String>,
    /// Patches that are in force in what is made.
    applied: HashSet<String>,
    /// Made objects that something unread may change: folder, kind and name.
    doubtful: HashSet<(String, String, String)>,
}

/// An object as a kustomization makes it.
#[derive(Debug)]
pub struct Built {
    /// The path that its file would have if the kustomization's folder held all that it makes.
    pub path: String,
    /// The file that it stands in.
    pub file: FileId,
    /// The object.
    pub tree: Tree,
}

/// The folder of what is made, below that of its kustomization.
const BUILT: &str = "~kustomize";

/// The folder of what the kustomization of a folder makes.
pub fn made_in(folder: &str) -> String {
    if folder.is_empty() { BUILT.to_owned() } else { format!("{folder}/{BUILT}") }
}

/// How many nodes are made for each that is read, and how many at least: overlays repeat their bases.
const REPEATS: usize = 16;
const LEAST: usize = 200_000;

/// A file of a generated `ConfigMap`.
#[derive(Debug, Clone)]
pub struct GeneratedFile {
    /// The `ConfigMap`'s name.
    pub map: String,
    /// Its namespace, where written.
    pub namespace: Option<String>,
    /// The kustomization's folder.
    pub folder: String,
    /// The file's name in it.
    pub name: String,
    /// The file's own path.
    pub path: String,
}

const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Reads all kustomizations.
pub fn compose(sources: &Sources, documents: &[Document]) -> Kustomize {
    let mut kustomize = Kustomize::default();
    let mut by_path: HashMap<&str, &[Tree]> = HashMap::new();
    let mut found = Vec::new();
    for document in documents {
        let source = sources.get(document.file);
        let trees = match &document.body {
            Body::Yaml(trees) => trees.as_slice(),
            Body::Json(tree) => std::slice::from_ref(tree),
            _ => continue,
        };
        by_path.insert(source.path.as_str(), trees);
        if NAMES.contains(&source.name()) {
            found.extend(trees.iter().map(|tree| (source.folder(), tree.root())).filter(|(_, root)| is_ours(*root)));
        }
    }
    for (folder, root) in &found {
        kustomize.read(folder, *root, &by_path);
    }
    kustomize.build(&by_path, &found.into_iter().collect());
    kustomize
}

/// Whether it is Kustomize's own: other tools have kinds of that name.
fn is_ours(root: Node<'_>) -> bool {
    let api = root.get("apiVersion").and_then(Node::str);
    api.is_none_or(|api| api.starts_with("kustomize.config.k8s.io/")) && root.is_mapping()
}

impl Kustomize {
    /// What is made.
    pub fn built(&self) -> &[Built] {
        &self.built
    }

    /// Whether what a file says is part of what is made, and is judged there.
    pub fn is_part(&self, path: &str) -> bool {
        self.taken.contains(path) || self.applied.contains(path)
    }

    /// Whether a path is that of something made.
    pub fn is_built(path: &str) -> bool {
        path.split('/').rev().nth(1) == Some(BUILT)
    }

    /// Whether a file's name says that it is a patch.
    pub fn is_called_patch(name: &str) -> bool {
        name.replace("dispatch", "").contains("patch")
    }

    /// Builds what nothing else is built on.
    fn build(&mut self, files: &HashMap<&str, &[Tree]>, kustomizations: &HashMap<&str, Node<'_>>) {
        let mut below: HashSet<String> = HashSet::new();
        for (folder, root) in kustomizations {
            let keys = ["resources", "bases", "components"];
            let named = keys.iter().flat_map(|key| build::items(*root, key)).filter_map(Node::str);
            below.extend(named.filter_map(|path| join(folder, path.trim_end_matches('/'))));
        }
        let is_component = |root: Node<'_>| root.get("kind").and_then(Node::str) == Some("Component");
        let tops = kustomizations.iter().filter(|(folder, root)| !below.contains(**folder) && !is_component(**root));
        let mut tops: Vec<&str> = tops.map(|(folder, _)| *folder).collect();
        tops.sort_unstable();
        let read: usize = files.values().flat_map(|trees| trees.iter()).map(Tree::len).sum();
        let mut builder = Builder::new(files, kustomizations, LEAST + REPEATS * read);
        for folder in tops {
            let Some(objects) = builder.top(folder) else { continue };
            let base = made_in(folder);
            for object in objects {
                let name = object.names.first().cloned().unwrap_or_default();
                if object.doubtful {
                    self.doubtful.insert((base.clone(), object.kind.clone(), name));
                }
                let file = object.path.rsplit('/').next().unwrap_or(&object.path);
                let path = format!("{base}/{file}");
                self.built.push(Built { path, file: object.file, tree: object.value.tree(object.file, object.syntax) });
                self.taken.insert(object.path);
            }
        }
        self.applied = builder.applied;
    }

    /// Whether a file is a patch.
    pub fn is_patch(&self, path: &str) -> bool {
        self.patches.contains(path)
    }

    /// Whether a patch may change an object of a file beyond what is seen.
    pub fn is_patched(&self, path: &str, kind: &str, name: &str) -> bool {
        if Self::is_built(path) {
            return self.doubtful.contains(&(folder_of(path).to_owned(), kind.to_owned(), name.to_owned()));
        }
        // A folder that is named may be completed with a kustomization of its own.
        if !self.resources.contains(path) && !self.resources.contains(folder_of(path)) {
            return false;
        }
        let has = |kind: &str, name: &str| self.patched.contains(&(kind.to_owned(), name.to_owned()));
        has(kind, name) || has(kind, "") || has("", name) || has("", "") || self.replicas.contains(name)
    }

    /// Names of images that get another tag, digest or name, in a stable order.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.images.iter().map(String::as_str)
    }

    /// `ConfigMaps` and `Secrets` that are generated.
    pub fn generated(&self) -> impl Iterator<Item = &Generated> {
        self.generated.iter()
    }

    /// Values of generated `ConfigMaps` that stand in their kustomizations.
    pub fn literals(&self) -> &[MapVariables] {
        &self.literals
    }

    /// Files that generated `ConfigMaps` hold.
    pub fn files(&self) -> &[GeneratedFile] {
        &self.files
    }

    fn read(&mut self, folder: &str, root: Node<'_>, by_path: &HashMap<&str, &[Tree]>) {
        let items = |key: &str| root.get(key).into_iter().flat_map(Node::items).collect::<Vec<_>>();
        for item in items("resources").into_iter().chain(items("bases")) {
            self.resources.extend(item.str().and_then(|path| join(folder, path)));
        }
        for item in items("patchesStrategicMerge") {
            self.patch(folder, item.str(), None, by_path);
        }
        for item in items("patches").into_iter().chain(items("patchesJson6902")) {
            let text = item.get("path").or_else(|| item.get("patch")).and_then(Node::str);
            self.patch(folder, text, item.get("target"), by_path);
        }
        let names = |key: &str| -> Vec<String> {
            items(key).iter().filter_map(|item| item.get("name")?.str()).map(str::to_owned).collect()
        };
        self.images.extend(names("images"));
        self.replicas.extend(names("replicas"));
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            let made = names(key).into_iter().map(|name| Generated { folder: folder.to_owned(), kind, name });
            self.generated.extend(made);
        }
        for item in items("configMapGenerator") {
            self.files.extend(generated_files(folder, root, item));
            self.literals.extend(generated_literals(folder, root, item));
        }
    }

    /// A patch by its file or by its own text; its target where the patch itself does not name one.
    fn patch(&mut self, folder: &str, text: Option<&str>, target: Option<Node<'_>>, by_path: &HashMap<&str, &[Tree]>) {
        if let Some(target) = target {
            let of = |key: &str| target.get(key).and_then(Node::str).unwrap_or_default().to_owned();
            let name = of("name");
            // Names are regular expressions there.
            let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            self.patched.insert((of("kind"), if is_plain { name } else { String::new() }));
        }
        let Some(text) = text else { return };
        if text.contains('\n') {
            let trees = yaml::read(crate::source::FileId(0), text).body;
            self.targets(&trees);
        } else if let Some(path) = join(folder, text) {
            if let Some(trees) = by_path.get(path.as_str()) {
                self.targets(trees);
            }
            self.patches.insert(path);
        }
    }

    fn targets(&mut self, trees: &[Tree]) {
        for root in trees.iter().map(Tree::root) {
            let kind = root.get("kind").and_then(Node::str);
            let name = root.path(&["metadata", "name"]).and_then(Node::str);
            if let (Some(kind), Some(name)) = (kind, name) {
                self.patched.insert((kind.to_owned(), name.to_owned()));
            }
        }
    }
}

/// The files of one generator: `path`, or `name=path`.
fn generated_files(folder: &str, root: Node<'_>, item: Node<'_>) -> Vec<GeneratedFile> {
    let Some(map) = item.get("name").and_then(Node::str) else { return Vec::new() };
    let namespace = root.get("namespace").or_else(|| item.get("namespace")).and_then(Node::str);
    let files = item.get("files").into_iter().flat_map(Node::items).filter_map(Node::str);
    let file = |written: &str| {
        let (name, path) = written.split_once('=').unwrap_or((written.rsplit('/').next().unwrap_or(written), written));
        Some(GeneratedFile {
            map: map.to_owned(),
            namespace: namespace.map(str::to_owned),
            folder: folder.to_owned(),
            name: name.to_owned(),
            path: join(folder, path)?,
        })
    };
    files.filter_map(file).collect()
}

fn generated_literals(folder: &str, root: Node<'_>, item: Node<'_>) -> Option<MapVariables> {
    let namespace = root.get("namespace").or_else(|| item.get("namespace")).and_then(Node::str);
    let literals = item.get("literals")?.items().filter_map(Node::text);
    let pair = |text: &Traced| {
        let at = text.as_str().find('=')?;
        Some((text.slice(0..at), text.slice(at + 1..text.as_str().len())))
    };
    Some(MapVariables {
        map: item.get("name").and_then(Node::str)?.to_owned(),
        namespace: namespace.map(str::to_owned),
        folder: folder.to_owned(),
        variables: literals.filter_map(pair).collect(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests;
