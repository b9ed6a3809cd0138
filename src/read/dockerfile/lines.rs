//! From the lines of a file to logical lines: continuations joined, comments and heredocs taken out, as Docker does it.

use super::text::Text;
use super::word;
use crate::read::Loss;
use crate::source::{FileId, Span};
use std::ops::Range;

/// After so many heredocs without an end, no further one is looked for: each costs a walk to the end of the file.
const MAX_UNTERMINATED: usize = 16;

/// Walks the lines of a file.
pub(super) struct Lines<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    /// `\`, or what an `escape` directive says.
    pub(super) escape: u8,
    /// The file names a frontend of its own, whose instructions we need not know.
    pub(super) foreign_syntax: bool,
    /// A template's marks stand outside of commands: what cannot be read may be the template's.
    pub(super) templated: bool,
    pub(super) comments: Vec<Span>,
    pub(super) losses: Vec<Loss>,
    unterminated: usize,
    open_template: bool,
}

/// One instruction's text, without its heredocs.
pub(super) struct Logical {
    /// The joined line, blanks around it trimmed.
    pub(super) text: Text,
    /// The file's bytes from its first to its last.
    pub(super) range: Range<usize>,
}

/// The content of a heredoc.
pub(super) struct Heredoc {
    /// The file's bytes between the line that opens it and the line that ends it.
    pub(super) body: Range<usize>,
    /// The line that ends it.
    pub(super) end: Range<usize>,
    /// The word that opens it, in the logical line.
    pub(super) word: Range<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        let mut lines = Self {
            file,
            text,
            at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            escape: b'\\',
            foreign_syntax: false,
            templated: false,
            comments: Vec::new(),
            losses: Vec::new(),
            unterminated: 0,
            open_template: true,
        };
        lines.directives();
        lines
    }

    /// The bytes of the line at `at`, without its line break, and where the next one begins.
    fn line_at(&self, at: usize) -> Option<(Range<usize>, usize)> {
        let rest = self.text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(self.text.len(), |n| at + n);
        let body = self.text.get(at..end)?.trim_end_matches('\r');
        Some((at..at + body.len(), (end + 1).min(self.text.len())))
    }

    fn slice(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The parser directives at the top; they are comments all the same, and are read again as such.
    fn directives(&mut self) {
        let mut at = self.at;
        while let Some((line, next)) = self.line_at(at) {
            let body = self.slice(&line);
            let Some((key, value)) = body.trim_start().strip_prefix('#').and_then(|d| d.split_once('=')) else { break };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "escape" => self.escape_directive(value, &line),
                "syntax" => self.foreign_syntax |= !value.contains("docker/dockerfile"),
                "check" => {}
                _ => break,
            }
            at = next;
        }
    }

    fn escape_directive(&mut self, value: &str, line: &Range<usize>) {
        match value {
            "\\" => self.escape = b'\\',
            "`" => self.escape = b'`',
            _ => self.losses.push(Loss::part(
                Span::new(self.file, line.clone()),
                format!("`{value}` is no escape character: write `\\` or a backtick"),
            )),
        }
    }

    /// The next instruction's line.
    pub(super) fn next_logical(&mut self) -> Option<Logical> {
        loop {
            let (line, next) = self.line_at(self.at)?;
            self.at = next;
            let body = self.slice(&line);
            let lead = body.len() - body.trim_ascii_start().len();
            let trimmed = line.start + lead..line.end;
            if self.slice(&trimmed).is_empty() || self.take_comment(&trimmed) || self.take_template(&trimmed, false) {
                continue;
            }
            if let Some(logical) = self.joined(trimmed) {
                return Some(logical);
            }
        }
    }

    /// Joins the lines that `first` continues on.
    fn joined(&mut self, first: Range<usize>) -> Option<Logical> {
        let mut text = Text::new(self.file, first.start);
        let (mut part, mut more) = self.without_continuation(&first);
        let mut end = part.end;
        text.push(self.slice(&part), part.clone());
        while more {
            let Some((line, next)) = self.line_at(self.at) else { break };
            self.at = next;
            let body = self.slice(&line);
            let lead = body.len() - body.trim_ascii_start().len();
            let trimmed = line.start + lead..line.end;
            if trimmed.is_empty() || self.take_comment(&trimmed) || self.take_template(&trimmed, true) {
                continue;
            }
            (part, more) = self.without_continuation(&line);
            text.push(self.slice(&part), part.clone());
            if !self.slice(&part).trim_ascii().is_empty() {
                end = part.end;
            }
        }
        let kept = text.as_str().trim_ascii_end().len();
        if kept == 0 {
            return None;
        }
        let trailing = self.slice(&(first.start..end));
        let range = first.start..first.start + trailing.trim_ascii_end().len();
        let mut trimmed = Text::new(self.file, first.start);
        trimmed.push_part(&text, 0..kept);
        Some(Logical { text: trimmed, range })
    }

    /// A line without the escape at its end, and whether there was one.
    fn without_continuation(&self, line: &Range<usize>) -> (Range<usize>, bool) {
        let body = self.slice(line).trim_end_matches([' ', '\t']).as_bytes();
        match body {
            [.., before, last] if *last == self.escape && *before != self.escape => {}
            [last] if *last == self.escape => {}
            _ => return (line.clone(), false),
        }
        (line.start..line.start + body.len() - 1, true)
    }

    fn take_comment(&mut self, trimmed: &Range<usize>) -> bool {
        let is_comment = self.slice(trimmed).starts_with('#');
        if is_comment {
            self.comments.push(Span::new(self.file, trimmed.clone()));
        }
        is_comment
    }

    /// A line that begins with a template's action, and the lines up to the action's end. Inside a continued instruction
    /// (`inside`) a line that goes on after the action is the instruction's own.
    fn take_template(&mut self, trimmed: &Range<usize>, inside: bool) -> bool {
        let body = self.slice(trimmed).trim_ascii_end();
        if !inside && is_placeholder(body) {
            self.templated = true;
            self.losses.push(template_loss(Span::new(self.file, trimmed.start..trimmed.start + body.len())));
            return true;
        }
        let Some(close) = template_close(body) else { return false };
        let here = body.contains(close);
        let end = if here { None } else { self.action_end(close) };
        if inside && !(if here { body.ends_with(close) } else { end.is_some() }) {
            return false;
        }
        self.templated = true;
        self.losses.push(template_loss(Span::new(self.file, trimmed.start..trimmed.start + body.len())));
        self.at = end.unwrap_or(self.at);
        true
    }

    /// Where the line after the one that ends an action begins.
    fn action_end(&mut self, close: &str) -> Option<usize> {
        let mut at = self.at;
        while let Some((line, next)) = self.line_at(at).filter(|_| self.open_template) {
            if self.slice(&line).contains(close) {
                return Some(next);
            }
            at = next;
        }
        // No action ends below: further ones need not look again.
        self.open_template = false;
        None
    }

    /// Takes the heredocs that a logical line opens. One without an end is a loss, and the line stands as it is.
    pub(super) fn heredocs(&mut self, line: &Text) -> Vec<Heredoc> {
        let value = line.as_str();
        if !value.contains("<<") {
            return Vec::new();
        }
        let mut found = Vec::new();
        for word in word::split_quoted(value, 0, self.escape) {
            let Some((name, chomp)) = heredoc_name(value.get(word.clone()).unwrap_or_default()) else { continue };
            if self.unterminated >= MAX_UNTERMINATED {
                break;
            }
            let Some((body, end, next)) = self.find_end(&name, chomp) else {
                self.unterminated += 1;
                self.losses.push(Loss::part(line.span(&word), format!("the heredoc `{name}` has no end")));
                continue;
            };
            self.at = next;
            found.push(Heredoc { body, end, word });
        }
        found
    }

    fn find_end(&self, name: &str, chomp: bool) -> Option<(Range<usize>, Range<usize>, usize)> {
        let mut at = self.at;
        while let Some((line, next)) = self.line_at(at) {
            let body = self.slice(&line);
            let body = if chomp { body.trim_start_matches('\t') } else { body };
            if body == name {
                return Some((self.at..at, line.end - body.len()..line.end, next));
            }
            at = next;
        }
        None
    }
}

/// What ends the template action that a line begins with.
fn template_close(line: &str) -> Option<&'static str> {
    [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")]
        .into_iter()
        .find_map(|(open, close)| line.starts_with(open).then_some(close))
}

/// Whether a line is only a name that Python's `format` fills in: `{args}`.
fn is_placeholder(line: &str) -> bool {
    let name = line.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

pub(super) fn template_loss(span: Span) -> Loss {
    Loss::limit(span, "a template's action is not read")
}

/// The name of the heredoc that a word opens, as `<<NAME`, `<<-NAME`, `<<"NAME"` or `3<<NAME`, and whether tabs before its end go.
fn heredoc_name(word: &str) -> Option<(String, bool)> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (chomp, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    if rest.contains('<') {
        return None;
    }
    let name: String = rest.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    (!name.is_empty()).then_some((name, chomp))
}
