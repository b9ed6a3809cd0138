//! Quoted scalars whose lines stand no deeper than their key.
//!
//! YAML's grammar asks for one column more, the parser with it; libyaml, go-yaml and `SnakeYAML` do not, and their users
//! have such files. So the line breaks of these scalars become blanks in a copy as long as the text: it is read instead,
//! and the scalars' own values are read from the text again, each by itself, where nothing asks for a column.
//!
//! The walk knows just enough YAML to find quotes. That it found the right ones is seen when the copy is read: each must
//! come back as a quoted scalar of the same bytes.

use granit_parser::{Event, Parser};
use std::ops::Range;

/// A text with its shallow quoted scalars on one line each.
pub(super) struct Unfolded {
    /// Byte for byte as long as the text it comes from.
    pub(super) text: String,
    /// The scalars with their quotes, in order.
    pub(super) scalars: Vec<Range<usize>>,
    /// Where the parser gives up on quotes that are never closed: their first shallow lines, in order.
    unclosed: Vec<usize>,
}

impl Unfolded {
    /// Unfolds the scalars from `start` on, which begins a document.
    pub(super) fn of(text: &str, start: usize) -> Self {
        let mut walk = Walk::new(text, start);
        walk.start_line();
        while let Some(byte) = walk.bytes.get(walk.at) {
            walk.token(*byte);
        }
        let (scalars, unclosed) = (walk.found, walk.unclosed);
        let mut bytes = text.as_bytes().to_vec();
        for scalar in &scalars {
            let breaks = bytes.get_mut(scalar.clone()).into_iter().flatten().filter(|b| matches!(b, b'\n' | b'\r'));
            breaks.for_each(|b| *b = b' ');
        }
        // Only ASCII was replaced by ASCII.
        let text = String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned());
        Self { text, scalars, unclosed }
    }

    /// Whether the scalar at `range` was unfolded.
    pub(super) fn holds(&self, range: &Range<usize>) -> bool {
        let found = self.scalars.binary_search_by_key(&range.start, |s| s.start);
        found.is_ok_and(|at| self.scalars.get(at) == Some(range))
    }

    /// Whether the shallow line at `at` belongs to a quote that is never closed: no reader takes that.
    pub(super) fn is_unclosed(&self, at: usize) -> bool {
        self.unclosed.binary_search(&at).is_ok()
    }
}

/// The value of a quoted scalar, read by itself.
pub(super) fn value(quoted: &str) -> Option<String> {
    Parser::new_from_str(quoted).map_while(Result::ok).find_map(|(event, _)| match event {
        Event::Scalar(value, ..) => Some(value.into_owned()),
        _ => None,
    })
}

/// Goes over a text from token to token.
struct Walk<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Where the line begins.
    line: usize,
    /// The column of the key or dash around; nothing stands around a document's root.
    parent: Option<usize>,
    /// The column where the node began that may turn out to be a key.
    node: Option<usize>,
    /// How many flow collections are open.
    depth: usize,
    found: Vec<Range<usize>>,
    unclosed: Vec<usize>,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let (found, unclosed) = (Vec::new(), Vec::new());
        Self { bytes, at: start, line: start, parent: None, node: None, depth: 0, found, unclosed }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// Whether the line at `at` separates documents.
    fn is_marker(&self, at: usize) -> bool {
        matches!(self.bytes.get(at..at + 3), Some(b"---" | b"...")) && self.is_blank(at + 3)
    }

    fn line_end(&self, at: usize) -> usize {
        self.bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(self.bytes.len(), |n| at + n)
    }

    /// The first byte from `at` on that is no blank, and whether it ends the line.
    fn content(&self, at: usize) -> (usize, bool) {
        let blanks = self.bytes.get(at..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        (at + blanks, self.is_blank(at + blanks))
    }

    fn is_deeper(&self, column: usize) -> bool {
        self.parent.is_none_or(|parent| column > parent)
    }

    /// A line that ends with a return alone is one to the parser, but not to this walk.
    fn has_lone_return(&self, range: Range<usize>) -> bool {
        let bytes = self.bytes.get(range).unwrap_or_default();
        memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
    }

    fn start_line(&mut self) {
        (self.line, self.node) = (self.at, None);
        if self.is_marker(self.at) {
            (self.parent, self.depth) = (None, 0);
            self.at += 3;
        }
    }

    /// Takes the token that begins with `byte`.
    fn token(&mut self, byte: u8) {
        let column = self.at - self.line;
        match byte {
            b'\n' => {
                self.at += 1;
                self.start_line();
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'#' if self.at == self.line || self.is_blank(self.at - 1) => self.at = self.line_end(self.at),
            b'-' | b'?' if self.depth == 0 && self.is_blank(self.at + 1) => {
                (self.parent, self.node) = (Some(column), None);
                self.at += 1;
            }
            b':' if self.depth == 0 && self.is_blank(self.at + 1) => {
                self.parent = Some(self.node.take().unwrap_or(column));
                self.at += 1;
            }
            b':' | b',' if self.depth > 0 => self.at += 1,
            b'[' | b'{' => {
                self.node.get_or_insert(column);
                self.depth += 1;
                self.at += 1;
            }
            b']' | b'}' if self.depth > 0 => {
                self.depth -= 1;
                self.at += 1;
            }
            b'&' | b'!' | b'*' => {
                self.node.get_or_insert(column);
                self.property();
            }
            b'|' | b'>' if self.depth == 0 => self.block(),
            b'\'' | b'"' => {
                self.node.get_or_insert(column);
                self.quoted(byte);
            }
            _ => {
                self.node.get_or_insert(column);
                self.plain();
            }
        }
    }

    fn property(&mut self) {
        let is_over =
            |at: usize| self.is_blank(at) || (self.depth > 0 && matches!(self.byte(at), Some(b',' | b']' | b'}')));
        let mut at = self.at + 1;
        while !is_over(at) {
            at += 1;
        }
        self.at = at;
    }

    /// A plain scalar, and in block context the lines that it goes on in.
    fn plain(&mut self) {
        let mut at = self.at;
        while let Some(byte) = self.byte(at).filter(|b| *b != b'\n') {
            let is_flow = self.depth > 0 && matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
            let is_flow_key = self.depth > 0 && matches!(self.byte(at + 1), Some(b',' | b'[' | b']' | b'{' | b'}'));
            let is_key = byte == b':' && (self.is_blank(at + 1) || is_flow_key);
            let is_comment = byte == b'#' && at > self.at && self.is_blank(at - 1);
            // A byte that begins no token here is taken as text all the same.
            if (is_flow || is_key || is_comment) && at > self.at {
                self.at = at;
                return;
            }
            at += 1;
        }
        self.at = at;
        while self.depth == 0 && self.at < self.bytes.len() {
            let line = self.at + 1;
            let (content, is_empty) = self.content(line);
            let ends = !is_empty && (self.byte(content) == Some(b'#') || !self.is_deeper(content - line));
            if ends || self.is_marker(line) {
                return;
            }
            self.at = self.line_end(line);
            if has_comment(self.bytes.get(line..self.at).unwrap_or_default()) {
                return;
            }
        }
    }

    /// A block scalar: its header and all deeper lines.
    fn block(&mut self) {
        self.at = self.line_end(self.at);
        while self.at < self.bytes.len() {
            let line = self.at + 1;
            let (content, is_empty) = self.content(line);
            if self.is_marker(line) || (!is_empty && !self.is_deeper(content - line)) {
                return;
            }
            self.at = self.line_end(line);
        }
    }

    /// A quoted scalar; one whose lines are too shallow is found.
    fn quoted(&mut self, quote: u8) {
        let start = self.at;
        let mut shallow = None;
        let mut at = start + 1;
        let is_closed = loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let next = memchr::memchr3(quote, b'\\', b'\n', rest).map_or(self.bytes.len(), |n| at + n);
            self.at = next;
            at = match self.byte(next) {
                None => break false,
                Some(b'\n') if self.is_marker(next + 1) => break false,
                Some(b'\n') => {
                    self.line = next + 1;
                    let (content, is_empty) = self.content(self.line);
                    let is_text = !is_empty && self.byte(content) != Some(quote);
                    shallow = shallow.or((is_text && !self.is_deeper(content - self.line)).then_some(content));
                    content
                }
                // An escaped line break still begins a line.
                Some(b'\\') if quote == b'"' && !matches!(self.byte(next + 1), Some(b'\r' | b'\n')) => next + 2,
                Some(b'\\') => next + 1,
                _ if quote == b'\'' && self.byte(next + 1) == Some(quote) => next + 2,
                _ => break true,
            };
        };
        if !is_closed {
            // The line behind its last: a separator, or the end.
            let end = (self.at + 1).min(self.bytes.len());
            self.unclosed.push(shallow.unwrap_or(end));
            return;
        }
        self.at += 1;
        // A key stands on one line.
        let is_key = self.byte(self.content(self.at).0) == Some(b':');
        if shallow.is_some() && self.depth == 0 && !is_key && !self.has_lone_return(start..self.at) {
            self.found.push(start..self.at);
        }
    }
}

fn has_comment(line: &[u8]) -> bool {
    memchr::memchr_iter(b'#', line).any(|at| at > 0 && matches!(line.get(at - 1), Some(b' ' | b'\t')))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
