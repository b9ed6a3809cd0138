//! Kustomizations: which files are patches, which objects they change, and what is generated.
//!
//! A patch is no object of its own, and what an object lacks a patch may add: both are known here, nothing is merged.

use crate::read::tree::{Node, Tree};
use crate::read::{Body, Document, yaml};
use crate::source::{Sources, join};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What the kustomizations of a repository do to its objects.
#[derive(Debug, Default)]
pub struct Kustomize {
    /// Files that are patches.
    patches: HashSet<String>,
    /// Kinds and names of objects that a patch changes; an empty text stands for any.
    patched: HashSet<(String, String)>,
    /// Names of images that get another tag, digest or name.
    images: BTreeSet<String>,
    /// Names of workloads whose number of replicas is set.
    replicas: HashSet<String>,
    /// Names of `ConfigMaps` and `Secrets` that are generated.
    generated: BTreeSet<String>,
    /// Files that generated `ConfigMaps` hold.
    files: Vec<GeneratedFile>,
}

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
        let Body::Yaml(trees) = &document.body else { continue };
        let source = sources.get(document.file);
        by_path.insert(source.path.as_str(), trees);
        if NAMES.contains(&source.name()) {
            found.extend(trees.iter().map(|tree| (source.folder(), tree.root())));
        }
    }
    for (folder, root) in found {
        kustomize.read(folder, root, &by_path);
    }
    kustomize
}

impl Kustomize {
    /// Whether a file is a patch.
    pub fn is_patch(&self, path: &str) -> bool {
        self.patches.contains(path)
    }

    /// Whether a patch changes an object.
    pub fn is_patched(&self, kind: &str, name: &str) -> bool {
        if self.patched.is_empty() {
            return false;
        }
        let has = |kind: &str, name: &str| self.patched.contains(&(kind.to_owned(), name.to_owned()));
        has(kind, name) || has(kind, "") || has("", name) || has("", "") || self.replicas.contains(name)
    }

    /// Names of images that get another tag, digest or name, in a stable order.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.images.iter().map(String::as_str)
    }

    /// Names of `ConfigMaps` and `Secrets` that are generated.
    pub fn generated(&self) -> impl Iterator<Item = &str> {
        self.generated.iter().map(String::as_str)
    }

    /// Files that generated `ConfigMaps` hold.
    pub fn files(&self) -> &[GeneratedFile] {
        &self.files
    }

    fn read(&mut self, folder: &str, root: Node<'_>, by_path: &HashMap<&str, &[Tree]>) {
        let items = |key: &str| root.get(key).into_iter().flat_map(Node::items).collect::<Vec<_>>();
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
        self.generated.extend(names("configMapGenerator"));
        self.generated.extend(names("secretGenerator"));
        for item in items("configMapGenerator") {
            self.files.extend(generated_files(folder, root, item));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn patches_and_what_they_change_are_known() {
        let text = "patchesStrategicMerge:\n- replicas.yaml\npatches:\n- path: ../shared/p.yaml\n  target: {kind: Deployment, name: web}\n\
                    - patch: |-\n    kind: Job\n    metadata:\n      name: load\n  \nimages:\n- name: acme/etl\n  newTag: 1.2.3\n\
                    replicas:\n- name: api\n  count: 3\nconfigMapGenerator:\n- name: settings\n";
        let trees = yaml::read(FileId(0), text).body;
        let patch = yaml::read(FileId(1), "kind: StatefulSet\nmetadata:\n  name: db\n").body;
        let mut kustomize = Kustomize::default();
        let by_path: HashMap<&str, &[Tree]> = HashMap::from([("k8s/overlays/replicas.yaml", patch.as_slice())]);
        for tree in &trees {
            kustomize.read("k8s/overlays", tree.root(), &by_path);
        }
        assert!(kustomize.is_patch("k8s/overlays/replicas.yaml") && kustomize.is_patch("k8s/shared/p.yaml"));
        for (kind, name) in [("Deployment", "web"), ("Job", "load"), ("StatefulSet", "db"), ("Deployment", "api")] {
            assert!(kustomize.is_patched(kind, name), "{kind}/{name}");
        }
        assert!(!kustomize.is_patched("Deployment", "db") && kustomize.images().eq(["acme/etl"]));
        assert_eq!(kustomize.generated().collect::<Vec<_>>(), ["settings"]);
    }
}
