//! Stable JSON, version 1. Fields are only ever added; a field without a value is `null`.

use super::Report;
use super::look::is_unseen;
use crate::finding::{Finding, Level, Safety};
use crate::project::Coverage;
use crate::source::Span;
use crate::source::text::Position;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::io::{self, Write};

#[derive(serde::Serialize)]
struct Log<'a> {
    version: u32,
    findings: Vec<Entry<'a>>,
    coverage: Read<'a>,
    summary: Summary,
}

#[derive(serde::Serialize)]
struct Entry<'a> {
    rule: &'a str,
    group: Option<&'static str>,
    level: Level,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<Label<'a>>,
    because: Option<&'a str>,
    help: Option<&'a str>,
    source: Option<&'a str>,
    docs: Option<String>,
    fix: Option<Fix<'a>>,
}

#[derive(serde::Serialize)]
struct Place<'a> {
    path: &'a str,
    start: Point,
    end: Point,
}

#[derive(serde::Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(serde::Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

#[derive(serde::Serialize)]
struct Fix<'a> {
    safety: Safety,
    edits: Vec<Edit<'a>>,
}

#[derive(serde::Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(serde::Serialize)]
struct Read<'a> {
    files: usize,
    parsed: usize,
    partial: Vec<Loss<'a>>,
    unresolved: usize,
    units: usize,
    ambiguous: usize,
    /// Only told where code was followed at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_receivers: Option<usize>,
    skipped: usize,
    formats: Formats<'a>,
}

#[derive(serde::Serialize)]
struct Loss<'a> {
    path: &'a str,
    start: Point,
    message: &'a str,
}

/// Counts by name, in the order they were counted in.
struct Formats<'a>(&'a [(&'static str, usize)]);

impl Serialize for Formats<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in self.0 {
            map.serialize_entry(name, count)?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
}

impl From<Position> for Point {
    fn from(at: Position) -> Self {
        Self { line: at.line, column: at.column, offset: at.offset }
    }
}

/// Writes the report.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        version: 1,
        findings: report.findings.iter().map(|finding| entry(report, finding)).collect(),
        coverage: read(report, report.coverage),
        summary: Summary {
            error: report.count(Level::Error),
            warning: report.count(Level::Warning),
            info: report.count(Level::Info),
        },
    };
    write_value(&log, out)
}

/// Writes any value as JSON that is also harmless when a terminal shows it: what cannot be seen is escaped, and means the same.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let mut rest = text.as_str();
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| *c == '\u{7f}' || is_unseen(*c)) {
        out.write_all(&rest.as_bytes()[..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\n")
}

/// The same, as a text.
pub fn text(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail, and what is written is UTF-8.
    let _ = write_value(value, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

fn entry<'a>(report: &Report<'a>, finding: &'a Finding) -> Entry<'a> {
    let rule = report.rule(finding);
    let label = |label: &'a crate::finding::Label| Label { place: place(report, label.span), message: &label.message };
    let edit = |edit: &'a crate::finding::Edit| Edit { place: place(report, edit.span), text: &edit.text };
    Entry {
        rule: finding.rule,
        group: rule.map(|rule| rule.group.name()),
        level: finding.level,
        message: &finding.message,
        place: place(report, finding.span),
        labels: finding.labels.iter().map(label).collect(),
        because: finding.because.as_deref(),
        help: finding.help.as_deref(),
        source: finding.source.as_deref(),
        docs: rule.map(crate::rule::Rule::docs),
        fix: finding.fix.as_ref().map(|fix| Fix { safety: fix.safety, edits: fix.edits.iter().map(edit).collect() }),
    }
}

fn place<'a>(report: &Report<'a>, span: Span) -> Place<'a> {
    let (start, end) = report.texts.get(span.file).positions(span);
    Place { path: report.sources.path(span.file), start: start.into(), end: end.into() }
}

fn read<'a>(report: &Report<'a>, coverage: &'a Coverage) -> Read<'a> {
    let loss = |loss: &'a crate::read::Loss| Loss {
        path: report.sources.path(loss.span.file),
        start: place(report, loss.span).start,
        message: &loss.message,
    };
    Read {
        files: coverage.files,
        parsed: coverage.parsed,
        partial: coverage.partial.iter().map(loss).collect(),
        unresolved: coverage.unresolved,
        units: coverage.units,
        ambiguous: coverage.ambiguous,
        unknown_receivers: Some(coverage.unknown_receivers).filter(|n| *n > 0),
        skipped: coverage.skipped,
        formats: Formats(&coverage.formats),
    }
}
