//! Where an edit goes and how its text is written, in the notation of the document it changes.
//!
//! An edit that cannot be made without touching anything else (a template may write more, an alias refers to what would
//! go) is none: each of these answers `None` then.

mod notation;

use super::tree::{Entry, Kind, Node, Style, Syntax};
use crate::finding::Edit;
use crate::source::Span;
use notation::Writer;
use std::ops::Range;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'v> {
    /// Text: quoted where the notation would read it as something else.
    Text(&'v str),
    /// A number or truth value, written as it is.
    Word(&'v str),
    /// A mapping, in order.
    Mapping(Vec<(&'v str, Value<'v>)>),
    /// A sequence.
    Sequence(Vec<Value<'v>>),
}

/// Replaces a scalar by `new`. Quotes stay; they are added where `new` would change the value's type without them.
pub fn replace_scalar(node: Node<'_>, new: &str) -> Option<Edit> {
    let syntax = node.tree().syntax;
    if node.is_templated() {
        return None;
    }
    let is_text = node.is_string();
    let written = |words: String| Some(Edit { span: node.span(), text: words });
    match node.kind() {
        Kind::Scalar { text, style: Style::Quoted } if text.written() != node.span() => {
            if text.is_literal() && notation::is_bare_inside_quotes(new) {
                return Edit::replace(text, new);
            }
            written(notation::quoted(new))
        }
        // A TOML date has no quotes, nor needs its successor any.
        Kind::Scalar { style: Style::Quoted, .. } => written(notation::word_or_text(syntax, new)),
        // A key without a value ends in its colon.
        Kind::Scalar { style: Style::Plain, .. } if node.span().range().is_empty() => {
            let words = notation::text(syntax, new);
            written(format!(" {words}"))
        }
        Kind::Scalar { .. } | Kind::Alias(_) if is_text => written(notation::text(syntax, new)),
        Kind::Scalar { .. } => written(notation::word_or_text(syntax, new)),
        _ => None,
    }
}

/// Puts a plain scalar into quotes, so that a number or truth value is a text.
pub fn quote(node: Node<'_>) -> Option<Edit> {
    let Kind::Scalar { text, style: Style::Plain } = node.kind() else { return None };
    (text.is_literal() && !node.is_templated())
        .then(|| Edit { span: node.span(), text: notation::quoted(text.as_str()) })
}

/// Removes a key and its value: whole lines with their line ends, in a flow mapping with one comma. An emptied block
/// mapping becomes `{}`; a TOML table of dotted keys goes with its last one.
pub fn remove_entry(mapping: Node<'_>, key: &str, text: &str) -> Option<Edit> {
    let Kind::Mapping { entries, .. } = mapping.kind() else { return None };
    let index = entries.iter().rposition(|e| e.key.as_str() == key && !e.key_templated)?;
    let places: Vec<Range<usize>> = mapping.entries().map(|(entry, value)| entry_range(entry, value, text)).collect();
    let range = places.get(index)?.clone();
    let (_, value) = mapping.entries().nth(index)?;
    if has_template(value) {
        return None;
    }
    let (range, words) = if is_flow(mapping, text) {
        (flow_removal(&places, index)?, "")
    } else if mapping.tree().syntax == Syntax::Toml {
        (toml_removal(&range, text)?, "")
    } else {
        block_removal(&places, index, text)?
    };
    let span = Span::new(mapping.span().file, range);
    (!is_referred_to(mapping, span)).then(|| Edit { span, text: words.to_owned() })
}

/// Adds a key behind the last of its mapping, indented like its siblings, with the file's own line ends.
pub fn insert_child(mapping: Node<'_>, key: &str, value: &Value<'_>, text: &str) -> Option<Edit> {
    let Kind::Mapping { entries, open } = mapping.kind() else { return None };
    if *open || entries.iter().any(|e| e.key.as_str() == key) || mapping.is_templated() {
        return None;
    }
    let last = mapping.entries().max_by_key(|(entry, _)| entry.key.written().start);
    if last.is_some_and(|(_, value)| has_template(value)) {
        return None;
    }
    let writer = Writer { syntax: mapping.tree().syntax, line_end: line_end_of(text) };
    let (at, words) = if is_flow(mapping, text) {
        flow_insertion(mapping, &writer.flow_entry(key, value), text, writer.line_end)
    } else if writer.syntax == Syntax::Toml {
        toml_insertion(mapping, &writer.flow_entry(key, value), text, writer.line_end)?
    } else {
        block_insertion(mapping, key, value, text, &writer)?
    };
    Some(Edit { span: Span::new(mapping.span().file, at..at), text: words })
}

fn is_flow(mapping: Node<'_>, text: &str) -> bool {
    // A TOML table's span may be its header or its dotted key, but only an inline table begins with a brace.
    text.get(mapping.span().range()).is_some_and(|t| t.starts_with('{'))
}

/// From the key, quotes included, to the end of its value.
fn entry_range(entry: &Entry, value: Node<'_>, text: &str) -> Range<usize> {
    let mut key = entry.key.written().range();
    let quote = text[..key.start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
    if quote.is_some_and(|q| text[key.end..].starts_with(q)) {
        key = key.start - 1..key.end + 1;
    }
    key.start..end_of(value).max(key.end)
}

/// The last byte of a value. A TOML table of dotted keys has no bytes of its own behind its name.
fn end_of(value: Node<'_>) -> usize {
    let own = value.span().range().end;
    match value.kind() {
        Kind::Mapping { entries, .. } if value.tree().syntax == Syntax::Toml => {
            value.entries().take(entries.len()).map(|(_, child)| end_of(child)).fold(own, usize::max)
        }
        _ => own,
    }
}

/// Whether a template may write into or directly behind a value.
fn has_template(value: Node<'_>) -> bool {
    value.tree().nodes().filter(|node| value.span().contains(node.span())).any(|node| match node.kind() {
        Kind::Scalar { .. } => node.is_templated() && node.span().range().is_empty(),
        Kind::Mapping { open, .. } | Kind::Sequence { open, .. } => *open,
        Kind::Alias(_) => false,
    })
}

/// Whether an alias outside of `span` stands for a node inside of it.
fn is_referred_to(mapping: Node<'_>, span: Span) -> bool {
    mapping.tree().nodes().any(|node| {
        matches!(node.kind(), Kind::Alias(Some(_)))
            && !span.contains(node.span())
            && span.contains(node.follow().span())
            && !node.follow().span().range().is_empty()
    })
}

fn flow_removal(places: &[Range<usize>], index: usize) -> Option<Range<usize>> {
    let own = places.get(index)?;
    if let Some(next) = places.get(index + 1) {
        return Some(own.start..next.start);
    }
    let before = index.checked_sub(1).and_then(|i| places.get(i));
    Some(before.map_or(own.start, |b| b.end)..own.end)
}

fn block_removal(places: &[Range<usize>], index: usize, text: &str) -> Option<(Range<usize>, &'static str)> {
    let own = places.get(index)?;
    let line = line_start(text, own.start);
    let lead = text[line..own.start].trim_start_matches('\u{feff}');
    let end = rest_of_line(text, own.end)?;
    if places.len() == 1 {
        // Nothing at all would be null, not an empty mapping.
        return Some((own.clone(), "{}"));
    }
    if lead.bytes().all(|b| b == b' ') {
        return Some((whole_lines(text, own.start - lead.len(), end), ""));
    }
    let next = places.get(index + 1)?;
    lead.bytes().all(|b| matches!(b, b' ' | b'-')).then_some((own.start..next.start, ""))
}

fn toml_removal(own: &Range<usize>, text: &str) -> Option<Range<usize>> {
    let line = line_start(text, own.start);
    let lead = text[line..own.start].trim_start_matches('\u{feff}');
    if lead.trim_start().starts_with('[') {
        return None;
    }
    // A table of dotted keys may be written on several lines, with others' lines between them.
    let key = text[own.clone()].split_once('=')?.0.trim();
    let is_dotted = key.contains('.') && !key.starts_with(['"', '\'']);
    let is_alone = !is_dotted || !text[own.clone()].contains('\n');
    if !is_alone || key.contains('\n') || !(lead.trim().is_empty() || lead.trim_end().ends_with('.')) {
        return None;
    }
    Some(whole_lines(text, own.start - lead.len(), rest_of_line(text, own.end)?))
}

/// From a line's start to behind the line end at `end`; at the end of the text the line end before goes instead.
fn whole_lines(text: &str, start: usize, end: usize) -> Range<usize> {
    let rest = &text[end..];
    if rest.starts_with("\r\n") {
        return start..end + 2;
    }
    if rest.starts_with('\n') {
        return start..end + 1;
    }
    let before = text[..start].strip_suffix('\n').map_or(start, |t| t.strip_suffix('\r').unwrap_or(t).len());
    before..end
}

/// The end of the line, if nothing but a comment stands on the rest of it.
fn rest_of_line(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let words = line.trim();
    (words.is_empty() || words.starts_with('#')).then_some(at + line.len())
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |n| n + 1)
}

fn line_end_of(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Behind the last entry; on a line of its own where the last entry has one.
fn flow_insertion(mapping: Node<'_>, entry: &str, text: &str, line_end: &str) -> (usize, String) {
    let Some((last, value)) = mapping.entries().last() else {
        return (mapping.span().range().start + 1, entry.to_owned());
    };
    let range = entry_range(last, value, text);
    let lead = &text[line_start(text, range.start)..range.start];
    // A TOML inline table stays on its line.
    let between = if lead.trim().is_empty() && mapping.tree().syntax != Syntax::Toml {
        format!("{line_end}{lead}")
    } else {
        " ".to_owned()
    };
    (range.end, format!(",{between}{entry}"))
}

fn block_insertion(
    mapping: Node<'_>,
    key: &str,
    value: &Value<'_>,
    text: &str,
    writer: &Writer,
) -> Option<(usize, String)> {
    let (first, first_value) = mapping.entries().next()?;
    let start = entry_range(first, first_value, text).start;
    let lead = text[line_start(text, start)..start].trim_start_matches('\u{feff}');
    if !lead.bytes().all(|b| matches!(b, b' ' | b'-')) {
        return None;
    }
    let end = mapping.span().range().end;
    // The empty lines behind a block scalar that keeps them are its value.
    let keeps = |node: Node<'_>| match node.kind() {
        Kind::Scalar { text, style: Style::Literal | Style::Folded } => {
            node.span().range().end == end && (text.as_str().ends_with("\n\n") || text.as_str() == "\n")
        }
        _ => false,
    };
    if mapping.tree().nodes().any(keeps) {
        return None;
    }
    let at = rest_of_line(text, end)?;
    let entry = writer.block_entry(key, value, lead.len());
    Some((at, format!("{}{entry}", writer.line_end)))
}

/// Behind the last key of the table that is no table of its own, else behind its header, else at the document's start.
fn toml_insertion(mapping: Node<'_>, entry: &str, text: &str, line_end: &str) -> Option<(usize, String)> {
    let own = |(entry, value): (&Entry, Node<'_>)| {
        let range = entry_range(entry, value, text);
        let lead = text[line_start(text, range.start)..range.start].trim_start_matches('\u{feff}').to_owned();
        (!lead.trim_start().starts_with('[')).then_some((range, lead))
    };
    if let Some((range, lead)) = mapping.entries().filter_map(own).max_by_key(|(range, _)| range.start) {
        return Some((rest_of_line(text, range.end)?, format!("{line_end}{lead}{entry}")));
    }
    if mapping.id() == mapping.tree().root().id() {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        return Some((start, format!("{entry}{line_end}")));
    }
    let header = mapping.span().range();
    let is_header = text[line_start(text, header.start)..].trim_start_matches(['\u{feff}', ' ', '\t']).starts_with('[');
    // Of a table that only its sub-tables name there is no header to stand under.
    (is_header && text.get(header.clone())?.starts_with('['))
        .then(|| rest_of_line(text, header.end))?
        .map(|at| (at, format!("{line_end}{entry}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
