//! Profiles that give an impossible build: each is looked at alone, and excused where some pair with it fits.

use super::Project;
use super::conflict::different_lines;
use crate::fact::{Component, Dependency, Ecosystem, Module, PartId, PartKind, Variants, VersionClaim};
use crate::table::{Kind, Tables, Verdict};
use std::collections::{HashMap, HashSet};

/// How many claims of one module are compared with each other.
const MAX_CLAIMS: usize = 256;

/// Two claims that contradict each other with one profile, and not without it.
pub struct Clash<'p> {
    /// The profile.
    pub profile: &'p str,
    /// What the profile changes.
    pub claim: &'p VersionClaim,
    /// What it contradicts.
    pub other: &'p VersionClaim,
}

/// Dependencies that lose their version with a profile, because another one that is active by default is then off.
pub struct Lost<'p> {
    /// The profile.
    pub profile: &'p str,
    /// Which property is then missing, in the words of [`crate::fact::Unresolved`].
    pub why: &'p str,
    /// The dependencies, in the order of the modules; there is one at least.
    pub dependencies: Vec<&'p Dependency>,
}

impl Project {
    /// The contradictions that a single profile makes in a module.
    pub fn clashes<'p>(&'p self, tables: &Tables) -> Vec<Clash<'p>> {
        let mut claims: HashMap<PartId, Vec<&VersionClaim>> = HashMap::new();
        let is_connector = |c: Component| matches!(tables.kind(c), Some(Kind::Connector | Kind::SparkModule));
        let matters = |c: &&VersionClaim| {
            c.how.is_built()
                && (matches!(c.component, Component::Scala | Component::Spark) || is_connector(c.component))
        };
        for claim in self.facts.versions.iter().filter(matters) {
            claims.entry(claim.part).or_default().push(claim);
        }
        let mut found: Vec<Clash<'p>> = Vec::new();
        // What is built here is built for the Spark of its own profile, whatever its released namesakes need.
        let groups: HashSet<&str> =
            self.maven_modules().filter_map(|(id, _)| self.part(id).name.split(':').next()).collect();
        let built_here =
            |c: &VersionClaim| is_connector(c.component) && groups.contains(c.by.split(':').next().unwrap_or_default());
        for (part, module) in self.maven_modules() {
            let own = claims.remove(&part).unwrap_or_default().into_iter().filter(|claim| !built_here(claim));
            let own: Vec<&VersionClaim> = own.take(MAX_CLAIMS).collect();
            let mut impossible: Vec<(Variants, &VersionClaim, &VersionClaim)> = Vec::new();
            for (i, a) in own.iter().enumerate() {
                for b in own.iter().skip(i + 1) {
                    let variants = a.variants.and(b.variants);
                    if !variants.is_empty() && contradict(tables, a, b) {
                        impossible.push((variants, a, b));
                    }
                }
            }
            let at_fault = impossible.iter().fold(Variants::NONE, |all, (variants, ..)| all.or(*variants));
            for (number, profile) in singles(module) {
                let hit = impossible.iter().find(|(variants, ..)| variants.has(number));
                let Some((_, a, b)) = hit.filter(|_| !at_fault.has(0) && !excused(module, profile, at_fault)) else {
                    continue;
                };
                let (claim, other) = if a.variants.has(0) { (*b, *a) } else { (*a, *b) };
                // What fits in another evaluation is set for that one, to which this profile belongs.
                let alike = |c: &&&VersionClaim| c.component == claim.component && !different_lines(c, claim);
                let places =
                    own.iter().filter(alike).fold(Variants::NONE, |all, c| all.or(c.variants)).and(module.reached);
                if places.and(at_fault) != places {
                    continue;
                }
                if !found.iter().any(|known| known.claim.text.span() == claim.text.span() && known.profile == profile) {
                    found.push(Clash { profile, claim, other });
                }
            }
        }
        found
    }

    /// Dependencies that have a version by default, and none with a profile that is named alone.
    pub fn lost(&self) -> Vec<Lost<'_>> {
        let undefined: HashMap<_, &str> = self
            .facts
            .unresolved
            .iter()
            .filter(|u| u.why.contains("is defined nowhere in this repository"))
            .map(|u| (u.span, u.why.as_str()))
            .collect();
        let mut known: HashMap<(&str, &str), usize> = HashMap::new();
        let mut seen: HashSet<_> = HashSet::new();
        let mut found: Vec<Lost<'_>> = Vec::new();
        let modules: HashMap<PartId, &Module> = self.maven_modules().collect();
        // Where several profiles have a version to give, each on its own axis, people name one of every axis.
        let mut given: HashMap<_, (bool, HashSet<_>)> = HashMap::new();
        for dependency in &self.facts.dependencies {
            let Some(version) = &dependency.version else { continue };
            let entry = given.entry((dependency.part, dependency.span)).or_default();
            entry.0 |= dependency.variants.has(0);
            entry.1.insert(version.span());
        }
        let by_one_default = |d: &Dependency| {
            given.get(&(d.part, d.span)).is_some_and(|(default, places)| *default && places.len() == 1)
        };
        for dependency in self.facts.dependencies.iter().filter(|d| d.version.is_none()) {
            let Some(why) = undefined.get(&dependency.span).copied() else { continue };
            let Some(module) = modules.get(&dependency.part) else { continue };
            let lost = singles(module).find(|(number, _)| dependency.variants.has(*number));
            let Some((_, profile)) = lost.filter(|_| by_one_default(dependency)) else {
                continue;
            };
            if !seen.insert(dependency.span) {
                continue;
            }
            let place = *known.entry((profile, why)).or_insert_with(|| {
                found.push(Lost { profile, why, dependencies: Vec::new() });
                found.len() - 1
            });
            found[place].dependencies.push(dependency);
        }
        found
    }

    fn maven_modules(&self) -> impl Iterator<Item = (PartId, &Module)> {
        self.facts.parts().filter_map(|(id, part)| match &part.kind {
            PartKind::Module(module) if module.ecosystem == Ecosystem::Maven && module.evaluations.len() > 1 => {
                Some((id, module))
            }
            _ => None,
        })
    }
}

/// The evaluations in which one profile is named.
fn singles(module: &Module) -> impl Iterator<Item = (usize, &str)> {
    let named = module.evaluations.iter().map(String::as_str).enumerate().skip(1);
    named.filter(|(number, name)| !name.contains(',') && module.reached.has(*number))
}

/// Whether some pair with the profile is at no fault: then it is meant to be used with the other one.
fn excused(module: &Module, profile: &str, at_fault: Variants) -> bool {
    let with = |name: &str| name.contains(',') && name.split(',').any(|part| part == profile);
    module.evaluations.iter().enumerate().any(|(number, name)| with(name) && !at_fault.has(number))
}

fn contradict(tables: &Tables, a: &VersionClaim, b: &VersionClaim) -> bool {
    match (a.component, b.component) {
        (Component::Scala, Component::Scala) => different_lines(a, b),
        (Component::Spark, Component::Scala) => tables.contradiction(a, Component::Scala, &b.versions).is_some(),
        (Component::Scala, Component::Spark) => tables.contradiction(b, Component::Scala, &a.versions).is_some(),
        (_, Component::Spark) => breaks(tables, a, b),
        (Component::Spark, _) => breaks(tables, b, a),
        _ => false,
    }
}

/// Whether a connector was seen or documented to fail with a Spark.
fn breaks(tables: &Tables, connector: &VersionClaim, spark: &VersionClaim) -> bool {
    let row = tables.contradiction(connector, Component::Spark, &spark.versions);
    row.is_some_and(|row| row.verdict == Verdict::Breaks && !row.unverified)
}
