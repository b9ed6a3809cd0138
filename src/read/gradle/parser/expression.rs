//! Expressions: operands, what follows them, operators, and Groovy's calls without brackets.

use super::super::lexer::{Kind, Piece};
use super::super::{Argument, Block, Expression, ExpressionKind, MAX_CHAIN, MAX_DEPTH, Part};
use super::{Parser, is_keyword};
use crate::read::Loss;
use crate::source::{Span, Traced};

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

    fn span_of(&self, by: usize) -> Span {
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

    /// `implementation (project(':x'))`: a blank may stand before a call's bracket.
    fn may_be_called(callee: &Expression) -> bool {
        matches!(callee.kind, ExpressionKind::Name(_) | ExpressionKind::Member(..))
    }

    fn takes_block(callee: &Expression) -> bool {
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
    fn type_arguments(&self, callee: &Expression) -> Option<usize> {
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

    fn call(&mut self, callee: Box<Expression>) -> ExpressionKind {
        self.at += 1;
        let arguments = self.arguments(')');
        ExpressionKind::Call { callee, arguments, block: None }
    }

    /// Arguments up to a closing bracket, which goes as well.
    fn arguments(&mut self, end: char) -> Vec<Argument> {
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

    fn operand(&mut self) -> Expression {
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

    fn outside<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        let inside = std::mem::replace(&mut self.inside_brackets, false);
        let result = f(self);
        self.inside_brackets = inside;
        result
    }

    fn conditional(&mut self) -> ExpressionKind {
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

    fn when(&mut self) -> ExpressionKind {
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

    /// `(x)`, `(val y = x)`.
    fn when_subject(&mut self) -> Expression {
        if matches!(self.word(1), Some("val")) && self.word(2).is_some() && self.is_other(3, '=') {
            self.at += 3;
        }
        self.condition()
    }

    fn switch(&mut self) -> ExpressionKind {
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

    fn take_arrow(&mut self) {
        self.at += usize::from(self.is_sign(0, "->"));
    }
}

/// `withType<Test>()` is read as `withType(Test)`.
fn with_types(call: ExpressionKind, types: Option<Expression>) -> ExpressionKind {
    match (call, types) {
        (ExpressionKind::Call { callee, mut arguments, block }, Some(value)) => {
            arguments.push(Argument { name: None, value });
            ExpressionKind::Call { callee, arguments, block }
        }
        (call, _) => call,
    }
}

fn both(operator: &str, left: Expression, right: Expression) -> Expression {
    let span = left.span.cover(right.span);
    Expression { kind: ExpressionKind::Binary(operator.into(), Box::new(left), Box::new(right)), span }
}
