//! A walk through the functions of a file.

use super::World;
use super::note::Notes;
use super::scope::{Binding, Place};
use crate::go::syntax::{Decl as Line, FuncDecl, ValueDecl};
use crate::go::types::{DeclId, Sym};
use crate::source::Span;

/// A function, a method, or a line of package variables or constants, with what it refers to. Closures belong to it.
#[derive(Debug)]
pub(in crate::go) struct Looked {
    /// The names it declares: one, or those of a line of variables; none for `init`, blanks and types.
    pub(in crate::go) decls: Vec<DeclId>,
    pub(in crate::go) name: String,
    pub(in crate::go) span: Span,
    pub(in crate::go) body: Span,
    pub(in crate::go) notes: Notes,
    pub(in crate::go) kind: Kind,
    /// Which declaration of the file.
    pub(in crate::go) line: usize,
}

/// What kind of declaration was looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) enum Kind {
    Function,
    Value,
    Type,
}

impl World<'_> {
    /// What each declaration of a file refers to.
    pub(in crate::go) fn look(&mut self, number: usize) -> Vec<Looked> {
        let entry = self.files[number].clone();
        let mut decls: std::collections::HashMap<u32, Vec<DeclId>> = std::collections::HashMap::new();
        let ranges = self.ranges.get(number).copied().unwrap_or_default();
        for id in ranges.into_iter().flat_map(|(from, to)| from..to) {
            let decl = self.decls[id];
            decls.entry(decl.name_at).or_default().push(DeclId(id as u32));
        }
        let at = |at: u32| decls.get(&at).cloned().unwrap_or_default();
        let mut looked = Vec::new();
        for (number, line) in entry.syntax.decls.iter().enumerate() {
            let mut place = Place::top(&entry);
            place.notes = Some(Notes::default());
            let span = |start: u32, end: u32| Span { file: entry.file(), start, end };
            let mut add = |decls, name: String, span, body, kind, place: Place| {
                let notes = place.notes.unwrap_or_default();
                looked.push(Looked { decls, name, span, body, notes, kind, line: number });
            };
            match line {
                Line::Func(func) => {
                    self.look_into(&mut place, func);
                    let name = Self::shown(&place, func);
                    let end = func.name_at + entry.syntax.name(func.name).len() as u32;
                    let (own, body) = (span(func.name_at, end), span(func.start, func.end));
                    add(at(func.name_at), name, own, body, Kind::Function, place);
                }
                Line::Value(value) => {
                    self.look_at_values(&mut place, value);
                    let names: Vec<&str> = value.names.iter().map(|(name, _)| entry.syntax.name(*name)).collect();
                    let first = value.names.first().map_or(value.start, |(_, at)| *at);
                    let own = span(first, first + names.first().map_or(0, |name| name.len() as u32));
                    let ids = value.names.iter().flat_map(|(_, name_at)| at(*name_at)).collect();
                    add(ids, names.join(", "), own, span(value.start, value.end), Kind::Value, place);
                }
                Line::Type(of) => {
                    self.parameters(&mut place, &of.type_parameters);
                    self.type_of(&mut place, of.of);
                    let name = entry.syntax.name(of.name);
                    let own = span(of.name_at, of.name_at + name.len() as u32);
                    let name = name.to_owned();
                    add(at(of.name_at), name, own, own, Kind::Type, place);
                }
            }
        }
        looked
    }

    fn look_into(&mut self, place: &mut Place, func: &FuncDecl) {
        let entry = place.entry.clone();
        let receiver = func.receiver.as_ref().map(|receiver| (receiver, self.receiver(place, receiver)));
        self.parameters(place, &func.type_parameters);
        place.block = place.scope.enter();
        self.signature_with(place, func.signature, true);
        if let Some((receiver, of)) = receiver {
            for (name, _) in &receiver.names {
                place.scope.declare(entry.word(*name), Binding::Value(of));
            }
        }
        if let Some(body) = func.body {
            self.statements(place, entry.syntax.body(body));
        }
    }

    fn look_at_values(&mut self, place: &mut Place, value: &ValueDecl) {
        let entry = place.entry.clone();
        let stated = value.of.map(|of| self.type_of(place, of));
        let values = entry.syntax.list(value.values);
        match (stated, values) {
            (Some(of), [only]) => {
                self.value_for(place, *only, of);
            }
            _ => {
                self.values_of(place, values, value.names.len().max(values.len()));
            }
        }
    }

    /// `Map`, `(*Server).Run`, `(Point).String`.
    fn shown(place: &Place, func: &FuncDecl) -> String {
        let name = place.entry.syntax.name(func.name);
        let base = func.receiver.as_ref().and_then(|r| super::receiver_base(&place.entry.syntax, r.of));
        match base {
            Some((of, true)) => format!("(*{}).{name}", place.entry.syntax.name(of)),
            Some((of, false)) => format!("({}).{name}", place.entry.syntax.name(of)),
            None => name.to_owned(),
        }
    }

    /// The path of a package.
    pub(in crate::go) fn package_path(&self, package: super::PackageId) -> &str {
        self.packages.get(package.0 as usize).map_or("", |p| self.words.get(p.path))
    }

    pub(in crate::go) fn word(&self, sym: Sym) -> std::sync::Arc<str> {
        self.words.shared(sym)
    }
}
