//! GitHub's workflows.

use super::super::submit;
use super::{Reading, scalar};
use crate::fact::{Component, Facts};
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// Actions that set something up: what, by which input.
const ACTIONS: [(&str, Component, &str); 3] = [
    ("actions/setup-java", Component::Java, "java-version"),
    ("actions/setup-python", Component::Python, "python-version"),
    ("vemonet/setup-spark", Component::Spark, "spark-version"),
];

pub(super) fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    let working = working_directory(root);
    for (entry, job) in root.get("jobs").into_iter().flat_map(Node::entries) {
        let mut reading = Reading::new(source, &entry.key, facts);
        let part = reading.part;
        reading.runs(job.get("container").map(|container| container.get("image").unwrap_or(container)));
        let working = working_directory(job).or(working);
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            self::step(&mut reading, job, step, working);
        }
        reading.finish();
        submit::claim_below(source, root, job, facts, part);
    }
}

fn step(reading: &mut Reading<'_>, job: Node<'_>, step: Node<'_>, working: Option<&Traced>) {
    let action = step.get("uses").and_then(scalar).map(|uses| uses.as_str().split('@').next().unwrap_or_default());
    if let Some((by, component, key)) = ACTIONS.into_iter().find(|(name, ..)| Some(*name) == action)
        && let Some(text) = step.path(&["with", key]).and_then(scalar)
    {
        reading.sets_up(component, text, values(job, text), by);
    }
    if let Some(script) = step.get("run").and_then(scalar) {
        let own = step.get("working-directory").and_then(scalar).or(working);
        reading.step(script, own, step.get("if").is_some());
    }
}

fn working_directory(node: Node<'_>) -> Option<&Traced> {
    node.path(&["defaults", "run", "working-directory"]).and_then(scalar)
}

/// What an expression stands for: itself, or the values of the job's matrix.
fn values(job: Node<'_>, text: &Traced) -> Vec<Traced> {
    let value = text.as_str();
    let Some(inner) = value.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) else {
        return if value.contains(['$', '\n']) { Vec::new() } else { vec![text.clone()] };
    };
    let Some(name) = inner.trim().strip_prefix("matrix.") else { return Vec::new() };
    let Some(matrix) = job.path(&["strategy", "matrix"]) else { return Vec::new() };
    let listed = matrix.get(name).into_iter().flat_map(Node::items);
    let included = matrix.get("include").into_iter().flat_map(Node::items).filter_map(|item| item.get(name));
    let nodes: Vec<Node<'_>> = listed.chain(included).collect();
    let texts: Option<Vec<Traced>> = nodes.into_iter().map(|node| scalar(node).cloned()).collect();
    texts.unwrap_or_default()
}
