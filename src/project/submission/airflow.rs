//! Tasks of Airflow: files in the folder where its workers look for them, and what they submit.

use super::Submissions;
use crate::fact::{ImageBuild, PartId, PartKind, Workload};
use crate::project::artefact::contexts;
use crate::project::edge::{EdgeKind, Edges};
use crate::source::{FileId, Traced, join};
use std::collections::BTreeMap;

impl<'p> Submissions<'p> {
    /// Tasks that a compose file puts where Airflow looks for them. Of several services that have them the workers submit them, or the
    /// scheduler where there are none.
    pub(super) fn bound_tasks(&self, edges: &mut Edges) {
        let mut by_file: BTreeMap<FileId, Vec<(PartId, &Workload)>> = BTreeMap::new();
        for (id, part) in self.project.facts.parts() {
            let PartKind::Workload(workload) = &part.kind else { continue };
            if workload.binds.iter().any(|(folder, target)| self.tasks_in(folder, target).next().is_some()) {
                by_file.entry(part.span.file).or_default().push((id, workload));
            }
        }
        for services in by_file.values() {
            let says = |(_, workload): &&(PartId, &Workload), words: &[&str]| {
                workload.service.as_ref().is_some_and(|service| service.says(words))
            };
            let of =
                |words: &'static [&str]| services.iter().filter(|service| says(service, words)).collect::<Vec<_>>();
            let running = match (services.as_slice(), of(&["worker"])) {
                ([only], _) => vec![only],
                (_, workers) if !workers.is_empty() => workers,
                _ => of(&["scheduler", "standalone"]),
            };
            for (id, workload) in running {
                for (folder, target) in &workload.binds {
                    for (task, path) in self.tasks_in(folder, target) {
                        let evidence = format!("`{}` puts `{path}` there", self.project.place(target.span()));
                        edges.add(EdgeKind::Submits, *id, task, target.span(), evidence);
                    }
                }
            }
        }
    }

    /// Tasks that an image copies to where Airflow looks for them.
    pub(super) fn copied_tasks(&self, id: PartId, build: &ImageBuild, folder: &str, edges: &mut Edges) {
        let stages = build.final_stages().into_iter().filter_map(|i| build.stages.get(i));
        for copy in stages.flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none()) {
            for source in &copy.sources {
                let source = source.as_str().trim_start_matches('/').trim_end_matches('/');
                let folders = contexts(folder, false).filter_map(|context| join(context, source));
                let Some(from) = folders.into_iter().find(|from| self.tasks.contains_key(from.as_str())) else {
                    continue;
                };
                for (task, path) in self.tasks_in(&from, &copy.target) {
                    let evidence = format!("`{}` copies `{path}`", self.project.place(copy.span));
                    edges.add(EdgeKind::Submits, id, task, copy.span, evidence);
                }
            }
        }
    }

    /// The tasks of a folder that lie below a folder `dags` where a container has it, with their files.
    pub(super) fn tasks_in(&self, folder: &str, target: &Traced) -> impl Iterator<Item = (PartId, &'p str)> {
        let (from, to) = (folder.len(), target.as_str().trim_end_matches('/').to_owned());
        self.tasks.get(folder).into_iter().flatten().filter_map(move |task| {
            let path = self.project.path(self.project.part(*task).span.file);
            let inside = format!("{to}/{}", path.get(from..)?.trim_start_matches('/'));
            inside.contains("/dags/").then_some((*task, path))
        })
    }
}
