//! GitHub workflows and composite actions: steps that build images.

use super::expression::Variables;
use super::{Names, Place, STEP_COST, argument, place, scalar, script, working_root};
use crate::read::tree::Node;
use crate::source::{Source, Traced};
use std::collections::HashMap;

/// Keys under which variables stand, in the words of GitHub and of other CI systems.
const VARIABLES: [&str; 2] = ["env", "environment"];

/// A job, or a composite action, with what its steps need.
struct Job<'t> {
    variables: Variables<'t>,
    /// Where the checkout lies.
    folder: String,
    /// The folder its scripts run in where a step names none.
    working: Option<&'t Traced>,
    /// What its metadata steps make names of, by the steps' ids.
    metadata: HashMap<&'t str, &'t Traced>,
}

impl Names {
    /// The steps of a workflow. Says whether the file is one.
    pub(super) fn workflow(&mut self, source: &Source, root: Node<'_>) -> bool {
        let composite = root.get("runs").into_iter();
        let jobs = root.get("jobs").into_iter().flat_map(Node::entries).map(|(_, job)| job);
        let common = Variables::of(root, &VARIABLES);
        let working = working_directory(root);
        let mut any = false;
        for node in composite.chain(jobs) {
            let Some(steps) = node.get("steps") else { continue };
            any = true;
            if !self.spend(steps.items().count() * STEP_COST) {
                break;
            }
            let job = Job {
                variables: common.inside(node, &VARIABLES),
                folder: working_root(source),
                working: working_directory(node).or(working),
                metadata: steps.items().filter_map(metadata).collect(),
            };
            for step in steps.items() {
                self.step(&job, step);
            }
        }
        any
    }

    fn step(&mut self, job: &Job<'_>, step: Node<'_>) {
        let variables = job.variables.inside(step, &VARIABLES);
        match action(step) {
            Some("docker/build-push-action") => self.build_push(job, step, &variables),
            Some("redhat-actions/buildah-build") => self.buildah(job, step, &variables),
            _ => {}
        }
        let Some(run) = step.get("run") else { return };
        // Other CI systems write the script below `run`.
        let Some(text) = scalar(run).or_else(|| run.get("command").and_then(scalar)) else { return };
        if self.afford(text) && script::may_build(text.as_str()) {
            let folder = job.working_folder(step, run, &variables);
            self.run(&[text], folder, &variables);
        }
    }

    fn build_push(&mut self, job: &Job<'_>, step: Node<'_>, variables: &Variables<'_>) {
        let Some(with) = step.get("with") else { return };
        let place_of = || job.place(with.get("context"), with.get("file"), variables);
        let lines = with.get("build-args").and_then(scalar).filter(|text| self.afford(text));
        let arguments = lines.map_or_else(Vec::new, |text| lines_of(text, variables));
        self.pass(&place_of(), arguments);
        let Some(tags) = with.get("tags") else { return };
        let len = scalar(tags).map_or(0, |text| text.as_str().len());
        if !self.spend(len.saturating_mul(MAX_NAMES)) {
            return;
        }
        let known = self.facts.image_names.len();
        for name in job.names(tags) {
            self.add(&name, place_of(), "`docker/build-push-action`", variables);
        }
        let platforms = with.get("platforms").and_then(scalar);
        for name in self.facts.image_names.iter_mut().skip(known) {
            name.platforms = platforms.cloned();
        }
    }

    fn buildah(&mut self, job: &Job<'_>, step: Node<'_>, variables: &Variables<'_>) {
        let Some(with) = step.get("with") else { return };
        let Some(name) = with.get("image").and_then(scalar) else { return };
        let files = with.get("containerfiles").or_else(|| with.get("dockerfiles"));
        self.add(name, job.place(with.get("context"), files, variables), "`redhat-actions/buildah-build`", variables);
    }
}

/// The action a step uses, without its version.
fn action(step: Node<'_>) -> Option<&str> {
    let uses = step.get("uses").and_then(scalar)?.as_str();
    uses.split('@').next()
}

/// A metadata step's id and image names.
fn metadata(step: Node<'_>) -> Option<(&str, &Traced)> {
    let images = || step.path(&["with", "images"]).and_then(scalar);
    (action(step) == Some("docker/metadata-action")).then(|| Some((scalar(step.get("id")?)?.as_str(), images()?)))?
}

fn working_directory(node: Node<'_>) -> Option<&Traced> {
    node.path(&["defaults", "run", "working-directory"]).and_then(scalar)
}

impl Job<'_> {
    /// Both the context and the Dockerfile are relative to the checkout.
    fn place(&self, context: Option<Node<'_>>, file: Option<Node<'_>>, variables: &Variables<'_>) -> Place {
        let path = file.and_then(scalar).or_else(|| context.and_then(scalar));
        path.map_or_else(|| Place::Path(self.folder.clone()), |path| place(Some(&self.folder), path, variables))
    }

    /// Names in a list, between commas or on lines of their own; those of a metadata step where its output is taken.
    fn names(&self, tags: Node<'_>) -> Vec<Traced> {
        let Some(text) = scalar(tags) else {
            return tags.items().filter_map(scalar).take(MAX_NAMES).cloned().collect();
        };
        let step = text.as_str().trim().strip_prefix("${{").and_then(|inner| {
            let output = inner.strip_suffix("}}")?.trim().strip_prefix("steps.")?;
            output.strip_suffix(".outputs.tags")
        });
        split(step.and_then(|id| self.metadata.get(id).copied()).unwrap_or(text))
    }

    /// Where a step's script runs; None where that is not known.
    fn working_folder(&self, step: Node<'_>, run: Node<'_>, variables: &Variables<'_>) -> Option<String> {
        let own = step.get("working-directory").or_else(|| run.get("working_directory"));
        let folder = own.and_then(scalar).or(self.working);
        match folder {
            Some(folder) => place(Some(&self.folder), folder, variables).known().map(str::to_owned),
            None => Some(self.folder.clone()),
        }
    }
}

/// `NAME=value` on each line.
fn lines_of(text: &Traced, variables: &Variables<'_>) -> Vec<(String, Option<Traced>)> {
    let whole = text.as_str();
    let lines = whole.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_NAMES);
    let slice = |line: &str| {
        let from = line.as_ptr() as usize - whole.as_ptr() as usize;
        text.slice(from..from + line.len())
    };
    lines.map(|line| argument(&slice(line), |value| variables.sure(value))).collect()
}

/// How many names of one list are read; each is cut from the whole list.
const MAX_NAMES: usize = 64;

/// The names of a list that is written as one text.
fn split(list: &Traced) -> Vec<Traced> {
    let text = list.as_str();
    let lines = text.split(['\n', ',']).map(|part| {
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        start..start + part.len()
    });
    let names = lines.map(|range| list.slice(range).trim()).filter(|name| !name.as_str().is_empty());
    // `type=raw,value=x` and `name=x` are the metadata action's own notation.
    names.take(MAX_NAMES).map(|name| strip(&name, "name=")).filter(|name| !name.as_str().contains('=')).collect()
}

fn strip(name: &Traced, prefix: &str) -> Traced {
    let start = if name.as_str().starts_with(prefix) { prefix.len() } else { 0 };
    name.slice(start..name.as_str().len())
}
