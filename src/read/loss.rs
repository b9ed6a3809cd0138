//! What a reader returns: what it understood, and what it lost.

use crate::source::Span;

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The first bytes that show it.
    pub span: Span,
    /// What is wrong, in the house's message style.
    pub message: String,
    /// How much was lost.
    pub extent: Extent,
    /// The file matters to a build or a deployment: a build file, a Dockerfile, a Kubernetes manifest, outside test data.
    pub grave: bool,
}

/// How much of a file a [`Loss`] took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// A known limit of the reader in valid input: counted in the coverage, no finding.
    Limit,
    /// One line or value; the rest was read.
    Part,
    /// The whole file.
    Whole,
}

impl Loss {
    /// One line or value that is malformed.
    pub fn part(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), extent: Extent::Part, grave: false }
    }

    /// A file that could not be read at all.
    pub fn whole(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), extent: Extent::Whole, grave: false }
    }

    /// Valid input that this reader does not understand.
    pub fn limit(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), extent: Extent::Limit, grave: false }
    }
}

/// What a reader returns: what it understood, where comments stand (only asked for where a directive may stand in one), and
/// what it lost.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// What it understood.
    pub body: T,
    /// Byte ranges of comments, markers included, in order. Readers may leave this empty where [`super::directive::may_hold`] is false.
    pub comments: Vec<Span>,
    /// What it lost.
    pub losses: Vec<Loss>,
}

impl<T> Reading<T> {
    /// The same reading with another body.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { body: f(self.body), comments: self.comments, losses: self.losses }
    }
}
