//! Calls: with brackets, with a block, and Groovy's without brackets.

use super::super::lexer::{Kind, Piece};
use super::super::{Argument, Expression, ExpressionKind, MAX_CHAIN};
use super::{Parser, is_keyword};
use crate::read::Loss;
use crate::source::Span;

impl Parser<'_> {
    /// An expression that may be a call without brackets: `implementation 'a:b:c', 'd:e:f'`, `id 'x' version '1'`.
    pub(super) fn command(&mut self) -> Expression {
        let mut expression = self.expression();
        let mut chain = 0;
        while !self.kotlin && chain < MAX_CHAIN && self.same_line() {
            let plain = matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Member(..));
            if plain && self.begins_argument() {
                expression = self.call_without_brackets(expression);
            } else if matches!(expression.kind, ExpressionKind::Call { .. })
                && self.word(0).is_some_and(|word| !is_keyword(word))
            {
                let span = self.span_of(0);
                let name = self.word(0).unwrap_or_default().into();
                self.at += 1;
                let whole = expression.span.cover(span);
                let member = ExpressionKind::Member(Box::new(expression), name);
                expression = Expression { kind: member, span: whole };
                if self.is_bracket(0, '(') {
                    let kind = self.call(Box::new(expression));
                    expression = Expression { kind, span: self.span(&(whole.range().start..self.before())) };
                } else if !(self.same_line() && self.begins_argument()) {
                    break;
                }
            } else {
                break;
            }
            chain += 1;
        }
        expression
    }

    pub(super) fn span_of(&self, by: usize) -> Span {
        let range = self.ahead(by).map_or(self.text.len()..self.text.len(), |token| token.range.clone());
        self.span(&range)
    }

    /// Whether what comes next is the first argument of a call without brackets.
    fn begins_argument(&self) -> bool {
        let Some(token) = self.peek().filter(|token| token.apart) else { return false };
        match &token.kind {
            Kind::Text(_) | Kind::Number => true,
            Kind::Word(word) => !is_keyword(word),
            // `exclude [group: 'x']` with a blank before and none behind.
            Kind::Bracket('[') => self.word(1).is_some() && self.is_other(2, ':'),
            Kind::Other('*' | '!') => self.ahead(1).is_some_and(|next| !next.apart),
            _ => false,
        }
    }

    fn call_without_brackets(&mut self, callee: Expression) -> Expression {
        let start = callee.span;
        let mut arguments = vec![self.argument()];
        while self.is_other(0, ',') && arguments.len() < MAX_CHAIN {
            self.at += 1;
            arguments.push(self.argument());
        }
        let mut block = None;
        // `task x(type: Y) { … }`, `implementation project(':x'), { … }`: the block belongs to the outermost call.
        if let Some(Argument { name: None, value: Expression { kind: ExpressionKind::Block(_), .. } }) =
            arguments.last()
            && let Some(Argument { value: Expression { kind: ExpressionKind::Block(last), .. }, .. }) = arguments.pop()
        {
            block = Some(last);
        }
        let span = start.cover(self.span(&(start.range().start..self.before())));
        Expression { kind: ExpressionKind::Call { callee: Box::new(callee), arguments, block }, span }
    }

    fn argument(&mut self) -> Argument {
        let named = match self.peek().map(|t| &t.kind) {
            Some(Kind::Word(word)) => Some(word.clone()),
            Some(Kind::Text(pieces)) => match pieces.as_slice() {
                [Piece::Literal(text)] => Some(text.as_str().into()),
                _ => None,
            },
            _ => None,
        };
        let colon = !self.kotlin && self.is_other(1, ':');
        let equals = self.kotlin && self.word(0).is_some() && self.is_other(1, '=');
        if named.is_some() && (colon || equals) {
            self.at += 2;
            return Argument { name: named, value: self.expression() };
        }
        self.take_other('*');
        Argument { name: None, value: self.expression() }
    }

    /// `implementation (project(':x'))`: a blank may stand before a call's bracket.
    pub(super) fn may_be_called(callee: &Expression) -> bool {
        matches!(callee.kind, ExpressionKind::Name(_) | ExpressionKind::Member(..))
    }

    pub(super) fn takes_block(callee: &Expression) -> bool {
        matches!(
            callee.kind,
            ExpressionKind::Name(_)
                | ExpressionKind::Member(..)
                | ExpressionKind::Call { .. }
                | ExpressionKind::Text(_)
                | ExpressionKind::Index(..)
        )
    }

    /// `withType<Test> {`: how many tokens the types take.
    pub(super) fn type_arguments(&self, callee: &Expression) -> Option<usize> {
        let named = matches!(callee.kind, ExpressionKind::Name(_) | ExpressionKind::Member(..));
        if !named || !self.is_other(0, '<') {
            return None;
        }
        let length = self.generics(0)?;
        let behind = self.ahead(length + 1);
        let is_call = matches!(
            behind.map(|t| &t.kind),
            Some(Kind::Bracket('(' | '{' | ')') | Kind::Sign("::") | Kind::Other('.' | ','))
        );
        is_call.then_some(length)
    }

    pub(super) fn call(&mut self, callee: Box<Expression>) -> ExpressionKind {
        self.at += 1;
        let arguments = self.arguments(')');
        ExpressionKind::Call { callee, arguments, block: None }
    }

    /// Arguments up to a closing bracket, which goes as well.
    pub(super) fn arguments(&mut self, end: char) -> Vec<Argument> {
        let inside = std::mem::replace(&mut self.inside_brackets, true);
        let mut arguments = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Bracket(')' | ']' | '}') => break,
                Kind::Other(',' | ';') => self.at += 1,
                _ => {
                    let start = self.at;
                    arguments.push(self.argument());
                    let is_end = |parser: &Self| {
                        parser
                            .peek()
                            .is_none_or(|t| matches!(t.kind, Kind::Bracket(')' | ']' | '}') | Kind::Other(',')))
                    };
                    if self.at == start || !is_end(self) {
                        while self.at == start || !is_end(self) {
                            self.skip();
                        }
                        // Half an argument is none.
                        if let Some(argument) = arguments.last_mut() {
                            argument.value.kind = ExpressionKind::Unknown;
                        }
                    }
                }
            }
        }
        self.inside_brackets = inside;
        if !self.take_bracket(end) {
            let at = self.here().min(self.text.len());
            self.losses.push(Loss::part(self.span(&(at..at)), format!("a `{end}` is missing")));
        }
        arguments
    }
}

/// `withType<Test>()` is read as `withType(Test)`.
pub(super) fn with_types(call: ExpressionKind, types: Option<Expression>) -> ExpressionKind {
    match (call, types) {
        (ExpressionKind::Call { callee, mut arguments, block }, Some(value)) => {
            arguments.push(Argument { name: None, value });
            ExpressionKind::Call { callee, arguments, block }
        }
        (call, _) => call,
    }
}
