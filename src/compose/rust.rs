//! Rust crates: which files are built together, and what that makes of their names.

use crate::read::cargo_toml::{self, Manifest};
use crate::read::{Body, Document, toml};
use crate::rust::{self, Crate, Given, Resolved, Syntax};
use crate::source::{self, FileId, Format, Source, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// The builds whose code was read.
#[derive(Debug, Default)]
pub struct Rust {
    /// What the files of each build refer to.
    pub builds: Vec<Resolved>,
}

/// Which Rust files belong to which package, and which packages to one build.
#[derive(Debug, Default)]
pub struct Layout {
    packages: Vec<Package>,
    /// The package of each file.
    of: HashMap<FileId, usize>,
}

#[derive(Debug, Default)]
struct Package {
    folder: String,
    /// As code names it.
    name: String,
    /// The first files of its library and of its programs, tests, examples and benches.
    library: Option<String>,
    others: Vec<String>,
    /// Packages by the names that its code has for them.
    dependencies: Vec<(String, usize)>,
    /// The build, by the number of its first package.
    build: usize,
}

impl Layout {
    /// Reads the manifests among the sources.
    pub fn of(sources: &Sources) -> Self {
        let mut layout = Self::default();
        let mut manifests: Vec<(String, Manifest)> = Vec::new();
        if !sources.iter().any(|(_, source)| source.format == Format::Rust) {
            return layout;
        }
        for (file, source) in sources.iter().filter(|(_, source)| source.name() == "Cargo.toml") {
            let Some(tree) = source::load(source).ok().and_then(|text| toml::read(file, &text).body) else { continue };
            manifests.push((source.folder().to_owned(), cargo_toml::manifest(&tree)));
        }
        let mut folders: HashMap<String, usize> = HashMap::new();
        for (folder, manifest) in &manifests {
            let Some(package) = &manifest.package else { continue };
            folders.insert(folder.clone(), layout.packages.len());
            let own = package.library.as_ref().unwrap_or(&package.name);
            let name = own.as_str().replace('-', "_");
            let below = |path: &crate::source::Traced| source::join(folder, path.as_str());
            layout.packages.push(Package {
                folder: folder.clone(),
                name,
                library: package.library_path.as_ref().and_then(below),
                others: package.paths.iter().filter_map(below).collect(),
                ..Package::default()
            });
        }
        let none = layout.packages.len();
        layout.packages.push(Package::default());
        for (file, source) in sources.iter().filter(|(_, source)| source.format == Format::Rust) {
            let package = ancestors(source.folder()).find_map(|folder| folders.get(folder)).copied().unwrap_or(none);
            layout.of.insert(file, package);
            if let Some(package) = layout.packages.get_mut(package) {
                package.add_root(&source.path);
            }
        }
        layout.join(&manifests, &folders);
        layout
    }

    /// Packages are built together where one depends on the other's folder.
    fn join(&mut self, manifests: &[(String, Manifest)], folders: &HashMap<String, usize>) {
        let named = |(folder, manifest): &(String, Manifest)| {
            Some((manifest.package.as_ref()?.name.as_str().replace('-', "_"), *folders.get(folder)?))
        };
        let by_name: HashMap<String, usize> = manifests.iter().filter_map(named).collect();
        let mut parents: Vec<usize> = (0..self.packages.len()).collect();
        for (folder, manifest) in manifests {
            let Some(number) = folders.get(folder).copied() else { continue };
            for dependency in &manifest.dependencies {
                let key = dependency.key.as_str().replace('-', "_");
                let named = dependency.package.as_ref().unwrap_or(&dependency.key).as_str().replace('-', "_");
                let by_path = dependency.path.as_ref().and_then(|path| source::join(folder, path.as_str()));
                let by_path = by_path.and_then(|folder| folders.get(&folder)).copied();
                // What the workspace gives is one of its own packages if it has one of that name.
                let inherited = || by_name.get(&named).copied().filter(|_| dependency.inherited);
                let Some(other) = by_path.or_else(inherited) else { continue };
                union(&mut parents, number, other);
                // A library may have a name of its own.
                let renamed = dependency.package.is_some();
                let library = self.packages.get(other).map_or(String::new(), |package| package.name.clone());
                if let Some(package) = self.packages.get_mut(number) {
                    package.dependencies.push((if renamed { key } else { library }, other));
                }
            }
        }
        for number in 0..self.packages.len() {
            let build = root(&mut parents, number);
            if let Some(package) = self.packages.get_mut(number) {
                package.build = build;
            }
        }
    }

    /// The Rust files whose builds hold one of which this says so.
    pub fn concerned(&self, sources: &Sources, says_so: impl Fn(&Source) -> bool + Sync) -> Vec<bool> {
        let files: Vec<(FileId, usize)> = self.of.iter().map(|(file, package)| (*file, *package)).collect();
        let found: Vec<usize> = files
            .par_iter()
            .filter(|(file, _)| says_so(sources.get(*file)))
            .filter_map(|(_, package)| self.packages.get(*package).map(|package| package.build))
            .collect();
        let mut concerned = vec![false; sources.len()];
        for (file, package) in files {
            if let Some(slot) = concerned.get_mut(file.0 as usize) {
                *slot = self.packages.get(package).is_some_and(|package| found.contains(&package.build));
            }
        }
        concerned
    }

    fn build_of(&self, file: FileId) -> usize {
        self.of.get(&file).and_then(|number| self.packages.get(*number)).map_or(0, |package| package.build)
    }

    /// The crates of a build.
    fn crates(&self, build: usize) -> Vec<Crate> {
        let mut crates = Vec::new();
        for package in self.packages.iter().filter(|package| package.build == build) {
            let library = |package: &Package| package.library.clone();
            let mut others: Vec<(String, String)> = Vec::new();
            for (name, number) in &package.dependencies {
                others.extend(self.packages.get(*number).and_then(library).map(|root| (name.clone(), root)));
            }
            if let Some(root) = &package.library {
                crates.push(Crate { name: package.name.clone(), root: root.clone(), others: others.clone() });
                others.push((package.name.clone(), root.clone()));
            }
            for root in &package.others {
                crates.push(Crate { name: String::new(), root: root.clone(), others: others.clone() });
            }
        }
        crates
    }
}

impl Package {
    /// Takes a file that a crate begins with.
    fn add_root(&mut self, path: &str) {
        let below = if self.folder.is_empty() { Some(path) } else { path.strip_prefix(&format!("{}/", self.folder)) };
        let Some(below) = below else { return };
        if below == "src/lib.rs" {
            self.library.get_or_insert_with(|| path.to_owned());
        } else if is_program(below) && !self.others.iter().any(|known| known == path) {
            self.others.push(path.to_owned());
        }
    }
}

/// Whether Cargo begins a crate with a file of this name.
fn is_program(below: &str) -> bool {
    let in_folder = |folder: &str| {
        let file = below.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".rs"));
        file.is_some_and(|file| !file.contains('/') || file.ends_with("/main"))
    };
    matches!(below, "src/main.rs" | "build.rs")
        || ["src/bin/", "tests/", "examples/", "benches/"].into_iter().any(in_folder)
}

/// A folder and those above it, the root last.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| source::folder_of(folder)))
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while let Some(parent) = parents.get(at).copied().filter(|parent| *parent != at) {
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(at) {
            *slot = above;
        }
        at = parent;
    }
    at
}

fn union(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    if let Some(slot) = parents.get_mut(a.max(b)) {
        *slot = a.min(b);
    }
}

/// Joins the Rust files that were read. Their syntax is used up: what is left of it is what it refers to, and what is wrong with
/// functions that C calls.
pub fn compose(sources: &Sources, documents: &mut [Document], layout: &Layout) -> Rust {
    let mut builds: BTreeMap<usize, Vec<Given>> = BTreeMap::new();
    for document in documents {
        let Body::Rust(syntax) = &mut document.body else { continue };
        let mut whole: Syntax = std::mem::take(&mut **syntax);
        syntax.flaws = std::mem::take(&mut whole.flaws);
        syntax.sites = std::mem::take(&mut whole.sites);
        syntax.generated = whole.generated;
        let path = sources.path(document.file).to_owned();
        builds.entry(layout.build_of(document.file)).or_default().push(Given { path, syntax: whole });
    }
    let each = builds.into_par_iter().map(|(build, files)| rust::resolve(files, layout.crates(build)));
    Rust { builds: each.collect() }
}
