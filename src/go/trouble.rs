//! What is wrong with a function by what it does alone.

use crate::source::Span;
use std::sync::Arc;

/// Something that is wrong in a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: TroubleKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TroubleKind {
    /// A goroutine that is started here never ends: the loop.
    Endless(Span),
    /// An error that has a name is compared by its text.
    SentinelText(Arc<str>),
    /// An error that has a name is used as a type.
    SentinelType(Arc<str>),
    /// What a call gives is not given back.
    Unreleased(Unreleased),
    /// What lies in a pool again is used or returned.
    Pooled(Pooled),
    /// Something is added to a map that only grows.
    Grown(Grown),
}

/// A map that only grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grown {
    /// The package's variable.
    pub variable: String,
    /// Where it is declared.
    pub declared: Span,
    /// How the keys come in.
    pub way: Way,
}

/// How what somebody outside chose gets somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The parameter that brings it.
    pub from: Span,
    /// Whose parameter that is.
    pub function: String,
    /// The calls that hand it on, in their order.
    pub hops: Vec<Span>,
}

/// Something that was given back to a pool too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pooled {
    /// The variable.
    pub variable: String,
    /// What gives it back.
    pub put: Span,
    /// A `defer` does.
    pub is_deferred: bool,
    /// It is returned, else used.
    pub is_returned: bool,
}

/// Something that is not given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreleased {
    /// What gives it.
    pub path: Arc<str>,
    /// The variable that it lies in.
    pub variable: String,
    /// How it is given back: `Release`, `C.free`.
    pub release: &'static str,
    /// The way out before it is; none where nothing gives it back at all.
    pub way_out: Option<Span>,
}
