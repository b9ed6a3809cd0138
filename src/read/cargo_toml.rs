//! `Cargo.toml`, from its TOML tree: the tables Cargo reads, as written, nothing inherited yet.

use super::Loss;
use super::tree::{Node, Tree};
use crate::source::{Span, Traced};

/// A manifest as written.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// `[package]`.
    pub package: Option<Package>,
    /// `[workspace]`.
    pub workspace: Option<Workspace>,
    /// The dependencies of all tables, in order.
    pub dependencies: Vec<Dependency>,
    /// Tables and values of a wrong kind.
    pub losses: Vec<Loss>,
}

/// `[package]`, and what is built of it.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name.
    pub name: Traced,
    /// Its version.
    pub version: Option<Field>,
    /// The oldest compiler it builds with.
    pub rust_version: Option<Field>,
    /// `package.workspace`: the folder of the workspace's manifest.
    pub workspace: Option<Traced>,
    /// The names of the `[[bin]]` tables.
    pub binaries: Vec<Traced>,
    /// The library's name, where `[lib]` gives one.
    pub library: Option<Traced>,
    /// Where the library begins, where `[lib]` says so.
    pub library_path: Option<Traced>,
    /// Where programs, tests, examples and benches begin, where their tables say so.
    pub paths: Vec<Traced>,
    /// Whether the library is built as a C dynamic library.
    pub cdylib: bool,
}

/// A value of `[package]` that may be the workspace's.
#[derive(Debug, Clone)]
pub enum Field {
    /// Written here.
    Value(Traced),
    /// `workspace = true`, here.
    Workspace(Span),
}

/// `[workspace]`.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The table's name.
    pub span: Span,
    /// Folders of members, with globs.
    pub members: Vec<Traced>,
    /// Folders that are none.
    pub exclude: Vec<Traced>,
    /// `[workspace.package]`: the version.
    pub version: Option<Traced>,
    /// `[workspace.package]`: the oldest compiler.
    pub rust_version: Option<Traced>,
    /// `[workspace.dependencies]`.
    pub dependencies: Vec<Dependency>,
}

/// A dependency as written.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The name it has in the code.
    pub key: Traced,
    /// `package`: its own name, where that is another.
    pub package: Option<Traced>,
    /// The requirement.
    pub version: Option<Traced>,
    /// A folder.
    pub path: Option<Traced>,
    /// A repository.
    pub git: bool,
    /// The features asked for.
    pub features: Vec<Traced>,
    /// `default-features`.
    pub default_features: Option<bool>,
    /// Whether a feature must ask for it.
    pub optional: bool,
    /// `workspace = true`.
    pub inherited: bool,
    /// In which kind of table it stands.
    pub kind: Kind,
    /// The platform of its table: `cfg(unix)`.
    pub target: Option<String>,
    /// The whole declaration.
    pub span: Span,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The package itself.
    Normal,
    /// Tests, examples and benchmarks.
    Dev,
    /// The build script.
    Build,
}

const TABLES: [(&str, Kind); 5] = [
    ("dependencies", Kind::Normal),
    ("dev-dependencies", Kind::Dev),
    ("dev_dependencies", Kind::Dev),
    ("build-dependencies", Kind::Build),
    ("build_dependencies", Kind::Build),
];

/// Reads the tree's tables. Unknown keys are Cargo's business.
pub fn manifest(tree: &Tree) -> Manifest {
    let root = tree.root();
    let mut manifest = Manifest::default();
    // Cargo once called the table `[project]`.
    let package = root.get("package").or_else(|| root.get("project"));
    manifest.package = package.and_then(|package| manifest.package(root, package));
    manifest.workspace = root.entry("workspace").map(|(key, table)| manifest.workspace(key.span(), table));
    manifest.dependencies = manifest.tables(root, None);
    for (entry, target) in root.get("target").into_iter().flat_map(Node::entries) {
        let tables = manifest.tables(target, Some(entry.key.as_str()));
        manifest.dependencies.extend(tables);
    }
    manifest
}

impl Manifest {
    fn lose(&mut self, node: Node<'_>, wants: &str) {
        self.losses.push(Loss::part(node.span(), format!("this must be {wants}")));
    }

    fn package(&mut self, root: Node<'_>, package: Node<'_>) -> Option<Package> {
        let Some(name) = package.get("name").and_then(Node::text) else {
            self.lose(package, "a table with a `name`");
            return None;
        };
        let library = root.get("lib");
        let kinds = library.and_then(|l| l.get("crate-type").or_else(|| l.get("crate_type")));
        let name_of = |bin: Node<'_>| bin.get("name").and_then(Node::text).cloned();
        let path_of = |of: Node<'_>| of.get("path").and_then(Node::text).cloned();
        let others = ["bin", "test", "example", "bench"].into_iter().filter_map(|key| root.get(key));
        let others = others.flat_map(Node::items).filter_map(path_of);
        Some(Package {
            name: name.clone(),
            version: field(package, "version"),
            rust_version: field(package, "rust-version"),
            workspace: package.get("workspace").and_then(Node::text).cloned(),
            binaries: root.get("bin").into_iter().flat_map(Node::items).filter_map(name_of).collect(),
            library: library.and_then(name_of),
            library_path: library.and_then(path_of),
            paths: others.collect(),
            cdylib: kinds.into_iter().flat_map(Node::items).any(|kind| kind.str() == Some("cdylib")),
        })
    }

    fn workspace(&mut self, span: Span, table: Node<'_>) -> Workspace {
        let value = |key: &str| table.path(&["package", key]).and_then(Node::text).cloned();
        let dependencies = table.get("dependencies");
        Workspace {
            span,
            members: texts(table.get("members")),
            exclude: texts(table.get("exclude")),
            version: value("version"),
            rust_version: value("rust-version"),
            dependencies: dependencies.map(|table| self.table(table, Kind::Normal, None)).unwrap_or_default(),
        }
    }

    fn tables(&mut self, parent: Node<'_>, target: Option<&str>) -> Vec<Dependency> {
        let tables = TABLES.into_iter().filter_map(|(name, kind)| Some((parent.get(name)?, kind)));
        tables.flat_map(|(table, kind)| self.table(table, kind, target)).collect()
    }

    fn table(&mut self, table: Node<'_>, kind: Kind, target: Option<&str>) -> Vec<Dependency> {
        if !table.is_mapping() {
            self.lose(table, "a table of dependencies");
        }
        let mut found = Vec::new();
        for (entry, value) in table.entries() {
            match dependency(&entry.key, value, kind, target) {
                Some(dependency) => found.push(dependency),
                None => self.lose(value, "a version or a table"),
            }
        }
        found
    }
}

fn field(table: Node<'_>, key: &str) -> Option<Field> {
    let value = table.get(key)?;
    let inherited = || (value.get("workspace")?.bool() == Some(true)).then(|| Field::Workspace(value.span()));
    value.text().map(|text| Field::Value(text.clone())).or_else(inherited)
}

fn texts(list: Option<Node<'_>>) -> Vec<Traced> {
    list.into_iter().flat_map(Node::items).filter_map(Node::text).cloned().collect()
}

fn dependency(key: &Traced, value: Node<'_>, kind: Kind, target: Option<&str>) -> Option<Dependency> {
    let text = |name: &str| value.get(name).and_then(Node::text).cloned();
    let truth = |name: &str| value.get(name).and_then(Node::bool);
    let version = value.text().filter(|_| value.is_string()).cloned();
    (version.is_some() || value.is_mapping()).then(|| Dependency {
        key: key.clone(),
        package: text("package"),
        version: version.or_else(|| text("version")),
        path: text("path"),
        git: value.get("git").is_some(),
        features: texts(value.get("features")),
        default_features: truth("default-features").or_else(|| truth("default_features")),
        optional: truth("optional") == Some(true),
        inherited: truth("workspace") == Some(true),
        kind,
        target: target.map(str::to_owned),
        span: key.span().cover(value.span()),
    })
}
