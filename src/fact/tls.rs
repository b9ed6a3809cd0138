//! Clients that do not verify who they talk to.

use crate::source::Span;

/// A place in Rust code that turns the check of a server's certificate off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    /// The place.
    pub span: Span,
    /// What turns it off, as it is called.
    pub by: String,
    /// The check that stands in its place, where one does.
    pub verifier: Option<Span>,
    /// The place without line numbers.
    pub subject: String,
}
