//! Python's files that speak about other files: locks that say which version a manifest got, constraints that narrow what
//! requirement files ask for, and the files that name the interpreter of a folder.

mod lock;

use crate::fact::module::pypi_name;
use crate::read::requirements::{Package, Requirement, Wants};
use crate::read::tree::Node;
use crate::read::{Body, Document};
use crate::source::{Sources, Traced, folder_of, join};
pub use lock::{Found, Lock};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many files a requirement file may lead to, and how many lines are taken from them.
const MAX_FILES: usize = 64;
const MAX_LINES: usize = 20_000;

/// What Python's files say about each other.
#[derive(Debug, Default)]
pub struct Python {
    /// By the folder they lie in.
    locks: HashMap<String, Vec<Lock>>,
    /// Requirement files by path.
    requirements: HashMap<String, Vec<Requirement>>,
    /// Those that another names behind `-c`.
    limits: HashSet<String>,
    /// The versions that `.python-version` and `runtime.txt` name, by folder.
    interpreters: HashMap<String, Vec<(String, Traced)>>,
    /// The folders of projects with a `pyproject.toml`, by normal name.
    projects: HashMap<String, Vec<String>>,
}

/// Gathers the files.
pub fn compose(sources: &Sources, documents: &[Document]) -> Python {
    let mut python = Python::default();
    for document in documents {
        let source = sources.get(document.file);
        if let (Body::Toml(tree), "pyproject.toml") = (&document.body, source.name()) {
            let name = tree.root().path(&["project", "name"]).and_then(Node::str);
            let folders = python.projects.entry(pypi_name(name.unwrap_or_default())).or_default();
            folders.push(source.folder().to_owned());
        }
        match &document.body {
            Body::Toml(tree) | Body::Json(tree) => {
                if let Some(lock) = lock::read(source.name(), document.file, tree) {
                    python.locks.entry(source.folder().to_owned()).or_default().push(lock);
                }
            }
            Body::Requirements(lines) => {
                python.limits.extend(lines.iter().filter_map(|line| match &line.wants {
                    Wants::File { path, constraint: true } => join(source.folder(), path.as_str()),
                    _ => None,
                }));
                python.requirements.insert(source.path.clone(), lines.clone());
            }
            Body::PythonVersion(version) => {
                python
                    .interpreters
                    .entry(source.folder().to_owned())
                    .or_default()
                    .push((source.name().to_owned(), version.clone()));
            }
            _ => {}
        }
    }
    python
}

/// What a requirement file comes to with all files that it names.
#[derive(Debug, Default)]
pub struct Effective<'p> {
    /// What the files that it includes ask for, itself left out.
    pub included: Vec<&'p Package>,
    /// What limits versions, by normal name.
    pub constraints: BTreeMap<String, Vec<&'p Package>>,
}

impl Python {
    /// The lock of a manifest: of its own folder, or one above that knows the folder as a member.
    pub fn lock(&self, manifest: &str, folder: &str) -> Option<&Lock> {
        let beside = self.locks.get(folder).into_iter().flatten().find(|lock| lock.is_of(manifest));
        let mut above = folder;
        beside.or_else(|| {
            while !above.is_empty() {
                let inner = folder;
                above = folder_of(above);
                let relative = inner.strip_prefix(above).unwrap_or(inner).trim_start_matches('/');
                let locks = self.locks.get(above).into_iter().flatten();
                if let Some(lock) = locks.filter(|lock| lock.is_of(manifest)).find(|lock| lock.has_member(relative)) {
                    return Some(lock);
                }
            }
            None
        })
    }

    /// The folder of the only project of a name.
    pub fn project(&self, name: &str) -> Option<&str> {
        match self.projects.get(&pypi_name(name)).map(Vec::as_slice) {
            Some([one]) => Some(one),
            _ => None,
        }
    }

    /// The folders of projects that a pattern below a folder names: `apps/*`.
    pub fn members<'p>(&'p self, folder: &str, pattern: &str) -> Vec<&'p str> {
        let Some(pattern) = join(folder, pattern) else { return Vec::new() };
        let parts: Vec<&str> = pattern.split('/').collect();
        let fits = |path: &&str| {
            let names: Vec<&str> = path.split('/').collect();
            names.len() == parts.len() && parts.iter().zip(names).all(|(part, name)| *part == "*" || *part == name)
        };
        let mut found: Vec<&str> = self.projects.values().flatten().map(String::as_str).filter(fits).collect();
        found.sort_unstable();
        found
    }

    /// The interpreters that files of a folder name, with the files' names.
    pub fn interpreters(&self, folder: &str) -> &[(String, Traced)] {
        self.interpreters.get(folder).map_or(&[], Vec::as_slice)
    }

    /// A requirement file with its includes and constraints. A constraint anywhere limits all lines of one installation.
    pub fn effective(&self, path: &str) -> Effective<'_> {
        let mut effective = Effective::default();
        let mut open: Vec<(String, bool)> = vec![(path.to_owned(), false)];
        let mut seen: HashSet<(String, bool)> = HashSet::new();
        let mut lines = 0;
        while let Some((at, is_constraint)) = open.pop() {
            if seen.len() >= MAX_FILES || lines >= MAX_LINES || !seen.insert((at.clone(), is_constraint)) {
                continue;
            }
            for requirement in self.requirements.get(&at).into_iter().flatten() {
                lines += 1;
                match &requirement.wants {
                    Wants::Package(package) if is_constraint => {
                        let name = pypi_name(package.name.as_str());
                        effective.constraints.entry(name).or_default().push(package);
                    }
                    Wants::Package(package) if at != path => effective.included.push(package),
                    Wants::File { path: other, constraint } => {
                        let other = join(folder_of(&at), other.as_str());
                        open.extend(other.map(|other| (other, is_constraint || *constraint)));
                    }
                    _ => {}
                }
            }
        }
        effective
    }

    /// Whether a file is only there to limit versions: another one names it behind `-c`.
    pub fn is_constraint(&self, path: &str) -> bool {
        self.limits.contains(path)
    }
}
