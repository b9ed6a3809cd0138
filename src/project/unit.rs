//! Deployment units: what runs together. A unit is a part that nothing else runs or contains, with everything it reaches.

use super::Project;
use super::edge::{Edge, EdgeKind, Edges};
use crate::config::UnitDeclaration;
use crate::discover::glob_set;
use crate::fact::module::pypi_name;
use crate::fact::{Facts, How, Job, PartId, PartKind, Variants, VersionClaim};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// What runs together.
#[derive(Debug, Default, Clone)]
pub struct Unit {
    /// The part that is started: a workload, an image, a module.
    pub root: PartId,
    /// Which of the root's containers, where it has several: the containers of a pod share no process.
    pub slot: Option<String>,
    /// The root first, then what it reaches, nearest first.
    pub members: Vec<PartId>,
    ways: HashMap<PartId, Way>,
    /// The members' version claims, as positions in the facts.
    pub(super) claims: Vec<usize>,
}

/// How a member is reached from the root.
#[derive(Debug, Clone)]
struct Way {
    /// The edge that leads to it, as a position in the project's edges; none for the root.
    edge: Option<usize>,
    /// The evaluations in which the whole way exists.
    variants: Variants,
    /// What a module on the way leaves out: `group:artifact`, with `*`.
    exclusions: Arc<[String]>,
    /// Its number and the last number below it, in the order of a walk that goes down first.
    walk: (u32, u32),
}

impl Unit {
    /// The evaluations in which the way from the root to a member exists.
    pub(super) fn way(&self, member: PartId) -> Variants {
        self.ways.get(&member).map_or(Variants::ALL, |way| way.variants)
    }

    fn exclusions(&self, member: PartId) -> Arc<[String]> {
        self.ways.get(&member).map_or_else(Arc::default, |way| way.exclusions.clone())
    }

    /// Whether the way from the root to `below` leads through `above`.
    pub(super) fn is_above(&self, above: PartId, below: PartId) -> bool {
        match (self.ways.get(&above), self.ways.get(&below)) {
            (Some(a), Some(b)) => a.walk.0 < b.walk.0 && b.walk.0 <= a.walk.1,
            _ => false,
        }
    }

    /// The edges from the root to a member, in that order, as positions in the project's edges.
    pub fn path(&self, project: &Project, member: PartId) -> Vec<usize> {
        let step = |at: &PartId| self.ways.get(at).and_then(|way| way.edge);
        // Each edge was added when its end was first reached, so the way back ends at the root.
        let back = std::iter::successors(step(&member), |edge| step(&project.edges[*edge].from));
        let mut edges: Vec<usize> = back.collect();
        edges.reverse();
        edges
    }
}

/// The units that the edges form. A parent POM is no part of its children's run time, and an aggregator alone is no unit. A
/// module that others depend on is also one by itself: that is what it is compiled and tested with.
pub fn units(facts: &Facts, edges: &[Edge]) -> Vec<Unit> {
    let mut graph = Graph { facts, edges, out: HashMap::new(), claims: HashMap::new() };
    let (mut run, mut used) = (HashSet::new(), HashSet::new());
    for (i, edge) in edges.iter().enumerate().filter(|(_, e)| e.meets()) {
        graph.out.entry(edge.from).or_default().push(i);
        if edge.kind == EdgeKind::Depends {
            used.insert(edge.to)
        } else {
            run.insert(edge.to)
        };
    }
    for (i, claim) in facts.versions.iter().enumerate() {
        graph.claims.entry(claim.part).or_default().push(i);
    }
    let starts = |kind: &PartKind| !matches!(kind, PartKind::Module(m) if m.aggregator);
    let roots = facts.parts().filter(|(id, part)| !run.contains(id) && starts(&part.kind));
    let units = roots.flat_map(|(root, _)| {
        let alone = used.contains(&root);
        graph.slots(root).into_iter().map(move |slot| (root, slot, alone))
    });
    units.map(|(root, slot, alone)| graph.reach(root, slot, alone)).collect()
}

/// What the units are made of.
struct Graph<'f> {
    facts: &'f Facts,
    edges: &'f [Edge],
    out: HashMap<PartId, Vec<usize>>,
    claims: HashMap<PartId, Vec<usize>>,
}

impl Graph<'_> {
    fn out(&self, part: PartId) -> &[usize] {
        self.out.get(&part).map_or(&[], Vec::as_slice)
    }

    fn claims(&self, part: PartId) -> &[usize] {
        self.claims.get(&part).map_or(&[], Vec::as_slice)
    }

    /// The containers of a part that claim something or run an image of ours; one nameless slot for what has none.
    fn slots(&self, part: PartId) -> Vec<Option<String>> {
        let of_edges = self.out(part).iter().map(|i| &self.edges[*i].slot);
        let slots: BTreeSet<&Option<String>> =
            of_edges.chain(self.claims(part).iter().map(|i| &self.facts.versions[*i].slot)).collect();
        if slots.is_empty() { vec![None] } else { slots.into_iter().cloned().collect() }
    }

    fn reach(&self, root: PartId, slot: Option<String>, alone: bool) -> Unit {
        let first = Way { edge: None, variants: Variants::ALL, exclusions: Arc::default(), walk: (0, 0) };
        let mut unit =
            Unit { root, slot, members: vec![root], ways: HashMap::from([(root, first)]), claims: Vec::new() };
        let mut open = if alone { VecDeque::new() } else { VecDeque::from([root]) };
        let mut below: HashMap<PartId, Vec<PartId>> = HashMap::new();
        while let Some(part) = open.pop_front() {
            let inner = self.is_inner(&unit, part);
            for &i in self.out(part) {
                let edge = &self.edges[i];
                let other_slot = part == root && edge.slot != unit.slot;
                let left_out = || is_excluded(&unit.exclusions(part), self.coordinate(edge.to));
                if other_slot || (inner && !edge.travels) || unit.ways.contains_key(&edge.to) || left_out() {
                    continue;
                }
                let variants = unit.way(part).and(edge.variants);
                let exclusions = both(unit.exclusions(part), &edge.exclusions);
                unit.ways.insert(edge.to, Way { edge: Some(i), variants, exclusions, walk: (0, 0) });
                unit.members.push(edge.to);
                below.entry(part).or_default().push(edge.to);
                open.push_back(edge.to);
            }
        }
        number(&mut unit.ways, &below, root);
        unit.claims = unit.members.iter().flat_map(|member| self.claims_of(&unit, *member)).collect();
        self.install(&mut unit);
        unit
    }

    /// What a job's commands install takes the place of what a manifest asks for. Where the two exclude each other, the last one
    /// wins, and which that is is not told by the text.
    fn install(&self, unit: &mut Unit) {
        let PartKind::Job(Job { installs, .. }) = &self.facts.part(unit.root).kind else { return };
        let claim = |i: &usize| &self.facts.versions[*i];
        let is_installed = |claim: &VersionClaim| claim.how == How::Pin && installs.contains(&pypi_name(&claim.by));
        let (own, asked): (Vec<&VersionClaim>, Vec<&VersionClaim>) =
            unit.claims.iter().map(claim).filter(|claim| is_installed(claim)).partition(|c| c.part == unit.root);
        let excludes = |a: &VersionClaim, b: &VersionClaim| a.by == b.by && !a.versions.meets(&b.versions);
        let doubtful: HashSet<String> =
            own.iter().filter(|a| asked.iter().any(|b| excludes(a, b))).map(|a| a.by.clone()).collect();
        unit.claims.retain(|i| {
            let claim = claim(i);
            !is_installed(claim) || (claim.part == unit.root && !doubtful.contains(&claim.by))
        });
    }

    /// The claims that a member brings along: of the root only its slot's, of a dependency's dependency only those that travel.
    fn claims_of(&self, unit: &Unit, member: PartId) -> Vec<usize> {
        let (inner, exclusions) = (self.is_inner(unit, member), unit.exclusions(member));
        let claims = self.claims(member).iter().copied();
        let counts = |i: &usize| {
            let claim = &self.facts.versions[*i];
            let left_out = claim.how.is_built() && is_excluded(&exclusions, &claim.by);
            (!inner || claim.travels) && (member != unit.root || claim.slot == unit.slot) && !left_out
        };
        claims.filter(counts).collect()
    }

    fn coordinate(&self, part: PartId) -> &str {
        match &self.facts.part(part).kind {
            PartKind::Module(module) => &module.coordinate,
            _ => "",
        }
    }

    /// Whether a member is there because another module depends on it.
    fn is_inner(&self, unit: &Unit, member: PartId) -> bool {
        let edge = unit.ways.get(&member).and_then(|way| way.edge);
        edge.is_some_and(|i| self.edges[i].kind == EdgeKind::Depends)
    }
}

/// What is left out on a way and by its next step; mostly nothing, so that lists are rarely made.
fn both(way: Arc<[String]>, step: &Arc<[String]>) -> Arc<[String]> {
    match (way.is_empty(), step.is_empty()) {
        (_, true) => way,
        (true, _) => step.clone(),
        _ => way.iter().chain(step.iter()).cloned().collect(),
    }
}

/// Whether `group:artifact` is among the exclusions, in which `*` stands for any run of characters.
fn is_excluded(exclusions: &[String], coordinate: &str) -> bool {
    let Some((group, artifact)) = coordinate.split_once(':') else { return false };
    exclusions
        .iter()
        .filter_map(|exclusion| exclusion.split_once(':'))
        .any(|(g, a)| fits(g, group) && fits(a, artifact))
}

fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(first) else { return false };
    let last = rest.rsplit('*').next().unwrap_or(rest);
    text.ends_with(last)
}

/// Numbers the members in the order of a walk that goes down first, so that above and below are told by comparing numbers.
fn number(ways: &mut HashMap<PartId, Way>, below: &HashMap<PartId, Vec<PartId>>, root: PartId) {
    let mut next = 0;
    let mut open = vec![(root, false)];
    while let Some((part, done)) = open.pop() {
        let Some(way) = ways.get_mut(&part) else { continue };
        if done {
            way.walk.1 = next;
            continue;
        }
        next += 1;
        way.walk = (next, next);
        open.push((part, true));
        open.extend(below.get(&part).into_iter().flatten().map(|child| (*child, false)));
    }
}

/// Adds the links that the configuration states: each workload or application meets every image and module of the files
/// named; without one, each image meets every module; without either, every module the first.
pub fn declare(project: &Project, declared: &[UnitDeclaration], edges: &mut Edges) {
    for declaration in declared {
        let globs = glob_set(&declaration.paths);
        let matching = |id: &PartId| globs.is_match(project.path(project.part(*id).span.file));
        let parts: Vec<PartId> = project.facts.parts().map(|(id, _)| id).filter(matching).collect();
        let rank = |id: &PartId| match project.part(*id).kind {
            PartKind::Workload(_) | PartKind::Application(_) | PartKind::Platform(_) => 0,
            PartKind::ImageBuild(_) | PartKind::Submission(_) | PartKind::Job(_) => 1,
            PartKind::Module(_) | PartKind::ConfFile | PartKind::Source => 2,
        };
        let Some(top) = parts.iter().map(rank).min() else { continue };
        let (mut upper, mut lower): (Vec<PartId>, Vec<PartId>) = parts.iter().partition(|id| rank(id) == top);
        if lower.is_empty() {
            lower = upper.split_off(1.min(upper.len()));
        }
        let evidence = format!("the configuration's unit `{}` says so", declaration.name);
        for from in upper {
            for slot in slots(project, from) {
                for to in &lower {
                    edges.add_for(slot.clone(), EdgeKind::Declared, from, *to, declaration.span, evidence.clone());
                }
            }
        }
    }
}

/// The containers of a part, each of which a stated link concerns.
fn slots(project: &Project, part: PartId) -> BTreeSet<Option<String>> {
    let slots = project.facts.images.iter().filter(|image| image.part == part).map(|image| image.usage.slot());
    let slots: BTreeSet<Option<String>> = slots.collect();
    if slots.is_empty() { BTreeSet::from([None]) } else { slots }
}
