//! Streams that jobs read without a bound on what one batch takes.

use crate::source::Span;

/// A read of a stream that nothing in its own words limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlimited {
    /// What is read.
    pub source: StreamSource,
    /// The format, or the method that reads.
    pub span: Span,
    /// The place, without line numbers.
    pub subject: String,
}

/// What a stream comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamSource {
    /// Topics of Kafka, by Structured Streaming.
    Kafka,
    /// Files that arrive in a folder.
    Files,
    /// Topics of Kafka, by the older `DStreams`, which settings limit.
    Dstream,
}

impl StreamSource {
    /// The options that limit it; none where settings do so.
    pub fn limits(self) -> &'static [&'static str] {
        match self {
            Self::Kafka => &["maxOffsetsPerTrigger"],
            Self::Files => &["maxFilesPerTrigger", "maxBytesPerTrigger"],
            Self::Dstream => &[],
        }
    }
}
