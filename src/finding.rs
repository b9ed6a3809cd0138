//! What a rule says: a finding, the places it names, and the edits that would mend it.

use crate::source::{FileId, Span, Traced};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// How loud a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; never fails a build by default.
    Info,
    /// Likely wrong.
    Warning,
    /// It breaks.
    Error,
}

impl Level {
    /// The word used in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        [Self::Info, Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.name() == s)
            .ok_or_else(|| format!("`{s}` is no level: write `info`, `warning` or `error`"))
    }
}

/// Another place that belongs to a finding, with its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// Whether a fix may be applied without being asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Changes one literal, used by this unit alone, to the only value that all other claims allow.
    Safe,
    /// Anything else: right in all likelihood, but to be read before it is kept.
    Unsafe,
}

/// Replaces a byte range by a text. The text is in the file's own syntax: readers make it, rules do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; an empty range inserts.
    pub span: Span,
    /// The bytes that come.
    pub text: String,
}

impl Edit {
    /// Replaces a value by another, where its bytes stand as they are in one place.
    pub fn replace(value: &Traced, with: impl Into<String>) -> Option<Self> {
        value.is_replaceable().then(|| Self { span: value.span(), text: with.into() })
    }
}

/// Edits that belong together: all are applied, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The edits, in any order and in any files.
    pub edits: Vec<Edit>,
    /// Whether `--fix` alone applies it.
    pub safety: Safety,
}

/// One thing that is wrong, at one primary place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// Its level after presets, configuration and caps.
    pub level: Level,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// The bytes the reader must look at first.
    pub span: Span,
    /// What it is about without line numbers (kind/namespace/name/container, module and coordinate): the fingerprint's heart.
    pub subject: String,
    /// Where else to look.
    pub labels: Vec<Label>,
    /// For findings across files: how we know that the places meet at run time.
    pub because: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Who says so: a documentation page, or the package whose metadata was read (a `pkg:` URL).
    pub source: Option<String>,
    /// The fact behind it was never read at a primary source: capped at info after all overrides, never counts for the exit code.
    pub unverified: bool,
    /// The loudest the fact behind it allows; see [`crate::table::Verdict`].
    pub cap: Option<Level>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Bytes that no report may show: a secret.
    pub hidden: Option<Span>,
    /// Tells it from all others over time, without line numbers; set where findings are sifted.
    pub fingerprint: String,
}

impl Finding {
    /// A finding with its required parts.
    pub fn new(rule: &'static str, level: Level, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            message: message.into(),
            span,
            subject: String::new(),
            labels: Vec::new(),
            because: None,
            help: None,
            source: None,
            unverified: false,
            cap: None,
            fix: None,
            hidden: None,
            fingerprint: String::new(),
        }
    }

    /// Names what the finding is about, without line numbers.
    pub fn subject(&mut self, subject: impl Into<String>) -> &mut Self {
        self.subject = subject.into();
        self
    }

    /// Adds another place. A place that is already the primary one or a label adds nothing.
    pub fn label(&mut self, at: impl Into<Place>, message: impl Into<String>) -> &mut Self {
        let span = at.into().0;
        if let Some(span) = span.filter(|s| *s != self.span && self.labels.iter().all(|l| l.span != *s)) {
            self.labels.push(Label { span, message: message.into() });
        }
        self
    }

    /// Says how the places are known to meet.
    pub fn because(&mut self, evidence: impl Into<String>) -> &mut Self {
        self.because = Some(evidence.into()).filter(|e| !e.is_empty());
        self
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Says who says so.
    pub fn source(&mut self, source: impl Into<String>) -> &mut Self {
        self.source = Some(source.into());
        self
    }

    /// Caps the level: a fact that is merely `unsupported` cannot be an error.
    pub fn at_most(&mut self, level: Level) -> &mut Self {
        self.cap = Some(self.cap.map_or(level, |cap| cap.min(level)));
        self
    }

    /// Marks the fact behind it as read at no primary source.
    pub fn unverified(&mut self, unverified: bool) -> &mut Self {
        self.unverified |= unverified;
        self
    }

    /// Offers the edits that mend it; no edit, no fix.
    pub fn fix(&mut self, safety: Safety, edits: impl IntoIterator<Item = Edit>) -> &mut Self {
        let edits: Vec<Edit> = edits.into_iter().collect();
        self.fix = (!edits.is_empty()).then_some(Fix { edits, safety });
        self
    }

    /// Keeps bytes from being shown.
    pub fn hide(&mut self, secret: Span) -> &mut Self {
        self.hidden = Some(secret);
        self
    }

    /// The file of the primary place.
    pub fn file(&self) -> FileId {
        self.span.file
    }
}

/// Anything a finding can point at: a span, a traced value, an effective value. A default has no place.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub Option<Span>);

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self(Some(span))
    }
}

impl From<&Traced> for Place {
    fn from(value: &Traced) -> Self {
        Self(Some(value.span()))
    }
}
