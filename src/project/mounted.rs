//! Files of settings that `ConfigMaps` bring to where something reads them.

use super::Project;
use super::config_map::{Place, nearest};
use super::edge::{EdgeKind, Edges};
use crate::fact::container::Mount;
use crate::fact::object::{MapFile, MapSettings};
use crate::fact::pod::Pod;
use crate::fact::{Container, PartId, PartKind, SparkApplication};
use crate::source::{Span, Traced, extension_of, folder_of};
use std::collections::HashMap;

/// What Spark calls its file of settings.
const SETTINGS: &str = "spark-defaults.conf";

/// The script that sets variables of Spark's processes.
const VARIABLES: &str = "spark-env.sh";

/// Adds an edge from each workload and application to the files of settings that its pods mount.
pub fn link(project: &Project, edges: &mut Edges) {
    if project.facts.map_files.is_empty() {
        return;
    }
    let maps = Maps::of(project);
    let mut placed: HashMap<(PartId, &str, String), PartId> = HashMap::new();
    for (id, part) in project.facts.parts() {
        match &part.kind {
            PartKind::Workload(workload) => {
                let asks = Asks { id, folder: &part.folder, namespace: workload.namespace.as_deref() };
                for found in maps.containers(asks, &workload.pods, &workload.containers, edges) {
                    placed.insert((id, found.container, found.path), found.part);
                }
            }
            PartKind::Application(application) => {
                let asks = Asks { id, folder: &part.folder, namespace: application.namespace.as_deref() };
                let _ = maps.containers(asks, &application.pods, &application.containers, edges);
                maps.application(asks, application, edges);
            }
            _ => {}
        }
    }
    for (id, part) in project.facts.parts() {
        let PartKind::Submission(submission) = &part.kind else { continue };
        let flag = submission.flags.iter().rev().find(|flag| flag.name.as_str() == "--properties-file");
        let path = flag.and_then(|flag| flag.value.as_ref());
        let (Some(path), Some(within), Some(slot)) = (path, submission.within, submission.slot.as_deref()) else {
            continue;
        };
        if let Some(conf) = placed.get(&(within, slot, path.to_string())) {
            let evidence = format!("`{}` reads `{path}`, a file of a mounted ConfigMap", project.place(path.span()));
            edges.add(EdgeKind::Configures, id, *conf, path.span(), evidence);
        }
    }
}

/// A file of settings in a container.
struct Placed<'p> {
    container: &'p str,
    path: String,
    part: PartId,
}

/// Who asks for a `ConfigMap`.
#[derive(Clone, Copy)]
struct Asks<'p> {
    id: PartId,
    folder: &'p str,
    namespace: Option<&'p str>,
}

struct Maps<'p> {
    project: &'p Project,
    files: HashMap<&'p str, Vec<&'p MapFile>>,
    /// Files of settings of the repository, by their path.
    by_path: HashMap<&'p str, PartId>,
}

impl<'p> Maps<'p> {
    fn of(project: &'p Project) -> Self {
        let mut files: HashMap<&str, Vec<&MapFile>> = HashMap::new();
        for file in &project.facts.map_files {
            files.entry(file.map.as_str()).or_default().push(file);
        }
        let of_file = project.facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::ConfFile));
        let by_path = of_file.map(|(id, part)| (project.path(part.span.file), id)).collect();
        Self { project, files, by_path }
    }

    /// The files of a `ConfigMap` of a name: of the folder, else of one above or below it, else of the only one that has them.
    fn named(&self, name: &str, asks: Asks<'_>, edges: &mut Edges) -> Vec<&'p MapFile> {
        let all = self.files.get(name).into_iter().flatten().copied();
        let asks = Place { folder: asks.folder, namespace: asks.namespace };
        let found = nearest(all, |file| Place { folder: &file.folder, namespace: file.namespace.as_deref() }, asks);
        // Several maps of one name in one place, of which one is meant.
        let place = |file: &MapFile| (file.folder.clone(), file.namespace.clone());
        if found.windows(2).any(|two| place(two[0]) != place(two[1])) || repeats(&found) {
            edges.ambiguous += 1;
            return Vec::new();
        }
        found
    }

    fn part(&self, file: &MapFile) -> Option<PartId> {
        match &file.settings {
            MapSettings::Here(part, _) => Some(*part),
            MapSettings::File(path) => self.by_path.get(path.as_str()).copied(),
        }
    }

    /// Links what containers mount to where it is read, and gives all that they mount.
    fn containers<'c>(
        &self,
        asks: Asks<'_>,
        pods: &[Pod],
        containers: &'c [Container],
        edges: &mut Edges,
    ) -> Vec<Placed<'c>> {
        let mut placed = Vec::new();
        for container in containers {
            let Some(pod) = pods.get(container.pod) else { continue };
            let folder = container.variable("SPARK_CONF_DIR").and_then(|v| v.value.as_ref()).map(Traced::as_str);
            for mount in &container.mounts {
                let volume = pod.volumes.iter().find(|v| v.name.as_str() == mount.volume.as_str());
                let Some(volume) = volume.and_then(|volume| volume.config_map.as_ref()) else { continue };
                for file in self.named(volume.name.as_str(), asks, edges) {
                    let Some(path) = volume.path_of(&file.name).and_then(|path| mount.path_of(path)) else { continue };
                    let Some(part) = self.part(file) else { continue };
                    placed.push(Placed { container: &container.name, path: path.clone(), part });
                    if !is_read(&path, &file.name, folder) {
                        continue;
                    }
                    let slot = slot(container);
                    let at = span(mount);
                    let place = self.project.place(at);
                    let evidence = format!("`{place}` mounts the ConfigMap `{}` as `{path}`", volume.name);
                    edges.add_for(slot, EdgeKind::Configures, asks.id, part, at, evidence);
                }
            }
        }
        placed
    }

    /// `sparkConfigMap` and `hadoopConfigMap`, which Kubeflow's operator mounts into driver and executors.
    fn application(&self, asks: Asks<'_>, application: &SparkApplication, edges: &mut Edges) {
        if !application.is_kubeflow() {
            return;
        }
        for field in ["sparkConfigMap", "hadoopConfigMap"] {
            let Some(name) = application.stated.value(field) else { continue };
            for file in self.named(name.as_str(), asks, edges) {
                let Some(part) = self.part(file) else { continue };
                let evidence = format!("`{}` names the ConfigMap `{name}`", self.project.place(name.span()));
                edges.add(EdgeKind::Configures, asks.id, part, name.span(), evidence);
            }
        }
    }
}

/// Whether a list holds two files of one name: two maps that look the same.
fn repeats(files: &[&MapFile]) -> bool {
    files.iter().enumerate().any(|(i, file)| files.iter().skip(i + 1).any(|other| other.name == file.name))
}

fn span(mount: &Mount) -> Span {
    mount.path.as_ref().unwrap_or(&mount.volume).span()
}

/// In an application's pod templates, Spark's own containers are the application itself.
fn slot(container: &Container) -> Option<String> {
    let spark = ["spark-kubernetes-driver", "spark-kubernetes-executor"].contains(&container.name.as_str());
    (!spark).then(|| container.name.clone())
}

/// Whether something looks for settings at a path: Spark in its folder of settings, Hadoop in its own.
fn is_read(path: &str, name: &str, conf_dir: Option<&str>) -> bool {
    let (folder, file) = (folder_of(path), path.rsplit('/').next().unwrap_or(path));
    let is_called = file == SETTINGS || (file == name && (name == VARIABLES || extension_of(name) == "xml"));
    let is_conf = conf_dir.map_or_else(|| folder.ends_with("/conf"), |dir| dir.trim_end_matches('/') == folder);
    is_called && (is_conf || folder.ends_with("/hadoop") || folder.ends_with("/hadoop/conf"))
}
