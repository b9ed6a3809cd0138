//! pip requirement lines, and the PEP 508 requirement that `pyproject.toml` shares with them.

mod package;

use super::joined::Joined;
use super::{Loss, Reading};
use crate::source::{FileId, Span, Traced};
pub use package::{Package, package};
use std::ops::Range;

/// One line that asks for something, continuation lines joined.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// What it asks for.
    pub wants: Wants,
    /// The line without comment and blanks around it.
    pub span: Span,
}

/// What a requirement line asks for.
#[derive(Debug, Clone)]
pub enum Wants {
    /// A distribution by its name.
    Package(Package),
    /// Another file's lines: `-r other.txt`.
    File {
        /// The file as written: relative to this one, or a URL.
        path: Traced,
        /// `-c`: the lines only limit versions, they install nothing.
        constraint: bool,
    },
    /// A folder, archive, URL or version control address.
    Location {
        /// As written.
        location: Traced,
        /// The distribution's name, where `#egg=` says it.
        name: Option<Traced>,
        /// `-e`: installed in place.
        editable: bool,
    },
    /// Any other option: `--index-url`.
    Option(Traced),
}

/// Endings of archives that are installed by their path.
const ARCHIVES: [&str; 8] = [".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tar.xz", ".tbz"];

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Requirement>> {
    let mut reading = Reading { body: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut line = Joined::new(file, start);
    let mut at = start;
    for physical in text[start..].split_inclusive('\n') {
        let body = physical.trim_end_matches(['\n', '\r']);
        // A line that is a comment ends a continued line, whatever it ends with.
        let is_comment = body.trim_start().starts_with('#');
        if is_comment {
            take(&mut reading, &line);
            line = Joined::new(file, at);
        }
        let continues = !is_comment && body.ends_with('\\');
        let kept = body.len() - usize::from(continues);
        line.push(&body[..kept], at..at + kept);
        at += physical.len();
        if !continues {
            take(&mut reading, &line);
            line = Joined::new(file, at);
        }
    }
    take(&mut reading, &line);
    reading
}

/// Reads one logical line.
fn take(reading: &mut Reading<Vec<Requirement>>, line: &Joined) {
    let text = line.as_str();
    let end = comment_start(text).unwrap_or(text.len());
    let body = trimmed(text, 0..end);
    if end < text.len() {
        reading.comments.push(line.span(end..text.trim_end().len()));
    }
    if body.is_empty() {
        return;
    }
    let span = line.span(body.clone());
    let wants = if text[body.clone()].starts_with('-') { option(line, body) } else { wanted(line, body) };
    match wants {
        Ok(wants) => reading.body.push(Requirement { wants, span }),
        Err(loss) => reading.losses.push(loss),
    }
}

/// A `#` begins a comment at the line's start and behind a blank.
fn comment_start(text: &str) -> Option<usize> {
    let mut blank_before = true;
    text.char_indices().find_map(|(at, c)| {
        let found = c == '#' && blank_before;
        blank_before = c.is_whitespace();
        found.then_some(at)
    })
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let body = &text[range.clone()];
    let start = range.start + (body.len() - body.trim_start().len());
    start..start.max(range.start + body.trim_end().len())
}

/// A line that begins with an option.
fn option(line: &Joined, body: Range<usize>) -> Result<Wants, Loss> {
    let text = &line.as_str()[body.clone()];
    let long = |name: &str| {
        let rest = text.strip_prefix(name)?;
        (rest.starts_with(['=', ' ', '\t'])).then_some(name.len() + 1)
    };
    let short = |name: &str| text.strip_prefix(name).filter(|rest| !rest.is_empty()).map(|_| name.len());
    let value = |offset: usize| {
        let range = trimmed(line.as_str(), body.start + offset..body.end);
        if range.is_empty() {
            return Err(Loss::part(line.span(body.clone()), format!("`{text}` wants a value")));
        }
        Ok(range)
    };
    if let Some(offset) = long("--requirement").or_else(|| short("-r")) {
        return Ok(Wants::File { path: line.slice(value(offset)?), constraint: false });
    }
    if let Some(offset) = long("--constraint").or_else(|| short("-c")) {
        return Ok(Wants::File { path: line.slice(value(offset)?), constraint: true });
    }
    if let Some(offset) = long("--editable").or_else(|| short("-e")) {
        return Ok(location(line, value(offset)?, true));
    }
    if matches!(text, "-r" | "-c" | "-e" | "--requirement" | "--constraint" | "--editable") {
        return value(text.len()).map(|range| Wants::Option(line.slice(range)));
    }
    Ok(Wants::Option(line.slice(body)))
}

/// A line that begins with a name or a place.
fn wanted(line: &Joined, body: Range<usize>) -> Result<Wants, Loss> {
    let text = line.as_str();
    let first = text[body.clone()].split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or_default();
    if is_location(first) {
        return Ok(location(line, body.start..body.start + first.len(), false));
    }
    package(&text[body.clone()], &|range| line.slice(body.start + range.start..body.start + range.end))
        .map(Wants::Package)
        .map_err(|(range, why)| Loss::part(line.span(body.start + range.start..body.start + range.end), why))
}

/// Whether a word names a place, not a distribution.
pub fn is_location(word: &str) -> bool {
    let scheme = word.split(':').next().filter(|scheme| scheme.len() < word.len()).unwrap_or_default();
    let is_scheme = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let lower = word.split('#').next().unwrap_or(word).to_ascii_lowercase();
    let path = lower.split('[').next().unwrap_or(&lower);
    is_scheme || word.starts_with(['.', '/']) || ARCHIVES.iter().any(|end| path.ends_with(end)) || {
        path.contains('/') && !path.contains(['=', '<', '>', '@', '~', '!'])
    }
}

fn location(line: &Joined, range: Range<usize>, editable: bool) -> Wants {
    let text = &line.as_str()[range.clone()];
    let name = text.find("egg=").map(|at| at + 4).and_then(|at| {
        let name = text[at..].find(['&', '[', ' ', '#']).map_or(text.len(), |end| at + end);
        (at < name).then(|| line.slice(range.start + at..range.start + name))
    });
    Wants::Location { location: line.slice(range), name, editable }
}

#[cfg(test)]
mod tests;
