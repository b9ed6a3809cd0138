//! Which module's artefact does a Dockerfile copy into its final image?
//!
//! The build context is not written in a Dockerfile: it is usually the Dockerfile's own folder, else a folder above it. The
//! nearest one in which a copied path means something is taken.

use super::Project;
use super::edge::{EdgeKind, Edges};
use super::module::{Modules, at, by_path, in_gradle};
use crate::fact::{Copy, CopyFrom, Ecosystem, ImageBuild, Module, PartId, PartKind, Stage};
use crate::source::{Span, extension_of, folder_of, join};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Commands that turn sources of an ecosystem into something that runs, `make` for any of them.
static BUILDS: LazyLock<[(Ecosystem, Option<Regex>); 6]> = LazyLock::new(|| {
    let tool = |pattern: &str| Regex::new(&format!(r"\b(?:{pattern}|make)\b")).ok();
    [
        (Ecosystem::Maven, tool(r"mvnw?|mvnd")),
        (Ecosystem::Gradle, tool(r"gradlew?")),
        // `sbt update` alone only fills a cache.
        (Ecosystem::Sbt, tool(r"sbtx?\b[^&|;]*(?:compile|package\w*|assembly|stage|dist|docker|publish\w*|run)")),
        (Ecosystem::Go, tool(r"go\s+(?:build|install|run)")),
        (Ecosystem::Cargo, tool(r"cargo\s+(?:build|install|chef|auditable)")),
        (
            Ecosystem::PyPi,
            tool(
                r"pip3?\s+install|uv\s+(?:sync|pip|run)|poetry\s+install|pdm\s+(?:install|sync)|pipenv\s+install|hatch|conda\s+install",
            ),
        ),
    ]
});

/// Folders that hold Dockerfiles and nothing to build: the build context is a folder above.
const RECIPE_FOLDERS: [&str; 13] = [
    "build",
    "ci",
    "container",
    "containers",
    "deploy",
    "distribution",
    "docker",
    "dockerfiles",
    "hack",
    "image",
    "images",
    "packaging",
    "package",
];

/// The folders below a module that its build tool writes artefacts to.
const OUTPUTS: [&str; 4] = ["target/release", "target", "build/libs", "dist"];

/// Finds modules by what they build.
pub(super) struct Linker<'p> {
    project: &'p Project,
    modules: Modules<'p>,
}

/// A module that reaches an image, and the instruction that says so.
struct Reached {
    module: PartId,
    at: Span,
    words: String,
}

/// Adds an edge from each Dockerfile to the modules whose artefacts end up in its image.
pub fn link(project: &Project, edges: &mut Edges) {
    let linker = Linker::new(project);
    for (id, part) in project.facts.parts() {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        let (reached, ambiguous) = linker.reached(build, &part.folder);
        edges.ambiguous += ambiguous;
        for Reached { module, at, words } in reached {
            let manifest = project.path(project.part(module).span.file);
            edges.add(EdgeKind::Copies, id, module, at, format!("`{}` {words} `{manifest}`", project.place(at)));
        }
    }
}

impl<'p> Linker<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project, modules: by_path(project) }
    }

    /// The module whose artefact a path names, seen from a folder: by its output folder, else by the file's name alone,
    /// where only one module builds such a file.
    pub(super) fn named(&self, folder: &str, path: &str) -> Result<Option<PartId>, Ambiguous> {
        let relative = !path.contains("://") && !path.starts_with(['/', '$', '~', '{']);
        let in_context = |context: &str| self.artefact_at(&join(context, path)?);
        if let Some(module) = contexts(folder, false).filter(|_| relative).find_map(in_context) {
            return Ok(Some(module));
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let builds = |module: &Module| {
            let specific = |artefact: &&String| artefact.find('*').is_none_or(|star| star > 2);
            module.ecosystem.is_jvm()
                && !module.aggregator
                && module.artefacts.iter().filter(specific).any(|artefact| globs_meet(artefact, name))
        };
        // A module may be known by several paths.
        let making: HashSet<PartId> =
            self.modules.values().copied().filter(|id| self.module(*id).is_some_and(builds)).collect();
        let mut making = making.into_iter();
        match (making.next(), making.next()) {
            (Some(_), Some(_)) => Err(Ambiguous),
            (one, _) => Ok(one),
        }
    }

    /// The module whose artefact an image has at a path, whatever it is called there; `/opt/app.jar`.
    pub(super) fn copied_to(&self, build: &ImageBuild, folder: &str, path: &str) -> Option<PartId> {
        let (reached, ambiguous) = self.reached_by(build, folder, |stage, copy| puts(stage, copy, path));
        let mut modules = reached.into_iter().map(|reached| reached.module);
        let first = modules.next().filter(|_| ambiguous == 0)?;
        modules.all(|module| module == first).then_some(first)
    }

    fn reached(&self, build: &ImageBuild, folder: &str) -> (Vec<Reached>, usize) {
        self.reached_by(build, folder, |_, _| true)
    }

    fn reached_by(
        &self,
        build: &ImageBuild,
        folder: &str,
        counts: impl Fn(&Stage, &Copy) -> bool,
    ) -> (Vec<Reached>, usize) {
        let (mut reached, mut ambiguous) = (Vec::new(), 0);
        let last: Vec<&Stage> = build.final_stages().into_iter().map(|i| &build.stages[i]).collect();
        let copies = last.iter().flat_map(|stage| stage.copies.iter().filter(|copy| counts(stage, copy)));
        for copy in copies {
            match &copy.from {
                None => reached.extend(self.context_modules(copy, &last, folder)),
                Some(CopyFrom::Stage(stage)) => match self.stage_modules(build, *stage, copy, folder) {
                    Ok(modules) => reached.extend(modules),
                    Err(Ambiguous) => ambiguous += 1,
                },
                Some(CopyFrom::Image(_)) => {}
            }
        }
        (reached, ambiguous)
    }

    /// What a copy from the build context brings: an artefact that a module built outside, or sources that a stage builds.
    fn context_modules(&self, copy: &Copy, stages: &[&Stage], folder: &str) -> Vec<Reached> {
        let commands = || stages.iter().flat_map(|s| s.runs.iter().chain(&s.commands)).map(|run| run.text.as_str());
        let builds = |id: &PartId| self.module(*id).is_some_and(|m| commands().any(|text| is_build(m.ecosystem, text)));
        let mut reached = Vec::new();
        for source in &copy.sources {
            let path = source.as_str().trim_start_matches('/');
            let in_context = |context: &str| {
                let path = join(context, path)?;
                let sources = || {
                    // A file of requirements is installed by its name, whatever else is installed.
                    let is_asked_for = extension_of(&path) != "txt" || installs(commands(), copied_name(copy, &path));
                    self.sources_at(&path).filter(|id| is_asked_for && builds(id))
                };
                self.artefact_at(&path)
                    .map(|module| (module, format!("copies `{source}`, which is built by")))
                    .or_else(|| Some((sources()?, "builds the sources of".to_owned())))
            };
            let whole = path.trim_matches(['.', '/']).is_empty();
            let found = contexts(folder, whole).find_map(in_context);
            reached.extend(found.map(|(module, words)| Reached { module, at: copy.span, words }));
        }
        reached
    }

    /// What a copy from a builder stage brings: of the modules whose sources that stage builds, the one that makes the file.
    fn stage_modules(
        &self,
        build: &ImageBuild,
        stage: usize,
        copy: &Copy,
        folder: &str,
    ) -> Result<Vec<Reached>, Ambiguous> {
        let mut stages = Vec::new();
        let mut next = Some(stage);
        while let Some(i) = next.filter(|i| stages.len() <= *i + build.stages.len()) {
            let Some(stage) = build.stages.get(i) else { break };
            stages.push(stage);
            next = stage.base_stage.filter(|base| *base < i);
        }
        let copies = stages.iter().flat_map(|s| &s.copies).filter(|c| c.from.is_none());
        let mut candidates: Vec<PartId> =
            copies.flat_map(|c| self.context_modules(c, &stages, folder)).map(|r| r.module).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut reached = Vec::new();
        // Certificates and time zones are the base's, not a module's.
        let system = |path: &str| ["/etc/", "/usr/share/", "/lib/"].iter().any(|folder| path.starts_with(folder));
        for source in copy.sources.iter().filter(|source| !system(source.as_str())) {
            let Some(module) = self.maker(&candidates, source.as_str())? else { continue };
            let words = format!("copies `{source}` from the stage that builds");
            reached.push(Reached { module, at: copy.span, words });
        }
        Ok(reached)
    }

    /// The module among the candidates and their reactors that makes this file.
    fn maker(&self, candidates: &[PartId], file: &str) -> Result<Option<PartId>, Ambiguous> {
        let all: Vec<PartId> = candidates.iter().flat_map(|id| self.reactor(*id)).collect();
        let built: Vec<PartId> = all.into_iter().filter(|id| self.module(*id).is_some_and(|m| !m.aggregator)).collect();
        // `/build/etl/target/etl.jar` names the module's folder before its output folder.
        let by_folder = OUTPUTS.iter().find_map(|output| {
            let before = file.split(&format!("/{output}/")).next().filter(|b| b.len() < file.len())?;
            let name = before.rsplit('/').next().filter(|n| !n.is_empty())?;
            let named = |id: &&PartId| self.project.part(**id).folder.rsplit('/').next() == Some(name);
            let mut named = built.iter().filter(named);
            named.next().filter(|_| named.next().is_none())
        });
        if let Some(module) = by_folder {
            return Ok(Some(*module));
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        let making: Vec<&PartId> =
            built.iter().filter(|id| self.module(**id).is_some_and(|m| makes(m, name))).collect();
        match (built.as_slice(), making.as_slice()) {
            ([only], _) => Ok(Some(*only)),
            (_, [one]) => Ok(Some(**one)),
            (_, []) => Ok(None),
            _ => Err(Ambiguous),
        }
    }

    /// The module that builds the artefact at a path: the one whose output folder it lies in.
    fn artefact_at(&self, path: &str) -> Option<PartId> {
        OUTPUTS.iter().find_map(|output| {
            let before = if let Some(rest) = path.strip_prefix(&format!("{output}/")) {
                path.len() - rest.len()
            } else {
                path.find(&format!("/{output}/"))? + 1
            };
            let folder = path[..before].trim_end_matches(&format!("{output}/")).trim_end_matches('/');
            // Where both Maven and Gradle build a folder, the output folder tells which one this is.
            let gradle = in_gradle(&self.modules, folder).filter(|_| *output == "build/libs");
            let module = gradle.or_else(|| at(&self.modules, folder))?;
            let name = path.rsplit('/').next().unwrap_or(path);
            if !is_product(&path[before..]) {
                return None;
            }
            // A jar is no product of Go's or Rust's.
            let fits = |m: &Module| !m.aggregator && (m.ecosystem.is_jvm() || extension_of(name) != "jar");
            let facts = self.module(module).filter(|m| fits(m))?;
            // `dist` is any folder's name: there the file's name must tell.
            (*output != "dist" || makes(facts, name)).then_some(module)
        })
    }

    /// The module whose manifest or folder this is.
    fn sources_at(&self, path: &str) -> Option<PartId> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let path =
            if ["go.sum", "Cargo.lock", "poetry.lock", "uv.lock"].contains(&name) { folder_of(path) } else { path };
        let path = path.strip_suffix("go.*").unwrap_or(path).trim_end_matches('/');
        at(&self.modules, path).or_else(|| (name == "src").then(|| at(&self.modules, folder_of(path))).flatten())
    }

    /// A module and, where it holds others together, all of those.
    fn reactor(&self, id: PartId) -> Vec<PartId> {
        let (mut found, mut seen) = (vec![id], HashSet::from([id]));
        let mut next = 0;
        while let Some(module) = found.get(next).and_then(|id| self.module(*id)) {
            let holds = module.ecosystem != Ecosystem::Gradle;
            for local in module.local.iter().filter(|local| !local.linked && holds) {
                if let Some(child) = at(&self.modules, &local.path).filter(|child| seen.insert(*child)) {
                    found.push(child);
                }
            }
            next += 1;
        }
        found
    }

    fn module(&self, id: PartId) -> Option<&Module> {
        match &self.project.part(id).kind {
            PartKind::Module(module) => Some(module),
            _ => None,
        }
    }
}

/// Whether a copy puts a file at this place of the image.
fn puts(stage: &Stage, copy: &Copy, path: &str) -> bool {
    let within = |target: &str| match &stage.workdir {
        Some(workdir) if !target.starts_with('/') => join(workdir.trim_start_matches('/'), target),
        _ => join("", target.trim_start_matches('/')),
    };
    let (Some(place), Some(target)) = (within(path), within(copy.target.as_str())) else { return false };
    if place == target {
        return true;
    }
    let names = |source: &str| {
        let name = source.rsplit('/').next().unwrap_or(source);
        let below = if target.is_empty() { name.to_owned() } else { format!("{target}/{name}") };
        below == place
    };
    copy.sources.iter().any(|source| names(source.as_str()))
}

/// Several modules could have made the file.
pub(super) struct Ambiguous;

fn is_build(ecosystem: Ecosystem, command: &str) -> bool {
    let tool = BUILDS.iter().find(|(tool, _)| *tool == ecosystem).and_then(|(_, pattern)| pattern.as_ref());
    tool.is_some_and(|pattern| pattern.is_match(command))
}

/// The folders that can be the build context, nearest first: the Dockerfile's own and those above it. `COPY . .` means any folder's
/// whole content, so that there only folders kept for Dockerfiles are left for the one above.
pub(super) fn contexts(folder: &str, whole: bool) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), move |folder| {
        let name = folder.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let leave = !folder.is_empty() && (!whole || RECIPE_FOLDERS.contains(&name.as_str()));
        leave.then(|| folder_of(folder))
    })
}

/// Whether what lies at this path below an output folder is the module's own product: not what was copied there beside it.
fn is_product(below: &str) -> bool {
    const NOT_PRODUCTS: [&str; 8] = [
        "dependency",
        "dependencies",
        "generated-sources",
        "maven-status",
        "site",
        "surefire-reports",
        "test-classes",
        "antrun",
    ];
    let first = below.split('/').next().unwrap_or(below);
    let loose = first == "classes" && below.trim_end_matches('/') != "classes";
    !NOT_PRODUCTS.contains(&first) && !loose
}

/// Whether a module can build a file of this name; either may hold `*` for what is not known.
fn makes(module: &Module, name: &str) -> bool {
    module.artefacts.iter().any(|artefact| globs_meet(artefact, name))
}

/// Whether some text fits both patterns, `*` standing for any run of characters. Both ends must agree as far as they are literal.
fn globs_meet(a: &str, b: &str) -> bool {
    if !a.contains('*') && !b.contains('*') {
        return a == b;
    }
    let ends = |s: &str| {
        let first = s.find('*').unwrap_or(s.len());
        let last = s.rfind('*').map_or(0, |i| i + 1);
        (s[..first].to_owned(), s[last..].to_owned())
    };
    let ((a_start, a_end), (b_start, b_end)) = (ends(a), ends(b));
    let starts = a_start.starts_with(&b_start) || b_start.starts_with(&a_start);
    starts && (a_end.ends_with(&b_end) || b_end.ends_with(&a_end))
}

/// Whether commands install a file of requirements, with all else that they install.
fn installs<'t>(commands: impl Iterator<Item = &'t str> + Clone, name: &str) -> bool {
    commands.clone().any(|text| text.contains(name)) && !is_apart(commands, name)
}

/// Whether commands install a file of requirements into a virtual environment beside the rest.
pub(super) fn is_apart<'t>(commands: impl Iterator<Item = &'t str> + Clone, name: &str) -> bool {
    let pip = commands.filter(|text| text.contains("pip") && text.contains("install"));
    let mut own = pip.clone().filter(|text| text.contains(name)).map(environment);
    let Some(first @ Some(_)) = own.next() else { return false };
    own.all(|one| one == first) && pip.into_iter().any(|text| !text.contains(name) && environment(text) != first)
}

/// The virtual environment whose Python or pip a command calls.
fn environment(command: &str) -> Option<&str> {
    let words = command.split(|c: char| c.is_whitespace() || ";&|()\"'".contains(c));
    let mut folders = words.filter_map(|word| word.split_once("/bin/p")).map(|(folder, _)| folder);
    folders.find(|folder| folder.contains("env"))
}

/// What a copied file is called where it is copied to.
fn copied_name<'a>(copy: &'a Copy, path: &'a str) -> &'a str {
    let target = copy.target.as_str().rsplit('/').next().unwrap_or_default();
    if extension_of(target) == "txt" { target } else { path.rsplit('/').next().unwrap_or(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_where_their_literal_ends_agree() {
        assert!(globs_meet("etl-*.jar", "etl-1.0.jar") && globs_meet("etl-1.0.jar", "*.jar"));
        assert!(!globs_meet("etl-*.jar", "web-1.0.jar") && !globs_meet("etl.jar", "etl.war"));
    }

    #[test]
    fn build_commands_are_told_from_others() {
        assert!(is_build(Ecosystem::Maven, "./mvnw -q package"));
        assert!(is_build(Ecosystem::Go, "cd x && go build -o /app ./cmd"));
        assert!(!is_build(Ecosystem::Go, "mvn package") && !is_build(Ecosystem::PyPi, "apt-get install -y curl"));
    }
}
