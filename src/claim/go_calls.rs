//! Which references of Go code are reached from user-defined functions, and on which way.

use crate::compose::go::Go;
use crate::fact::{Call, Entry, Facts, Hop, Language, Usage};
use crate::go::graph::{self, Root};
use crate::go::{self, Handed, Reference, Resolved};
use crate::source::{Source, Sources, Span};
use crate::table::{EntryKind, Tables};
use std::sync::Arc;

/// What is reached from the entry points of each build.
pub fn claim(sources: &Sources, go: &Go, tables: &Tables, is_udf_path: &(impl Fn(&Source) -> bool + Sync)) -> Facts {
    let mut facts = Facts::default();
    for build in &go.builds {
        facts.unknown_receivers += build.unknown_receivers;
        let (roots, entries) = entries(sources, build, tables, is_udf_path);
        facts.calls.extend(reached(build, &roots, &entries));
    }
    facts
}

/// The roots of the walk, each with why it is one. What stands in tests comes last, so that it names no way for other code.
fn entries(
    sources: &Sources,
    build: &Resolved,
    tables: &Tables,
    is_udf_path: &(impl Fn(&Source) -> bool + Sync),
) -> (Vec<Root>, Vec<Entry>) {
    let mut found: Vec<(bool, Root, Entry)> = Vec::new();
    let shown = |number: u32| build.functions.get(number as usize).map_or(String::new(), |f| f.name.clone());
    let in_test = |number: u32| build.functions.get(number as usize).is_some_and(|f| f.is_test);
    for (number, function) in build.functions.iter().enumerate() {
        let number = number as u32;
        let by_path = || is_udf_path(sources.get(function.span.file));
        if let Some((span, why, unverified)) = own_entry(function, tables, by_path) {
            let foreign = function.export.is_some();
            let entry = Entry {
                span,
                function: function.name.clone(),
                foreign,
                exported: false,
                per_row: true,
                why,
                unverified,
            };
            found.push((function.is_test, Root { function: number, within: None }, entry));
        }
    }
    for registration in &build.registrations {
        let row = tables.entries(Language::Go, EntryKind::Registration).find(|row| row.names(&registration.path));
        let Some(row) = row else { continue };
        let (root, name) = match registration.handed {
            Handed::Function(number) => (Root { function: number, within: None }, shown(number)),
            Handed::Closure(span) => {
                let name = format!("a closure in {}", shown(registration.function));
                (Root { function: registration.function, within: Some(span) }, name)
            }
        };
        // A closure may be long: its first word is where it is handed over.
        let start = registration.span.start as usize;
        let span = match registration.handed {
            Handed::Closure(_) => Span::new(registration.span.file, start..start + "func".len()),
            Handed::Function(_) => registration.span,
        };
        let entry = Entry {
            span,
            function: name,
            foreign: false,
            exported: false,
            per_row: true,
            why: row.why.clone(),
            unverified: row.unverified,
        };
        found.push((in_test(registration.function), root, entry));
    }
    for (interface, number) in &build.implementations {
        let row = tables.entries(Language::Go, EntryKind::Interface).find(|row| row.names(interface));
        let function = build.functions.get(*number as usize);
        if let (Some(row), Some(function)) = (row, function) {
            let (span, tests) = (function.span, function.is_test);
            let (function, why) = (function.name.clone(), row.why.clone());
            let entry = Entry {
                span,
                function,
                foreign: false,
                exported: false,
                per_row: true,
                why,
                unverified: row.unverified,
            };
            found.push((tests, Root { function: *number, within: None }, entry));
        }
    }
    found.sort_by_key(|(is_test, ..)| *is_test);
    found.into_iter().map(|(_, root, entry)| (root, entry)).unzip()
}

/// Why a function is an entry by what is written at it.
fn own_entry(function: &go::Function, tables: &Tables, by_path: impl Fn() -> bool) -> Option<(Span, String, bool)> {
    if let Some(span) = function.marked {
        return Some((span, "marked `sparkproof:udf`".to_owned(), false));
    }
    let export = function.export.as_ref();
    let by_name = tables.entries(Language::Go, EntryKind::Function).find(|row| {
        let exported = export.and_then(|e| e.name.split_whitespace().next());
        row.names(&function.name) || exported.is_some_and(|name| row.names(name))
    });
    let by_directive = || {
        let verb = export?.verb;
        tables.entries(Language::Go, EntryKind::Export).find(|row| row.name == verb)
    };
    if let Some(row) = by_name.or_else(by_directive) {
        return Some((export.map_or(function.span, |e| e.span), row.why.clone(), row.unverified));
    }
    by_path().then(|| (function.span, "its file is configured as UDF code".to_owned(), false))
}

fn reached(build: &Resolved, roots: &[Root], entries: &[Entry]) -> Vec<Call> {
    let reached = graph::reach(&build.functions, roots);
    let mut calls = Vec::new();
    for (number, slot) in reached.iter().enumerate() {
        let (Some(how), Some(function)) = (slot, build.functions.get(number)) else { continue };
        if function.references.is_empty() {
            continue;
        }
        let Some(entry) = entries.get(how.root as usize) else { continue };
        let path = hops(build, entry, &graph::path(&reached, number as u32));
        calls.extend(function.references.iter().map(|r| call(function, r, entry.clone(), path.clone())));
    }
    for (root, entry) in roots.iter().zip(entries).filter(|(root, _)| root.within.is_some()) {
        let Some(function) = build.functions.get(root.function as usize) else { continue };
        // The function around the closure may be an entry itself.
        if reached.get(root.function as usize).copied().flatten().is_some() {
            continue;
        }
        let own = graph::own(&build.functions, root);
        calls.extend(own.into_iter().map(|r| call(function, r, entry.clone(), [].into())));
    }
    calls.sort_by_key(|call| (call.span.file, call.span.start, call.span.end));
    calls
}

fn hops(build: &Resolved, entry: &Entry, steps: &[(Span, u32)]) -> Arc<[Hop]> {
    let name = |to: u32| build.functions.get(to as usize).map_or(String::new(), |f| f.name.clone());
    Hop::way(&entry.function, steps.iter().map(|(span, to)| (*span, name(*to))))
}

fn call(function: &go::Function, reference: &Reference, entry: Entry, path: Arc<[Hop]>) -> Call {
    Call {
        language: Language::Go,
        callee: reference.path.to_string(),
        usage: match reference.usage {
            go::Usage::Call => Usage::Call,
            go::Usage::Value | go::Usage::Directive => Usage::Value,
            go::Usage::Type | go::Usage::Receiver => Usage::Type,
        },
        span: reference.span,
        function: function.name.clone(),
        package: function.package.clone(),
        entry: Some(entry),
        in_test: function.is_test,
        generated: function.generated,
        tags: function.tags.clone(),
        path,
    }
}
