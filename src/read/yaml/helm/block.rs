//! Whole-line actions in and behind block scalars.
//!
//! Blanks would do elsewhere, but in a block scalar they are text, and before its first line they even decide its
//! indentation: an action that belongs to the scalar is masked as text at the scalar's own column, one behind it as a
//! comment at the line's start, which ends the scalar.

use super::action::{Action, Role};
use super::fill;
use std::ops::Range;

/// A block scalar that is being passed.
struct Block {
    /// The column of the key or dash that holds it; its content stands further right.
    parent: usize,
    /// The column of its content, once known.
    content: Option<usize>,
    /// Lines of whole-line actions since the last content.
    pending: Vec<Line>,
}

struct Line {
    range: Range<usize>,
    column: usize,
    role: Role,
}

/// Masks the whole-line actions of block scalars anew.
pub(super) fn align(bytes: &mut [u8], actions: &[Action]) {
    if !actions.iter().any(|a| a.whole_line) {
        return;
    }
    let mut whole = actions.iter().filter(|a| a.whole_line).peekable();
    let mut block: Option<Block> = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        let range = at..if end > at && bytes[end - 1] == b'\r' { end - 1 } else { end };
        at = end + 1;
        while whole.next_if(|a| a.range.end <= range.start).is_some() {}
        if let Some(action) = whole.peek().filter(|a| a.range.start < range.end) {
            if let Some(block) = &mut block {
                block.pending.push(Line { range, column: action.column, role: action.role });
            }
            continue;
        }
        let line = &bytes[range.clone()];
        let indent = line.iter().take_while(|b| **b == b' ').count();
        if indent == line.len() {
            continue;
        }
        if let Some(open) = block.as_mut().filter(|open| indent > open.parent) {
            let column = *open.content.get_or_insert(indent);
            for line in std::mem::take(&mut open.pending) {
                as_text(bytes, &line, column);
            }
            continue;
        }
        if let Some(ended) = block.take() {
            ended.finish(bytes);
        }
        let line = &bytes[range];
        block = is_header(line).then(|| Block { parent: parent_column(line), content: None, pending: Vec::new() });
    }
    if let Some(ended) = block {
        ended.finish(bytes);
    }
}

impl Block {
    /// Decides where the scalar ends among the actions behind its last content.
    fn finish(self, bytes: &mut [u8]) {
        let column = self.content.unwrap_or(self.parent + 1);
        let belongs = |line: &Line| match self.content {
            Some(column) => line.column >= column,
            None => line.column > self.parent || line.role == Role::Output,
        };
        let inside = self.pending.iter().rposition(belongs).map_or(0, |n| n + 1);
        for (index, line) in self.pending.iter().enumerate() {
            if index < inside {
                as_text(bytes, line, column);
            } else if !line.range.is_empty() {
                bytes[line.range.start] = b'#';
            }
        }
    }
}

fn as_text(bytes: &mut [u8], line: &Line, column: usize) {
    let split = (line.range.start + column).min(line.range.end);
    fill(bytes, line.range.start..split, b' ');
    fill(bytes, split..line.range.end, b'x');
}

/// Whether a line ends in the header of a block scalar, a comment behind it left out.
pub(super) fn is_header(line: &[u8]) -> bool {
    let line = memchr::memmem::find(line, b" #").map_or(line, |n| &line[..n]).trim_ascii_end();
    let marks = line.iter().rev().take_while(|b| matches!(b, b'+' | b'-' | b'0'..=b'9')).count();
    let Some((mark, before)) = line.get(..line.len() - marks.min(2)).and_then(<[u8]>::split_last) else { return false };
    if !matches!(mark, b'|' | b'>') || !matches!(before.last(), None | Some(b' ' | b'\t')) {
        return false;
    }
    let before = before.trim_ascii_end();
    matches!(before.last(), Some(b':' | b'-')) || is_property(before)
}

/// An anchor or a tag before the header.
fn is_property(before: &[u8]) -> bool {
    before.rsplit(|b| *b == b' ').next().is_some_and(|word| word.starts_with(b"!") || word.starts_with(b"&"))
}

/// The column of the key on this line, or of its last dash.
fn parent_column(line: &[u8]) -> usize {
    let mut column = line.iter().take_while(|b| **b == b' ').count();
    while line.get(column) == Some(&b'-') && line.get(column + 1) == Some(&b' ') {
        let blanks = line[column + 1..].iter().take_while(|b| **b == b' ').count();
        if matches!(line.get(column + 1 + blanks), Some(b'|' | b'>')) {
            break;
        }
        column += 1 + blanks;
    }
    column
}
