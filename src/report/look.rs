//! How text for people is set: nothing in it may steer the terminal, words are wrapped, colours are optional.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest text that is printed for people, in characters: a message may quote a value, and a value may be a whole file.
const LONGEST: usize = 2_000;

/// The least room beside something else that is worth using for words, in columns; else they stand below it.
pub const LEAST: usize = 24;

/// What a piece of text is, and so which colour it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Red.
    Error,
    /// Yellow.
    Warning,
    /// Blue.
    Info,
    /// Words of a label.
    Label,
    /// A path.
    Path,
    /// What must be read.
    Strong,
    /// What only holds the rest together.
    Frame,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Info => "1;34",
            Self::Label => "36",
            Self::Path => "4",
            Self::Strong => "1",
            Self::Frame => "2",
        }
    }
}

/// Colours, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Whether any escape may be written.
    pub colour: bool,
}

impl Paint {
    /// The text in its colour.
    pub fn ink(self, ink: Ink, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code()) } else { text.into() }
    }

    /// The text as a link (OSC 8) that terminals open; without colour, the text.
    pub fn link(self, address: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\") } else { text.into() }
    }
}

/// The columns that a text takes in a terminal.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// How a character that steers a terminal, or cannot be seen in it, is shown; `None` for all others. `before` is the
/// character before it: a joiner between two signs of an emoji is no threat.
pub fn visible(c: char, before: Option<char>) -> Option<String> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\u{7f}' => Some("␡".into()),
        '\u{200d}' if before.is_some_and(|b| !b.is_ascii()) => None,
        _ if is_unseen(c) => Some(c.escape_unicode().to_string()),
        _ => None,
    }
}

/// Whether a character beyond ASCII changes what is around it without being seen: directions, joiners, fillers, tags.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text of one line, with every threat made visible, and cut where it is beyond reading.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(4 * LONGEST));
    let mut before = None;
    for (n, c) in text.chars().enumerate() {
        if n == LONGEST {
            clean.push('…');
            break;
        }
        match visible(c, before) {
            Some(shown) => clean.push_str(&shown),
            None => clean.push(c),
        }
        before = Some(c);
    }
    clean
}

/// A text that may have several lines, each of them [`clean`].
pub fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// A line that may begin with foreign text: CI runners take one that begins with `::` for a command.
pub fn defused(line: &str) -> String {
    line.strip_prefix("::").map_or_else(|| line.into(), |rest| format!("\\u{{3a}}:{rest}"))
}

/// Breaks a text into lines of `room` columns, the first one of `first`. Words are kept whole where they fit a line;
/// addresses always, so that they can be opened.
pub fn wrap(text: &str, first: usize, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = vec![String::new()];
    let mut left = first;
    if first < LEAST.min(room) && width(text) > first {
        lines.push(String::new());
        left = room;
    }
    for (n, paragraph) in text.lines().enumerate() {
        if n > 0 {
            lines.push(String::new());
            left = room;
        }
        for word in paragraph.split(' ') {
            set_word(&mut lines, &mut left, word, room);
        }
    }
    lines
}

fn set_word(lines: &mut Vec<String>, left: &mut usize, word: &str, room: usize) {
    let wide = width(word);
    let Some(line) = lines.last_mut() else { return };
    let gap = usize::from(!line.is_empty());
    if wide + gap <= *left {
        line.push_str(if gap == 1 { " " } else { "" });
        line.push_str(word);
        *left -= wide + gap;
        return;
    }
    if gap == 1 || *left < room {
        lines.push(String::new());
        *left = room;
    }
    let is_address = word.contains("://");
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if wide > *left && !is_address {
            lines.push(String::new());
            *left = room;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        *left = left.saturating_sub(wide);
    }
}

/// `1 error`, `2 errors`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\r\n\t\u{7f}"), "a␛[31mb␇␍␊␉␡");
        assert_eq!(clean("x\u{202e}y\u{9b}2J\u{200b}"), "x\\u{202e}y\\u{9b}2J\\u{200b}");
        assert_eq!(clean("a\u{200d}b 👩\u{200d}🚀"), "a\\u{200d}b 👩\u{200d}🚀");
        assert_eq!(clean("größer 配置 é"), "größer 配置 é");
    }

    #[test]
    fn endless_text_ends() {
        assert_eq!(clean(&"x".repeat(1 << 20)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrap("a abcdefghij b", 4, 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(wrap("see https://example.org/long now", 8, 8), ["see", "https://example.org/long", "now"]);
        assert_eq!(wrap("配置 文件", 5, 5), ["配置", "文件"]);
        assert_eq!(wrap("", 10, 10), [""]);
    }

    #[test]
    fn a_first_line_without_room_is_left_empty() {
        assert_eq!(wrap("spark meets scala", 9, 40), ["", "spark meets scala"]);
        assert_eq!(wrap("fits", 9, 40), ["fits"]);
    }
}
