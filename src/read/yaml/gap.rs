//! What stands between two nodes: colons, dashes, properties, comments. The parser gives no event for these.

use crate::read::tree::NodeId;
use std::ops::Range;

/// What a template action between two contents may add to.
#[derive(Default)]
pub(super) struct GapState {
    pub(super) next_action: usize,
    /// Collections that ended since the last content, innermost first, with their columns.
    pub(super) closed: Vec<(NodeId, usize)>,
    /// The value just before the gap is nothing at all; with its mapping's column.
    pub(super) empty: Option<(NodeId, usize)>,
}

/// Where content stands in the collection around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    Key,
    Value,
    Item,
}

/// The dash that opens a block sequence, in the gap before its first item.
pub(super) fn dash(text: &str, gap: Range<usize>) -> Option<usize> {
    tokens(text, gap).find(|(_, token)| *token == "-").map(|(at, _)| at)
}

/// The `|` or `>` that opens a block scalar, in the gap before its first line.
pub(super) fn block_header(text: &str, gap: Range<usize>) -> Option<usize> {
    tokens(text, gap).find(|(_, token)| token.starts_with(['|', '>'])).map(|(at, _)| at)
}

/// One past the colon behind a key that ends at `key_end`.
pub(super) fn after_colon(text: &str, key_end: usize) -> usize {
    let rest = text.get(key_end..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[blanks..].starts_with(':') { key_end + blanks + 1 } else { key_end }
}

/// Words of a gap, comments left out.
fn tokens(text: &str, gap: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let mut at = gap.start;
    let text = text.get(..gap.end).unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let start = at + (rest.len() - rest.trim_start().len());
            let rest = text.get(start..).filter(|r| !r.is_empty())?;
            if rest.starts_with('#') {
                at = start + rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
            at = start + len;
            return Some((start, &rest[..len]));
        }
    })
}
