//! Versions of Kubernetes' own APIs that are gone.

use super::Tables;
use crate::read::keyed::{Fault, Keyed};
use crate::read::tree::Node;
use crate::source::FileId;
use std::sync::LazyLock;

/// The built-in list's text.
pub const TEXT: &str = include_str!("../../rules/tables/kubernetes-api.toml");

/// An API version that a minor of Kubernetes no longer has.
#[derive(Debug, Clone)]
pub struct Removed {
    /// Group and version: `extensions/v1beta1`.
    pub api: String,
    /// The kinds it had.
    pub kinds: Vec<String>,
    /// The first minor without it.
    pub gone: String,
    /// Group and version that have the kinds today.
    pub instead: Option<String>,
    /// Who says so.
    pub source: String,
}

static BUILT_IN: LazyLock<Vec<Removed>> = LazyLock::new(|| read(FileId(u32::MAX), TEXT).0);

impl Tables {
    /// What is known of an API version that is gone for a kind.
    pub fn removed(&self, api: &str, kind: &str) -> Option<&'static Removed> {
        BUILT_IN.iter().find(|removed| removed.api == api && removed.kinds.iter().any(|k| k == kind))
    }
}

/// Reads the list. Every row that is right is returned, every fault as well.
pub fn read(file: FileId, text: &str) -> (Vec<Removed>, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else { return (Vec::new(), keyed.faults) };
    keyed.only(tree.root(), "a list of API versions", &["removed"]);
    let tables = keyed.tables(tree.root(), "removed");
    let rows = tables.into_iter().filter_map(|table| row(&mut keyed, table)).collect();
    (rows, keyed.faults)
}

fn row(keyed: &mut Keyed, table: Node<'_>) -> Option<Removed> {
    const WHAT: &str = "an API version";
    keyed.only(table, WHAT, &["api", "kinds", "gone", "instead", "source"]);
    let mut required = |key: &str| Some(keyed.required(table, WHAT, key)?.as_str().to_owned());
    let (api, gone, source) = (required("api")?, required("gone")?, required("source")?);
    let kinds = keyed.texts(table, "kinds").into_iter().map(|kind| kind.as_str().to_owned()).collect();
    let instead = keyed.text(table, "instead").map(|text| text.as_str().to_owned());
    Some(Removed { api, kinds, gone, instead, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_right() {
        let (rows, faults) = read(FileId(0), TEXT);
        assert!(faults.is_empty(), "{faults:?}");
        assert!(rows.len() > 25 && rows.iter().all(|row| !row.kinds.is_empty() && row.gone.starts_with("1.")));
        assert!(rows.iter().all(|row| row.source.starts_with("https://kubernetes.io/")));
    }
}
