//! Expressions: operands, what follows them, operators, and Groovy's calls without brackets.

use super::super::lexer::Kind;
use super::super::{Argument, Block, Expression, ExpressionKind, MAX_CHAIN, MAX_DEPTH};
use super::call::with_types;
use super::{Parser, is_keyword};
use crate::read::Loss;

/// Operators, the weakest first. What is not a sign of ours is told by its text.
const LEVELS: [&[&str]; 7] = [
    &["||"],
    &["&&"],
    &["==", "!=", "===", "!==", "=~", "==~", "<=>", "<", ">", "<=", ">=", "in", "!in", "instanceof", "is", "as"],
    &["..", "..<"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Expression {
        let start = self.here();
        if self.depth >= MAX_DEPTH {
            let span = self.span(&(start..start));
            self.losses.push(Loss::limit(span, format!("nested deeper than {MAX_DEPTH} levels")));
            self.skip();
            return Expression { kind: ExpressionKind::Unknown, span: self.span(&(start..self.before().max(start))) };
        }
        self.depth += 1;
        let mut expression = self.elvis();
        if !self.kotlin && self.is_other(0, '?') {
            self.at += 1;
            let then = self.expression();
            let otherwise = self.take_other(':').then(|| self.expression());
            let span = self.span(&(start..self.before()));
            let block = |value: Expression| Block {
                parameters: Vec::new(),
                lead: Box::default(),
                span: value.span,
                statements: vec![super::Statement::Expression(value)],
            };
            let branches = vec![(expression, block(then))];
            expression = Expression { kind: ExpressionKind::If(branches, otherwise.map(block)), span };
        }
        self.depth -= 1;
        expression
    }

    fn elvis(&mut self) -> Expression {
        let first = self.binary(0);
        let mut rest = Vec::new();
        while self.is_sign(0, "?:") && rest.len() < MAX_CHAIN {
            self.at += 1;
            if self.is_word(0, "throw") || self.is_word(0, "return") || self.is_word(0, "error") {
                let start = self.here();
                self.at += 1;
                let inner = self.expression().span;
                rest.push(Expression { kind: ExpressionKind::Unknown, span: self.span(&(start..start)).cover(inner) });
            } else {
                rest.push(self.binary(0));
            }
        }
        // `a ?: b ?: c` asks `b` before `c`.
        let Some(mut last) = rest.pop() else { return first };
        rest.insert(0, first);
        while let Some(left) = rest.pop() {
            last = both("?:", left, last);
        }
        last
    }

    fn operator(&self, level: &[&'static str]) -> Option<(&'static str, usize)> {
        let token = self.peek()?;
        let (text, length) = match &token.kind {
            Kind::Sign(sign) => (*sign, 1),
            Kind::Other('!') if self.is_word(1, "in") => ("!in", 2),
            Kind::Other('!') if self.is_word(1, "is") => ("is", 2),
            Kind::Other('>') if self.is_other(1, '>') => (">>", 2),
            Kind::Other(_) => (self.text.get(token.range.clone())?, 1),
            Kind::Word(word) => (&**word, 1),
            _ => return None,
        };
        let found = level.iter().find(|operator| **operator == text)?;
        // A line that begins with one of these goes on with the line before.
        let goes_on = matches!(text, "&&" | "||") || (!self.kotlin && text == "==");
        (!token.first || goes_on || self.inside_brackets).then_some((*found, length))
    }

    fn binary(&mut self, level: usize) -> Expression {
        let Some(operators) = LEVELS.get(level) else { return self.infix() };
        let mut left = self.binary(level + 1);
        let mut chain = 0;
        while let Some((operator, length)) = self.operator(operators).filter(|_| chain < MAX_CHAIN) {
            self.at += length;
            if matches!(operator, "as" | "is" | "instanceof") {
                self.take_other('?');
                self.type_();
                // What a value is taken for says nothing about it.
                if operator != "as" {
                    let span = left.span;
                    left = Expression { kind: ExpressionKind::Unknown, span };
                }
            } else {
                let right = self.binary(level + 1);
                left = both(operator, left, right);
            }
            chain += 1;
        }
        left
    }

    /// Kotlin's `a to b`, `id("x") version "1"`.
    fn infix(&mut self) -> Expression {
        let mut left = self.unary();
        let mut chain = 0;
        while self.kotlin && chain < MAX_CHAIN && self.same_line() {
            let Some(word) = self.word(0).filter(|word| !is_keyword(word)) else { break };
            let operand = self
                .ahead(1)
                .is_some_and(|t| !t.first && !matches!(t.kind, Kind::Sign(_) | Kind::Bracket(')' | ']' | '}')))
                && !self.is_other(1, '=')
                && !self.is_other(1, ',');
            if !operand {
                break;
            }
            self.at += 1;
            let right = self.unary();
            let span = left.span.cover(right.span);
            left = if word == "to" {
                both("to", left, right)
            } else {
                let callee = Expression { kind: ExpressionKind::Member(Box::new(left), word.into()), span };
                let arguments = vec![Argument { name: None, value: right }];
                Expression { kind: ExpressionKind::Call { callee: Box::new(callee), arguments, block: None }, span }
            };
            chain += 1;
        }
        left
    }

    fn unary(&mut self) -> Expression {
        let start = self.here();
        let mut negations = 0_usize;
        while self.is_other(0, '!') || self.is_other(0, '-') || self.is_other(0, '~') || self.is_sign(0, "++") {
            negations += usize::from(self.is_other(0, '!'));
            self.at += 1;
        }
        let operand = self.postfix();
        if negations.is_multiple_of(2) {
            return operand;
        }
        let span = self.span(&(start..self.before()));
        Expression { kind: ExpressionKind::Not(Box::new(operand)), span }
    }

    fn postfix(&mut self) -> Expression {
        let start = self.here();
        let mut expression = self.operand();
        let mut chain = 0;
        let mut types = None;
        while let Some(token) = self.peek().filter(|_| chain < MAX_CHAIN) {
            chain += 1;
            let dot = match token.kind {
                Kind::Other('.') | Kind::Sign("?." | "*." | "::") => 1,
                // What a line begins with belongs to it, unless it is a dot.
                _ if token.first && !self.inside_brackets => break,
                Kind::Sign("!!" | "++" | "--") => {
                    self.at += 1;
                    continue;
                }
                _ => 0,
            };
            let previous = Box::new(expression);
            let kind = if dot > 0 {
                self.at += dot;
                self.take_other('@');
                match self.peek().map(|t| &t.kind) {
                    Some(Kind::Word(word)) => {
                        self.at += 1;
                        ExpressionKind::Member(previous, word.clone())
                    }
                    Some(Kind::Text(_)) => {
                        let name = self.operand();
                        ExpressionKind::Index(previous, Box::new(name))
                    }
                    _ => ExpressionKind::Unknown,
                }
            } else if self.is_bracket(0, '(') && (!token.apart || Self::may_be_called(&previous)) {
                with_types(self.call(previous), types.take())
            } else if self.is_bracket(0, '[') && !token.apart {
                self.at += 1;
                let inside = std::mem::replace(&mut self.inside_brackets, true);
                let index = self.expression();
                self.inside_brackets = inside;
                while self.peek().is_some()
                    && !self.is_bracket(0, ']')
                    && !self.is_bracket(0, '}')
                    && !self.is_bracket(0, ')')
                {
                    self.skip();
                }
                self.take_bracket(']');
                ExpressionKind::Index(previous, Box::new(index))
            } else if self.is_bracket(0, '{') && !token.first && Self::takes_block(&previous) {
                let block = self.block();
                match previous.kind {
                    ExpressionKind::Call { callee, arguments, block: None } => {
                        ExpressionKind::Call { callee, arguments, block }
                    }
                    kind => {
                        let callee = Box::new(Expression { kind, span: previous.span });
                        with_types(ExpressionKind::Call { callee, arguments: Vec::new(), block }, types.take())
                    }
                }
            } else if let Some(length) = self.type_arguments(&previous) {
                let first = self.word(1).map(|word| ExpressionKind::Name(word.into()));
                types = first.map(|kind| Expression { kind, span: self.span_of(1) });
                self.at += length + 1;
                expression = *previous;
                continue;
            } else {
                expression = *previous;
                break;
            };
            let span = self.span(&(start..self.before()));
            expression = Expression { kind, span };
        }
        expression
    }
}

fn both(operator: &str, left: Expression, right: Expression) -> Expression {
    let span = left.span.cover(right.span);
    Expression { kind: ExpressionKind::Binary(operator.into(), Box::new(left), Box::new(right)), span }
}
