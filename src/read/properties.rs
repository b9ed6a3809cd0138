//! Java properties and `spark-defaults.conf`: the grammar of `java.util.Properties`.

use super::joined::Joined;
use super::{Loss, Reading};
use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// One key and its value.
#[derive(Debug, Clone)]
pub struct Property {
    /// The key, escapes resolved.
    pub key: Traced,
    /// The value, escapes resolved, blanks at its end kept; empty where there is none.
    pub value: Traced,
    /// From the key to the end of the value.
    pub span: Span,
}

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Property>> {
    let mut reading = Reading { body: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let mut lines = Lines { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } };
    while let Some(line) = lines.next() {
        let body = blank_start(text, line);
        match text[body.clone()].as_bytes().first() {
            None => {}
            Some(b'#' | b'!') => reading.comments.push(Span::new(file, body)),
            Some(_) => {
                let line = logical_line(file, &mut lines, body);
                match property(&line) {
                    Ok(property) if !line.as_str().is_empty() => reading.body.push(property),
                    Ok(_) => {}
                    Err(loss) => reading.losses.push(loss),
                }
            }
        }
    }
    reading
}

/// Natural lines, without their ends: `\n`, `\r` or both.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let len = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let end = if rest[len..].starts_with("\r\n") { 2 } else { usize::from(len < rest.len()) };
        let line = self.at..self.at + len;
        self.at += len + end;
        Some(line)
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

/// The line from its first character that is no blank.
fn blank_start(text: &str, line: Range<usize>) -> Range<usize> {
    let blanks = line.len() - text[line.clone()].trim_start_matches(is_blank).len();
    line.start + blanks..line.end
}

/// Joins the line with those that continue it: an odd number of backslashes ends a line that goes on.
fn logical_line(file: FileId, lines: &mut Lines<'_>, first: Range<usize>) -> Joined {
    let text = lines.text;
    let mut joined = Joined::new(file, first.start);
    let mut line = first;
    loop {
        let body = &text[line.clone()];
        let continues = (body.len() - body.trim_end_matches('\\').len()) % 2 == 1;
        let kept = line.start..line.end - usize::from(continues);
        joined.push(&text[kept.clone()], kept);
        let Some(next) = continues.then(|| lines.next()).flatten() else { return joined };
        line = blank_start(text, next);
    }
}

fn property(line: &Joined) -> Result<Property, Loss> {
    let text = line.as_str();
    let key_end = unescaped(text, |c| is_blank(c) || c == '=' || c == ':').unwrap_or(text.len());
    let blanks = |at: usize| at + (text[at..].len() - text[at..].trim_start_matches(is_blank).len());
    let mut value_start = blanks(key_end);
    if text[value_start..].starts_with(['=', ':']) {
        value_start = blanks(value_start + 1);
    }
    Ok(Property {
        key: unescape(line, 0..key_end)?,
        value: unescape(line, value_start..text.len())?,
        span: line.span(0..text.len()),
    })
}

/// Where the first character stands that `is_end` accepts and no backslash escapes.
fn unescaped(text: &str, is_end: impl Fn(char) -> bool) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let found = !escaped && is_end(c);
        escaped = !escaped && c == '\\';
        found.then_some(at)
    })
}

fn unescape(line: &Joined, range: Range<usize>) -> Result<Traced, Loss> {
    let text = line.as_str();
    if memchr::memchr(b'\\', text[range.clone()].as_bytes()).is_none() {
        return Ok(line.slice(range));
    }
    let span = line.span(range.clone());
    let mut value = Joined::new(span.file, span.start as usize);
    let mut at = range.start;
    while at < range.end {
        let plain = memchr::memchr(b'\\', &text.as_bytes()[at..range.end]).unwrap_or(range.end - at);
        for (piece, from) in line.pieces(at..at + plain) {
            value.push(&text[piece], from.range());
        }
        at += plain;
        if at < range.end {
            let (character, len) = escape(&text[at..range.end]).ok_or_else(|| {
                Loss::part(line.span(at..range.end.min(at + 2)), "`\\u` wants four hexadecimal digits")
            })?;
            let mut buffer = [0; 4];
            value.push(character.map_or("", |c| c.encode_utf8(&mut buffer)), line.span(at..at + len).range());
            at += len;
        }
    }
    Ok(value.slice(0..value.as_str().len()))
}

/// What the escape at the start of `text` stands for, and its length; `None` where it is malformed.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let Some(c) = text[1..].chars().next() else { return Some((None, 1)) };
    let c = match c {
        'u' => return unicode(text),
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\u{c}',
        other => return Some((Some(other), 1 + other.len_utf8())),
    };
    Some((Some(c), 2))
}

/// `\uXXXX`, or two of them that make one character.
fn unicode(text: &str) -> Option<(Option<char>, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((Some(c), 6));
    }
    let pair = unit(6).and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    Some(pair.map_or((Some(char::REPLACEMENT_CHARACTER), 6), |c| (Some(c), 12)))
}

#[cfg(test)]
mod tests;
