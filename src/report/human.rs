//! The human format.

use super::{Look, Report};
use std::io::{self, Write};

/// Writes the report.
pub fn write(_report: &Report, _look: Look, _out: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
