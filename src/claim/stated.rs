//! The fields that a custom resource states, by their paths.

use super::kubernetes;
use crate::fact::stated::{Stated, StatedField};
use crate::read::tree::Node;
use crate::source::Span;

/// More fields than this are not written by hand; what stands behind them is not known.
const MAX_FIELDS: usize = 4096;

/// Nothing that is asked for lies deeper.
const MAX_DEPTH: usize = 6;

/// Sections that have facts of their own.
const CLOSED: [&str; 7] = ["template", "affinity", "sidecars", "initContainers", "env", "envFrom", "podOverrides"];

/// The fields below an application's spec. `whole` says that nothing else writes to it.
pub(super) fn stated(spec: Node<'_>, whole: bool) -> Stated {
    let mut stated = Stated { whole, ..Stated::default() };
    mapping(spec, "", 0, &mut stated);
    stated
}

fn mapping(node: Node<'_>, path: &str, depth: usize, stated: &mut Stated) {
    if !kubernetes::is_closed(node) || depth >= MAX_DEPTH || stated.fields.len() >= MAX_FIELDS {
        stated.open.push(path.to_owned());
    }
    if depth >= MAX_DEPTH || stated.fields.len() >= MAX_FIELDS {
        return;
    }
    let mut merged = Vec::new();
    for (entry, value) in node.entries().filter(|(entry, _)| !entry.key_templated) {
        let name = entry.key.as_str();
        if name == "<<" {
            merged.extend(value.is_mapping().then_some(value).into_iter().chain(value.items()));
            continue;
        }
        let own = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        field(value, &own, entry.key.span(), depth, stated, CLOSED.contains(&name));
    }
    for node in merged {
        mapping(node, path, depth + 1, stated);
    }
}

fn field(node: Node<'_>, path: &str, at: Span, depth: usize, stated: &mut Stated, is_closed: bool) {
    let is_empty = node.is_null()
        || (node.is_mapping() || node.is_sequence())
            && kubernetes::is_closed(node)
            && node.entries().next().is_none()
            && node.items().next().is_none();
    let value = node.text().cloned();
    let is_scalar = !node.is_mapping() && !node.is_sequence();
    if is_scalar && value.is_none() && !node.is_null() {
        stated.open.push(path.to_owned());
    }
    stated.fields.push(StatedField { path: path.to_owned(), at, value, is_empty });
    if is_closed {
        return;
    }
    if node.is_mapping() {
        mapping(node, path, depth + 1, stated);
    } else if node.is_sequence() {
        if !kubernetes::is_closed(node) {
            stated.open.push(path.to_owned());
        }
        let path = format!("{path}[]");
        for item in node.items() {
            if stated.fields.len() >= MAX_FIELDS {
                return stated.open.push(path);
            }
            if item.is_mapping() {
                mapping(item, &path, depth + 1, stated);
            } else {
                let value = item.text().cloned();
                stated.fields.push(StatedField {
                    path: path.clone(),
                    at: item.span(),
                    value,
                    is_empty: item.is_null(),
                });
            }
        }
    }
}
