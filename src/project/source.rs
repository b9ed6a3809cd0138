//! Sources that make a session: the module whose libraries they run with, and the image that they are copied into. Each is an
//! application of its own: two scripts of one project meet its libraries, not each other.

use super::Project;
use super::artefact::contexts;
use super::edge::{EdgeKind, Edges};
use crate::fact::{Copy, Ecosystem, ImageBuild, PartId, PartKind, Scope};
use crate::source::{folder_of, join};
use std::collections::{HashMap, HashSet};

/// Distributions that bring a session.
const SESSIONS: [&str; 4] = ["pyspark", "pyspark-client", "pyspark-connect", "databricks-connect"];

/// Adds the edges of sources.
pub fn link(project: &Project, edges: &mut Edges) {
    let is_source = |kind: &PartKind| matches!(kind, PartKind::Source);
    if !project.facts.parts.iter().any(|part| is_source(&part.kind)) {
        return;
    }
    let modules = Modules::of(project);
    let containers = Containers::of(project);
    let images: Vec<(PartId, &ImageBuild, &str)> = project
        .facts
        .parts()
        .filter_map(|(id, part)| match &part.kind {
            PartKind::ImageBuild(build) => Some((id, build, part.folder.as_str())),
            _ => None,
        })
        .collect();
    for (id, part) in project.facts.parts().filter(|(_, part)| is_source(&part.kind)) {
        let path = project.path(part.span.file);
        let place = project.place(part.span);
        if let Some(module) = modules.nearest(path, edges).filter(|module| !containers.run(project, id, path, *module))
        {
            let manifest = project.path(project.part(module).span.file);
            let evidence = format!("`{place}` makes a session with the libraries of `{manifest}`");
            edges.add(EdgeKind::Loads, id, module, part.span, evidence);
        }
        let holding = images.iter().filter_map(|(image, build, folder)| Some((*image, copy_of(build, folder, path)?)));
        let mut holding: Vec<_> = holding.filter(|(image, _)| containers.may_hold(*image, id)).collect();
        if holding.len() > 1 {
            // Images that share their sources each run their own.
            holding.retain(|(image, _)| starts(project, edges, *image, path));
            edges.ambiguous += usize::from(holding.len() != 1);
        }
        if let [(image, copy)] = holding.as_slice() {
            let evidence = format!("`{}` copies `{path}`", project.place(copy.span));
            edges.add(EdgeKind::RunsImage, id, *image, copy.span, evidence);
        }
    }
}

/// Containers that have a Spark of their own, and run sources of the repository with that.
struct Containers<'p> {
    /// The parts whose images are Spark's.
    spark: HashSet<PartId>,
    /// What services of Spark's mount.
    mounts: Vec<&'p str>,
    /// Sources that name jars by where an image has them.
    with_jars: HashSet<PartId>,
}

impl<'p> Containers<'p> {
    fn of(project: &'p Project) -> Self {
        let images = project.facts.images.iter().filter(|image| image.name.contains("spark"));
        let spark: HashSet<PartId> = images.map(|image| image.part).collect();
        let binds =
            project.facts.parts().filter(|(id, _)| spark.contains(id)).filter_map(|(_, part)| match &part.kind {
                PartKind::Workload(workload) => Some(workload.binds.iter().map(|(from, _)| from.as_str())),
                _ => None,
            });
        let in_image = |value: &str| {
            let path = value.trim_start_matches("file://");
            ["/opt/", "/usr/"].iter().any(|folder| path.starts_with(folder))
        };
        let jars = project.facts.settings.iter().filter(|setting| setting.key.as_str() == "spark.jars");
        let jars = jars.filter(|setting| setting.value.as_ref().is_some_and(|value| in_image(value.as_str())));
        let mounts = binds.flatten().collect();
        Self { mounts, spark, with_jars: jars.map(|setting| setting.part).collect() }
    }

    /// Whether an image can have what a source names: jars in a folder of Spark's only where it has one.
    fn may_hold(&self, image: PartId, source: PartId) -> bool {
        !self.with_jars.contains(&source) || self.spark.contains(&image)
    }

    /// Whether one of them runs a source: it mounts the source's folder apart from that of the module.
    fn run(&self, project: &Project, source: PartId, path: &str, module: PartId) -> bool {
        let own = project.part(module).folder.as_str();
        let apart = |from: &&str| holds(from, path) && from.len() > own.len() && holds(own, from);
        self.with_jars.contains(&source) || self.mounts.iter().any(apart)
    }
}

/// Whether an image itself, or a script that it runs, submits a file.
fn starts(project: &Project, edges: &Edges, image: PartId, path: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let runs = edges.list.iter().filter(|edge| edge.kind == EdgeKind::Submits && edge.from == image);
    let mut run = runs.filter_map(|edge| match &project.part(edge.to).kind {
        PartKind::Submission(submission) => submission.main.as_ref(),
        _ => None,
    });
    run.any(|main| name(main.as_str()) == name(path))
}

/// Modules by the folder of their manifest.
struct Modules<'p> {
    project: &'p Project,
    by_folder: HashMap<&'p str, Vec<PartId>>,
    /// Those that bring a session.
    with_session: HashSet<PartId>,
    /// Those that install something where the code runs.
    at_run_time: HashSet<PartId>,
}

impl<'p> Modules<'p> {
    fn of(project: &'p Project) -> Self {
        let mut by_folder: HashMap<&str, Vec<PartId>> = HashMap::new();
        for (id, part) in project.facts.parts() {
            if matches!(&part.kind, PartKind::Module(module) if !module.aggregator) {
                by_folder.entry(part.folder.as_str()).or_default().push(id);
            }
        }
        let (mut with_session, mut at_run_time) = (HashSet::new(), HashSet::new());
        for dependency in
            project.facts.dependencies.iter().filter(|d| d.scope != Scope::Test && d.scope != Scope::Other)
        {
            at_run_time.insert(dependency.part);
            if dependency.ecosystem == Ecosystem::PyPi && SESSIONS.contains(&dependency.normal_name().as_str()) {
                with_session.insert(dependency.part);
            }
        }
        Self { project, by_folder, with_session, at_run_time }
    }

    /// The module of the nearest folder at or above a source that has one of its language.
    fn nearest(&self, path: &str, edges: &mut Edges) -> Option<PartId> {
        let is_python = path.rsplit_once('.').is_some_and(|(_, end)| end == "py");
        let speaks = |id: &PartId| match &self.project.part(*id).kind {
            PartKind::Module(module) if is_python => {
                module.ecosystem == Ecosystem::PyPi && self.at_run_time.contains(id)
            }
            PartKind::Module(module) => module.ecosystem.is_jvm(),
            _ => false,
        };
        let mut folder = folder_of(path);
        loop {
            let here: Vec<PartId> =
                self.by_folder.get(folder).into_iter().flatten().copied().filter(|id| speaks(id)).collect();
            let with_session: Vec<PartId> = here.iter().copied().filter(|id| self.with_session.contains(id)).collect();
            match (here.as_slice(), with_session.as_slice()) {
                ([one], []) if is_python && !self.packages(*one, folder, path) => return None,
                ([], _) if folder.is_empty() || shows(folder) => return None,
                ([], _) => folder = folder_of(folder),
                ([one], _) | (_, [one]) => return Some(*one),
                _ => {
                    edges.ambiguous += 1;
                    return None;
                }
            }
        }
    }

    /// Whether a source is part of what a manifest installs, though that brings no session: it lies beside the manifest, or among the
    /// packages of its project.
    fn packages(&self, module: PartId, folder: &str, path: &str) -> bool {
        let manifest = self.project.path(self.project.part(module).span.file);
        let is_project = matches!(manifest.rsplit('/').next(), Some("pyproject.toml" | "setup.py" | "setup.cfg"));
        let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        folder_of(path) == folder || (is_project && below.starts_with("src/"))
    }
}

/// Whether a folder's code shows how something is used: what the project above installs is not what runs there. Below `src`, names
/// are those of packages.
fn shows(folder: &str) -> bool {
    if folder.split('/').any(|name| name == "src") {
        return false;
    }
    let name = folder.rsplit('/').next().unwrap_or(folder).to_ascii_lowercase();
    ["benchmarks", "demo", "demos", "doc", "docs", "example", "examples", "samples", "tutorial", "tutorials"]
        .contains(&name.as_str())
}

/// The copy that brings a file into the final image.
fn copy_of<'b>(build: &'b ImageBuild, folder: &str, path: &str) -> Option<&'b Copy> {
    let stages = build.final_stages();
    let copies = stages.iter().filter_map(|stage| build.stages.get(*stage)).flat_map(|stage| &stage.copies);
    copies.filter(|copy| copy.from.is_none()).find(|copy| {
        copy.sources.iter().any(|source| {
            let source = source.as_str().trim_start_matches('/');
            let whole = source.trim_matches(['.', '/']).is_empty();
            contexts(folder, whole).any(|context| join(context, source).is_some_and(|from| holds(&from, path)))
        })
    })
}

/// Whether a copied path is the file or a folder above it; `*` in the last part stands for any name.
fn holds(from: &str, path: &str) -> bool {
    if let Some((before, after)) = from.split_once('*') {
        let rest = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        return rest.is_some_and(|rest| !rest.contains('/'));
    }
    from.is_empty() || path == from || path.strip_prefix(from).is_some_and(|rest| rest.starts_with('/'))
}
