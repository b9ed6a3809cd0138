//! Travis' builds: one job, or one for each item of `jobs.include`, which takes over what the file says for all.

use super::super::submit;
use super::{Reading, scalar, texts};
use crate::fact::{Component, Facts};
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// The phases in their order.
const PHASES: [&str; 6] = ["before_install", "install", "before_script", "script", "after_success", "after_script"];

pub(super) fn claim(source: &Source, root: Node<'_>, facts: &mut Facts) {
    let items = ["jobs", "matrix"].into_iter().filter_map(|key| root.path(&[key, "include"])).flat_map(Node::items);
    let items: Vec<Node<'_>> = items.filter(|item| item.is_mapping()).collect();
    if items.is_empty() {
        job(source, root, root, facts);
    }
    for item in items {
        job(source, root, item, facts);
    }
}

fn job<'t>(source: &Source, root: Node<'t>, item: Node<'t>, facts: &mut Facts) {
    let of = |key: &str| item.get(key).or_else(|| root.get(key));
    let named = item.get("name").and_then(scalar);
    let Some(name) = named.or_else(|| Some(&item.entries().next()?.0.key)) else { return };
    let mut reading = Reading::new(source, name, facts);
    let part = reading.part;
    let mut folder = Some(source.folder().to_owned());
    for text in PHASES.into_iter().filter_map(of).flat_map(texts) {
        reading.run(text, &mut folder, false);
    }
    if let Some(jdk) = of("jdk") {
        let values: Vec<Traced> = texts(jdk).map(major).collect();
        reading.sets_up(Component::Java, &Traced::literal("jdk", jdk.span()), values, "jdk");
    }
    if let Some(python) = of("python") {
        let values: Vec<Traced> = texts(python).cloned().collect();
        reading.sets_up(Component::Python, &Traced::literal("python", python.span()), values, "python");
    }
    reading.finish();
    submit::claim_below(source, root, item, facts, part);
}

/// The number behind `openjdk` or `oraclejdk`.
fn major(text: &Traced) -> Traced {
    let whole = text.as_str();
    let rest = ["openjdk", "oraclejdk"].iter().find_map(|name| whole.strip_prefix(name)).unwrap_or(whole);
    text.slice(whole.len() - rest.len()..whole.len())
}
