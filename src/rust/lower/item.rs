//! Items: what they declare, and the routines in them.

mod import;

use super::{Found, Lower, UNKNOWN};
use crate::rust::attribute::is_test;
use crate::rust::ffi;
use crate::rust::syntax::{Alias, ImplItem, Item, Name, Own, Path, Scope, Term, TraitItem, TypeItem, Written};
use std::collections::HashMap;
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit as _};
use syn::{Fields, ImplItem as SynImplItem, Item as SynItem, Signature, TraitItem as SynTraitItem};

/// How long an import's path may be.
const MAX_SEGMENTS: usize = 32;

impl Lower {
    fn add_type(&mut self, name: Name, item: Item) {
        if let Some(scope) = self.here() {
            // An own item of one kind and an import of another may share a name; the own item wins in its kind. Of two
            // that a condition chooses from, the first is taken.
            match scope.types.get(&name) {
                Some(Item::Import(..)) | None => scope.types.insert(name, item),
                Some(_) => None,
            };
        }
    }

    fn add_value(&mut self, name: Name, item: Item) {
        if let Some(scope) = self.here() {
            match (scope.values.get(&name), &item) {
                (Some(Item::Function(first)), Item::Function(other)) => scope.twins.push((*first, *other)),
                (Some(Item::Import(..)) | None, _) => drop(scope.values.insert(name, item)),
                (Some(_), _) => {}
            }
        }
    }

    pub(super) fn item(&mut self, item: &SynItem) {
        match item {
            SynItem::Use(item) => {
                let seen = !matches!(item.vis, syn::Visibility::Inherited);
                self.imports(&item.tree, item.leading_colon.is_some(), seen);
            }
            SynItem::ExternCrate(item) => {
                let name = self.ident(&item.ident);
                let alias = match &item.rename {
                    Some((_, alias)) => self.ident(alias),
                    None => name.clone(),
                };
                let target = Path { absolute: &*name != "self", segments: [name].into() };
                let seen = !matches!(item.vis, syn::Visibility::Inherited);
                self.add_type(alias, Item::Import(target, seen));
            }
            SynItem::Type(item) => {
                let params = self.params(&item.generics).into_iter().map(|param| param.name).collect();
                let (name, of) = (self.ident(&item.ident), self.written(&item.ty));
                let number = self.out.aliases.len() as u32;
                self.out.aliases.push(Alias { scope: self.scope, params, of });
                self.add_type(name, Item::Alias(number));
            }
            SynItem::Mod(item) => self.module(item),
            SynItem::Struct(item) => {
                let fields = self.fields(&item.fields);
                let is_value = !matches!(item.fields, Fields::Named(_));
                self.type_item(&item.ident, &item.generics, fields, HashMap::new(), is_value);
            }
            SynItem::Union(item) => {
                let fields = self.fields(&Fields::Named(item.fields.clone()));
                self.type_item(&item.ident, &item.generics, fields, HashMap::new(), false);
            }
            SynItem::Enum(item) => {
                let variants = item.variants.iter().map(|v| (self.ident(&v.ident), self.fields(&v.fields))).collect();
                self.type_item(&item.ident, &item.generics, Vec::new(), variants, false);
            }
            SynItem::Trait(item) => self.trait_item(item),
            SynItem::Fn(item) => self.function(item),
            SynItem::Const(item) => {
                let (word, end) = (item.const_token.span, item.semi_token.span);
                let found = Found { ident: &item.ident, attributes: &item.attrs, word, end };
                self.value(found, &item.ty, Some(&item.expr));
            }
            SynItem::Static(item) => {
                let (word, end) = (item.static_token.span, item.semi_token.span);
                if let syn::StaticMutability::Mut(token) = &item.mutability {
                    self.syntax("static mut", token.span);
                }
                let found = Found { ident: &item.ident, attributes: &item.attrs, word, end };
                self.value(found, &item.ty, Some(&item.expr));
            }
            SynItem::Impl(item) => self.implementation(item),
            SynItem::ForeignMod(item) => self.foreign_items(item),
            SynItem::Macro(item) => self.item_macro(item),
            _ => {}
        }
    }

    fn module(&mut self, item: &syn::ItemMod) {
        let name = self.ident(&item.ident);
        let Some((_, items)) = &item.content else {
            let place = item.attrs.iter().find_map(path_attribute);
            let place = place.map(|place| self.name(&place));
            return self.add_type(name, Item::File(place));
        };
        let number = self.out.scopes.len() as u32;
        self.add_type(name.clone(), Item::Module(number));
        self.in_named(&name, &item.attrs, item.mod_token.span, |lower| {
            let scope = Scope { is_module: true, ..Scope::default() };
            lower.in_scope(scope, |lower| items.iter().for_each(|item| lower.item(item)));
        });
    }

    fn fields(&mut self, fields: &Fields) -> Vec<(Name, Written)> {
        let named = fields.iter().enumerate().map(|(number, field)| {
            let name = match &field.ident {
                Some(ident) => self.ident(ident),
                None => self.name(&number.to_string()),
            };
            (name, self.written(&field.ty))
        });
        named.collect()
    }

    fn type_item(
        &mut self,
        ident: &syn::Ident,
        generics: &syn::Generics,
        fields: Vec<(Name, Written)>,
        variants: HashMap<Name, Vec<(Name, Written)>>,
        is_value: bool,
    ) {
        let params = self.params(generics);
        let names = params.iter().map(|param| param.name.clone()).collect();
        let name = self.ident(ident);
        let number = self.out.types.len() as u32;
        let own = Written::Path(Path { absolute: false, segments: [name.clone()].into() }, [].into());
        let scope = Scope { params, own: Some(Own::Type(own)), ..Scope::default() };
        let scope = self.in_scope(scope, |lower| lower.scope);
        self.out.types.push(TypeItem { scope, params: names, fields, variants });
        self.add_type(name.clone(), Item::Type(number));
        if is_value {
            self.add_value(name, Item::Type(number));
        }
    }

    /// A constant or static runs its initialiser; outside functions it is a routine of its own.
    fn value(&mut self, found: Found<'_>, of: &syn::Type, expr: Option<&syn::Expr>) -> u32 {
        let number = self.in_routine(found, |lower| {
            lower.visit_type(of);
            if let Some(expr) = expr {
                lower.expr(expr);
            }
        });
        let (name, of) = (self.ident(found.ident), self.written(of));
        if let Some(routine) = self.out.routines.get_mut(number as usize) {
            routine.gives = of.clone();
        }
        self.add_value(name, Item::Value(number, of));
        number
    }

    fn function(&mut self, item: &syn::ItemFn) {
        if !self.in_test && !is_test(&item.attrs) {
            let at = ffi::At { file: self.file, start: self.base };
            self.out.flaws.extend(ffi::flaws(item, at));
        }
        let end = item.block.brace_token.span.close();
        let found = Found { ident: &item.sig.ident, attributes: &item.attrs, word: item.sig.fn_token.span, end };
        let number = self.body(found, &item.sig, Some(&item.block));
        let name = self.ident(&item.sig.ident);
        self.add_value(name, Item::Function(number));
    }

    /// A function or method with its signature.
    fn body(&mut self, found: Found<'_>, sig: &Signature, block: Option<&syn::Block>) -> u32 {
        let params = self.params(&sig.generics);
        let work = |lower: &mut Self| {
            let mut gives = Written::Unknown;
            let number = lower.in_routine(found, |lower| {
                if let syn::Safety::Unsafe(token) = &sig.safety {
                    lower.syntax("unsafe fn", token.span);
                }
                visit::visit_signature(lower, sig);
                lower.inputs(sig);
                if let syn::ReturnType::Type(_, of) = &sig.output {
                    gives = lower.written(of);
                }
                if let Some(block) = block {
                    lower.block(block);
                }
            });
            if let Some(routine) = lower.out.routines.get_mut(number as usize) {
                routine.gives = gives;
                routine.has_body = block.is_some();
                routine.foreign = sig.abi.is_some();
                routine.takes_self = sig.receiver().is_some();
            }
            number
        };
        if params.is_empty() { work(self) } else { self.in_scope(Scope { params, ..Scope::default() }, work) }
    }

    fn inputs(&mut self, sig: &Signature) {
        let own = self.name("Self");
        for input in &sig.inputs {
            match input {
                syn::FnArg::Typed(typed) => {
                    let of = self.written(&typed.ty);
                    let term = self.push(Term::Of(self.scope, of));
                    self.pattern(&typed.pat, term);
                }
                syn::FnArg::Receiver(_) => {
                    let of = Written::Path(Path { absolute: false, segments: [own.clone()].into() }, [].into());
                    let term = self.push(Term::Of(self.scope, of));
                    let name = self.name("self");
                    self.declare(name, term);
                }
            }
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        let shown = match &*item.self_ty {
            syn::Type::Path(of) => of.path.segments.last().map(|s| s.ident.to_string()),
            _ => None,
        };
        let of = self.written(&item.self_ty);
        let params = self.params(&item.generics);
        let implements = item.trait_.as_ref().map(|(path, _)| self.path(path));
        let scope = Scope { params, own: Some(Own::Type(of.clone())), ..Scope::default() };
        let (mut methods, mut types) = (Vec::new(), Vec::new());
        let mut own_scope = self.scope;
        self.in_named(&shown.unwrap_or_else(|| "impl".to_owned()), &item.attrs, item.impl_token.span, |lower| {
            lower.in_scope(scope, |lower| {
                own_scope = lower.scope;
                for inner in &item.items {
                    lower.impl_item(inner, &mut methods, &mut types);
                }
            });
        });
        self.out.impls.push(ImplItem { scope: own_scope, of, implements, methods, types });
    }

    fn impl_item(&mut self, item: &SynImplItem, methods: &mut Vec<(Name, u32)>, types: &mut Vec<(Name, Written)>) {
        match item {
            SynImplItem::Fn(item) => {
                let (ident, word) = (&item.sig.ident, item.sig.fn_token.span);
                let end = item.block.brace_token.span.close();
                let found = Found { ident, attributes: &item.attrs, word, end };
                let number = self.body(found, &item.sig, Some(&item.block));
                methods.push((self.ident(ident), number));
            }
            SynImplItem::Const(item) => {
                let (word, end) = (item.const_token.span, item.semi_token.span);
                let found = Found { ident: &item.ident, attributes: &item.attrs, word, end };
                let number = self.in_routine(found, |lower| {
                    lower.visit_type(&item.ty);
                    lower.expr(&item.expr);
                });
                methods.push((self.ident(&item.ident), number));
            }
            SynImplItem::Type(item) => types.push((self.ident(&item.ident), self.written(&item.ty))),
            SynImplItem::Macro(item) => {
                self.mac(&item.mac);
            }
            _ => {}
        }
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) {
        let number = self.out.traits.len() as u32;
        let name = self.ident(&item.ident);
        self.add_type(name.clone(), Item::Trait(number));
        let supers = item.supertraits.iter().filter_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => Some(&bound.path),
            _ => None,
        });
        let supers = supers.map(|path| self.path(path)).collect();
        let here = self.scope;
        self.out.traits.push(TraitItem { name: name.clone(), scope: here, supers, methods: HashMap::new() });
        let scope = Scope { params: self.params(&item.generics), own: Some(Own::Trait(number)), ..Scope::default() };
        let mut methods = HashMap::new();
        self.in_named(&name, &item.attrs, item.trait_token.span, |lower| {
            lower.in_scope(scope, |lower| {
                for inner in &item.items {
                    let SynTraitItem::Fn(method) = inner else { continue };
                    let (ident, word) = (&method.sig.ident, method.sig.fn_token.span);
                    let ident_end = method.sig.paren_token.span.close();
                    let end = method.default.as_ref().map_or(ident_end, |block| block.brace_token.span.close());
                    let found = Found { ident, attributes: &method.attrs, word, end };
                    let number = lower.body(found, &method.sig, method.default.as_ref());
                    methods.insert(lower.ident(ident), number);
                }
            });
        });
        if let Some(own) = self.out.traits.get_mut(number as usize) {
            own.methods = methods;
        }
    }

    fn foreign_items(&mut self, item: &syn::ItemForeignMod) {
        self.syntax("extern block", item.abi.extern_token.span);
        for item in &item.items {
            let ident = match item {
                syn::ForeignItem::Fn(item) => &item.sig.ident,
                syn::ForeignItem::Static(item) => &item.ident,
                syn::ForeignItem::Type(item) => {
                    let name = self.ident(&item.ident);
                    self.add_type(name, Item::Nothing);
                    continue;
                }
                _ => continue,
            };
            let name = self.ident(ident);
            self.add_value(name, Item::Nothing);
        }
    }

    /// A routine without a name of its own in the code: what a macro between items holds.
    pub(super) fn macro_routine(&mut self, mac: &syn::Macro, ident: &syn::Ident, work: impl FnOnce(&mut Self)) -> u32 {
        let end = match &mac.delimiter {
            syn::MacroDelimiter::Paren(at) => at.span.close(),
            syn::MacroDelimiter::Brace(at) => at.span.close(),
            syn::MacroDelimiter::Bracket(at) => at.span.close(),
        };
        self.in_routine(Found { ident, attributes: &[], word: ident.span(), end }, work)
    }

    /// A name that a macro between items declares.
    pub(super) fn add_macro_value(&mut self, name: Name, routine: u32) {
        self.add_value(name, Item::Value(routine, Written::Unknown));
    }

    pub(super) fn add_macro(&mut self, name: &str, routine: u32) {
        let name = self.name(&format!("{name}!"));
        self.add_value(name, Item::Function(routine));
    }

    /// Statements of a block, with their items in scope.
    pub(super) fn block(&mut self, block: &syn::Block) -> u32 {
        self.in_block(|lower| lower.statements(&block.stmts))
    }

    pub(super) fn statements(&mut self, stmts: &[syn::Stmt]) -> u32 {
        let has_items = stmts.iter().any(|stmt| matches!(stmt, syn::Stmt::Item(_)));
        let work = |lower: &mut Self| {
            let mut last = UNKNOWN;
            for stmt in stmts {
                last = lower.statement(stmt);
            }
            last
        };
        if has_items { self.in_scope(Scope::default(), work) } else { work(self) }
    }

    fn statement(&mut self, stmt: &syn::Stmt) -> u32 {
        match stmt {
            syn::Stmt::Item(item) => {
                self.item(item);
                UNKNOWN
            }
            syn::Stmt::Local(local) => {
                self.let_statement(local);
                UNKNOWN
            }
            syn::Stmt::Expr(expr, end) => {
                let term = self.expr(expr);
                if end.is_some() { UNKNOWN } else { term }
            }
            syn::Stmt::Macro(mac) => self.mac(&mac.mac),
        }
    }
}

/// Where `#[path = "…"]` says that a module lies.
fn path_attribute(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(value) = &attribute.meta else { return None };
    let syn::Expr::Lit(literal) = &value.value else { return None };
    match &literal.lit {
        syn::Lit::Str(text) if value.path.is_ident("path") => Some(text.value()),
        _ => None,
    }
}

/// Whether a name is a variable where a pattern has it: constants and unit structs are written in capitals.
pub(super) fn is_variable(ident: &syn::Ident) -> bool {
    !ident.unraw().to_string().starts_with(|c: char| c.is_uppercase())
}
