//! Gradle scripts, Groovy and Kotlin alike: statements, calls with their blocks, and texts with what is filled into them.
//!
//! Neither language is read whole. What stands in build scripts is: definitions, assignments, calls, conditions, loops. What
//! is not understood ends with its line, blocks in it included, and the rest of the script is read.

mod lexer;
mod nested;
mod parser;

use super::Reading;
use crate::finding::Edit;
use crate::source::{FileId, Span, Traced};
use regex::Regex;
use std::sync::LazyLock;

/// The deepest nesting of blocks and expressions that is read.
const MAX_DEPTH: usize = 48;

/// The longest chain of members, calls or operators that is read.
const MAX_CHAIN: usize = 256;

/// A script.
#[derive(Debug, Clone)]
pub struct Script {
    /// The file.
    pub file: FileId,
    /// Written in Kotlin rather than in Groovy.
    pub kotlin: bool,
    /// Code of the build itself, no script: only what it defines matters.
    pub is_code: bool,
    /// It may tell JVMs something that is not wholly written out, or opens packages to them.
    pub tells_jvm: bool,
    /// What it says.
    pub body: Block,
}

/// Statements between braces, or a whole script.
#[derive(Debug, Clone)]
pub struct Block {
    /// The names before `->`.
    pub parameters: Vec<Box<str>>,
    /// In order.
    pub statements: Vec<Statement>,
    /// From brace to brace.
    pub span: Span,
    /// The blanks between its brace and its first statement.
    lead: Box<str>,
}

impl Block {
    /// The edit that makes a statement its first, on a line like the others; None for a block without any.
    pub fn insert_first(&self, statement: &str) -> Option<Edit> {
        let at = self.span.start + 1 + self.lead.len() as u32;
        let between = if self.lead.contains('\n') { &*self.lead } else { "; " };
        let is_block = !self.statements.is_empty() && self.parameters.is_empty() && !self.lead.is_empty();
        is_block.then(|| Edit { span: Span { start: at, end: at, ..self.span }, text: format!("{statement}{between}") })
    }
}

/// One statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// An expression, mostly a call.
    Expression(Expression),
    /// `def x = …`, `val x = …`, `String x = …`; several names take a list apart.
    Define {
        /// The names.
        names: Vec<Box<str>>,
        /// What they stand for.
        value: Option<Expression>,
        /// `by`: the value is a delegate, `val x: String by project`.
        delegated: bool,
    },
    /// `x = …`, or `x += …`.
    Assign {
        /// What is set.
        target: Expression,
        /// `+=`.
        adds: bool,
        /// To what.
        value: Expression,
        /// The whole statement.
        span: Span,
    },
    /// `def f(a) { … }`, `fun f(a: String) = …`.
    Function {
        /// Its name.
        name: Box<str>,
        /// The names of its parameters.
        parameters: Vec<Box<str>>,
        /// What it does.
        body: Block,
    },
    /// `object Versions { … }`.
    Object {
        /// Its name.
        name: Box<str>,
        /// What stands in it.
        body: Block,
    },
    /// `for (x in list) { … }`.
    For {
        /// The name of each.
        name: Box<str>,
        /// Of what.
        list: Expression,
        /// What is done with it.
        body: Block,
    },
    /// `return …`.
    Return(Option<Expression>),
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// The whole of it.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A text between quotes, in parts.
    Text(Vec<Part>),
    /// A number, as written.
    Number(Traced),
    /// A name.
    Name(Box<str>),
    /// `a.b`, `a?.b`, `a::b`.
    Member(Box<Expression>, Box<str>),
    /// `a[b]`.
    Index(Box<Expression>, Box<Expression>),
    /// `f(a, b: c) { … }`.
    Call {
        /// What is called.
        callee: Box<Expression>,
        /// With what.
        arguments: Vec<Argument>,
        /// The block behind the arguments.
        block: Option<Block>,
    },
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `[a: b]`.
    Map(Vec<(Expression, Expression)>),
    /// `{ … }`.
    Block(Block),
    /// `!a`.
    Not(Box<Expression>),
    /// `a == b`, `a + b`, `a ?: b`, and in Kotlin `a to b`.
    Binary(Box<str>, Box<Expression>, Box<Expression>),
    /// `if`, `c ? a : b`: each condition with what is done then.
    If(Vec<(Expression, Block)>, Option<Block>),
    /// `switch`, `when`: what is looked at, each branch's values with what is done then, and what is done else.
    When(Option<Box<Expression>>, Vec<(Vec<Expression>, Block)>, Option<Block>),
    /// What is not understood.
    Unknown,
}

/// A part of a text.
#[derive(Debug, Clone)]
pub enum Part {
    /// As written, escapes resolved.
    Literal(Traced),
    /// `$x`, `${…}`.
    Code(Expression),
}

/// An argument of a call.
#[derive(Debug, Clone)]
pub struct Argument {
    /// `group: 'a'`, `group = "a"`.
    pub name: Option<Box<str>>,
    /// The value.
    pub value: Expression,
}

impl Expression {
    /// The name of what is called, and its arguments and block, where this is a call by a plain name.
    pub fn call(&self) -> Option<(&str, &[Argument], Option<&Block>)> {
        match &self.kind {
            ExpressionKind::Call { callee, arguments, block } => match &callee.kind {
                ExpressionKind::Name(name) => Some((name, arguments, block.as_ref())),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads a file by its path: Kotlin's code is not read as a whole, so that what is not understood in it is no loss.
pub fn read_file(file: FileId, text: &str, path: &str) -> Reading<Script> {
    let extension = path.rsplit('.').next().unwrap_or_default();
    let mut reading = read(file, text, extension.starts_with("kt"));
    reading.body.is_code = extension == "kt";
    reading.losses.retain(|_| extension != "kt");
    reading
}

/// Reads a script.
pub fn read(file: FileId, text: &str, kotlin: bool) -> Reading<Script> {
    let mut lexed = lexer::lex(file, text, kotlin);
    let comments = std::mem::take(&mut lexed.comments);
    let (body, mut losses) = parser::parse(file, text, kotlin, &lexed.tokens);
    losses.append(&mut lexed.losses);
    losses.sort_by_key(|loss| loss.span.start);
    let tells_jvm = tells_jvm(text);
    Reading { body: Script { file, kotlin, is_code: false, tells_jvm, body }, comments, losses }
}

/// Options of JVMs, written out to the end of the line.
static PLAIN_OPTIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:\+?=|\()?\s*(?:listOf\(|\[)?\s*(?:["'][^"'$@]*["']\s*,?\s*)*[\])]*\s*(?:$|//|\})"#).ok()
});

/// Whether a script opens packages to JVMs, or gives them options that are not all written out beside the word.
fn tells_jvm(text: &str) -> bool {
    let opens = ["add-opens", "add-exports", "Add-Opens", "Add-Exports", "jvmArgumentProviders"];
    if opens.iter().any(|word| text.contains(word)) {
        return true;
    }
    let lines = text.lines().filter_map(|line| {
        let at =
            ["applicationDefaultJvmArgs", "jvmArgs"].iter().find_map(|word| Some(line.find(word)? + word.len()))?;
        line.get(at..)
    });
    let plain = |rest: &str| PLAIN_OPTIONS.as_ref().is_some_and(|plain| plain.is_match(rest));
    lines.into_iter().any(|rest| !plain(rest) || rest.trim_end().ends_with([',', '(', '[', '=']))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
