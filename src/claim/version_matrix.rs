//! A house's own pairs of client, Spark and Scala versions: `version-matrix.json`.
//!
//! `{"0.12.3": {"spark": "3.4.2", "scala": "2.12.17"}, …}`: the version of the client is the key. Other keys of a pair (a gate such as
//! "requires a Spark 3.5 upgrade first") are the house's own words.

use crate::fact::{Facts, Lock};
use crate::read::tree::{Node, Tree};
use crate::source::Source;
use crate::version::Version;

/// The pairs of one file.
pub fn claim(source: &Source, tree: &Tree) -> Facts {
    let folder = source.folder().to_owned();
    let pair = |(entry, value): (&crate::read::tree::Entry, Node<'_>)| {
        Version::parse(entry.key.as_str())?;
        let text = |key: &str| value.get(key).and_then(Node::text).cloned();
        let gate = value.entries().find(|(e, _)| !["spark", "scala"].contains(&e.key.as_str()));
        Some(Lock {
            client: entry.key.clone(),
            spark: text("spark"),
            scala: text("scala"),
            gate: gate.and_then(|(_, words)| words.str().map(str::to_owned)),
            folder: folder.clone(),
        })
    };
    let locks = tree.root().entries().filter_map(pair).collect();
    Facts { locks, ..Facts::default() }
}
