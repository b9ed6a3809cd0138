//! Strings: their pieces, each with its bytes.

use super::super::{Expr, Piece};
use super::{Converter, children};
use crate::source::Traced;
use std::ops::Range;
use tree_sitter::Node;

/// A string literal.
pub(super) fn plain(converter: &Converter<'_>, node: Node<'_>) -> Vec<Piece> {
    let (inner, raw) = inner(converter.source(node), node.byte_range());
    literal(converter, inner, raw, false).into_iter().collect()
}

/// `s"…"`, `f"…"` and `raw"…"`; any other prefix may mean anything.
pub(super) fn interpolated(converter: &mut Converter<'_>, node: Node<'_>) -> Expr {
    let prefix = node.child_by_field_name("interpolator").map(|n| converter.name(n)).unwrap_or_default();
    let string = children(node).into_iter().find(|child| child.kind() == "interpolated_string");
    let Some(string) = string.filter(|_| ["s", "f", "raw"].contains(&&*prefix)) else {
        return Expr::Other("interpolation");
    };
    let (inner, raw) = inner(converter.source(string), string.byte_range());
    let raw = raw || &*prefix == "raw";
    let (mut pieces, mut at) = (Vec::new(), inner.start);
    for hole in children(string).into_iter().filter(|child| child.kind() == "interpolation") {
        pieces.extend(literal(converter, at..hole.start_byte().max(at), raw, true));
        let value = children(hole).into_iter().find(tree_sitter::Node::is_named);
        if let Some(value) = value {
            pieces.push(Piece::Hole(converter.whole(value)));
        }
        at = hole.end_byte();
        // `f"$x%s"`: how it is written, not what.
        let rest = converter.text.get(at..inner.end).unwrap_or_default();
        if &*prefix == "f" && rest.starts_with("%s") {
            at += 2;
        }
    }
    pieces.extend(literal(converter, at..inner.end.max(at), raw, true));
    Expr::Text(pieces)
}

/// The bytes between the quotes, and whether backslashes mean nothing there.
fn inner(source: &str, range: Range<usize>) -> (Range<usize>, bool) {
    let quotes = if source.starts_with("\"\"\"") && source.len() >= 6 { 3 } else { 1 };
    let quotes = quotes.min(source.len() / 2);
    (range.start + quotes..range.end - quotes, quotes == 3)
}

fn literal(converter: &Converter<'_>, range: Range<usize>, raw: bool, holes: bool) -> Option<Piece> {
    let text = converter.text.get(range.clone()).filter(|text| !text.is_empty())?;
    let span = converter.span_of(range);
    let value = if !raw && text.contains('\\') { unescaped(text) } else { text.to_owned() };
    let value = if holes { value.replace("$$", "$") } else { value };
    Some(Piece::Literal(Traced::literal(value, span)))
}

fn unescaped(text: &str) -> String {
    let (mut value, mut chars) = (String::with_capacity(text.len()), text.chars());
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                value.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}
