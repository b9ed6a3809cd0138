//! Which image names are built from which folders: compose files, skaffold, GitHub workflows, and `docker build` lines in
//! the scripts of any YAML file. They tie a workload's image to the Dockerfile that makes it.

mod expression;
mod script;
pub(super) mod tilt;
mod workflow;

use super::compose;
use crate::compose::environment::Environment;
use crate::fact::{Facts, ImageName, PassedArguments, Unresolved};
use crate::read::Loss;
use crate::read::shell::Given;
use crate::read::tree::{Kind, Node, Tree};
use crate::source::{Source, Traced, join};
use expression::Variables;

/// How much text of scripts and lists is read in one file, in bytes: aliases may name the same script again and
/// again, and each word that is kept is cut from the whole script.
const MAX_READ: usize = 64 * 1024 * 1024;

/// What a step or a line of a list costs beside its text.
const STEP_COST: usize = 64;

/// The image names that a YAML file says are built.
pub fn claim(source: &Source, trees: &[Tree], environment: &Environment) -> Facts {
    let mut names = Names { facts: Facts::default(), budget: MAX_READ };
    for tree in trees {
        let root = tree.root();
        if names.budget == 0 {
            break;
        }
        names.compose(source, root, environment);
        names.skaffold(source, root);
        if !names.workflow(source, root) {
            names.scripts(source, tree);
        }
        if names.budget == 0 {
            let loss = Loss::limit(root.span(), "the scripts of this file are too long to be read whole");
            names.facts.losses.push(loss);
        }
    }
    names.facts
}

/// The image names that the commands of a shell script, Makefile or readme file say are built. Where they run is not
/// written down: beside the file, or at the root; the names are given for both.
pub fn claim_scripts(source: &Source, scripts: &[Traced]) -> Facts {
    let mut names = Names { facts: Facts::default(), budget: MAX_READ };
    let texts: Vec<&Traced> = scripts.iter().collect();
    let mut folders = vec![source.folder()];
    // A Makefile's recipes run beside it.
    let is_makefile = ["makefile", "gnumakefile"].contains(&source.name().to_ascii_lowercase().as_str());
    folders.extend((!source.folder().is_empty() && !is_makefile).then_some(""));
    for folder in folders {
        names.run(&texts, Some(folder.to_owned()), &Variables::default());
    }
    // A script is full of names that only its caller knows: that is no gap of what was read.
    names.facts.unresolved.clear();
    for name in &mut names.facts.image_names {
        name.how = format!("{} in `{}`", name.how, source.path);
        name.in_prose = source.is_markdown();
    }
    for build in &mut names.facts.passed_arguments {
        build.in_prose = source.is_markdown();
    }
    names.facts
}

/// What is found, as facts.
struct Names {
    facts: Facts,
    /// What is left of [`MAX_READ`]; 0 once something was left out.
    budget: usize,
}

/// Where a build says its files are.
#[derive(Clone)]
enum Place {
    /// Below the root.
    Path(String),
    /// Certainly outside of it, or no path at all: a URL, standard input.
    Elsewhere,
    /// It depends on what the file does not say.
    Unknown,
}

impl Names {
    /// Whether a text may still be read; it is then counted.
    fn afford(&mut self, text: &Traced) -> bool {
        self.spend(text.as_str().len())
    }

    fn spend(&mut self, cost: usize) -> bool {
        let left = self.budget.checked_sub(cost);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    /// Notes a name and where it is built, if both are known well enough.
    fn add(&mut self, name: &Traced, place: Place, how: impl Into<String>, variables: &Variables<'_>) {
        let name = variables.fill(name);
        let unknown = match place {
            Place::Elsewhere => return,
            // That it is built here is worth knowing, also where its Dockerfile is not.
            Place::Unknown if expression::ends_in_a_name(name.as_str()) => {
                let how = how.into();
                self.facts.image_names.push(ImageName {
                    name: name.clone(),
                    paths: Vec::new(),
                    how,
                    platforms: None,
                    in_prose: false,
                });
                "the folder it is built from is not known"
            }
            Place::Unknown => "the folder it is built from is not known",
            Place::Path(_) if !expression::ends_in_a_name(name.as_str()) => "its last part is not known",
            Place::Path(path) => {
                // A path may name the Dockerfile or the folder it lies in.
                let inside = if path.is_empty() { "Dockerfile".to_owned() } else { format!("{path}/Dockerfile") };
                return self.facts.image_names.push(ImageName {
                    name,
                    paths: vec![path, inside],
                    how: how.into(),
                    platforms: None,
                    in_prose: false,
                });
            }
        };
        let why = format!("an image is built, but {unknown}");
        self.facts.unresolved.push(Unresolved { span: name.written(), why });
    }

    /// Notes what a build gives to the arguments of its Dockerfile.
    fn pass(&mut self, place: &Place, arguments: Vec<(String, Option<Traced>)>) {
        let paths = match place {
            Place::Path(path) => vec![path.clone(), join(path, "Dockerfile").unwrap_or_default()],
            Place::Unknown if !arguments.is_empty() => Vec::new(),
            Place::Unknown | Place::Elsewhere => return,
        };
        self.facts.passed_arguments.push(PassedArguments { paths, arguments, in_prose: false });
    }

    fn compose(&mut self, source: &Source, root: Node<'_>, environment: &Environment) {
        for (entry, service) in root.get("services").into_iter().flat_map(Node::entries) {
            let Some(build) = service.get("build") else { continue };
            let none = Variables::default();
            let context = if build.is_mapping() { build.get("context").and_then(scalar) } else { scalar(build) };
            let place = built_from(source.folder(), context, build.get("dockerfile").and_then(scalar), &none);
            let tags = build.get("tags").into_iter().flat_map(Node::items).filter_map(scalar);
            let names: Vec<_> = service.get("image").and_then(scalar).into_iter().chain(tags).collect();
            for name in names {
                self.add(name, place.clone(), format!("the compose service `{}`", entry.key), &none);
            }
            let given = environment.given(source.folder());
            self.pass(&place, build.get("args").map_or_else(Vec::new, |args| compose::arguments(args, &given)));
        }
    }

    fn skaffold(&mut self, source: &Source, root: Node<'_>) {
        let is_skaffold = root.get("apiVersion").and_then(scalar).is_some_and(|v| v.as_str().starts_with("skaffold/"));
        if !is_skaffold {
            return;
        }
        let profiles = root.get("profiles").into_iter().flat_map(Node::items);
        let artifacts = [root].into_iter().chain(profiles).filter_map(|n| n.path(&["build", "artifacts"]));
        for artifact in artifacts.flat_map(Node::items) {
            // Other builders have no Dockerfile.
            if ["jib", "bazel", "ko", "buildpacks", "custom"].iter().any(|builder| artifact.get(builder).is_some()) {
                continue;
            }
            let Some(image) = artifact.get("image").and_then(scalar) else { continue };
            let file = artifact.path(&["docker", "dockerfile"]).and_then(scalar);
            let none = Variables::default();
            let place = built_from(source.folder(), artifact.get("context").and_then(scalar), file, &none);
            let arguments = artifact
                .path(&["docker", "buildArgs"])
                .map_or_else(Vec::new, |args| compose::arguments(args, &Given::default()));
            self.pass(&place, arguments);
            self.add(image, place, "the skaffold artifact", &none);
        }
    }

    /// The scripts of a file that is no workflow, under the keys that CI systems and task runners use.
    fn scripts(&mut self, source: &Source, tree: &Tree) {
        const VARIABLES: [&str; 3] = ["variables", "env", "vars"];
        const KEYS: [&str; 7] = ["script", "before_script", "after_script", "run", "command", "bash", "cmds"];
        let common = Variables::of(tree.root(), &VARIABLES);
        for node in tree.nodes().filter(|n| matches!(n.kind(), Kind::Mapping { .. })) {
            for (entry, value) in node.entries().filter(|(entry, _)| KEYS.contains(&entry.key.as_str())) {
                // An argument vector is no script.
                if entry.key.as_str() == "command" && value.is_sequence() {
                    continue;
                }
                let items = value.items().take_while(|_| self.spend(STEP_COST)).filter_map(scalar);
                let texts: Vec<_> = scalar(value).into_iter().chain(items).collect();
                let texts: Vec<_> = texts.into_iter().take_while(|text| self.afford(text)).collect();
                if texts.iter().any(|text| script::may_build(text.as_str())) {
                    let variables = common.inside(node, &VARIABLES);
                    self.run(&texts, Some(working_root(source)), &variables);
                }
            }
        }
    }

    /// What the lines of a script build; a list's texts run one after another in one shell.
    fn run(&mut self, texts: &[&Traced], folder: Option<String>, variables: &Variables<'_>) {
        let mut shell = script::Shell::new(folder, variables.clone(), self.budget);
        for text in texts {
            for build in shell.builds(text) {
                let known = self.facts.image_names.len();
                for name in &build.names {
                    self.add(name, build.place.clone(), format!("`{} build -t`", build.program), &shell.variables);
                }
                for name in self.facts.image_names.iter_mut().skip(known) {
                    name.platforms.clone_from(&build.platforms);
                }
                self.pass(&build.place, build.arguments);
            }
        }
        self.budget = shell.budget;
    }
}

impl Place {
    fn known(&self) -> Option<&str> {
        if let Self::Path(path) = self { Some(path) } else { None }
    }
}

/// A scalar's text, also where expressions stand in it.
fn scalar(node: Node<'_>) -> Option<&Traced> {
    match node.follow().kind() {
        Kind::Scalar { text, .. } if !node.is_null() => Some(text),
        _ => None,
    }
}

/// The Dockerfile of a build, or its context where it names none: a Dockerfile's path is relative to the context.
fn built_from(folder: &str, context: Option<&Traced>, file: Option<&Traced>, variables: &Variables<'_>) -> Place {
    let context = context.map_or_else(|| Place::Path(folder.to_owned()), |c| place(Some(folder), c, variables));
    match (file, context) {
        (Some(file), Place::Path(context)) => place(Some(&context), file, variables),
        (_, context) => context,
    }
}

/// `NAME=value`, or a name alone, whose value comes from the surroundings.
fn argument(text: &Traced, sure: impl Fn(&Traced) -> Option<Traced>) -> (String, Option<Traced>) {
    let whole = text.as_str();
    let Some((name, _)) = whole.split_once('=') else { return (whole.to_owned(), None) };
    (name.to_owned(), sure(&text.slice(name.len() + 1..whole.len())))
}

/// A path as a script or field names it, relative to `folder`.
fn place(folder: Option<&str>, written: &Traced, variables: &Variables<'_>) -> Place {
    let filled = variables.fill(written);
    let (folder, path) = expression::anchored(folder, filled.as_str());
    if path.contains("://") || path.starts_with(['/', '~']) || path.starts_with("git@") || path == "-" {
        return Place::Elsewhere;
    }
    if path.contains(['$', '`', '{']) {
        return Place::Unknown;
    }
    let Some(folder) = folder else { return Place::Unknown };
    join(folder, path).map_or(Place::Elsewhere, Place::Path)
}

/// The folder in which a CI file's scripts run: where its dot file or dot folder lies, else the root. A Taskfile's run
/// beside it.
fn working_root(source: &Source) -> String {
    if source.name().to_ascii_lowercase().starts_with("taskfile") {
        return source.folder().to_owned();
    }
    let before: Vec<_> = source.path.split('/').take_while(|part| !part.starts_with('.')).collect();
    if before.len() == source.path.split('/').count() { String::new() } else { before.join("/") }
}

#[cfg(test)]
mod tests;
