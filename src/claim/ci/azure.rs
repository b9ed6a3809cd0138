//! Azure's pipelines: jobs below stages, jobs alone, or steps alone.

use super::super::submit;
use super::{Reading, scalar};
use crate::fact::{Component, Facts};
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// Tasks that set something up.
const TASKS: [(&str, Component); 2] = [("UsePythonVersion", Component::Python), ("JavaToolInstaller", Component::Java)];

/// Whether a document is a pipeline, which its file's name says.
pub(super) fn is_pipeline(source: &Source, root: Node<'_>) -> bool {
    let has = |key: &str| root.get(key).is_some_and(Node::is_sequence);
    source.name().starts_with("azure-pipelines") && ["steps", "jobs", "stages"].into_iter().any(has)
}

pub(super) fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    let stages = root.get("stages").into_iter().flat_map(Node::items).flat_map(jobs);
    for job in jobs(root).chain(stages).chain([root]) {
        let Some((steps, list)) = job.entry("steps") else { continue };
        let named = ["job", "deployment", "displayName"].into_iter().find_map(|key| job.get(key).and_then(scalar));
        let mut reading = Reading::new(source, named.unwrap_or(steps), facts);
        let part = reading.part;
        reading.runs(job.get("container").map(|container| container.get("image").unwrap_or(container)));
        for item in list.items() {
            step(&mut reading, job, item);
        }
        reading.finish();
        submit::claim_below(source, root, list, facts, part);
    }
}

fn jobs(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.get("jobs").into_iter().flat_map(Node::items)
}

fn step(reading: &mut Reading<'_>, job: Node<'_>, step: Node<'_>) {
    let conditional = step.get("condition").is_some();
    if let Some(script) = ["script", "bash"].into_iter().find_map(|key| step.get(key).and_then(scalar)) {
        reading.step(script, step.get("workingDirectory").and_then(scalar), conditional);
    }
    let Some(task) = step.get("task").and_then(scalar) else { return };
    let name = task.as_str().split('@').next().unwrap_or_default();
    let Some((by, component)) = TASKS.into_iter().find(|(known, _)| *known == name) else { return };
    if let Some(text) = step.path(&["inputs", "versionSpec"]).and_then(scalar).filter(|_| !conditional) {
        reading.sets_up(component, text, values(job, text), by);
    }
}

/// What a text stands for: itself, or what the legs of the job's matrix give its variable.
fn values(job: Node<'_>, text: &Traced) -> Vec<Traced> {
    let Some(name) = text.as_str().strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')) else {
        return if text.as_str().contains('$') { Vec::new() } else { vec![text.clone()] };
    };
    let legs = job.path(&["strategy", "matrix"]).into_iter().flat_map(Node::entries);
    let found: Option<Vec<Traced>> = legs.map(|(_, leg)| leg.get(name).and_then(scalar).cloned()).collect();
    found.unwrap_or_default()
}
