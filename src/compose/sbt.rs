//! Effective sbt builds: what sbt would make of the projects of a repository, with each Scala version they are crossed with.
//!
//! Nothing is executed or fetched. A small machine computes what is written out or follows from it; what it cannot compute stays unknown,
//! with the reason. How settings and scopes work: <https://www.scala-sbt.org/1.x/docs/>.

mod artefact;
mod build;
mod call;
mod compiler;
mod fork;
mod frame;
mod image;
mod library;
mod list;
mod machine;
mod method;
mod module;
mod option;
mod project;
mod recipe;
mod resolve;
mod scopes;
mod spark_package;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod value;

use crate::compose::maven::{Cases, Text};
use crate::fact::{Scope, Unresolved, Variants};
use crate::read::sbt::Script;
use crate::read::{Body, Document, Loss};
use crate::source::{FileId, Source, Sources, Span, Traced};
use build::Files;
use std::collections::{BTreeMap, HashSet};
use std::thread;
pub use value::Outside;

/// The machine's stack. Only what is used of it costs memory; the depth of calls is bounded so that it suffices.
const STACK: usize = 64 * 1024 * 1024;

/// How many expressions all builds of a repository may look at.
const MAX_STEPS: usize = 5_000_000;

/// The sbt builds of a repository.
#[derive(Debug, Default)]
pub struct Sbt {
    /// The builds, by folder.
    pub builds: Vec<Build>,
    /// Their modules.
    pub modules: Vec<Module>,
    /// Values that hold as long as the outside sets nothing else.
    pub defaults: Vec<(Outside, Span)>,
}

/// A build: a folder with its `*.sbt` files and its folder `project`.
#[derive(Debug)]
pub struct Build {
    /// The evaluations that its modules' [`Variants`] are numbered by; `default` is the first.
    pub evaluations: Vec<String>,
    /// The number of its first module in [`Sbt::modules`]; links count from there.
    pub first: usize,
    /// What could not be evaluated.
    pub losses: Vec<Loss>,
}

/// An effective module: a project, or a row of a project matrix.
#[derive(Debug)]
pub struct Module {
    /// Its build, in [`Sbt::builds`].
    pub build: usize,
    /// Its id: what `sbt <id>/compile` names.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// Its folder, below the root.
    pub folder: String,
    /// `organization`.
    pub organization: Cases<Text>,
    /// `name`.
    pub name: Cases<Text>,
    /// `version`.
    pub version: Cases<Text>,
    /// `scalaVersion`.
    pub scala: Cases<Text>,
    /// The Java level its classes are compiled for, where something says it.
    pub java: Cases<Text>,
    /// The evaluations it is part of.
    pub reached: Variants,
    /// Its libraries, with the evaluations they are there in.
    pub dependencies: Vec<(Variants, Dependency)>,
    /// Projects of the build that it depends on.
    pub links: Vec<Link>,
    /// Projects that are built with it, by number in the build.
    pub aggregates: Vec<(usize, Span)>,
    /// It only holds others together.
    pub aggregator: bool,
    /// The names of the files it can build, `*` for what is not known of them.
    pub artefacts: Vec<String>,
    /// How its fat jar is put together.
    pub assembly: Option<Assembly>,
    /// The JVMs that it starts for its tests and for itself.
    pub forks: Vec<Fork>,
    /// The image it makes.
    pub image: Option<Image>,
    /// What of it is not known.
    pub unresolved: Vec<Unresolved>,
}

/// A library that a module depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// Its organization: Maven's groupId.
    pub organization: Traced,
    /// Its name, as written: what `%%` adds is in `scala`.
    pub name: Traced,
    /// The Scala suffix that `%%` adds: the bytes of the Scala version it comes from.
    pub scala: Option<Traced>,
    /// Its version, where it is known.
    pub version: Option<Traced>,
    /// When it is on the class path.
    pub scope: Scope,
    /// It comes along to what depends on the module.
    pub travels: bool,
    /// Its classifier.
    pub classifier: Option<String>,
    /// What does not come with it: `group:artifact`, with `*`.
    pub exclusions: Vec<String>,
    /// The whole declaration.
    pub span: Span,
}

/// A project of the same build that a module depends on.
#[derive(Debug)]
pub struct Link {
    /// The project, by number in the build.
    pub target: usize,
    /// Its code ends up with this one's: not so for tests.
    pub linked: bool,
    /// It comes along to what depends on this module.
    pub travels: bool,
    /// Where that is said.
    pub span: Span,
    /// In which evaluations.
    pub variants: Variants,
}

/// How a fat jar is put together.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// What becomes of files of one name below `META-INF/services`, where a merge strategy says it.
    pub services: Option<Merged>,
    /// The Scala library is in it.
    pub include_scala: bool,
    /// Some packages get other names.
    pub shades: bool,
}

/// A JVM that a project starts.
#[derive(Debug, Clone)]
pub struct Fork {
    /// `Test / fork`.
    pub by: &'static str,
    /// It runs tests.
    pub tests: bool,
    /// `javaOptions`; None where they are not known.
    pub options: Option<Vec<Traced>>,
    /// The setting that makes it a JVM of its own.
    pub span: Option<Span>,
}

/// What a merge strategy does with a file.
#[derive(Debug, Clone)]
pub struct Merged {
    /// `discard`, `first`, `concat`, `filterDistinctLines`.
    pub strategy: String,
    /// The case that says so.
    pub span: Span,
}

/// An image that a build makes by itself.
#[derive(Debug, Clone)]
pub struct Image {
    /// What it is based on, where that is known.
    pub base: Option<Traced>,
    /// Its names.
    pub names: Vec<Traced>,
    /// The commands that copy into it.
    pub copies: Vec<Span>,
    /// Where the base is said.
    pub span: Span,
}

/// Joins the build definitions of a repository.
pub fn compose(sources: &Sources, documents: &[Document]) -> Sbt {
    let mut folders: BTreeMap<String, Files<'_>> = BTreeMap::new();
    for document in documents {
        let Body::Sbt(script) = &document.body else { continue };
        place(sources.get(document.file), document.file, script, &mut folders);
    }
    let mut sbt = Sbt::default();
    let mut steps = MAX_STEPS;
    let mut taken: HashSet<String> = HashSet::new();
    let names: Vec<String> = folders.keys().cloned().collect();
    for name in names {
        let Some(mut files) = folders.remove(&name).filter(|_| !taken.contains(&name)) else { continue };
        files.below = below(&name, &folders);
        if !files.scripts.is_empty() || !files.sources.is_empty() {
            taken.extend(roomy(|| build_one(&mut sbt, &files, &mut steps)));
        }
    }
    sbt
}

/// Runs on a thread with a stack that the deepest computation fits into, wherever this is called from.
fn roomy(work: impl FnOnce() -> Vec<String> + Send) -> Vec<String> {
    let done = thread::scope(|scope| {
        thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok().and_then(|handle| handle.join().ok())
    });
    done.unwrap_or_default()
}

/// Puts a file into the build that it belongs to by its place.
fn place<'a>(source: &Source, file: FileId, script: &'a Script, folders: &mut BTreeMap<String, Files<'a>>) {
    let segments: Vec<&str> = source.path.split('/').collect();
    let is_sbt = source.has_extension("sbt");
    let inside = segments.iter().rposition(|segment| *segment == "project").filter(|at| at + 1 < segments.len());
    let (folder, kind) = match inside {
        Some(at) if !is_sbt => (segments.get(..at), 0),
        Some(at) if at + 2 == segments.len() => (segments.get(..at), 1),
        _ if is_sbt => (segments.get(..segments.len() - 1), 2),
        _ => return,
    };
    let folder = folder.unwrap_or_default().join("/");
    let files = folders.entry(folder.clone()).or_insert_with(|| Files { folder, ..Files::default() });
    match kind {
        0 => files.sources.push((file, script)),
        1 => files.plugins.push((file, script)),
        _ => files.scripts.push((file, script)),
    }
}

/// The scripts in folders below a build's, which may be its projects' own.
fn below<'a>(name: &str, folders: &BTreeMap<String, Files<'a>>) -> Vec<(String, FileId, &'a Script)> {
    let prefix = if name.is_empty() { String::new() } else { format!("{name}/") };
    let inner = folders.range(prefix.clone()..).take_while(|(folder, _)| folder.starts_with(&prefix));
    let scripts = inner.flat_map(|(folder, files)| {
        let relative = folder.strip_prefix(&prefix).unwrap_or(folder).to_owned();
        files.scripts.iter().map(move |(file, script)| (relative.clone(), *file, *script))
    });
    scripts.collect()
}

/// Evaluates one build; gives the folders that are its projects' own.
fn build_one(sbt: &mut Sbt, files: &Files<'_>, steps: &mut usize) -> Vec<String> {
    let mut build = build::Build::of(files, *steps);
    let crossed = module::crossed(&mut build);
    let number = sbt.builds.len();
    let modules = module::modules(&mut build, number, &files.folder, &crossed);
    *steps = steps.saturating_sub(build.machine.used());
    let mut losses = Vec::new();
    if build.machine.is_exhausted() {
        let span = modules.first().map(|module| module.span);
        losses.extend(
            span.map(|span| Loss::limit(span, "this build takes too much to compute; parts of it are not known")),
        );
    }
    let default = std::iter::once("default".to_owned());
    let evaluations = default.chain(crossed.iter().map(|version| format!("++{version}"))).collect();
    sbt.builds.push(Build { evaluations, first: sbt.modules.len(), losses });
    sbt.modules.extend(modules);
    let mut seen = HashSet::new();
    let defaults = build.machine.defaults.into_iter().filter(|default| seen.insert(default.clone()));
    sbt.defaults.extend(defaults);
    let relative = |folder: String| if files.folder.is_empty() { folder } else { format!("{}/{folder}", files.folder) };
    build.folders.into_iter().map(relative).collect()
}
