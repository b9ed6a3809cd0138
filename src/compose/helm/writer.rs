//! What a template has written so far, and the blanks that it would have trimmed away beside an action that was not followed.

use super::text::{Kind, Left, Run, Text};
use crate::read::helm::{self, Tag};
use crate::source::Span;

/// Collects what a template writes.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: Text,
    /// Blanks that were trimmed away just before here.
    pending: Option<Text>,
    /// The last thing written was an action as it stands.
    after_raw: bool,
    /// How many of the branches around were chosen by an answer of the cluster that was assumed.
    pub(super) asked: usize,
}

impl Writer {
    pub(super) fn len(&self) -> usize {
        self.text.as_str().len()
    }

    pub(super) fn into_text(self) -> Text {
        self.text
    }

    /// Text between actions.
    pub(super) fn literal(&mut self, item: &helm::Text) {
        let start = if self.after_raw { 0 } else { item.kept.start };
        let end = if start < item.kept.start && item.kept.is_empty() { item.text.len() } else { item.kept.end };
        self.push(item, start..end);
        // Blanks that both sides trim away stand for the next action that is not followed.
        let from = if start == end { 0 } else { end };
        let rest = Text::literal(&item.text[from..], part(item.span, from..item.text.len()));
        self.pending = (!rest.is_empty()).then_some(rest);
        self.after_raw &= start == end;
    }

    fn push(&mut self, item: &helm::Text, range: std::ops::Range<usize>) {
        let span = part(item.span, range.clone());
        let run = Run { is_asked: self.asked > 0, ..Run::new(range.len(), span, span, Kind::Exact) };
        self.text.push(&item.text[range], run);
    }

    /// What an action writes.
    pub(super) fn text(&mut self, text: &Text) {
        if self.asked > 0 {
            self.text.append(&text.clone().asked());
        } else {
            self.text.append(text);
        }
        if !text.is_empty() {
            self.pending = None;
            self.after_raw = false;
        }
    }

    /// An action as it stands, with the blanks around it: nobody knows what it writes.
    pub(super) fn raw(&mut self, tag: &Tag) {
        // Blanks that were trimmed away before all else say nothing about where the action writes.
        if let Some(blanks) = self.pending.take().filter(|_| !self.text.is_empty()) {
            self.text.append(&blanks);
        }
        let run = Run::new(tag.raw.len(), tag.span, tag.span, Kind::Raw);
        self.text.push(&tag.raw, run);
        self.after_raw = true;
    }

    /// Other values would write lines here, from this column on.
    pub(super) fn mark(&mut self, column: usize) {
        self.text.mark(Left::Lines(column));
    }

    /// Other values would write a word here.
    pub(super) fn word(&mut self, tag: &Tag) {
        self.text.mark(Left::Word(tag.span));
    }

    /// Whether a block scalar begins here.
    pub(super) fn begins_block(&self) -> bool {
        let line = self.text.as_str().trim_end().rsplit('\n').next().unwrap_or_default();
        is_header(line)
    }

    /// Whether nothing of a word stands before here.
    pub(super) fn begins_word(&self) -> bool {
        let last = self.text.as_str().chars().next_back();
        last.is_none_or(|c| c.is_whitespace() || matches!(c, ':' | '/' | '@' | '"' | '\'' | '='))
    }
}

fn part(span: Span, range: std::ops::Range<usize>) -> Span {
    Span { start: span.start + range.start as u32, end: span.start + range.end as u32, ..span }
}

/// Whether a line ends with the header of a block scalar.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.trim_end();
    let word = line.rsplit([' ', '\t']).next().unwrap_or_default();
    let header = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    matches!(header, "|" | ">") && line.trim_start().len() > word.len()
}
