//! Expressions that choose: `if`, Kotlin's `when`, Groovy's `switch`.

use super::super::{Block, Expression, ExpressionKind, MAX_CHAIN};
use super::Parser;

impl Parser<'_> {
    pub(super) fn conditional(&mut self) -> ExpressionKind {
        let mut branches = Vec::new();
        loop {
            self.at += 1;
            let condition = self.condition();
            let body = self.outside(Self::body);
            branches.push((condition, body));
            if !self.is_word(0, "else") {
                return ExpressionKind::If(branches, None);
            }
            self.at += 1;
            if self.is_word(0, "if") && self.is_bracket(1, '(') && branches.len() < MAX_CHAIN {
                continue;
            }
            let body = self.outside(Self::body);
            return ExpressionKind::If(branches, Some(body));
        }
    }

    pub(super) fn when(&mut self) -> ExpressionKind {
        self.at += 1;
        let subject = self.is_bracket(0, '(').then(|| self.when_subject()).map(Box::new);
        let (mut branches, mut otherwise) = (Vec::new(), None);
        if !self.take_bracket('{') {
            return ExpressionKind::Unknown;
        }
        while self.peek().is_some() && !self.is_bracket(0, '}') {
            let start = self.at;
            if self.is_word(0, "else") && self.is_sign(1, "->") {
                self.at += 2;
                otherwise = Some(self.outside(Self::body));
            } else {
                let mut values = Vec::new();
                loop {
                    if matches!(self.word(0), Some("in" | "is")) {
                        self.at += 1;
                        let value = self.expression();
                        values.push(Expression { kind: ExpressionKind::Unknown, span: value.span });
                    } else {
                        values.push(self.expression());
                    }
                    if !self.take_other(',') {
                        break;
                    }
                }
                if self.is_sign(0, "->") {
                    self.at += 1;
                    branches.push((values, self.outside(Self::body)));
                }
            }
            self.take_other(';');
            if self.at == start {
                self.skip();
            }
        }
        self.take_bracket('}');
        ExpressionKind::When(subject, branches, otherwise)
    }

    pub(super) fn switch(&mut self) -> ExpressionKind {
        self.at += 1;
        let subject = Some(Box::new(self.condition()));
        let (mut branches, mut otherwise): (Vec<(Vec<Expression>, Block)>, _) = (Vec::new(), None);
        if !self.take_bracket('{') {
            return ExpressionKind::Unknown;
        }
        let mut values = Vec::new();
        while self.peek().is_some() && !self.is_bracket(0, '}') {
            if self.is_word(0, "case") {
                self.at += 1;
                values.push(self.expression());
                self.take_other(':');
                self.take_arrow();
                continue;
            }
            let is_default = self.is_word(0, "default") && (self.is_other(1, ':') || self.is_sign(1, "->"));
            if is_default {
                self.at += 2;
            }
            let start = self.here();
            let mut statements = Vec::new();
            while self.peek().is_some()
                && !self.is_bracket(0, '}')
                && !self.is_word(0, "case")
                && !self.is_word(0, "default")
            {
                let at = self.at;
                statements.extend(self.outside(Self::statement));
                self.take_other(';');
                if self.at == at {
                    self.skip();
                }
            }
            let span = self.span(&(start..self.before().max(start)));
            let block = Block { parameters: Vec::new(), statements, span, lead: Box::default() };
            if is_default {
                otherwise = Some(block);
            } else {
                branches.push((std::mem::take(&mut values), block));
            }
        }
        self.take_bracket('}');
        ExpressionKind::When(subject, branches, otherwise)
    }

    /// What stands between the brackets of a condition.
    fn condition(&mut self) -> Expression {
        self.at += 1;
        let start = self.here();
        let mut inner = self.arguments(')');
        match inner.pop() {
            Some(argument) if inner.is_empty() => argument.value,
            _ => Expression { kind: ExpressionKind::Unknown, span: self.span(&(start..self.before().max(start))) },
        }
    }

    /// `(x)`, `(val y = x)`.
    fn when_subject(&mut self) -> Expression {
        if matches!(self.word(1), Some("val")) && self.word(2).is_some() && self.is_other(3, '=') {
            self.at += 3;
        }
        self.condition()
    }

    fn outside<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let inside = std::mem::replace(&mut self.inside_brackets, false);
        let result = f(self);
        self.inside_brackets = inside;
        result
    }

    fn take_arrow(&mut self) {
        self.at += usize::from(self.is_sign(0, "->"));
    }
}
