//! What a package declares by name.

use super::{Decl, DeclId, Entry, Line, PackageId, Sym, What, World};
use crate::go::syntax::{Expr, ExprId, Name, Syntax};

impl World<'_> {
    pub(super) fn declare(&mut self, package: PackageId, number: usize) {
        let entry = self.files[number].clone();
        let mut group = 0;
        for (line, decl) in entry.syntax.decls.iter().enumerate() {
            match decl {
                Line::Func(func) if func.receiver.is_none() => {
                    let name = entry.word(func.name);
                    self.declare_one(package, &entry, What::Func, (name, func.name_at), (line, 0));
                }
                Line::Func(_) => {}
                Line::Type(decl) => {
                    let name = entry.word(decl.name);
                    self.declare_one(package, &entry, What::Type, (name, decl.name_at), (line, 0));
                }
                Line::Value(value) => {
                    if !value.repeats {
                        group = line;
                    }
                    let what = if value.constant { What::Const } else { What::Var };
                    for (place, (name, at)) in value.names.iter().enumerate() {
                        self.declare_one(package, &entry, what, (entry.word(*name), *at), (group, place));
                    }
                }
            }
        }
    }

    pub(super) fn declare_one(
        &mut self,
        package: PackageId,
        entry: &Entry,
        what: What,
        (name, name_at): (Sym, u32),
        (line, place): (usize, usize),
    ) -> DeclId {
        let id = DeclId(self.decls.len() as u32);
        let (line, place) = (line as u32, place as u32);
        self.decls.push(Decl { what, package, file: entry.number, name, name_at, line, place });
        let hidden = name == self.common.blank || (what == What::Func && self.words.get(name) == "init");
        if !hidden && !matches!(what, What::Method { .. }) {
            let into = &mut self.packages[package.0 as usize];
            let first = *into.scope.entry(name).or_insert(id);
            if first != id {
                into.others.entry(name).or_default().push(id);
            }
        }
        id
    }

    pub(super) fn declare_methods(&mut self, package: PackageId, number: usize) {
        let entry = self.files[number].clone();
        for (line, decl) in entry.syntax.decls.iter().enumerate() {
            let Line::Func(func) = decl else { continue };
            let Some(receiver) = &func.receiver else { continue };
            let Some((base, pointer)) = receiver_base(&entry.syntax, receiver.of) else { continue };
            let base = entry.word(base);
            let what = What::Method { of: base, pointer };
            let name = entry.word(func.name);
            let id = self.declare_one(package, &entry, what, (name, func.name_at), (line, 0));
            if let Some(of) = self.declared(package, base, Some(&entry)) {
                self.methods.entry((of, name)).or_insert(id);
                self.methods_of.entry(of).or_default().push(id);
            }
        }
    }

    /// What a package declares under a name, as one of its files sees it.
    pub(in crate::go) fn declared(&self, package: PackageId, name: Sym, from: Option<&Entry>) -> Option<DeclId> {
        let package = self.packages.get(package.0 as usize)?;
        let first = *package.scope.get(&name)?;
        let (Some(from), Some(others)) = (from, package.others.get(&name)) else { return Some(first) };
        let file = |id: DeclId| self.decls.get(id.0 as usize).map_or(u32::MAX, |d| d.file);
        let same = |id: &DeclId| file(*id) == from.number;
        if same(&first) || (from.usual && from.system.is_none()) {
            return Some(first);
        }
        let alike = |id: &DeclId| {
            let other = self.files.get(file(*id) as usize);
            other.is_some_and(|other| other.usual == from.usual && other.system == from.system)
        };
        others.iter().find(|id| same(id)).or_else(|| others.iter().find(|id| alike(id))).copied().or(Some(first))
    }
}

/// The last word of a receiver's or embedded field's type, and whether a pointer stands before it.
pub(super) fn receiver_base(syntax: &Syntax, of: ExprId) -> Option<(Name, bool)> {
    let (mut at, mut pointer) = (of, false);
    for _ in 0..8 {
        match syntax.expr(at) {
            Expr::Name(name) | Expr::Selector { name, .. } => return Some((name, pointer)),
            Expr::Star(of) => (at, pointer) = (of, true),
            Expr::Paren(of) | Expr::Index { of, .. } => at = of,
            _ => return None,
        }
    }
    None
}
