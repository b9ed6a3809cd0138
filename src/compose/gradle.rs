//! Effective Gradle projects: what Gradle would make of the scripts of a repository, in each combination of what a command may
//! set from outside.
//!
//! Nothing is executed or fetched: the few things that build scripts do with names and versions are followed, all else is not
//! known, with the reason. <https://docs.gradle.org/current/userguide/build_lifecycle.html>

mod axis;
mod catalog;
mod module;
mod project;
mod run;
#[cfg(test)]
mod tests;
mod value;
mod world;

use crate::fact::{Scope, Unresolved, Variants};
use crate::finding::Edit;
use crate::read::{Body, Document, Loss};
use crate::source::{FileId, Sources, Span, Traced};
use axis::{Choice, Questions};
use module::Merged;
use run::Run;
use std::collections::BTreeSet;
use world::World;

/// How many statements all evaluations of one build may run.
const MAX_STEPS: usize = 1_000_000;

/// The Gradle projects of a repository.
#[derive(Debug, Default)]
pub struct Gradle {
    /// Builds: settings, or a script without any.
    pub builds: Vec<Build>,
    /// All projects of all builds.
    pub modules: Vec<Module>,
    /// Values that hold as long as no command sets a property.
    pub defaults: Vec<Preset>,
    /// Some script tells JVMs something that is not wholly known, or opens packages to them.
    pub tells_jvm: bool,
}

/// A value that holds as long as no command sets a property.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Preset {
    /// The value.
    pub span: Span,
    /// The property.
    pub name: Box<str>,
}

/// What one `gradle` builds.
#[derive(Debug)]
pub struct Build {
    /// The evaluations that its modules' [`Variants`] are numbered by; `default` is the first.
    pub evaluations: Vec<String>,
    /// What could not be followed.
    pub losses: Vec<Loss>,
}

/// An effective project.
#[derive(Debug)]
pub struct Module {
    /// Its script, else the one that configures it.
    pub file: FileId,
    /// Where it is named: in settings, else the start of its script.
    pub span: Span,
    /// Its build, in [`Gradle::builds`].
    pub build: usize,
    /// Its folder below the root.
    pub folder: String,
    /// `:a:b`.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its group.
    pub group: Option<String>,
    /// Its version.
    pub version: Option<Traced>,
    /// The evaluations in which its build has it.
    pub reached: Variants,
    /// It has neither dependencies nor a plugin that builds something: it holds others together.
    pub aggregator: bool,
    /// Its dependencies, with the evaluations they are there in.
    pub dependencies: Vec<(Variants, Dependency)>,
    /// The Java level its classes are for, and what says so.
    pub java: Vec<(Variants, (&'static str, Traced))>,
    /// The Scala version that its Scala plugin compiles with.
    pub scala: Vec<(Variants, Traced)>,
    /// The names of the files it can build, `*` for what is not known of them.
    pub artefacts: Vec<String>,
    /// How its fat jar is made, where one is.
    pub fat_jar: Option<FatJar>,
    /// It applies the plugin that runs it with a JVM of its own.
    pub application: bool,
    /// The image that jib makes of it.
    pub image: Option<BuiltImage>,
    /// What could not be resolved.
    pub unresolved: Vec<Unresolved>,
}

/// A dependency on a library or on another project.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// The configuration: `implementation`.
    pub configuration: Box<str>,
    /// When it is on the class path of what is built.
    pub scope: Scope,
    /// What it is.
    pub target: Target,
    /// What does not come with it: `group:name`, with `*`.
    pub exclusions: Vec<String>,
    /// The whole declaration.
    pub span: Span,
}

/// What is depended on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A library.
    Library {
        /// Its group.
        group: Traced,
        /// Its name, Scala suffix included.
        name: Traced,
        /// Its version, or why it is not known.
        version: Result<Traced, String>,
        /// Its classifier.
        classifier: Option<String>,
    },
    /// A project of the same build, by its folder.
    Project(String),
}

/// How a fat jar is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FatJar {
    /// The plugin or task that makes it.
    pub span: Span,
    /// Made by the shadow plugin; else by a task that unpacks other jars into its own.
    pub shadow: bool,
    /// Service files of several jars become one.
    pub merges_services: bool,
    /// What leaves service files out.
    pub drops_services: Option<Traced>,
    /// Libraries that are left out, `group:name`, with `*`.
    pub left_out: Vec<String>,
    /// Packages that get another name; empty text for all.
    pub relocated: Vec<String>,
    /// Only what is named is kept.
    pub includes: bool,
    /// The configurations it is made of, where it says so.
    pub configurations: Option<Vec<String>>,
    /// The edit that makes it merge service files.
    pub merge: Option<Edit>,
}

/// An image that is built without a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltImage {
    /// Where it is said.
    pub span: Span,
    /// The base image.
    pub from: Option<Traced>,
    /// The image's name.
    pub to: Option<Traced>,
}

/// Joins the scripts of a repository.
pub fn compose(sources: &Sources, documents: &[Document]) -> Gradle {
    let world = World::new(sources, documents);
    let tells_jvm = documents.iter().any(|document| matches!(&document.body, Body::Gradle(script) if script.tells_jvm));
    let mut gradle = Gradle { tells_jvm, ..Gradle::default() };
    let mut defaults = BTreeSet::new();
    for root in world.roots() {
        build(&world, &root, &mut gradle, &mut defaults);
    }
    gradle.defaults = defaults.into_iter().collect();
    gradle.modules.sort_by(|a, b| (&a.folder, &a.path).cmp(&(&b.folder, &b.path)));
    gradle
}

fn build(world: &World<'_>, root: &str, gradle: &mut Gradle, defaults: &mut BTreeSet<Preset>) {
    let mut questions = Questions::default();
    let mut choices = vec![Choice::default()];
    let mut merged = Merged::new(gradle.builds.len());
    let mut losses = std::collections::BTreeMap::new();
    let mut steps = MAX_STEPS;
    let mut done = 0;
    let mut incomplete = false;
    while let Some(choice) = choices.get(done).cloned() {
        let mut run = Run::of(world, root, &choice, &mut questions, &mut steps);
        // What was only begun says nothing, unless it is all there is.
        if run.is_cut() && done > 0 {
            incomplete = true;
            break;
        }
        defaults.extend(run.outside.drain(..).map(|o| Preset { span: o.span, name: o.name }));
        losses.append(&mut run.losses);
        merged.add(&run, done);
        done += 1;
        let news = questions.combinations().into_iter();
        choices.extend(news.filter(|new| !choices.contains(new)).collect::<Vec<_>>());
        incomplete |= choices.len() > Variants::MAX || steps == 0;
        choices.truncate(Variants::MAX);
    }
    let mut losses: Vec<Loss> = losses.into_iter().map(|(span, why)| Loss::limit(span, why)).collect();
    if incomplete && let Some(module) = merged.first() {
        losses.push(Loss::limit(
            module,
            format!("more combinations of what can be set than the {done} that are evaluated"),
        ));
    }
    let (modules, kept) = merged.finish(done);
    let names = kept.iter().filter_map(|number| choices.get(*number)).map(Choice::name);
    gradle.builds.push(Build { evaluations: names.collect(), losses });
    gradle.modules.extend(modules);
}
