//! Text joined from pieces of a file, each byte of it remembering its place: logical lines, decoded strings, words.
//!
//! It is what [`Traced`] is for finished values, made for cutting: a part costs the logarithm of the pieces, not all of
//! them, so that a line of a hundred thousand continuations stays cheap.

use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// Joined text and the places it came from.
#[derive(Debug, Clone)]
pub struct Text {
    file: FileId,
    value: String,
    pieces: Vec<Piece>,
    /// Where the text begins in the file: its place while it is empty.
    origin: u32,
}

/// `len` bytes of the value, beginning at `start`, stand for `from_len` bytes of the file. Equal lengths mean equal bytes.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u32,
    len: u32,
    from: u32,
    from_len: u32,
}

impl Piece {
    fn is_exact(self) -> bool {
        self.len == self.from_len
    }

    fn end(self) -> u32 {
        self.start + self.len
    }

    /// The file's bytes for a part of the value; all of them where the two are not alike.
    fn source(self, range: &Range<usize>) -> Range<usize> {
        if !self.is_exact() {
            return self.from as usize..(self.from + self.from_len) as usize;
        }
        let (start, from) = (self.start as usize, self.from as usize);
        let cut = |at: usize| from + at.clamp(start, self.end() as usize) - start;
        cut(range.start)..cut(range.end)
    }
}

impl Text {
    /// An empty text that would begin at `origin`.
    pub(super) fn new(file: FileId, origin: usize) -> Self {
        Self { file, value: String::new(), pieces: Vec::new(), origin: origin as u32 }
    }

    /// Appends a value that stands for these bytes of the file.
    pub(super) fn push(&mut self, value: &str, from: Range<usize>) {
        if value.is_empty() {
            return;
        }
        let piece = Piece {
            start: self.value.len() as u32,
            len: value.len() as u32,
            from: from.start as u32,
            from_len: from.len() as u32,
        };
        self.value.push_str(value);
        match self.pieces.last_mut() {
            Some(last) if last.is_exact() && piece.is_exact() && last.from + last.from_len == piece.from => {
                last.len += piece.len;
                last.from_len += piece.len;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// Appends a part of another text with the places it came from.
    pub(super) fn push_part(&mut self, other: &Text, range: Range<usize>) {
        let Some(value) = other.value.get(range.clone()) else { return };
        for piece in other.pieces_in(&range) {
            let (from, to) = (range.start.max(piece.start as usize), range.end.min(piece.end() as usize));
            if let Some(part) = value.get(from - range.start..to - range.start) {
                self.push(part, piece.source(&(from..to)));
            }
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The file's bytes a range came from, from the first to the last, whatever stands between them.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let mut pieces = self.pieces_in(range);
        let Some(first) = pieces.next() else {
            return Span::new(self.file, self.offset(range.start)..self.offset(range.start));
        };
        let last = pieces.last().unwrap_or(first);
        Span::new(self.file, first.source(range).start..last.source(range).end)
    }

    /// A part of the text as a value.
    pub fn traced(&self, range: Range<usize>) -> Traced {
        let written = self.span(&range);
        let mut part = Text::new(self.file, written.start as usize);
        part.push_part(self, range);
        Traced::concat(written, part.pieces.iter().map(|piece| part.literal(*piece)))
    }

    fn literal(&self, piece: Piece) -> Traced {
        let value = self.value.get(piece.start as usize..piece.end() as usize).unwrap_or_default();
        Traced::literal(value, Span::new(self.file, piece.source(&(piece.start as usize..piece.end() as usize))))
    }

    /// Where in the file the byte at `at` came from.
    fn offset(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|p| p.end() as usize <= at);
        match (self.pieces.get(index), self.pieces.last()) {
            (Some(piece), _) => piece.source(&(at..at)).start,
            (None, Some(last)) => (last.from + last.from_len) as usize,
            (None, None) => self.origin as usize,
        }
    }

    fn pieces_in(&self, range: &Range<usize>) -> impl Iterator<Item = Piece> {
        let range = range.clone();
        let first = self.pieces.partition_point(|p| p.end() as usize <= range.start);
        let pieces = self.pieces.get(first..).unwrap_or_default();
        pieces.iter().copied().take_while(move |p| (p.start as usize) < range.end)
    }
}
