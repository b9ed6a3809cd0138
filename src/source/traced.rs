//! Text that remembers where each of its bytes was written.

use super::Span;
use std::fmt;

/// Text in which every byte remembers where it was written, also after properties, arguments or templates were filled in.
///
/// `spark-core_${scala.binary.version}` becomes the value `spark-core_2.12` with two pieces: one in the dependency, one in
/// the property's own line. [`Traced::slice`] keeps that, so a rule can point at the bytes that the reader must change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Traced {
    value: Box<str>,
    written: Span,
    pieces: Box<[Piece]>,
}

/// A run of a [`Traced`] value and the bytes it came from. When `exact`, the two have the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Piece {
    start: u32,
    end: u32,
    from: Span,
    exact: bool,
}

impl Traced {
    /// A value that stands in the file as it is. Where escapes make the text longer than the value, the whole span stands for each part.
    pub fn literal(value: impl Into<Box<str>>, span: Span) -> Self {
        let value = value.into();
        let exact = (span.end - span.start) as usize == value.len();
        let pieces = if value.is_empty() {
            Box::default()
        } else {
            Box::new([Piece { start: 0, end: value.len() as u32, from: span, exact }]) as Box<[Piece]>
        };
        Self { value, written: span, pieces }
    }

    /// A value that something was made into: the whole span stands for each part of it.
    pub fn made(value: impl Into<Box<str>>, span: Span) -> Self {
        let mut made = Self::literal(value, span);
        made.pieces.iter_mut().for_each(|piece| piece.exact = false);
        made
    }

    /// Its runs in order: the bytes of the value, the place that they came from, and whether the two have the same bytes.
    pub fn pieces(&self) -> impl Iterator<Item = (std::ops::Range<usize>, Span, bool)> {
        self.pieces.iter().map(|piece| (piece.start as usize..piece.end as usize, piece.from, piece.exact))
    }

    /// Joins parts, in order, as the value of the text written at `written`.
    pub fn concat(written: Span, parts: impl IntoIterator<Item = Traced>) -> Self {
        let (mut value, mut pieces) = (String::new(), Vec::new());
        for part in parts {
            let base = value.len() as u32;
            pieces.extend(part.pieces.iter().map(|p| Piece { start: p.start + base, end: p.end + base, ..*p }));
            value.push_str(&part.value);
        }
        Self { value: value.into(), written, pieces: pieces.into() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Where the text is *used*: the dependency's own element, not the property's.
    pub fn written(&self) -> Span {
        self.written
    }

    /// The bytes a reader must change to change the value: the one place it comes from, else the place it is used.
    pub fn span(&self) -> Span {
        self.run().unwrap_or(self.written)
    }

    /// The bytes that the pieces came from, where they follow one another.
    fn run(&self) -> Option<Span> {
        let (first, rest) = self.pieces.split_first()?;
        rest.iter().try_fold(first.from, |seen, p| {
            (p.from.file == seen.file && p.from.start == seen.end).then(|| seen.cover(p.from))
        })
    }

    /// Whether the value stands where it is used, letter by letter: only then may an edit replace it there.
    pub fn is_literal(&self) -> bool {
        self.is_replaceable() && self.written.contains(self.span())
    }

    /// Whether the whole value is one run of bytes in some file, so that replacing these bytes replaces the value.
    pub fn is_replaceable(&self) -> bool {
        self.run().is_some_and(|run| run.range().len() == self.value.len()) && self.pieces.iter().all(|p| p.exact)
    }

    /// A part of the value, by byte range; it keeps its origin. An impossible range gives an empty text.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let Some(value) = self.value.get(range.clone()) else {
            return Self { value: Box::default(), written: self.written, pieces: Box::default() };
        };
        let (start, end) = (range.start as u32, range.end as u32);
        let cut = |p: &Piece| {
            let (from, to) = (p.start.max(start), p.end.min(end));
            (from < to).then(|| {
                let origin = if p.exact {
                    Span {
                        file: p.from.file,
                        start: p.from.start + (from - p.start),
                        end: p.from.start + (to - p.start),
                    }
                } else {
                    p.from
                };
                Piece { start: from - start, end: to - start, from: origin, exact: p.exact }
            })
        };
        // The pieces are in order, so that a part costs what it is long, not what the whole is.
        let first = self.pieces.partition_point(|p| p.end <= start);
        let within = self.pieces.get(first..).unwrap_or_default().iter().take_while(|p| p.start < end);
        let pieces: Box<[Piece]> = within.filter_map(cut).collect();
        Self { value: value.into(), written: self.written, pieces }
    }

    /// The value without blanks around it.
    #[must_use]
    pub fn trim(&self) -> Self {
        let trimmed = self.value.trim();
        let start = trimmed.as_ptr() as usize - self.value.as_ptr() as usize;
        self.slice(start..start + trimmed.len())
    }

    /// The part a regular expression's group matched.
    #[must_use]
    pub fn group(&self, group: regex::Match<'_>) -> Self {
        self.slice(group.range())
    }
}

impl fmt::Display for Traced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}
