//! Which claims of a unit cannot hold together?
//!
//! A build has several evaluations (Maven profiles). Without evidence which of them is deployed, a build is at fault only when none of
//! its evaluations fits; the claims of the default evaluation are then the ones to show.

use super::{Project, Unit};
use crate::fact::{Component, How, PartId, PartKind, Variants, VersionClaim};
use std::collections::{HashMap, HashSet};

/// Two claims that contradict each other.
#[derive(Debug, Clone, Copy)]
pub struct Conflict<'p> {
    /// The claim that `left` chose.
    pub left: &'p VersionClaim,
    /// The claim that `right` chose.
    pub right: &'p VersionClaim,
}

/// The pairs of a unit's claims that contradict each other in every evaluation of the builds they belong to.
pub fn conflicts<'p>(
    project: &'p Project,
    unit: &'p Unit,
    left: impl Fn(&VersionClaim) -> bool,
    right: impl Fn(&VersionClaim) -> bool,
    contradict: impl Fn(&VersionClaim, &VersionClaim) -> bool,
) -> Vec<Conflict<'p>> {
    // Modules that inherit one property make one claim: a build of thousands has a handful.
    let mut seen = HashSet::new();
    let mut claims: Vec<&VersionClaim> = project.claims(unit).collect();
    claims.retain(|claim| seen.insert((claim.component, claim.text.span(), claim.variants, unit.way(claim.part))));
    let rights: Vec<&VersionClaim> = claims.iter().copied().filter(|claim| right(claim)).collect();
    let mut found: Vec<(Conflict<'p>, Variants)> = Vec::new();
    let mut covered: HashMap<(PartId, PartId), Variants> = HashMap::new();
    for a in claims.iter().copied().filter(|claim| left(claim)) {
        for b in rights.iter().copied().filter(|b| !std::ptr::eq(*b, a) && contradict(a, b)) {
            let variants = project.common(a, b).and(unit.way(a.part)).and(unit.way(b.part));
            if !variants.is_empty() && meet(project, unit, a, b) {
                let sum = covered.entry((a.part, b.part)).or_insert(Variants::NONE);
                *sum = sum.or(variants);
                found.push((Conflict { left: a, right: b }, variants));
            }
        }
    }
    let shown = found.into_iter().filter(|(conflict, variants)| {
        let (a, b) = (conflict.left.part, conflict.right.part);
        let all = project.evaluations(a).and(project.evaluations(b)).and(unit.way(a)).and(unit.way(b));
        let always = covered.get(&(a, b)).is_some_and(|sum| all.and(*sum) == all);
        always && all.lowest().is_some_and(|first| variants.has(first))
    });
    shown.map(|(conflict, _)| conflict).collect()
}

/// Two modules that merely lie in one image need not be loaded together; one that depends on the other is.
fn meet(project: &Project, unit: &Unit, a: &VersionClaim, b: &VersionClaim) -> bool {
    let built = a.how == How::Dependency && b.how == How::Dependency && a.part != b.part;
    !built || unit.is_above(project, a.part, b.part) || unit.is_above(project, b.part, a.part)
}

/// Whether two claims about one component name different lines of it.
pub fn different_lines(a: &VersionClaim, b: &VersionClaim) -> bool {
    let n = a.component.line();
    a.component == b.component
        && !a.versions.is_empty()
        && !b.versions.is_empty()
        && !a.versions.lines(n).meets(&b.versions.lines(n))
}

/// Whether modules for several versions meet in what runs, at least one of which fits it and at least one of which does not: then they
/// are there on purpose. A module and what it depends on are for one version.
pub fn serves_several(project: &Project, unit: &Unit, runtime: &VersionClaim) -> bool {
    let mut stray: HashMap<PartId, bool> = HashMap::new();
    for claim in project.claims(unit).filter(|c| c.component == runtime.component && c.how == How::Dependency) {
        *stray.entry(claim.part).or_default() |= different_lines(claim, runtime);
    }
    let parts = |wanted: bool| stray.iter().filter(move |(_, is_stray)| **is_stray == wanted).map(|(part, _)| *part);
    parts(true).any(|a| parts(false).any(|b| !unit.is_above(project, a, b) && !unit.is_above(project, b, a)))
}

/// The conflicts of a unit by the claim to change, each with the claims it contradicts. One cause, one finding: a claim that
/// contradicts several others stands once. The one to change is what fewer places of the unit agree with, else what only states
/// (a field), then what runs, then what was built.
pub fn by_odd_one<'p>(
    project: &'p Project,
    unit: &'p Unit,
    conflicts: &[Conflict<'p>],
) -> Vec<(&'p VersionClaim, Vec<&'p VersionClaim>)> {
    let mut grouped: Vec<(&VersionClaim, Vec<&VersionClaim>)> = Vec::new();
    for conflict in conflicts {
        let (odd, other) = odd_one(project, unit, conflict);
        let at = grouped.iter().position(|(claim, _)| claim.text.span() == odd.text.span());
        match at.and_then(|at| grouped.get_mut(at)) {
            Some((_, others)) if others.iter().any(|claim| claim.text.span() == other.text.span()) => {}
            Some((_, others)) => others.push(other),
            None => grouped.push((odd, vec![other])),
        }
    }
    grouped
}

fn odd_one<'p>(project: &'p Project, unit: &'p Unit, conflict: &Conflict<'p>) -> (&'p VersionClaim, &'p VersionClaim) {
    let votes = |claim: &VersionClaim| {
        let agree = project.claims(unit).filter(|c| c.component == claim.component && !different_lines(c, claim));
        let mut places: Vec<_> = agree.map(|c| c.text.span()).collect();
        places.sort_unstable();
        places.dedup();
        places.len()
    };
    let rank = |claim: &VersionClaim| (votes(claim), claim.how.authority(), claim.text.span());
    let (a, b) = (conflict.left, conflict.right);
    if rank(a) <= rank(b) { (a, b) } else { (b, a) }
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

/// Chooses the claims about a component.
pub fn is(component: Component) -> impl Fn(&VersionClaim) -> bool {
    move |claim| claim.component == component
}
