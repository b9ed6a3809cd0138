//! From a file's tree to its compact form.

mod expr;
mod item;
mod macros;
mod pattern;
mod written;

use super::Usage;
use super::attribute::is_test;
use super::syntax::{Name, Path, PathUse, Routine, Scope, Syntax, Term, TermId, Written};
use crate::read::directive::Directive;
use crate::source::{FileId, Span};
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt as _;
use syn::{Attribute, Item as SynItem, Meta};

/// The term that is unknown in every routine.
pub(super) const UNKNOWN: TermId = 0;

/// The walk over a file's tree.
pub(super) struct Lower {
    file: FileId,
    /// What lies before the parser's first byte.
    base: usize,
    end: usize,
    marks: Vec<Directive>,
    out: Syntax,
    names: HashSet<Name>,
    scope: u32,
    /// Variables of nested blocks, each with its value.
    locals: Vec<HashMap<Name, TermId>>,
    /// Names of the modules, types and functions around.
    around: Vec<Name>,
    /// The routine that is worked on.
    routine: Option<u32>,
    in_test: bool,
    /// The mark of the `impl` block, module or function around.
    marked: Option<Span>,
    macro_depth: usize,
}

/// What names a routine and where it lies.
#[derive(Clone, Copy)]
struct Found<'a> {
    ident: &'a syn::Ident,
    attributes: &'a [Attribute],
    /// `fn`, `const` or `static`.
    word: proc_macro2::Span,
    /// The last token.
    end: proc_macro2::Span,
}

impl Lower {
    pub(super) fn new(file: FileId, base: usize, end: usize, marks: Vec<Directive>) -> Self {
        let mut out = Syntax::default();
        out.scopes.push(Scope { is_module: true, ..Scope::default() });
        Self {
            file,
            base,
            end,
            marks,
            out,
            names: HashSet::new(),
            scope: 0,
            locals: Vec::new(),
            around: Vec::new(),
            routine: None,
            in_test: false,
            marked: None,
            macro_depth: 0,
        }
    }

    pub(super) fn run(mut self, items: &[SynItem]) -> Syntax {
        for item in items {
            self.item(item);
        }
        self.out
    }

    fn name(&mut self, text: &str) -> Name {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name: Name = text.into();
        self.names.insert(name.clone());
        name
    }

    fn ident(&mut self, ident: &syn::Ident) -> Name {
        let text = ident.unraw().to_string();
        self.name(&text)
    }

    fn path(&mut self, path: &syn::Path) -> Path {
        let segments = path.segments.iter().map(|s| self.ident(&s.ident)).collect();
        Path { absolute: path.leading_colon.is_some(), segments }
    }

    /// A token's bytes in the original file.
    fn span(&self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        let clamp = |at: usize| (self.base + at).min(self.end);
        Span::new(self.file, clamp(range.start)..clamp(range.end))
    }

    fn path_span(&self, path: &syn::Path) -> Span {
        let ends = path.segments.first().zip(path.segments.last());
        ends.map_or_else(
            || self.span(proc_macro2::Span::call_site()),
            |(a, b)| self.span(a.ident.span()).cover(self.span(b.ident.span())),
        )
    }

    /// Adds a term to the routine; outside of one nothing is kept.
    fn push(&mut self, term: Term) -> TermId {
        let number = self.routine.map_or(0, |number| number as usize);
        match self.out.routines.get_mut(number).filter(|_| self.routine.is_some()) {
            Some(routine) => {
                routine.terms.push(term);
                (routine.terms.len() - 1) as TermId
            }
            None => UNKNOWN,
        }
    }

    fn path_use(&mut self, path: &syn::Path, usage: Usage) -> PathUse {
        let span = self.path_span(path);
        let mut arguments = self.arguments_of(path.segments.last());
        if arguments.is_empty() {
            arguments = self.arguments_of(path.segments.iter().rev().nth(1));
        }
        let path = self.path(path);
        PathUse { scope: self.scope, path, of: None, arguments, usage, span }
    }

    fn arguments_of(&mut self, segment: Option<&syn::PathSegment>) -> Box<[Written]> {
        segment.map(|segment| self.arguments(segment)).unwrap_or_default()
    }

    fn syntax(&mut self, name: &'static str, at: proc_macro2::Span) {
        let span = self.span(at);
        self.push(Term::Syntax(name, span));
    }

    fn local(&self, name: &str) -> Option<TermId> {
        self.locals.iter().rev().find_map(|block| block.get(name)).copied()
    }

    fn declare(&mut self, name: Name, of: TermId) {
        if let Some(block) = self.locals.last_mut() {
            block.insert(name, of);
        }
    }

    fn in_block<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push(HashMap::new());
        let done = work(self);
        self.locals.pop();
        done
    }

    /// Works in a scope of its own.
    fn in_scope<T>(&mut self, scope: Scope, work: impl FnOnce(&mut Self) -> T) -> T {
        let number = self.out.scopes.len() as u32;
        self.out.scopes.push(Scope { parent: Some(self.scope), ..scope });
        let outer = std::mem::replace(&mut self.scope, number);
        let done = work(self);
        self.scope = outer;
        done
    }

    fn here(&mut self) -> Option<&mut Scope> {
        self.out.scopes.get_mut(self.scope as usize)
    }

    /// The `sparkproof:udf` comment that speaks about the code at this offset.
    fn mark_at(&self, start: u32) -> Option<Span> {
        let next = self.marks.partition_point(|m| m.covers.start <= start);
        let mark = self.marks.get(next.checked_sub(1)?)?;
        (start < mark.covers.end).then_some(mark.span)
    }

    /// The mark above an item: above, between or below its attributes.
    fn mark_of(&self, attributes: &[Attribute], word: proc_macro2::Span) -> Option<Span> {
        let starts = attributes.iter().map(|a| a.pound_token.span).chain([word]);
        let own = starts.map(|at| self.span(at)).find_map(|at| self.mark_at(at.start));
        own.or(self.marked)
    }

    /// Records a routine and works inside it. Variables around an item are not seen inside it.
    fn in_routine(&mut self, found: Found<'_>, work: impl FnOnce(&mut Self)) -> u32 {
        let ident = found.ident.to_string();
        let span = self.span(found.ident.span());
        let start = found.attributes.first().map_or(self.span(found.word), |a| self.span(a.pound_token.span));
        let body = start.cover(span).cover(self.span(found.end));
        let in_test = self.in_test || is_test(found.attributes);
        let marked = self.mark_of(found.attributes, found.word);
        let attributes = found.attributes.iter().flat_map(attribute_names).map(|name| self.name(&name)).collect();
        let bare = self.ident(found.ident);
        self.routine(Heading { shown: &ident, ident: bare, span, body, in_test, marked, attributes }, work)
    }

    fn routine(&mut self, heading: Heading<'_>, work: impl FnOnce(&mut Self)) -> u32 {
        let Heading { shown, ident, span, body, in_test, marked, attributes } = heading;
        let name = self.around.iter().map(|part| &**part).chain([shown]).collect::<Vec<_>>().join("::");
        let number = self.out.routines.len() as u32;
        self.out.routines.push(Routine {
            name,
            ident,
            span,
            body,
            marked,
            in_test,
            attributes,
            takes_self: false,
            foreign: false,
            scope: self.scope,
            has_body: true,
            gives: Written::Unknown,
            terms: vec![Term::Unknown],
        });
        let outer = (self.routine, self.in_test, self.marked, std::mem::take(&mut self.locals));
        (self.routine, self.in_test, self.marked) = (Some(number), in_test, marked);
        let part = self.name(shown);
        self.around.push(part);
        self.in_block(work);
        self.around.pop();
        (self.routine, self.in_test, self.marked, self.locals) = outer;
        number
    }

    fn in_named(
        &mut self,
        name: &str,
        attributes: &[Attribute],
        keyword: proc_macro2::Span,
        work: impl FnOnce(&mut Self),
    ) {
        let outer = (self.in_test, self.marked, self.routine.take());
        let locals = std::mem::take(&mut self.locals);
        self.marked = self.mark_of(attributes, keyword);
        self.in_test |= is_test(attributes);
        let name = self.name(name);
        self.around.push(name);
        work(self);
        self.around.pop();
        self.locals = locals;
        (self.in_test, self.marked, self.routine) = outer;
    }
}

/// What a routine is called, and what stands above it.
struct Heading<'a> {
    shown: &'a str,
    ident: Name,
    span: Span,
    body: Span,
    in_test: bool,
    marked: Option<Span>,
    attributes: Vec<Name>,
}

/// The last words of an attribute: `no_mangle`, also of `#[unsafe(no_mangle)]` and `#[cfg_attr(x, no_mangle)]`.
fn attribute_names(attribute: &Attribute) -> Vec<String> {
    let last = |path: &syn::Path| path.segments.last().map(|s| s.ident.to_string());
    let path = attribute.path();
    let inner = || {
        let nested = attribute.parse_args_with(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated);
        nested.map(|nested| nested.iter().filter_map(|meta| last(meta.path())).collect()).unwrap_or_default()
    };
    if path.is_ident("unsafe") || path.is_ident("cfg_attr") { inner() } else { last(path).into_iter().collect() }
}
