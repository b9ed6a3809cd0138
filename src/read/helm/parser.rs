//! From parts to items: blocks with their branches, and the pipelines of actions.

use super::lexer::{self, Action, Kind, Part, Token};
use super::{Base, Block, Branch, Item, Operand, Pipeline, Tag, Template, Text, Verb};
use crate::source::{FileId, Span};
use std::ops::Range;

/// How deep blocks and brackets may be nested.
const MAX_DEPTH: usize = 64;

/// Reads all items; None where blocks do not fit together.
pub(super) fn parse(file: FileId, text: &str, parts: &[Part]) -> Option<Template> {
    let mut parser = Parser { file, text, parts, at: 0, defines: Vec::new() };
    let (items, stop) = parser.items(0)?;
    stop.is_none().then_some(Template { items, defines: parser.defines })
}

struct Parser<'t> {
    file: FileId,
    text: &'t str,
    parts: &'t [Part],
    at: usize,
    defines: Vec<(Box<str>, Vec<Item>)>,
}

/// The action that ended a list of items: `else` or `end`.
struct Stop {
    tag: Tag,
    tokens: Vec<Token>,
    is_end: bool,
}

impl Parser<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn tag(&self, action: &Action) -> Tag {
        let before = &self.text[..action.range.start];
        let line = before.rfind('\n').map_or(0, |n| n + 1);
        Tag {
            raw: self.text[action.range.clone()].into(),
            span: self.span(action.range.clone()),
            begins_line: before[line..].trim().is_empty(),
        }
    }

    /// Items up to an `else`, an `end` or the end of the text.
    fn items(&mut self, depth: usize) -> Option<(Vec<Item>, Option<Stop>)> {
        let mut items = Vec::new();
        if depth > MAX_DEPTH {
            return None;
        }
        while let Some(part) = self.parts.get(self.at) {
            self.at += 1;
            match part {
                Part::Text(range) => items.push(self.text(range.clone())),
                Part::Action(action) if action.is_comment => {}
                Part::Action(action) => {
                    let tag = self.tag(action);
                    let tokens = lexer::tokens(self.text, action.inner.clone()).unwrap_or_default();
                    let word = keyword(self.text, &action.inner);
                    if word == "end" || word == "else" {
                        return Some((items, Some(Stop { tag, tokens, is_end: word == "end" })));
                    }
                    items.extend(self.action(tag, word, &tokens, depth)?);
                }
            }
        }
        Some((items, None))
    }

    /// Text, without what the actions beside it trim away.
    fn text(&self, range: Range<usize>) -> Item {
        let text = &self.text[range.clone()];
        // `at` is already behind the text.
        let before = self.at.checked_sub(2).and_then(|at| self.parts.get(at));
        let after = self.parts.get(self.at);
        let left = matches!(before, Some(Part::Action(action)) if action.trims_right);
        let right = matches!(after, Some(Part::Action(action)) if action.trims_left);
        let blank = [' ', '\t', '\r', '\n'];
        let start = if left { text.len() - text.trim_start_matches(blank).len() } else { 0 };
        let end = if right { text.trim_end_matches(blank).len() } else { text.len() };
        Item::Text(Text { text: text.into(), span: self.span(range), kept: start..end.max(start) })
    }

    fn action(&mut self, tag: Tag, word: &str, tokens: &[Token], depth: usize) -> Option<Vec<Item>> {
        let verb = match word {
            "if" => Verb::If,
            "with" => Verb::With,
            "range" => Verb::Range,
            "define" | "block" => return self.define(tag, word == "block", tokens, depth),
            "break" | "continue" => return Some(vec![Item::Leave(tag, word == "break")]),
            "template" => {
                let mut words = Words::new(self, tokens.get(1..).unwrap_or_default());
                let name = words.operand(0);
                let argument = if words.is_done() { None } else { words.pipeline(0) };
                let is_read = words.is_done();
                return Some(vec![match name.filter(|_| is_read) {
                    Some(name) => Item::Call(tag, name, argument),
                    None => Item::Opaque(tag),
                }]);
            }
            _ => {
                let pipeline = Words::new(self, tokens).whole();
                return Some(vec![match pipeline {
                    Some(pipeline) if pipeline.variables.is_empty() => Item::Output(tag, pipeline),
                    Some(pipeline) => Item::Assign(tag, pipeline),
                    None => Item::Opaque(tag),
                }]);
            }
        };
        self.block(tag, verb, tokens.get(1..).unwrap_or_default(), depth).map(|block| vec![block])
    }

    fn block(&mut self, tag: Tag, verb: Verb, tokens: &[Token], depth: usize) -> Option<Item> {
        let mut branches = Vec::new();
        let mut next = (tag, Some((verb, Words::new(self, tokens).whole()?)));
        loop {
            let (body, stop) = self.items(depth + 1)?;
            let stop = stop?;
            let (tag, test) = next;
            branches.push(Branch { tag, test, body });
            if stop.is_end {
                return Some(Item::Block(Block { branches, end: stop.tag }));
            }
            let test = match stop.tokens.get(1).map(|t| &t.kind) {
                Some(Kind::Word(word)) => {
                    let verb = match &**word {
                        "if" => Verb::If,
                        "with" => Verb::With,
                        _ => return None,
                    };
                    Some((verb, Words::new(self, stop.tokens.get(2..).unwrap_or_default()).whole()?))
                }
                Some(_) => return None,
                None => None,
            };
            next = (stop.tag, test);
        }
    }

    /// `define` writes nothing; `block` defines and calls.
    fn define(&mut self, tag: Tag, calls: bool, tokens: &[Token], depth: usize) -> Option<Vec<Item>> {
        let Some(Token { kind: Kind::Text(name), .. }) = tokens.get(1) else { return None };
        let (name, mut words) = (name.clone(), Words::new(self, tokens.get(1..).unwrap_or_default()));
        let called = words.operand(0);
        let argument = words.pipeline(0);
        let (body, stop) = self.items(depth + 1)?;
        stop.filter(|stop| stop.is_end)?;
        self.defines.push((name, body));
        let call = called.filter(|_| calls).map(|called| Item::Call(tag, called, argument));
        Some(call.into_iter().collect())
    }
}

/// The first word of an action.
fn keyword<'t>(text: &'t str, inner: &Range<usize>) -> &'t str {
    let inner = text.get(inner.clone()).unwrap_or_default().trim_start();
    inner.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The tokens of an action, read one after another.
struct Words<'w> {
    file: FileId,
    text: &'w str,
    tokens: &'w [Token],
    at: usize,
}

impl<'w> Words<'w> {
    fn new(parser: &Parser<'w>, tokens: &'w [Token]) -> Self {
        Self { file: parser.file, text: parser.text, tokens, at: 0 }
    }

    fn peek(&self) -> Option<&'w Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// A pipeline that takes all tokens.
    fn whole(mut self) -> Option<Pipeline> {
        let pipeline = self.pipeline(0)?;
        self.is_done().then_some(pipeline)
    }

    /// `$a, $b :=` in front of a pipeline.
    fn variables(&mut self) -> (Vec<Box<str>>, bool) {
        let (start, mut names) = (self.at, Vec::new());
        while let Some(Kind::Variable(name)) = self.peek() {
            names.push(name.clone());
            self.at += 1;
            match self.peek() {
                Some(Kind::Comma) => self.at += 1,
                Some(kind @ (Kind::Declare | Kind::Assign)) => {
                    self.at += 1;
                    return (names, *kind == Kind::Declare);
                }
                _ => break,
            }
        }
        self.at = start;
        (Vec::new(), false)
    }

    fn pipeline(&mut self, depth: usize) -> Option<Pipeline> {
        let (variables, declares) = self.variables();
        let mut commands = Vec::new();
        loop {
            let mut words = Vec::new();
            while !matches!(self.peek(), None | Some(Kind::Pipe | Kind::Close)) {
                words.push(self.operand(depth)?);
            }
            if words.is_empty() {
                return None;
            }
            commands.push(words);
            if self.peek() != Some(&Kind::Pipe) {
                return Some(Pipeline { variables, declares, commands });
            }
            self.at += 1;
        }
    }

    fn operand(&mut self, depth: usize) -> Option<Operand> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        let mut fields = Vec::new();
        let base = match &token.kind {
            Kind::Dot => Base::Dot,
            Kind::Field(name) => {
                fields.push(name.clone());
                Base::Dot
            }
            Kind::Variable(name) => Base::Variable(name.clone()),
            Kind::Text(text) => {
                let inner = token.range.start + 1..token.range.end - 1;
                Base::Text(text.clone(), Span::new(self.file, inner))
            }
            Kind::Number(text) => Base::Number(text.clone()),
            Kind::Word(word) => match &**word {
                "true" => Base::Bool(true),
                "false" => Base::Bool(false),
                "nil" => Base::Nil,
                _ => Base::Function(word.clone()),
            },
            Kind::Open if depth < MAX_DEPTH => {
                let nested = self.pipeline(depth + 1)?;
                if self.peek() != Some(&Kind::Close) {
                    return None;
                }
                self.at += 1;
                Base::Nested(Box::new(nested))
            }
            _ => return None,
        };
        let mut end = self.tokens.get(self.at - 1).map_or(token.range.end, |last| last.range.end);
        while let Some(Token { kind: Kind::Field(name), range, is_glued: true }) = self.tokens.get(self.at) {
            fields.push(name.clone());
            end = range.end;
            self.at += 1;
        }
        debug_assert!(end <= self.text.len());
        Some(Operand { base, fields, span: Span::new(self.file, token.range.start..end) })
    }
}
