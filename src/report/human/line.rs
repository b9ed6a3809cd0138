//! One line of source as a terminal shows it: tabs as blanks, threats made visible, cut around the place that matters.

use crate::report::look::{visible, width};
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// How wide a tab is shown.
const TAB: &str = "    ";

/// A line, cut to a number of columns; it knows where each byte went.
#[derive(Debug)]
pub struct Line {
    /// What is printed.
    pub shown: String,
    /// Byte offset and column of each printed cell.
    cells: Vec<(usize, usize)>,
    /// The same of the place after the last one.
    end: (usize, usize),
    /// Something to the right is not shown.
    is_cut: bool,
}

/// What stands in one place of the terminal: a character with all that modifies it.
#[derive(Debug)]
struct Cell {
    offset: usize,
    shown: String,
    width: usize,
}

impl Line {
    /// Shows `line`, from byte `skip` on, in at most `room` columns, so that the bytes of `focus` are seen, at least their
    /// beginning. Works on a window of the line, so that a file of one line costs no more than any other.
    pub fn around(line: &str, focus: &Range<usize>, skip: usize, room: usize) -> Self {
        let reach = 4 * room;
        let low = floor(line, focus.start.saturating_sub(reach)).max(skip);
        let high = floor(line, focus.start.saturating_add(reach));
        let cells = cells(line, low, high);
        let (before, after) = (low > skip, high < line.len());
        let total: usize = cells.iter().map(|cell| cell.width).sum();
        if !before && !after && total <= room {
            return Self::print(&cells, high, false, false);
        }
        let column = |offset: usize| cells.iter().take_while(|cell| cell.offset < offset).map(|cell| cell.width).sum();
        let (from, to): (usize, usize) = (column(focus.start), column(focus.end));
        let first = if !before && to < room {
            0
        } else {
            let seen = (to - from).clamp(1, room.saturating_sub(2).max(1));
            let middle = from.saturating_sub(room.saturating_sub(2 + seen) / 2);
            let last = if after { middle } else { (total + 1).saturating_sub(room).min(from) };
            cells_before(&cells, middle.min(last))
        };
        let cut_left = before || first > 0;
        let rest = &cells[first..];
        let room = room.saturating_sub(usize::from(cut_left));
        let whole = !after && rest.iter().map(|cell| cell.width).sum::<usize>() <= room;
        let count = if whole { rest.len() } else { cells_within(rest, room.saturating_sub(1)) };
        let end = rest.get(count).map_or(high, |cell| cell.offset);
        Self::print(&rest[..count], end, cut_left, !whole)
    }

    fn print(cells: &[Cell], end: usize, cut_left: bool, is_cut: bool) -> Self {
        let mut shown = String::from(if cut_left { "…" } else { "" });
        let mut column = usize::from(cut_left);
        let mut places = Vec::with_capacity(cells.len());
        for cell in cells {
            places.push((cell.offset, column));
            column += cell.width;
            shown.push_str(&cell.shown);
        }
        shown.push_str(if is_cut { "…" } else { "" });
        Self { shown, cells: places, end: (end, column), is_cut }
    }

    /// The columns under some bytes: at least one, and none beyond what is shown.
    pub fn columns(&self, bytes: &Range<usize>) -> Range<usize> {
        let from = if bytes.start >= self.end.0 {
            self.end.1
        } else {
            let after = self.cells.partition_point(|(offset, _)| *offset <= bytes.start);
            after.checked_sub(1).and_then(|n| self.cells.get(n)).map_or(0, |(_, column)| *column)
        };
        let to = if bytes.end > self.end.0 {
            self.end.1 + usize::from(self.is_cut)
        } else {
            let n = self.cells.partition_point(|(offset, _)| *offset < bytes.end);
            self.cells.get(n).map_or(self.end.1, |(_, column)| *column)
        };
        from..to.max(from + 1)
    }
}

/// Whether a line needs no cutting.
pub fn fits(line: &str, room: usize) -> bool {
    line.len() <= 4 * room && cells(line, 0, line.len()).iter().map(|cell| cell.width).sum::<usize>() <= room
}

fn cells(line: &str, low: usize, high: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut before = None;
    for (at, c) in line.get(low..high).unwrap_or_default().char_indices() {
        let offset = low + at;
        let own = if c == '\t' { Some(TAB.into()) } else { visible(c, before) };
        before = Some(c);
        if let Some(shown) = own {
            cells.push(Cell { offset, width: width(&shown), shown });
            continue;
        }
        let alone = c.width().unwrap_or(0);
        if let Some(last) = cells.last_mut().filter(|_| !c.is_ascii()) {
            // What joins with the sign before it (an accent, a second half of an emoji) is no cell of its own.
            let joined = format!("{}{c}", last.shown);
            let wide = width(&joined);
            if alone == 0 || wide < last.width + alone {
                (last.shown, last.width) = (joined, wide);
                continue;
            }
        }
        cells.push(Cell { offset, shown: c.into(), width: alone });
    }
    cells
}

/// How many cells stand before a column.
fn cells_before(cells: &[Cell], column: usize) -> usize {
    let mut at = 0;
    cells
        .iter()
        .take_while(|cell| {
            let is_before = at < column;
            at += cell.width;
            is_before
        })
        .count()
}

/// How many cells fit.
fn cells_within(cells: &[Cell], room: usize) -> usize {
    let mut at = 0;
    cells
        .iter()
        .take_while(|cell| {
            at += cell.width;
            at <= room
        })
        .count()
}

/// The nearest place, at or before a byte, where a character begins.
pub fn floor(line: &str, at: usize) -> usize {
    let mut at = at.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, focus: Range<usize>, room: usize) -> (String, Range<usize>) {
        let line = Line::around(line, &focus, 0, room);
        let columns = line.columns(&focus);
        (line.shown, columns)
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}HERE{}", "a".repeat(5000), "b".repeat(5000));
        assert_eq!(shown(&line, 5000..5004, 14), ("…aaaaHEREbbbb…".into(), 5..9));
        assert_eq!(shown(&line, 0..2, 6), ("aaaaa…".into(), 0..2));
        assert_eq!(shown(&line, 10_003..10_004, 6), ("…bbbbb".into(), 5..6));
        assert_eq!(shown(&line, 10_004..10_004, 6), ("…bbbbb".into(), 6..7));
        assert_eq!(shown(&line, 0..10_004, 6), ("aaaaa…".into(), 0..6));
    }

    #[test]
    fn a_cut_line_is_never_wider_than_its_room() {
        for line in ["x".repeat(300), "配置\t".repeat(100), "e\u{301}👩\u{200d}🚀".repeat(90), "\u{1b}[".repeat(100)]
        {
            for room in [1, 2, 3, 7, 40] {
                for at in (0..line.len()).filter(|n| line.is_char_boundary(*n)) {
                    let cut = Line::around(&line, &(at..at + 1), 0, room);
                    assert!(width(&cut.shown) <= room.max(3), "{room} {at} {:?}", cut.shown);
                    assert!(cut.columns(&(at..at + 1)).start <= room);
                }
            }
        }
    }

    #[test]
    fn columns_follow_what_the_terminal_shows() {
        assert_eq!(shown("\tkey: 配置 x", 13..14, 40).1, 14..15);
        assert_eq!(shown("e\u{301}x", 3..4, 40).1, 1..2);
        assert_eq!(shown("👩\u{200d}🚀x", 11..12, 40).1, 2..3);
        assert_eq!(shown("a\u{1b}b", 2..3, 40), ("a␛b".into(), 2..3));
        assert_eq!(shown("a\u{202e}b", 4..5, 40), ("a\\u{202e}b".into(), 9..10));
    }
}
