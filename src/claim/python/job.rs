//! What the commands of a CI job install into the one environment that they share.

use super::install::{Step, steps};
use super::{Allowed, Asked, add};
use crate::fact::module::pypi_name;
use crate::fact::{Facts, Job, Part, PartId, PartKind};
use crate::read::shell::Dialect;
use crate::source::{Source, Traced};
use std::collections::BTreeMap;

/// A script of a job.
pub struct Script {
    /// Its text.
    pub text: Traced,
    /// A condition may leave it out.
    pub conditional: bool,
}

/// Adds the packages that a job's scripts install. What is installed in several versions, one after another or in another
/// environment, is known by its name alone.
pub(super) fn claim(facts: &mut Facts, part: PartId, scripts: &[Script]) {
    let mut named: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    let mut open: Vec<String> = Vec::new();
    for script in scripts {
        for step in steps(&script.text) {
            match step {
                Step::Package(asked) => {
                    let asked = Asked { marked: script.conditional || asked.marked, ..asked };
                    named.entry(asked.normal_name()).or_default().push(asked);
                }
                Step::Removed(name) => open.push(name),
                Step::Unknown(_, name) => open.extend(name.map(|name| pypi_name(&name))),
                Step::File(_) | Step::Printed(..) | Step::Python(..) => {}
            }
        }
    }
    let mut sure = Vec::new();
    for (name, all) in named {
        // What says no version keeps the one that is there.
        let mut versioned = all.into_iter().filter(Asked::is_versioned);
        let Some(first) = versioned.next() else { continue };
        let same = versioned.all(|other| is_same(&first, &other));
        if same && !first.marked && !open.contains(&name) {
            sure.push(first);
        }
        open.push(name);
    }
    add(facts, part, &sure);
    if let Some(Part { kind: PartKind::Job(job), .. }) = facts.parts.get_mut(part.0 as usize) {
        job.installs = open;
    }
}

/// A script that installs packages, as a job of its own; nothing where it installs none that is known.
pub(super) fn script(source: &Source, texts: &[Traced]) -> Facts {
    let mut facts = Facts::default();
    // What a readme shows is run by nobody, and a Makefile's recipes are run apart.
    let [text] = texts else { return facts };
    if source.is_markdown() || Dialect::of(source.name()) != Dialect::Shell {
        return facts;
    }
    let part = facts.add(Part {
        name: source.path.clone(),
        span: text.written(),
        folder: source.folder().to_owned(),
        kind: PartKind::Job(Job::default()),
    });
    claim(&mut facts, part, &[Script { text: text.clone(), conditional: false }]);
    if facts.dependencies.is_empty() { Facts::default() } else { facts }
}

fn is_same(one: &Asked, other: &Asked) -> bool {
    matches!((&one.version, &other.version), (Allowed::Set(a, _), Allowed::Set(b, _)) if a == b)
}
