//! What is noted down while a file is looked through.

use crate::go::Usage;
use crate::go::syntax::ExprId;
use crate::go::types::{DeclId, Sym, TypeId};
use crate::source::Span;

/// What a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::go) enum Target {
    /// A name of another module or of the standard library, by its path.
    Outside(Sym),
    /// A function, method, variable or type of the repository.
    Ours(DeclId),
    /// A method of an interface.
    Dynamic(TypeId, Sym),
    /// A type of the repository whose value goes to code outside.
    Handed(DeclId),
}

/// One reference.
#[derive(Debug, Clone, Copy)]
pub(in crate::go) struct Note {
    pub(in crate::go) target: Target,
    pub(in crate::go) usage: Usage,
    pub(in crate::go) span: Span,
}

/// A call of a function of another module, or a literal of a type of another module: what rules look into.
#[derive(Debug, Clone, Copy)]
pub(in crate::go) struct Site {
    pub(in crate::go) path: Sym,
    pub(in crate::go) expr: ExprId,
}

/// Everything noted.
#[derive(Debug, Default)]
pub(in crate::go) struct Notes {
    pub(in crate::go) list: Vec<Note>,
    pub(in crate::go) sites: Vec<Site>,
    /// Calls of remote methods that answer once.
    pub(in crate::go) remote: Vec<ExprId>,
    /// Calls of methods whose receiver's type is not known.
    pub(in crate::go) unknown: usize,
}
