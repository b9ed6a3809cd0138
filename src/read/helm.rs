//! Go templates as charts have them: text and actions, each with its place. What they make is for [`crate::compose::helm`].
//!
//! [`super::yaml`] reads the same files with their actions masked; that is what holds where a template is not understood.

mod lexer;
mod parser;

use crate::source::{FileId, Span};
use lexer::Part;

/// A template file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// What the file itself writes.
    pub items: Vec<Item>,
    /// The templates that it defines for others, by name.
    pub defines: Vec<(Box<str>, Vec<Item>)>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Text between actions.
    Text(Text),
    /// An action that writes a value.
    Output(Tag, Pipeline),
    /// `{{ $x := … }}`, `{{ $x = … }}`.
    Assign(Tag, Pipeline),
    /// `{{ template "name" … }}`.
    Call(Tag, Operand, Option<Pipeline>),
    /// `if`, `with`, `range` with its branches.
    Block(Block),
    /// `break` (true) or `continue`.
    Leave(Tag, bool),
    /// An action that is not understood.
    Opaque(Tag),
}

/// Text between actions, and what of it trim marks leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// All of it.
    pub text: Box<str>,
    /// Its place.
    pub span: Span,
    /// The bytes of `text` that are written.
    pub kept: std::ops::Range<usize>,
}

/// An action as it is written, brackets included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The bytes.
    pub raw: Box<str>,
    /// Their place.
    pub span: Span,
    /// Nothing but blanks stands before it on its line.
    pub begins_line: bool,
}

/// What a block does with its pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the language's own words")]
pub enum Verb {
    If,
    With,
    Range,
}

/// A block from its first action to its `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its branches; the last one may have no test.
    pub branches: Vec<Branch>,
    /// `{{ end }}`.
    pub end: Tag,
}

/// One branch of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The action that begins it.
    pub tag: Tag,
    /// What it asks for; `else` alone asks for nothing.
    pub test: Option<(Verb, Pipeline)>,
    /// What it writes.
    pub body: Vec<Item>,
}

/// Commands joined by `|`, the value of each the last argument of the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// The variables that it sets.
    pub variables: Vec<Box<str>>,
    /// Whether these are new ones (`:=`).
    pub declares: bool,
    /// Each command's words; the first may be a function.
    pub commands: Vec<Vec<Operand>>,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// What it begins with.
    pub base: Base,
    /// The fields that are then followed: `.a.b`.
    pub fields: Vec<Box<str>>,
    /// Its place.
    pub span: Span,
}

/// What a word begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// `.`
    Dot,
    /// `$x`; `$` alone has an empty name.
    Variable(Box<str>),
    /// A quoted text, and the place of what stands in the quotes.
    Text(Box<str>, Span),
    /// A number as it is written.
    Number(Box<str>),
    /// `true`, `false`.
    Bool(bool),
    /// `nil`
    Nil,
    /// A function's name.
    Function(Box<str>),
    /// `( … )`
    Nested(Box<Pipeline>),
}

/// Reads a template; None where its blocks do not fit together. The places of a text that is no file are those in the text.
pub fn read(file: FileId, text: &str) -> Option<Template> {
    let parts: Vec<Part> = lexer::parts(text)?;
    parser::parse(file, text, &parts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
