//! Keys that were renamed, or that no release reads any more.

use crate::read::keyed::Keyed;
use crate::read::tree::Node;

/// What became of a key.
#[derive(Debug, Clone)]
pub struct Change {
    /// The key.
    pub key: String,
    /// What became of it.
    pub fate: Fate,
    /// The key that takes its place.
    pub instead: Option<String>,
    /// Whether a value means the same under both keys.
    pub same_value: bool,
    /// What to do where no key takes its place.
    pub note: Option<String>,
    /// Who says so.
    pub source: String,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It still works.
    Deprecated {
        /// From this minor on it is advised against.
        since: String,
        /// The last minor that reads it, where one no longer does.
        until: Option<String>,
    },
    /// From this minor on nothing reads it.
    Ignored(String),
    /// From this minor on an application that sets it does not start.
    Removed {
        /// The minor.
        since: String,
        /// The one value that may stay.
        unless: String,
    },
}

/// Reads `[[deprecated]]` and `[[removed]]`.
pub(super) fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<Change> {
    let deprecated = keyed.tables(root, "deprecated");
    let removed = keyed.tables(root, "removed");
    let mut changes: Vec<Change> = deprecated.into_iter().filter_map(|table| self::deprecated(keyed, table)).collect();
    changes.extend(removed.into_iter().filter_map(|table| self::removed(keyed, table)));
    changes
}

fn deprecated(keyed: &mut Keyed, table: Node<'_>) -> Option<Change> {
    const WHAT: &str = "a deprecated key";
    keyed.only(table, WHAT, &["key", "since", "until", "instead", "same-value", "ignored", "note", "source"]);
    let mut required = |key: &str| Some(keyed.required(table, WHAT, key)?.as_str().to_owned());
    let (key, since, source) = (required("key")?, required("since")?, required("source")?);
    let mut text = |key: &str| keyed.text(table, key).map(|text| text.as_str().to_owned());
    let (until, instead, note) = (text("until"), text("instead"), text("note"));
    let same_value = keyed.switch(table, "same-value").unwrap_or(true);
    let ignored = keyed.switch(table, "ignored").unwrap_or(false);
    let fate = if ignored { Fate::Ignored(since) } else { Fate::Deprecated { since, until } };
    Some(Change { key, fate, instead, same_value, note, source })
}

fn removed(keyed: &mut Keyed, table: Node<'_>) -> Option<Change> {
    const WHAT: &str = "a removed key";
    keyed.only(table, WHAT, &["key", "since", "unless", "instead", "source"]);
    let mut required = |key: &str| Some(keyed.required(table, WHAT, key)?.as_str().to_owned());
    let (key, since, unless, source) = (required("key")?, required("since")?, required("unless")?, required("source")?);
    let instead = keyed.text(table, "instead").map(|text| text.as_str().to_owned());
    Some(Change { key, fate: Fate::Removed { since, unless }, instead, same_value: false, note: None, source })
}
