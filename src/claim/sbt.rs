//! What sbt modules claim.

mod image;

use super::library::readable;
use super::maven::range;
use crate::compose::maven::{Cases, Text};
use crate::compose::sbt::{self, Dependency, Fork, Merged, Module, Sbt};
use crate::fact::module::split_suffix;
use crate::fact::{self, Assembly, Component, Ecosystem, Facts, How, LocalModule, Part, PartId, PartKind, Unresolved};
use crate::fact::{JavaRun, Services, Variants, VersionClaim};
use crate::finding::Edit;
use crate::source::{Sources, Span, Traced};
use crate::version::{Version, VersionSet};
use std::collections::{HashMap, HashSet};

/// The facts of all modules.
pub fn claim(sources: &Sources, sbt: &Sbt) -> Facts {
    let mut facts = Facts::default();
    let mut seen = HashSet::new();
    let coordinates = coordinates(sbt);
    for (module, coordinate) in sbt.modules.iter().zip(&coordinates) {
        let Some(build) = sbt.builds.get(module.build) else { continue };
        let part = facts.add(part(sbt, module, coordinate, &coordinates));
        for (variants, dependency) in &module.dependencies {
            facts.dependencies.push(dependency_fact(part, dependency, *variants));
        }
        facts.assemblies.extend(module.assembly.as_ref().map(|jar| assembly(part, module.span, jar)));
        let run = |fork: &Fork| JavaRun {
            part,
            by: fork.by,
            span: fork.options.as_ref().and_then(|o| o.last()).map(Traced::span).or(fork.span).unwrap_or(module.span),
            tests: fork.tests,
            options: fork.options.clone(),
            room: None,
        };
        facts.java_runs.extend(module.forks.iter().map(run));
        if !module.aggregator {
            facts.versions.extend(compilers(part, module));
        }
        // What several modules share is unknown once.
        let news = module.unresolved.iter().filter(|u| seen.insert((u.span, u.why.clone())));
        facts.unresolved.extend(news.map(|u| Unresolved { span: u.span, why: u.why.clone() }));
        if build.first == facts.parts.len() - 1 {
            facts.losses.extend(build.losses.iter().cloned());
        }
    }
    image::claim(sources, sbt, &mut facts);
    facts
}

fn part(sbt: &Sbt, module: &Module, coordinate: &str, coordinates: &[String]) -> Part {
    let (evaluations, first) =
        sbt.builds.get(module.build).map_or((Vec::new(), 0), |build| (build.evaluations.clone(), build.first));
    let place = |target: usize| {
        let (module, coordinate) = (sbt.modules.get(first + target)?, coordinates.get(first + target)?);
        Some(format!("{}#{coordinate}", manifest(&module.folder)))
    };
    let built =
        module.aggregates.iter().filter_map(|(target, span)| Some(LocalModule::always(place(*target)?, *span, false)));
    let linked = module.links.iter().filter(|link| link.linked).filter_map(|link| {
        let variants = link.variants;
        let path = place(link.target)?;
        Some(LocalModule { variants, travels: link.travels, ..LocalModule::always(path, link.span, true) })
    });
    let kind = PartKind::Module(fact::Module {
        ecosystem: Ecosystem::Sbt,
        coordinate: coordinate.to_owned(),
        artefacts: module.artefacts.clone(),
        parent: None,
        local: built.chain(linked).collect(),
        evaluations,
        reached: module.reached,
        aggregator: module.aggregator,
    });
    Part { name: coordinate.to_owned(), span: module.span, folder: module.folder.clone(), kind }
}

/// `organization:name` of all modules; where several modules of a folder have one name, the rows of a matrix, with their id instead.
fn coordinates(sbt: &Sbt) -> Vec<String> {
    let known = |cases: &Cases<Text>| cases.iter().find_map(|(_, text)| text.as_ref().ok().map(ToString::to_string));
    let name = |module: &Module| known(&module.name).unwrap_or_else(|| module.id.clone());
    let mut alike: HashMap<(usize, &str, String), usize> = HashMap::new();
    for module in &sbt.modules {
        *alike.entry((module.build, &module.folder, name(module))).or_default() += 1;
    }
    let coordinate = |module: &Module| {
        let organization = known(&module.organization).unwrap_or_else(|| "?".to_owned());
        let name = name(module);
        let one = alike.get(&(module.build, module.folder.as_str(), name.clone())) == Some(&1);
        format!("{organization}:{}", if one { &name } else { &module.id })
    };
    sbt.modules.iter().map(coordinate).collect()
}

fn manifest(folder: &str) -> String {
    if folder.is_empty() { "build.sbt".to_owned() } else { format!("{folder}/build.sbt") }
}

fn dependency_fact(part: PartId, dependency: &Dependency, variants: Variants) -> fact::Dependency {
    let (name, scala) = match &dependency.scala {
        Some(suffix) => (dependency.name.clone(), Some(suffix.clone())),
        None => split_suffix(&dependency.name),
    };
    let versions = dependency.version.as_ref().map_or_else(VersionSet::any, |version| versions(version.as_str()));
    fact::Dependency {
        group: dependency.organization.as_str().to_owned(),
        scala,
        version: dependency.version.clone(),
        versions,
        scope: dependency.scope,
        variants,
        classifier: dependency.classifier.clone(),
        travels: dependency.travels,
        ..fact::Dependency::named(part, Ecosystem::Sbt, name, dependency.span)
    }
}

/// What a revision allows: Maven's ranges, and Ivy's `1.2.+`.
fn versions(text: &str) -> VersionSet {
    match text.strip_suffix(".+") {
        Some(prefix) => {
            Version::parse(prefix).map_or_else(VersionSet::any, |version| version.line(version.precision()))
        }
        None => range::versions(text),
    }
}

/// The jar that sbt-assembly makes. What no merge strategy says it does by itself, and right: service files become one.
fn assembly(part: PartId, named: Span, jar: &sbt::Assembly) -> Assembly {
    let merge = |merged: &Merged| Edit {
        span: Span { end: merged.span.start, ..merged.span },
        text: "PathList(\"META-INF\", \"services\", _*) => MergeStrategy.concat\n  case ".to_owned(),
    };
    let services = jar.services.as_ref().map_or(Services::Unknown, |merged| match merged.strategy.as_str() {
        "discard" => Services::Dropped(Traced::literal("discard", merged.span)),
        "first" | "last" => Services::OneKept,
        "concat" | "filterDistinctLines" | "defaultMergeStrategy" => Services::Merged,
        _ => Services::Unknown,
    });
    let wrong = matches!(services, Services::Dropped(_) | Services::OneKept);
    Assembly {
        part,
        by: "sbt-assembly",
        span: jar.services.as_ref().filter(|_| wrong).map_or(named, |merged| merged.span),
        services,
        left_out: if jar.include_scala { Vec::new() } else { vec!["org.scala-lang:*".to_owned()] },
        relocated: if jar.shades { vec![String::new()] } else { Vec::new() },
        variants: Variants::ALL,
        merge: jar.services.as_ref().filter(|_| wrong).map(merge),
    }
}

/// The Scala and Java that the module's own code is compiled for.
fn compilers(part: PartId, module: &Module) -> Vec<VersionClaim> {
    let settings = [(Component::Scala, &module.scala, "scalaVersion"), (Component::Java, &module.java, "javacOptions")];
    let mut claims = Vec::new();
    for (component, cases, by) in settings {
        for (variants, text) in cases.iter() {
            let Ok(text) = text else { continue };
            // Java 8 and older may be written `1.8`.
            let old = text.as_str().strip_prefix("1.").filter(|_| component == Component::Java);
            let Some(version) = Version::parse(old.unwrap_or(text.as_str())) else { continue };
            let versions = version.line(component.line());
            let versions = if component == Component::Scala { readable(&version, versions) } else { versions };
            let text = text.as_ref().clone();
            claims.push(VersionClaim {
                variants,
                ..VersionClaim::new(part, component, versions, text, How::Compiler, by.to_owned())
            });
        }
    }
    claims
}
