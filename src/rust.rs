//! An analyser of Rust source: files of crates in, resolved references out. It knows nothing of findings or Spark.
//!
//! Each file is read once into a compact form ([`Syntax`]); [`resolve`] joins the files of a build: use-trees, re-exports, modules and
//! shadowing are exact, types are known where annotations, constructors, fields and signatures tell them. Everything else is
//! counted, never guessed.

mod attribute;
pub mod ffi;
pub mod graph;
mod known;
mod lexical;
mod lower;
mod recover;
pub mod site;
mod syntax;
#[cfg(test)]
mod tests;
mod world;

use crate::read::directive::{self, DirectiveKind};
use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span};
use std::sync::Arc;
use std::thread;
pub use syntax::Syntax;
pub use world::{Crate, Given, resolve};

/// A function, a method, a constant or static with its initialiser, or a macro's definition. Closures belong to it.
#[derive(Debug, Clone)]
pub struct Function {
    /// `map`, `Server::run`, `helpers::read`.
    pub name: String,
    /// Its name alone.
    pub ident: Arc<str>,
    /// The name's place.
    pub span: Span,
    /// The whole declaration.
    pub body: Span,
    /// The `sparkproof:udf` comment above it, or above the function or `impl` block that it stands in.
    pub marked: Option<Span>,
    /// It stands in a test: `#[test]`, `#[cfg(test)]`.
    pub in_test: bool,
    /// Its file says that it is generated.
    pub generated: bool,
    /// The names of its attributes.
    pub attributes: Vec<Arc<str>>,
    /// It has an ABI of its own: `extern "C"`.
    pub foreign: bool,
    /// The type of the build that it is a method of, by number.
    pub owner: Option<u32>,
    /// Names of other crates that it refers to, in order.
    pub references: Vec<Reference>,
    /// What it leads to, in order.
    pub edges: Vec<Edge>,
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

/// A place that leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// To what.
    pub to: Target,
    /// The place.
    pub span: Span,
}

/// What a place leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A function, by number.
    Function(u32),
    /// A method of a trait: one of those that implement it, by number among the choices.
    Choice(u32),
    /// A value of a type of the build is made, by the type's number.
    Made(u32),
}

/// A function that a call through a trait may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The function.
    pub function: u32,
    /// Only if there is a value of this type.
    pub of: Option<u32>,
}

/// What the files of a build refer to.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// All functions.
    pub functions: Vec<Function>,
    /// What each call through a trait may lead to.
    pub choices: Vec<Vec<Choice>>,
    /// What comes with a value of each type: its methods of traits of other crates, which those may call.
    pub made: Vec<Vec<u32>>,
    /// Methods of traits that others may know: the trait's path, the method's name, the function.
    pub implementations: Vec<(String, Arc<str>, u32)>,
    /// Calls of methods whose receiver's type is not known.
    pub unknown_receivers: usize,
}

/// The parser's stack. Only what is used of it costs memory; `lexical` bounds the depth so that it suffices.
const STACK: usize = 64 * 1024 * 1024;

/// Reads a file into its compact form.
pub fn read(file: FileId, text: &str) -> Reading<Syntax> {
    let start = code_start(text);
    let lexical = lexical::scan(text, start);
    let comments: Vec<Span> = lexical.comments.iter().map(|range| Span::new(file, range.clone())).collect();
    let failed = |loss: Loss, comments| Reading { body: Syntax::default(), comments, losses: vec![loss] };
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
