//! What Gradle projects claim.

use super::jib::Jib;
use super::library::readable;
use super::maven::range;
use crate::compose::gradle::{Build, Dependency, Gradle, Module, Target};
use crate::fact::module::split_suffix;
use crate::fact::{
    self, Assembly, Component, Ecosystem, Facts, How, LocalModule, Part, PartId, PartKind, Scope, Unresolved,
};
use crate::fact::{JavaRun, Release, Services, Variants, VersionClaim};
use crate::source::{Sources, Span, Traced};
use crate::version::{Version, VersionSet};
use std::collections::{HashMap, HashSet};
use std::ops::Bound;

/// The facts of all projects.
pub fn claim(sources: &Sources, gradle: &Gradle) -> Facts {
    let mut facts = Facts::default();
    let mut seen: HashSet<(Span, String)> = HashSet::new();
    for module in &gradle.modules {
        let Some(build) = gradle.builds.get(module.build) else { continue };
        let part = facts.add(part(gradle, module, build));
        for (variants, dependency) in &module.dependencies {
            facts.dependencies.extend(library(part, dependency, *variants));
        }
        assembly(part, module, &mut facts);
        if let (Some(image), Some(artefact)) = (&module.image, module.artefacts.first()) {
            let jib = Jib {
                span: image.span,
                path: sources.path(image.span.file),
                folder: &module.folder,
                artefact: format!("build/libs/{artefact}"),
                from: image.from.as_ref(),
                to: image.to.as_ref(),
            };
            super::jib::claim(&jib, &mut facts);
        }
        compiler(part, module, &mut facts.versions);
        if !module.aggregator && !gradle.tells_jvm {
            let span = module.span;
            let run = |by, tests| JavaRun { part, by, span, tests, options: Some(Vec::new()), room: None };
            facts.java_runs.push(run("test", true));
            facts.java_runs.extend(module.application.then(|| run("application", false)));
        }
        let news = module.unresolved.iter().filter(|u| seen.insert((u.span, u.why.clone())));
        facts.unresolved.extend(news.cloned());
    }
    facts.losses = gradle.builds.iter().flat_map(|build| build.losses.iter().cloned()).collect();
    facts
}

fn part(gradle: &Gradle, module: &Module, build: &Build) -> Part {
    let coordinate = match &module.group {
        Some(group) if !group.is_empty() => format!("{group}:{}", module.name),
        _ => module.name.clone(),
    };
    let kind = PartKind::Module(fact::Module {
        ecosystem: Ecosystem::Gradle,
        coordinate: coordinate.clone(),
        artefacts: module.artefacts.clone(),
        parent: None,
        local: local(module).into_iter().chain(held(gradle, module)).collect(),
        evaluations: build.evaluations.clone(),
        reached: module.reached,
        aggregator: module.aggregator,
    });
    Part { name: coordinate, span: Span::new(module.file, 0..0), folder: module.folder.clone(), kind }
}

/// The projects that this one has on its class path.
fn local(module: &Module) -> Vec<LocalModule> {
    let mut local: Vec<LocalModule> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (variants, dependency) in &module.dependencies {
        let Target::Project(folder) = &dependency.target else { continue };
        if !dependency.scope.is_on_class_path() || *folder == module.folder {
            continue;
        }
        let at = *places.entry(folder).or_insert(local.len());
        match local.get_mut(at) {
            Some(known) => {
                known.variants = known.variants.or(*variants);
                known.travels |= travels(dependency);
            }
            None => local.push(LocalModule {
                path: folder.clone(),
                span: dependency.span,
                linked: true,
                variants: *variants,
                travels: travels(dependency),
                exclusions: dependency.exclusions.clone().into(),
            }),
        }
    }
    local
}

/// The projects that the root of a build holds together.
fn held(gradle: &Gradle, root: &Module) -> Vec<LocalModule> {
    let of_build = || gradle.modules.iter().filter(|module| module.build == root.build && module.folder != root.folder);
    let below =
        |folder: &str| root.folder.is_empty() || folder.strip_prefix(&root.folder).is_some_and(|f| f.starts_with('/'));
    if !of_build().all(|module| below(&module.folder)) {
        return Vec::new();
    }
    let span = Span::new(root.file, 0..0);
    of_build().map(|module| LocalModule::always(module.folder.clone(), span, false)).collect()
}

fn travels(dependency: &Dependency) -> bool {
    dependency.scope != Scope::Provided
}

fn library(part: PartId, dependency: &Dependency, variants: Variants) -> Option<fact::Dependency> {
    let Target::Library { group, name, version, classifier } = &dependency.target else { return None };
    let (name, scala) = split_suffix(name);
    let version = version.as_ref().ok();
    Some(fact::Dependency {
        group: group.as_str().to_owned(),
        scala,
        versions: version.map_or_else(VersionSet::any, |v| versions(v.as_str())),
        version: version.cloned(),
        scope: dependency.scope,
        variants,
        classifier: classifier.clone(),
        travels: travels(dependency),
        // Naming and versions are Maven's.
        ..fact::Dependency::named(part, Ecosystem::Maven, name, dependency.span)
    })
}

/// What Gradle takes a version text for: `1.2`, `1.+`, `[1.0,2.0[`, `latest.release`.
/// <https://docs.gradle.org/current/userguide/dependency_versions.html>
fn versions(text: &str) -> VersionSet {
    if let Some(start) = text.strip_suffix('+') {
        let start = start.trim_end_matches('.');
        return Version::parse(start).map_or_else(VersionSet::any, |v| v.line(start.split('.').count()));
    }
    if text.starts_with("latest.") {
        return VersionSet::any();
    }
    if text.starts_with(['[', ']', '(']) && text.ends_with(['[', ']', ')']) {
        let inner = text.get(1..text.len() - 1).unwrap_or_default();
        let included = (text.starts_with('['), text.ends_with(']'));
        let bound = |side: &str, included: bool| match side.trim() {
            "" => Some(Bound::Unbounded),
            version if included => Version::parse(version).map(Bound::Included),
            version => Version::parse(version).map(Bound::Excluded),
        };
        let Some((low, high)) = inner.split_once(',') else { return range::versions(text) };
        let bounds = bound(low, included.0).zip(bound(high, included.1));
        return bounds.map_or_else(VersionSet::any, |(low, high)| VersionSet::between(low, high));
    }
    range::versions(text)
}

/// The jar with libraries in it, and the project's own version.
fn assembly(part: PartId, module: &Module, facts: &mut Facts) {
    if let Some(jar) = &module.fat_jar {
        let services = match (&jar.drops_services, jar.merges_services) {
            (Some(drop), _) => Services::Dropped(drop.clone()),
            (None, true) => Services::Merged,
            // A task that unpacks jars into its own may do anything with what it finds twice.
            (None, false) if jar.shadow => Services::OneKept,
            (None, false) => Services::Unknown,
        };
        // The shadow plugin's patterns are regular expressions: `org.apache.spark:.*`.
        let mut left_out: Vec<String> =
            jar.left_out.iter().map(|out| out.replace(".*", "*").replace('\\', "")).collect();
        let of_runtime = |names: &Vec<String>| names.iter().any(|name| name == "runtimeClasspath");
        if jar.includes || jar.configurations.as_ref().is_some_and(|names| !of_runtime(names)) {
            left_out.push("*:*".to_owned());
        }
        facts.assemblies.push(Assembly {
            part,
            by: if jar.shadow { "shadowJar" } else { "jar" },
            span: jar.span,
            services,
            left_out,
            relocated: jar.relocated.clone(),
            variants: Variants::ALL,
            merge: jar.merge.clone(),
        });
    }
    let release = |version: &Traced| Release { part, version: version.clone(), variants: Variants::ALL };
    facts.releases.extend(module.version.as_ref().map(release));
}

/// What the compilers of a project are told.
fn compiler(part: PartId, module: &Module, made: &mut Vec<VersionClaim>) {
    if module.aggregator {
        return;
    }
    for (variants, (setting, text)) in &module.java {
        // Java 8 and older may be written `1.8`.
        let number = text.as_str().strip_prefix("1.").unwrap_or(text.as_str());
        let Some(version) = Version::parse(number) else { continue };
        let claim = VersionClaim::new(part, Component::Java, version.line(1), text.clone(), How::Compiler, *setting);
        made.push(VersionClaim { variants: *variants, ..claim });
    }
    for (variants, text) in &module.scala {
        let Some(version) = Version::parse(text.as_str()) else { continue };
        let versions = readable(&version, version.line(2));
        let claim =
            VersionClaim::new(part, Component::Scala, versions, text.clone(), How::Compiler, "scala.scalaVersion");
        made.push(VersionClaim { variants: *variants, ..claim });
    }
}

/// What holds only as long as no command sets a property: claims on it are taken back where one does.
pub fn defaults(gradle: &Gradle, names: &std::collections::BTreeSet<String>) -> Vec<Unresolved> {
    let set = gradle.defaults.iter().filter(|default| names.contains(&*default.name));
    set.map(|default| Unresolved {
        span: default.span,
        why: format!("a command sets the property `{}` from outside", default.name),
    })
    .collect()
}

#[cfg(test)]
mod tests;
