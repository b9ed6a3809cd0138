//! Types as written, and the names in them.

use super::Lower;
use crate::rust::Usage;
use crate::rust::syntax::{Param, Path, Term, Written};
use std::collections::HashMap;
use syn::visit::{self, Visit};
use syn::{GenericParam, Generics, Type, TypeParamBound, WherePredicate};

/// How deep types inside types are followed.
const MAX_DEPTH: usize = 24;

impl Lower {
    /// A type in compact form.
    pub(super) fn written(&mut self, of: &Type) -> Written {
        self.written_within(of, MAX_DEPTH)
    }

    fn written_within(&mut self, of: &Type, fuel: usize) -> Written {
        let Some(fuel) = fuel.checked_sub(1) else { return Written::Unknown };
        match of {
            Type::Reference(inner) => self.written_within(&inner.elem, fuel),
            Type::Ptr(inner) => self.written_within(&inner.elem, fuel),
            Type::Paren(inner) => self.written_within(&inner.elem, fuel),
            Type::Group(inner) => self.written_within(&inner.elem, fuel),
            Type::Slice(inner) => Written::List(Box::new(self.written_within(&inner.elem, fuel))),
            Type::Array(inner) => Written::List(Box::new(self.written_within(&inner.elem, fuel))),
            Type::Tuple(tuple) => {
                Written::Tuple(tuple.elems.iter().map(|inner| self.written_within(inner, fuel)).collect())
            }
            Type::Path(path) if path.qself.is_none() => {
                let arguments = path.path.segments.last().map(|last| self.arguments_within(last, fuel));
                Written::Path(self.path(&path.path), arguments.unwrap_or_default())
            }
            Type::TraitObject(object) => self.bounds_within(object.bounds.iter(), fuel),
            Type::ImplTrait(object) => self.bounds_within(object.bounds.iter(), fuel),
            Type::FnPtr(function) => self.gives_within(&function.output, fuel),
            _ => Written::Unknown,
        }
    }

    fn gives_within(&mut self, output: &syn::ReturnType, fuel: usize) -> Written {
        match output {
            syn::ReturnType::Default => Written::Tuple([].into()),
            syn::ReturnType::Type(_, of) => Written::Gives(Box::new(self.written_within(of, fuel))),
        }
    }

    fn bounds_within<'a>(&mut self, bounds: impl Iterator<Item = &'a TypeParamBound>, fuel: usize) -> Written {
        let (mut paths, mut gives) = (Vec::new(), Written::Unknown);
        for bound in bounds {
            let TypeParamBound::Trait(bound) = bound else { continue };
            paths.push(self.path(&bound.path));
            if let Some(given) = self.given(&bound.path, fuel) {
                gives = given;
            }
        }
        Written::Bounds(paths.into(), Box::new(gives))
    }

    /// What a trait's bound says that it gives: `Iterator<Item = T>`, `Fn() -> T`.
    fn given(&mut self, path: &syn::Path, fuel: usize) -> Option<Written> {
        match &path.segments.last()?.arguments {
            syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::AssocType(of) => Some(self.written_within(&of.ty, fuel)),
                _ => None,
            }),
            syn::PathArguments::Parenthesized(list) => Some(self.gives_within(&list.output, fuel)),
            syn::PathArguments::None => None,
        }
    }

    /// The type arguments of a segment.
    pub(super) fn arguments(&mut self, segment: &syn::PathSegment) -> Box<[Written]> {
        self.arguments_within(segment, MAX_DEPTH)
    }

    fn arguments_within(&mut self, segment: &syn::PathSegment, fuel: usize) -> Box<[Written]> {
        let syn::PathArguments::AngleBracketed(list) = &segment.arguments else { return [].into() };
        let types = list.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(of) => Some(self.written_within(of, fuel)),
            _ => None,
        });
        types.collect()
    }

    /// Type parameters with what binds them.
    pub(super) fn params(&mut self, generics: &Generics) -> Vec<Param> {
        let mut bounded: HashMap<String, (Vec<Path>, Option<Written>)> = HashMap::new();
        let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        for predicate in clauses {
            if let WherePredicate::Type(predicate) = predicate
                && let Type::Path(of) = &predicate.bounded_ty
                && let Some(ident) = of.path.get_ident()
            {
                let entry = bounded.entry(ident.to_string()).or_default();
                if let Written::Bounds(paths, gives) = self.bounds_within(predicate.bounds.iter(), MAX_DEPTH) {
                    entry.0.extend(paths);
                    entry.1 = entry.1.take().or(Some(*gives).filter(|gives| *gives != Written::Unknown));
                }
            }
        }
        let params = generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(param),
            _ => None,
        });
        let params: Vec<&syn::TypeParam> = params.collect();
        params
            .into_iter()
            .map(|param| {
                let (mut bounds, mut gives) = bounded.remove(&param.ident.to_string()).unwrap_or_default();
                if let Written::Bounds(paths, given) = self.bounds_within(param.bounds.iter(), MAX_DEPTH) {
                    bounds.extend(paths);
                    gives = gives.or(Some(*given).filter(|gives| *gives != Written::Unknown));
                }
                Param { name: self.ident(&param.ident), bounds, gives }
            })
            .collect()
    }
}

/// The names that types refer to. Expressions inside them (lengths of arrays) are read as such.
impl<'ast> Visit<'ast> for Lower {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_type_path(&mut self, of: &'ast syn::TypePath) {
        match &of.qself {
            None => self.named(&of.path),
            Some(qself) => self.visit_type(&qself.ty),
        }
        visit::visit_path(self, &of.path);
    }

    fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
        self.named(&bound.path);
        visit::visit_path(self, &bound.path);
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        self.expr(expr);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.mac(mac);
    }
}

impl Lower {
    /// A type or trait that is named.
    pub(super) fn named(&mut self, path: &syn::Path) {
        if self.routine.is_some() {
            let named = self.path_use(path, Usage::Type);
            self.push(Term::Named(Box::new(named)));
        }
    }

    /// The names in the arguments of a path.
    pub(super) fn path_arguments(&mut self, path: &syn::Path) {
        visit::visit_path(self, path);
    }
}
