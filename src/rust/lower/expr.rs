//! Expressions: what they refer to, and what their values are made of.

use super::{Lower, UNKNOWN};
use crate::rust::Usage;
use crate::rust::syntax::{Term, TermId, Written};
use syn::punctuated::Punctuated;
use syn::visit::Visit as _;
use syn::{Expr, Token};

impl Lower {
    /// An expression's value.
    pub(super) fn expr(&mut self, expr: &Expr) -> TermId {
        match expr {
            Expr::Path(path) => self.value_path(path, Usage::Value),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Field(field) => {
                let of = self.expr(&field.base);
                let name = match &field.member {
                    syn::Member::Named(ident) => self.ident(ident),
                    syn::Member::Unnamed(index) => self.name(&index.index.to_string()),
                };
                self.push(Term::Field { of, name })
            }
            Expr::Reference(inner) => self.expr(&inner.expr),
            Expr::RawAddr(inner) => self.expr(&inner.expr),
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Unary(inner) => {
                let of = self.expr(&inner.expr);
                if matches!(inner.op, syn::UnOp::Deref(_)) { of } else { UNKNOWN }
            }
            // What is known to give a future gives what the future gives.
            Expr::Await(inner) => self.expr(&inner.base),
            Expr::Try(inner) => {
                let of = self.expr(&inner.expr);
                self.push(Term::Inside(of))
            }
            Expr::Cast(cast) => {
                self.expr(&cast.expr);
                self.visit_type(&cast.ty);
                let of = self.written(&cast.ty);
                self.push(Term::Of(self.scope, of))
            }
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::Tuple(tuple) => {
                let parts = self.exprs(&tuple.elems);
                self.push(Term::Tuple(parts.into()))
            }
            Expr::Array(array) => {
                let first = self.exprs(&array.elems).first().copied().unwrap_or(UNKNOWN);
                self.push(Term::List(first))
            }
            Expr::Repeat(repeat) => {
                let of = self.expr(&repeat.expr);
                self.expr(&repeat.len);
                self.push(Term::List(of))
            }
            Expr::Index(index) => {
                let of = self.expr(&index.expr);
                self.expr(&index.index);
                if matches!(&*index.index, Expr::Range(_)) { of } else { self.push(Term::Element(of)) }
            }
            Expr::Macro(mac) => self.mac(&mac.mac),
            Expr::Closure(closure) => self.closure(closure, UNKNOWN, None),
            _ => self.control(expr),
        }
    }

    /// What branches, repeats and ends.
    fn control(&mut self, expr: &Expr) -> TermId {
        match expr {
            Expr::Block(inner) => self.block(&inner.block),
            Expr::Async(inner) => self.block(&inner.block),
            Expr::Const(inner) => self.block(&inner.block),
            Expr::TryBlock(inner) => self.block(&inner.block),
            Expr::Unsafe(inner) => {
                self.syntax("unsafe block", inner.unsafe_token.span);
                self.block(&inner.block)
            }
            Expr::Loop(inner) => {
                self.block(&inner.body);
                UNKNOWN
            }
            Expr::If(inner) => self.condition(inner),
            Expr::While(inner) => self.in_block(|lower| {
                lower.expr(&inner.cond);
                lower.block(&inner.body);
                UNKNOWN
            }),
            Expr::ForLoop(inner) => {
                let of = self.expr(&inner.expr);
                let element = self.push(Term::Element(of));
                self.in_block(|lower| {
                    lower.pattern(&inner.pat, element);
                    lower.block(&inner.body);
                });
                UNKNOWN
            }
            Expr::Match(inner) => self.arms(inner),
            Expr::Let(inner) => {
                let of = self.expr(&inner.expr);
                self.pattern(&inner.pat, of);
                UNKNOWN
            }
            Expr::Assign(inner) => self.both(&inner.left, &inner.right),
            Expr::Binary(inner) => self.both(&inner.left, &inner.right),
            Expr::Range(inner) => {
                let ends = [&inner.start, &inner.end];
                ends.into_iter().flatten().for_each(|end| {
                    self.expr(end);
                });
                UNKNOWN
            }
            Expr::Return(inner) => self.maybe(inner.expr.as_deref()),
            Expr::Break(inner) => self.maybe(inner.expr.as_deref()),
            Expr::Yield(inner) => self.maybe(inner.expr.as_deref()),
            _ => UNKNOWN,
        }
    }

    fn maybe(&mut self, expr: Option<&Expr>) -> TermId {
        if let Some(expr) = expr {
            self.expr(expr);
        }
        UNKNOWN
    }

    fn both(&mut self, left: &Expr, right: &Expr) -> TermId {
        self.expr(left);
        self.expr(right);
        UNKNOWN
    }

    pub(super) fn exprs(&mut self, exprs: &Punctuated<Expr, Token![,]>) -> Vec<TermId> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// A path in an expression: a variable, or a name.
    fn value_path(&mut self, path: &syn::ExprPath, usage: Usage) -> TermId {
        if let (None, Some(ident)) = (&path.qself, path.path.get_ident()) {
            let name = self.ident(ident);
            if let Some(term) = self.local(&name) {
                return term;
            }
        }
        let mut used = self.path_use(&path.path, usage);
        if let Some(of) = &path.qself {
            self.visit_type(&of.ty);
            used.of = Some(self.written(&of.ty));
        }
        self.path_arguments(&path.path);
        self.push(Term::Path(Box::new(used)))
    }

    fn call(&mut self, call: &syn::ExprCall) -> TermId {
        let callee = match &*call.func {
            Expr::Path(path) => self.value_path(path, Usage::Call),
            other => self.expr(other),
        };
        let arguments = self.exprs(&call.args);
        let first = arguments.first().copied().unwrap_or(UNKNOWN);
        self.push(Term::Call { callee, first })
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> TermId {
        let on = self.expr(&call.receiver);
        if let Some(turbofish) = &call.turbofish {
            syn::visit::visit_angle_bracketed_generic_arguments(self, turbofish);
        }
        let name = self.ident(&call.method);
        let mut first = None;
        for argument in &call.args {
            let term = match argument {
                Expr::Closure(closure) => self.closure(closure, on, Some(&name)),
                other => self.expr(other),
            };
            first.get_or_insert(term);
        }
        let span = self.span(call.method.span());
        let given = self.push(Term::Method { on, first: first.unwrap_or(UNKNOWN), name, span });
        // `collect::<Vec<T>>()` says itself what it gives.
        match call.turbofish.iter().flat_map(|turbofish| &turbofish.args).next() {
            Some(syn::GenericArgument::Type(of)) if call.method == "collect" || call.method == "downcast_ref" => {
                let of = self.written(of);
                let stated = self.push(Term::Of(self.scope, of));
                self.push(Term::Either([given, stated].into()))
            }
            _ => given,
        }
    }

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> TermId {
        let used = self.path_use(&literal.path, Usage::Type);
        self.path_arguments(&literal.path);
        literal.fields.iter().for_each(|field| {
            self.expr(&field.expr);
        });
        if let Some(rest) = &literal.rest {
            self.expr(rest);
        }
        self.push(Term::Literal(Box::new(used)))
    }

    /// A closure; `on` and `method` are what it is handed to.
    fn closure(
        &mut self,
        closure: &syn::ExprClosure,
        on: TermId,
        method: Option<&crate::rust::syntax::Name>,
    ) -> TermId {
        let body = self.in_block(|lower| {
            for (at, input) in closure.inputs.iter().enumerate() {
                let of = match method {
                    Some(name) => lower.push(Term::Handed { on, name: name.clone(), at: at as u16 }),
                    None => UNKNOWN,
                };
                lower.pattern(input, of);
            }
            lower.visit_return_type(&closure.output);
            let body = lower.expr(&closure.body);
            match &closure.output {
                syn::ReturnType::Type(_, of) => {
                    let of = lower.written(of);
                    lower.push(Term::Of(lower.scope, of))
                }
                syn::ReturnType::Default => body,
            }
        });
        self.push(Term::Closure(body))
    }

    fn condition(&mut self, expr: &syn::ExprIf) -> TermId {
        let then = self.in_block(|lower| {
            lower.expr(&expr.cond);
            lower.block(&expr.then_branch)
        });
        match &expr.else_branch {
            Some((_, other)) => {
                let other = self.expr(other);
                self.push(Term::Either([then, other].into()))
            }
            None => UNKNOWN,
        }
    }

    fn arms(&mut self, expr: &syn::ExprMatch) -> TermId {
        let of = self.expr(&expr.expr);
        let mut values = Vec::new();
        for arm in &expr.arms {
            values.push(self.in_block(|lower| {
                lower.pattern(&arm.pat, of);
                lower.expr(&arm.body)
            }));
        }
        self.push(Term::Either(values.into()))
    }

    pub(super) fn let_statement(&mut self, local: &syn::Local) {
        let mut of = UNKNOWN;
        if let Some(init) = &local.init {
            of = self.expr(&init.expr);
            if let Some((_, other)) = &init.diverge {
                self.expr(other);
            }
        }
        self.pattern(&local.pat, of);
    }

    /// A value whose type a pattern or a path names.
    pub(super) fn of_path(&mut self, path: &syn::Path, usage: Usage) -> TermId {
        let used = self.path_use(path, usage);
        self.path_arguments(path);
        self.push(Term::Literal(Box::new(used)))
    }

    /// A value of a type that is written out.
    pub(super) fn of_written(&mut self, of: Written) -> TermId {
        self.push(Term::Of(self.scope, of))
    }
}
