//! Go modules: which files are built together, what they import, and what that makes of their names.

use crate::go::{self, Asked, Given, Library, Package, Required, Resolved, Syntax};
use crate::read::go_mod::{self, GoMod, Replacement};
use crate::read::{Body, Document};
use crate::source::{self, FileId, Format, Source, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// The builds whose code was read.
#[derive(Debug, Default)]
pub struct Go {
    /// What the files of each build refer to.
    pub builds: Vec<Resolved>,
}

/// Which Go files belong to which module, and which modules to one build.
#[derive(Debug, Default)]
pub struct Layout {
    modules: Vec<Module>,
    /// The module of each file.
    of: HashMap<FileId, usize>,
}

#[derive(Debug, Default)]
struct Module {
    folder: String,
    /// Its import path; empty for files without a go.mod.
    path: String,
    requires: Vec<Required>,
    /// Folders of modules that stand in for others.
    local: Vec<String>,
    /// The build, by the number of its first module.
    build: usize,
}

impl Layout {
    /// Reads the module files among the sources.
    pub fn of(sources: &Sources) -> Self {
        let mut layout = Self::default();
        let mut folders: HashMap<&str, usize> = HashMap::new();
        let mut uses: Vec<Vec<String>> = Vec::new();
        for (file, source) in sources.iter().filter(|(_, source)| source.format == Format::GoMod) {
            let Ok(text) = source::load(source) else { continue };
            let read = go_mod::read(file, &text).body;
            if source.name() == "go.work" {
                uses.push(joined(source.folder(), read.uses.iter().map(|(path, _)| path.as_str())));
            } else if read.module.is_some() {
                folders.entry(source.folder()).or_insert(layout.modules.len());
                layout.modules.push(Module::of(source, &read));
            }
        }
        let none = layout.modules.len();
        layout.modules.push(Module::default());
        for (file, source) in sources.iter().filter(|(_, source)| source.format == Format::Go) {
            let module = ancestors(source.folder()).find_map(|folder| folders.get(folder)).copied().unwrap_or(none);
            layout.of.insert(file, module);
        }
        layout.join(&folders, &uses);
        layout
    }

    /// Modules are built together where a workspace or a replacement joins them, or where one requires the path of another.
    fn join(&mut self, folders: &HashMap<&str, usize>, uses: &[Vec<String>]) {
        let mut parents: Vec<usize> = (0..self.modules.len()).collect();
        let by_path: HashMap<&str, usize> =
            self.modules.iter().enumerate().rev().map(|(number, m)| (m.path.as_str(), number)).collect();
        for members in uses {
            let members: Vec<usize> = members.iter().filter_map(|f| folders.get(f.as_str())).copied().collect();
            for pair in members.windows(2) {
                if let [a, b] = pair {
                    union(&mut parents, *a, *b);
                }
            }
        }
        for (number, module) in self.modules.iter().enumerate() {
            let replaced = module.local.iter().filter_map(|folder| folders.get(folder.as_str()));
            let required = module.requires.iter().filter_map(|r| by_path.get(r.path.as_str()));
            for other in replaced.chain(required) {
                union(&mut parents, number, *other);
            }
        }
        for number in 0..self.modules.len() {
            self.modules[number].build = root(&mut parents, number);
        }
    }

    /// The Go files whose builds hold one of which this says so.
    pub fn concerned(&self, sources: &Sources, says_so: impl Fn(FileId, &Source) -> bool + Sync) -> Vec<bool> {
        let files: Vec<(FileId, usize)> = self.of.iter().map(|(file, module)| (*file, *module)).collect();
        let found: Vec<usize> = files
            .par_iter()
            .filter(|(file, _)| says_so(*file, sources.get(*file)))
            .filter_map(|(_, module)| self.modules.get(*module).map(|m| m.build))
            .collect();
        let mut concerned = vec![false; sources.len()];
        for (file, module) in files {
            if let Some(slot) = concerned.get_mut(file.0 as usize) {
                *slot = self.modules.get(module).is_some_and(|m| found.contains(&m.build));
            }
        }
        concerned
    }

    /// Where a package lies, as others import it.
    fn import_path(&self, file: FileId, folder: &str) -> String {
        let module = self.of.get(&file).and_then(|number| self.modules.get(*number));
        let Some(module) = module.filter(|m| !m.path.is_empty()) else { return folder.to_owned() };
        let below = folder.strip_prefix(module.folder.as_str()).unwrap_or(folder).trim_start_matches('/');
        if below.is_empty() { module.path.clone() } else { format!("{}/{below}", module.path) }
    }

    fn build_of(&self, file: FileId) -> usize {
        self.of.get(&file).and_then(|number| self.modules.get(*number)).map_or(0, |m| m.build)
    }

    /// What the modules of a build can read beside their own files.
    fn library(&self, sources: &Sources, build: usize) -> Library {
        let modules = self.modules.iter().filter(|m| m.build == build);
        let requires = modules.clone().flat_map(|m| m.requires.iter().cloned()).collect();
        let modules = modules.map(|m| (m.path.clone(), sources.root.join(&m.folder))).collect();
        Library::new(modules, requires)
    }
}

impl Module {
    fn of(source: &Source, read: &GoMod) -> Self {
        let folder = source.folder();
        let replaced = |path: &str, version: &str| {
            let fits = |r: &&go_mod::Replace| {
                r.path.as_str() == path && r.version.as_ref().is_none_or(|v| v.as_str() == version)
            };
            read.replaces.iter().find(fits).map(|r| &r.with)
        };
        let requires = read.requires.iter().map(|require| {
            let (path, version) = (require.module.path.to_string(), require.module.version.to_string());
            let (from, version) = match replaced(&path, &version) {
                Some(Replacement::Module(other)) => (other.path.to_string(), other.version.to_string()),
                _ => (path.clone(), version),
            };
            Required { path, from, version }
        });
        let local = read.replaces.iter().filter_map(|replace| match &replace.with {
            Replacement::Folder(path) => Some(path.as_str()),
            Replacement::Module(_) => None,
        });
        Self {
            folder: folder.to_owned(),
            path: read.module.as_ref().map_or(String::new(), ToString::to_string),
            requires: requires.collect(),
            local: joined(folder, local),
            build: 0,
        }
    }
}

fn joined<'p>(folder: &str, paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    paths.filter(|path| !path.starts_with('/')).filter_map(|path| source::join(folder, path)).collect()
}

/// A folder and those above it, the root last.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| source::folder_of(folder)))
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while let Some(parent) = parents.get(at).copied().filter(|parent| *parent != at) {
        let above = parents.get(parent).copied().unwrap_or(parent);
        parents[at] = above;
        at = parent;
    }
    at
}

fn union(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}

/// Joins the Go files that were read. Their syntax is used up: what is left of it is what it refers to.
pub fn compose(sources: &Sources, documents: &mut [Document], layout: &Layout, asked: &Asked) -> Go {
    let mut builds: BTreeMap<usize, BTreeMap<(String, String), Package>> = BTreeMap::new();
    for document in documents {
        if !matches!(document.body, Body::Go(_)) {
            continue;
        }
        let Body::Go(syntax) = std::mem::replace(&mut document.body, Body::Nothing) else { continue };
        add(sources, layout, document.file, *syntax, builds.entry(layout.build_of(document.file)).or_default());
    }
    let each = builds.into_par_iter().map(|(build, packages)| {
        let library = layout.library(sources, build);
        let packages = packages.into_values().collect();
        let resolve = || go::resolve(packages, Box::new(|path| library.read(path)), asked);
        go::with_deep_stack(resolve).unwrap_or_default()
    });
    Go { builds: each.collect() }
}

fn add(
    sources: &Sources,
    layout: &Layout,
    file: FileId,
    syntax: Syntax,
    packages: &mut BTreeMap<(String, String), Package>,
) {
    let source = sources.get(file);
    let (folder, name) = (source.folder().to_owned(), syntax.package_name().to_owned());
    if name.is_empty() {
        return;
    }
    let importable = name != "main" && !name.ends_with("_test");
    let path = layout.import_path(file, &folder);
    let path = if path.is_empty() { name.clone() } else { path };
    let package = packages.entry((folder, name)).or_insert_with(|| Package { path, importable, files: Vec::new() });
    package.files.push(Given { name: source.path.clone(), syntax });
}
