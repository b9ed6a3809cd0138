//! Offsets of Kafka that are committed on their own and otherwise as well.

use crate::source::Span;

/// A consumer that commits on its own although something else speaks for its offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoCommit {
    /// Where it is turned on, or the consumer that leaves it on.
    pub span: Span,
    /// Nothing turns it off; it is on by default.
    pub by_default: bool,
    /// What else speaks for the offsets.
    pub against: Against,
    /// What it is about, without line numbers.
    pub subject: String,
}

/// What speaks for the offsets beside the consumer itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// A call commits them.
    Commit(Span, String),
    /// They are part of a transaction.
    Transaction(Span, String),
    /// Spring's listeners acknowledge by hand: in this mode.
    Acknowledged(Span, String),
    /// Spark, which keeps them in its checkpoint and takes no such option.
    Spark,
}

/// A file of properties whose consumers commit on their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// The file.
    pub path: String,
    /// `true`.
    pub span: Span,
}

/// Code that loads files of properties and speaks for offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committing {
    /// The source.
    pub path: String,
    /// The files, as they are named.
    pub files: Vec<String>,
    /// What it does with offsets.
    pub against: Against,
}
