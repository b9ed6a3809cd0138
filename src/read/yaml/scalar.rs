//! A scalar's text, each line of it traced to the bytes it stands on.

use super::{Input, shallow};
use crate::read::tree::traced;
use crate::source::Traced;
use granit_parser::ScalarStyle;
use std::ops::Range;

/// The text of a plain or quoted scalar written at `range`.
pub(super) fn flow(input: &Input<'_>, range: &Range<usize>, value: &str, style: ScalarStyle) -> Traced {
    if input.unfolded.is_some_and(|u| u.holds(range)) {
        // Of no use where actions stand in it, but then the text counts.
        let folded = input.text.get(range.clone()).and_then(shallow::value);
        let own = Input { parsed: input.text, unfolded: None, ..*input };
        return flow(&own, range, folded.as_deref().unwrap_or(value), style);
    }
    let quoted = style != ScalarStyle::Plain && range.len() >= 2;
    let inner = if quoted { range.start + 1..range.end - 1 } else { range.clone() };
    let span = input.span(inner.clone());
    if input.is_templated(&inner) {
        return Traced::literal(&input.text[span.range()], span);
    }
    let raw = &input.parsed[inner.clone()];
    if raw == value {
        return Traced::literal(value, span);
    }
    let escaped = match style {
        ScalarStyle::DoubleQuoted => raw.contains('\\'),
        ScalarStyle::SingleQuoted => raw.contains('\''),
        _ => false,
    };
    let lines = lines(input.parsed, inner).map(|line| trimmed(input.parsed, line));
    let parts = if escaped { None } else { fold(input, value, lines) };
    parts.map_or_else(|| traced(input.parsed, span, value), |parts| Traced::concat(span, parts))
}

/// The text of a block scalar: `body` runs from the line after its header to the end of its last line.
pub(super) fn block(input: &Input<'_>, body: Range<usize>, indent: usize, value: &str, style: ScalarStyle) -> Traced {
    let span = input.span(body.clone());
    let parts = if style == ScalarStyle::Literal {
        literal(input, body, indent, value)
    } else {
        fold(input, value, lines(input.parsed, body).map(|line| dedented(input.parsed, line, indent)))
    };
    parts.map_or_else(|| traced(input.parsed, span, value), |parts| Traced::concat(span, parts))
}

fn literal(input: &Input<'_>, body: Range<usize>, indent: usize, value: &str) -> Option<Vec<Traced>> {
    let mut rest = value;
    let mut parts = Vec::new();
    let mut at = body.start;
    while !rest.is_empty() {
        let newline = memchr::memchr(b'\n', input.parsed.as_bytes().get(at..)?).map(|n| at + n);
        let line_end = newline.unwrap_or(input.parsed.len());
        let content = dedented(input.parsed, at..without_return(input.parsed, at, line_end), indent);
        rest = rest.strip_prefix(&input.parsed[content.clone()])?;
        let whole_line = newline == Some(content.end) && rest.starts_with('\n');
        let end = if whole_line { content.end + 1 } else { content.end };
        parts.extend(piece(input, content.start..end));
        if let Some(next) = rest.strip_prefix('\n') {
            if !whole_line {
                parts.push(newline.map_or_else(
                    || Traced::literal("\n", input.span(line_end..line_end)),
                    |n| Traced::literal("\n", input.span(n..n + 1)),
                ));
            }
            rest = next;
        }
        if newline.is_none() && !rest.is_empty() {
            return None;
        }
        at = line_end + 1;
    }
    Some(parts)
}

/// Finds each line of the source in the folded value again; what lies between is a blank or line breaks.
fn fold(input: &Input<'_>, value: &str, lines: impl Iterator<Item = Range<usize>>) -> Option<Vec<Traced>> {
    let mut parts = Vec::new();
    let mut rest = value;
    let mut end = None;
    for line in lines {
        if line.is_empty() {
            continue;
        }
        let content = &input.parsed[line.clone()];
        let breaks = rest.len() - rest.trim_start_matches('\n').len();
        let between = match end {
            None if rest.starts_with(content) => 0,
            Some(_) if rest.strip_prefix(' ').is_some_and(|r| r.starts_with(content)) => 1,
            _ if rest[breaks..].starts_with(content) => breaks,
            _ => return None,
        };
        parts.extend(glue(input, &rest[..between], end.unwrap_or(line.start)));
        parts.extend(piece(input, line.clone()));
        rest = &rest[between + content.len()..];
        end = Some(line.end);
    }
    parts.extend(glue(input, rest, end?));
    rest.bytes().all(|b| b == b'\n').then_some(parts)
}

/// Blanks and line breaks that folding made: they have a place, but no bytes of their own.
fn glue(input: &Input<'_>, text: &str, at: usize) -> Option<Traced> {
    (!text.is_empty()).then(|| Traced::literal(text, input.span(at..at)))
}

/// Bytes that stand in the value as in the file; of a template, the file's own.
fn piece(input: &Input<'_>, range: Range<usize>) -> Option<Traced> {
    let text = input.text.get(range.clone()).unwrap_or(&input.parsed[range.clone()]);
    (!range.is_empty()).then(|| Traced::literal(text, input.span(range)))
}

fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        start..start + line.trim_end_matches('\n').trim_end_matches('\r').len()
    })
}

fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    let raw = &text[line.clone()];
    let start = line.start + (raw.len() - raw.trim_start_matches([' ', '\t']).len());
    start..start + raw.trim_matches([' ', '\t']).len()
}

/// A block scalar's line without its indentation; blank lines may be shorter than that.
fn dedented(text: &str, line: Range<usize>, indent: usize) -> Range<usize> {
    let blanks = text[line.clone()].bytes().take(indent).take_while(|b| *b == b' ').count();
    line.start + blanks..line.end
}

fn without_return(text: &str, start: usize, end: usize) -> usize {
    if end > start && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
}
