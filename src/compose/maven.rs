//! Effective POMs: what Maven would make of the modules of a repository, in each combination of profiles.
//!
//! Nothing is fetched. What a parent or an imported POM outside of the repository would say stays unknown, with the reason.
//! Inheritance: <https://maven.apache.org/pom.html>, profiles: <https://maven.apache.org/guides/introduction/introduction-to-profiles.html>.

mod artefact;
mod assembly;
mod fork;
mod interplay;
mod management;
mod module;
mod plugin;
mod profiles;
mod scope;
#[cfg(test)]
pub(crate) mod tests;
mod value;
mod world;

use crate::fact::{Services, Unresolved, Variants};
use crate::finding::Edit;
use crate::read::{Body, Document, Loss};
use crate::source::{FileId, Sources, Span, Traced};
use management::Boms;
use profiles::{Active, Evaluations};
use scope::Scope;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
pub use value::{Cases, Text};
use world::{ModuleLink, ParentLink, World};

/// The Maven modules of a repository, effective in every evaluation.
#[derive(Debug, Default)]
pub struct Maven {
    /// Builds: a root POM and all modules below it.
    pub builds: Vec<Build>,
    /// All modules, in the order of their files.
    pub modules: Vec<Module>,
}

/// A root POM and its modules: what one `mvn` builds.
#[derive(Debug)]
pub struct Build {
    /// The root.
    pub root: FileId,
    /// The evaluations that its modules' [`Variants`] are numbered by; `default` is the first.
    pub evaluations: Vec<String>,
    /// What could not be evaluated.
    pub losses: Vec<Loss>,
}

/// An effective module.
#[derive(Debug)]
pub struct Module {
    /// Its POM.
    pub file: FileId,
    /// Its build, in [`Maven::builds`].
    pub build: usize,
    /// The text of its `<artifactId>`, else its root element's name.
    pub span: Span,
    /// The POM it inherits from, where that is in the repository.
    pub parent: Option<FileId>,
    /// Its groupId.
    pub group: Cases<Text>,
    /// Its artifactId.
    pub artifact: Cases<Text>,
    /// Its version.
    pub version: Cases<Text>,
    /// `jar` where nothing is written.
    pub packaging: String,
    /// The evaluations in which its build's root reaches it through `<module>` entries.
    pub reached: Variants,
    /// Its dependencies, its own and inherited ones, with the evaluations they are there in.
    pub dependencies: Vec<(Variants, Dependency)>,
    /// Its `<module>` entries.
    pub modules: Vec<ModuleEntry>,
    /// The Java level its classes are compiled for.
    pub java: Cases<Text>,
    /// The Scala version its classes are compiled with, where the Scala plugin says it.
    pub scala: Cases<Text>,
    /// The names of the files it can build, `*` for what is not known of them.
    pub artefacts: Vec<String>,
    /// Dependencies whose coordinates could not be resolved.
    pub unresolved: Vec<Unresolved>,
    /// How jars with its libraries in them are made.
    pub fat_jars: Vec<FatJar>,
    /// The names of the rules that the enforcer checks it for: `requireJavaVersion`.
    pub enforced: Vec<String>,
    /// The JVM that its tests are run in, where it is started for them.
    pub tests: Option<Fork>,
    /// Its jar's manifest opens packages.
    pub opens: Option<Span>,
    /// The image that jib makes of it.
    pub image: Option<BuiltImage>,
}

/// A JVM that a plugin starts.
#[derive(Debug)]
pub struct Fork {
    /// The plugin.
    pub plugin: &'static str,
    /// Where it is named, or given options; the module's name where nothing is said of it.
    pub span: Span,
    /// The options, in whatever evaluation; None where they are not known.
    pub options: Option<Vec<Traced>>,
    /// The end of the options that are written.
    pub end: Option<Span>,
}

/// An image that is built without a Dockerfile.
#[derive(Debug)]
pub struct BuiltImage {
    /// Where it is said.
    pub span: Span,
    /// The base image.
    pub from: Option<Arc<Traced>>,
    /// The image's name.
    pub to: Option<Arc<Traced>>,
}

/// How a jar with a module's libraries in it is made.
#[derive(Debug)]
pub struct FatJar {
    /// The plugin.
    pub plugin: &'static str,
    /// Where it is named.
    pub span: Span,
    /// The evaluations in which it is.
    pub variants: Variants,
    /// What becomes of service files of one name.
    pub services: Services,
    /// What is left out: `group:artifact`, with `*`.
    pub left_out: Vec<String>,
    /// Packages that get another name.
    pub relocated: Vec<String>,
    /// The edit that makes it merge service files.
    pub merge: Option<Edit>,
}

/// A `<module>` entry.
#[derive(Debug)]
pub struct ModuleEntry {
    /// The POM it leads to, below the root, whether it exists or not.
    pub path: String,
    /// The entry.
    pub span: Span,
}

/// An effective dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its groupId.
    pub group: Arc<Traced>,
    /// Its artifactId, Scala suffix included.
    pub artifact: Arc<Traced>,
    /// Its version, written or managed.
    pub version: Text,
    /// Its scope, written or managed; `compile` where there is none.
    pub scope: Option<Arc<Traced>>,
    /// Its type; `jar` where there is none.
    pub kind: Option<Arc<Traced>>,
    /// Its classifier.
    pub classifier: Option<Arc<Traced>>,
    /// It stays out of what depends on this module.
    pub optional: bool,
    /// What does not come with it: `group:artifact`, with `*`.
    pub exclusions: Arc<[String]>,
    /// The edit that makes it `provided`.
    pub provide: Option<Edit>,
    /// The whole declaration.
    pub span: Span,
}

/// Joins the POMs of a repository.
pub fn compose(sources: &Sources, documents: &[Document]) -> Maven {
    let poms = documents.iter().filter_map(|document| match &document.body {
        Body::Pom(pom) => Some((sources.path(document.file), &**pom)),
        _ => None,
    });
    let world = World::new(&poms.collect::<Vec<_>>());
    let everything: Vec<usize> = (0..world.poms.len()).collect();
    let plain = Active::new(&world, &everything, &Evaluations { combinations: vec![Vec::new()], incomplete: false });
    let mut boms = Boms::new(&world, &plain);
    let mut maven = Maven::default();
    for members in world.reactors() {
        build(&world, &mut boms, &members, &mut maven);
    }
    maven.modules.sort_by_key(|module| module.file);
    maven
}

fn build(world: &World<'_>, boms: &mut Boms<'_, '_>, members: &[usize], maven: &mut Maven) {
    let Some(root) = members.first().and_then(|root| world.poms.get(*root)) else { return };
    let mut poms: Vec<usize> = Vec::new();
    let mut seen = HashSet::new();
    poms.extend(members.iter().flat_map(|member| world.lineage(*member)).filter(|pom| seen.insert(*pom)));
    let evaluations = profiles::evaluations(world, &poms);
    let active = Active::new(world, &poms, &evaluations);
    let mut losses = Vec::new();
    if evaluations.incomplete {
        let max = Variants::MAX;
        losses
            .push(Loss::limit(root.pom.span, format!("more than {max} combinations of profiles; {max} are evaluated")));
    }
    let reached = reached(world, members, &active);
    let number = maven.builds.len();
    for (member, reached) in members.iter().zip(reached) {
        maven.modules.extend(effective(world, boms, *member, &active, number, reached));
    }
    maven.builds.push(Build { root: root.pom.file, evaluations: evaluations.names(), losses });
}

/// The evaluations in which the root reaches each member: a module's, where it is reached, and its entry's profile holds.
fn reached(world: &World<'_>, members: &[usize], active: &Active) -> Vec<Variants> {
    let mut reached: HashMap<usize, Variants> = members.first().map(|root| (*root, active.all())).into_iter().collect();
    for member in members {
        let above = reached.get(member).copied().unwrap_or(Variants::NONE);
        let entries: &[ModuleLink<'_>] = world.poms.get(*member).map_or(&[], |e| &e.modules);
        for entry in entries {
            if let Some(child) = entry.pom {
                let here = above.and(active.layer(*member, entry.profile));
                let seen = reached.entry(child).or_insert(Variants::NONE);
                *seen = seen.or(here);
            }
        }
    }
    members.iter().map(|member| reached.get(member).copied().unwrap_or(Variants::NONE)).collect()
}

fn effective(
    world: &World<'_>,
    boms: &mut Boms<'_, '_>,
    number: usize,
    active: &Active,
    build: usize,
    reached: Variants,
) -> Option<Module> {
    let entry = world.poms.get(number)?;
    let pom = entry.pom;
    let mut scope = Scope::new(world, number, active);
    let packaging = pom.packaging.as_ref().map_or("jar", Traced::as_str).to_owned();
    let (dependencies, unresolved) = module::dependencies(&mut scope, boms);
    let settings = plugin::settings(&scope);
    let parent = match entry.parent {
        ParentLink::Local(parent) => world.poms.get(parent).map(|e| e.pom.file),
        _ => None,
    };
    let modules = entry.modules.iter().map(|m| ModuleEntry { path: m.path.clone(), span: m.text.span() });
    Some(Module {
        file: pom.file,
        build,
        span: pom.artifact.as_ref().map_or(pom.span, Traced::span),
        parent,
        group: scope.property("project.groupId"),
        artifact: scope.property("project.artifactId"),
        version: scope.property("project.version"),
        reached,
        dependencies,
        modules: modules.collect(),
        java: plugin::java_level(&mut scope, &settings),
        scala: plugin::scala_version(&mut scope, &settings),
        artefacts: artefact::artefacts(&mut scope, &settings, &packaging),
        packaging,
        unresolved,
        fat_jars: assembly::fat_jars(&scope, &settings),
        enforced: assembly::enforced(&settings),
        tests: fork::tests(&mut scope, &settings),
        opens: fork::opens(&settings),
        image: assembly::image(&mut scope, &settings),
    })
}
