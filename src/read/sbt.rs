//! sbt's build definitions: `build.sbt` and the Scala sources of its `project` folder, as a tree of expressions.
//!
//! A build definition is a Scala program. Nothing is known here of what it means: names, calls, literals with their places, and no
//! types. [`crate::compose::sbt`] computes with it.

mod convert;
#[cfg(test)]
mod tests;

use super::{Loss, Reading, directive};
use crate::source::{FileId, Span, Traced};
use convert::Converter;
use std::cell::RefCell;
use std::ops::ControlFlow;
use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// A file's expressions.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Its top-level statements, in order.
    pub statements: Vec<ExprId>,
    nodes: Vec<(Expr, Span)>,
}

/// A number of a [`Script`]'s expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(u32);

/// An expression or definition.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A string, in pieces.
    Text(Vec<Piece>),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `()`.
    Unit,
    /// An identifier.
    Name(Box<str>),
    /// `a.b`, without arguments.
    Select(ExprId, Box<str>),
    /// `a.b(c)` and `a b c`.
    Method(ExprId, Box<str>, Vec<Arg>),
    /// `f(a)`, where `f` is no selection.
    Apply(ExprId, Vec<Arg>),
    /// `new Name(…) { … }`.
    New(Box<str>, Vec<Arg>, Vec<ExprId>),
    /// Statements; the last is the value.
    Block(Vec<ExprId>),
    /// `if (…) … else …`.
    If(ExprId, ExprId, Option<ExprId>),
    /// `… match { case … }`.
    Match(ExprId, Vec<Case>),
    /// `{ case … }`: a function.
    Cases(Vec<Case>),
    /// `x => …`.
    Lambda(Vec<Box<str>>, ExprId),
    /// `(a, b)`.
    Tuple(Vec<ExprId>),
    /// `val` and `lazy val`.
    Val(Pattern, ExprId),
    /// `def`: its parameter lists and its body.
    Def(Box<str>, Vec<Vec<Param>>, ExprId),
    /// `object`, `trait` or `class`.
    Template(Box<Template>),
    /// `import a.b.{c => d, _}`.
    Import(Vec<Box<str>>, Vec<Selector>),
    /// `throw …`.
    Throw,
    /// A construct that is not looked into.
    Other(&'static str),
}

/// A part of a string.
#[derive(Debug, Clone)]
pub enum Piece {
    /// As it stands.
    Literal(Traced),
    /// `$name` or `${…}`.
    Hole(ExprId),
}

/// An argument.
#[derive(Debug, Clone)]
pub struct Arg {
    /// `name = …`.
    pub name: Option<Box<str>>,
    /// Its value.
    pub value: ExprId,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: Box<str>,
    /// Its default.
    pub default: Option<ExprId>,
    /// `name: Type*`: it takes all arguments that are left.
    pub repeated: bool,
}

/// A case of a match.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it takes.
    pub pattern: Pattern,
    /// `if …`.
    pub guard: Option<ExprId>,
    /// What it gives.
    pub body: ExprId,
    /// The pattern's bytes.
    pub span: Span,
}

/// A pattern.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `_`.
    Any,
    /// A name that is bound.
    Bind(Box<str>),
    /// A literal or a value by its path.
    Value(ExprId),
    /// `(a, b)`.
    Tuple(Vec<Pattern>),
    /// `Some(a)`, also `a :: b`.
    Extract(Box<str>, Vec<Pattern>),
    /// `a | b`.
    Either(Vec<Pattern>),
    /// `name @ pattern`.
    Named(Box<str>, Box<Pattern>),
    /// `pattern: Type`.
    Typed(Box<Pattern>),
    /// `xs @ _*`, `_*`.
    Rest(Option<Box<str>>),
    /// Anything else.
    Unknown,
}

/// An object, class or trait.
#[derive(Debug, Clone)]
pub struct Template {
    /// What it is.
    pub kind: TemplateKind,
    /// Its name.
    pub name: Box<str>,
    /// The parameters of its constructor.
    pub params: Vec<Param>,
    /// What it extends.
    pub parents: Vec<Box<str>>,
    /// Its statements.
    pub body: Vec<ExprId>,
    /// An implicit class: its methods are added to what it wraps.
    pub implicit: bool,
}

/// What a [`Template`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "Scala's own words")]
pub enum TemplateKind {
    Object,
    Class,
    Trait,
}

/// A name of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Everything.
    All,
    /// A name and what it is called here.
    Name(Box<str>, Box<str>),
}

/// How many parser steps a byte may cost before the parser is stopped; real files need well under one.
const MAX_STEPS_PER_BYTE: usize = 4;

/// Of a file's places that cannot be parsed no more are named.
const MAX_LOSSES: usize = 64;

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

impl Script {
    /// An expression by its number.
    pub fn expr(&self, id: ExprId) -> &Expr {
        self.nodes.get(id.0 as usize).map_or(&Expr::Unit, |(expr, _)| expr)
    }

    /// Its bytes.
    pub fn span(&self, id: ExprId) -> Span {
        let nowhere = Span { file: FileId(0), start: 0, end: 0 };
        self.nodes.get(id.0 as usize).map_or(nowhere, |(_, span)| *span)
    }

    fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        self.nodes.push((expr, span));
        ExprId(self.nodes.len() as u32 - 1)
    }
}

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<Script> {
    let mark = '\u{feff}';
    let start = if text.starts_with(mark) { mark.len_utf8() } else { 0 };
    let Some(tree) = parse(&text[start..]) else {
        let losses =
            vec![Loss::whole(Span::new(file, 0..0), "this build definition cannot be parsed in reasonable time")];
        return Reading { body: Script::default(), comments: Vec::new(), losses };
    };
    let mut converter = Converter::new(file, &text[start..], start);
    converter.file(tree.root_node());
    let (body, mut losses) = converter.finish();
    losses.extend(faults(file, text, start, &tree));
    let comments = if directive::may_hold(text) { comments(file, start, &tree) } else { Vec::new() };
    Reading { body, comments, losses }
}

fn parse(text: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&tree_sitter_scala::LANGUAGE.into()).ok()?;
            *slot = Some(parser);
        }
        let parser = slot.as_mut()?;
        let bytes = text.as_bytes();
        let mut steps = 0_usize;
        let allowed = bytes.len().saturating_mul(MAX_STEPS_PER_BYTE).saturating_add(100_000);
        let mut stop = |_: &ParseState| {
            // The parser asks once in a hundred operations.
            steps += 100;
            if steps > allowed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut stop);
        let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
        if tree.is_none() {
            parser.reset();
        }
        tree
    })
}

/// The places that the grammar does not understand. It knows Scala well but not all of it: only what no Scala allows, a bracket or string
/// that is never closed and the marks of a merge, is a fault of the file.
fn faults(file: FileId, text: &str, start: usize, tree: &Tree) -> Vec<Loss> {
    let mut losses = merge_marks(file, text);
    let mut cursor = tree.walk();
    'walk: while losses.len() < MAX_LOSSES {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            let span = Span::new(file, start + node.start_byte()..start + node.end_byte());
            if node.is_missing() && [")", "]", "}", "\"", "\"\"\""].contains(&node.kind()) {
                losses.push(Loss::part(span, format!("a `{}` is missing", node.kind())));
            } else {
                losses.push(Loss::limit(span, "this part of the build definition is not understood"));
            }
        }
        if node.has_error() && !node.is_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
        }
    }
    losses
}

/// `<<<<<<<` and `>>>>>>>` could be operators, but nobody begins a line with them.
fn merge_marks(file: FileId, text: &str) -> Vec<Loss> {
    let (mut losses, mut at) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) && losses.len() < MAX_LOSSES {
            let span = Span::new(file, at..at + line.trim_end().len());
            losses.push(Loss::part(span, "the mark of an unfinished merge"));
        }
        at += line.len();
    }
    losses
}

fn comments(file: FileId, start: usize, tree: &Tree) -> Vec<Span> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    'walk: loop {
        let node = cursor.node();
        if ["comment", "block_comment"].contains(&node.kind()) {
            found.push(Span::new(file, start + node.start_byte()..start + node.end_byte()));
        } else if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
        }
    }
    found
}
