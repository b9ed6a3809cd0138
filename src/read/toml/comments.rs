//! What is needed of TOML text before it is parsed: its comments and its bounds. Knows strings, nothing more.

use crate::read::tree::MAX_DEPTH;
use std::ops::Range;

/// A run of text that is a comment, a string, or neither.
enum Token {
    Comment(Range<usize>),
    String,
    Byte(usize, u8),
}

/// The comments of a text, from `#` to the end of the line.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    tokens(text.as_bytes())
        .filter_map(|token| match token {
            Token::Comment(range) => Some(range),
            Token::String | Token::Byte(..) => None,
        })
        .collect()
}

/// The first byte that nests too deep: a bracket, or a dot of a key, each of which is one more level.
///
/// Checked before parsing: brackets in values times dots in their keys go far beyond what the parser's own limit allows.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut header = 0;
    let (mut depth, mut dots, mut is_header, mut at_line_start) = (0, 0, false, true);
    for token in tokens(text.as_bytes()) {
        let Token::Byte(at, byte) = token else {
            at_line_start = false;
            continue;
        };
        match byte {
            b'[' if open.is_empty() && at_line_start => (is_header, header) = (true, 0),
            b'\n' if open.is_empty() => (dots, is_header, at_line_start) = (0, false, true),
            b'.' if is_header => header += 1,
            b'.' => dots += 1,
            b',' => dots = 0,
            b'[' | b'{' if !is_header => {
                open.push(dots);
                depth += dots + 1;
                dots = 0;
            }
            b']' | b'}' if !is_header => depth -= open.pop().map_or(0, |n| n + 1),
            _ => {}
        }
        if depth + dots + header > MAX_DEPTH {
            return Some(at);
        }
        at_line_start &= matches!(byte, b'\n' | b' ' | b'\t');
    }
    None
}

/// The longest run of quotes that is parsed; the parser's time grows with the square of it.
const MAX_QUOTES: usize = 512;

/// A run of quotes longer than any text has.
pub(super) fn endless_quotes(text: &str) -> Option<usize> {
    let mut run = 0;
    text.bytes().position(|byte| {
        run = if matches!(byte, b'"' | b'\'') { run + 1 } else { 0 };
        run > MAX_QUOTES
    })
}

fn tokens(bytes: &[u8]) -> impl Iterator<Item = Token> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let byte = *bytes.get(at)?;
        let start = at;
        Some(match byte {
            b'#' => {
                at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at);
                Token::Comment(start..at)
            }
            b'"' | b'\'' => {
                at = string_end(bytes, at);
                Token::String
            }
            _ => {
                at += 1;
                Token::Byte(start, byte)
            }
        })
    })
}

/// One past the string that begins at `at`; an unclosed one ends with its line, an unclosed long one with the text.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let is_long = bytes[at..].starts_with(&[quote; 3]);
    let quotes = if is_long { 3 } else { 1 };
    let mut end = at + quotes;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' if quote == b'"' => end += 2,
            b'\n' if !is_long => return end,
            _ if byte == quote && bytes[end..].starts_with(&[quote; 3][..quotes]) => {
                // Up to two quotes may stand right before the three that close.
                let run = bytes[end..].iter().take(5).take_while(|b| **b == quote).count();
                return end + if is_long { run } else { 1 };
            }
            _ => end += 1,
        }
    }
    bytes.len()
}
