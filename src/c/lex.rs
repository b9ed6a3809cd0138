//! The tokens of C, without comments and preprocessor lines.

use std::ops::Range;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 200;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A string, character or number.
    Literal,
    /// One or two characters of punctuation.
    Mark,
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of the bracket that closes this one.
    pub(super) close: Option<usize>,
}

/// Tokens and the text that they stand in.
#[derive(Debug)]
pub(super) struct Code<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
}

impl Code<'_> {
    pub(super) fn at(&self, number: usize) -> &str {
        self.tokens.get(number).and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    pub(super) fn is_word(&self, number: usize) -> bool {
        self.tokens.get(number).is_some_and(|token| token.kind == Kind::Word)
    }

    /// The number of the bracket that closes this one.
    pub(super) fn close(&self, number: usize) -> usize {
        self.tokens.get(number).and_then(|token| token.close).unwrap_or(number)
    }

    /// The bytes from one token to the one before another.
    pub(super) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(range.start).map_or(0, |token| token.start);
        let end = range.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        start..end.max(start)
    }
}

/// What was scanned.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Range<usize>>,
    pub(super) too_deep: Option<usize>,
}

const TWO: [&str; 14] = ["->", "==", "!=", "&&", "||", "<=", ">=", "::", "+=", "-=", "|=", "&=", "++", "--"];

/// Scans a part of a text. Of branches of the preprocessor the first is read.
pub(super) fn scan(text: &str, part: Range<usize>) -> Scanned {
    let mut found = Scanned::default();
    let mut open: Vec<usize> = Vec::new();
    let mut branches: Vec<bool> = Vec::new();
    let (bytes, end) = (text.as_bytes(), part.end.min(text.len()));
    let (mut at, mut fresh) = (part.start, true);
    while at < end {
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied().filter(|_| at + 1 < end).unwrap_or(0);
        match (byte, next) {
            (b'\n', _) => {
                fresh = true;
                at += 1;
            }
            _ if byte.is_ascii_whitespace() => at += 1,
            (b'/', b'/') => {
                let stop = memchr::memchr(b'\n', &bytes[at..end]).map_or(end, |n| at + n);
                let shown = text.get(at..stop).unwrap_or_default().trim_end_matches('\r').len();
                found.comments.push(at..at + shown);
                at = stop;
            }
            (b'/', b'*') => {
                let stop = memchr::memmem::find(&bytes[at + 2..end], b"*/").map_or(end, |n| at + n + 4);
                found.comments.push(at..stop);
                at = stop;
            }
            (b'#', _) if fresh => {
                let stop = line_end(bytes, at, end);
                branch(text.get(at + 1..stop).unwrap_or_default(), &mut branches);
                at = stop;
            }
            _ => {
                fresh = false;
                let (kind, stop) = token(text, at, end);
                let number = found.tokens.len();
                let skipped = branches.iter().any(|skipped| *skipped);
                if !skipped {
                    let token = Token { kind, start: at, end: stop, close: None };
                    match byte {
                        b'(' | b'{' | b'[' => open.push(number),
                        b')' | b'}' | b']' => close(text, &mut found.tokens, &mut open, (byte, number)),
                        _ => {}
                    }
                    if open.len() > MAX_DEPTH {
                        found.too_deep.get_or_insert(at);
                    }
                    found.tokens.push(token);
                }
                at = stop;
            }
        }
    }
    found
}

/// Closes the innermost bracket of this kind; brackets inside it that nobody closed are left open.
fn close(text: &str, tokens: &mut [Token], open: &mut Vec<usize>, (byte, number): (u8, usize)) {
    let wanted = match byte {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    };
    let is_wanted = |at: &usize| tokens.get(*at).and_then(|t| text.as_bytes().get(t.start)) == Some(&wanted);
    // A parenthesis never closes what lies outside of the braces around it.
    let brace = |at: &usize| tokens.get(*at).and_then(|t| text.as_bytes().get(t.start)) == Some(&b'{');
    let from = if wanted == b'{' { 0 } else { open.iter().rposition(brace).map_or(0, |at| at + 1) };
    if let Some(found) = open.get(from..).and_then(|inner| inner.iter().rposition(is_wanted)) {
        let opening = open.get(from + found).copied();
        open.truncate(from + found);
        if let Some(token) = opening.and_then(|at| tokens.get_mut(at)) {
            token.close = Some(number);
        }
    }
}

/// The end of a preprocessor line, through its continuations.
fn line_end(bytes: &[u8], from: usize, end: usize) -> usize {
    let mut at = from;
    while let Some(n) = memchr::memchr(b'\n', &bytes[at..end]) {
        let stop = at + n;
        let line = bytes[from..stop].trim_ascii_end();
        if line.last() != Some(&b'\\') {
            return stop;
        }
        at = stop + 1;
    }
    end
}

/// Follows `#if`, `#else` and `#endif`: of two branches the second is left out.
fn branch(line: &str, branches: &mut Vec<bool>) {
    let line = line.trim_start();
    let word = line.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match word {
        "if" | "ifdef" | "ifndef" => branches.push(line.trim_end() == "if 0"),
        "else" | "elif" => {
            if let Some(last) = branches.last_mut() {
                *last = !*last || word == "elif";
            }
        }
        "endif" => drop(branches.pop()),
        _ => {}
    }
}

fn token(text: &str, at: usize, end: usize) -> (Kind, usize) {
    let rest = text.get(at..end).unwrap_or_default();
    let bytes = rest.as_bytes();
    match bytes.first().copied().unwrap_or(0) {
        quote @ (b'"' | b'\'') => {
            let mut stop = 1;
            while let Some(byte) = bytes.get(stop) {
                match byte {
                    b'\\' => stop += 2,
                    b'\n' => break,
                    byte if *byte == quote => {
                        stop += 1;
                        break;
                    }
                    _ => stop += 1,
                }
            }
            let mut stop = stop.min(rest.len());
            while !rest.is_char_boundary(stop) {
                stop += 1;
            }
            (Kind::Literal, at + stop)
        }
        b'0'..=b'9' => {
            let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '\'')).unwrap_or(rest.len());
            (Kind::Literal, at + len)
        }
        b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => {
            let len = rest.find(|c: char| !(c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii()));
            (Kind::Word, at + len.unwrap_or(rest.len()))
        }
        _ => {
            let two = rest.get(..2).is_some_and(|two| TWO.contains(&two));
            (Kind::Mark, at + 1 + usize::from(two))
        }
    }
}
