//! What Maven modules claim.

pub(super) mod range;

use super::jib::Jib;
use super::library::readable;
use crate::compose::maven::{Build, Cases, Dependency, Maven, Module, ModuleEntry, Text};
use crate::fact::{
    self, Assembly, Component, Ecosystem, Facts, How, LocalModule, Part, PartId, PartKind, Scope, Unresolved,
};
use crate::fact::{Enforcement, JavaRun, Release, Variants, VersionClaim, module::split_suffix};
use crate::source::{FileId, Sources, Span, Traced, folder_of};
use crate::version::{Version, VersionSet};
use std::collections::{HashMap, HashSet};

/// The facts of all modules.
pub fn claim(sources: &Sources, maven: &Maven) -> Facts {
    let mut facts = Facts::default();
    facts.dependencies.reserve(maven.modules.iter().map(|m| m.dependencies.len()).sum());
    let coordinates = coordinates(maven);
    let mut unresolved = Unknowns::default();
    let mut versions = Versions::default();
    for module in &maven.modules {
        let Some(build) = maven.builds.get(module.build) else { continue };
        let part = facts.add(part(sources, module, build, &coordinates));
        let mut claims = Claims { part, made: Vec::new() };
        for (variants, dependency) in &module.dependencies {
            let fact = dependency_fact(part, dependency, *variants, &mut versions);
            if let Err(why) = &dependency.version {
                unresolved.add(dependency.span, why);
            }
            facts.dependencies.push(fact);
        }
        assemblies(part, module, &mut facts);
        if let (Some(image), Some(artefact)) = (&module.image, module.artefacts.first()) {
            let path = sources.path(module.file);
            let jib = Jib {
                span: image.span,
                path,
                folder: folder_of(path),
                artefact: format!("target/{artefact}"),
                from: image.from.as_deref(),
                to: image.to.as_deref(),
            };
            super::jib::claim(&jib, &mut facts);
        }
        claims.compiler(module, &mut unresolved);
        facts.versions.append(&mut claims.made);
        module.unresolved.iter().for_each(|u| unresolved.add(u.span, &u.why));
    }
    facts.losses = maven.builds.iter().flat_map(|b| b.losses.iter().cloned()).collect();
    facts.unresolved = unresolved.found;
    facts
}

/// Values that stayed unknown, each once however many modules inherit it.
#[derive(Default)]
struct Unknowns {
    found: Vec<Unresolved>,
    seen: HashSet<(Span, String)>,
}

impl Unknowns {
    fn add(&mut self, span: Span, why: &str) {
        if self.seen.insert((span, why.to_owned())) {
            self.found.push(Unresolved { span, why: why.to_owned() });
        }
    }
}

/// Version texts that were read before: thousands of dependencies share a few.
#[derive(Default)]
struct Versions {
    known: HashMap<String, VersionSet>,
}

impl Versions {
    fn of(&mut self, text: &str) -> VersionSet {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let versions = range::versions(text);
        self.known.insert(text.to_owned(), versions.clone());
        versions
    }
}

/// Modules by group and artifact in any evaluation, with the versions they have.
type Coordinates<'m> = HashMap<(&'m str, &'m str), Vec<(&'m Cases<Text>, FileId)>>;

fn coordinates(maven: &Maven) -> Coordinates<'_> {
    let mut coordinates = Coordinates::new();
    for module in &maven.modules {
        for group in known(&module.group) {
            for artifact in known(&module.artifact) {
                coordinates.entry((group, artifact)).or_default().push((&module.version, module.file));
            }
        }
    }
    coordinates
}

fn known(cases: &Cases<Text>) -> impl Iterator<Item = &str> {
    cases.iter().filter_map(|(_, text)| text.as_ref().ok()).map(|t| t.as_str())
}

fn part(sources: &Sources, module: &Module, build: &Build, coordinates: &Coordinates<'_>) -> Part {
    let shown = |cases: &Cases<Text>| known(cases).next().unwrap_or("?").to_owned();
    let coordinate = format!("{}:{}", shown(&module.group), shown(&module.artifact));
    let kind = PartKind::Module(fact::Module {
        ecosystem: Ecosystem::Maven,
        coordinate: coordinate.clone(),
        artefacts: module.artefacts.clone(),
        parent: module.parent,
        local: local(sources, module, coordinates),
        evaluations: build.evaluations.clone(),
        reached: module.reached,
        aggregator: module.packaging == "pom",
    });
    let folder = folder_of(sources.path(module.file)).to_owned();
    Part { name: coordinate, span: module.span, folder, kind }
}

/// Modules that this one names: its `<module>` entries, and what it depends on of this repository.
fn local(sources: &Sources, module: &Module, coordinates: &Coordinates<'_>) -> Vec<LocalModule> {
    let entry = |m: &ModuleEntry| LocalModule::always(m.path.clone(), m.span, false);
    let mut local: Vec<LocalModule> = module.modules.iter().map(entry).collect();
    let mut seen: HashMap<FileId, usize> = HashMap::new();
    for (variants, dependency) in &module.dependencies {
        let Ok(version) = &dependency.version else { continue };
        if !scope(dependency).is_on_class_path() {
            continue;
        }
        let found = coordinates.get(&(dependency.group.as_str(), dependency.artifact.as_str())).into_iter().flatten();
        for (versions, file) in found {
            if *file == module.file || !known(versions).any(|v| v == version.as_str()) {
                continue;
            }
            let at = *seen.entry(*file).or_insert(local.len());
            match local.get_mut(at) {
                Some(known) => {
                    known.variants = known.variants.or(*variants);
                    known.travels |= travels(dependency);
                }
                None => local.push(LocalModule {
                    path: sources.path(*file).to_owned(),
                    span: dependency.span,
                    linked: true,
                    variants: *variants,
                    travels: travels(dependency),
                    exclusions: dependency.exclusions.clone(),
                }),
            }
        }
    }
    local
}

/// Whether a dependency comes along to what depends on this module.
fn travels(dependency: &Dependency) -> bool {
    !dependency.optional && scope(dependency) != Scope::Provided
}

fn scope(dependency: &Dependency) -> Scope {
    match dependency.scope.as_ref().map(|t| t.as_str()) {
        None | Some("compile" | "") => Scope::Compile,
        Some("provided") => Scope::Provided,
        Some("runtime") => Scope::Runtime,
        Some("test") => Scope::Test,
        Some(_) => Scope::Other,
    }
}

fn dependency_fact(
    part: PartId,
    dependency: &Dependency,
    variants: Variants,
    versions: &mut Versions,
) -> fact::Dependency {
    let (name, scala) = split_suffix(&dependency.artifact);
    let version = dependency.version.as_ref().ok();
    let kind = dependency.kind.as_ref().map(|t| t.as_str());
    let classifier = dependency.classifier.as_ref().map(|c| c.as_str().to_owned());
    fact::Dependency {
        group: dependency.group.as_str().to_owned(),
        scala,
        versions: version.map_or_else(VersionSet::any, |v| versions.of(v.as_str())),
        version: version.map(|v| Traced::clone(v)),
        scope: scope(dependency),
        variants,
        classifier: classifier.or_else(|| (kind == Some("test-jar")).then(|| "tests".to_owned())),
        travels: travels(dependency),
        provide: dependency.provide.clone(),
        ..fact::Dependency::named(part, Ecosystem::Maven, name, dependency.span)
    }
}

/// Jars with libraries in them, the module's own version, and what its build is checked for.
fn assemblies(part: PartId, module: &Module, facts: &mut Facts) {
    for jar in &module.fat_jars {
        facts.assemblies.push(Assembly {
            part,
            by: jar.plugin,
            span: jar.span,
            services: jar.services.clone(),
            left_out: jar.left_out.clone(),
            relocated: jar.relocated.clone(),
            variants: jar.variants,
            merge: jar.merge.clone(),
        });
    }
    if let Some(fork) = &module.tests {
        let room = fork.end.map(super::java_run::behind_words);
        let (span, options) = (fork.span, fork.options.clone());
        facts.java_runs.push(JavaRun { part, by: fork.plugin, span, tests: true, options, room });
    }
    facts.opened.extend(module.opens);
    for (variants, version) in module.version.iter() {
        let version = version.as_ref().ok().map(|version| Traced::clone(version));
        facts.releases.extend(version.map(|version| Release { part, version, variants }));
    }
    facts.enforcements.push(Enforcement { part, rules: module.enforced.clone() });
}

/// What the compilers of one module are told.
struct Claims {
    part: PartId,
    made: Vec<VersionClaim>,
}

impl Claims {
    fn compiler(&mut self, module: &Module, unresolved: &mut Unknowns) {
        if module.packaging == "pom" {
            return;
        }
        let settings = [(Component::Java, &module.java), (Component::Scala, &module.scala)];
        for (component, cases) in settings {
            for (variants, text) in cases.iter() {
                let text = match text {
                    Ok(text) => text,
                    Err(why) => {
                        unresolved.add(module.span, why);
                        continue;
                    }
                };
                // Java 8 and older may be written `1.8`.
                let old = text.as_str().strip_prefix("1.").filter(|_| component == Component::Java);
                let Some(version) = Version::parse(old.unwrap_or(text.as_str())) else { continue };
                let plugin = if component == Component::Java { "maven-compiler-plugin" } else { "scala-maven-plugin" };
                let versions = version.line(component.line());
                let versions = if component == Component::Scala { readable(&version, versions) } else { versions };
                let claim =
                    VersionClaim::new(self.part, component, versions, Traced::clone(text), How::Compiler, plugin);
                self.made.push(VersionClaim { variants, ..claim });
            }
        }
    }
}

#[cfg(test)]
mod tests;
