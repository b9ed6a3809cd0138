//! Data that one program writes in a form of the JVM, and who reads it.

use crate::source::{Span, Traced};

/// Something written as objects of the JVM.
#[derive(Debug, Clone)]
pub struct Written {
    /// In which form.
    pub form: Form,
    /// What makes that form.
    pub span: Span,
    /// Where it goes.
    pub channel: Channel,
    /// The place, without line numbers.
    pub subject: String,
}

/// A form that only the JVM reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Kryo.
    Kryo,
    /// Java's own serialisation.
    Java,
}

/// Where data lies between two programs.
#[derive(Debug, Clone)]
pub enum Channel {
    /// A topic of Kafka.
    Topic(Traced),
    /// A path.
    Path(Traced),
}

/// Something that a program other than the JVM's reads.
#[derive(Debug, Clone)]
pub struct Consumed {
    /// The program's language.
    pub language: &'static str,
    /// What it reads.
    pub channel: Channel,
}

impl Channel {
    /// Whether two programs name the same one.
    pub fn is(&self, other: &Self) -> bool {
        let plain =
            |path: &Traced| path.as_str().trim_end_matches('/').replace("s3n://", "s3://").replace("s3a://", "s3://");
        match (self, other) {
            (Self::Topic(a), Self::Topic(b)) => a.as_str() == b.as_str(),
            (Self::Path(a), Self::Path(b)) => plain(a) == plain(b),
            _ => false,
        }
    }

    /// Its name.
    pub fn text(&self) -> &Traced {
        match self {
            Self::Topic(text) | Self::Path(text) => text,
        }
    }
}

impl Form {
    /// As people say it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Kryo => "Kryo",
            Self::Java => "Java's serialisation",
        }
    }
}
