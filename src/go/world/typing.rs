//! What the syntax of a type means.

use super::note::{Note, Target};
use super::scope::{Binding, Place};
use super::{Imported, What, World};
use crate::go::Usage;
use crate::go::syntax::{Binary, Expr, ExprId, Name};
use crate::go::types::{DeclId, NIL, Sym, Type, TypeId, UNKNOWN};
use crate::source::Span;

impl World<'_> {
    /// What a name means here.
    pub(super) fn lookup(&mut self, place: &Place, name: Sym) -> Option<Binding> {
        if let Some(local) = place.scope.get(name) {
            return Some(local);
        }
        if let Some(decl) = self.declared(place.entry.package, name, Some(&place.entry)) {
            return Some(Binding::Decl(decl));
        }
        if let Some(import) = self.imported(&place.entry, name) {
            return Some(Binding::Import(import));
        }
        if let Some(decl) = self.dot_imported(&place.entry, name) {
            return Some(Binding::Decl(decl));
        }
        if let Some(own) = self.language.get(&name) {
            return Some(*own);
        }
        self.declared(self.universe, name, None).map(Binding::Decl)
    }

    /// Notes a reference to a declared name.
    pub(super) fn note_decl(&mut self, place: &mut Place, decl: DeclId, usage: Usage, span: Span) -> Option<Sym> {
        if self.is_ours(decl) {
            note(place, Target::Ours(decl), usage, span);
            return None;
        }
        if self.decl(decl).package == self.universe {
            return None;
        }
        let path = self.path_of(decl);
        let path = self.words.add(&path);
        note(place, Target::Outside(path), usage, span);
        Some(path)
    }

    /// What a type's syntax means.
    pub(super) fn type_of(&mut self, place: &mut Place, id: ExprId) -> TypeId {
        let entry = place.entry.clone();
        let syntax = &entry.syntax;
        match syntax.expr(id) {
            Expr::Name(name) => self.type_name(place, id, name),
            Expr::Paren(of) | Expr::Tilde(of) => self.type_of(place, of),
            Expr::Star(of) => {
                let of = self.type_of(place, of);
                self.types.pointer(of)
            }
            Expr::SliceOf(of) | Expr::Variadic(of) => {
                let of = self.type_of(place, of);
                self.types.add(Type::Slice(of))
            }
            Expr::Array { length, of } => {
                if let Some(length) = length.filter(|_| place.notes.is_some()) {
                    self.expr(place, length);
                }
                let of = self.type_of(place, of);
                self.types.add(Type::Array(of))
            }
            Expr::MapOf(key, value) => {
                let key = self.type_of(place, key);
                let value = self.type_of(place, value);
                self.types.add(Type::Map(key, value))
            }
            Expr::ChanOf(of) => {
                let of = self.type_of(place, of);
                self.types.add(Type::Chan(of))
            }
            Expr::FuncOf(signature) => self.signature(place, signature),
            Expr::StructOf(number) => self.structure(place, number),
            Expr::InterfaceOf(number) => self.interface(place, number),
            Expr::Selector { of, name } => self.qualified(place, id, of, name),
            Expr::Index { of, by } => {
                let base = self.generic(place, of);
                let arguments: Vec<TypeId> = syntax.list(by).iter().map(|t| self.type_of(place, *t)).collect();
                base.map_or(UNKNOWN, |decl| self.instance(decl, arguments))
            }
            Expr::Binary(Binary::Or, left, right) => {
                let mut terms = Vec::new();
                let mut open = vec![right, left];
                while let Some(term) = open.pop() {
                    if let Expr::Binary(Binary::Or, left, right) = syntax.expr(term) {
                        open.extend([right, left]);
                    } else {
                        terms.push(self.type_of(place, term));
                    }
                }
                self.types.add(Type::Union(terms.into()))
            }
            _ => UNKNOWN,
        }
    }

    fn type_name(&mut self, place: &mut Place, id: ExprId, name: Name) -> TypeId {
        let word = place.entry.word(name);
        match self.lookup(place, word) {
            Some(Binding::Type(of)) => of,
            Some(Binding::Decl(decl)) if matches!(self.decl(decl).what, What::Type | What::LocalType) => {
                let span = place.entry.syntax.span(id);
                self.note_decl(place, decl, Usage::Type, span);
                self.named(decl)
            }
            Some(Binding::Value(NIL)) => NIL,
            _ => UNKNOWN,
        }
    }

    fn qualified(&mut self, place: &mut Place, id: ExprId, of: ExprId, name: Name) -> TypeId {
        let Expr::Name(package) = place.entry.syntax.expr(of) else { return UNKNOWN };
        let package = place.entry.word(package);
        let Some(Binding::Import(import)) = self.lookup(place, package) else { return UNKNOWN };
        let span = place.entry.syntax.span(id);
        let name = place.entry.word(name);
        match self.member(place, import, name, Usage::Type, span) {
            (Some(decl), _) if self.decl(decl).what == What::Type => self.named(decl),
            _ => self.unread_client(import, name).unwrap_or(UNKNOWN),
        }
    }

    /// What an imported package's name refers to, noted.
    pub(super) fn member(
        &mut self,
        place: &mut Place,
        import: Imported,
        name: Sym,
        usage: Usage,
        span: Span,
    ) -> (Option<DeclId>, Option<Sym>) {
        let package = match import {
            Imported::Package(id) => {
                if let Some(decl) = self.declared(id, name, None) {
                    let usage = if self.decl(decl).what == What::Type { Usage::Type } else { usage };
                    let path = self.note_decl(place, decl, usage, span);
                    return (Some(decl), path);
                }
                self.packages[id.0 as usize].path
            }
            Imported::Unread(path) => path,
        };
        let path = format!("{}.{}", self.words.get(package), self.words.get(name));
        let path = self.words.add(&path);
        note(place, Target::Outside(path), usage, span);
        (None, Some(path))
    }

    /// The generic type that is given arguments.
    fn generic(&mut self, place: &mut Place, of: ExprId) -> Option<DeclId> {
        let entry = place.entry.clone();
        let span = entry.syntax.span(of);
        match entry.syntax.expr(of) {
            Expr::Name(name) => match self.lookup(place, entry.word(name)) {
                Some(Binding::Decl(decl)) if self.decl(decl).what == What::Type => {
                    self.note_decl(place, decl, Usage::Type, span);
                    Some(decl)
                }
                _ => None,
            },
            Expr::Selector { of, name } => {
                let Expr::Name(package) = entry.syntax.expr(of) else { return None };
                let Some(Binding::Import(import)) = self.lookup(place, entry.word(package)) else { return None };
                let (decl, _) = self.member(place, import, entry.word(name), Usage::Type, span);
                decl.filter(|decl| self.decl(*decl).what == What::Type)
            }
            _ => None,
        }
    }

    /// A function's type, by its signature's number.
    pub(super) fn signature(&mut self, place: &mut Place, number: u32) -> TypeId {
        self.signature_with(place, number, false)
    }

    /// The same; the names of parameters and results are declared where a body follows.
    pub(super) fn signature_with(&mut self, place: &mut Place, number: u32, declare: bool) -> TypeId {
        let entry = place.entry.clone();
        let signature = entry.syntax.signature(number);
        let mut variadic = false;
        let mut names = Vec::new();
        let mut list = |world: &mut Self, place: &mut Place, fields: &[crate::go::syntax::Field]| -> Box<[TypeId]> {
            let mut types = Vec::new();
            for field in fields {
                variadic |= matches!(entry.syntax.expr(field.of), Expr::Variadic(_));
                let of = world.type_of(place, field.of);
                types.extend(std::iter::repeat_n(of, field.names.len().max(1)));
                names.extend(field.names.iter().map(|(name, _)| (entry.word(*name), of)));
            }
            types.into()
        };
        let parameters = list(self, place, &signature.parameters);
        let results = list(self, place, &signature.results);
        // The names belong to the body: `func f(resource resource.Quantity) resource.Quantity`.
        for (name, of) in names.into_iter().filter(|_| declare) {
            place.scope.declare(name, Binding::Value(of));
        }
        self.types.add(Type::Func { parameters, variadic, results })
    }

    fn structure(&mut self, place: &mut Place, number: u32) -> TypeId {
        let entry = place.entry.clone();
        let mut members = Vec::new();
        for field in entry.syntax.structs.get(number as usize).map_or(&[][..], Vec::as_slice) {
            let of = self.type_of(place, field.of);
            if field.embedded {
                let name = Self::embedded_name(&entry, field.of).unwrap_or(self.common.blank);
                members.push(Self::member_with(name, of, true));
            }
            members.extend(field.names.iter().map(|(name, _)| Self::member_with(entry.word(*name), of, false)));
        }
        self.types.add(Type::Struct(members.into()))
    }

    fn interface(&mut self, place: &mut Place, number: u32) -> TypeId {
        let entry = place.entry.clone();
        let Some(interface) = entry.syntax.interfaces.get(number as usize) else { return UNKNOWN };
        let mut methods = Vec::new();
        for (name, signature) in &interface.methods {
            let of = self.signature(place, *signature);
            methods.push((entry.word(*name), of));
        }
        let embeds = interface.embeds.iter().map(|of| self.type_of(place, *of)).collect();
        self.types.add(Type::Interface { methods: methods.into(), embeds })
    }
}

/// Notes a reference, where any are noted.
pub(super) fn note(place: &mut Place, target: Target, usage: Usage, span: Span) {
    if let Some(notes) = &mut place.notes {
        notes.list.push(Note { target, usage, span });
    }
}
