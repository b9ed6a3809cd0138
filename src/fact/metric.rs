//! Metrics for Prometheus: those that code offers, and those that recording rules make.

mod naming;

use crate::source::Span;
pub use naming::Flaw;

/// A metric, where it is given its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// What is counted or measured.
    pub kind: MetricKind,
    /// Who gives it its name.
    pub client: Client,
    /// The parts of its name in order, as far as they are known.
    pub parts: Vec<NamePart>,
    /// Something that is not known stands before them.
    pub is_open: bool,
    /// The place where it is made, without line numbers.
    pub subject: String,
}

/// A part of a name: a namespace, a subsystem, the name itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePart {
    /// The text.
    pub text: Box<str>,
    /// Where it is written, without quotes.
    pub span: Span,
}

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "Prometheus' own names")]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
    Summary,
    /// Something that the text does not tell.
    Unknown,
    /// The result of a recording rule.
    Recorded,
}

/// Who names a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the languages' own names")]
pub enum Client {
    Go,
    Python,
    Java,
    Rust,
    /// Rust's facade, which hands metrics to whichever exporter a program installs.
    RustFacade,
    /// A file of rules.
    Rules,
}

impl Client {
    /// Whether what is given as a counter's name gets `_total` by itself.
    pub fn adds_total(self) -> bool {
        matches!(self, Self::Python | Self::Java)
    }
}

impl MetricKind {
    /// As people say it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Counter => "a counter",
            Self::Gauge => "a gauge",
            Self::Histogram => "a histogram",
            Self::Summary => "a summary",
            Self::Unknown => "a metric",
            Self::Recorded => "a recorded metric",
        }
    }
}

impl Metric {
    /// The name, as far as it is known.
    pub fn name(&self) -> String {
        self.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join("_")
    }

    /// The part that says most: the last.
    pub fn last(&self) -> Option<&NamePart> {
        self.parts.last()
    }
}
