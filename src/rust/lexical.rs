//! A look at the characters before the parser sees them: comments, and how deep the parser would have to go.

use std::ops::Range;

/// The deepest nesting of brackets that is parsed.
const MAX_BRACKETS: usize = 256;

/// The most operators that may nest without brackets (`!!!x`, `a + b + …`, `A<B<C<…`) around one place, by weight.
const MAX_OPERATORS: usize = 1024;

/// What a `<` weighs: a generic argument costs the parser several calls.
const ANGLE: usize = 4;

/// Words that open something nested without a bracket.
const NESTING_WORDS: [&str; 20] = [
    "as", "async", "box", "break", "const", "dyn", "else", "fn", "for", "if", "impl", "let", "match", "move", "mut",
    "ref", "return", "unsafe", "while", "yield",
];

/// What the characters show.
#[derive(Debug, Default)]
pub(super) struct Lexical {
    /// Comments, marks included, without their line ends.
    pub(super) comments: Vec<Range<usize>>,
    /// The first place that is nested too deep to be parsed safely.
    pub(super) too_deep: Option<usize>,
}

/// One open bracket, or the file itself.
#[derive(Debug, Default, Clone, Copy)]
struct Frame {
    /// Operators since the last separator.
    operators: usize,
    /// Operators that a comma does not end: `<` and `|`.
    lasting: usize,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    found: Lexical,
    frames: Vec<Frame>,
    /// The operators of all frames together.
    operators: usize,
    /// A `}` was just closed: what follows decides whether an expression goes on.
    closed: bool,
}

/// Scans from the given offset.
pub(super) fn scan(text: &str, from: usize) -> Lexical {
    let mut scanner = Scanner {
        text,
        at: from,
        found: Lexical::default(),
        frames: vec![Frame::default()],
        operators: 0,
        closed: false,
    };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.found
}

impl Scanner<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        match self.byte(0) {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment(),
            b'"' => self.string(),
            b'\'' => self.quote(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
            b'0'..=b'9' => {
                self.at += 1;
                self.closed = false;
            }
            b'(' | b'[' | b'{' => self.open(),
            b')' | b']' | b'}' => self.close(),
            b',' => {
                let frame = self.frames.last_mut().map(|f| std::mem::take(&mut f.operators));
                self.operators -= frame.unwrap_or(0);
                self.at += 1;
            }
            b';' => self.separate(),
            // An attribute behind a block begins another item or statement.
            b'#' if self.closed => self.separate(),
            b'=' if self.byte(1) == b'>' => {
                // An arm of a match: nothing of the arms above nests with it.
                self.separate();
                self.at += 1;
            }
            b'-' if self.byte(1) == b'>' => {
                self.operator(1, false);
                self.at += 1;
            }
            b'>' => {
                if let Some(frame) = self.frames.last_mut() {
                    let closed = frame.lasting.min(ANGLE);
                    frame.lasting -= closed;
                    self.operators -= closed;
                }
                self.at += 1;
            }
            b'<' => self.operator(ANGLE, true),
            b'|' => self.operator(1, true),
            _ => self.operator(1, false),
        }
    }

    fn operator(&mut self, weight: usize, lasting: bool) {
        self.closed = false;
        if let Some(frame) = self.frames.last_mut() {
            *(if lasting { &mut frame.lasting } else { &mut frame.operators }) += weight;
            self.operators += weight;
        }
        if self.operators > MAX_OPERATORS {
            self.found.too_deep.get_or_insert(self.at);
        }
        self.at += 1;
    }

    /// A statement or item ends: nothing of it nests with what follows.
    fn separate(&mut self) {
        if let Some(frame) = self.frames.last_mut().map(std::mem::take) {
            self.operators -= frame.operators + frame.lasting;
        }
        self.closed = false;
        self.at += 1;
    }

    fn open(&mut self) {
        self.closed = false;
        self.frames.push(Frame::default());
        if self.frames.len() > MAX_BRACKETS {
            self.found.too_deep.get_or_insert(self.at);
        }
        self.at += 1;
    }

    fn close(&mut self) {
        self.closed = self.byte(0) == b'}';
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.operators -= frame.operators + frame.lasting;
        }
        self.at += 1;
    }

    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| !(c == '_' || c.is_alphanumeric() || !c.is_ascii())).unwrap_or(rest.len());
        let word = &rest[..len];
        // A block ended and a new statement or item begins, unless `else` or `as` goes on with it.
        if std::mem::take(&mut self.closed) && !matches!(word, "else" | "as") {
            self.separate();
            self.at -= 1;
        }
        let raw = matches!(word, "r" | "br" | "cr");
        let hashes = rest[len..].bytes().take_while(|b| *b == b'#').count();
        if raw && rest[len + hashes..].starts_with('"') {
            let start = self.at + len + hashes + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            self.at = self.text[start..].find(&end).map_or(self.text.len(), |n| start + n + end.len());
            return;
        }
        if NESTING_WORDS.contains(&word) {
            self.operator(1, false);
            self.at -= 1;
        }
        self.at += len.max(1);
    }

    fn string(&mut self) {
        self.closed = false;
        self.at += 1;
        loop {
            match self.byte(0) {
                0 if self.at >= self.text.len() => return,
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
    }

    /// A character literal, or a lifetime's quote.
    fn quote(&mut self) {
        self.closed = false;
        let rest = &self.text[self.at + 1..];
        if rest.starts_with('\\') {
            // `'\''` and `'\u{1F600}'`: the escaped character is skipped before the closing quote is sought.
            let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
            let close = rest
                .get(1 + escaped..)
                .and_then(|more| more.find(['\'', '\n']))
                .map_or(rest.len(), |n| 1 + escaped + n + 1);
            self.at += 1 + close;
            return;
        }
        let literal = rest.chars().next().map_or(0, char::len_utf8);
        self.at += if rest.get(literal..).is_some_and(|more| more.starts_with('\'')) { literal + 2 } else { 1 };
    }

    fn line_comment(&mut self) {
        let rest = &self.text[self.at..];
        let len = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.found.comments.push(self.at..self.at + rest[..len].trim_end_matches('\r').len());
        self.at += len;
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.found.comments.push(start..self.at.min(self.text.len()));
    }
}
