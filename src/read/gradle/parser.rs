//! From tokens to statements.

mod branch;
mod call;
mod definition;
mod expression;
mod operand;
mod statement;

use super::lexer::{Kind, Token};
use super::{Block, MAX_DEPTH, Statement};
use crate::read::Loss;
use crate::source::{FileId, Span};
use std::ops::Range;

pub(super) fn parse(file: FileId, text: &str, kotlin: bool, tokens: &[Token]) -> (Block, Vec<Loss>) {
    let mut parser = Parser { file, text, kotlin, tokens, at: 0, depth: 0, inside_brackets: false, losses: Vec::new() };
    let mut statements = Vec::new();
    while parser.at < tokens.len() {
        statements.extend(parser.statements());
        if let Some(token) = parser.peek() {
            let span = parser.span(&token.range);
            parser.losses.push(Loss::part(span, "a bracket is closed that was not opened"));
            parser.at += 1;
        }
    }
    let span = Span::new(file, 0..text.len());
    (Block { parameters: Vec::new(), statements, span, lead: Box::default() }, parser.losses)
}

struct Parser<'t> {
    file: FileId,
    text: &'t str,
    kotlin: bool,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    /// Between brackets, where line ends mean nothing.
    inside_brackets: bool,
    losses: Vec<Loss>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn ahead(&self, by: usize) -> Option<&'t Token> {
        self.tokens.get(self.at + by)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.clone())
    }

    /// Where the next token begins, or the text ends.
    fn here(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.range.start)
    }

    /// Where the last token ended.
    fn before(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.range.end)
    }

    fn is_word(&self, by: usize, word: &str) -> bool {
        matches!(self.ahead(by).map(|t| &t.kind), Some(Kind::Word(w)) if &**w == word)
    }

    fn word(&self, by: usize) -> Option<&'t str> {
        match self.ahead(by).map(|t| &t.kind) {
            Some(Kind::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn is_bracket(&self, by: usize, bracket: char) -> bool {
        matches!(self.ahead(by).map(|t| &t.kind), Some(Kind::Bracket(b)) if *b == bracket)
    }

    fn is_other(&self, by: usize, other: char) -> bool {
        matches!(self.ahead(by).map(|t| &t.kind), Some(Kind::Other(o)) if *o == other)
    }

    fn is_sign(&self, by: usize, sign: &str) -> bool {
        matches!(self.ahead(by).map(|t| &t.kind), Some(Kind::Sign(s)) if *s == sign)
    }

    /// Whether the next token stands on the line of the one before.
    fn same_line(&self) -> bool {
        self.peek().is_some_and(|token| !token.first)
    }

    fn take_bracket(&mut self, bracket: char) -> bool {
        let is = self.is_bracket(0, bracket);
        self.at += usize::from(is);
        is
    }

    fn take_other(&mut self, other: char) -> bool {
        let is = self.is_other(0, other);
        self.at += usize::from(is);
        is
    }

    /// Passes over a bracket with all that stands in it, or a single token.
    fn skip(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            self.at += 1;
            match token.kind {
                Kind::Bracket('(' | '[' | '{') => open += 1,
                Kind::Bracket(_) => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// The block whose brace comes next.
    fn block(&mut self) -> Option<Block> {
        let start = self.here();
        if !self.is_bracket(0, '{') {
            return None;
        }
        if self.depth >= MAX_DEPTH {
            let span = self.span(&(start..start + 1));
            self.losses.push(Loss::limit(span, format!("nested deeper than {MAX_DEPTH} levels")));
            self.skip();
            return Some(self.empty(start));
        }
        self.at += 1;
        self.depth += 1;
        let inside = std::mem::replace(&mut self.inside_brackets, false);
        let between = self.text.get(start + 1..self.here()).filter(|t| t.trim().is_empty());
        let lead: Box<str> = between.unwrap_or_default().into();
        let parameters = self.parameters();
        let statements = self.statements();
        self.inside_brackets = inside;
        self.depth -= 1;
        if !self.take_bracket('}') {
            let message = "this block is not closed";
            self.losses.push(Loss::part(self.span(&(start..start + 1)), message));
            self.at += usize::from(self.peek().is_some());
        }
        Some(Block { parameters, statements, span: self.span(&(start..self.before())), lead })
    }

    fn empty(&self, start: usize) -> Block {
        let span = self.span(&(start..self.before().max(start)));
        Block { parameters: Vec::new(), statements: Vec::new(), span, lead: Box::default() }
    }

    /// A block, or the one statement that stands for it.
    fn body(&mut self) -> Block {
        if let Some(block) = self.block() {
            return block;
        }
        let start = self.here();
        if self.depth >= MAX_DEPTH {
            self.skip();
            return self.empty(start);
        }
        self.depth += 1;
        let statements = self.statement().into_iter().collect();
        self.depth -= 1;
        let span = self.span(&(start..self.before().max(start)));
        Block { parameters: Vec::new(), statements, span, lead: Box::default() }
    }

    /// What stands before `->` at the start of a block: `a, String b ->`, `(a, b) ->`.
    fn parameters(&mut self) -> Vec<Box<str>> {
        let mut names: Vec<Box<str>> = Vec::new();
        let mut last: Option<&str> = None;
        let mut at = 0;
        while let Some(token) = self.ahead(at).filter(|_| at < 24) {
            match &token.kind {
                Kind::Word(word) => {
                    // Groovy's types stand before the name, Kotlin's after a colon.
                    if !(self.kotlin && at > 0 && self.is_other(at - 1, ':')) {
                        last = Some(word);
                    }
                }
                Kind::Other(',') => names.extend(last.take().map(Into::into)),
                Kind::Other(':' | '<' | '>' | '?' | '.') | Kind::Bracket('(' | ')' | '[' | ']') => {}
                Kind::Sign("->") => {
                    names.extend(last.take().map(Into::into));
                    self.at += at + 1;
                    return names;
                }
                _ => break,
            }
            at += 1;
        }
        Vec::new()
    }
}

/// Words that begin no operand.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "else" | "in" | "as" | "is" | "instanceof" | "return" | "case" | "default" | "catch" | "finally" | "by"
    )
}
