//! From tokens to statements.

mod expression;

use super::lexer::{Kind, Token};
use super::{Block, Expression, ExpressionKind, MAX_DEPTH, Statement};
use crate::read::Loss;
use crate::source::{FileId, Span};
use std::ops::Range;

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

    /// Statements up to a closing bracket or the end.
    fn statements(&mut self) -> Vec<Statement> {
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

    fn statement(&mut self) -> Option<Statement> {
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

    /// How many tokens of a type stand before the name of a Groovy definition: `String x =`, `List<String> x =`, `void f(`.
    fn typed(&self) -> Option<usize> {
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
    fn generics(&self, from: usize) -> Option<usize> {
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
    fn definition(&mut self, may_be_function: bool) -> Option<Statement> {
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
    fn type_(&mut self) {
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
    fn kotlin_function(&mut self) -> Option<Statement> {
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
    fn object(&mut self) -> Option<Statement> {
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

/// Words that begin no operand.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "else" | "in" | "as" | "is" | "instanceof" | "return" | "case" | "default" | "catch" | "finally" | "by"
    )
}
