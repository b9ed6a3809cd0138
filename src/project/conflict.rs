//! Which claims of a unit cannot hold together?
//!
//! A build has several evaluations (Maven profiles). Without evidence which of them is deployed, a build is at fault only when none of
//! its evaluations fits; the claims of the default evaluation are then the ones to show.

use super::{Project, Unit};
use crate::fact::{Component, PartId, PartKind, Variants, VersionClaim};
use crate::source::Span;
use crate::version::VersionSet;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// Claims of one part that say the same, in the same evaluations and by the same means: a module's `_2.12` libraries.
pub type Group<'p> = Rc<[&'p VersionClaim]>;

/// Two groups of claims that contradict each other.
#[derive(Debug, Clone)]
pub struct Conflict<'p> {
    /// Claims that `left` chose; never empty.
    pub left: Group<'p>,
    /// Claims that `right` chose; never empty.
    pub right: Group<'p>,
}

impl<'p> Conflict<'p> {
    /// The first claim of each side.
    pub fn pair(&self) -> (&'p VersionClaim, &'p VersionClaim) {
        (self.left[0], self.right[0])
    }
}

/// A claim to change and the claims it contradicts.
#[derive(Debug)]
pub struct Odd<'p> {
    /// The claim to change.
    pub claim: &'p VersionClaim,
    /// What it contradicts, at most [`MAX_OTHERS`] of them; never empty.
    pub others: Vec<&'p VersionClaim>,
    /// More places of the unit say otherwise than agree with it.
    pub outvoted: bool,
}

/// How many contradicted places are shown with a claim.
const MAX_OTHERS: usize = 8;

/// The groups of a unit's claims that contradict each other in every evaluation of the builds they belong to.
pub fn conflicts<'p>(
    project: &'p Project,
    unit: &'p Unit,
    left: impl Fn(&VersionClaim) -> bool,
    right: impl Fn(&VersionClaim) -> bool,
    contradict: impl Fn(&'p VersionClaim, &'p VersionClaim) -> bool,
) -> Vec<Conflict<'p>> {
    let groups = groups(project, unit);
    let rights: Vec<&Group<'p>> = groups.iter().filter(|group| right(group[0])).collect();
    let mut found: Vec<(Conflict<'p>, Variants)> = Vec::new();
    let mut covered: HashMap<(PartId, PartId), Variants> = HashMap::new();
    for a in groups.iter().filter(|group| left(group[0])) {
        let mut partners = HashSet::new();
        for b in rights.iter().filter(|b| !Rc::ptr_eq(a, b)) {
            let (x, y) = (a[0], b[0]);
            // A claim that contradicts a few parts is known to be odd; thousands of them would say no more.
            let enough = partners.len() >= MAX_OTHERS && !partners.contains(&y.part);
            if enough || !contradict(x, y) {
                continue;
            }
            let variants = project.common(x, y).and(unit.way(x.part)).and(unit.way(y.part));
            if !variants.is_empty() && meet(unit, x, y) {
                partners.insert(y.part);
                let sum = covered.entry((x.part, y.part)).or_insert(Variants::NONE);
                *sum = sum.or(variants);
                found.push((Conflict { left: a.clone(), right: (*b).clone() }, variants));
            }
        }
    }
    let shown = found.into_iter().filter(|(conflict, variants)| {
        let (a, b) = (conflict.left[0].part, conflict.right[0].part);
        let all = project.evaluations(a).and(project.evaluations(b)).and(unit.way(a)).and(unit.way(b));
        let always = covered.get(&(a, b)).is_some_and(|sum| all.and(*sum) == all);
        always && all.lowest().is_some_and(|first| variants.has(first))
    });
    shown.map(|(conflict, _)| conflict).collect()
}

/// A unit's claims in groups. Modules that inherit one property make one claim, so a build of thousands has a handful.
fn groups<'p>(project: &'p Project, unit: &'p Unit) -> Vec<Group<'p>> {
    let mut seen = HashSet::new();
    let mut order: Vec<Vec<&VersionClaim>> = Vec::new();
    let mut places = HashMap::new();
    for claim in project.claims(unit) {
        if !seen.insert((claim.component, claim.text.span(), claim.variants, unit.way(claim.part))) {
            continue;
        }
        let key = (claim.component, claim.part, &claim.versions, claim.how, claim.variants, claim.stage);
        let at = *places.entry(key).or_insert(order.len());
        if at == order.len() {
            order.push(Vec::new());
        }
        order[at].push(claim);
    }
    order.into_iter().map(Rc::from).collect()
}

/// Two modules that merely lie in one image need not be loaded together; one that depends on the other is.
fn meet(unit: &Unit, a: &VersionClaim, b: &VersionClaim) -> bool {
    a.how.is_loaded()
        || b.how.is_loaded()
        || a.part == b.part
        || unit.is_above(a.part, b.part)
        || unit.is_above(b.part, a.part)
}

/// Whether two claims about one component name different lines of it.
pub fn different_lines(a: &VersionClaim, b: &VersionClaim) -> bool {
    let n = a.component.line();
    a.component == b.component
        && a.versions != b.versions
        && !a.versions.is_empty()
        && !b.versions.is_empty()
        && !a.versions.lines(n).meets(&b.versions.lines(n))
}

/// Whether modules for several versions meet in what runs, at least one of which fits it and at least one of which does not: then they
/// are there on purpose. A module and what it depends on are for one version.
pub fn serves_several(project: &Project, unit: &Unit, runtime: &VersionClaim) -> bool {
    let mut stray: BTreeMap<PartId, bool> = BTreeMap::new();
    for claim in project.claims(unit).filter(|c| c.component == runtime.component && c.how.is_built()) {
        *stray.entry(claim.part).or_default() |= different_lines(claim, runtime);
    }
    let (strays, fitting): (Vec<PartId>, Vec<PartId>) = stray.keys().partition(|part| stray[*part]);
    // The outermost of each kind are enough to compare: what they depend on lies below them.
    let apart = |a: PartId, b: PartId| !unit.is_above(a, b) && !unit.is_above(b, a);
    strays.first().is_some_and(|a| fitting.iter().any(|b| apart(*a, *b)))
        || fitting.first().is_some_and(|b| strays.iter().any(|a| apart(*a, *b)))
}

/// The conflicts of a unit by the claim to change. One cause, one finding: a claim that contradicts several others stands once. The one to
/// change is what fewer places of the unit agree with, else what only states (a field), then what runs, then what was built.
pub fn by_odd_one<'p>(project: &'p Project, unit: &'p Unit, conflicts: &[Conflict<'p>]) -> Vec<Odd<'p>> {
    let mut votes = Votes { places: places(project, unit), known: HashMap::new() };
    let mut order: Vec<Odd<'p>> = Vec::new();
    let mut at: HashMap<Span, usize> = HashMap::new();
    for conflict in conflicts {
        let (a, b) = (&conflict.left, &conflict.right);
        let (left, right) = (votes.of(a[0]), votes.of(b[0]));
        let rank = |votes: usize, claim: &VersionClaim| (votes, claim.authority(), claim.text.span());
        let (odd, others, outvoted) =
            if rank(left, a[0]) <= rank(right, b[0]) { (a, b, left < right) } else { (b, a, right < left) };
        for claim in odd.iter() {
            let number = *at.entry(claim.text.span()).or_insert(order.len());
            if number == order.len() {
                order.push(Odd { claim, others: Vec::new(), outvoted: true });
            }
            let entry = &mut order[number];
            entry.outvoted &= outvoted;
            entry.add(others);
        }
    }
    order
}

/// The conflicts of a unit by their left claims, where these are always the ones to change.
pub fn by_left<'p>(conflicts: &[Conflict<'p>]) -> Vec<Odd<'p>> {
    let mut order: Vec<Odd<'p>> = Vec::new();
    let mut at: HashMap<Span, usize> = HashMap::new();
    for conflict in conflicts {
        for claim in conflict.left.iter() {
            let number = *at.entry(claim.text.span()).or_insert(order.len());
            if number == order.len() {
                order.push(Odd { claim, others: Vec::new(), outvoted: false });
            }
            order[number].add(&conflict.right);
        }
    }
    order
}

impl<'p> Odd<'p> {
    /// Adds what it contradicts, as far as that is to be shown.
    fn add(&mut self, others: &[&'p VersionClaim]) {
        let room = MAX_OTHERS - self.others.len();
        let news: Vec<&VersionClaim> = others.iter().take(room).copied().filter(|other| !self.names(other)).collect();
        self.others.extend(news);
    }
}

impl Odd<'_> {
    fn names(&self, other: &VersionClaim) -> bool {
        self.others.iter().any(|known| known.text.span() == other.text.span())
    }
}

/// How many places of a unit agree with a claim, counted once for each version.
struct Votes<'p> {
    places: HashMap<(Component, &'p VersionSet), HashSet<Span>>,
    known: HashMap<(Component, VersionSet), usize>,
}

fn places<'p>(project: &'p Project, unit: &'p Unit) -> HashMap<(Component, &'p VersionSet), HashSet<Span>> {
    let mut places: HashMap<(Component, &VersionSet), HashSet<Span>> = HashMap::new();
    for claim in project.claims(unit) {
        places.entry((claim.component, &claim.versions)).or_default().insert(claim.text.span());
    }
    places
}

impl Votes<'_> {
    fn of(&mut self, claim: &VersionClaim) -> usize {
        let n = claim.component.line();
        let key = (claim.component, claim.versions.clone());
        let places = &self.places;
        *self.known.entry(key).or_insert_with(|| {
            let agrees = |(component, versions): &&(Component, &VersionSet)| {
                *component == claim.component && versions.lines(n).meets(&claim.versions.lines(n))
            };
            places.keys().filter(agrees).filter_map(|key| places.get(key)).map(HashSet::len).sum()
        })
    }
}

impl Project {
    /// The evaluations in which two claims meet; none where they belong to different builds and one holds only in some.
    fn common(&self, a: &VersionClaim, b: &VersionClaim) -> Variants {
        match (self.names_of_evaluations(a.part), self.names_of_evaluations(b.part)) {
            (Some(x), Some(y)) if x != y => {
                let full =
                    |claim: &VersionClaim, n: usize| claim.variants.and(Variants::first(n)) == Variants::first(n);
                if full(a, x.len()) && full(b, y.len()) { Variants::ALL } else { Variants::NONE }
            }
            _ => a.variants.and(b.variants),
        }
    }

    fn names_of_evaluations(&self, part: PartId) -> Option<&[String]> {
        match &self.part(part).kind {
            PartKind::Module(module) => Some(&module.evaluations),
            _ => None,
        }
    }

    /// The evaluations in which a part is built; all for what is no build.
    fn evaluations(&self, part: PartId) -> Variants {
        match &self.part(part).kind {
            PartKind::Module(module) => Variants::first(module.evaluations.len()).and(module.reached),
            _ => Variants::ALL,
        }
    }

    /// The subject of a finding about a claim: its part and what names the version.
    pub fn subject(&self, claim: &VersionClaim) -> String {
        format!("{}/{}", self.part(claim.part).name, claim.by)
    }

    /// Whether a literal is used by one unit alone, so that changing it changes nothing else.
    pub fn is_of_one_unit(&self, claim: &VersionClaim) -> bool {
        let span = claim.text.span();
        let here = self.claims_in.get(&span.file).into_iter().flatten().map(|i| &self.facts.versions[*i]);
        let mut users = here.filter(|c| c.text.span().overlaps(span) && c.component == claim.component);
        users.all(|user| user.part == claim.part) && self.units_with.get(&claim.part) == Some(&1)
    }
}

impl Project {
    /// Whether a declaration is one module's alone, and that module is run by one unit alone: what is changed there changes nothing else.
    pub fn is_of_one_part(&self, dependency: &crate::fact::Dependency) -> bool {
        let shared = self.facts.dependencies.iter().any(|d| d.span == dependency.span && d.part != dependency.part);
        !shared && self.units_with.get(&dependency.part) == Some(&1)
    }
}

/// Chooses the claims about a component.
pub fn is(component: Component) -> impl Fn(&VersionClaim) -> bool {
    move |claim| claim.component == component
}
