//! How logs are written.

use crate::source::Span;

/// A layout that writes JSON without fields by which lines are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLayout {
    /// Its type or class.
    pub span: Span,
    /// The same without its package.
    pub kind: Box<str>,
    /// The fields that no line has.
    pub lacks: Vec<&'static str>,
    /// The place, without line numbers.
    pub subject: String,
}
