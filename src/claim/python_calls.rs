//! Which references of Python code are reached from functions that Spark runs in tasks, and on which way.

use super::session::{is_aside, is_test};
use crate::compose::python_code::PythonCode;
use crate::fact::call::Decoding;
use crate::fact::{Call, Capture, Entry, Facts, Hop, Language, Schemaless, Usage};
use crate::python::{self, Reached, Ref, World, entries, graph, reads};
use crate::source::{Source, Sources};
use crate::table::{EntryKind, EntryPoint, Tables};
use std::sync::Arc;

/// How many lists of roots there are: those of tests come last, and what is called for each row comes first.
const TIERS: usize = 4;

/// A root of the walk, and why it is one.
struct Root {
    function: Ref,
    entry: Entry,
    in_test: bool,
}

/// An object that goes along with an entry.
struct Held {
    capture: python::Capture,
    function: Ref,
    entry: Entry,
}

/// What is reached from the entry points.
pub fn claim(
    sources: &Sources,
    code: &PythonCode,
    tables: &Tables,
    is_udf_path: &(impl Fn(&Source) -> bool + Sync),
) -> Facts {
    let mut facts = Facts::default();
    if code.files.is_empty() {
        return facts;
    }
    let mut world = World::new(&code.files, code.files.iter().map(|file| sources.path(file.file)));
    let (roots, held) = roots(sources, &mut world, tables, is_udf_path);
    let tier = |root: &Root| 2 * usize::from(root.in_test) + usize::from(!root.entry.per_row);
    let mut order: Vec<&Root> = Vec::new();
    let mut tiers: Vec<Vec<Ref>> = Vec::new();
    for number in 0..TIERS {
        let of_tier: Vec<&Root> = roots.iter().filter(|root| tier(root) == number).collect();
        tiers.push(of_tier.iter().map(|root| root.function).collect());
        order.extend(of_tier);
    }
    facts.schemaless = schemaless(sources, &mut world);
    let reached = graph::reach(&mut world, &tiers);
    for (number, one) in reached.iter().enumerate() {
        let Some(root) = order.get(one.root as usize) else { continue };
        if one.references.is_empty() && one.captures.is_empty() && one.decodings.is_empty() {
            continue;
        }
        let told = Told { sources, world: &world, reached: &reached, number: number as u32, one, root };
        told.facts(&mut facts);
    }
    for Held { capture, function, entry } in held {
        // What the function does with it says more.
        let is_told = facts.captures.iter().any(|told| told.entry.span == entry.span);
        let kind = capture.words().filter(|_| !is_told);
        facts.captures.extend(kind.map(|kind| Capture {
            kind,
            name: capture.name,
            span: capture.span,
            function: shown(&world, function),
            entry,
            path: [].into(),
            in_test: false,
        }));
    }
    facts.calls.sort_by_key(|call| (call.span.file, call.span.start, call.span.end));
    facts.captures.sort_by_key(|capture| (capture.span.file, capture.span.start, capture.span.end));
    facts
}

/// What jobs read without a schema; tests, examples and notebooks look at data that somebody looks at.
fn schemaless(sources: &Sources, world: &mut World<'_>) -> Vec<Schemaless> {
    let mut found = Vec::new();
    for number in 0..world.files.len() as u32 {
        let Some(file) = world.file(number) else { continue };
        let path = sources.path(file.file);
        if file.is_notebook || is_aside(path) {
            continue;
        }
        found.extend(reads::schemaless(world, number).into_iter().map(|read| Schemaless {
            format: if read.is_json { "JSON" } else { "CSV" },
            span: read.span,
            asked: read.asked,
            function: shown(world, Ref { file: number, id: read.function }),
        }));
    }
    found
}

fn roots(
    sources: &Sources,
    world: &mut World<'_>,
    tables: &Tables,
    is_udf_path: &(impl Fn(&Source) -> bool + Sync),
) -> (Vec<Root>, Vec<Held>) {
    let (rows, ways) = tables.asked_of_python();
    let (mut roots, mut held) = (Vec::new(), Vec::new());
    for number in 0..world.files.len() as u32 {
        let Some(file) = world.file(number) else { continue };
        let source = sources.get(file.file);
        let in_test = is_test(&source.path);
        let is_udf_file = is_udf_path(source);
        for (id, function) in file.functions.iter().enumerate().skip(1) {
            if let Some((span, why)) = own_entry(function, tables, is_udf_file) {
                let entry = Entry {
                    span,
                    function: function.name.clone(),
                    foreign: false,
                    exported: false,
                    per_row: true,
                    why,
                    unverified: false,
                };
                roots.push(Root { function: Ref { file: number, id: id as u32 }, entry, in_test });
            }
        }
        for handed in entries::handed(world, number, &ways) {
            let Some(row) = rows.get(handed.way as usize) else { continue };
            let entry = entry(world, &handed, row);
            if let Some(capture) = graph::held(world, &handed).filter(|_| !in_test) {
                held.push(Held { capture, function: handed.function, entry: entry.clone() });
            }
            roots.push(Root { function: handed.function, entry, in_test });
        }
    }
    (roots, held)
}

fn entry(world: &World<'_>, handed: &python::Handed, row: &EntryPoint) -> Entry {
    let function = shown(world, handed.function);
    let (per_row, why) = (row.per_row, row.why.clone());
    Entry { span: handed.span, function, foreign: false, exported: false, per_row, why, unverified: row.unverified }
}

/// Why a function is an entry by what is written at it.
fn own_entry(function: &python::Function, tables: &Tables, is_udf_file: bool) -> Option<(crate::source::Span, String)> {
    if let Some(span) = function.marked {
        return Some((span, "marked `sparkproof:udf`".to_owned()));
    }
    if let Some(row) = tables.entries(Language::Python, EntryKind::Function).find(|row| row.names(&function.name)) {
        return Some((function.span, row.why.clone()));
    }
    (is_udf_file && !function.is_lambda).then(|| (function.span, "its file is configured as UDF code".to_owned()))
}

/// A function's name as Python's own tracebacks say it: `parse.<lambda>`.
fn shown(world: &World<'_>, function: Ref) -> String {
    world.function(function).map_or(String::new(), |function| function.name.clone())
}

/// A function that was reached, and how.
struct Told<'a, 's> {
    sources: &'a Sources,
    world: &'a World<'s>,
    reached: &'a [Reached],
    number: u32,
    one: &'a Reached,
    root: &'a Root,
}

impl Told<'_, '_> {
    fn facts(&self, facts: &mut Facts) {
        let Some(file) = self.world.file(self.one.function.file) else { return };
        let function = shown(self.world, self.one.function);
        let in_test = self.root.in_test || is_test(self.sources.path(file.file));
        let path = self.hops();
        facts.calls.extend(self.one.references.iter().map(|reference| {
            let mut entry = self.root.entry.clone();
            entry.per_row &= !reference.is_kept && !self.one.once;
            Call {
                language: Language::Python,
                callee: reference.path.clone(),
                usage: if reference.is_call { Usage::Call } else { Usage::Value },
                span: reference.span,
                function: function.clone(),
                package: "".into(),
                entry: Some(entry),
                in_test,
                generated: false,
                tags: [].into(),
                path: path.clone(),
            }
        }));
        let entry = &self.root.entry;
        // A function that remembers what it gave decodes once.
        let decodings = self.one.decodings.iter().filter(|one| !self.one.once && (one.is_plain || entry.per_row));
        facts.decodings.extend(decodings.map(|one| Decoding {
            by: one.by.clone(),
            span: one.span,
            name: one.name.clone(),
            value: one.value,
            function: function.clone(),
            entry: entry.clone(),
            path: path.clone(),
            in_test,
        }));
        facts.captures.extend(self.one.captures.iter().filter_map(|capture| {
            Some(Capture {
                kind: capture.words()?,
                name: if capture.is_made { String::new() } else { capture.name.clone() },
                span: capture.span,
                function: function.clone(),
                entry: self.root.entry.clone(),
                path: path.clone(),
                in_test,
            })
        }));
    }

    fn hops(&self) -> Arc<[Hop]> {
        let steps = graph::path(self.reached, self.number);
        Hop::way(&self.root.entry.function, steps.into_iter().map(|(span, to)| (span, shown(self.world, to))))
    }
}
