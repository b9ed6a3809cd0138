//! Profiles: which combinations of them a build is evaluated in, and what is active in each.

use super::interplay::interplay;
use super::value::references;
use super::world::{World, layers};
use crate::fact::Variants;
use crate::read::pom::{Dependency, Layer, Pom, Profile};
use crate::source::Traced;
use std::collections::{HashMap, HashSet};

/// Properties that plugins read although no text of a POM names them.
const READ_BY_PLUGINS: [&str; 3] = ["maven.compiler.release", "maven.compiler.target", "maven.compiler.source"];

/// What a profile touches that only adds modules.
const MODULE: &str = "module";

/// The combinations of profiles that a build is evaluated in.
#[derive(Debug, Clone, Default)]
pub(super) struct Evaluations<'a> {
    /// The profile ids that are named in each; none in the first.
    pub(super) combinations: Vec<Vec<&'a str>>,
    /// There would be more than are evaluated.
    pub(super) incomplete: bool,
}

impl Evaluations<'_> {
    /// Their names: `default`, `spark-3.5`, `spark-3.5,scala-2.13`.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |ids: &Vec<&str>| if ids.is_empty() { "default".to_owned() } else { ids.join(",") };
        self.combinations.iter().map(name).collect()
    }
}

/// In which evaluations each profile of each POM is active.
#[derive(Debug, Default)]
pub(super) struct Active {
    count: usize,
    profiles: HashMap<usize, Box<[Variants]>>,
}

impl Active {
    /// What is active in the POMs of some modules and their ancestors.
    pub(super) fn new(world: &World<'_>, poms: &[usize], evaluations: &Evaluations<'_>) -> Self {
        let mut named: HashMap<&str, Variants> = HashMap::new();
        for (number, ids) in evaluations.combinations.iter().enumerate() {
            for id in ids {
                let seen = named.entry(id).or_insert(Variants::NONE);
                *seen = seen.or(Variants::only(number));
            }
        }
        let count = evaluations.combinations.len();
        let profiles = poms.iter().filter_map(|n| Some((*n, of_pom(world.poms.get(*n)?.pom, &named, count)))).collect();
        Self { count, profiles }
    }

    /// All evaluations.
    pub(super) fn all(&self) -> Variants {
        Variants::first(self.count)
    }

    /// The evaluations in which a layer of a POM holds.
    pub(super) fn layer(&self, pom: usize, profile: Option<usize>) -> Variants {
        match profile {
            None => self.all(),
            Some(profile) => self.profiles.get(&pom).and_then(|p| p.get(profile)).copied().unwrap_or(Variants::NONE),
        }
    }
}

/// A profile is active where it is named, or where its condition always holds; those active by default only where no other
/// profile of the same POM is.
fn of_pom(pom: &Pom, named: &HashMap<&str, Variants>, count: usize) -> Box<[Variants]> {
    let all = Variants::first(count);
    let explicit: Vec<Variants> = pom
        .profiles
        .iter()
        .map(|p| if is_unless(p) { all } else { named.get(&*p.id).copied().unwrap_or(Variants::NONE) })
        .collect();
    let any = explicit.iter().fold(Variants::NONE, |any, v| any.or(*v));
    let by_default = super::value::without(all, any);
    let with_default = |(v, p): (&Variants, &Profile)| {
        if p.activation.by_default { v.or(by_default) } else { *v }
    };
    explicit.iter().zip(&pom.profiles).map(with_default).collect()
}

/// Active as long as nobody sets a property (`!name`), or sets it to one value (`!value`), and asking for nothing else.
fn is_unless(profile: &Profile) -> bool {
    let activation = &profile.activation;
    activation.property.as_ref().is_some_and(|(name, value)| value.as_ref().unwrap_or(name).as_str().starts_with('!'))
        && activation.jdk.is_none()
        && !activation.file
        && !activation.os
}

/// The combinations that matter to a build: none, each profile that changes something, and pairs of profiles that set
/// different things. `poms` are the build's modules and their ancestors.
pub(super) fn evaluations<'a>(world: &World<'a>, poms: &[usize]) -> Evaluations<'a> {
    let used = used_properties(world, poms);
    let mut order: Vec<&'a str> = Vec::new();
    let mut touched: HashMap<&'a str, HashSet<String>> = HashMap::new();
    for pom in poms.iter().filter_map(|n| world.poms.get(*n)).map(|e| e.pom) {
        for profile in &pom.profiles {
            let changes = touches(&profile.layer, &used);
            if changes.is_empty() {
                continue;
            }
            let seen = touched.entry(&profile.id).or_default();
            if seen.is_empty() {
                order.push(&profile.id);
            }
            seen.extend(changes);
        }
    }
    let mut incomplete = order.len() >= Variants::MAX;
    order.truncate(Variants::MAX - 1);
    let mut combinations = vec![Vec::new()];
    combinations.extend(order.iter().map(|id| vec![*id]));
    let pairs = pairs(&order, &touched, &interplay(world, poms, &order));
    incomplete |= combinations.len() + pairs.len() > Variants::MAX;
    combinations.extend(pairs);
    combinations.truncate(Variants::MAX);
    Evaluations { combinations, incomplete }
}

/// Pairs of profiles that exclude each other in nothing; first those that say something about the same dependency.
fn pairs<'a>(order: &[&'a str], touched: &HashMap<&str, HashSet<String>>, meets: &[u64]) -> Vec<Vec<&'a str>> {
    let mut pairs = Vec::new();
    let changes = |id: &str| touched.get(id).filter(|t| t.iter().any(|t| t != MODULE));
    for (i, first) in order.iter().enumerate() {
        for (j, second) in order.iter().enumerate().skip(i + 1) {
            let apart = |(a, b): (&HashSet<String>, &HashSet<String>)| a.is_disjoint(b);
            if changes(first).zip(changes(second)).is_some_and(apart) {
                let meet = meets.get(i).is_some_and(|meets| meets >> j & 1 == 1);
                pairs.push((!meet, vec![*first, *second]));
            }
        }
    }
    pairs.sort_by_key(|(apart, _)| *apart);
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

/// What a profile changes of what we look at; two that change the same exclude each other.
fn touches(layer: &Layer, used: &HashSet<&str>) -> HashSet<String> {
    let mut touches = HashSet::new();
    let properties = layer.properties.iter().filter(|p| used.contains(&*p.name));
    touches.extend(properties.map(|p| format!("property {}", p.name)));
    let dependencies = layer.dependencies.iter().chain(&layer.managed);
    touches.extend(dependencies.map(|d| format!("dependency {}:{}", d.group, d.artifact)));
    for plugin in layer.plugins.iter().chain(&layer.managed_plugins) {
        let settings = plugin.settings.iter().chain(plugin.executions.iter().flat_map(|e| &e.settings));
        touches.extend(settings.map(|s| format!("setting {}/{}", plugin.artifact, s.path)));
    }
    touches.extend(layer.final_name.iter().map(|_| "finalName".to_owned()));
    touches.extend(layer.modules.iter().map(|_| MODULE.to_owned()));
    touches
}

/// The properties that some coordinate, name or setting leads to, through other properties too.
fn used_properties<'a>(world: &World<'a>, poms: &[usize]) -> HashSet<&'a str> {
    let mut used: HashSet<&'a str> = READ_BY_PLUGINS.into_iter().collect();
    let mut values: HashMap<&'a str, Vec<&'a Traced>> = HashMap::new();
    let mut texts: Vec<&'a Traced> = Vec::new();
    for pom in poms.iter().filter_map(|n| world.poms.get(*n)).map(|e| e.pom) {
        let own = [&pom.group, &pom.artifact, &pom.version, &pom.packaging].into_iter().flatten();
        let parent = pom.parent.iter().flat_map(|p| [&p.group, &p.artifact, &p.version].into_iter().flatten());
        texts.extend(own.chain(parent));
        for (_, layer) in layers(pom) {
            texts.extend(texts_of(layer));
            for property in &layer.properties {
                values.entry(&property.name).or_default().extend(&property.value);
            }
        }
    }
    for name in READ_BY_PLUGINS {
        texts.extend(values.remove(name).into_iter().flatten());
    }
    while let Some(text) = texts.pop() {
        for name in references(text.as_str()) {
            if used.insert(name) {
                texts.extend(values.remove(name).into_iter().flatten());
            }
        }
    }
    used
}

fn texts_of(layer: &Layer) -> impl Iterator<Item = &Traced> {
    let dependencies = layer.dependencies.iter().chain(&layer.managed).flat_map(texts_of_dependency);
    let plugins = layer.plugins.iter().chain(&layer.managed_plugins);
    let settings = plugins.flat_map(|p| p.settings.iter().chain(p.executions.iter().flat_map(|e| &e.settings)));
    dependencies.chain(settings.map(|s| &s.value)).chain(&layer.final_name)
}

fn texts_of_dependency(d: &Dependency) -> impl Iterator<Item = &Traced> {
    [&d.version, &d.scope, &d.kind, &d.classifier].into_iter().flatten().chain([&d.group, &d.artifact])
}
