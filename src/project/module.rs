//! Modules of one build: parents and local dependencies.

use super::Project;
use super::edge::{Edge, EdgeKind, Edges};
use crate::fact::{Ecosystem, LocalModule, Module, PartId, PartKind};
use crate::source::folder_of;
use std::borrow::Cow;
use std::collections::HashMap;

const MANIFESTS: [&str; 6] = ["pom.xml", "build.sbt", "go.mod", "Cargo.toml", "pyproject.toml", "requirements.txt"];

/// Modules by the path of their manifest, Gradle's projects by their folder: several may share a script, or have none.
#[derive(Default)]
pub struct Modules<'p> {
    by_manifest: HashMap<Cow<'p, str>, PartId>,
    by_folder: HashMap<&'p str, PartId>,
}

impl Modules<'_> {
    /// All of them.
    pub fn values(&self) -> impl Iterator<Item = &PartId> {
        self.by_manifest.values().chain(self.by_folder.values())
    }
}

/// The modules of a project.
pub fn by_path(project: &Project) -> Modules<'_> {
    let modules = project.facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::Module(_)));
    let mut found = Modules::default();
    for (id, part) in modules {
        match &part.kind {
            PartKind::Module(module) if module.ecosystem == Ecosystem::Gradle => {
                found.by_folder.insert(&part.folder, id);
            }
            // One build definition declares many: each is known by its folder, and there by its name.
            PartKind::Module(module) if module.ecosystem == Ecosystem::Sbt => {
                let manifest = sbt_manifest(&part.folder);
                found.by_manifest.insert(format!("{manifest}#{}", module.coordinate).into(), id);
                found.by_manifest.entry(manifest.into()).or_insert(id);
            }
            _ => {
                found.by_manifest.insert(project.path(part.span.file).into(), id);
            }
        }
    }
    found
}

/// Where sbt looks for a project's own settings, whether there is such a file or not.
fn sbt_manifest(folder: &str) -> String {
    if folder.is_empty() { "build.sbt".to_owned() } else { format!("{folder}/build.sbt") }
}

/// A module by a path that may name its folder.
pub fn at(modules: &Modules<'_>, path: &str) -> Option<PartId> {
    let by_path = &modules.by_manifest;
    let inside = |name: &&str| {
        by_path.get(if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") }.as_str()).copied()
    };
    by_path.get(path).copied().or_else(|| MANIFESTS.iter().find_map(inside)).or_else(|| in_gradle(modules, path))
}

/// A Gradle project by its folder or by a script in it.
pub fn in_gradle(modules: &Modules<'_>, path: &str) -> Option<PartId> {
    let script =
        |name: &str| matches!(name, "build.gradle" | "build.gradle.kts" | "settings.gradle" | "settings.gradle.kts");
    let folder = if script(path.rsplit('/').next().unwrap_or(path)) { folder_of(path) } else { path };
    modules.by_folder.get(folder).copied()
}

/// The module that another names: Gradle's projects name each other by their folders.
fn target(modules: &Modules<'_>, module: &Module, local: &LocalModule) -> Option<PartId> {
    if module.ecosystem == Ecosystem::Gradle { in_gradle(modules, &local.path) } else { at(modules, &local.path) }
}

/// Adds the edges between modules.
pub fn link(project: &Project, edges: &mut Edges) {
    let modules = by_path(project);
    let by_file: HashMap<_, _> = modules.by_manifest.values().map(|id| (project.part(*id).span.file, *id)).collect();
    for (id, part) in project.facts.parts() {
        let PartKind::Module(module) = &part.kind else { continue };
        let own = project.path(part.span.file);
        if let Some(parent) = module.parent.and_then(|file| by_file.get(&file)) {
            let evidence = format!("`{own}` inherits from `{}`", project.path(project.part(*parent).span.file));
            edges.add(EdgeKind::Parent, id, *parent, part.span, evidence);
        }
        for local in module.local.iter().filter(|local| local.linked) {
            let Some(target) = target(&modules, module, local) else { continue };
            let evidence = format!(
                "`{}` depends on `{}`",
                project.place(local.span),
                if matches!(module.ecosystem, Ecosystem::Gradle | Ecosystem::Sbt) {
                    &project.part(target).name
                } else {
                    project.path(project.part(target).span.file)
                }
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
                together: true,
            });
        }
    }
}
