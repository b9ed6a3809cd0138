//! Circle's jobs.

use super::super::submit;
use super::{Reading, scalar};
use crate::fact::Facts;
use crate::read::tree::Node;
use crate::source::Source;

pub(super) fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    for (entry, job) in root.get("jobs").into_iter().flat_map(Node::entries) {
        let mut reading = Reading::new(source, &entry.key, facts);
        let part = reading.part;
        reading.runs(image(root, job));
        let working = job
            .get("working_directory")
            .and_then(scalar)
            .filter(|path| path.as_str().starts_with(char::is_alphanumeric));
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            let Some(run) = step.get("run") else { continue };
            let Some(script) = run.get("command").or(Some(run)).and_then(scalar) else { continue };
            let own = run.get("working_directory").and_then(scalar).or(working);
            reading.step(script, own, run.get("when").is_some());
        }
        reading.finish();
        submit::claim_below(source, root, job, facts, part);
    }
}

/// The first image of a job or its executor: its steps run in that one.
fn image<'t>(root: Node<'t>, job: Node<'t>) -> Option<Node<'t>> {
    let executor = || {
        let named = job.get("executor")?;
        root.path(&["executors", named.get("name").unwrap_or(named).str()?])
    };
    let docker = job.get("docker").or_else(|| executor()?.get("docker"))?;
    docker.items().next()?.get("image")
}
