//! Packages, imports and declarations.

use super::Parser;
use crate::go::lex::{Keyword, Kind, Op};
use crate::go::syntax::{Decl, Expr, ExprId, Field, FuncDecl, ImportLine, List, Name, TypeDecl, ValueDecl};
use crate::source::Span;

/// A parameter while its list is read: a name, a type, or both.
type Entry = (Option<(Name, u32)>, Option<ExprId>);

impl Parser<'_> {
    pub(super) fn file(&mut self) {
        if self.eat_word(Keyword::Package) {
            self.out.package = self.name();
            self.end_of_line();
        }
        while self.kind() != Kind::End {
            let before = self.at;
            self.lost = false;
            self.top();
            if self.at == before {
                self.loss();
                self.step();
            }
        }
    }

    fn top(&mut self) {
        match self.kind() {
            Kind::Semi => return self.step(),
            Kind::Keyword(Keyword::Import) => {
                self.step();
                self.group(|parser, _| parser.import());
            }
            Kind::Keyword(Keyword::Func) => {
                if let Some(decl) = self.function() {
                    self.out.decls.push(Decl::Func(Box::new(decl)));
                }
            }
            Kind::Keyword(Keyword::Type | Keyword::Var | Keyword::Const) => {
                let decls = self.declaration();
                self.out.decls.extend(decls);
            }
            _ => {
                self.loss();
                return self.next_top();
            }
        }
        if !matches!(self.kind(), Kind::Semi | Kind::End) {
            self.loss();
            self.next_top();
        }
    }

    /// Goes on to the next word that begins a declaration at the start of a line.
    fn next_top(&mut self) {
        loop {
            match self.kind() {
                Kind::End => return,
                Kind::Op(Op::Open | Op::OpenBrace | Op::OpenIndex) => self.skip_group(),
                Kind::Keyword(Keyword::Func | Keyword::Type | Keyword::Var | Keyword::Const | Keyword::Import)
                    if self.begins_line() =>
                {
                    return;
                }
                _ => self.step(),
            }
        }
    }

    /// Whether the token here is the first byte of its line.
    pub(super) fn begins_line(&self) -> bool {
        let start = self.start() as usize;
        start == 0 || self.text.as_bytes().get(start - 1) == Some(&b'\n')
    }

    pub(super) fn end_of_line(&mut self) {
        match self.kind() {
            Kind::Semi => self.step(),
            Kind::End | Kind::Op(Op::Close | Op::CloseBrace) => {}
            _ => {
                self.loss();
                self.skip_statement();
                if self.kind() == Kind::Semi {
                    self.step();
                }
            }
        }
    }

    /// One line, or several in brackets; each is told its number.
    fn group(&mut self, mut line: impl FnMut(&mut Self, usize)) {
        if !self.eat(Op::Open) {
            return line(self, 0);
        }
        let mut number = 0;
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::Close)) {
            let before = self.at;
            if self.kind() == Kind::Semi {
                self.step();
                continue;
            }
            line(self, number);
            number += 1;
            self.end_of_line();
            if self.at == before {
                self.step();
            }
        }
        self.demand(Op::Close);
    }

    fn import(&mut self) {
        let alias = match self.kind() {
            Kind::Name => self.name().map(|(name, _)| name),
            Kind::Op(Op::Dot) => {
                self.step();
                Some(self.naming.name("."))
            }
            _ => None,
        };
        let token = self.token();
        if token.kind != Kind::Text {
            return self.loss();
        }
        let span = Span { file: self.out.file, start: token.start, end: token.end };
        let path = self.text.get(span.range()).unwrap_or_default().trim_matches(['"', '`']).to_owned();
        self.step();
        self.out.imports.push(ImportLine { path, alias, span });
    }

    fn function(&mut self) -> Option<FuncDecl> {
        let start = self.start();
        self.step();
        let receiver = if self.is(Op::Open) { self.parameters().into_iter().next() } else { None };
        let (name, name_at) = self.name()?;
        let type_parameters = if self.is(Op::OpenIndex) { self.type_parameters() } else { Vec::new() };
        let signature = self.signature();
        let body = self.is(Op::OpenBrace).then(|| self.function_body()).flatten();
        let end = self.end();
        Some(FuncDecl { name, name_at, start, end, receiver, type_parameters, signature, body })
    }

    /// The body here; none where bodies are not wanted.
    pub(super) fn function_body(&mut self) -> Option<u32> {
        if !self.whole && self.mate().is_some() {
            self.skip_group();
            return None;
        }
        let level = std::mem::replace(&mut self.level, 0);
        let body = self.block();
        self.level = level;
        self.out.bodies.push(body);
        Some(self.out.bodies.len() as u32 - 1)
    }

    /// A `type`, `var` or `const` declaration with all of its lines.
    pub(super) fn declaration(&mut self) -> Vec<Decl> {
        let mut decls = Vec::new();
        let (word, start) = (self.kind(), self.start());
        self.step();
        // A line of its own begins with its word, as comments above it see it.
        let alone = (!self.is(Op::Open)).then_some(start);
        self.group(|parser, number| {
            if word == Kind::Keyword(Keyword::Type) {
                decls.extend(parser.type_line().map(Decl::Type));
            } else {
                let constant = word == Kind::Keyword(Keyword::Const);
                decls.extend(parser.value_line(constant, number > 0, alone).map(Decl::Value));
            }
        });
        decls
    }

    fn type_line(&mut self) -> Option<TypeDecl> {
        let (name, name_at) = self.name()?;
        let type_parameters = if self.begins_type_parameters() { self.type_parameters() } else { Vec::new() };
        let alias = self.eat(Op::Assign);
        let of = self.type_expr();
        Some(TypeDecl { name, name_at, type_parameters, alias, of })
    }

    /// `[P any]` against `[N]int`.
    fn begins_type_parameters(&self) -> bool {
        if !self.is(Op::OpenIndex) || self.ahead(1).kind != Kind::Name {
            return false;
        }
        match self.ahead(2).kind {
            Kind::Name | Kind::Keyword(_) | Kind::Op(Op::Comma | Op::OpenIndex | Op::Tilde) => true,
            // `[P *T,]` and `[P *T | int]` are parameters, `[N * M]` is a length.
            Kind::Op(Op::Star) => {
                let mate = self.mate().unwrap_or(self.at);
                let within = self.tokens.get(self.at..mate).unwrap_or_default();
                within.iter().take(64).any(|t| matches!(t.kind, Kind::Op(Op::Comma | Op::Or | Op::Tilde)))
            }
            _ => false,
        }
    }

    fn value_line(&mut self, constant: bool, follows: bool, alone: Option<u32>) -> Option<ValueDecl> {
        let start = alone.unwrap_or(self.start());
        let mut names = vec![self.name()?];
        while self.eat(Op::Comma) {
            names.push(self.name()?);
        }
        let of = if matches!(self.kind(), Kind::Op(Op::Assign | Op::Close | Op::CloseBrace) | Kind::Semi | Kind::End) {
            None
        } else {
            Some(self.type_expr())
        };
        let values = if self.eat(Op::Assign) { self.expr_list() } else { List::default() };
        let repeats = constant && follows && of.is_none() && values.len == 0;
        Some(ValueDecl { names, of, values, constant, repeats, start, end: self.end() })
    }

    pub(super) fn type_parameters(&mut self) -> Vec<Field> {
        self.entries(Op::OpenIndex, Op::CloseIndex)
    }

    pub(super) fn parameters(&mut self) -> Vec<Field> {
        self.entries(Op::Open, Op::Close)
    }

    /// Parameters in brackets: names with types, or types alone.
    fn entries(&mut self, open: Op, close: Op) -> Vec<Field> {
        let level = std::mem::replace(&mut self.level, 0);
        self.demand(open);
        let mut entries: Vec<Entry> = Vec::new();
        while !matches!(self.kind(), Kind::End | Kind::Op(Op::CloseBrace)) && !self.is(close) {
            let before = self.at;
            let entry = self.entry(close);
            entries.push(entry);
            if !self.eat(Op::Comma) && !self.is(close) {
                self.loss();
                while !matches!(self.kind(), Kind::End | Kind::Semi | Kind::Op(Op::Comma)) && !self.is(close) {
                    match self.kind() {
                        Kind::Op(Op::Open | Op::OpenBrace | Op::OpenIndex) => self.skip_group(),
                        _ => self.step(),
                    }
                }
                if !self.eat(Op::Comma) {
                    break;
                }
            }
            if self.at == before {
                break;
            }
        }
        self.demand(close);
        self.level = level;
        self.fields(entries)
    }

    /// One entry: a name and a type, or one of them, which a name alone does not tell.
    fn entry(&mut self, close: Op) -> Entry {
        let alone = match (self.kind(), self.ahead(1).kind) {
            (Kind::Name, Kind::Op(op)) if op == Op::Comma || op == close => true,
            (Kind::Name, Kind::Op(Op::Dot | Op::Or)) => return (None, Some(self.constraint())),
            (Kind::Name, Kind::Op(Op::OpenIndex)) if self.is_instance(close) => {
                return (None, Some(self.constraint()));
            }
            (Kind::Name, _) => false,
            _ => return (None, Some(self.constraint())),
        };
        let name = self.name();
        if alone { (name, None) } else { (name, Some(self.constraint())) }
    }

    /// `List[int]` against `values []int` and `values [4]int`.
    fn is_instance(&self, close: Op) -> bool {
        let mate = self.mates.get(self.at + 1).map_or(0, |mate| *mate as usize);
        let empty = mate == self.at + 2;
        let behind = self.tokens.get(mate + 1).map(|t| t.kind);
        let ends = |kind| matches!(kind, Kind::Op(Op::Comma | Op::Or) | Kind::Semi) || kind == Kind::Op(close);
        mate != 0 && !empty && behind.is_some_and(ends)
    }

    fn fields(&mut self, entries: Vec<Entry>) -> Vec<Field> {
        let have_types = entries.iter().any(|(name, of)| name.is_some() && of.is_some());
        let mut fields: Vec<Field> = Vec::with_capacity(entries.len());
        let mut waiting = Vec::new();
        for (name, of) in entries {
            match (name, of) {
                (Some(name), None) if have_types => waiting.push(name),
                (Some((name, at)), None) => {
                    self.out.exprs.push(Expr::Name(name));
                    let len = self.naming.names.get(name).len() as u32;
                    self.out.spans.push((at, at + len));
                    let of = ExprId(self.out.exprs.len() as u32 - 1);
                    fields.push(Field { names: Vec::new(), of, embedded: false, tag: None });
                }
                (name, Some(of)) => {
                    let mut own = std::mem::take(&mut waiting);
                    own.extend(name);
                    fields.push(Field { names: own, of, embedded: false, tag: None });
                }
                (None, None) => {}
            }
        }
        fields
    }
}
