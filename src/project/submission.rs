//! Who runs a submission, what it loads, and which settings are in force there?

mod airflow;

use super::Project;
use super::artefact::{Linker, contexts};
use super::edge::{EdgeKind, Edges};
use crate::fact::module::pypi_name;
use crate::fact::{Copy, Ecosystem, ImageBuild, PartId, PartKind, ScriptRun, Submission};
use crate::source::{FileId, Traced, extension_of, folder_of, join};
use std::collections::{HashMap, HashSet};

/// Adds the edges of submit commands, applications and settings files.
pub fn link(project: &Project, edges: &mut Edges) {
    let mut linker = Submissions::new(project);
    for (id, part) in project.facts.parts() {
        match &part.kind {
            PartKind::Submission(submission) => {
                linker.runner(id, submission, edges);
                linker.settings(id, submission, &part.folder, edges);
                // A container that is already there has the Python packages of its image, not those of a folder outside.
                let has_its_own = |main: &&Traced| submission.container.is_some() && !is_jar(main.as_str());
                if let Some(main) = submission.main.as_ref().filter(|main| !has_its_own(main)) {
                    linker.loads(id, submission.within, main, &part.folder, "submits", edges);
                }
                linker.wheels(id, submission, edges);
            }
            PartKind::Application(application) => {
                if let Some(main) = application.main_file.as_ref().filter(|main| is_jar(main.as_str())) {
                    linker.loads(id, Some(id), main, &part.folder, "starts", edges);
                }
            }
            PartKind::Workload(workload) => linker.bound_settings(id, &workload.binds, edges),
            PartKind::ImageBuild(build) => {
                linker.executed(id, build, &part.folder, edges);
                linker.copied_settings(id, build, &part.folder, edges);
                linker.copied_tasks(id, build, &part.folder, edges);
            }
            _ => {}
        }
    }
    for run in &project.facts.script_runs {
        linker.script(run, edges);
    }
    linker.bound_tasks(edges);
}

fn is_jar(path: &str) -> bool {
    extension_of(path) == "jar"
}

struct Submissions<'p> {
    project: &'p Project,
    artefacts: Linker<'p>,
    /// What is known of a file's name and the folder it is named from.
    known: HashMap<(String, String), Option<PartId>>,
    /// Files of settings by their path.
    conf_files: HashMap<&'p str, PartId>,
    /// Submissions of scripts by the script's own name, with its path.
    scripts: HashMap<&'p str, Vec<(&'p str, PartId)>>,
    /// Python projects by folder.
    python: HashMap<&'p str, Vec<PartId>>,
    /// Tasks of Airflow by the folders around their file, in the order of the parts.
    tasks: HashMap<&'p str, Vec<PartId>>,
    /// Scripts that install what they go on to use.
    installing: HashMap<FileId, PartId>,
    /// Parts that run in an image.
    in_images: HashSet<PartId>,
}

impl<'p> Submissions<'p> {
    fn new(project: &'p Project) -> Self {
        let artefacts = Linker::new(project);
        let (mut conf_files, mut scripts, mut python) =
            (HashMap::new(), HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let mut installing = HashMap::new();
        let mut tasks = HashMap::<_, Vec<_>>::new();
        let in_images = project.facts.images.iter().map(|image| image.part).collect();
        for (id, part) in project.facts.parts() {
            let path = project.path(part.span.file);
            match &part.kind {
                PartKind::ConfFile => {
                    conf_files.insert(path, id);
                }
                PartKind::Submission(submission) if submission.within.is_none() => {
                    if extension_of(path) == "py" {
                        super::cluster::upwards(&part.folder)
                            .for_each(|folder| tasks.entry(folder).or_default().push(id));
                    }
                    scripts.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push((path, id));
                }
                PartKind::Job(_) => {
                    installing.insert(part.span.file, id);
                }
                PartKind::Module(module) if module.ecosystem == Ecosystem::PyPi => {
                    python.entry(part.folder.as_str()).or_default().push(id);
                }
                _ => {}
            }
        }
        Self { project, artefacts, known: HashMap::new(), conf_files, scripts, python, tasks, installing, in_images }
    }

    /// The part whose own file holds the command.
    fn runner(&self, id: PartId, submission: &Submission, edges: &mut Edges) {
        let Some(runner) = submission.within.or_else(|| self.installer(id, submission)) else { return };
        let evidence = format!("`{}` runs `{}`", self.project.place(submission.span), short(&submission.program));
        edges.add_for(submission.slot.clone(), EdgeKind::Submits, runner, id, submission.span, evidence);
    }

    /// The script that has installed the `PySpark` whose program a command of its own calls by its bare name.
    fn installer(&self, id: PartId, submission: &Submission) -> Option<PartId> {
        let installs = self.installing.get(&self.project.part(id).span.file).copied();
        let here = submission.container.is_none() && !self.in_images.contains(&id);
        installs.filter(|_| here && !submission.program.as_str().contains('/'))
    }

    /// The module that builds what is loaded.
    fn loads(
        &mut self,
        id: PartId,
        runner: Option<PartId>,
        main: &Traced,
        folder: &str,
        verb: &str,
        edges: &mut Edges,
    ) {
        let path = main.as_str();
        let brought = if is_jar(path) { self.brought(runner, path, edges) } else { None };
        let module = if brought.is_some() {
            brought
        } else if is_jar(path) {
            let key = (folder.to_owned(), path.to_owned());
            let artefacts = &self.artefacts;
            let ambiguous = &mut edges.ambiguous;
            *self.known.entry(key).or_insert_with(|| {
                artefacts.named(folder, path).unwrap_or_else(|_| {
                    *ambiguous += 1;
                    None
                })
            })
        } else if extension_of(path) == "py" {
            self.python_project(folder, path)
        } else {
            None
        };
        let Some(module) = module else { return };
        let place = self.project.place(main.span());
        let manifest = self.project.path(self.project.part(module).span.file);
        let words = if is_jar(path) { "which is built by" } else { "which lies beside" };
        edges.add(EdgeKind::Loads, id, module, main.span(), format!("`{place}` {verb} `{path}`, {words} `{manifest}`"));
    }

    /// The module whose jar the image that runs something has at a path.
    fn brought(&self, runner: Option<PartId>, path: &str, edges: &Edges) -> Option<PartId> {
        let path = path.strip_prefix("local://").or_else(|| path.strip_prefix("file://")).unwrap_or(path);
        if path.contains(['$', '{', '*']) || path.contains("://") {
            return None;
        }
        let runner = runner?;
        let images = edges.list.iter().filter(|e| e.from == runner && e.kind == EdgeKind::RunsImage).map(|e| e.to);
        let found: HashSet<PartId> = images
            .chain([runner])
            .filter_map(|image| {
                let part = self.project.part(image);
                let PartKind::ImageBuild(build) = &part.kind else { return None };
                self.artefacts.copied_to(build, &part.folder, path)
            })
            .collect();
        let mut found = found.into_iter();
        found.next().filter(|_| found.next().is_none())
    }

    /// The Python projects whose wheels `--py-files` names.
    fn wheels(&self, id: PartId, submission: &Submission, edges: &mut Edges) {
        let flags = submission.flags.iter().filter(|flag| flag.name.as_str() == "--py-files");
        for value in flags.filter_map(|flag| flag.value.as_ref()) {
            let names = value.as_str().split(',').filter_map(|path| {
                let (name, _) = path.rsplit('/').next()?.strip_suffix(".whl")?.split_once('-')?;
                (!name.contains(['$', '*'])).then(|| pypi_name(name))
            });
            for name in names {
                let makes = |id: &&PartId| match &self.project.part(**id).kind {
                    PartKind::Module(module) => pypi_name(&module.coordinate) == name,
                    _ => false,
                };
                let mut making = self.python.values().flatten().filter(makes);
                let (Some(module), None) = (making.next(), making.next()) else { continue };
                let (place, at) = (self.project.place(value.span()), self.project.part(*module).span.file);
                let manifest = self.project.path(at);
                let evidence = format!("`{place}` ships the wheel that `{manifest}` makes");
                edges.add(EdgeKind::Loads, id, *module, value.span(), evidence);
            }
        }
    }

    /// The one Python project of the folder that a script lies in or is started from.
    fn python_project(&self, folder: &str, path: &str) -> Option<PartId> {
        if path.contains(['$', '{']) || path.contains("://") || path.starts_with('/') {
            return None;
        }
        let lies_in = join(folder, folder_of(path));
        let one = |folder: &str| match self.python.get(folder).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        // Further up only the repository's own, where it has no other.
        let only = || one("").filter(|_| self.python.len() == 1);
        lies_in.as_deref().and_then(one).or_else(|| one(folder)).or_else(only)
    }

    /// `--properties-file`.
    fn settings(&self, id: PartId, submission: &Submission, folder: &str, edges: &mut Edges) {
        let flag = submission.flags.iter().rev().find(|flag| flag.name.as_str() == "--properties-file");
        let Some(file) = flag.and_then(|flag| flag.value.as_ref()) else { return };
        let path = |context: &str| self.conf_files.get(join(context, file.as_str())?.as_str()).copied();
        if let Some(conf) = contexts(folder, false).find_map(path) {
            let (place, path) = (self.project.place(file.span()), self.project.path(self.project.part(conf).span.file));
            edges.add(EdgeKind::Configures, id, conf, file.span(), format!("`{place}` reads `{path}`"));
        }
    }

    /// The submissions of a script that a workload or a CI job runs: a job has the repository at hand, a workload what its image or a
    /// mount brings.
    fn script(&self, run: &ScriptRun, edges: &mut Edges) {
        let (part, path) = (self.project.part(run.part), run.path.as_str());
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some(known) = self.scripts.get(name) else { return };
        let images: Vec<PartId> = edges
            .list
            .iter()
            .filter(|edge| edge.from == run.part && edge.slot == run.slot && edge.kind == EdgeKind::RunsImage)
            .map(|edge| edge.to)
            .collect();
        let brought = |script: &str| match &part.kind {
            PartKind::Job(_) => join(&part.folder, path).is_some_and(|path| path == script),
            PartKind::Workload(workload) => {
                let mounted = |(from, to): &(String, Traced)| {
                    let below = path.strip_prefix(to.as_str().trim_end_matches('/'));
                    below.is_some_and(|below| format!("{from}{below}") == script)
                };
                workload.binds.iter().any(mounted) || images.iter().any(|image| self.copies(*image, script))
            }
            _ => false,
        };
        let found: Vec<_> = known.iter().filter(|(script, _)| brought(script)).collect();
        if found.windows(2).any(|pair| pair[0].0 != pair[1].0) {
            edges.ambiguous += 1;
            return;
        }
        for (script, submission) in found {
            let evidence = format!("`{}` runs `{script}`", self.project.place(run.path.span()));
            let at = run.path.span();
            edges.add_for(run.slot.clone(), EdgeKind::Submits, run.part, *submission, at, evidence);
        }
    }

    /// Whether an image copies a file of the repository.
    fn copies(&self, image: PartId, path: &str) -> bool {
        let part = self.project.part(image);
        let PartKind::ImageBuild(build) = &part.kind else { return false };
        let stages = build.final_stages().into_iter().filter_map(|i| build.stages.get(i));
        let mut copies = stages.flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none());
        copies.any(|copy| brings(copy, &part.folder, path).is_some())
    }

    /// Scripts that an image copies and runs.
    fn executed(&self, id: PartId, build: &ImageBuild, folder: &str, edges: &mut Edges) {
        if self.scripts.is_empty() {
            return;
        }
        let stages = build.final_stages();
        let stages = || stages.iter().filter_map(|i| build.stages.get(*i));
        let copies: Vec<&Copy> = stages().flat_map(|s| &s.copies).filter(|copy| copy.from.is_none()).collect();
        for run in stages().flat_map(|stage| stage.runs.iter().chain(&stage.commands)) {
            let separates = |c: char| c.is_whitespace() || "\"'`;&|()=".contains(c);
            let commands = run.text.as_str().split([';', '&', '|', '\n']).filter(|command| !only_handles(command));
            for word in commands.flat_map(|command| command.split(separates)) {
                let name = word.rsplit('/').next().unwrap_or(word);
                let found = self.scripts.get(name).into_iter().flatten();
                let near = |(path, id): &(&'p str, PartId)| {
                    Some((copies.iter().filter_map(|copy| brings(copy, folder, path)).min()?, *path, *id))
                };
                let found: Vec<(usize, &str, PartId)> = found.filter_map(near).collect();
                let Some(nearest) = found.iter().map(|(distance, ..)| *distance).min() else { continue };
                let brought: Vec<_> = found.into_iter().filter(|(distance, ..)| *distance == nearest).collect();
                if brought.windows(2).any(|pair| pair[0].1 != pair[1].1) {
                    edges.ambiguous += 1;
                    continue;
                }
                for (_, path, submission) in brought {
                    let evidence = format!("`{}` runs `{path}`", self.project.place(run.span));
                    edges.add(EdgeKind::Submits, id, submission, run.span, evidence);
                }
            }
        }
    }

    /// Files of settings that a compose file puts where Spark looks for them.
    fn bound_settings(&self, id: PartId, binds: &[(String, Traced)], edges: &mut Edges) {
        for (path, target) in binds {
            let Some(place) = Place::of(target) else { continue };
            let conf = match place {
                Place::File => self.conf_files.get_key_value(path.as_str()),
                Place::Folder => self.conf_files.get_key_value(settings_in(path).as_str()),
            };
            if let Some((path, conf)) = conf {
                let evidence = format!("`{}` puts `{path}` there", self.project.place(target.span()));
                edges.add(EdgeKind::Configures, id, *conf, target.span(), evidence);
            }
        }
    }

    /// Files of settings that an image copies to where Spark looks for them.
    fn copied_settings(&self, id: PartId, build: &ImageBuild, folder: &str, edges: &mut Edges) {
        let stages = build.final_stages().into_iter().filter_map(|i| build.stages.get(i));
        for copy in stages.flat_map(|stage| &stage.copies).filter(|copy| copy.from.is_none()) {
            let Some(place) = Place::of(&copy.target) else { continue };
            for source in &copy.sources {
                let source = source.as_str().trim_start_matches('/');
                let path = |context: &str| {
                    let path = join(context, source)?;
                    let own = place == Place::File || path.ends_with(SETTINGS);
                    let file = self.conf_files.get_key_value(path.as_str()).filter(|_| own);
                    file.or_else(|| self.conf_files.get_key_value(settings_in(&path).as_str()))
                };
                if let Some((path, conf)) = contexts(folder, false).find_map(path) {
                    let evidence = format!("`{}` copies `{path}`", self.project.place(copy.span));
                    edges.add(EdgeKind::Configures, id, *conf, copy.span, evidence);
                }
            }
        }
    }
}

/// What Spark calls its file of settings.
const SETTINGS: &str = "spark-defaults.conf";

/// Where in a container Spark looks for its settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The path is the file's own.
    File,
    /// The path is that of its folder.
    Folder,
}

impl Place {
    fn of(target: &Traced) -> Option<Self> {
        match target.as_str().trim_end_matches('/').rsplit_once('/')?.1 {
            SETTINGS => Some(Self::File),
            "conf" => Some(Self::Folder),
            _ => None,
        }
    }
}

fn settings_in(folder: &str) -> String {
    format!("{}/{SETTINGS}", folder.trim_end_matches('/'))
}

/// Whether a command does something to the files that it names, and runs none of them.
fn only_handles(command: &str) -> bool {
    let program = command.split_whitespace().find(|word| *word != "sudo").unwrap_or_default();
    ["chmod", "chown", "cp", "mv", "ln", "ls", "cat", "sed", "dos2unix", "install", "rm", "test"].contains(&program)
}

/// The program's name without its folder.
fn short(program: &Traced) -> &str {
    program.as_str().rsplit('/').next().unwrap_or_default()
}

/// How many folders up the build context is in which a copy brings a file of the repository; none where it does not.
fn brings(copy: &Copy, folder: &str, path: &str) -> Option<usize> {
    let by = |source: &Traced| {
        let source = source.as_str().trim_start_matches('/');
        let whole = source.trim_matches(['.', '/']).is_empty();
        contexts(folder, whole).position(|context| match join(context, source) {
            Some(from) if source.contains('*') => {
                let (start, end) = from.split_once('*').unwrap_or((&from, ""));
                path.starts_with(start) && path.ends_with(end.trim_start_matches('*'))
            }
            Some(from) => {
                path == from || from.is_empty() || path.strip_prefix(&from).is_some_and(|rest| rest.starts_with('/'))
            }
            None => false,
        })
    };
    copy.sources.iter().filter_map(by).min()
}
