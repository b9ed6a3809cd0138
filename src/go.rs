//! An analyser of Go source: files of a module in, resolved references out. It knows nothing of findings or Spark.
//!
//! Each file is read once into a compact form ([`Syntax`]); a [`World`] joins the files of a module with what they import:
//! the standard library's declarations come with sparkproof, those of other modules are read where they lie at hand
//! (`vendor/`, the module cache). What a name means follows Go's own rules; what cannot be known is counted, never guessed.

mod context;
mod endless;
mod flow;
pub mod graph;
mod growth;
mod import;
pub mod known;
mod lex;
mod library;
mod parse;
mod resolve;
pub mod site;
mod stdlib;
mod syntax;
pub mod tag;
#[cfg(test)]
mod tests;
pub mod trouble;
mod types;
mod value;
mod walk;
mod world;

use crate::source::{FileId, Span};
pub use library::{Library, Loaded, Required};
pub use parse::{Depth, parse, with_deep_stack};
pub use resolve::{Asked, package_of, resolve};
pub use site::{Imported, Site};
use std::sync::Arc;
pub use syntax::Syntax;
pub use trouble::Trouble;
pub use world::client::names as names_client;
pub use world::{Given, Loader, World};

/// How many places of broken syntax are reported in one file.
const MAX_LOSSES: usize = 20;

/// The file of text that belongs to no file of the repository.
const NO_FILE: FileId = FileId(u32::MAX);

/// A function, a method, a line of package-level variables with their initialisers, or a type. Closures belong to it.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Function {
    /// `Map`, `(*Server).Run`, `(Point).String`.
    pub name: String,
    /// The import path of its package.
    pub package: Arc<str>,
    /// The name's place.
    pub span: Span,
    /// The whole declaration.
    pub body: Span,
    /// It is a line of variables or constants.
    pub is_value: bool,
    /// The `sparkproof:udf` comment above it.
    pub marked: Option<Span>,
    /// The directive that makes it callable from other languages.
    pub export: Option<Export>,
    /// Names of other modules that it refers to, in order.
    pub references: Vec<Reference>,
    /// What is wrong in it.
    pub troubles: Vec<Trouble>,
    /// What is done with the packages that were asked for.
    pub sites: Vec<Site>,
    /// Functions of the repository that it leads to, in order.
    pub edges: Vec<Edge>,
    /// It stands in a file of tests.
    pub is_test: bool,
    /// It helps tests: its file imports `testing`.
    pub helps_tests: bool,
    /// Its file says that it is generated.
    pub generated: bool,
    /// For which builds its file is read, where not for all: systems in its name, build lines.
    pub tags: Arc<[String]>,
}

/// `//export Name`, `//go:wasmexport name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// `export`, `go:wasmexport`.
    pub verb: &'static str,
    /// The name that others call.
    pub name: String,
    /// The directive.
    pub span: Span,
}

/// A place that leads to another function: a call, a use as a value, a call through an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The other function, by number.
    pub to: u32,
    /// The place.
    pub span: Span,
}

/// Something handed to a call that registers user-defined functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The function of another module that is called.
    pub path: Arc<str>,
    /// Where that happens, by number.
    pub function: u32,
    /// The argument.
    pub span: Span,
    /// What is handed.
    pub handed: Handed,
}

/// What is handed to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// A function, by number.
    Function(u32),
    /// A closure, by its place.
    Closure(Span),
}

/// A name that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As `go/types` writes it: `os/exec.Command`, `(*os/exec.Cmd).Run`, `os/exec.Cmd`; fields as `os/exec.Cmd.Path`.
    pub path: Arc<str>,
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
    /// A method's receiver names its type.
    Receiver,
    /// A compiler directive: `//go:linkname`.
    Directive,
}

/// A package of the repository.
#[derive(Debug)]
pub struct Package {
    /// Its import path.
    pub path: String,
    /// Whether others can import it by that path.
    pub importable: bool,
    /// Its files.
    pub files: Vec<Given>,
}

/// What the files of one build refer to.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// All declarations of the given packages.
    pub functions: Vec<Function>,
    /// What is handed to the registrations that were asked for.
    pub registrations: Vec<Registration>,
    /// Methods of types that implement the interfaces that were asked for.
    pub implementations: Vec<(String, u32)>,
    /// Imports of the packages that were asked for.
    pub imports: Vec<Imported>,
    /// Fields with tags of the key that was asked for; no tests or generated files.
    pub tagged: Vec<tag::Tagged>,
    /// Calls of methods whose receiver's type is not known.
    pub unknown_receivers: usize,
}
