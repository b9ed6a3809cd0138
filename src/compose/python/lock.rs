//! Lock files of Poetry, uv, PDM and Pipenv: which version of each distribution is installed.

use crate::fact::module::pypi_name;
use crate::read::tree::{Node, Tree};
use crate::source::{FileId, Traced};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// A lock file.
#[derive(Debug)]
pub struct Lock {
    /// The file.
    pub file: FileId,
    tool: Tool,
    packages: Vec<Package>,
    by_name: HashMap<String, Vec<usize>>,
    /// The folders of what is built from sources, below the lock's own.
    members: HashSet<String>,
}

/// Who wrote a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tool {
    Poetry,
    Uv,
    Pdm,
    Pipenv,
}

/// A distribution that is locked.
#[derive(Debug)]
struct Package {
    name: Traced,
    version: Option<Traced>,
    needs: Vec<Need>,
}

/// What a distribution needs.
#[derive(Debug)]
struct Need {
    name: String,
    extras: Vec<String>,
    /// The extra of the distribution that asks for it.
    only_with: Option<String>,
    /// An environment marker may leave it out.
    conditional: bool,
}

/// A locked distribution that something leads to.
#[derive(Debug, Clone, Copy)]
pub struct Found<'l> {
    /// Its name, as the lock writes it.
    pub name: &'l Traced,
    /// Its version.
    pub version: &'l Traced,
    /// Every way to it is conditional.
    pub conditional: bool,
}

/// Reads a lock file; nothing where the file is none.
pub(super) fn read(name: &str, file: FileId, tree: &Tree) -> Option<Lock> {
    let tool = match name.to_ascii_lowercase().as_str() {
        "poetry.lock" => Tool::Poetry,
        "uv.lock" => Tool::Uv,
        "pdm.lock" => Tool::Pdm,
        "pipfile.lock" => Tool::Pipenv,
        _ => return None,
    };
    let root = tree.root();
    let packages: Vec<Package> = if tool == Tool::Pipenv {
        root.get("default").into_iter().flat_map(Node::entries).map(|(entry, node)| pipenv(&entry.key, node)).collect()
    } else {
        root.get("package").into_iter().flat_map(Node::items).filter_map(|node| package(tool, node)).collect()
    };
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, package) in packages.iter().enumerate() {
        by_name.entry(pypi_name(package.name.as_str())).or_default().push(at);
    }
    let members = root.get("package").into_iter().flat_map(Node::items).filter_map(member).collect();
    Some(Lock { file, tool, packages, by_name, members })
}

fn pipenv(name: &Traced, node: Node<'_>) -> Package {
    let version = node.get("version").and_then(Node::text);
    let version = version.and_then(|text| text.as_str().strip_prefix("==").map(|exact| text.slice(2..2 + exact.len())));
    Package { name: name.clone(), version, needs: Vec::new() }
}

fn package(tool: Tool, node: Node<'_>) -> Option<Package> {
    let name = node.get("name").and_then(Node::text)?.clone();
    let mut needs = Vec::new();
    match tool {
        Tool::Poetry => poetry_needs(node, &mut needs),
        Tool::Uv => uv_needs(node, &mut needs),
        Tool::Pdm | Tool::Pipenv => {
            let texts = node.get("dependencies").into_iter().flat_map(Node::items).filter_map(Node::str);
            needs.extend(texts.filter_map(|text| requirement(text, None)));
        }
    }
    let version = node.get("version").and_then(Node::text).cloned();
    Some(Package { name, version, needs })
}

/// The folder that an entry is built from.
fn member(node: Node<'_>) -> Option<String> {
    let source = node.get("source")?;
    let folder = ["editable", "virtual", "directory"].iter().find_map(|key| source.get(key)).and_then(Node::str)?;
    Some(folder.trim_start_matches("./").to_owned())
}

fn poetry_needs(node: Node<'_>, needs: &mut Vec<Need>) {
    for (entry, value) in node.get("dependencies").into_iter().flat_map(Node::entries) {
        let alternatives: Vec<Node<'_>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
        let is = |key: &str| alternatives.iter().all(|value| value.get(key).is_some());
        if alternatives.iter().all(|value| value.get("optional").and_then(Node::bool) == Some(true)) {
            continue;
        }
        let extras = alternatives.iter().filter_map(|value| value.get("extras")).flat_map(Node::items);
        needs.push(Need {
            name: pypi_name(entry.key.as_str()),
            extras: extras.filter_map(Node::str).map(pypi_name).collect(),
            only_with: None,
            conditional: is("markers"),
        });
    }
    for (entry, list) in node.get("extras").into_iter().flat_map(Node::entries) {
        let extra = pypi_name(entry.key.as_str());
        needs.extend(list.items().filter_map(Node::str).filter_map(|text| requirement(text, Some(&extra))));
    }
}

fn uv_needs(node: Node<'_>, needs: &mut Vec<Need>) {
    let need = |node: Node<'_>, only_with: Option<String>| {
        let extras = node.get("extra").into_iter().flat_map(Node::items).filter_map(Node::str);
        Some(Need {
            name: pypi_name(node.get("name").and_then(Node::str)?),
            extras: extras.map(pypi_name).collect(),
            only_with,
            conditional: node.get("marker").is_some(),
        })
    };
    needs.extend(node.get("dependencies").into_iter().flat_map(Node::items).filter_map(|node| need(node, None)));
    for (entry, list) in node.get("optional-dependencies").into_iter().flat_map(Node::entries) {
        let extra = pypi_name(entry.key.as_str());
        needs.extend(list.items().filter_map(|node| need(node, Some(extra.clone()))));
    }
}

/// The name, extras and marker of a requirement text: `grpcio (>=1.56)`, `py4j==0.10.9.7; python_version > "3"`.
fn requirement(text: &str, only_with: Option<&str>) -> Option<Need> {
    let (text, marker) = text.split_once(';').map_or((text, false), |(text, _)| (text, true));
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let extras =
        rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or("", |(inner, _)| inner);
    (!name.is_empty()).then(|| Need {
        name: pypi_name(name),
        extras: extras.split(',').map(str::trim).filter(|extra| !extra.is_empty()).map(pypi_name).collect(),
        only_with: only_with.map(str::to_owned),
        conditional: marker,
    })
}

impl Lock {
    /// Whether the lock belongs to manifests of this name.
    pub(super) fn is_of(&self, manifest: &str) -> bool {
        (self.tool == Tool::Pipenv) == (manifest == "Pipfile") && manifest != "setup.py"
    }

    /// Whether a folder below the lock's own is one of its members.
    pub(super) fn has_member(&self, folder: &str) -> bool {
        self.members.contains(folder)
    }

    /// The one version of a distribution; none where it is not locked, or differently for several environments.
    pub fn version(&self, name: &str) -> Option<&Traced> {
        let mut versions = self.entries(name).filter_map(|package| package.version.as_ref());
        let first = versions.next()?;
        versions.all(|other| other.as_str() == first.as_str()).then_some(first)
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = &Package> {
        self.by_name.get(name).into_iter().flatten().filter_map(|at| self.packages.get(*at))
    }

    /// Everything that is installed for these names and their extras, and is none of them.
    pub fn reached(&self, roots: &[(String, Vec<String>)]) -> Vec<Found<'_>> {
        let mut open: VecDeque<(String, Vec<String>, bool)> =
            roots.iter().map(|(name, extras)| (name.clone(), extras.clone(), false)).collect();
        let (mut seen, mut certain) = (HashSet::new(), BTreeSet::new());
        while let Some((name, extras, conditional)) = open.pop_front() {
            if !conditional {
                certain.insert(name.clone());
            }
            if !seen.insert((name.clone(), extras.clone(), conditional)) {
                continue;
            }
            for need in self.entries(&name).flat_map(|package| &package.needs) {
                let wanted = need.only_with.as_ref().is_none_or(|extra| extras.contains(extra));
                if wanted {
                    open.push_back((need.name.clone(), need.extras.clone(), conditional || need.conditional));
                }
            }
        }
        let direct: HashSet<&String> = roots.iter().map(|(name, _)| name).collect();
        let names: BTreeSet<String> = if self.tool == Tool::Pipenv {
            certain.extend(self.by_name.keys().cloned());
            certain.clone()
        } else {
            seen.into_iter().map(|(name, _, _)| name).collect()
        };
        let found = names.iter().filter(|name| !direct.contains(name)).flat_map(|name| {
            let conditional = !certain.contains(name);
            self.entries(name).filter_map(move |package| {
                Some(Found { name: &package.name, version: package.version.as_ref()?, conditional })
            })
        });
        found.collect()
    }
}
