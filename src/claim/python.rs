//! What Python projects claim: requirement files, `pyproject.toml`, `Pipfile`, `setup.cfg`, Conda environments, and the
//! locks that say which versions a manifest came to.

mod conda;
mod image;
mod install;
mod job;
mod pipfile;
mod project;
mod pyproject;
mod requirements;
mod setup_cfg;
mod setup_py;

use crate::compose::python::Python;
use crate::fact::{
    Dependency, Ecosystem, Facts, LocalModule, Module, PartId, Scope, Unresolved, Variants, VersionClaim,
    module::pypi_name,
};
use crate::read::code::Code;
use crate::read::ini::Section;
use crate::read::requirements::{Package, Requirement};
use crate::read::tree::Tree;
use crate::source::{self, Source, Span, Traced};
use crate::version::{VersionSet, python};
pub use job::Script;

/// The facts of a requirements file.
pub fn claim_requirements(source: &Source, requirements: &[Requirement], world: &Python) -> Facts {
    requirements::claim(source, requirements, world)
}

/// The facts of a TOML file of Python's.
pub fn claim_toml(source: &Source, tree: &Tree, world: &Python) -> Facts {
    match source.name() {
        "pyproject.toml" => pyproject::claim(source, tree, world),
        "Pipfile" => pipfile::claim(source, tree, world),
        _ => Facts::default(),
    }
}

/// The facts of a `setup.cfg`.
pub fn claim_setup_cfg(source: &Source, sections: &[Section], world: &Python) -> Facts {
    setup_cfg::claim(source, sections, world)
}

/// The facts of a `setup.py`.
pub fn claim_setup_py(source: &Source, code: &Code, world: &Python) -> Facts {
    if source.name() == "setup.py" { setup_py::claim(source, code, world) } else { Facts::default() }
}

/// Adds what the commands of an image install.
pub fn claim_image(facts: &mut Facts, part: PartId) {
    image::claim(facts, part);
    image::environment(facts, part);
}

/// The `Py4J` that a part's variables name.
pub fn claim_environment(part: PartId, variables: &[(Traced, Traced)]) -> Option<VersionClaim> {
    let path = variables.iter().rev().find(|(name, _)| name.as_str() == "PYTHONPATH")?;
    image::py4j(part, &path.1)
}

/// Adds what the scripts of a CI job install.
pub fn claim_job(facts: &mut Facts, part: PartId, scripts: &[Script]) {
    job::claim(facts, part, scripts);
}

/// What a script installs.
pub fn claim_scripts(source: &Source, scripts: &[Traced]) -> Facts {
    job::script(source, scripts)
}

/// The facts of a Conda environment; nothing where the YAML is something else.
pub fn claim_conda(source: &Source, trees: &[Tree], world: &Python) -> Facts {
    trees.first().map_or_else(Facts::default, |tree| conda::claim(source, tree, world))
}

fn module(coordinate: String, local: Vec<LocalModule>) -> Module {
    Module {
        ecosystem: Ecosystem::PyPi,
        coordinate,
        artefacts: Vec::new(),
        parent: None,
        local,
        evaluations: vec!["default".to_owned()],
        reached: Variants::ALL,
        aggregator: false,
    }
}

/// A file or folder of the repository; an address or a path that leaves it is none.
fn local_module(source: &Source, path: &Traced, span: Span) -> Option<LocalModule> {
    let text = path.as_str().strip_prefix("file:").unwrap_or(path.as_str());
    let text = text.split(['#', '[', ';']).next()?.trim_end();
    let relative = !text.is_empty() && !text.starts_with('/') && !text.contains([':', '\\', '$']);
    let path = relative.then(|| source::join(source.folder(), text)).flatten()?;
    Some(LocalModule::always(path, span, true))
}

/// The words that name what is only there for the people who work on a project.
const DEVELOPMENT: [&str; 15] = [
    "build",
    "ci",
    "coverage",
    "dev",
    "develop",
    "development",
    "doc",
    "docs",
    "documentation",
    "lint",
    "linting",
    "test",
    "testing",
    "tests",
    "typing",
];

/// Whether a group, extra, file or folder is named after tests, documentation or development.
fn is_for_development(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(['-', '_', '.', ' ']).any(|word| DEVELOPMENT.contains(&word))
}

/// A requirements file's own name, or that of the folder it lies in, says what it is for.
fn file_scope(path: &str) -> Scope {
    let mut names = path.rsplit('/');
    let name = names.next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let folder = names.next().unwrap_or_default();
    if is_for_development(stem) || is_for_development(folder) {
        Scope::Test
    } else if stem.starts_with("constraint") {
        Scope::Other
    } else {
        Scope::Compile
    }
}

/// A requirement of any notation.
struct Asked {
    name: Traced,
    extras: Vec<String>,
    version: Allowed,
    /// Whether an environment marker may leave it out.
    marked: bool,
    scope: Scope,
    span: Span,
}

/// What a requirement says of the version.
enum Allowed {
    /// Nothing.
    Any,
    /// A set.
    Set(VersionSet, Traced),
    /// Something that is not known from the text.
    Unknown(Traced, String),
}

impl Asked {
    fn of(package: Package, scope: Scope, span: Span) -> Self {
        let version = package.specifiers.map_or(Allowed::Any, |text| Allowed::of(&text));
        let extras = package.extras.iter().map(Traced::to_string).collect();
        Self { name: package.name, extras, version, marked: package.marker.is_some(), scope, span }
    }

    /// The exact version that a lock or a constraint gives it. It is asked for here and written there.
    fn exactly(&mut self, version: &Traced) {
        if let Some(set) = exact(version) {
            self.version = Allowed::Set(set, Traced::concat(self.span, [version.clone()]));
        }
    }

    /// What Conda's notation allows it to be.
    fn allow(&mut self, set: Option<VersionSet>, text: Traced) {
        let unknown = |text: Traced| Allowed::Unknown(text, "this is no version of Conda's".to_owned());
        self.version = match set {
            Some(set) => Allowed::Set(set, text),
            None => unknown(text),
        };
    }

    fn is_versioned(&self) -> bool {
        !matches!(self.version, Allowed::Any)
    }

    /// Whether it allows a version.
    fn allows(&self, set: &VersionSet) -> bool {
        match &self.version {
            Allowed::Set(own, _) => own.meets(set),
            Allowed::Any | Allowed::Unknown(..) => true,
        }
    }

    fn normal_name(&self) -> String {
        pypi_name(self.name.as_str())
    }

    fn normal_extras(&self) -> Vec<String> {
        self.extras.iter().map(|extra| pypi_name(extra)).collect()
    }

    fn unversioned(name: Traced, scope: Scope, span: Span) -> Self {
        Self { name, extras: Vec::new(), version: Allowed::Any, marked: false, scope, span }
    }

    fn dependency(&self, part: PartId) -> Dependency {
        let (versions, version) = match &self.version {
            Allowed::Set(set, text) => (set.clone(), Some(text.clone())),
            Allowed::Any | Allowed::Unknown(..) => (VersionSet::any(), None),
        };
        Dependency {
            version,
            versions,
            scope: self.scope,
            classifier: (!self.extras.is_empty()).then(|| self.extras.join(",")),
            conditional: self.marked,
            ..Dependency::named(part, Ecosystem::PyPi, self.name.clone(), self.span)
        }
    }
}

impl Allowed {
    fn of(specifiers: &Traced) -> Self {
        match specifier_set(specifiers.as_str()) {
            Some(set) => Self::Set(set, version_text(specifiers)),
            None if specifiers.as_str().contains("${") => {
                Self::Unknown(specifiers.clone(), "the version is only known where it is installed".to_owned())
            }
            None => Self::Unknown(specifiers.clone(), "this is no version specifier".to_owned()),
        }
    }
}

/// The set of one version.
fn exact(version: &Traced) -> Option<VersionSet> {
    specifier_set(&format!("=={version}"))
}

/// The longest specifiers that are read, in bytes: each excluded version makes the set longer.
const MAX_SPECIFIERS: usize = 4096;

/// What PEP 440 specifiers allow; none where they are no specifiers, or beyond all use.
fn specifier_set(text: &str) -> Option<VersionSet> {
    (text.len() <= MAX_SPECIFIERS).then(|| python::specifiers(text))?
}

/// The bytes to change for another version: the number where one is pinned, else all specifiers.
fn version_text(specifiers: &Traced) -> Traced {
    let text = specifiers.as_str();
    let pinned = text.strip_prefix("===").or_else(|| text.strip_prefix("==")).filter(|rest| !rest.contains(','));
    pinned.map_or_else(|| specifiers.clone(), |rest| specifiers.slice(text.len() - rest.len()..text.len()).trim())
}

/// Adds the dependencies.
fn add(facts: &mut Facts, part: PartId, asked: &[Asked]) {
    facts.dependencies.extend(asked.iter().map(|a| a.dependency(part)));
    facts.unresolved.extend(asked.iter().filter_map(|a| match &a.version {
        Allowed::Unknown(text, why) => Some(Unresolved { span: text.span(), why: why.clone() }),
        _ => None,
    }));
}

#[cfg(test)]
mod tests;
