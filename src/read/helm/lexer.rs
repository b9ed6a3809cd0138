//! Text and actions, and the tokens of an action.

use std::ops::Range;

/// The longest action that is read, in bytes.
const MAX_ACTION: usize = 64 * 1024;

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(Range<usize>),
    Action(Action),
}

/// An action: `{{- … -}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    /// Brackets included.
    pub(super) range: Range<usize>,
    /// What stands between the brackets and their trim marks; empty for a comment.
    pub(super) inner: Range<usize>,
    pub(super) trims_left: bool,
    pub(super) trims_right: bool,
    pub(super) is_comment: bool,
}

/// Splits a template; None where an action is never closed.
pub(super) fn parts(text: &str) -> Option<Vec<Part>> {
    let bytes = text.as_bytes();
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(open) = memchr::memmem::find(&bytes[at..], b"{{").map(|n| at + n) {
        if open > at {
            parts.push(Part::Text(at..open));
        }
        let action = action(text, open)?;
        at = action.range.end;
        parts.push(Part::Action(action));
    }
    if at < text.len() {
        parts.push(Part::Text(at..text.len()));
    }
    Some(parts)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn action(text: &str, open: usize) -> Option<Action> {
    let bytes = text.as_bytes();
    let mut start = open + 2;
    let trims_left = bytes.get(start) == Some(&b'-') && bytes.get(start + 1).is_some_and(|b| is_space(*b));
    start += usize::from(trims_left);
    let first = start + bytes.get(start..)?.iter().take_while(|b| is_space(**b)).count();
    let is_comment = bytes.get(first..)?.starts_with(b"/*");
    let close = if is_comment {
        let end = first + memchr::memmem::find(&bytes[first..], b"*/")? + 2;
        end + memchr::memmem::find(&bytes[end..], b"}}")
            .filter(|n| bytes[end..end + n].iter().all(|b| is_space(*b) || *b == b'-'))?
    } else {
        closing(bytes, start)?
    };
    let trims_right = close > start + 1 && bytes[close - 1] == b'-' && is_space(bytes[close - 2]);
    let end = if trims_right { close - 1 } else { close };
    let inner = if is_comment { first..first } else { start..end.max(start) };
    Some(Action { range: open..close + 2, inner, trims_left, trims_right, is_comment })
}

/// Where the `}}` stands that closes an action.
fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    let limit = bytes.len().min(from + MAX_ACTION);
    let mut at = from;
    while at < limit {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            quote @ (b'"' | b'\'') => {
                at += 1;
                while *bytes.get(at)? != quote {
                    match bytes[at] {
                        b'\n' => return None,
                        b'\\' => at += 2,
                        _ => at += 1,
                    }
                }
                at += 1;
            }
            b'`' => at += memchr::memchr(b'`', bytes.get(at + 1..)?)? + 2,
            _ => at += 1,
        }
    }
    None
}

/// A token of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// No blank stands before it.
    pub(super) is_glued: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word(Box<str>),
    /// `.name`
    Field(Box<str>),
    Dot,
    Variable(Box<str>),
    Text(Box<str>),
    Number(Box<str>),
    Pipe,
    Open,
    Close,
    Comma,
    Declare,
    Assign,
}

/// The tokens in `inner`; None where there is something that begins none.
pub(super) fn tokens(text: &str, inner: Range<usize>) -> Option<Vec<Token>> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), inner.start);
    while at < inner.end {
        if is_space(bytes[at]) {
            at += 1;
            continue;
        }
        let (kind, end) = token(text, at, inner.end)?;
        let is_glued = at > inner.start && !is_space(bytes[at - 1]);
        tokens.push(Token { kind, range: at..end, is_glued });
        at = end;
    }
    Some(tokens)
}

fn token(text: &str, at: usize, limit: usize) -> Option<(Kind, usize)> {
    let bytes = text.as_bytes();
    let word_end = |from: usize| {
        let rest = text.get(from..limit).unwrap_or_default();
        from + rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
    };
    let own = |range: Range<usize>| text.get(range).map(Box::from);
    let simple = |kind: Kind, len: usize| Some((kind, at + len));
    match bytes[at] {
        b'|' => simple(Kind::Pipe, 1),
        b'(' => simple(Kind::Open, 1),
        b')' => simple(Kind::Close, 1),
        b',' => simple(Kind::Comma, 1),
        b':' if bytes.get(at + 1) == Some(&b'=') => simple(Kind::Declare, 2),
        b'=' => simple(Kind::Assign, 1),
        b'$' => {
            let end = word_end(at + 1);
            Some((Kind::Variable(own(at + 1..end)?), end))
        }
        b'.' => {
            let end = word_end(at + 1);
            let is_number = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            match end {
                _ if is_number => number(text, at, limit),
                end if end == at + 1 => simple(Kind::Dot, 1),
                end => Some((Kind::Field(own(at + 1..end)?), end)),
            }
        }
        b'"' => {
            let end = at + 1 + string_len(&bytes[at + 1..limit])?;
            Some((Kind::Text(unescaped(text.get(at + 1..end)?)?), end + 1))
        }
        b'`' => {
            let end = at + 1 + memchr::memchr(b'`', &bytes[at + 1..limit])?;
            Some((Kind::Text(own(at + 1..end)?), end + 1))
        }
        b'+' | b'-' | b'0'..=b'9' => number(text, at, limit),
        b if b.is_ascii_alphabetic() || b == b'_' => {
            let end = word_end(at);
            Some((Kind::Word(own(at..end)?), end))
        }
        _ => None,
    }
}

fn number(text: &str, at: usize, limit: usize) -> Option<(Kind, usize)> {
    let rest = text.get(at..limit)?;
    let len =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-'))).unwrap_or(rest.len());
    let is_number = rest[..len].bytes().any(|b| b.is_ascii_digit());
    is_number.then(|| (Kind::Number(rest[..len].into()), at + len))
}

fn string_len(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    while *rest.get(at)? != b'"' {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    Some(at)
}

/// A text without its escapes; rare ones are not read.
fn unescaped(raw: &str) -> Option<Box<str>> {
    if !raw.contains('\\') {
        return Some(raw.into());
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        text.push(match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            same @ ('\\' | '"' | '\'') => same,
            _ => return None,
        });
    }
    Some(text.into())
}
