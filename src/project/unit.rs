//! Deployment units: what runs together. A unit is a part that nothing else runs or contains, with everything it reaches.

use super::edge::{Edge, EdgeKind, Edges};
use super::{Project, module};
use crate::config::UnitDeclaration;
use crate::discover::glob_set;
use crate::fact::{Facts, PartId, PartKind, Variants};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// What runs together.
#[derive(Debug, Default, Clone)]
pub struct Unit {
    /// The part that is started: a workload, an image, a module.
    pub root: PartId,
    /// The root first, then what it reaches, nearest first.
    pub members: Vec<PartId>,
    /// For each member but the root, the edge that leads to it, as a position in the project's edges.
    pub(super) through: BTreeMap<PartId, usize>,
    /// For each member, the evaluations in which the way to it exists.
    pub(super) variants: BTreeMap<PartId, Variants>,
    /// The members' version claims, as positions in the facts.
    pub(super) claims: BTreeMap<PartId, Vec<usize>>,
}

impl Unit {
    /// Whether a member is there because another module depends on it.
    fn inner(&self, edges: &[Edge], member: PartId) -> bool {
        self.through.get(&member).is_some_and(|i| edges[*i].kind == EdgeKind::Depends)
    }

    /// The evaluations in which the way from the root to a member exists.
    pub(super) fn way(&self, member: PartId) -> Variants {
        self.variants.get(&member).copied().unwrap_or(Variants::ALL)
    }

    /// Whether the way from the root to `below` leads through `above`.
    pub(super) fn is_above(&self, project: &Project, above: PartId, below: PartId) -> bool {
        self.path(project, below).iter().any(|edge| project.edges[*edge].from == above)
    }

    /// The edges from the root to a member, in that order, as positions in the project's edges.
    pub fn path(&self, project: &Project, member: PartId) -> Vec<usize> {
        let step = |at: &PartId| self.through.get(at).copied();
        // Each edge was added when its end was first reached, so the way back ends at the root.
        let back = std::iter::successors(step(&member), |edge| step(&project.edges[*edge].from));
        let mut edges: Vec<usize> = back.collect();
        edges.reverse();
        edges
    }
}

/// The units that the edges form. A parent POM is no part of its children's run time, and an aggregator alone is no unit.
pub fn units(facts: &Facts, edges: &[Edge]) -> Vec<Unit> {
    let mut out: HashMap<PartId, Vec<usize>> = HashMap::new();
    let mut contained: HashSet<PartId> = HashSet::new();
    for (i, edge) in edges.iter().enumerate().filter(|(_, e)| e.kind.meets()) {
        out.entry(edge.from).or_default().push(i);
        contained.insert(edge.to);
    }
    let mut claims: HashMap<PartId, Vec<usize>> = HashMap::new();
    for (i, claim) in facts.versions.iter().enumerate() {
        claims.entry(claim.part).or_default().push(i);
    }
    let runs = |kind: &PartKind| !matches!(kind, PartKind::Module(m) if m.aggregator);
    let roots = facts.parts().filter(|(id, part)| !contained.contains(id) && runs(&part.kind));
    roots.map(|(root, _)| reach(root, facts, edges, &out, &claims)).collect()
}

fn reach(
    root: PartId,
    facts: &Facts,
    edges: &[Edge],
    out: &HashMap<PartId, Vec<usize>>,
    claims: &HashMap<PartId, Vec<usize>>,
) -> Unit {
    let mut unit = Unit { root, members: vec![root], ..Unit::default() };
    let mut seen = HashSet::from([root]);
    let mut open = VecDeque::from([root]);
    unit.variants.insert(root, Variants::ALL);
    while let Some(part) = open.pop_front() {
        let way = unit.variants.get(&part).copied().unwrap_or(Variants::ALL);
        let inner = unit.inner(edges, part);
        for &i in out.get(&part).into_iter().flatten() {
            if edges[i].alone || (inner && !edges[i].travels) {
                continue;
            }
            let to = edges[i].to;
            if seen.insert(to) {
                unit.variants.insert(to, way.and(edges[i].variants));
                unit.through.insert(to, i);
                unit.members.push(to);
                open.push_back(to);
            }
        }
    }
    let of = |id: &PartId| {
        let inner = unit.inner(edges, *id);
        let travelling = claims.get(id)?.iter().copied().filter(|i| !inner || facts.versions[*i].travels);
        Some((*id, travelling.collect()))
    };
    unit.claims = unit.members.iter().filter_map(of).collect();
    unit
}

/// Adds the links that the configuration states: every part of a matching file meets the first one.
pub fn declare(project: &Project, declared: &[UnitDeclaration], edges: &mut Edges) {
    let modules = module::by_path(project);
    for declaration in declared {
        let globs = glob_set(&declaration.paths);
        let matching = |id: &PartId| globs.is_match(project.path(project.part(*id).span.file));
        let mut parts: Vec<PartId> = project.facts.parts().map(|(id, _)| id).filter(matching).collect();
        // What is started comes first: an application before its image, an image before its module.
        parts.sort_by_key(|id| (modules.contains_key(project.path(project.part(*id).span.file)), *id));
        let Some((first, rest)) = parts.split_first() else { continue };
        let evidence = format!("the configuration's unit `{}` says so", declaration.name);
        for part in rest {
            edges.add(EdgeKind::Declared, *first, *part, declaration.span, evidence.clone());
        }
    }
}
