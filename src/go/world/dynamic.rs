//! Which methods of the repository a call through an interface may mean.

use super::note::{Note, Target};
use super::select::Selected;
use super::{What, World};
use crate::go::Usage;
use crate::go::types::{DeclId, Fast, Sym, Type, TypeId};
use std::collections::HashSet;

/// The repository's types with their methods, promoted ones too.
#[derive(Debug, Default)]
pub(in crate::go) struct Methods {
    names: Fast<DeclId, HashSet<Sym>>,
    having: Fast<Sym, Vec<DeclId>>,
    known: Fast<(TypeId, Sym), Vec<DeclId>>,
}

impl World<'_> {
    /// The types that some code uses, with their methods. A type that only its own methods name is not used.
    pub(in crate::go) fn used_types<'n>(&mut self, notes: impl Iterator<Item = &'n Note>) -> Methods {
        let mut used: Vec<DeclId> = Vec::new();
        for note in notes {
            if let Target::Ours(decl) = note.target
                && note.usage == Usage::Type
                && matches!(self.decl(decl).what, What::Type | What::LocalType)
            {
                used.push(decl);
            }
        }
        used.sort_unstable();
        used.dedup();
        let mut methods = Methods::default();
        for decl in used {
            let of = self.types.add(Type::Named(decl, Box::default()));
            let base = self.base(of);
            if matches!(self.types.get(base), Type::Interface { .. }) {
                continue;
            }
            let names = self.method_names(of);
            for name in &names {
                methods.having.entry(*name).or_default().push(decl);
            }
            methods.names.insert(decl, names);
        }
        methods
    }

    /// The names of a type's own and promoted methods.
    fn method_names(&mut self, of: TypeId) -> HashSet<Sym> {
        let mut names = HashSet::new();
        let (mut open, mut seen) = (vec![of], Vec::new());
        while let Some(at) = open.pop() {
            let at = self.types.pointee(at);
            if seen.contains(&at) || seen.len() > 128 {
                continue;
            }
            seen.push(at);
            if let Type::Named(decl, _) = self.types.get(at).clone() {
                let own = self.methods_of.get(&decl).cloned().unwrap_or_default();
                names.extend(own.into_iter().map(|id| self.decl(id).name));
            }
            let base = self.base(at);
            match self.types.get(base).clone() {
                Type::Struct(members) => open.extend(members.iter().filter(|m| m.embedded).map(|m| m.of)),
                Type::Interface { .. } => names.extend(self.asked_methods(base).unwrap_or_default()),
                _ => {}
            }
        }
        names
    }

    /// The methods that a call of an interface's method may mean: those of every used type that has all the interface asks for.
    pub(in crate::go) fn meant(&mut self, methods: &mut Methods, on: TypeId, name: Sym) -> Vec<DeclId> {
        if let Some(known) = methods.known.get(&(on, name)) {
            return known.clone();
        }
        let asked = self.asked_methods(on).unwrap_or_default();
        let candidates = methods.having.get(&name).cloned().unwrap_or_default();
        let fits =
            |decl: &DeclId| methods.names.get(decl).is_some_and(|own| asked.iter().all(|name| own.contains(name)));
        let candidates: Vec<DeclId> = candidates.into_iter().filter(fits).collect();
        let mut found: Vec<DeclId> = candidates.into_iter().filter_map(|decl| self.method(decl, name)).collect();
        found.sort_unstable();
        found.dedup();
        methods.known.insert((on, name), found.clone());
        found
    }

    /// All exported methods of a type, promoted ones too.
    pub(in crate::go) fn exported_methods(&mut self, decl: DeclId) -> Vec<DeclId> {
        let of = self.types.add(Type::Named(decl, Box::default()));
        let names = self.method_names(of);
        let exported: Vec<Sym> =
            names.into_iter().filter(|name| self.words.get(*name).starts_with(char::is_uppercase)).collect();
        let mut found: Vec<DeclId> = exported.into_iter().filter_map(|name| self.method(decl, name)).collect();
        found.sort_unstable();
        found
    }

    fn method(&mut self, decl: DeclId, name: Sym) -> Option<DeclId> {
        let of = self.types.add(Type::Named(decl, Box::default()));
        match self.select(of, name)?.what {
            Selected::Method(method) if self.is_ours(method) => Some(method),
            _ => None,
        }
    }

    /// Whether a used type of the repository has all methods that an interface of another module asks for; its methods of those
    /// names.
    pub(in crate::go) fn implementing(&mut self, methods: &mut Methods, interface: DeclId) -> Vec<DeclId> {
        let on = self.named(interface);
        let asked = self.asked_methods(on).unwrap_or_default();
        let mut found: Vec<DeclId> = asked.into_iter().flat_map(|name| self.meant(methods, on, name)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
