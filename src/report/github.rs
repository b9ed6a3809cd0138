//! Workflow commands: GitHub shows each finding at its line of the change, without any upload. It shows ten of a level
//! and step; all of them stand in the log.

use super::Report;
use super::look::{clean, clean_lines};
use crate::finding::{Finding, Level};
use std::io::{self, Write};

/// Writes the report.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| write_finding(report, finding, out))
}

fn write_finding(report: &Report, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let (start, end) = report.texts.get(finding.file()).positions(finding.span);
    let file = property(&clean(report.sources.path(finding.file())));
    // The annotation stands below its last line: a place that closes with a line end does not reach into the next line.
    let last = end.line - usize::from(end.column == 1 && end.line > start.line);
    write!(out, "::{command} file={file},line={},col={},endLine={last}", start.line, start.column)?;
    if start.line == end.line {
        write!(out, ",endColumn={}", end.column)?;
    }
    let title = property(&format!("sparkproof: {}", finding.rule));
    let because = finding.because.as_ref().map(|evidence| format!("because {evidence}"));
    let words = [Some(&finding.message), because.as_ref(), finding.help.as_ref(), finding.source.as_ref()];
    let words: Vec<String> = words.into_iter().flatten().map(|text| clean_lines(text)).collect();
    writeln!(out, ",title={title}::{}", data(&words.join("\n")))
}

/// Escapes the text after the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
