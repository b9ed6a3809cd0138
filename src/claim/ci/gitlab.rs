//! GitLab's pipelines.

use super::super::submit;
use super::{Reading, texts};
use crate::fact::Facts;
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// Keys of a GitLab file that are no jobs.
const RESERVED: [&str; 10] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
];

/// How far templates may extend templates.
const MAX_DEPTH: usize = 8;

pub(super) fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    for (entry, job) in root.entries().filter(|(entry, _)| !RESERVED.contains(&entry.key.as_str())) {
        let of = |key: &str| {
            let common = || root.path(&["default", key]).or_else(|| root.get(key));
            inherited(root, job, key, 0).or_else(common)
        };
        let Some(script) = inherited(root, job, "script", 0).filter(|_| !entry.key.as_str().starts_with('.')) else {
            continue;
        };
        let mut reading = Reading::new(source, &entry.key, facts);
        let part = reading.part;
        reading.runs(of("image").map(|image| image.get("name").unwrap_or(image)));
        let mut folder = Some(source.folder().to_owned());
        for text in of("before_script").into_iter().chain([script]).flat_map(texts) {
            reading.run(text, &mut folder, false);
        }
        reading.finish();
        submit::claim_below(source, root, job, facts, part);
    }
}

/// What a job says under a key, or the nearest template that it extends.
fn inherited<'t>(root: Node<'t>, job: Node<'t>, key: &str, depth: usize) -> Option<Node<'t>> {
    if let Some(own) = job.get(key) {
        return Some(own);
    }
    let names: Vec<&str> = texts(job.get("extends")?).map(Traced::as_str).collect();
    // Of several templates the last one wins.
    let templates = names.into_iter().rev().filter_map(|name| root.get(name)).filter(|_| depth < MAX_DEPTH);
    templates.into_iter().find_map(|template| inherited(root, template, key, depth + 1))
}
