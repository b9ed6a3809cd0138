//! Which services form one cluster, and in which container a script's command runs.

use super::Project;
use super::cluster::upwards;
use super::edge::{EdgeKind, Edges};
use crate::fact::object::Object;
use crate::fact::{Part, PartId, PartKind, Service, Via};
use crate::source::{FileId, Span};
use std::collections::HashMap;

/// The services of compose files and of Kubernetes, by the names that others call them.
struct Services<'p> {
    project: &'p Project,
    in_file: HashMap<(FileId, &'p str), PartId>,
    anywhere: HashMap<&'p str, Vec<PartId>>,
    /// Services of Kubernetes by name, with the workload that they lead to.
    objects: HashMap<&'p str, Vec<(&'p Object, PartId)>>,
}

impl<'p> Services<'p> {
    fn of(project: &'p Project) -> Self {
        let mut services = Self { project, in_file: HashMap::new(), anywhere: HashMap::new(), objects: HashMap::new() };
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
        services.find_objects();
        services
    }

    fn find_objects(&mut self) {
        let ids: HashMap<*const Part, PartId> =
            self.project.facts.parts().map(|(id, part)| (std::ptr::from_ref(part), id)).collect();
        for pod in self.project.pods().filter(|pod| pod.workload.is_some_and(|w| w.serves() && !w.fragment)) {
            let Some(id) = ids.get(&std::ptr::from_ref(pod.part)) else { continue };
            for (object, _) in self.project.services_of(pod) {
                self.objects.entry(&object.name).or_default().push((object, *id));
            }
        }
    }

    /// The service of a name, seen from a part: one of the same file, else the only one of that name.
    fn find(&self, from: PartId, name: &str) -> Option<PartId> {
        let only = || match self.anywhere.get(name).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        let file = self.project.part(from).span.file;
        self.in_file.get(&(file, name)).copied().or_else(only)
    }

    /// The workload behind a Service of Kubernetes, whose address may go on with its namespace: the one in the nearest folder.
    fn behind(&self, from: PartId, host: &str) -> Option<PartId> {
        let mut labels = host.split('.');
        let (name, namespace) = (labels.next()?, labels.next());
        let fits =
            |object: &Object| namespace.is_none_or(|asked| object.namespace.as_deref().is_none_or(|own| own == asked));
        let found: Vec<_> = self.objects.get(name)?.iter().filter(|(object, _)| fits(object)).collect();
        let one = |folder: Option<&str>| {
            let mut near = found.iter().filter(|(object, _)| folder.is_none_or(|folder| object.folder == folder));
            let first = near.next()?.1;
            near.all(|(_, id)| *id == first).then_some(first)
        };
        let folders: Vec<&str> = upwards(&self.project.part(from).folder).collect();
        let nearest = folders.into_iter().find(|folder| found.iter().any(|(object, _)| object.folder == *folder));
        if nearest.is_some() { one(nearest) } else { one(None) }
    }

    fn add(&self, from: PartId, to: PartId, at: Span, words: &str, edges: &mut Edges) {
        let evidence = format!("`{}` {words} `{}`", self.project.place(at), self.project.part(to).name);
        let alone = match &self.project.part(to).kind {
            PartKind::Workload(workload) => workload.containers.len() < 2,
            _ => true,
        };
        // Which of a pod's containers answers is not known: the others share no process with it.
        if alone {
            edges.add(EdgeKind::Submits, from, to, at, evidence);
        } else {
            edges.add_apart(EdgeKind::Submits, from, to, at, evidence);
        }
    }
}

/// Adds the edges of services.
pub fn link(project: &Project, edges: &mut Edges) {
    let services = Services::of(project);
    let told = |via: Via| matches!(via, Via::Submit | Via::Code);
    for setting in project.facts.settings.iter().filter(|s| s.key.as_str() == "spark.master" && told(s.via)) {
        let Some(value) = &setting.value else { continue };
        let Some(host) = value.as_str().strip_prefix("spark://").and_then(|rest| rest.split([':', ',']).next()) else {
            continue;
        };
        let master = services.find(setting.part, host).or_else(|| services.behind(setting.part, host));
        if let Some(master) = master {
            services.add(setting.part, master, value.span(), "connects to", edges);
        }
    }
    for (id, part) in project.facts.parts() {
        let PartKind::Submission(submission) = &part.kind else { continue };
        let Some(container) = &submission.container else { continue };
        if let Some(service) = services.find(id, container.as_str()) {
            services.add(id, service, container.span(), "runs in", edges);
        }
    }
}
