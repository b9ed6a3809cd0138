//! Lines of one file with the places marked in them.

use super::line::{Line, fits, floor};
use crate::report::look::{Ink, LEAST, Paint, clean, width, wrap};
use crate::source::text::Text;
use std::collections::BTreeSet;
use std::ops::Range;

/// A place of several lines is shown whole up to this many lines, else by its first and its last.
const SHORT: usize = 4;

/// How many places of several lines are drawn side by side; of further ones the first line is marked.
const MOST_BARS: usize = 3;

/// A place to mark.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What stands beside it; the primary place has none.
    pub words: &'a str,
    /// The colour of the primary place; none for a label.
    pub primary: Option<Ink>,
}

impl Mark<'_> {
    fn ink(&self) -> Ink {
        self.primary.unwrap_or(Ink::Label)
    }

    fn sign(&self) -> &'static str {
        if self.primary.is_some() { "^" } else { "-" }
    }
}

/// One row of a frame.
#[derive(Debug)]
pub struct Row {
    /// The line number, where the row shows a line.
    pub number: Option<usize>,
    /// What the frame's left edge is here.
    pub edge: char,
    /// What stands right of it.
    pub body: String,
}

impl Row {
    /// A row without a number.
    pub fn plain(body: String) -> Self {
        Self { number: None, edge: '│', body }
    }
}

/// A mark with its lines, and the column of bars it takes where these are several.
struct Placed<'a> {
    mark: Mark<'a>,
    first: usize,
    last: usize,
    bar: Option<usize>,
}

/// The bytes of a line that are marked, and by what.
type Marked<'a> = (Range<usize>, &'a Placed<'a>);

/// The first and the last line of a mark, and its bytes without the line end it may close with.
pub fn extent(text: &Text, start: usize, end: usize) -> (Range<usize>, usize, usize) {
    let start = floor(&text.text, start);
    let mut end = floor(&text.text, end).max(start);
    let bytes = text.text.as_bytes();
    for close in [b'\n', b'\r'] {
        if end > start && bytes.get(end - 1) == Some(&close) {
            end -= 1;
        }
    }
    (start..end, text.position(start).line, text.position(end).line)
}

/// Draws the marks of one file within `room` columns.
pub fn rows(text: &Text, marks: &[Mark], room: usize, paint: Paint) -> Vec<Row> {
    let placed = place(text, marks);
    let bars = placed.iter().filter(|p| p.bar.is_some()).count();
    let lines = lines_to_show(text, &placed);
    let mut drawing = Drawing { text, placed, bars, room: room.saturating_sub(2 * bars).max(8), skip: 0, paint };
    drawing.skip = drawing.common_indent(&lines);
    let mut rows = Vec::new();
    let mut before = None;
    for line in lines {
        if before.is_some_and(|before| before + 1 < line) {
            rows.push(Row { number: None, edge: '┆', body: drawing.bars_at(line, Moment::Between) });
        }
        drawing.line(line, &mut rows);
        before = Some(line);
    }
    rows
}

fn place<'a>(text: &Text, marks: &[Mark<'a>]) -> Vec<Placed<'a>> {
    let mut placed: Vec<Placed> = marks
        .iter()
        .map(|mark| {
            let (bytes, first, last) = extent(text, mark.start, mark.end);
            Placed { mark: Mark { start: bytes.start, end: bytes.end, ..*mark }, first, last, bar: None }
        })
        .collect();
    placed.sort_by_key(|p| (p.first, std::cmp::Reverse(p.last), p.mark.primary.is_none(), p.mark.start));
    for (bar, p) in placed.iter_mut().filter(|p| p.first < p.last).take(MOST_BARS).enumerate() {
        p.bar = Some(bar);
    }
    placed
}

/// All lines with something to mark, those that tell where an empty one is, and single lines between them: to leave out
/// one line takes as many rows as to show it.
fn lines_to_show(text: &Text, placed: &[Placed]) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for p in placed {
        lines.insert(p.first);
        if p.bar.is_some() {
            lines.insert(p.last);
            if p.last - p.first < SHORT {
                lines.extend(p.first..p.last);
            }
        } else if p.first > 1 && text.line(p.first).trim().is_empty() {
            lines.insert(p.first - 1);
        }
    }
    let shown: Vec<usize> = lines.iter().copied().collect();
    lines.extend(shown.windows(2).filter(|pair| pair[1] - pair[0] == 2).map(|pair| pair[0] + 1));
    lines
}

/// When, while a line is drawn, bars are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Above the line.
    Between,
    /// Beside the line itself.
    Line,
    /// Beside the marks below it.
    Below,
}

struct Drawing<'a> {
    text: &'a Text,
    placed: Vec<Placed<'a>>,
    /// How many columns of bars there are.
    bars: usize,
    /// Columns for the line itself.
    room: usize,
    /// Bytes left out at the beginning of each line.
    skip: usize,
    paint: Paint,
}

impl Drawing<'_> {
    /// The blanks that all lines begin with, where leaving them out helps a line that is too long.
    fn common_indent(&self, lines: &BTreeSet<usize>) -> usize {
        let filled = || lines.iter().map(|line| self.text.line(*line)).filter(|line| !line.trim_start().is_empty());
        if filled().all(|line| fits(line, self.room)) {
            return 0;
        }
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        filled().map(indent).min().unwrap_or_default()
    }

    fn line(&self, number: usize, rows: &mut Vec<Row>) {
        let range = self.text.line_range(number);
        let line = self.text.line(number);
        let mark =
            range.start + usize::from(self.text.text[range.clone()].starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
        let marked = self.marked_on(number, mark, line.len());
        let mut parts = split(&marked, self.room, fits(line, self.room));
        if parts.is_empty() {
            parts.push(&[]);
        }
        for part in parts {
            let focus = focus(part);
            let shown = Line::around(line, &focus, self.skip.min(line.len()), self.room);
            let body = format!("{}{}", self.bars_at(number, Moment::Line), shown.shown);
            rows.push(Row { number: Some(number), edge: '│', body });
            self.marks(number, &shown, part, rows);
        }
        for p in self.placed.iter().filter(|p| p.bar.is_some() && p.last == number && !p.mark.words.is_empty()) {
            self.bar_words(p, rows);
        }
    }

    /// What is marked with signs below a line, in bytes of the line, from left to right.
    fn marked_on(&self, number: usize, start: usize, len: usize) -> Vec<Marked<'_>> {
        let inside = |at: usize| at.saturating_sub(start).min(len);
        let line = self.text.line(number);
        let on = self.placed.iter().filter(|p| p.first == number);
        let mut marked: Vec<_> = on
            .filter_map(|p| {
                let from = inside(p.mark.start);
                let is_begun = p.bar.is_some() && line.get(..from).is_none_or(|before| before.trim_start().is_empty());
                (!is_begun).then(|| (from..inside(p.mark.end).max(from), p))
            })
            .collect();
        marked.sort_by_key(|(bytes, p)| (bytes.start, p.mark.primary.is_none(), bytes.end));
        marked
    }

    /// The rows of signs and words below a line. The primary place comes first, beside it the next label; further ones
    /// have rows of their own, so that no words stand under a mark that is not theirs.
    fn marks(&self, number: usize, line: &Line, marked: &[Marked<'_>], rows: &mut Vec<Row>) {
        let bars = self.bars_at(number, Moment::Below);
        let is_mute = |p: &Placed| p.bar.is_some() || p.mark.words.is_empty();
        let (mute, speaking): (Vec<_>, Vec<_>) = marked.iter().partition(|(_, p)| is_mute(p));
        let mut first = Signs::new(self.paint);
        for (bytes, p) in mute {
            first.push(&line.columns(bytes), &p.mark);
        }
        let mut pending = (first.column > 0).then_some(first);
        for (bytes, p) in speaking {
            let columns = line.columns(bytes);
            let mut signs = match pending.take() {
                Some(first) if first.column <= columns.start => first,
                Some(first) => {
                    rows.push(Row::plain(format!("{bars}{}", first.body)));
                    Signs::new(self.paint)
                }
                None => Signs::new(self.paint),
            };
            signs.push(&columns, &p.mark);
            self.words(&bars, &signs, columns.start, &clean(p.mark.words), rows);
        }
        if let Some(first) = pending {
            rows.push(Row::plain(format!("{bars}{}", first.body)));
        }
    }

    /// Sets words beside the signs that end at their column, or below where that leaves too little room.
    fn words(&self, bars: &str, signs: &Signs, from: usize, words: &str, rows: &mut Vec<Row>) {
        let (beside, wide) = (signs.column + 1, words.lines().map(width).max().unwrap_or_default());
        let room = self.room.saturating_sub(beside);
        let mut set = |lead: &str, column: usize, lines: Vec<String>| {
            for (n, line) in lines.iter().enumerate() {
                let lead = if n == 0 && !lead.is_empty() { format!("{lead} ") } else { " ".repeat(column) };
                rows.push(Row::plain(format!("{bars}{lead}{}", self.paint.ink(Ink::Label, line))));
            }
        };
        if wide <= room || room >= LEAST.max(self.room / 3) {
            set(&signs.body, beside, wrap(words, room, room));
        } else {
            let column = from.min(self.room.saturating_sub(wide));
            set(&signs.body, 0, vec![String::new()]);
            set("", column, wrap(words, self.room - column, self.room - column));
        }
    }

    /// The words of a place of several lines, below its last one.
    fn bar_words(&self, p: &Placed, rows: &mut Vec<Row>) {
        let lead = self.bars(|other| {
            if other.bar == p.bar {
                Some('╰')
            } else {
                (other.first <= p.last && (other.last > p.last || (other.last == p.last && other.bar > p.bar)))
                    .then_some('│')
            }
        });
        let after = self.bars(|other| (other.first <= p.last && other.last > p.last).then_some('│'));
        for (n, line) in wrap(&clean(p.mark.words), self.room, self.room).iter().enumerate() {
            let lead = if n == 0 { &lead } else { &after };
            rows.push(Row::plain(format!("{lead}{}", self.paint.ink(p.mark.ink(), line))));
        }
    }

    /// The bars left of a line.
    fn bars_at(&self, line: usize, moment: Moment) -> String {
        self.bars(|p| {
            let is_open_end = !p.mark.words.is_empty();
            if line < p.first || line > p.last || (line == p.first && moment == Moment::Between) {
                None
            } else if moment == Moment::Line && line == p.first {
                Some('╭')
            } else if line == p.last && !is_open_end {
                match moment {
                    Moment::Between => Some('│'),
                    Moment::Line => Some('╰'),
                    Moment::Below => None,
                }
            } else {
                Some('│')
            }
        })
    }

    fn bars(&self, sign: impl Fn(&Placed) -> Option<char>) -> String {
        let mut bars = String::new();
        for bar in 0..self.bars {
            let of = self.placed.iter().find(|p| p.bar == Some(bar));
            match of.and_then(|p| sign(p).map(|c| (c, p))) {
                Some((c, p)) => {
                    let c = if p.mark.primary.is_some() { heavy(c) } else { c };
                    bars.push_str(&self.paint.ink(p.mark.ink(), &c.to_string()));
                    bars.push(' ');
                }
                None => bars.push_str("  "),
            }
        }
        bars
    }
}

/// The primary place has heavier bars.
fn heavy(c: char) -> char {
    match c {
        '╭' => '┏',
        '╰' => '┗',
        '│' => '┃',
        other => other,
    }
}

/// The bytes that a part of a line must show.
fn focus(part: &[Marked]) -> Range<usize> {
    let start = part.iter().map(|(bytes, _)| bytes.start).min().unwrap_or_default();
    let end = part.iter().map(|(bytes, _)| bytes.end).max().unwrap_or_default();
    start..end
}

/// Parts a line's marks where they are too far apart to be shown in one piece of it.
fn split<'m, 'a>(marked: &'m [Marked<'a>], room: usize, fits: bool) -> Vec<&'m [Marked<'a>]> {
    if fits {
        return vec![marked];
    }
    let mut parts = Vec::new();
    let mut begin = 0;
    for n in 1..marked.len() {
        if focus(&marked[begin..=n]).len() + 2 > room {
            parts.push(&marked[begin..n]);
            begin = n;
        }
    }
    parts.push(&marked[begin..]);
    parts
}

/// A row of signs while it grows to the right.
struct Signs {
    body: String,
    column: usize,
    paint: Paint,
}

impl Signs {
    fn new(paint: Paint) -> Self {
        Self { body: String::new(), column: 0, paint }
    }

    /// Adds the signs of a mark; what is already covered stays as it is.
    fn push(&mut self, columns: &Range<usize>, mark: &Mark) {
        let from = columns.start.max(self.column);
        if from < columns.end {
            self.body.push_str(&" ".repeat(from - self.column));
            self.body.push_str(&self.paint.ink(mark.ink(), &mark.sign().repeat(columns.end - from)));
            self.column = columns.end;
        }
    }
}
