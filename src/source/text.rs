//! Text for showing: line numbers, columns, and the texts of the files that findings point into.

use super::{FileId, Sources, Span, load, stable_hash};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A position as people and machines read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based.
    pub line: usize,
    /// 1-based, counted in Unicode characters; a byte order mark is no character.
    pub column: usize,
    /// Bytes from the start of the original file.
    pub offset: usize,
}

/// A file's text with its lines.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text; bad bytes are shown as `?`. Empty where the file cannot be shown.
    pub text: String,
    /// The file is not what it was when it was read: places may be off.
    pub changed: bool,
    lines: Box<[u32]>,
    /// The number of characters before each [`STEP`]th byte: a file of one line is as quick as any other.
    counts: Vec<u32>,
}

/// The offsets at which lines start; the first is 0.
pub fn line_starts(text: &str) -> Box<[u32]> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|n| n as u32 + 1)).collect()
}

/// The 1-based line of an offset.
pub fn line_of(starts: &[u32], offset: u32) -> usize {
    starts.partition_point(|start| *start <= offset).max(1)
}

/// How many bytes are counted at most to know a column.
const STEP: usize = 4096;

impl Text {
    /// Indexes a text. A line ends with `\n`; a `\r` before it belongs to the line end.
    pub fn new(text: String) -> Self {
        let lines =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|n| n as u32 + 1)).collect();
        let counts = text.as_bytes().chunks(STEP).scan(0, |count, chunk| {
            let before = *count;
            *count += characters(chunk);
            Some(before)
        });
        Self { counts: counts.collect(), text, changed: false, lines }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let step = offset / STEP;
        let (counted, from) = self.counts.get(step).map_or((0, 0), |count| (*count, step * STEP));
        (counted + characters(&self.text.as_bytes()[from..offset])) as usize
    }

    /// How many lines; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// A line's text, 1-based, without its end and without a byte order mark.
    pub fn line(&self, line: usize) -> &str {
        let range = self.line_range(line);
        let body = self.text[range].trim_end_matches(['\n', '\r']);
        body.strip_prefix('\u{feff}').unwrap_or(body)
    }

    /// A line's bytes, its end included.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let at = |n: usize| self.lines.get(n).map_or(self.text.len(), |start| *start as usize);
        at(line.saturating_sub(1))..at(line)
    }

    /// The position of a byte. Offsets past the end or inside a character move back to the nearest one that is.
    pub fn position(&self, offset: usize) -> Position {
        let mut shown = offset.min(self.text.len());
        while !self.text.is_char_boundary(shown) {
            shown -= 1;
        }
        let line = line_of(&self.lines, shown as u32);
        let start = self.lines[line - 1] as usize;
        let mark = usize::from(start == 0 && self.text[..shown].starts_with('\u{feff}'));
        let column = self.characters_before(shown) - self.characters_before(start) - mark + 1;
        Position { line, column, offset }
    }

    /// Where a span begins and ends (the end is exclusive).
    pub fn positions(&self, span: Span) -> (Position, Position) {
        (self.position(span.start as usize), self.position(span.end as usize))
    }
}

/// How many characters begin in some bytes: all that do not continue one.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| *byte & 0xC0 != 0x80).count() as u32
}

/// The texts of the files that are shown.
#[derive(Debug, Default)]
pub struct Texts {
    texts: BTreeMap<FileId, Text>,
}

impl Texts {
    /// Loads the files again, and notices those that are not what was read (`hash_of` gives [`stable_hash`] at that time).
    pub fn load(
        sources: &Sources,
        files: impl IntoIterator<Item = FileId>,
        hash_of: impl Fn(FileId) -> u64 + Sync,
    ) -> Self {
        let mut ids: Vec<FileId> = files.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let show = |id: FileId| match load(sources.get(id)) {
            Ok(text) => {
                let changed = hash_of(id) != stable_hash(text.as_bytes());
                (id, Text { changed, ..Text::new(text) })
            }
            Err(error) => (id, Text::new(error.shown)),
        };
        Self { texts: ids.into_par_iter().map(show).collect() }
    }

    /// Puts asterisks over bytes that nobody shall see. Places stay as they are.
    pub fn hide(&mut self, secret: Span) {
        let Some(text) = self.texts.get_mut(&secret.file) else { return };
        let range = secret.range();
        if let Some(hidden) = text.text.get(range.clone()).map(|bytes| "*".repeat(bytes.len())) {
            let mut shown = std::mem::take(&mut text.text);
            shown.replace_range(range, &hidden);
            *text = Text { changed: text.changed, ..Text::new(shown) };
        }
    }

    /// The text of a file that was asked for in [`Texts::load`]; an empty one for any other.
    pub fn get(&self, id: FileId) -> &Text {
        static EMPTY: std::sync::LazyLock<Text> = std::sync::LazyLock::new(|| Text::new(String::new()));
        self.texts.get(&id).unwrap_or(&EMPTY)
    }

    /// Files that changed between being read and being shown.
    pub fn changed(&self) -> impl Iterator<Item = FileId> {
        self.texts.iter().filter(|(_, text)| text.changed).map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_no_byte_order_mark() {
        let text = Text::new("\u{feff}aä\r\nb: 1\n".into());
        assert_eq!(text.position(3), Position { line: 1, column: 1, offset: 3 });
        assert_eq!(text.position(6), Position { line: 1, column: 3, offset: 6 });
        assert_eq!(text.position(8), Position { line: 2, column: 1, offset: 8 });
        assert_eq!((text.line(1), text.line(2), text.line(3)), ("aä", "b: 1", ""));
    }

    #[test]
    fn columns_of_long_lines_are_exact() {
        let text = format!("a\n{}", "xä配👩".repeat(3 * STEP));
        let shown = Text::new(text.clone());
        for offset in (0..text.len()).step_by(997).filter(|at| text.is_char_boundary(*at)).chain([text.len()]) {
            let line = text[..offset].rsplit('\n').next().unwrap_or_default();
            assert_eq!(shown.position(offset).column, line.chars().count() + 1);
        }
    }

    #[test]
    fn impossible_offsets_find_a_place() {
        let text = Text::new("ä".into());
        assert_eq!(text.position(1).column, 1);
        assert_eq!(text.position(99).column, 2);
        assert_eq!(Text::new(String::new()).position(7).line, 1);
    }
}
