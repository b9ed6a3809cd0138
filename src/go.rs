//! A small analyser of Go source: source in, resolved references out.
//!
//! One file alone is read: imports, blocks and shadowing are exact, types are known only where the file itself states them
//! or where the standard library's own signatures do. Everything else is counted, never guessed.

mod declare;
mod import;
mod infer;
mod scope;
mod stdlib;
#[cfg(test)]
mod tests;
mod visit;
mod walk;

use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span, Spanned};
pub use import::{Import, ImportName};
use std::cell::RefCell;
use std::ops::ControlFlow;
use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// What a file refers to.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The package's name.
    pub package: Option<Spanned<String>>,
    /// What it imports, in order.
    pub imports: Vec<Import>,
    /// Its functions and methods, and its package-level variables, whose initialisers run too.
    pub functions: Vec<Function>,
    /// Names of imported packages and of their types' members, in order.
    pub references: Vec<Reference>,
    /// The file says that it is generated.
    pub generated: bool,
    /// Its package is an external test package (`…_test`); the file's name says the rest.
    pub is_test: bool,
    /// Its `//go:build` and `// +build` lines, without the marks.
    pub build_tags: Vec<String>,
    /// Calls of methods whose receiver's type this file does not tell.
    pub unknown_receivers: usize,
}

/// A function, a method, or a package-level variable with its initialiser. Closures belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// `Map`, `(*Server).Run`, `(Point).String`.
    pub name: String,
    /// The name's place.
    pub span: Span,
    /// The whole declaration.
    pub body: Span,
    /// The `sparkproof:udf` comment above it.
    pub marked: Option<Span>,
}

/// A name that belongs to another package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As `go/types` writes it: `os/exec.Command`, `(*os/exec.Cmd).Run`, `os/exec.Cmd`; fields as `os/exec.Cmd.Path`.
    pub path: String,
    /// What is done with it.
    pub usage: Usage,
    /// Where.
    pub span: Span,
    /// The function it stands in, by number.
    pub function: Option<usize>,
}

/// What is done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Usage {
    Call,
    Value,
    Type,
    /// A compiler directive: `//go:linkname`.
    Directive,
}

/// How many parser steps a byte may cost before the parser is stopped; real files need well under one.
const MAX_STEPS_PER_BYTE: usize = 4;

thread_local! {
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Resolves a file's references.
pub fn read(file: FileId, text: &str) -> Reading<File> {
    match parse(text) {
        Some(tree) => walk::walk(file, text, &tree),
        None => Reading {
            body: File::default(),
            comments: Vec::new(),
            losses: vec![Loss::whole(Span::new(file, 0..0), "this Go file cannot be parsed in reasonable time")],
        },
    }
}

fn parse(text: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser.set_language(&tree_sitter_go::LANGUAGE.into()).ok()?;
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
