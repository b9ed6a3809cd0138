//! A small analyser of Rust source: source in, resolved references out.
//!
//! One file alone is read: use-trees, modules and shadowing are exact, types are known only where the file itself states
//! them. Everything else is counted, never guessed.

pub mod ffi;
mod known;
mod lexical;
mod macros;
mod recover;
mod scope;
#[cfg(test)]
mod tests;
mod types;
mod visit;
mod walk;

use crate::read::directive::{self, DirectiveKind};
use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span};
use std::thread;

/// What a file refers to.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its functions and methods, and its constants and statics, whose initialisers run too.
    pub functions: Vec<Function>,
    /// Names of other crates, in order.
    pub references: Vec<Reference>,
    /// What is wrong with functions that C calls, tests aside.
    pub flaws: Vec<ffi::Flaw>,
    /// The file says that it is generated.
    pub generated: bool,
    /// Calls of methods whose receiver's type this file does not tell.
    pub unknown_receivers: usize,
}

/// A function, a method, or a constant or static with its initialiser. Closures belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// `map`, `Server::run`, `helpers::read`.
    pub name: String,
    /// The name's place.
    pub span: Span,
    /// The whole declaration.
    pub body: Span,
    /// The `sparkproof:udf` comment above it, or above the function or `impl` block that it stands in.
    pub marked: Option<Span>,
    /// It stands in a test: `#[test]`, `#[cfg(test)]`.
    pub in_test: bool,
}

/// A name that belongs to another crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The full path as imported: `std::process::Command::new`; `core` and `alloc` are written `std`. Of syntax its name:
    /// `unsafe block`, `unsafe fn`, `unsafe impl`, `extern block`, `static mut`.
    pub path: String,
    /// What is done with it.
    pub usage: Usage,
    /// Where.
    pub span: Span,
    /// The function it stands in, by number.
    pub function: Option<usize>,
    /// It stands in a test, inside a function or not.
    pub in_test: bool,
}

/// What is done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Usage {
    Call,
    Value,
    Type,
    Macro,
    /// A construct of the language, not a name.
    Syntax,
}

/// The parser's stack. Only what is used of it costs memory; `lexical` bounds the depth so that it suffices.
const STACK: usize = 64 * 1024 * 1024;

/// Resolves a file's references.
pub fn read(file: FileId, text: &str) -> Reading<File> {
    let start = code_start(text);
    let lexical = lexical::scan(text, start);
    let comments: Vec<Span> = lexical.comments.iter().map(|range| Span::new(file, range.clone())).collect();
    let failed = |loss: Loss, comments| Reading { body: File::default(), comments, losses: vec![loss] };
    if let Some(at) = lexical.too_deep {
        let loss = Loss::limit(Span::new(file, at..at + 1), "Rust code nested this deep is not read");
        return failed(loss, comments);
    }
    let marks = directive::parse(text, &comments).into_iter().filter(|d| d.kind == DirectiveKind::Udf).collect();
    // The parser recurses; a thread of its own gives it room wherever this is called from.
    let parsed = thread::scope(|scope| {
        let work = || {
            let result = recover::parse(file, text, start, marks);
            proc_macro2::extra::invalidate_current_thread_spans();
            result
        };
        thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok().and_then(|handle| handle.join().ok())
    });
    let Some((mut body, losses)) = parsed else {
        return failed(Loss::whole(Span::new(file, 0..0), "the Rust parser failed on this file"), comments);
    };
    body.generated = comments.iter().take_while(|c| c.start < 4096).any(|c| says_generated(text, *c));
    Reading { body, comments, losses }
}

/// The first byte behind the byte order mark and the `#!` line, which the parser does not count.
fn code_start(text: &str) -> usize {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    match text[bom..].strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => rest.find('\n').map_or(text.len(), |n| bom + 2 + n),
        _ => bom,
    }
}

/// `@generated`, or Go's line, which other generators write too.
fn says_generated(text: &str, comment: Span) -> bool {
    let words = text.get(comment.range()).unwrap_or_default();
    words.contains("@generated") || (words.contains("Code generated ") && words.contains("DO NOT EDIT"))
}
