//! Text in the making: every byte of it knows where it was written and which action put it there.

use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// A text with its origins.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Text {
    value: String,
    runs: Vec<Run>,
    /// Where each of the runs begins.
    starts: Vec<usize>,
    /// Places where other values than these would write more lines, in order.
    marks: Vec<Mark>,
}

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub(super) len: usize,
    /// Where it was written.
    pub(super) from: Span,
    /// Where it is used: the action, or the text itself.
    pub(super) site: Span,
    pub(super) kind: Kind,
    /// An answer of the cluster that was assumed put it here.
    pub(super) is_asked: bool,
}

impl Run {
    /// A stretch that no answer of the cluster put here.
    pub(super) fn new(len: usize, from: Span, site: Span, kind: Kind) -> Self {
        Self { len, from, site, kind, is_asked: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letter by letter what stands at its origin.
    Exact,
    /// Made of what stands there.
    Made,
    /// Nothing (`{}`), which is left to whoever installs the chart.
    Empty,
    /// An action that nobody followed.
    Raw,
}

/// A place where other values would write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) what: Left,
}

/// What is left to other values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Left {
    /// The lines of a branch, from this column on.
    Lines(usize),
    /// A word that is empty.
    Word(Span),
}

impl Mark {
    /// The same mark in lines that stand deeper.
    fn deeper(self, at: usize, by: usize) -> Self {
        match self.what {
            Left::Lines(column) => Self { at, what: Left::Lines(column + by) },
            Left::Word(_) => Self { at, ..self },
        }
    }
}

impl Text {
    /// A text that stands in a file as it is.
    pub(super) fn literal(value: &str, from: Span) -> Self {
        let kind = if from.range().len() == value.len() { Kind::Exact } else { Kind::Made };
        let mut text = Self::default();
        text.push(value, Run::new(value.len(), from, from, kind));
        text
    }

    /// A text that was made of something else.
    pub(super) fn made(value: impl Into<String>, from: Span) -> Self {
        let value = value.into();
        let mut text = Self::default();
        text.push(&value, Run::new(value.len(), from, from, Kind::Made));
        text
    }

    /// A value of a file.
    pub(super) fn of(traced: &Traced) -> Self {
        let mut text = Self::default();
        for (range, from, is_exact) in traced.pieces() {
            let kind = if is_exact { Kind::Exact } else { Kind::Made };
            text.push(&traced.as_str()[range.clone()], Run::new(range.len(), from, from, kind));
        }
        text
    }

    pub(super) fn as_str(&self) -> &str {
        &self.value
    }

    pub(super) fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Whether all of it is known.
    pub(super) fn is_known(&self) -> bool {
        self.runs.iter().all(|run| run.kind != Kind::Raw)
    }

    /// The place that stands for all of it: where it was written, if that is one place, else where its first part was.
    pub(super) fn origin(&self) -> Option<Span> {
        let (first, rest) = self.runs.split_first()?;
        let joined = rest.iter().try_fold(first.from, |seen, run| {
            (run.from.file == seen.file && run.from.start == seen.end).then(|| seen.cover(run.from))
        });
        Some(joined.unwrap_or(first.from))
    }

    pub(super) fn push(&mut self, value: &str, run: Run) {
        if value.is_empty() {
            return;
        }
        let start = self.value.len();
        self.value.push_str(value);
        if let Some(last) = self.runs.last_mut()
            && last.kind == Kind::Exact
            && run.kind == Kind::Exact
            && last.is_asked == run.is_asked
            && last.from == last.site
            && run.from == run.site
            && last.from.file == run.from.file
            && last.from.end == run.from.start
        {
            last.len += run.len;
            last.from.end = run.from.end;
            last.site.end = run.from.end;
            return;
        }
        self.runs.push(run);
        self.starts.push(start);
    }

    /// Takes away the end of its last line.
    pub(super) fn without_line_end(&mut self) {
        if !self.value.ends_with('\n') {
            return;
        }
        self.value.pop();
        self.marks.truncate(self.marks.partition_point(|mark| mark.at <= self.value.len()));
        if let Some(last) = self.runs.last_mut() {
            last.len -= 1;
            if last.kind == Kind::Exact {
                let is_site = last.site == last.from;
                last.from.end -= 1;
                last.site = if is_site { last.from } else { last.site };
            }
        }
        if self.runs.last().is_some_and(|last| last.len == 0) {
            self.runs.pop();
            self.starts.pop();
        }
    }

    pub(super) fn mark(&mut self, what: Left) {
        self.marks.push(Mark { at: self.value.len(), what });
    }

    pub(super) fn append(&mut self, other: &Self) {
        let base = self.value.len();
        self.marks.extend(other.marks.iter().map(|mark| Mark { at: mark.at + base, ..*mark }));
        let mut at = 0;
        for run in &other.runs {
            self.push(&other.value[at..at + run.len], *run);
            at += run.len;
        }
    }

    /// Joins two texts.
    pub(super) fn then(mut self, other: &Self) -> Self {
        self.append(other);
        self
    }

    /// A part of it, cut at characters.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        let Some(value) = self.value.get(range.clone()) else { return part };
        let first = self.starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        for (run, &start) in self.runs.iter().zip(&self.starts).skip(first) {
            let end = start + run.len;
            if start >= range.end {
                break;
            }
            let (from, to) = (start.max(range.start), end.min(range.end));
            if from < to {
                let cut = |span: Span| Span {
                    start: span.start + (from - start) as u32,
                    end: span.start + (to - start) as u32,
                    ..span
                };
                let origin = if run.kind == Kind::Exact { cut(run.from) } else { run.from };
                let site = if run.site == run.from { origin } else { run.site };
                let piece = &value[from - range.start..to - range.start];
                part.push(piece, Run { len: to - from, from: origin, site, ..*run });
            }
        }
        let first = self.marks.partition_point(|mark| mark.at < range.start);
        let inside = self.marks[first..].iter().take_while(|mark| mark.at <= range.end);
        part.marks = inside.map(|mark| Mark { at: mark.at - range.start, ..*mark }).collect();
        part
    }

    /// The part of it that `part` is, which is a slice of its text.
    pub(super) fn part(&self, part: &str) -> Self {
        let start = (part.as_ptr() as usize).saturating_sub(self.value.as_ptr() as usize);
        self.slice(start..start + part.len())
    }

    /// What was made of this text by an action at `site`.
    pub(super) fn turned(&self, value: impl Into<String>, site: Span) -> Self {
        let value = value.into();
        if value == self.value {
            return Self { marks: Vec::new(), ..self.clone() };
        }
        Self::made(value, self.origin().unwrap_or(site))
    }

    /// Every line with blanks before it, as `indent` does it.
    pub(super) fn indented(&self, by: usize, site: Span) -> Self {
        let pad = " ".repeat(by);
        let blanks = Run::new(by, site, site, Kind::Made);
        let mut text = Self::default();
        let (mut at, mut marks) = (0, self.marks.iter().peekable());
        for line in self.value.split_inclusive('\n') {
            text.push(&pad, blanks);
            let base = text.value.len();
            while let Some(mark) = marks.next_if(|mark| mark.at < at + line.len()) {
                text.marks.push(mark.deeper(base + mark.at - at, by));
            }
            let part = self.slice(at..at + line.len());
            text.append(&Self { marks: Vec::new(), ..part });
            at += line.len();
        }
        if self.value.is_empty() || self.value.ends_with('\n') {
            text.push(&pad, blanks);
        }
        let end = text.value.len();
        text.marks.extend(marks.map(|mark| mark.deeper(end, by)));
        text
    }

    /// Says that an answer of the cluster put it here.
    pub(super) fn asked(mut self) -> Self {
        self.runs.iter_mut().for_each(|run| run.is_asked = true);
        self
    }

    /// A text that was made of another one's bytes, with the places of those.
    pub(super) fn placed_in(&self, whole: &Self, virtual_file: FileId) -> Self {
        let mut text = Self { marks: self.marks.clone(), ..Self::default() };
        let mut at = 0;
        for run in &self.runs {
            let value = &self.value[at..at + run.len];
            at += run.len;
            if run.from.file != virtual_file {
                let site = whole.slice(run.site.range()).origin().filter(|_| run.site.file == virtual_file);
                text.push(value, Run { site: site.unwrap_or(run.site), ..*run });
                continue;
            }
            let part = whole.slice(run.from.range());
            if part.as_str() == value {
                for (own, value) in part.pieces() {
                    text.push(value, Run { kind: if run.kind == Kind::Raw { run.kind } else { own.kind }, ..own });
                }
            } else if let Some(origin) = part.origin().or_else(|| whole.origin()) {
                let kind = if run.kind == Kind::Exact { Kind::Made } else { run.kind };
                text.push(value, Run { from: origin, site: origin, kind, ..*run });
            }
        }
        text
    }

    /// Its stretches with their bytes.
    fn pieces(&self) -> impl Iterator<Item = (Run, &str)> {
        self.runs.iter().scan(0, |at, run| {
            let start = *at;
            *at += run.len;
            Some((*run, &self.value[start..*at]))
        })
    }

    /// Whether an answer of the cluster put a byte of a range here.
    pub(super) fn is_asked(&self, range: &Range<usize>) -> bool {
        let mut at = 0;
        self.runs.iter().any(|run| {
            let start = at;
            at += run.len;
            run.is_asked && start < range.end && range.start < at
        })
    }

    /// Says which action wrote it. What has lines of its own was written where these stand.
    pub(super) fn used_at(mut self, site: Span) -> Self {
        for run in &mut self.runs {
            if run.from.start == u32::MAX {
                (run.from, run.site) = (site, site);
            }
        }
        if !self.value.contains('\n') {
            self.runs.iter_mut().for_each(|run| run.site = site);
            self.marks.retain(|mark| matches!(mark.what, Left::Word(_)));
        }
        self
    }
}

/// As Go quotes a text.
pub(super) fn escaped(own: &str) -> String {
    let mut text = String::with_capacity(own.len() + 2);
    for c in own.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            _ => text.push(c),
        }
    }
    text
}
