//! Modules of one build: parents and local dependencies.

use super::Project;
use super::edge::{Edge, EdgeKind, Edges};
use crate::fact::{LocalModule, PartId, PartKind};
use std::collections::HashMap;

const MANIFESTS: [&str; 5] = ["pom.xml", "go.mod", "Cargo.toml", "pyproject.toml", "requirements.txt"];

/// Modules by the path of their manifest.
pub type Modules<'p> = HashMap<&'p str, PartId>;

/// The modules of a project.
pub fn by_path(project: &Project) -> Modules<'_> {
    let modules = project.facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::Module(_)));
    modules.map(|(id, part)| (project.path(part.span.file), id)).collect()
}

/// A module by a path that may name its folder.
pub fn at(by_path: &Modules<'_>, path: &str) -> Option<PartId> {
    let inside = |name: &&str| {
        by_path.get(if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") }.as_str()).copied()
    };
    by_path.get(path).copied().or_else(|| MANIFESTS.iter().find_map(inside))
}

/// Adds the edges between modules.
pub fn link(project: &Project, edges: &mut Edges) {
    let by_path = by_path(project);
    let by_file: HashMap<_, _> = by_path.values().map(|id| (project.part(*id).span.file, *id)).collect();
    for (id, part) in project.facts.parts() {
        let PartKind::Module(module) = &part.kind else { continue };
        let own = project.path(part.span.file);
        if let Some(parent) = module.parent.and_then(|file| by_file.get(&file)) {
            let evidence = format!("`{own}` inherits from `{}`", project.path(project.part(*parent).span.file));
            edges.add(EdgeKind::Parent, id, *parent, part.span, evidence);
        }
        for local in module.local.iter().filter(|local| local.linked) {
            let Some(target) = at(&by_path, &local.path) else { continue };
            let evidence = format!(
                "`{}` depends on `{}`",
                project.place(local.span),
                project.path(project.part(target).span.file)
            );
            let LocalModule { span, variants, travels, exclusions, .. } = local.clone();
            let kind = EdgeKind::Depends;
            edges.add_edge(Edge {
                from: id,
                to: target,
                kind,
                evidence,
                span,
                variants,
                travels,
                slot: None,
                exclusions,
            });
        }
    }
}
