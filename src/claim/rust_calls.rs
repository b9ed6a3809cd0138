//! Which references of Rust code are reached from user-defined functions, and on which way.

use crate::compose::rust::Rust;
use crate::fact::{Call, Entry, Facts, Hop, Language, Usage};
use crate::rust::graph::{self, Reached};
use crate::rust::{self, Function, Reference, Resolved, Syntax};
use crate::source::{Source, Sources, Span};
use crate::table::{EntryKind, EntryPoint, Tables};
use std::collections::HashMap;
use std::sync::Arc;

/// What is wrong with functions that C calls, and the metrics that a file offers.
pub fn claim_file(source: &Source, file: &Syntax) -> Facts {
    if is_aside(&source.path) || file.generated {
        return Facts::default();
    }
    let metrics = super::metric::claim_rust(source, &file.sites.calls);
    Facts { foreign_flaws: file.flaws.clone(), metrics, ..Facts::default() }
}

/// Whether a file is one of tests, by its name, or lies in a folder of tests, benches or examples.
pub(super) fn is_aside(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.strip_suffix(".rs").unwrap_or(name);
    // Which module is compiled for tests alone is said where it is declared, in another file.
    let is_test = |name: &str| {
        matches!(name, "test" | "tests" | "testing")
            || name.starts_with("test_")
            || name.ends_with("_test")
            || name.ends_with("_tests")
    };
    is_test(stem) || folders.split('/').any(|part| matches!(part, "benches" | "examples") || is_test(part))
}

/// What is reached from the entry points of each build.
pub fn claim(
    sources: &Sources,
    rust: &Rust,
    tables: &Tables,
    is_udf_path: &(impl Fn(&Source) -> bool + Sync),
) -> Facts {
    let mut facts = Facts::default();
    for build in &rust.builds {
        let (roots, entries) = entries(sources, build, tables, is_udf_path);
        if roots.is_empty() {
            continue;
        }
        facts.unknown_receivers += build.unknown_receivers;
        facts.calls.extend(reached(sources, build, &roots, &entries));
    }
    facts
}

/// The functions where the walk begins, each with why. What stands in tests comes last, so that it names no way for other code.
fn entries(
    sources: &Sources,
    build: &Resolved,
    tables: &Tables,
    is_udf_path: &(impl Fn(&Source) -> bool + Sync),
) -> (Vec<u32>, Vec<Entry>) {
    let mut by_trait: HashMap<u32, &EntryPoint> = HashMap::new();
    for (path, method, number) in &build.implementations {
        let mut rows = tables.entries(Language::Rust, EntryKind::Interface);
        let row = rows.find(|row| names_trait(row, path) && runs(row, method));
        if let Some(row) = row {
            by_trait.entry(*number).or_insert(row);
        }
    }
    let mut found: Vec<(bool, u32, Entry)> = Vec::new();
    for (number, function) in build.functions.iter().enumerate() {
        let number = number as u32;
        let path = &sources.get(function.span.file).path;
        let by_path = || is_udf_path(sources.get(function.span.file));
        if let Some(own) = own_entry(function, by_trait.get(&number).copied(), tables, by_path) {
            let Own { span, why, unverified, exported } = own;
            let (name, foreign) = (function.name.clone(), function.foreign);
            let entry = Entry { span, function: name, foreign, exported, per_row: true, why, unverified };
            found.push((function.in_test || is_aside(path), number, entry));
        }
    }
    found.sort_by_key(|(in_test, ..)| *in_test);
    found.into_iter().map(|(_, root, entry)| (root, entry)).unzip()
}

/// Whether a row speaks of a trait. Crates hand their traits on under many paths: the crate and the name count.
fn names_trait(row: &EntryPoint, path: &str) -> bool {
    let (Some((krate, name)), Some((above, last))) = (row.name.split_once("::"), path.rsplit_once("::")) else {
        return false;
    };
    let is_crate = |part: &str| match krate.strip_suffix('*') {
        Some(start) => part.starts_with(start),
        None => part == krate,
    };
    name == last && above.split("::").any(is_crate)
}

fn runs(row: &EntryPoint, method: &str) -> bool {
    row.methods.is_empty() || row.methods.iter().any(|name| name == method)
}

/// Why a function is an entry.
struct Own {
    span: Span,
    why: String,
    unverified: bool,
    exported: bool,
}

/// Why a function is an entry by what is written at it.
fn own_entry(
    function: &Function,
    by_trait: Option<&EntryPoint>,
    tables: &Tables,
    by_path: impl Fn() -> bool,
) -> Option<Own> {
    let own = |span, why: &str| Own { span, why: why.to_owned(), unverified: false, exported: false };
    if let Some(span) = function.marked {
        return Some(own(span, "marked `sparkproof:udf`"));
    }
    let by_name = || tables.entries(Language::Rust, EntryKind::Function).find(|row| row.names(&function.ident));
    // Other languages call what is exported to them with an ABI of theirs; attributes of macros bring their own.
    let by_attribute = || {
        let mut rows = tables.entries(Language::Rust, EntryKind::Export);
        let has = |row: &&EntryPoint| function.attributes.iter().any(|name| **name == *row.name);
        rows.find(has).filter(|row| function.foreign || !is_plain(row))
    };
    let by_name = || by_name().filter(|_| function.foreign);
    let row = by_trait.or_else(by_name);
    if row.is_none() && by_path() {
        return Some(own(function.span, "its file is configured as UDF code"));
    }
    let row = row.or_else(by_attribute)?;
    Some(Own { unverified: row.unverified, exported: is_plain(row), ..own(function.span, &row.why) })
}

/// An attribute that any library has which is made for another language.
fn is_plain(row: &EntryPoint) -> bool {
    row.kind == EntryKind::Export && matches!(row.name.as_str(), "no_mangle" | "export_name")
}

fn reached(sources: &Sources, build: &Resolved, roots: &[u32], entries: &[Entry]) -> Vec<Call> {
    let reached = graph::reach(build, roots);
    let mut calls = Vec::new();
    for (number, slot) in reached.iter().enumerate() {
        let (Some(how), Some(function)) = (slot, build.functions.get(number)) else { continue };
        if function.references.is_empty() {
            continue;
        }
        let Some(entry) = entries.get(how.root as usize) else { continue };
        let path = hops(build, entry, &reached, number as u32);
        let in_test = function.in_test || is_aside(&sources.get(function.span.file).path);
        let of = |reference: &Reference| call(function, reference, in_test, entry.clone(), path.clone());
        calls.extend(function.references.iter().map(of));
    }
    calls.sort_by_key(|call| (call.span.file, call.span.start, call.span.end));
    calls
}

fn hops(build: &Resolved, entry: &Entry, reached: &[Option<Reached>], to: u32) -> Arc<[Hop]> {
    let name = |to: u32| build.functions.get(to as usize).map_or(String::new(), |f| f.name.clone());
    Hop::way(&entry.function, graph::path(reached, to).into_iter().map(|(span, to)| (span, name(to))))
}

fn call(function: &Function, reference: &Reference, in_test: bool, entry: Entry, path: Arc<[Hop]>) -> Call {
    Call {
        language: Language::Rust,
        callee: reference.path.clone(),
        usage: match reference.usage {
            rust::Usage::Call | rust::Usage::Macro => Usage::Call,
            rust::Usage::Value | rust::Usage::Syntax => Usage::Value,
            rust::Usage::Type => Usage::Type,
        },
        span: reference.span,
        function: function.name.clone(),
        package: "".into(),
        entry: Some(entry),
        in_test,
        generated: function.generated,
        tags: [].into(),
        path,
    }
}
