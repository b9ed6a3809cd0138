//! How do we say it? One room a format; all of them get the same [`Report`].

pub mod concise;
pub mod github;
pub mod human;
pub mod json;
pub mod look;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sample;
pub mod sarif;
#[cfg(test)]
mod tests;

use crate::finding::{Finding, Level};
use crate::project::Coverage;
use crate::rule::Rule;
use crate::source::text::Texts;
use crate::source::{FileId, Sources};
use std::io::{self, Write};

/// Everything a report may say.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The files, for their paths.
    pub sources: &'a Sources,
    /// The texts of all files that a finding points into.
    pub texts: &'a Texts,
    /// What was found, sorted by path and place.
    pub findings: &'a [Finding],
    /// What was read, and what was not.
    pub coverage: &'a Coverage,
    /// All rules there are, in order.
    pub rules: &'a [&'static Rule],
}

impl Report<'_> {
    /// The rule of a finding.
    pub fn rule(&self, finding: &Finding) -> Option<&'static Rule> {
        self.rules.iter().find(|rule| rule.id == finding.rule).copied()
    }

    /// How many findings of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|f| f.level == level).count()
    }
}

/// The files whose texts a report shows or counts lines in: what [`Texts::load`] is to be asked for.
pub fn shown(findings: &[Finding], coverage: &Coverage) -> Vec<FileId> {
    let of_finding = |finding: &Finding| {
        let labels = finding.labels.iter().map(|label| label.span.file);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span.file);
        std::iter::once(finding.file()).chain(labels).chain(edits).collect::<Vec<_>>()
    };
    let losses = coverage.partial.iter().map(|loss| loss.span.file);
    let mut files: Vec<FileId> = findings.iter().flat_map(of_finding).chain(losses).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The report formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Annotated source, for people.
    Human,
    /// One line a finding.
    Concise,
    /// Stable JSON, version 1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows at the line.
    Github,
}

/// How text for people looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// ANSI colours.
    pub colour: bool,
}

/// Writes a report.
///
/// # Errors
/// Whatever the writer fails with; a closed pipe is for the caller to forgive.
pub fn write(format: Format, report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, look, out),
        Format::Concise => concise::write(report, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
    }
}
