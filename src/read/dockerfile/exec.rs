//! The exec form: a JSON array of strings, as `["spark-submit", "--class", "x"]`.

use super::text::Text;
use std::ops::Range;

/// One string of the array.
pub(super) struct Item {
    /// Its text, escapes resolved.
    pub(super) text: Text,
    /// With its quotes, in the line.
    pub(super) range: Range<usize>,
}

/// Reads the array that the line holds from `start` to its end. None where it holds anything else: Docker then takes it
/// for the shell form.
pub(super) fn read(line: &Text, start: usize) -> Option<Vec<Item>> {
    let text = line.as_str();
    let skip = |at: usize| at + text.get(at..).map_or(0, |rest| rest.len() - rest.trim_ascii_start().len());
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let mut at = skip(start);
    if byte(at)? != b'[' {
        return None;
    }
    at = skip(at + 1);
    let mut items = Vec::new();
    if byte(at)? == b']' {
        return (skip(at + 1) == text.len()).then_some(items);
    }
    loop {
        let (item, end) = string(line, at)?;
        items.push(Item { text: item, range: at..end });
        at = skip(end);
        match byte(at)? {
            b',' => at = skip(at + 1),
            b']' => return (skip(at + 1) == text.len()).then_some(items),
            _ => return None,
        }
    }
}

/// The string at `at`, and where it ends.
fn string(line: &Text, at: usize) -> Option<(Text, usize)> {
    let text = line.as_str();
    let bytes = text.as_bytes();
    if *bytes.get(at)? != b'"' {
        return None;
    }
    let span = line.span(&(at + 1..at + 1));
    let mut out = Text::new(span.file, span.start as usize);
    let mut at = at + 1;
    loop {
        let rest = bytes.get(at..)?;
        let plain = memchr::memchr2(b'"', b'\\', rest)?;
        out.push_part(line, at..at + plain);
        at += plain;
        if *bytes.get(at)? == b'"' {
            return Some((out, at + 1));
        }
        let (value, len) = unescape(text.get(at + 1..)?)?;
        let from = line.span(&(at..at + 1 + len));
        out.push(value.encode_utf8(&mut [0; 4]), from.range());
        at += 1 + len;
    }
}

/// The character that an escape stands for, from what follows the backslash, and the length of that.
fn unescape(rest: &str) -> Option<(char, usize)> {
    let plain = match rest.bytes().next()? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        c @ (b'"' | b'\\' | b'/') => char::from(c),
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some((plain, 1))
}

fn unicode(rest: &str) -> Option<(char, usize)> {
    let hex = |at: usize| u32::from_str_radix(rest.get(at..at + 4)?, 16).ok();
    let first = hex(1)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 5));
    }
    let pair = rest.get(5..7).filter(|mark| *mark == "\\u").and_then(|_| hex(7));
    let both = pair.filter(|low| (0xDC00..0xE000).contains(low) && first < 0xDC00);
    let joined = both.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00)));
    // A lone half is no character; JSON readers put the replacement character in its place.
    Some(joined.map_or(('\u{fffd}', 5), |c| (c, 11)))
}
