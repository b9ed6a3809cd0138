//! Macros: their input as expressions, statements or items, or else the paths in it.

use super::{Lower, UNKNOWN};
use crate::rust::Usage;
use crate::rust::syntax::{Path, PathUse, Term, TermId, Written};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Expr;
use syn::punctuated::Punctuated;

/// How deep macro calls inside macro input are parsed again.
const MAX_DEPTH: usize = 8;

impl Lower {
    /// A macro in an expression, a statement or a type.
    pub(super) fn mac(&mut self, mac: &syn::Macro) -> TermId {
        let used = self.path_use(&mac.path, Usage::Macro);
        self.push(Term::Named(Box::new(used)));
        let first = self.input(mac);
        match mac.path.segments.last().map(|s| s.ident.to_string()).as_deref() {
            Some("vec") => self.push(Term::List(first)),
            Some("format") => {
                let name = self.name("String");
                let of = Written::Path(Path { absolute: false, segments: [name].into() }, [].into());
                self.of_written(of)
            }
            // What they hand on is their first expression's value.
            Some("try" | "ready" | "dbg") => first,
            _ => UNKNOWN,
        }
    }

    /// The input's first value: tried as expressions, then as statements, then scanned for paths.
    fn input(&mut self, mac: &syn::Macro) -> TermId {
        let mut first = UNKNOWN;
        self.macro_depth += 1;
        if self.macro_depth <= MAX_DEPTH {
            if let Ok(exprs) = mac.parse_body_with(Punctuated::<Expr, syn::Token![,]>::parse_terminated) {
                let terms = self.in_block(|lower| lower.exprs(&exprs));
                first = terms.first().copied().unwrap_or(UNKNOWN);
            } else if let Some((expr, rest)) = matched(mac) {
                first = self.in_block(|lower| lower.expr(&expr));
                self.scan(rest);
            } else if let Ok(stmts) = mac.parse_body_with(syn::Block::parse_within) {
                self.in_block(|lower| lower.statements(&stmts));
            } else {
                self.scan(mac.tokens.clone());
            }
        }
        self.macro_depth -= 1;
        first
    }

    /// A macro between items: a definition is a routine of its own, and so is what else it holds.
    pub(super) fn item_macro(&mut self, item: &syn::ItemMacro) {
        if let Some(ident) = &item.ident {
            let number = self.macro_routine(&item.mac, ident, |lower| lower.definition(item.mac.tokens.clone()));
            return self.add_macro(&ident.to_string(), number);
        }
        if self.routine.is_some() {
            self.mac(&item.mac);
            return;
        }
        self.macro_depth += 1;
        if self.macro_depth <= MAX_DEPTH {
            let mut open = vec![item.mac.tokens.clone()];
            let mut left = 64;
            while let Some(tokens) = open.pop() {
                match syn::parse2::<syn::File>(tokens.clone()) {
                    Ok(file) => file.items.iter().for_each(|item| self.item(item)),
                    Err(_) if left > 0 => {
                        let inner = braces(&tokens);
                        if inner.is_empty() || declares(&tokens) {
                            self.held(&item.mac, tokens);
                        } else {
                            open.extend(inner);
                        }
                    }
                    Err(_) => {}
                }
                left -= 1;
            }
        }
        self.macro_depth -= 1;
    }

    /// What a macro between items holds that are no items: `static ref X: T = …;`, arguments.
    fn held(&mut self, mac: &syn::Macro, tokens: TokenStream) {
        let Some(ident) = mac.path.segments.last().map(|s| s.ident.clone()) else { return };
        let declared = declared(&tokens);
        let number = self.macro_routine(mac, &ident, |lower| {
            match syn::parse::Parser::parse2(Punctuated::<Expr, syn::Token![,]>::parse_terminated, tokens.clone()) {
                Ok(exprs) => drop(lower.exprs(&exprs)),
                Err(_) => lower.scan(tokens),
            }
        });
        for name in declared {
            let name = self.name(&name);
            self.add_macro_value(name, number);
        }
    }

    /// The arms of a definition: what is written behind each `=>`.
    fn definition(&mut self, tokens: TokenStream) {
        let mut behind = false;
        let mut last = ' ';
        for token in tokens {
            match token {
                TokenTree::Punct(punct) => {
                    behind |= last == '=' && punct.as_char() == '>';
                    last = punct.as_char();
                }
                TokenTree::Group(group) if behind => {
                    behind = false;
                    self.scan(group.stream());
                }
                _ => last = ' ',
            }
        }
    }

    /// Names of paths in tokens of unknown grammar.
    fn scan(&mut self, tokens: TokenStream) {
        let mut open = vec![tokens];
        while let Some(stream) = open.pop() {
            let tokens: Vec<TokenTree> = stream.into_iter().collect();
            let mut at = 0;
            while let Some(token) = tokens.get(at) {
                match token {
                    TokenTree::Group(group) => {
                        open.push(group.stream());
                        at += 1;
                    }
                    TokenTree::Ident(first) if !is_punct(at.checked_sub(1).and_then(|i| tokens.get(i)), '.') => {
                        at = self.scanned_path(&tokens, at, first);
                    }
                    _ => at += 1,
                }
            }
        }
    }

    /// Reads one path and gives the number of the token behind it.
    fn scanned_path(&mut self, tokens: &[TokenTree], start: usize, first: &Ident) -> usize {
        let (mut segments, mut last, mut at) = (vec![first.to_string()], first, start + 1);
        while is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':') {
            let Some(TokenTree::Ident(ident)) = tokens.get(at + 2) else { break };
            segments.push(ident.to_string());
            (last, at) = (ident, at + 3);
        }
        let group = match tokens.get(at) {
            Some(TokenTree::Group(group)) => Some(group.delimiter()),
            _ => None,
        };
        let usage = match group {
            Some(Delimiter::Parenthesis) => Usage::Call,
            _ if is_punct(tokens.get(at), '!') => Usage::Macro,
            _ => Usage::Value,
        };
        // A parameter of the macro is nobody's name.
        let is_parameter = is_punct(start.checked_sub(1).and_then(|i| tokens.get(i)), '$') && segments[0] != "crate";
        // Without a grammar a lone name may be anything; only a call of a function is sure enough.
        let is_local = segments.len() == 1 && self.local(&segments[0]).is_some();
        let is_sure = segments.len() > 1 || usage != Usage::Value;
        if is_sure && !is_local && !is_parameter {
            let span = self.span(first.span()).cover(self.span(last.span()));
            let segments = segments.iter().map(|s| self.name(s.strip_prefix("r#").unwrap_or(s))).collect();
            let path = Path { absolute: false, segments };
            let used = PathUse { scope: self.scope, path, of: None, arguments: [].into(), usage, span };
            let term = if usage == Usage::Macro { Term::Named(used.into()) } else { Term::Path(used.into()) };
            self.push(term);
        }
        at
    }
}

/// `matches!(value, pattern)`: the value, and the rest.
fn matched(mac: &syn::Macro) -> Option<(Expr, TokenStream)> {
    let of = |input: syn::parse::ParseStream<'_>| {
        let expr: Expr = input.parse()?;
        input.parse::<syn::Token![,]>()?;
        Ok((expr, input.parse::<TokenStream>()?))
    };
    mac.parse_body_with(of).ok()
}

/// The contents of the outer braces.
fn braces(tokens: &TokenStream) -> Vec<TokenStream> {
    let groups = tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    });
    groups.collect()
}

/// Whether tokens begin a `static` or `const` at their outer level.
fn declares(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == "static"))
}

/// The names behind `static` and `static ref`.
fn declared(tokens: &TokenStream) -> Vec<String> {
    let mut names = Vec::new();
    let mut expects = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(ident) if ident == "static" => expects = true,
            TokenTree::Ident(ident) if expects && (ident == "ref" || ident == "mut") => {}
            TokenTree::Ident(ident) if expects => {
                names.push(ident.to_string());
                expects = false;
            }
            _ => expects = false,
        }
    }
    names
}

fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}
