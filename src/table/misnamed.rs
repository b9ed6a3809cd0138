//! Names of Python packages that people write for others.

use crate::read::keyed::Keyed;
use crate::read::tree::Node;

/// A name that is not what it seems.
#[derive(Debug, Clone)]
pub struct Misnamed {
    /// The name, as PEP 503 compares it.
    pub name: String,
    /// What is meant.
    pub instead: String,
    /// It is wrong only where this package is required as well.
    pub beside: Option<String>,
    /// What the package really is, or why it cannot be there.
    pub note: Option<String>,
    /// Who says so.
    pub source: String,
}

/// Reads the names of a table. Every one that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<Misnamed> {
    keyed.tables(root, "misnamed").into_iter().filter_map(|table| one(keyed, table)).collect()
}

fn one(keyed: &mut Keyed, table: Node<'_>) -> Option<Misnamed> {
    const WHAT: &str = "a misnamed package";
    keyed.only(table, WHAT, &["pypi", "instead", "beside", "note", "source"]);
    let name = keyed.required(table, WHAT, "pypi")?.to_string();
    let instead = keyed.required(table, WHAT, "instead")?.to_string();
    let source = keyed.required(table, WHAT, "source")?.to_string();
    let optional = |keyed: &mut Keyed, key| keyed.text(table, key).map(ToString::to_string);
    Some(Misnamed { name, instead, beside: optional(keyed, "beside"), note: optional(keyed, "note"), source })
}
