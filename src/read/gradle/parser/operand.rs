//! Operands: names, numbers, texts, lists and what stands in brackets.

use super::super::lexer::{Kind, Piece};
use super::super::{Expression, ExpressionKind, MAX_DEPTH, Part};
use super::Parser;
use crate::source::Traced;

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Expression {
        let start = self.here();
        let Some(token) = self.peek() else {
            return Expression { kind: ExpressionKind::Unknown, span: self.span(&(start..start)) };
        };
        let kind = match &token.kind {
            Kind::Word(word) => return self.worded(word),
            Kind::Number => {
                self.at += 1;
                let text = self.text.get(token.range.clone()).unwrap_or_default();
                ExpressionKind::Number(Traced::literal(text, self.span(&token.range)))
            }
            Kind::Text(pieces) => {
                self.at += 1;
                ExpressionKind::Text(pieces.iter().map(|piece| self.part(piece)).collect())
            }
            Kind::Bracket('(') => {
                self.at += 1;
                let mut inner = self.arguments(')');
                match inner.pop() {
                    Some(argument) if inner.is_empty() => argument.value.kind,
                    _ => ExpressionKind::Unknown,
                }
            }
            Kind::Bracket('[') => {
                self.at += 1;
                self.list()
            }
            Kind::Bracket('{') => {
                let inside = std::mem::replace(&mut self.inside_brackets, false);
                let block = self.block();
                self.inside_brackets = inside;
                block.map_or(ExpressionKind::Unknown, ExpressionKind::Block)
            }
            Kind::Sign("::") => {
                self.at += 1;
                ExpressionKind::Unknown
            }
            _ => ExpressionKind::Unknown,
        };
        Expression { kind, span: self.span(&(start..self.before().max(start))) }
    }

    fn part(&mut self, piece: &Piece) -> Part {
        match piece {
            Piece::Literal(text) => Part::Literal(text.clone()),
            Piece::Code(tokens, range) => {
                let span = self.span(range);
                if self.depth >= MAX_DEPTH {
                    return Part::Code(Expression { kind: ExpressionKind::Unknown, span });
                }
                let mut inner = Parser { tokens, at: 0, depth: self.depth + 1, losses: Vec::new(), ..*self };
                let expression = inner.expression();
                let whole = inner.at >= tokens.len();
                let kind = if whole { expression.kind } else { ExpressionKind::Unknown };
                Part::Code(Expression { kind, span })
            }
        }
    }

    fn list(&mut self) -> ExpressionKind {
        let inside = std::mem::replace(&mut self.inside_brackets, true);
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        if self.is_other(0, ':') && self.is_bracket(1, ']') {
            self.at += 1;
        }
        while let Some(token) = self.peek() {
            let start = self.at;
            match token.kind {
                Kind::Bracket(')' | ']' | '}') => break,
                Kind::Other(',') => self.at += 1,
                _ => {
                    let item = self.expression();
                    if self.take_other(':') {
                        let value = self.expression();
                        entries.push((item, value));
                    } else {
                        items.push(item);
                    }
                }
            }
            if self.at == start {
                self.skip();
            }
        }
        self.inside_brackets = inside;
        self.take_bracket(']');
        if entries.is_empty() { ExpressionKind::List(items) } else { ExpressionKind::Map(entries) }
    }

    fn worded(&mut self, word: &str) -> Expression {
        let start = self.here();
        let kind = match word {
            "if" if self.is_bracket(1, '(') => self.conditional(),
            "when" if self.kotlin && (self.is_bracket(1, '(') || self.is_bracket(1, '{')) => self.when(),
            "switch" if !self.kotlin && self.is_bracket(1, '(') => self.switch(),
            "new" if self.word(1).is_some() => {
                while self.is_word(0, "new") {
                    self.at += 1;
                }
                return self.operand();
            }
            "object" if self.kotlin && (self.is_other(1, ':') || self.is_bracket(1, '{')) => {
                while self.peek().is_some() && !self.is_bracket(0, '{') && !self.is_bracket(0, '}') {
                    self.skip();
                }
                self.block();
                ExpressionKind::Unknown
            }
            _ => {
                self.at += 1;
                ExpressionKind::Name(word.into())
            }
        };
        Expression { kind, span: self.span(&(start..self.before())) }
    }
}
