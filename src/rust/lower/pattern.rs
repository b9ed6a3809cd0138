//! Patterns: the variables they declare, and the names they refer to.

use super::item::is_variable;
use super::{Lower, UNKNOWN};
use crate::rust::Usage;
use crate::rust::syntax::{Term, TermId};
use syn::Pat;
use syn::visit::Visit as _;

impl Lower {
    /// Declares the variables of a pattern that takes this value apart.
    pub(super) fn pattern(&mut self, pattern: &Pat, of: TermId) {
        match pattern {
            Pat::Ident(name) => {
                if name.subpat.is_some() || is_variable(&name.ident) {
                    let ident = self.ident(&name.ident);
                    self.declare(ident, of);
                }
                if let Some((_, inner)) = &name.subpat {
                    self.pattern(inner, of);
                }
            }
            Pat::Type(typed) => {
                self.visit_type(&typed.ty);
                let written = self.written(&typed.ty);
                let stated = self.of_written(written);
                let both = self.push(Term::Either([stated, of].into()));
                self.pattern(&typed.pat, both);
            }
            Pat::TupleStruct(tuple) => self.tuple_struct(tuple, of),
            Pat::Struct(fields) => {
                let from = self.of_path(&fields.path, Usage::Type);
                for field in &fields.fields {
                    let name = match &field.member {
                        syn::Member::Named(ident) => self.ident(ident),
                        syn::Member::Unnamed(index) => self.name(&index.index.to_string()),
                    };
                    let taken = self.push(Term::Taken { from, field: name });
                    self.pattern(&field.pat, taken);
                }
            }
            Pat::Reference(inner) => self.pattern(&inner.pat, of),
            Pat::Paren(inner) => self.pattern(&inner.pat, of),
            Pat::Guard(inner) => {
                self.pattern(&inner.pat, of);
                self.expr(&inner.guard);
            }
            Pat::Tuple(tuple) => {
                // What stands behind `..` counts from the other end.
                let mut certain = true;
                for (at, inner) in tuple.elems.iter().enumerate() {
                    certain &= !matches!(inner, Pat::Rest(_));
                    let part = if certain { self.push(Term::Part(of, at as u16)) } else { UNKNOWN };
                    self.pattern(inner, part);
                }
            }
            Pat::Slice(slice) => {
                let element = self.push(Term::Element(of));
                slice.elems.iter().for_each(|inner| self.pattern(inner, element));
            }
            Pat::Or(or) => or.cases.iter().for_each(|inner| self.pattern(inner, of)),
            Pat::Path(path) if path.qself.is_none() && path.path.get_ident().is_none() => {
                self.of_path(&path.path, Usage::Value);
            }
            Pat::Const(inner) => {
                self.block(&inner.block);
            }
            Pat::Macro(mac) => {
                self.mac(&mac.mac);
            }
            _ => {}
        }
    }

    fn tuple_struct(&mut self, tuple: &syn::PatTupleStruct, of: TermId) {
        let wraps = tuple.path.get_ident().is_some_and(|name| name == "Ok" || name == "Some");
        if wraps && tuple.elems.len() == 1 {
            let inner = self.push(Term::Inside(of));
            return tuple.elems.iter().for_each(|part| self.pattern(part, inner));
        }
        let from = self.of_path(&tuple.path, Usage::Value);
        let mut certain = true;
        for (at, inner) in tuple.elems.iter().enumerate() {
            certain &= !matches!(inner, Pat::Rest(_));
            let field = self.name(&at.to_string());
            let taken = if certain { self.push(Term::Taken { from, field }) } else { UNKNOWN };
            self.pattern(inner, taken);
        }
    }
}
