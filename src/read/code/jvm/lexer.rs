//! Words, signs and strings of Scala and Java.

use crate::source::{FileId, Span};
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Word,
    Sign(u8),
    /// A string, in the parts that it is made of.
    Text(Vec<Part>),
}

#[derive(Debug, Clone)]
pub(super) enum Part {
    Literal(Range<usize>),
    /// `$name` in an interpolated string.
    Name(Range<usize>),
    Unknown,
}

pub(super) struct Lexer<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl Lexer<'_> {
    pub(super) fn run(mut self) -> (Vec<Token>, Vec<Span>) {
        let (mut tokens, mut comments) = (Vec::<Token>::new(), Vec::new());
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let start = self.at;
            let rest = &bytes[start..];
            if rest.starts_with(b"//") {
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                comments.push(Span::new(self.file, start..self.at));
            } else if rest.starts_with(b"/*") {
                self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                comments.push(Span::new(self.file, start..self.at));
            } else if byte == b'"' {
                let before = tokens.last().filter(|token| token.range.end == start && matches!(token.kind, Kind::Word));
                let is_interpolated = before.is_some();
                let parts = self.string(is_interpolated);
                if is_interpolated {
                    tokens.pop();
                }
                tokens.push(Token { kind: Kind::Text(parts), range: start..self.at });
            } else if byte == b'\'' {
                // A character; in Scala also a symbol, which has no end.
                let escaped = rest.get(1) == Some(&b'\\');
                let end = memchr::memchr(b'\'', rest.get(2 + usize::from(escaped)..).unwrap_or_default());
                self.at += end.filter(|end| *end <= 8).map_or(1, |end| end + 3 + usize::from(escaped));
                self.at = self.at.min(bytes.len());
            } else if byte == b'_' || byte.is_ascii_alphanumeric() {
                let len = rest.iter().take_while(|b| **b == b'_' || b.is_ascii_alphanumeric()).count();
                self.at += len;
                tokens.push(Token { kind: Kind::Word, range: start..self.at });
            } else {
                self.at += 1;
                if !byte.is_ascii_whitespace() {
                    tokens.push(Token { kind: Kind::Sign(byte), range: start..self.at });
                }
            }
        }
        (tokens, comments)
    }

    /// A string from its first quote on.
    fn string(&mut self, is_interpolated: bool) -> Vec<Part> {
        let bytes = self.text.as_bytes();
        let is_triple = bytes[self.at..].starts_with(b"\"\"\"");
        let quote: &[u8] = if is_triple { b"\"\"\"" } else { b"\"" };
        self.at += quote.len();
        let (mut parts, mut from) = (Vec::new(), self.at);
        while let Some(&byte) = bytes.get(self.at) {
            if bytes[self.at..].starts_with(quote) {
                break;
            }
            match byte {
                b'\n' if !is_triple => break,
                b'\\' if !is_triple => {
                    // An escape has other bytes than what it stands for; keys and coordinates have none.
                    parts.push(Part::Unknown);
                    self.at += 2;
                    from = self.at;
                }
                b'$' if is_interpolated => {
                    parts.push(Part::Literal(from..self.at));
                    parts.push(self.hole());
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        let end = self.at.min(bytes.len());
        if from < end {
            parts.push(Part::Literal(from..end));
        }
        self.at = (end + quote.len()).min(bytes.len());
        parts
    }

    /// `$name`, `${name}` or `${anything}`.
    fn hole(&mut self) -> Part {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let is_braced = bytes.get(self.at) == Some(&b'{');
        self.at += usize::from(is_braced);
        let start = self.at;
        let len = bytes[start..].iter().take_while(|b| **b == b'_' || b.is_ascii_alphanumeric()).count();
        self.at += len;
        if !is_braced {
            return if len > 0 { Part::Name(start..self.at) } else { Part::Unknown };
        }
        if bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Part::Name(start..start + len);
        }
        let left = &bytes[self.at..];
        self.at += memchr::memchr2(b'}', b'\n', left).map_or(left.len(), |end| end + 1);
        Part::Unknown
    }
}
