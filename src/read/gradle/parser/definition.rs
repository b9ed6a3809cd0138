//! Definitions: variables, functions, objects, and the types that stand in them.

use super::super::lexer::{Kind, Token};
use super::super::{Block, Statement};
use super::{Parser, is_keyword};

impl Parser<'_> {
    /// How many tokens of a type stand before the name of a Groovy definition: `String x =`, `List<String> x =`, `void f(`.
    pub(super) fn typed(&self) -> Option<usize> {
        let first = self.word(0)?;
        let is_type =
            first.starts_with(char::is_uppercase) || matches!(first, "int" | "boolean" | "void" | "long" | "double");
        let mut at = 1;
        while self.is_other(at, '.') && self.word(at + 1).is_some() {
            at += 2;
        }
        if self.is_other(at, '<') {
            at += 1 + self.generics(at)?;
        }
        while self.is_bracket(at, '[') && self.is_bracket(at + 1, ']') {
            at += 2;
        }
        self.word(at)?;
        let on_one_line = (1..=at).all(|i| self.ahead(i).is_some_and(|t| !t.first));
        let defines =
            self.is_other(at + 1, '=') || (is_type && self.is_bracket(at + 1, '(') && !self.ahead(at + 1)?.apart);
        (on_one_line && defines && !is_keyword(first)).then_some(at)
    }

    /// How many tokens stand from a `<` to its `>`, both left out at the start: types, names, dots and commas only.
    pub(super) fn generics(&self, from: usize) -> Option<usize> {
        let mut open = 0_usize;
        for by in 0..40 {
            match &self.ahead(from + by)?.kind {
                Kind::Other('<') => open += 1,
                Kind::Other('>') => {
                    open = open.checked_sub(1)?;
                    if open == 0 {
                        return Some(by);
                    }
                }
                Kind::Word(_) | Kind::Other('.' | ',' | '?' | '*' | ':' | '&') | Kind::Bracket('[' | ']') => {}
                _ => return None,
            }
        }
        None
    }

    /// What follows `def`, `val`, `var` or a type. `may_be_function`: in Groovy a bracket makes it one.
    pub(super) fn definition(&mut self, may_be_function: bool) -> Option<Statement> {
        let mut names: Vec<Box<str>> = Vec::new();
        if self.is_bracket(0, '(') {
            self.at += 1;
            while let Some(token) = self.peek().filter(|t| !matches!(t.kind, Kind::Bracket(_))) {
                if let Kind::Word(word) = &token.kind {
                    names.push(word.clone());
                }
                self.at += 1;
            }
            self.take_bracket(')');
        } else {
            // `def String x`: the last of the words is the name.
            while !self.kotlin && self.word(1).is_some() && self.ahead(1).is_some_and(|t| !t.first) {
                self.at += 1;
            }
            let name: Box<str> = self.word(0)?.into();
            self.at += 1;
            if may_be_function && self.is_bracket(0, '(') {
                return self.function(name);
            }
            // `val Project.name`: an extension.
            while self.is_other(0, '.') && self.word(1).is_some() {
                self.at += 2;
            }
            names.push(name);
        }
        if self.take_other(':') {
            self.type_();
        }
        if self.is_word(0, "by") {
            self.at += 1;
            return Some(Statement::Define { names, value: Some(self.expression()), delegated: true });
        }
        let value = self.take_other('=').then(|| self.command());
        if value.is_none() && self.kotlin && self.is_word(0, "get") && self.is_bracket(1, '(') {
            self.at += 3;
            let value = self.take_other('=').then(|| self.expression());
            if value.is_none() {
                self.block();
            }
            return Some(Statement::Define { names, value, delegated: false });
        }
        Some(Statement::Define { names, value, delegated: false })
    }

    /// Passes over a Kotlin type.
    pub(super) fn type_(&mut self) {
        loop {
            if self.is_bracket(0, '(') {
                self.skip();
            } else if self.word(0).is_some() {
                self.at += 1;
            }
            while self.is_other(0, '.') && self.word(1).is_some() {
                self.at += 2;
            }
            if self.is_other(0, '<')
                && let Some(length) = self.generics(0)
            {
                self.at += length + 1;
            }
            self.take_other('?');
            while self.is_bracket(0, '[') && self.is_bracket(1, ']') {
                self.at += 2;
            }
            if !self.is_sign(0, "->") {
                return;
            }
            self.at += 1;
        }
    }

    /// A function from the bracket of its parameters on.
    fn function(&mut self, name: Box<str>) -> Option<Statement> {
        let parameters = self.declared_parameters();
        if self.take_other(':') {
            self.type_();
        }
        let start = self.here();
        let body = if self.take_other('=') {
            let value = self.expression();
            let span = self.span(&(start..self.before()));
            Block {
                parameters: Vec::new(),
                statements: vec![Statement::Return(Some(value))],
                span,
                lead: Box::default(),
            }
        } else {
            self.block()?
        };
        Some(Statement::Function { name, parameters, body })
    }

    /// The names in `(String a, b = 1)` or `(a: String, b: Int = 1)`.
    fn declared_parameters(&mut self) -> Vec<Box<str>> {
        let (start, mut names) = (self.at, Vec::<Box<str>>::new());
        self.skip();
        let inner = self.tokens.get(start + 1..self.at.saturating_sub(1)).unwrap_or_default();
        let mut open = 0_usize;
        let mut parts: Vec<Vec<&Token>> = vec![Vec::new()];
        for token in inner {
            match token.kind {
                Kind::Bracket('(' | '[' | '{') | Kind::Other('<') => open += 1,
                Kind::Bracket(_) | Kind::Other('>') => open = open.saturating_sub(1),
                Kind::Other(',') if open == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
            if let Some(part) = parts.last_mut() {
                part.push(token);
            }
        }
        for part in parts {
            let before = part.iter().take_while(|t| !matches!(t.kind, Kind::Other('=' | ':')));
            let words = before.filter_map(|t| if let Kind::Word(word) = &t.kind { Some(word) } else { None });
            names.extend(words.last().cloned());
        }
        names
    }

    /// `fun name(…)`, `fun Type.name(…)`, `fun <T> name(…)`.
    pub(super) fn kotlin_function(&mut self) -> Option<Statement> {
        if self.is_other(0, '<')
            && let Some(length) = self.generics(0)
        {
            self.at += length + 1;
        }
        let mut name = self.word(0)?;
        self.at += 1;
        while let Some(next) = self.is_other(0, '.').then(|| self.word(1)).flatten() {
            name = next;
            self.at += 2;
        }
        self.is_bracket(0, '(').then(|| self.function(name.into())).flatten()
    }

    /// `object Versions { … }`; of classes only the name is of interest.
    pub(super) fn object(&mut self) -> Option<Statement> {
        let is_object = self.is_word(0, "object");
        while self.word(1).is_some() && self.ahead(1).is_some_and(|t| !t.first) && !self.is_word(1, "extends") {
            self.at += 1;
        }
        let name: Box<str> = self.word(0)?.into();
        self.at += 1;
        let mut passed = 0;
        while self.same_line() && !self.is_bracket(0, '{') && passed < 64 {
            self.skip();
            passed += 1;
        }
        let body = self.block()?;
        is_object.then_some(Statement::Object { name, body })
    }
}
