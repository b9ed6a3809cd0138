//! What the libraries of a part say about versions: their own, and those that their names are made for.

use crate::fact::{Component, Dependency, Ecosystem, Facts, How, PartId, PartKind, Unresolved, VersionClaim};
use crate::source::{Span, Traced};
use crate::table::{Kind, Tables};
use crate::version::{Version, VersionSet};
use std::collections::HashMap;

/// The version claims of all dependencies: one for each place that says a version, whatever number of dependencies use it.
pub fn claim(facts: &mut Facts, tables: &Tables) {
    let choices = Choices::of(&facts.dependencies);
    let (mut claims, mut unresolved) = (Claims::default(), Vec::new());
    let counts = |d: &&Dependency| d.scope.is_on_class_path() && !is_of_spark_itself(facts, d.part);
    for dependency in facts.dependencies.iter().filter(counts) {
        match choices.made(dependency) {
            Choice::Certain => claims.dependency(dependency, tables),
            Choice::Open if tables.artefact(dependency).is_some() => {
                let why = format!("which `{}` is installed depends on the environment", dependency.normal_name());
                let span = dependency.version.as_ref().map_or(dependency.span, Traced::span);
                unresolved.push(Unresolved { span, why });
            }
            Choice::Open | Choice::Said => {}
        }
    }
    facts.unresolved.append(&mut unresolved);
    claims.made.append(&mut facts.versions);
    facts.versions = claims.made;
}

/// A copy of Spark's own sources decides its versions by itself.
fn is_of_spark_itself(facts: &Facts, part: PartId) -> bool {
    matches!(&facts.part(part).kind, PartKind::Module(module) if module.coordinate.starts_with("org.apache.spark:"))
}

/// Python's requirements by part and name: lines that a marker may leave out say nothing certain alone, and all must say the same.
struct Choices(HashMap<(PartId, String), Lines>);

/// The lines of one library.
struct Lines {
    /// The first that says a version.
    first: Option<Span>,
    versions: VersionSet,
    /// All say the same version, and one of them holds whatever the environment.
    certain: bool,
    conditional: bool,
}

enum Choice {
    Certain,
    /// Which version it is cannot be known; said at the first line.
    Open,
    /// A line of the same library that adds nothing to an earlier one.
    Said,
}

impl Choices {
    fn of(dependencies: &[Dependency]) -> Self {
        let mut all: HashMap<_, Lines> = HashMap::new();
        for dependency in dependencies.iter().filter(|d| d.ecosystem == Ecosystem::PyPi && d.scope.is_on_class_path()) {
            let first = dependency.version.is_some().then_some(dependency.span);
            let new = || Lines { first, versions: dependency.versions.clone(), certain: true, conditional: true };
            let lines = all.entry((dependency.part, dependency.normal_name())).or_insert_with(new);
            lines.first = lines.first.or(first);
            lines.certain &= dependency.version.is_some() && lines.versions == dependency.versions;
            lines.conditional &= dependency.conditional;
        }
        Self(all)
    }

    fn made(&self, dependency: &Dependency) -> Choice {
        if dependency.ecosystem != Ecosystem::PyPi {
            return Choice::Certain;
        }
        match self.0.get(&(dependency.part, dependency.normal_name())) {
            Some(lines) if lines.first != Some(dependency.span) => Choice::Said,
            Some(lines) if !lines.certain || lines.conditional => Choice::Open,
            _ => Choice::Certain,
        }
    }
}

#[derive(Default)]
struct Claims {
    made: Vec<VersionClaim>,
    seen: HashMap<(PartId, Component, How, Span, Option<String>), usize>,
}

impl Claims {
    fn dependency(&mut self, dependency: &Dependency, tables: &Tables) {
        if let Some(suffix) = &dependency.scala {
            self.scala(dependency, suffix);
        }
        let Some((artefact, said)) = tables.artefact(dependency) else { return };
        let by_name = said.into_iter().map(|(component, at)| (component, dependency.name.slice(at)));
        let (own, by_version) =
            dependency.version.as_ref().map_or((0..0, Vec::new()), |v| artefact.read_version(v.as_str()));
        let version = dependency.version.as_ref().map(|version| version.slice(own));
        let by_version = dependency
            .version
            .iter()
            .flat_map(|version| by_version.iter().map(|(component, at)| (*component, version.slice(at.clone()))));
        let mut distribution = Some(distribution_of(dependency));
        for (component, text) in by_name.chain(by_version) {
            if component == Component::Spark {
                distribution = None;
            }
            if component == Component::Scala {
                self.scala(dependency, &text);
            } else if let Some(version) = Version::parse(text.as_str()) {
                self.add(dependency, component, VersionSet::of(&version), &text, How::Name, artefact.unverified);
            }
        }
        let Some(version) = version else { return };
        let whole = dependency.version.as_ref().is_some_and(|all| all.as_str() == version.as_str());
        let versions = if whole {
            dependency.versions.clone()
        } else {
            Version::parse(version.as_str()).map_or_else(VersionSet::any, VersionSet::exactly)
        };
        if versions == VersionSet::any() {
            return;
        }
        if artefact.component == Component::ScalaLibrary {
            let lines = versions.lines(2);
            let lines = Version::parse(version.as_str()).map_or(lines.clone(), |v| readable(&v, lines));
            self.add(dependency, Component::Scala, lines, &version, dependency.how, false);
        }
        // A module of Spark has Spark's own version, whether the distribution holds it or not.
        let component = if artefact.kind == Kind::SparkModule { Component::Spark } else { artefact.component };
        let at = self.add(dependency, component, versions, &version, dependency.how, artefact.unverified);
        self.made[at].distribution = distribution;
        self.made[at].module = artefact.kind == Kind::SparkModule;
    }

    fn scala(&mut self, dependency: &Dependency, text: &Traced) {
        if let Some(version) = Version::parse(text.as_str()) {
            let versions = readable(&version, VersionSet::of(&version));
            self.add(dependency, Component::Scala, versions, text, How::Suffix, false);
        }
    }

    /// Adds a claim, or joins it to the one of the same place, and gives its position.
    fn add(
        &mut self,
        of: &Dependency,
        component: Component,
        versions: VersionSet,
        text: &Traced,
        how: How,
        unverified: bool,
    ) -> usize {
        let key = (of.part, component, how, text.span(), of.slot.clone());
        let known = self.seen.get(&key).copied().filter(|known| self.made[*known].text.as_str() == text.as_str());
        if let Some(known) = known {
            let claim = &mut self.made[known];
            claim.variants = claim.variants.or(of.variants);
            claim.travels |= of.travels;
            return known;
        }
        self.seen.insert(key, self.made.len());
        self.made.push(VersionClaim {
            variants: of.variants,
            stage: of.stage,
            slot: of.slot.clone(),
            unverified,
            travels: of.travels,
            ..VersionClaim::new(of.part, component, versions, text.clone(), how, of.coordinate())
        });
        self.made.len() - 1
    }
}

/// Which of a release's builds a dependency is. The two builds of Scala link to other signatures of the same methods, so a
/// patch release of Spark can break the one and leave the other alone.
fn distribution_of(dependency: &Dependency) -> &'static str {
    match &dependency.scala {
        _ if dependency.how == How::Pin => "pypi",
        Some(suffix) if suffix.as_str() == "2.12" => "scala-2.12",
        _ => "unsuffixed",
    }
}

/// What code of a Scala version can be put together with: Scala 3 and 2.13 read each other's class files
/// (<https://docs.scala-lang.org/scala3/guides/migration/compatibility-classpath.html>).
pub fn readable(version: &Version, versions: VersionSet) -> VersionSet {
    let scala_3 = version.numbers(1) == [3];
    if scala_3 { versions.union(&VersionSet::parse("2.13").unwrap_or(VersionSet::none())) } else { versions }
}
