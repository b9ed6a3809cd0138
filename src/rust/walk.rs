//! The state of the walk over a file: where it stands, what was found.

use super::scope::{self, Chain, Items, Space, Written};
use super::{File, Function, Reference, Usage};
use crate::read::directive::Directive;
use crate::source::{FileId, Span};
use std::collections::HashMap;
use std::rc::Rc;
use syn::visit::Visit as _;
use syn::{Attribute, Item, Meta};

/// Variables of nested blocks; each with its type, where that is certain.
pub(super) type Locals = Vec<HashMap<String, Option<String>>>;

/// The walk.
pub(super) struct Walk {
    file: FileId,
    /// What lies before the parser's first byte.
    base: usize,
    end: usize,
    marks: Vec<Directive>,
    pub(super) out: File,
    pub(super) chain: Chain,
    pub(super) locals: Locals,
    /// Names of the modules, types and functions around.
    pub(super) names: Vec<String>,
    /// What `Self` is, where it is a type of another crate.
    pub(super) self_type: Option<String>,
    pub(super) function: Option<usize>,
    pub(super) in_test: bool,
    /// The mark of the `impl` block, module or function around.
    pub(super) marked: Option<Span>,
    pub(super) macro_depth: usize,
}

impl Walk {
    /// What is wrong with a function that C calls.
    pub(super) fn foreign(&mut self, item: &syn::ItemFn) {
        let at = super::ffi::At { file: self.file, start: self.base };
        self.out.flaws.extend(super::ffi::flaws(item, at));
    }

    pub(super) fn new(file: FileId, base: usize, end: usize, marks: Vec<Directive>) -> Self {
        Self {
            file,
            base,
            end,
            marks,
            out: File::default(),
            chain: Vec::new(),
            locals: Vec::new(),
            names: Vec::new(),
            self_type: None,
            function: None,
            in_test: false,
            marked: None,
            macro_depth: 0,
        }
    }

    pub(super) fn run(&mut self, items: &[Item]) {
        self.chain.push(Items::of(items, true));
        for item in items {
            self.visit_item(item);
        }
    }

    pub(super) fn finish(mut self) -> File {
        self.out.references.sort_by_key(|r| (r.span.start, r.span.end));
        self.out
    }

    /// A token's bytes in the original file.
    pub(super) fn span(&self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        let clamp = |at: usize| (self.base + at).min(self.end);
        Span::new(self.file, clamp(range.start)..clamp(range.end))
    }

    /// What a path of another crate is called in full; `None` for everything else.
    pub(super) fn resolve(&self, path: &Written, space: Space) -> Option<String> {
        if let ("Self", Some(of)) = (path.segments.first()?.as_str(), &self.self_type) {
            let rest = path.segments.get(1..)?.iter().map(String::as_str);
            return Some(std::iter::once(of.as_str()).chain(rest).collect::<Vec<_>>().join("::"));
        }
        let bare = path.segments.len() == 1 && !path.absolute && space == Space::Value;
        if bare && self.is_local(path.segments.first()?) {
            return None;
        }
        scope::resolve(&self.chain, path, space)
    }

    /// What a path in an expression is called in full, `<T>::name` included.
    pub(super) fn resolve_expr(&self, path: &syn::ExprPath) -> Option<String> {
        let written = Written::of(&path.path);
        match &path.qself {
            Some(of) if of.position == 0 => {
                Some(format!("{}::{}", self.written_type(&of.ty)?, written.segments.join("::")))
            }
            _ => self.resolve(&written, Space::Value),
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|block| block.contains_key(name))
    }

    pub(super) fn local_type(&self, name: &str) -> Option<String> {
        self.locals.iter().rev().find_map(|block| block.get(name)).cloned().flatten()
    }

    pub(super) fn declare_local(&mut self, name: String, of: Option<String>) {
        if let Some(block) = self.locals.last_mut() {
            block.insert(name, of);
        }
    }

    pub(super) fn in_block(&mut self, work: impl FnOnce(&mut Self)) {
        self.locals.push(HashMap::new());
        work(self);
        self.locals.pop();
    }

    /// Works with these items in scope.
    pub(super) fn among(&mut self, items: Rc<Items>, work: impl FnOnce(&mut Self)) {
        self.chain.push(items);
        work(self);
        self.chain.pop();
    }

    pub(super) fn refer(&mut self, path: String, usage: Usage, span: Span) {
        let (function, in_test) = (self.function, self.in_test);
        self.out.references.push(Reference { path, usage, span, function, in_test });
    }

    /// The `sparkproof:udf` comment that speaks about the code at this offset.
    pub(super) fn mark_at(&self, start: u32) -> Option<Span> {
        let next = self.marks.partition_point(|m| m.covers.start <= start);
        let mark = self.marks.get(next.checked_sub(1)?)?;
        (start < mark.covers.end).then_some(mark.span)
    }

    /// The mark above an item: above, between or below its attributes.
    pub(super) fn mark_of(&self, attributes: &[Attribute], word: proc_macro2::Span) -> Option<Span> {
        let starts = attributes.iter().map(|a| a.pound_token.span).chain([word]);
        let own = starts.map(|at| self.span(at)).find_map(|at| self.mark_at(at.start));
        own.or(self.marked)
    }

    /// Records a function and works inside it. Variables around an item are not seen inside it.
    pub(super) fn in_function(&mut self, found: Found<'_>, work: impl FnOnce(&mut Self)) {
        let ident = found.ident.to_string();
        let name = self.names.iter().chain([&ident]).map(String::as_str).collect::<Vec<_>>().join("::");
        let span = self.span(found.ident.span());
        let start = found.attributes.first().map_or(self.span(found.word), |a| self.span(a.pound_token.span));
        let body = start.cover(span).cover(self.span(found.end));
        let in_test = self.in_test || is_test(found.attributes);
        let marked = self.mark_of(found.attributes, found.word);
        self.out.functions.push(Function { name, span, body, marked, in_test });
        let outer = (self.function, self.in_test, self.marked, std::mem::take(&mut self.locals));
        (self.function, self.in_test, self.marked) = (Some(self.out.functions.len() - 1), in_test, marked);
        self.names.push(ident);
        self.in_block(work);
        self.names.pop();
        (self.function, self.in_test, self.marked, self.locals) = outer;
    }
}

/// What names a function and where it lies.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) ident: &'a syn::Ident,
    pub(super) attributes: &'a [Attribute],
    /// `fn`, `const` or `static`.
    pub(super) word: proc_macro2::Span,
    /// The last token.
    pub(super) end: proc_macro2::Span,
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let named = path.segments.last().is_some_and(|s| s.ident == "test" || s.ident == "rstest");
        named
            || (path.is_ident("cfg")
                && matches!(&attribute.meta, Meta::List(list) if asks_for_test(&list.tokens.to_string())))
    })
}

/// Whether a `cfg` condition names `test` and negates nothing.
fn asks_for_test(condition: &str) -> bool {
    let mut words = condition.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"'));
    words.clone().any(|word| word == "test") && !words.any(|word| word == "not")
}
