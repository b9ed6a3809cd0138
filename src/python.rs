//! An analyser of Python source: files that import each other in, what their names stand for out. It knows Spark's own classes, as far as
//! they tell which functions run in tasks, and nothing of findings.
//!
//! Each file is lowered once to a compact form ([`Syntax`]); a [`World`] joins them. Modules that are not here are paths
//! (`subprocess.run`), and what cannot be known is unknown, never guessed.

mod decode;
pub mod entries;
pub mod graph;
mod kind;
mod lower;
mod modules;
pub mod reads;
pub mod scan;
mod syntax;
#[cfg(test)]
mod tests;
mod world;

pub use entries::{Handed, Way};
pub use graph::{Capture, Reached, Reference};
pub use kind::Kind;
pub use lower::lower;
pub use modules::Modules;
pub use reads::Schemaless;
pub use syntax::{Expr, Function, Node, Syntax};
pub use world::{Ref, Type, World};
