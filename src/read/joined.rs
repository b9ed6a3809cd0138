//! A logical line put together from pieces of a file: continuation lines joined, escapes resolved, every part of it still
//! knowing its bytes.

use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// The most pieces a [`Traced`] part is given; a part of more pieces keeps only the bytes it spans.
const MAX_PIECES: usize = 256;

/// The text being joined. Cutting a part costs what the part is long, not what the line is long.
#[derive(Debug, Clone)]
pub struct Joined {
    file: FileId,
    /// Where an empty text stands.
    start: usize,
    text: String,
    runs: Vec<Run>,
}

/// Bytes of the text from `start` to the next run, and the bytes of the file they came from.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    from: (usize, usize),
    exact: bool,
}

impl Joined {
    /// An empty text that begins at the byte `start` of `file`.
    pub fn new(file: FileId, start: usize) -> Self {
        Self { file, start, text: String::new(), runs: Vec::new() }
    }

    /// Appends what the bytes `from` of the file say: themselves, or what they are an escape for.
    pub fn push(&mut self, text: &str, from: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let exact = text.len() == from.len();
        match self.runs.last_mut() {
            Some(last) if exact && last.exact && last.from.1 == from.start => last.from.1 = from.end,
            _ => self.runs.push(Run { start: self.text.len(), from: (from.start, from.end), exact }),
        }
        self.text.push_str(text);
    }

    /// The joined text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The file's bytes from the first to the last that `range` of the text came from.
    pub fn span(&self, range: Range<usize>) -> Span {
        let first = self.origin(range.start, range.start).map_or(self.start, |o| o.0);
        let last = if range.is_empty() { first } else { self.origin(range.end - 1, range.end).map_or(first, |o| o.1) };
        Span::new(self.file, first..last)
    }

    /// A part of the text that remembers its bytes. An impossible range gives an empty text.
    pub fn slice(&self, range: Range<usize>) -> Traced {
        let Some(text) = self.text.get(range.clone()) else {
            return Traced::literal("", Span::new(self.file, self.start..self.start));
        };
        let written = self.span(range.clone());
        let pieces: Vec<_> = self.pieces(range.clone()).take(MAX_PIECES + 1).collect();
        if pieces.len() < 2 || pieces.len() > MAX_PIECES {
            return Traced::literal(text, written);
        }
        let part = |(range, span): (Range<usize>, Span)| self.text.get(range).map(|text| Traced::literal(text, span));
        Traced::concat(written, pieces.into_iter().filter_map(part))
    }

    /// The pieces of a part of the text, each with the bytes it came from.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Span)> {
        let first = self.run_at(range.start);
        let starts = self.runs.iter().enumerate().skip(first).take_while(move |(_, run)| run.start < range.end);
        starts.filter_map(move |(index, run)| {
            let end = self.runs.get(index + 1).map_or(self.text.len(), |next| next.start);
            let (from, to) = (run.start.max(range.start), end.min(range.end));
            (from < to).then(|| (from..to, self.span(from..to)))
        })
    }

    fn run_at(&self, at: usize) -> usize {
        self.runs.partition_point(|run| run.start <= at).saturating_sub(1)
    }

    /// The bytes that the text between `from` and `to`, which lie in one run, came from.
    fn origin(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let run = self.runs.get(self.run_at(from))?;
        let offset = |at: usize| (run.from.0 + (at - run.start)).min(run.from.1);
        Some(if run.exact { (offset(from), offset(to)) } else { run.from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_over_a_seam_remembers_both_pieces() {
        let mut line = Joined::new(FileId(0), 0);
        line.push("pyspark==", 0..9);
        line.push("3.5.1", 11..16);
        let version = line.slice(9..14);
        assert!(version.is_literal());
        assert_eq!(version.span().range(), 11..16);
        let seam = line.slice(7..14);
        assert_eq!((seam.as_str(), seam.span().range()), ("==3.5.1", 7..16));
        assert!(!seam.is_replaceable());
        assert_eq!(seam.slice(2..7).span().range(), 11..16);
    }

    #[test]
    fn an_escape_is_no_literal() {
        let mut line = Joined::new(FileId(0), 3);
        assert_eq!(line.slice(0..0).span().range(), 3..3);
        line.push("a", 3..4);
        line.push(":", 4..6);
        line.push("b", 6..7);
        let whole = line.slice(0..3);
        assert_eq!((whole.as_str(), whole.span().range()), ("a:b", 3..7));
        assert!(!whole.is_replaceable());
        assert_eq!(line.span(2..3).range(), 6..7);
    }

    #[test]
    fn a_text_of_very_many_pieces_keeps_its_span() {
        let mut line = Joined::new(FileId(0), 0);
        (0..2000).for_each(|i| line.push("a", i * 3..i * 3 + 1));
        let whole = line.slice(0..2000);
        assert_eq!((whole.as_str().len(), whole.span().range()), (2000, 0..5998));
        assert!(!whole.is_replaceable());
    }
}
