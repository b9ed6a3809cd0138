//! What each construct declares and refers to.

use super::known;
use super::scope::{self, Items, Space, Written};
use super::walk::{Found, Walk, is_test};
use super::{Usage, macros};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt, Type};

impl Walk {
    /// A path that names a type, a trait or a constructor in a pattern.
    fn named(&mut self, path: &syn::Path, usage: Usage, space: Space) {
        if let Some(full) = self.resolve(&Written::of(path), space) {
            let span = self.path_span(path);
            self.refer(full, usage, span);
        }
        // Generic arguments name types of their own.
        visit::visit_path(self, path);
    }

    fn path_span(&self, path: &syn::Path) -> crate::source::Span {
        let ends = path.segments.first().zip(path.segments.last());
        ends.map_or_else(|| self.span(path.span()), |(a, b)| self.span(a.ident.span()).cover(self.span(b.ident.span())))
    }

    fn value(&mut self, path: &syn::ExprPath, usage: Usage) {
        if let Some(full) = self.resolve_expr(path) {
            let span = self.path_span(&path.path);
            self.refer(full, usage, span);
        }
        if let Some(of) = &path.qself {
            self.visit_type(&of.ty);
        }
        visit::visit_path(self, &path.path);
    }

    fn syntax(&mut self, name: &str, at: proc_macro2::Span) {
        let span = self.span(at);
        self.refer(name.to_owned(), Usage::Syntax, span);
    }

    fn signature_and_body(&mut self, sig: &syn::Signature, body: Option<&syn::Block>) {
        if let syn::Safety::Unsafe(token) = &sig.safety {
            self.syntax("unsafe fn", token.span);
        }
        visit::visit_signature(self, sig);
        for input in &sig.inputs {
            if let syn::FnArg::Typed(typed) = input {
                let of = self.written_type(&typed.ty);
                self.declare(&typed.pat, of);
            }
        }
        if let Some(body) = body {
            self.visit_block(body);
        }
    }

    /// A constant or static runs its initialiser; outside functions it is a function of its own.
    fn initialiser(&mut self, found: Found<'_>, of: &Type, expr: &Expr) {
        let work = |walk: &mut Self| {
            walk.visit_type(of);
            walk.visit_expr(expr);
        };
        if self.function.is_some() { work(self) } else { self.in_function(found, work) }
    }

    fn in_named(
        &mut self,
        name: String,
        attributes: &[syn::Attribute],
        keyword: proc_macro2::Span,
        work: impl FnOnce(&mut Self),
    ) {
        let outer = (self.in_test, self.marked);
        self.marked = self.mark_of(attributes, keyword);
        self.in_test |= is_test(attributes);
        self.names.push(name);
        work(self);
        self.names.pop();
        (self.in_test, self.marked) = outer;
    }

    /// What a macro's input refers to: tried as expressions, then as statements, then scanned for paths.
    fn macro_input(&mut self, mac: &syn::Macro) {
        self.macro_depth += 1;
        if self.macro_depth <= macros::MAX_DEPTH {
            if let Ok(exprs) = mac.parse_body_with(Punctuated::<Expr, syn::Token![,]>::parse_terminated) {
                self.in_block(|walk| exprs.iter().for_each(|expr| walk.visit_expr(expr)));
            } else if let Ok(stmts) = mac.parse_body_with(syn::Block::parse_within) {
                self.in_block(|walk| walk.statements(&stmts));
            } else {
                self.scan(mac.tokens.clone());
            }
        }
        self.macro_depth -= 1;
    }

    fn statements(&mut self, stmts: &[Stmt]) {
        let items =
            Items::of(stmts.iter().filter_map(|s| if let Stmt::Item(item) = s { Some(item) } else { None }), false);
        let work = |walk: &mut Self| stmts.iter().for_each(|stmt| walk.visit_stmt(stmt));
        if items.is_empty() { work(self) } else { self.among(items, work) }
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        let (Some((_, items)), Some(scope)) = (&item.content, self.chain.last().and_then(|here| here.module(&name)))
        else {
            return;
        };
        let function = self.function.take();
        self.in_named(name, &item.attrs, item.mod_token.span, |walk| {
            walk.among(scope, |walk| items.iter().for_each(|item| walk.visit_item(item)));
        });
        self.function = function;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !self.in_test && !is_test(&item.attrs) {
            self.foreign(item);
        }
        let end = item.block.brace_token.span.close();
        let found = Found { ident: &item.sig.ident, attributes: &item.attrs, word: item.sig.fn_token.span, end };
        self.in_function(found, |walk| walk.signature_and_body(&item.sig, Some(&item.block)));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let end = item.block.brace_token.span.close();
        let found = Found { ident: &item.sig.ident, attributes: &item.attrs, word: item.sig.fn_token.span, end };
        self.in_function(found, |walk| walk.signature_and_body(&item.sig, Some(&item.block)));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        let ident_end = item.sig.paren_token.span.close();
        let end = item.default.as_ref().map_or(ident_end, |block| block.brace_token.span.close());
        let found = Found { ident: &item.sig.ident, attributes: &item.attrs, word: item.sig.fn_token.span, end };
        self.in_function(found, |walk| walk.signature_and_body(&item.sig, item.default.as_ref()));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(token) = &item.unsafety {
            self.syntax("unsafe impl", token.span);
        }
        let name = match &*item.self_ty {
            Type::Path(of) => of.path.segments.last().map(|s| s.ident.to_string()),
            _ => None,
        };
        let own = self.written_type(&item.self_ty);
        let outer = std::mem::replace(&mut self.self_type, own);
        let name = name.unwrap_or_else(|| "impl".to_owned());
        self.in_named(name, &item.attrs, item.impl_token.span, |walk| {
            visit::visit_generics(walk, &item.generics);
            if let Some((path, _)) = &item.trait_ {
                walk.named(path, Usage::Type, Space::Type);
            }
            walk.visit_type(&item.self_ty);
            item.items.iter().for_each(|item| walk.visit_impl_item(item));
        });
        self.self_type = outer;
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        let outer = self.self_type.take();
        self.in_named(item.ident.to_string(), &item.attrs, item.trait_token.span, |walk| {
            visit::visit_item_trait(walk, item);
        });
        self.self_type = outer;
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        let (word, end) = (item.const_token.span, item.semi_token.span);
        self.initialiser(Found { ident: &item.ident, attributes: &item.attrs, word, end }, &item.ty, &item.expr);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        if let syn::StaticMutability::Mut(token) = &item.mutability {
            self.syntax("static mut", token.span);
        }
        let (word, end) = (item.static_token.span, item.semi_token.span);
        self.initialiser(Found { ident: &item.ident, attributes: &item.attrs, word, end }, &item.ty, &item.expr);
    }

    fn visit_item_foreign_mod(&mut self, item: &'ast syn::ItemForeignMod) {
        self.syntax("extern block", item.abi.extern_token.span);
        visit::visit_item_foreign_mod(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        // A definition runs nowhere by itself.
        if item.ident.is_none() {
            self.visit_macro(&item.mac);
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.in_block(|walk| walk.statements(&block.stmts));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let mut of = None;
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            of = self.type_of(&init.expr);
            if let Some((_, other)) = &init.diverge {
                self.visit_expr(other);
            }
        }
        self.visit_pat(&local.pat);
        self.declare(&local.pat, of);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.in_block(|walk| {
            for input in &closure.inputs {
                walk.visit_pat(input);
                walk.declare(input, None);
            }
            walk.visit_return_type(&closure.output);
            walk.visit_expr(&closure.body);
        });
    }

    fn visit_expr_match(&mut self, expr: &'ast syn::ExprMatch) {
        self.visit_expr(&expr.expr);
        let of = self.type_of(&expr.expr);
        for arm in &expr.arms {
            self.in_block(|walk| {
                walk.declare(&arm.pat, of.clone());
                walk.visit_pat(&arm.pat);
                walk.visit_expr(&arm.body);
            });
        }
    }

    fn visit_expr_if(&mut self, expr: &'ast syn::ExprIf) {
        self.in_block(|walk| {
            walk.visit_expr(&expr.cond);
            walk.visit_block(&expr.then_branch);
        });
        if let Some((_, other)) = &expr.else_branch {
            self.visit_expr(other);
        }
    }

    fn visit_expr_while(&mut self, expr: &'ast syn::ExprWhile) {
        self.in_block(|walk| visit::visit_expr_while(walk, expr));
    }

    fn visit_expr_let(&mut self, expr: &'ast syn::ExprLet) {
        self.visit_expr(&expr.expr);
        self.visit_pat(&expr.pat);
        let of = self.type_of(&expr.expr);
        self.declare(&expr.pat, of);
    }

    fn visit_expr_for_loop(&mut self, expr: &'ast syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.in_block(|walk| {
            walk.visit_pat(&expr.pat);
            walk.declare(&expr.pat, None);
            walk.visit_block(&expr.body);
        });
    }

    fn visit_expr_unsafe(&mut self, expr: &'ast syn::ExprUnsafe) {
        self.syntax("unsafe block", expr.unsafe_token.span);
        self.visit_block(&expr.block);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        match &*call.func {
            Expr::Path(path) => self.value(path, Usage::Call),
            other => self.visit_expr(other),
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        let name = call.method.to_string();
        match self.type_of(&call.receiver).map(|of| known::method(&of, &name)) {
            Some(Some(path)) => {
                let span = self.span(call.method.span());
                self.refer(path, Usage::Call, span);
            }
            Some(None) => {}
            None => self.out.unknown_receivers += 1,
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.value(path, Usage::Value);
    }

    fn visit_expr_struct(&mut self, expr: &'ast syn::ExprStruct) {
        self.named(&expr.path, Usage::Type, Space::Type);
        expr.fields.iter().for_each(|field| self.visit_expr(&field.expr));
        if let Some(rest) = &expr.rest {
            self.visit_expr(rest);
        }
    }

    fn visit_pat_struct(&mut self, pat: &'ast syn::PatStruct) {
        self.named(&pat.path, Usage::Type, Space::Type);
        pat.fields.iter().for_each(|field| self.visit_pat(&field.pat));
    }

    fn visit_pat_tuple_struct(&mut self, pat: &'ast syn::PatTupleStruct) {
        self.named(&pat.path, Usage::Value, Space::Value);
        pat.elems.iter().for_each(|pat| self.visit_pat(pat));
    }

    fn visit_type_path(&mut self, of: &'ast syn::TypePath) {
        match &of.qself {
            None => self.named(&of.path, Usage::Type, Space::Type),
            Some(qself) => {
                self.visit_type(&qself.ty);
                visit::visit_path(self, &of.path);
            }
        }
    }

    fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
        self.named(&bound.path, Usage::Type, Space::Type);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if let Some(full) = scope::resolve_macro(&self.chain, &Written::of(&mac.path)) {
            let span = self.path_span(&mac.path);
            self.refer(full, Usage::Macro, span);
        }
        self.macro_input(mac);
    }
}
