//! Cargo packages with what they inherit from their workspace.

mod workspace;

use crate::read::cargo_toml::{self, Field, Kind, Manifest};
use crate::read::{Body, Document, Loss};
use crate::source::{self, FileId, Sources, Span, Traced};
use std::collections::{HashMap, HashSet};
use workspace::Manifests;
pub use workspace::{Member, Workspace};

/// The Cargo packages of a repository.
#[derive(Debug, Default)]
pub struct Cargo {
    /// Each package, in the order of the files.
    pub packages: Vec<Package>,
    /// Each workspace, in the order of the files.
    pub workspaces: Vec<Workspace>,
    /// What a manifest inherits that its workspace does not have, and values of a wrong kind.
    pub losses: Vec<Loss>,
}

/// A package with everything its workspace gives it.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its manifest.
    pub file: FileId,
    /// The manifest's folder below the root.
    pub folder: String,
    /// Its name.
    pub name: Traced,
    /// Its version.
    pub version: Option<Traced>,
    /// The oldest compiler it builds with.
    pub rust_version: Option<Traced>,
    /// Its dependencies.
    pub dependencies: Vec<Dependency>,
    /// The files it can build: programs, and C libraries.
    pub artefacts: Vec<String>,
    /// The manifest of its workspace; its own where it is the workspace's root.
    pub workspace: Option<FileId>,
}

/// A dependency, effective.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The name it has in the code.
    pub key: Traced,
    /// The package's own name.
    pub name: Traced,
    /// The requirement. One of the workspace is *used* here and *stands* there.
    pub version: Option<Traced>,
    /// Its folder below the root, and where that is named.
    pub path: Option<(String, Span)>,
    /// Whether it comes from a repository.
    pub git: bool,
    /// The features asked for, the workspace's first.
    pub features: Vec<String>,
    /// Whether the default features are on.
    pub default_features: bool,
    /// Whether a feature must ask for it.
    pub optional: bool,
    /// What it is for.
    pub kind: Kind,
    /// The platform it is for: `cfg(unix)`.
    pub target: Option<String>,
    /// The whole declaration.
    pub span: Span,
}

/// Joins the manifests of a repository.
pub fn compose(sources: &Sources, documents: &[Document]) -> Cargo {
    let manifests = Manifests::new(documents.iter().filter_map(|document| {
        let source = sources.get(document.file);
        match &document.body {
            Body::Toml(tree) if source.name() == "Cargo.toml" => {
                Some((document.file, source.folder().to_owned(), cargo_toml::manifest(tree)))
            }
            _ => None,
        }
    }));
    if manifests.is_empty() {
        return Cargo::default();
    }
    let programs = programs(sources);
    let mut cargo = Cargo::default();
    let tables = manifests.workspace_dependencies();
    for (index, (file, folder, manifest)) in manifests.iter().enumerate() {
        cargo.losses.extend(manifest.losses.iter().cloned());
        let root = manifests.root_of(index);
        let inherited =
            Inherited { root: root.map(|root| manifests.at(root)), table: root.and_then(|r| tables.get(&r)) };
        cargo.package(*file, folder, manifest, &inherited, &programs);
    }
    cargo.workspaces = manifests.workspaces(&cargo.packages);
    cargo
}

/// The programs of `src/bin/` by package folder: they need no table.
fn programs(sources: &Sources) -> HashMap<&str, Vec<&str>> {
    let mut programs: HashMap<&str, Vec<&str>> = HashMap::new();
    for (_, source) in sources.iter() {
        let Some(at) = source.path.find("src/bin/").filter(|at| *at == 0 || source.path[..*at].ends_with('/')) else {
            continue;
        };
        let name = source.path[at + "src/bin/".len()..].strip_suffix(".rs");
        let name = name.map(|name| name.strip_suffix("/main").unwrap_or(name)).filter(|name| !name.contains('/'));
        programs.entry(source.path[..at].trim_end_matches('/')).or_default().extend(name);
    }
    programs
}

/// What a package may inherit from.
struct Inherited<'m> {
    root: Option<&'m (FileId, String, Manifest)>,
    table: Option<&'m HashMap<&'m str, &'m cargo_toml::Dependency>>,
}

impl Cargo {
    fn package(
        &mut self,
        file: FileId,
        folder: &str,
        manifest: &Manifest,
        inherited: &Inherited<'_>,
        programs: &HashMap<&str, Vec<&str>>,
    ) {
        let Some(package) = &manifest.package else { return };
        let workspace = inherited.root.and_then(|(_, _, manifest)| manifest.workspace.as_ref());
        let mut value = |field: &Option<Field>, of: Option<&Traced>, name: &str| match field.as_ref()? {
            Field::Value(value) => Some(value.clone()),
            Field::Workspace(span) => {
                if of.is_none() {
                    self.losses.push(Loss::part(*span, format!("the workspace has no `package.{name}`")));
                }
                of.map(|of| Traced::concat(*span, [of.clone()]))
            }
        };
        let version = value(&package.version, workspace.and_then(|w| w.version.as_ref()), "version");
        let oldest = workspace.and_then(|w| w.rust_version.as_ref());
        let rust_version = value(&package.rust_version, oldest, "rust-version");
        let mut dependencies = Vec::new();
        for dependency in &manifest.dependencies {
            match inherited.dependency(folder, dependency) {
                Some(dependency) => dependencies.push(dependency),
                None => self.losses.push(Loss::part(
                    dependency.span,
                    format!("`{}` is not among the workspace's dependencies", dependency.key),
                )),
            }
        }
        self.packages.push(Package {
            file,
            folder: folder.to_owned(),
            name: package.name.clone(),
            version,
            rust_version,
            dependencies,
            artefacts: artefacts(package, programs.get(folder).map_or(&[], Vec::as_slice)),
            workspace: inherited.root.map(|(file, _, _)| *file),
        });
    }
}

impl Inherited<'_> {
    fn dependency(&self, folder: &str, own: &cargo_toml::Dependency) -> Option<Dependency> {
        if !own.inherited {
            return Some(effective(folder, own));
        }
        let (_, root, _) = self.root?;
        let shared = effective(root, self.table?.get(own.key.as_str())?);
        let mut seen: HashSet<String> = HashSet::new();
        let features = shared.features.into_iter().chain(own.features.iter().map(Traced::to_string));
        let features = features.filter(|feature| seen.insert(feature.clone())).collect();
        Some(Dependency {
            key: own.key.clone(),
            name: if shared.name == shared.key { own.key.clone() } else { shared.name },
            version: shared.version.map(|version| Traced::concat(own.span, [version])),
            features,
            // The workspace's `true` cannot be taken back by a member.
            default_features: shared.default_features || own.default_features == Some(true),
            optional: own.optional,
            kind: own.kind,
            target: own.target.clone(),
            span: own.span,
            path: shared.path,
            git: shared.git,
        })
    }
}

/// A dependency that inherits nothing; its path is relative to `folder`.
fn effective(folder: &str, own: &cargo_toml::Dependency) -> Dependency {
    let relative = |path: &Traced| {
        let outside = path.as_str().starts_with('/') || path.as_str().contains(['\\', ':']);
        let folder = source::join(folder, path.as_str()).filter(|_| !outside)?;
        Some((folder, path.span()))
    };
    Dependency {
        key: own.key.clone(),
        name: own.package.as_ref().unwrap_or(&own.key).clone(),
        version: own.version.clone(),
        path: own.path.as_ref().and_then(relative),
        git: own.git,
        features: own.features.iter().map(Traced::to_string).collect(),
        default_features: own.default_features.unwrap_or(true),
        optional: own.optional,
        kind: own.kind,
        target: own.target.clone(),
        span: own.span,
    }
}

/// The package's own program is named without knowing whether `src/main.rs` exists: nothing else may have that name.
fn artefacts(package: &cargo_toml::Package, programs: &[&str]) -> Vec<String> {
    let tables = package.binaries.iter().map(Traced::as_str);
    let mut seen = HashSet::new();
    let all = std::iter::once(package.name.as_str()).chain(tables).chain(programs.iter().copied());
    let mut names: Vec<String> = all.filter(|name| seen.insert(*name)).map(str::to_owned).collect();
    if package.cdylib {
        let library = package.library.as_ref().unwrap_or(&package.name);
        names.push(format!("lib{}.so", library.as_str().replace('-', "_")));
    }
    names
}

#[cfg(test)]
mod tests;
