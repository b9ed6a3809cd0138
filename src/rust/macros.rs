//! Paths in macro input that is neither expressions nor statements.

use super::Usage;
use super::scope::{Space, Written};
use super::walk::Walk;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// How deep macro calls inside macro input are parsed again.
pub(super) const MAX_DEPTH: usize = 8;

impl Walk {
    /// Names that resolve to another crate's, in tokens of unknown grammar.
    pub(super) fn scan(&mut self, tokens: TokenStream) {
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
        let usage = match tokens.get(at) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Usage::Call,
            token if is_punct(token, '!') => Usage::Macro,
            _ => Usage::Value,
        };
        // Without a grammar a lone name may be anything; only a call of an imported function is sure enough.
        if (segments.len() > 1 || usage == Usage::Call)
            && let Some(full) = self.resolve(&Written { absolute: false, segments }, Space::Value)
        {
            let span = self.span(first.span()).cover(self.span(last.span()));
            self.refer(full, usage, span);
        }
        at
    }
}

fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}
