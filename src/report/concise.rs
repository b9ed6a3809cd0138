//! One line a finding, for people who search and for tools that jump: `path:line:column: level[rule-id] message`.

use super::Report;
use super::look::{clean, defused};
use std::io::{self, Write};

/// Writes the report: nothing but one line a finding.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        let path = defused(&clean(report.sources.path(finding.file())));
        let start = report.texts.get(finding.file()).position(finding.span.start as usize);
        let (level, rule, message) = (finding.level, finding.rule, clean(&finding.message));
        writeln!(out, "{path}:{}:{}: {level}[{rule}] {message}", start.line, start.column)?;
    }
    Ok(())
}
