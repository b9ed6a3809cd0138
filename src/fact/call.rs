//! References to functions and types, and the user-defined functions they stand in.

use crate::source::Span;
use std::sync::Arc;

/// A reference to a function, method or type, resolved to its full path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which language.
    pub language: Language,
    /// The full path: `os/exec.Command`, `(*net/http.Client).Get`, `std::process::Command::new`.
    pub callee: String,
    /// Called, used as a value, or named as a type.
    pub usage: Usage,
    /// Where.
    pub span: Span,
    /// The function it stands in.
    pub function: String,
    /// The import path of the function's package; empty where the language has none.
    pub package: Arc<str>,
    /// The UDF entry it belongs to, where it does.
    pub entry: Option<Entry>,
    /// In a test, a generated file, under a build tag: labels that lists and configuration can use.
    pub in_test: bool,
    /// The file says it is generated.
    pub generated: bool,
    /// For which builds its file is read, where not for all: systems, build tags.
    pub tags: Arc<[String]>,
    /// The way from the entry to the function it stands in; empty within the entry itself.
    pub path: Arc<[Hop]>,
}

/// A step on the way from an entry to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The place that leads on: a call, or a use as a value.
    pub span: Span,
    /// The function it stands in.
    pub from: String,
    /// The function it leads to.
    pub to: String,
}

impl Hop {
    /// The way from a function over the places that lead on, each with the function it leads to.
    pub fn way(first: &str, steps: impl IntoIterator<Item = (Span, String)>) -> Arc<[Self]> {
        let mut from = first.to_owned();
        let hop = |(span, to): (Span, String)| Self { span, from: std::mem::replace(&mut from, to.clone()), to };
        steps.into_iter().map(hop).collect()
    }
}

impl Call {
    /// The type and the method in the path of one of Go's methods: `database/sql.DB` and `Query`.
    pub fn of_type(&self) -> Option<(&str, &str)> {
        let inner = self.callee.strip_prefix('(').filter(|_| self.language == Language::Go)?;
        inner.strip_prefix('*').unwrap_or(inner).split_once(").")
    }

    /// Whether it is a method of a value that something else made: `(*os/exec.Cmd).Run`, `std::process::Command::spawn`.
    pub fn is_method(&self) -> bool {
        match self.language {
            Language::Go => self.callee.starts_with('('),
            Language::Rust => {
                let mut segments = self.callee.rsplit("::");
                let name = segments.next().unwrap_or_default();
                let of_type = segments.next().is_some_and(|owner| owner.starts_with(char::is_uppercase));
                of_type && name.starts_with(char::is_lowercase) && !["new", "default", "from"].contains(&name)
            }
            Language::Python => self.callee.contains("()."),
        }
    }
}

/// A use of what only the driver has, inside a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// What it is, in words: "a Spark session".
    pub kind: String,
    /// How it is written: `spark`, `self.spark`; empty where the task makes it itself.
    pub name: String,
    /// Where.
    pub span: Span,
    /// The function it stands in.
    pub function: String,
    /// Why that function runs in tasks.
    pub entry: Entry,
    /// The way from the entry to the function; empty within the entry itself.
    pub path: Arc<[Hop]>,
    /// In a test.
    pub in_test: bool,
}

/// A broadcast value that a task decodes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// What decodes: `json.loads`.
    pub by: String,
    /// Where that is called.
    pub span: Span,
    /// The broadcast variable, as it is written.
    pub name: String,
    /// Where its value is taken.
    pub value: Span,
    /// The function it stands in.
    pub function: String,
    /// Why that function runs in tasks.
    pub entry: Entry,
    /// The way from the entry to the function; empty within the entry itself.
    pub path: Arc<[Hop]>,
    /// In a test.
    pub in_test: bool,
}

/// A read of files that leaves to the data what is in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schemaless {
    /// `JSON` or `CSV`.
    pub format: &'static str,
    /// What reads.
    pub span: Span,
    /// Where types are asked for.
    pub asked: Option<Span>,
    /// The function it stands in; empty for the file itself.
    pub function: String,
}

/// How a call came to be inside a UDF.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Entry {
    /// The comment, the registration or the function's name.
    pub span: Span,
    /// The function.
    pub function: String,
    /// Other languages call it: its boundary is C by nature.
    pub foreign: bool,
    /// It is exported with the ABI of C under a name that tells nothing: who calls it is what loads the library.
    pub exported: bool,
    /// It is called for each row, not for a batch or partition of them.
    pub per_row: bool,
    /// In words: "marked `sparkproof:udf`", "`udf/**` is configured as UDF code".
    pub why: String,
    /// No primary source was read for that.
    pub unverified: bool,
}

/// The languages whose references are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the languages' own names")]
pub enum Language {
    Go,
    Rust,
    Python,
}

/// What a reference does with the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Usage {
    Call,
    Value,
    Type,
}
