//! Templates without their engine: where the actions are, and the same text with them masked.
//!
//! A mask has the same length and the same line ends, so that every place in it is a place in the file. An action that
//! has its lines to itself becomes blanks, one beside other text becomes `x`s, so that the YAML around it stays YAML.

mod action;
mod block;

pub(super) use action::{Action, Role};
use std::ops::Range;

/// How many lines of actions and comments may stand between an action and the entries it adds to.
const MAX_LOOK_AHEAD: usize = 64;

/// A text with its template actions masked.
pub(super) struct Mask {
    /// The masked text, byte for byte as long as the file's.
    pub(super) text: String,
    /// The actions, in order.
    pub(super) actions: Vec<Action>,
    /// Comments of the template language, without the brackets around them.
    pub(super) comments: Vec<Range<usize>>,
}

impl Mask {
    /// Masks a text; `None` where it holds no action.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (mut actions, comments) = action::find(text);
        if actions.is_empty() {
            return None;
        }
        let mut bytes = text.as_bytes().to_vec();
        let mut from = 0;
        while from < actions.len() {
            let len = 1 + actions[from..].windows(2).take_while(|w| same_line(text, &w[0], &w[1])).count();
            mask_group(text, &mut bytes, &mut actions[from..from + len]);
            from += len;
        }
        block::align(&mut bytes, &actions);
        // Only whole characters were replaced by ASCII.
        let text = String::from_utf8(bytes).ok()?;
        Some(Self { text, actions, comments })
    }

    /// The actions that begin in `range`.
    pub(super) fn actions_in(&self, range: &Range<usize>) -> &[Action] {
        let from = self.actions.partition_point(|a| a.range.start < range.start);
        let to = self.actions.partition_point(|a| a.range.start < range.end);
        self.actions.get(from..to).unwrap_or_default()
    }

    /// Whether an action shares a byte with `range`.
    pub(super) fn overlaps(&self, range: &Range<usize>) -> bool {
        let next = self.actions.partition_point(|a| a.range.end <= range.start);
        self.actions.get(next).is_some_and(|a| a.range.start < range.end)
    }

    /// Whether an action writes on behind a value that ends at `end`.
    pub(super) fn writes_on(&self, end: usize) -> bool {
        let next = self.actions.partition_point(|a| a.range.start < end);
        let behind = self.actions.get(next).filter(|a| a.glued).and_then(|a| self.text.get(end..a.range.start));
        behind.is_some_and(|between| between.bytes().all(|b| b == b' '))
    }
}

fn same_line(text: &str, first: &Action, second: &Action) -> bool {
    !text.as_bytes()[first.range.end..second.range.start].contains(&b'\n')
}

/// Masks actions that follow one another on the same line.
fn mask_group(text: &str, bytes: &mut [u8], group: &mut [Action]) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let line = line_start(text, first.range.start);
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[last.range.end..]).map_or(text.len(), |n| last.range.end + n);
    let tail = text[last.range.end..line_end].trim_start();
    let lead = text[line..first.range.start].trim_start_matches('\u{feff}');
    let is_whole = lead.trim().is_empty()
        && (tail.trim().is_empty() || tail.starts_with("# "))
        && group.windows(2).all(|w| text[w[0].range.end..w[1].range.start].trim().is_empty());
    let leads_mapping = is_key(lead) && group_leads_deeper_lines(text, first, line, line_end);
    let is_whole = is_whole || leads_mapping;
    let (mut is_blanked, mut end) = (false, line);
    for action in group {
        let before = &text[end..action.range.start];
        // Behind blanks alone an action fares as the one before it.
        is_blanked = is_whole || if before.trim().is_empty() { is_blanked } else { ends_a_value(before) };
        end = action.range.end;
        action.whole_line = is_whole;
        action.glued = is_blanked && !is_whole && action.role != Role::Silent;
        if action.indent.is_none() {
            action.column = action.range.start - line;
        }
        if is_blanked {
            blank(bytes, action.range.clone());
        } else {
            let first_line = memchr::memchr(b'\n', &bytes[action.range.clone()])
                .map_or(action.range.end, |n| action.range.start + n);
            fill(bytes, action.range.start..first_line, b'x');
            blank(bytes, first_line..action.range.end);
        }
    }
}

fn is_key(lead: &str) -> bool {
    lead.trim_end().ends_with(':')
}

/// `labels: {{- include "x" . | nindent 4 }}` with more labels below it: the action is no value, it writes entries.
fn group_leads_deeper_lines(text: &str, first: &Action, line: usize, line_end: usize) -> bool {
    let Some(indent) = first.indent else { return false };
    let own = text[line..].bytes().take_while(|b| *b == b' ').count();
    let next = text[line_end..]
        .lines()
        .skip(1)
        .take(MAX_LOOK_AHEAD)
        .find(|l| !matches!(l.trim_start().get(..1), None | Some("#" | "{")));
    next.is_some_and(|l| {
        let depth = l.len() - l.trim_start().len();
        depth > own && depth <= indent
    })
}

/// Whether nothing may be glued to what stands before: a closed quote or bracket, the header of a block scalar.
fn ends_a_value(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(['"', '\'', ']', '}']) || block::is_header(before.as_bytes())
}

fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |n| n + 1)
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    fill(bytes, range, b' ');
}

/// Overwrites a range, line ends kept.
fn fill(bytes: &mut [u8], range: Range<usize>, with: u8) {
    for byte in bytes.get_mut(range).into_iter().flatten().filter(|b| !matches!(**b, b'\n' | b'\r')) {
        *byte = with;
    }
}
