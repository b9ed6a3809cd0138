//! Types that are certain from one file: stated ones, constructors, and a few results.

use super::known;
use super::scope::{Space, Written};
use super::walk::Walk;
use syn::{Expr, Pat, Type};

/// How many links of a chain (`a.b().c().d()`) are followed to its root.
const MAX_LINKS: usize = 32;

impl Walk {
    /// The type of another crate that a type's syntax names, also behind a reference.
    pub(super) fn written_type(&self, of: &Type) -> Option<String> {
        let mut of = of;
        for _ in 0..MAX_LINKS {
            of = match of {
                Type::Reference(inner) => &inner.elem,
                Type::Paren(inner) => &inner.elem,
                Type::Group(inner) => &inner.elem,
                Type::Path(path) if path.qself.is_none() => return self.resolve(&Written::of(&path.path), Space::Type),
                _ => return None,
            };
        }
        None
    }

    /// The type of an expression's value; `?` in front marks a type inside a `Result`.
    pub(super) fn type_of(&self, expr: &Expr) -> Option<String> {
        self.value_type(expr, MAX_LINKS)
    }

    fn value_type(&self, expr: &Expr, fuel: usize) -> Option<String> {
        let fuel = fuel.checked_sub(1)?;
        match expr {
            Expr::Path(path) if path.qself.is_none() => self.local_type(&path.path.get_ident()?.to_string()),
            Expr::Reference(inner) => self.value_type(&inner.expr, fuel),
            Expr::Paren(inner) => self.value_type(&inner.expr, fuel),
            Expr::Group(inner) => self.value_type(&inner.expr, fuel),
            // The few results that are known are the same behind `.await`.
            Expr::Await(inner) => self.value_type(&inner.base, fuel),
            Expr::Try(inner) => inside(&self.value_type(&inner.expr, fuel)?),
            Expr::Struct(literal) if literal.qself.is_none() => self.resolve(&Written::of(&literal.path), Space::Type),
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => known::result(&self.resolve_expr(path)?),
                _ => None,
            },
            Expr::MethodCall(call) => {
                let of = self.value_type(&call.receiver, fuel)?;
                let name = call.method.to_string();
                if matches!(name.as_str(), "unwrap" | "expect") {
                    return inside(&of);
                }
                known::result(&format!("{of}::{name}")).filter(|_| name != "new")
            }
            _ => None,
        }
    }

    /// Declares the variables of a pattern. A lone name gets the value's type; what `Ok(…)` holds gets the type inside.
    pub(super) fn declare(&mut self, pat: &Pat, of: Option<String>) {
        match pat {
            Pat::Ident(name) => {
                let ident = name.ident.to_string();
                // A name in capitals is a constant or a unit struct, not a variable.
                if name.subpat.is_some() || !ident.starts_with(|c: char| c.is_uppercase()) {
                    self.declare_local(ident, of);
                }
                if let Some((_, inner)) = &name.subpat {
                    self.declare(inner, None);
                }
            }
            Pat::Type(typed) => {
                let of = self.written_type(&typed.ty);
                self.declare(&typed.pat, of);
            }
            Pat::TupleStruct(tuple) => {
                let holds = tuple.path.is_ident("Ok") && tuple.elems.len() == 1;
                let inner = of.as_deref().filter(|_| holds).and_then(inside);
                tuple.elems.iter().for_each(|pat| self.declare(pat, inner.clone()));
            }
            Pat::Reference(inner) => self.declare(&inner.pat, of),
            Pat::Paren(inner) => self.declare(&inner.pat, of),
            Pat::Guard(inner) => self.declare(&inner.pat, of),
            Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pat| self.declare(pat, None)),
            Pat::Slice(slice) => slice.elems.iter().for_each(|pat| self.declare(pat, None)),
            Pat::Or(or) => or.cases.iter().for_each(|pat| self.declare(pat, None)),
            Pat::Struct(fields) => fields.fields.iter().for_each(|field| self.declare(&field.pat, None)),
            _ => {}
        }
    }
}

/// The type inside a `Result`.
fn inside(of: &str) -> Option<String> {
    of.strip_prefix('?').map(str::to_owned)
}
