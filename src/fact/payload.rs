//! Bodies of requests that start jobs: Livy's batches and sessions, Flink's jars.

mod fields;

use crate::source::{Span, Traced};
pub use fields::{Fault, FaultKind};

/// A body, and where it is sent.
#[derive(Debug, Clone)]
pub struct Payload {
    /// Whom it is sent to.
    pub api: Api,
    /// Its fields.
    pub fields: Vec<(Traced, PayloadValue)>,
    /// There may be more of them.
    pub is_open: bool,
    /// The whole of it.
    pub span: Span,
    /// What sends it: the address, or the operator.
    pub sender: Span,
    /// The place, without line numbers.
    pub subject: String,
}

/// A file that a command sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Whom to.
    pub api: Api,
    /// Where it may lie: beside the script, or below the root.
    pub paths: Vec<String>,
    /// The address.
    pub sender: Span,
}

/// Who takes a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// `POST /batches` of Livy.
    Batch,
    /// `POST /sessions` of Livy.
    Session,
    /// `POST /jars/:id/run` of Flink.
    Jar,
    /// `POST /v1/submissions/create` of Spark's own master.
    Submission,
    /// The arguments of Airflow's operator, which makes a batch of them.
    Operator,
}

impl Api {
    /// As people say it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Batch => "Livy's `POST /batches`",
            Self::Session => "Livy's `POST /sessions`",
            Self::Jar => "Flink's `POST /jars/:id/run`",
            Self::Submission => "Spark's `POST /v1/submissions/create`",
            Self::Operator => "`LivyOperator`",
        }
    }
}

/// A value in a body.
#[derive(Debug, Clone)]
pub enum PayloadValue {
    /// Text.
    Text(Traced),
    /// A number, as written.
    Number(Traced),
    /// `true`, `false`.
    Truth(Span),
    /// `null`.
    Nothing(Span),
    /// A list.
    List(Vec<PayloadValue>, Span),
    /// A mapping.
    Map(Vec<(Traced, PayloadValue)>, Span),
    /// Only known when it is sent.
    Unknown(Span),
}

impl PayloadValue {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) | Self::Number(text) => text.span(),
            Self::Truth(span)
            | Self::Nothing(span)
            | Self::List(_, span)
            | Self::Map(_, span)
            | Self::Unknown(span) => *span,
        }
    }

    /// What it is, in words.
    pub fn phrase(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Truth(_) => "a truth value",
            Self::Nothing(_) => "nothing",
            Self::List(..) => "a list",
            Self::Map(..) => "a mapping",
            Self::Unknown(_) => "unknown",
        }
    }
}
