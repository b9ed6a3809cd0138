//! What CI jobs build, which services form one cluster, and in which container a script's command runs.

use super::Project;
use super::edge::{EdgeKind, Edges};
use crate::fact::{PartId, PartKind, Service, Via};
use crate::source::{FileId, Span};
use std::collections::HashMap;

/// Adds the edges of CI jobs and compose services.
pub fn link(project: &Project, edges: &mut Edges) {
    jobs(project, edges);
    services(project, edges);
}

/// A job builds the module in whose folder it runs the build tool.
fn jobs(project: &Project, edges: &mut Edges) {
    let mut modules: HashMap<_, Vec<PartId>> = HashMap::new();
    for (id, part) in project.facts.parts() {
        if let PartKind::Module(module) = &part.kind {
            modules.entry((part.folder.as_str(), module.ecosystem)).or_default().push(id);
        }
    }
    for (id, part) in project.facts.parts() {
        let PartKind::Job(job) = &part.kind else { continue };
        for (folder, ecosystem) in &job.builds {
            match modules.get(&(folder.as_str(), *ecosystem)).map(Vec::as_slice) {
                Some([one]) => {
                    let manifest = project.path(project.part(*one).span.file);
                    let evidence = format!("`{}` builds `{manifest}`", project.place(part.span));
                    edges.add(EdgeKind::Builds, id, *one, part.span, evidence);
                }
                Some(_) => edges.ambiguous += 1,
                None => {}
            }
        }
    }
}

struct Services<'p> {
    project: &'p Project,
    in_file: HashMap<(FileId, &'p str), PartId>,
    anywhere: HashMap<&'p str, Vec<PartId>>,
}

impl Services<'_> {
    /// The service of a name, seen from a file: one of the same file, else the only one of that name.
    fn find(&self, file: FileId, name: &str) -> Option<PartId> {
        let only = || match self.anywhere.get(name).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        self.in_file.get(&(file, name)).copied().or_else(only)
    }

    fn add(&self, from: PartId, to: PartId, at: Span, words: &str, edges: &mut Edges) {
        let evidence = format!("`{}` {words} `{}`", self.project.place(at), self.project.part(to).name);
        edges.add(EdgeKind::Submits, from, to, at, evidence);
    }
}

fn services(project: &Project, edges: &mut Edges) {
    let mut services = Services { project, in_file: HashMap::new(), anywhere: HashMap::new() };
    for Service { part, names } in &project.facts.services {
        let file = project.part(*part).span.file;
        for name in names {
            services.in_file.insert((file, name), *part);
            let all = services.anywhere.entry(name).or_default();
            if !all.contains(part) {
                all.push(*part);
            }
        }
    }
    for setting in project.facts.settings.iter().filter(|s| s.key.as_str() == "spark.master" && s.via == Via::Submit) {
        let Some(value) = &setting.value else { continue };
        let Some(host) = value.as_str().strip_prefix("spark://").and_then(|rest| rest.split([':', ',']).next()) else {
            continue;
        };
        let own = project.part(setting.part).span.file;
        if let Some(master) = services.find(own, host) {
            services.add(setting.part, master, value.span(), "connects to", edges);
        }
    }
    for (id, part) in project.facts.parts() {
        let PartKind::Submission(submission) = &part.kind else { continue };
        let Some(container) = &submission.container else { continue };
        if let Some(service) = services.find(part.span.file, container.as_str()) {
            services.add(id, service, container.span(), "runs in", edges);
        }
    }
}
