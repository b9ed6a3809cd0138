//! What CI jobs build, test and install. A job runs with the one module that a command names; the modules that the tool makes
//! along with it are known, yet they are on nobody's class path because of that.

use super::Project;
use super::edge::{EdgeKind, Edges};
use super::module::{Modules, at, by_path};
use crate::fact::{Build, Ecosystem, Module, PartId, PartKind, Reach};
use std::collections::{HashMap, HashSet};

/// Adds the edges of CI jobs.
pub fn link(project: &Project, edges: &mut Edges) {
    let is_job = |kind: &PartKind| matches!(kind, PartKind::Job(job) if !job.builds.is_empty());
    if !project.facts.parts.iter().any(|part| is_job(&part.kind)) {
        return;
    }
    let builds = Builds::of(project, edges);
    for (id, part) in project.facts.parts() {
        let PartKind::Job(job) = &part.kind else { continue };
        let told: Vec<(&Build, PartId)> =
            job.builds.iter().filter_map(|b| Some((b, builds.target(b, edges)?))).collect();
        let words = |to: PartId, verb: &str| {
            let manifest = project.path(project.part(to).span.file);
            format!("`{}` {verb} `{manifest}`", project.place(part.span))
        };
        // What is named runs there; it is noted first, because one edge joins two parts.
        for (build, to) in told.iter().filter(|(build, _)| build.reach != Reach::Start) {
            let verb = if build.path == project.path(project.part(*to).span.file) { "installs" } else { "builds" };
            edges.add(EdgeKind::Builds, id, *to, part.span, words(*to, verb));
        }
        for (build, to) in told {
            let along = match build.reach {
                Reach::Alone => Vec::new(),
                Reach::Start => vec![to],
                Reach::Reactor => closure(to, |module| builds.held(module)),
                Reach::Needs => closure(to, |module| builds.needed(module)),
            };
            for to in along {
                edges.add_apart(EdgeKind::Builds, id, to, part.span, words(to, "builds"));
            }
        }
    }
}

struct Builds<'p> {
    project: &'p Project,
    /// Modules by what names them: their folder, and a file of requirements itself.
    places: HashMap<(&'p str, Ecosystem), Vec<PartId>>,
    modules: Modules<'p>,
    /// What a module inherits from and depends on, for its tests too.
    needs: HashMap<PartId, Vec<PartId>>,
}

impl<'p> Builds<'p> {
    fn of(project: &'p Project, edges: &Edges) -> Self {
        let mut places: HashMap<_, Vec<PartId>> = HashMap::new();
        let mut by_coordinate: HashMap<(&str, Ecosystem), PartId> = HashMap::new();
        for (id, part) in project.facts.parts() {
            let PartKind::Module(module) = &part.kind else { continue };
            places.entry((part.folder.as_str(), module.ecosystem)).or_default().push(id);
            places.entry((project.path(part.span.file), module.ecosystem)).or_default().push(id);
            by_coordinate.insert((&module.coordinate, module.ecosystem), id);
        }
        let mut needs: HashMap<PartId, Vec<PartId>> = HashMap::new();
        for edge in edges.list.iter().filter(|e| matches!(e.kind, EdgeKind::Parent | EdgeKind::Depends)) {
            needs.entry(edge.from).or_default().push(edge.to);
        }
        for dependency in project.facts.dependencies.iter().filter(|d| d.ecosystem == Ecosystem::Maven) {
            if let Some(to) = by_coordinate.get(&(dependency.coordinate().as_str(), Ecosystem::Maven)) {
                needs.entry(dependency.part).or_default().push(*to);
            }
        }
        Self { project, places, modules: by_path(project), needs }
    }

    /// The module that a command names.
    fn target(&self, build: &Build, edges: &mut Edges) -> Option<PartId> {
        let found = self.places.get(&(build.path.as_str(), build.ecosystem)).map_or(&[][..], Vec::as_slice);
        let main = |id: &&PartId| build.ecosystem == Ecosystem::PyPi && self.is_project(**id);
        match found {
            [] => None,
            [one] => Some(*one),
            // Of a project and the files of requirements beside it, a tool builds the project.
            _ => {
                let mut projects = found.iter().filter(main);
                let one = projects.next().filter(|_| projects.next().is_none()).copied();
                edges.ambiguous += usize::from(one.is_none());
                one
            }
        }
    }

    fn is_project(&self, id: PartId) -> bool {
        let path = self.project.path(self.project.part(id).span.file);
        path.rsplit('/').next() == Some("pyproject.toml")
    }

    fn module(&self, id: PartId) -> Option<&Module> {
        match &self.project.part(id).kind {
            PartKind::Module(module) => Some(module),
            _ => None,
        }
    }

    /// The modules that one holds together and that are there without a profile.
    fn held(&self, id: PartId) -> Vec<PartId> {
        let local = self.module(id).into_iter().flat_map(|module| &module.local);
        let held = local.filter(|local| !local.linked).filter_map(|local| at(&self.modules, &local.path));
        held.filter(|child| self.module(*child).is_some_and(|module| module.reached.has(0))).collect()
    }

    fn needed(&self, id: PartId) -> Vec<PartId> {
        self.needs.get(&id).cloned().unwrap_or_default()
    }
}

/// Everything that a step leads to from a module, itself left out.
fn closure(from: PartId, step: impl Fn(PartId) -> Vec<PartId>) -> Vec<PartId> {
    let (mut found, mut seen, mut next) = (vec![from], HashSet::from([from]), 0);
    while let Some(id) = found.get(next).copied() {
        found.extend(step(id).into_iter().filter(|id| seen.insert(*id)));
        next += 1;
    }
    found.split_off(1)
}
