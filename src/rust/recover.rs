//! Parsing, and parsing again item by item where the file as a whole does not parse.

use super::ffi::At;
use super::lower::Lower;
use super::site;
use super::syntax::Syntax;
use crate::read::directive::Directive;
use crate::read::loss::Loss;
use crate::source::{FileId, Span};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::str::FromStr as _;
use syn::Item;

/// How many places of broken syntax are reported in one file.
const MAX_LOSSES: usize = 20;

/// Parses the text behind `start` and walks what could be parsed.
pub(super) fn parse(file: FileId, text: &str, start: usize, marks: Vec<Directive>) -> (Syntax, Vec<Loss>) {
    let code = text.get(start..).unwrap_or_default();
    let place = |span: proc_macro2::Span| {
        let range = span.byte_range();
        let clamp = |at: usize| (start + at).min(text.len());
        Span::new(file, clamp(range.start)..clamp(range.end))
    };
    let (items, losses) = match TokenStream::from_str(code) {
        Err(error) => {
            let message = "this is not Rust: a string, a bracket or a character is broken here";
            (Vec::new(), vec![Loss::whole(place(error.span()), message)])
        }
        Ok(tokens) => match syn::parse2::<syn::File>(tokens.clone()) {
            Ok(parsed) => (parsed.items, Vec::new()),
            Err(_) => item_by_item(tokens, place),
        },
    };
    let sites = if site::may_hold(code) { site::of(&items, At { file, start }) } else { site::Sites::default() };
    (Syntax { sites, ..Lower::new(file, start, text.len(), marks).run(&items) }, losses)
}

/// The items that parse alone; the others are losses.
fn item_by_item(tokens: TokenStream, place: impl Fn(proc_macro2::Span) -> Span) -> (Vec<Item>, Vec<Loss>) {
    let (mut items, mut losses) = (Vec::new(), Vec::new());
    let mut pending: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => !ends_with_semicolon(&pending),
            // An attribute of the file itself belongs to no item.
            TokenTree::Group(_) if is_inner_attribute(&pending) => {
                pending.clear();
                continue;
            }
            _ => false,
        };
        pending.push(token);
        if !ends && tokens.peek().is_some() {
            continue;
        }
        let first = pending.first().map(TokenTree::span);
        match syn::parse2::<Item>(pending.drain(..).collect()) {
            Ok(item) => items.push(item),
            Err(error) if losses.len() < MAX_LOSSES => {
                // At the end of the input the parser has no place of its own.
                let own = place(error.span());
                let at = if own.range().is_empty() { first.map_or(own, &place) } else { own };
                let words = error.to_string();
                let words = words.split_once(", expected one of").map_or(words.as_str(), |(head, _)| head);
                losses.push(Loss::part(at, format!("Rust syntax that cannot be read: {words}")));
            }
            Err(_) => {}
        }
    }
    (items, losses)
}

fn is_inner_attribute(pending: &[TokenTree]) -> bool {
    let mark = |token: &TokenTree, c| matches!(token, TokenTree::Punct(p) if p.as_char() == c);
    matches!(pending, [hash, bang] if mark(hash, '#') && mark(bang, '!'))
}

/// Whether an item that begins like this goes on behind its braces: `use a::{b};`, `const X: T = T {};`.
fn ends_with_semicolon(pending: &[TokenTree]) -> bool {
    let mut words = pending.iter().take(16).filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    });
    let first = words.find(|word| word != "pub");
    let second = words.next();
    match first.as_deref() {
        Some("use" | "static" | "type") => true,
        Some("const") => !matches!(second.as_deref(), Some("fn" | "unsafe" | "async" | "extern")),
        _ => false,
    }
}
