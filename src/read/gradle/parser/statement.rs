//! Statements.

use super::super::lexer::Kind;
use super::super::{Expression, ExpressionKind, Statement};
use super::Parser;
use crate::read::Loss;

/// Words that may stand before a definition and say nothing to us.
const MODIFIERS: [&str; 17] = [
    "private",
    "public",
    "protected",
    "internal",
    "final",
    "static",
    "const",
    "lateinit",
    "override",
    "abstract",
    "open",
    "data",
    "inline",
    "operator",
    "infix",
    "synchronized",
    "sealed",
];

impl Parser<'_> {
    /// Statements up to a closing bracket or the end.
    pub(super) fn statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token.kind, Kind::Bracket(')' | ']' | '}')) {
                break;
            }
            if self.take_other(';') || self.take_other(',') {
                continue;
            }
            let start = self.at;
            statements.extend(self.statement());
            let is_done = |parser: &Self| {
                parser.at > start
                    && parser.peek().is_none_or(|token| {
                        token.first || matches!(token.kind, Kind::Bracket(')' | ']' | '}') | Kind::Other(';'))
                    })
            };
            if !is_done(self) {
                let span = self.span(&(self.here()..self.here()));
                self.losses.push(Loss::limit(span, "the rest of this statement is not understood"));
                while !is_done(self) {
                    self.skip();
                }
            }
        }
        statements
    }

    pub(super) fn statement(&mut self) -> Option<Statement> {
        self.annotations();
        let first = self.at;
        while self.word(0).is_some_and(|word| MODIFIERS.contains(&word)) && self.word(1).is_some() {
            self.at += 1;
        }
        if !self.kotlin && self.at > first && self.is_other(1, '=') {
            return self.definition(false);
        }
        match self.word(0) {
            Some("import" | "package") => {
                self.at += 1;
                while self.same_line() && !self.is_other(0, ';') {
                    self.at += 1;
                }
                return None;
            }
            Some("def") if !self.kotlin && (self.word(1).is_some() || self.is_bracket(1, '(')) => {
                self.at += 1;
                return self.definition(!self.is_bracket(0, '('));
            }
            Some("val" | "var") if self.word(1).is_some() || self.is_bracket(1, '(') => {
                self.at += 1;
                return self.definition(false);
            }
            Some("fun") if self.kotlin => {
                self.at += 1;
                return self.kotlin_function();
            }
            Some("object" | "class" | "interface" | "enum" | "trait") if self.word(1).is_some() => {
                return self.object();
            }
            Some("for") if self.is_bracket(1, '(') => return self.for_loop(),
            Some("while") if self.is_bracket(1, '(') => {
                self.at += 1;
                self.skip();
                self.body();
                return None;
            }
            Some("try") if self.is_bracket(1, '{') => return self.attempt(),
            Some("return") => {
                self.at += 1;
                let ends = self
                    .peek()
                    .is_none_or(|t| t.first || matches!(t.kind, Kind::Bracket('}') | Kind::Other(';' | '@')));
                let value = if ends { None } else { Some(self.expression()) };
                return Some(Statement::Return(value));
            }
            Some("throw" | "assert" | "break" | "continue") => {
                self.at += 1;
                while self.same_line()
                    && !matches!(self.peek().map(|t| &t.kind), Some(Kind::Bracket('}') | Kind::Other(';')))
                {
                    self.skip();
                }
                return None;
            }
            _ => {}
        }
        if !self.kotlin
            && let Some(words) = self.typed()
        {
            self.at += words;
            return self.definition(true);
        }
        Some(self.expression_statement())
    }

    fn expression_statement(&mut self) -> Statement {
        let start = self.here();
        let expression = self.command();
        let adds = self.is_sign(0, "+=");
        if self.is_other(0, '=') || adds || self.is_sign(0, "-=") {
            self.at += 1;
            let value = self.command();
            return Statement::Assign { target: expression, adds, value, span: self.span(&(start..self.before())) };
        }
        Statement::Expression(expression)
    }

    fn annotations(&mut self) {
        while self.is_other(0, '@') && self.word(1).is_some() {
            self.at += 2;
            while (self.is_other(0, '.') || self.is_other(0, ':')) && self.word(1).is_some() {
                self.at += 2;
            }
            if self.is_bracket(0, '(') {
                self.skip();
            }
        }
    }

    fn for_loop(&mut self) -> Option<Statement> {
        let start = self.at;
        self.at += 2;
        let mut name: Option<&str> = None;
        while let Some(token) = self.peek() {
            match &token.kind {
                Kind::Word(word) if &**word == "in" => break,
                Kind::Word(word) => name = Some(word),
                Kind::Other(':') if !self.kotlin => break,
                Kind::Other('<' | '>' | '.') | Kind::Bracket('[' | ']' | '(') => {}
                Kind::Bracket(')') if self.is_word(1, "in") => {}
                _ => {
                    name = None;
                    break;
                }
            }
            self.at += 1;
        }
        let Some(name) = name.filter(|_| self.is_word(0, "in") || self.is_other(0, ':')) else {
            self.at = start + 1;
            self.skip();
            self.body();
            return None;
        };
        self.at += 1;
        let list = self.expression();
        self.take_bracket(')');
        Some(Statement::For { name: name.into(), list, body: self.body() })
    }

    /// `try { … } catch (…) { … }`: what is tried.
    fn attempt(&mut self) -> Option<Statement> {
        let start = self.here();
        self.at += 1;
        let body = self.block()?;
        loop {
            if self.is_word(0, "catch") && self.is_bracket(1, '(') {
                self.at += 1;
                self.skip();
                self.block();
            } else if self.is_word(0, "finally") {
                self.at += 1;
                self.block();
            } else {
                break;
            }
        }
        let span = self.span(&(start..self.before()));
        let kind = ExpressionKind::If(Vec::new(), Some(body));
        Some(Statement::Expression(Expression { kind, span }))
    }
}
