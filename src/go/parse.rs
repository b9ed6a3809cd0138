//! From tokens to [`Syntax`]: a recursive descent that recovers at statements and declarations, as Go's own parser does.

mod decl;
mod expr;
mod stmt;
mod types;

use super::lex::{self, Keyword, Kind, Op, Token};
use super::syntax::{Expr, ExprId, List, Name, Naming, Pragma, Syntax};
use crate::read::directive::{self, DirectiveKind};
use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span};

/// How much of a file is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Declarations and the bodies of functions.
    Whole,
    /// What other packages can see: no bodies.
    Declarations,
}

/// How deep syntax may be nested on the caller's stack, and on one of our own. Deeper parts are left out.
const DEPTHS: [usize; 2] = [48, 1000];

/// The stack of our own. Only what is used of it costs memory.
const STACK: usize = 256 << 20;

/// Calls a function on a stack that is deep enough for everything this analyser does.
pub fn with_deep_stack<T: Send>(f: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("go".into()).stack_size(STACK).spawn_scoped(scope, f);
        thread.ok().and_then(|thread| thread.join().ok())
    })
}

/// Reads a text.
pub fn parse(file: FileId, text: &str, depth: Depth) -> Reading<Syntax> {
    let tokens = lex::lex(file, text);
    let run = |limit: usize| {
        let mut parser = Parser::new(file, text, &tokens.list, depth, limit);
        parser.file();
        parser
    };
    let mut parser = run(DEPTHS[0]);
    if parser.too_deep.is_some()
        && let Some(deeper) = with_deep_stack(|| run(DEPTHS[1]))
    {
        parser = deeper;
    }
    let mut losses = tokens.losses;
    losses.append(&mut parser.losses);
    losses.extend(parser.too_deep.map(|span| Loss::limit(span, "Go code that is nested too deeply to be read")));
    losses.sort_by_key(|loss| loss.span);
    losses.truncate(super::MAX_LOSSES);
    let mut body = parser.finish();
    comments(&mut body, text, &tokens.comments, &tokens.list);
    Reading { body, comments: tokens.comments, losses }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The token that closes each opening one.
    mates: Vec<u32>,
    at: usize,
    whole: bool,
    naming: Naming<'t>,
    out: Syntax,
    losses: Vec<Loss>,
    /// A loss was told in this declaration.
    lost: bool,
    nesting: usize,
    limit: usize,
    too_deep: Option<Span>,
    /// Below zero in the head of a statement, where a brace begins the body.
    level: i32,
    /// Lists that are being read.
    pending: Vec<ExprId>,
}

/// Generated files say so before their package clause.
fn comments(out: &mut Syntax, text: &str, comments: &[Span], tokens: &[Token]) {
    let code = tokens.first().map_or(u32::MAX, |t| t.start);
    let below = |span: Span| {
        let next = tokens.partition_point(|t| t.start < span.end);
        tokens.get(next..)?.iter().find(|t| t.kind != Kind::Semi).map(|t| t.start)
    };
    for span in comments {
        let words = text.get(span.range()).unwrap_or_default();
        if span.start < code {
            out.generated |= words.starts_with("// Code generated ") && words.trim_end().ends_with(" DO NOT EDIT.");
            let tag = words.strip_prefix("//go:build ").or_else(|| words.strip_prefix("// +build "));
            out.build_tags.extend(tag.map(|tag| tag.trim().to_owned()));
        }
        for verb in ["export", "go:linkname", "go:wasmexport"] {
            let rest = words.strip_prefix("//").and_then(|rest| rest.strip_prefix(verb));
            if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '\t'])) {
                let words = rest.trim().to_owned();
                out.pragmas.push(Pragma { verb, words, span: *span, above: below(*span) });
            }
        }
    }
    if directive::may_hold(text) {
        let marks = directive::parse(text, comments).into_iter().filter(|d| d.kind == DirectiveKind::Udf);
        out.marks =
            marks.filter_map(|mark| Some((below(mark.span).filter(|at| *at < mark.covers.end)?, mark.span))).collect();
    }
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str, tokens: &'t [Token], depth: Depth, limit: usize) -> Self {
        let out = Syntax {
            file,
            package: None,
            imports: Vec::new(),
            decls: Vec::new(),
            exprs: Vec::new(),
            spans: Vec::new(),
            lists: Vec::new(),
            signatures: Vec::new(),
            structs: Vec::new(),
            interfaces: Vec::new(),
            bodies: Vec::new(),
            texts: Vec::new(),
            names: super::syntax::Names::default(),
            build_tags: Vec::new(),
            generated: false,
            pragmas: Vec::new(),
            marks: Vec::new(),
        };
        Self {
            text,
            tokens,
            mates: mates(tokens),
            at: 0,
            whole: depth == Depth::Whole,
            naming: Naming::default(),
            out,
            losses: Vec::new(),
            lost: false,
            nesting: 0,
            limit,
            too_deep: None,
            level: 0,
            pending: Vec::new(),
        }
    }

    fn finish(mut self) -> Syntax {
        self.out.names = self.naming.names;
        self.out.exprs.shrink_to_fit();
        self.out.spans.shrink_to_fit();
        self.out.lists.shrink_to_fit();
        self.out
    }

    fn token(&self) -> Token {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Token {
        const END: Token = Token { kind: Kind::End, start: 0, end: 0 };
        self.tokens.get(self.at + by).or(self.tokens.last()).copied().unwrap_or(END)
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    fn start(&self) -> u32 {
        self.token().start
    }

    /// The end of the token before.
    fn end(&self) -> u32 {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |t| t.end)
    }

    fn step(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    fn is(&self, op: Op) -> bool {
        self.kind() == Kind::Op(op)
    }

    fn is_word(&self, word: Keyword) -> bool {
        self.kind() == Kind::Keyword(word)
    }

    fn eat(&mut self, op: Op) -> bool {
        let here = self.is(op);
        if here {
            self.step();
        }
        here
    }

    fn eat_word(&mut self, word: Keyword) -> bool {
        let here = self.is_word(word);
        if here {
            self.step();
        }
        here
    }

    fn demand(&mut self, op: Op) -> bool {
        let here = self.eat(op);
        if !here {
            self.loss();
        }
        here
    }

    /// Says once in a declaration that something stands here which cannot.
    fn loss(&mut self) {
        if self.lost || self.losses.len() >= super::MAX_LOSSES {
            return;
        }
        self.lost = true;
        let token = self.token();
        let span = Span { file: self.out.file, start: token.start, end: token.end };
        let shown = self.text.get(span.range()).unwrap_or_default().lines().next().unwrap_or_default();
        let message = match token.kind {
            Kind::End => "Go syntax: the file ends too early".to_owned(),
            Kind::Semi => "Go syntax: the line ends too early".to_owned(),
            _ => format!("Go syntax that cannot be read: `{shown}` cannot stand here"),
        };
        self.losses.push(Loss::part(span, message));
    }

    /// The token that closes the one here.
    fn mate(&self) -> Option<usize> {
        self.mates.get(self.at).map(|mate| *mate as usize).filter(|mate| *mate > self.at)
    }

    /// Leaves out what stands in the bracket here.
    fn skip_group(&mut self) {
        match self.mate() {
            Some(mate) => {
                self.at = mate;
                self.step();
            }
            None => self.step(),
        }
    }

    /// Goes on to the end of a statement or block.
    fn skip_statement(&mut self) {
        loop {
            match self.kind() {
                Kind::Semi | Kind::End | Kind::Op(Op::CloseBrace | Op::Close) => return,
                Kind::Op(Op::Open | Op::OpenBrace | Op::OpenIndex) => self.skip_group(),
                _ => self.step(),
            }
        }
    }

    /// Reads something nested, unless it is nested too deeply: then it is left out.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if self.nesting >= self.limit {
            let token = self.token();
            let span = Span { file: self.out.file, start: token.start, end: token.end };
            self.too_deep.get_or_insert(span);
            let start = self.start();
            if matches!(self.kind(), Kind::Op(Op::Open | Op::OpenBrace | Op::OpenIndex)) {
                self.skip_group();
            } else {
                self.step();
            }
            return self.make(Expr::Bad, start);
        }
        self.nesting += 1;
        let made = read(self);
        self.nesting -= 1;
        made
    }

    fn make(&mut self, expr: Expr, start: u32) -> ExprId {
        self.out.exprs.push(expr);
        self.out.spans.push((start, self.end().max(start)));
        ExprId(self.out.exprs.len() as u32 - 1)
    }

    fn peek(&self, id: ExprId) -> Expr {
        self.out.expr(id)
    }

    fn start_of(&self, id: ExprId) -> u32 {
        self.out.spans.get(id.0 as usize).map_or(0, |(start, _)| *start)
    }

    /// The pending expressions from `from` on, as a list.
    fn close_list(&mut self, from: usize) -> List {
        let list = List { at: self.out.lists.len() as u32, len: (self.pending.len() - from) as u32 };
        self.out.lists.extend(self.pending.drain(from..));
        list
    }

    /// The name here.
    fn name(&mut self) -> Option<(Name, u32)> {
        let token = self.token();
        if token.kind != Kind::Name {
            self.loss();
            return None;
        }
        let text = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        self.step();
        Some((self.naming.name(text), token.start))
    }

    /// The literal text here, without its quotes. Long ones are left out: nobody asks for them.
    fn literal_text(&mut self) -> u32 {
        const MAX: usize = 512;
        let token = self.token();
        let quoted = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        self.keep(if inner.len() > MAX { "" } else { inner })
    }

    /// The number here, as it is written.
    fn literal_number(&mut self) -> u32 {
        const MAX: usize = 32;
        let token = self.token();
        let written = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        self.keep(if written.len() > MAX { "" } else { written })
    }

    fn keep(&mut self, text: &str) -> u32 {
        self.out.texts.push(text.into());
        self.out.texts.len() as u32 - 1
    }
}

/// The number of the token that closes each opening one; zero for all others.
fn mates(tokens: &[Token]) -> Vec<u32> {
    /// How far up an opening bracket of the right kind is looked for where brackets do not match.
    const REPAIR: usize = 16;
    let mut mates = vec![0; tokens.len()];
    let mut open: Vec<(Op, usize)> = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let Kind::Op(op) = token.kind else { continue };
        let opening = match op {
            Op::Open | Op::OpenBrace | Op::OpenIndex => {
                open.push((op, number));
                continue;
            }
            Op::Close => Op::Open,
            Op::CloseBrace => Op::OpenBrace,
            Op::CloseIndex => Op::OpenIndex,
            _ => continue,
        };
        let found = open.iter().rev().take(REPAIR).position(|(kind, _)| *kind == opening);
        if let Some(found) = found {
            open.truncate(open.len() - found);
            if let Some((_, at)) = open.pop() {
                mates[at] = number as u32;
            }
        }
    }
    mates
}
