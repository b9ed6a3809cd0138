//! Tokens of a script: words with their parts, and what separates commands. Comments, redirections and here-documents go.

mod expansion;

use super::Dialect;
use std::ops::Range;

/// How deep defaults may stand in defaults: `${A:-${B:-c}}`.
const MAX_DEPTH: usize = 8;

/// A token.
pub(super) enum Token {
    Word(Raw),
    /// The file that a command's output goes to.
    Output(Raw),
    /// A line's or command's end.
    End,
    And,
    Or,
    Pipe,
    Open,
    Close,
    /// `;;`
    CaseEnd,
}

/// A word as written.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) parts: Vec<Part>,
    pub(super) range: Range<usize>,
    /// The items of `NAME=( … )`.
    pub(super) array: Option<Vec<Raw>>,
}

/// A part of a word; places are bytes of the script.
pub(super) struct Part {
    pub(super) kind: PartKind,
    pub(super) range: Range<usize>,
    pub(super) quoted: bool,
}

pub(super) enum PartKind {
    Text,
    Variable {
        name: Range<usize>,
        /// `${X[@]}`.
        all: bool,
        /// What stands for it where it has no value.
        default: Option<Vec<Part>>,
    },
    /// `$( … )`: the commands inside.
    Substitution(Range<usize>),
    /// An expression that is not evaluated.
    Opaque,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    dialect: Dialect,
    heredocs: Vec<(String, bool)>,
    target: Option<Target>,
    /// A number stands right before a redirection: `2>`.
    numbered: bool,
}

/// What the word behind a redirection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// The file that takes the output.
    Output,
    /// Any other: no word of the command.
    Other,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, range: Range<usize>, dialect: Dialect) -> Self {
        let end = range.end.min(text.len());
        Self { text, at: range.start, end, dialect, heredocs: Vec::new(), target: None, numbered: false }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(..self.end).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.at..).unwrap_or_default()
    }

    fn starts(&self, mark: &str) -> bool {
        self.rest().starts_with(mark.as_bytes())
    }

    /// How long the line break behind a backslash here is; 0 where there is none.
    fn continuation(&self) -> usize {
        [("\\\n", 2), ("\\\r\n", 3)].iter().find(|(mark, _)| self.starts(mark)).map_or(0, |(_, len)| *len)
    }

    fn skip_blanks(&mut self) {
        loop {
            let joined = self.continuation();
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(_) if joined > 0 => self.at += joined,
                _ => return,
            }
        }
    }

    fn operator(&mut self, len: usize, token: Token) -> Token {
        self.at += len;
        token
    }

    /// The rest of a `<` or `>`, and what its target is; none where that is no word of its own.
    fn redirect(&mut self) -> Option<Target> {
        let numbered = std::mem::take(&mut self.numbered);
        let mut target = Target::Other;
        if self.starts("<<<") {
            self.at += 3;
        } else if self.starts("<<") {
            self.at += 2;
            let dash = self.peek(0) == Some(b'-');
            self.at += usize::from(dash);
            self.skip_blanks();
            let from = self.at;
            let len = self.rest().iter().take_while(|b| !b.is_ascii_whitespace() && !b";&|()<>".contains(b)).count();
            self.at += len;
            let name = self.text.get(from..self.at).unwrap_or_default();
            self.heredocs.push((name.replace(['"', '\'', '\\'], ""), dash));
            return None;
        } else {
            let writes = self.peek(0) == Some(b'>') && self.peek(1) != Some(b'&') && !numbered;
            self.at += 1;
            self.at += self.rest().iter().take_while(|b| b">&|".contains(b)).count();
            if writes {
                target = Target::Output;
            }
        }
        // `<( … )` is a word of its own.
        (self.peek(0) != Some(b'(')).then_some(target)
    }

    /// Passes over the here-documents that the line before announced.
    fn skip_heredocs(&mut self) {
        for (name, dash) in std::mem::take(&mut self.heredocs) {
            while self.at < self.end {
                let rest = self.text.get(self.at..self.end).unwrap_or_default();
                let len = rest.find('\n').map_or(rest.len(), |n| n + 1);
                let line = rest.get(..len).unwrap_or_default().trim_end_matches(['\n', '\r']);
                self.at += len;
                if (if dash { line.trim_start_matches('\t') } else { line }) == name {
                    break;
                }
            }
        }
    }

    pub(super) fn next_token(&mut self) -> Option<Token> {
        loop {
            self.skip_blanks();
            let byte = self.peek(0)?;
            let token = match byte {
                b'\n' => {
                    self.at += 1;
                    self.target = None;
                    self.skip_heredocs();
                    Token::End
                }
                b'#' => {
                    self.at = memchr::memchr(b'\n', self.rest()).map_or(self.end, |n| self.at + n);
                    continue;
                }
                b';' if matches!(self.peek(1), Some(b';' | b'&')) => self.operator(2, Token::CaseEnd),
                b'&' if self.peek(1) == Some(b'&') => self.operator(2, Token::And),
                b'&' if self.peek(1) == Some(b'>') => {
                    self.at += 1;
                    continue;
                }
                b';' | b'&' => self.operator(1, Token::End),
                b'|' if self.peek(1) == Some(b'|') => self.operator(2, Token::Or),
                b'|' => self.operator(1, Token::Pipe),
                b'(' => self.operator(1, Token::Open),
                b')' => self.operator(1, Token::Close),
                b'<' | b'>' => {
                    self.target = self.redirect();
                    continue;
                }
                _ => {
                    let word = self.word();
                    let number = matches!(self.peek(0), Some(b'<' | b'>'))
                        && self.text.get(word.range.clone()).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
                    match self.target.take() {
                        Some(Target::Output) => Token::Output(word),
                        Some(Target::Other) => continue,
                        None if number => {
                            self.numbered = self.text.get(word.range) != Some("1");
                            continue;
                        }
                        None => Token::Word(word),
                    }
                }
            };
            return Some(token);
        }
    }

    fn word(&mut self) -> Raw {
        let start = self.at;
        let mut raw = Raw::default();
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')' | b'<' | b'>' => break,
                b'(' => {
                    let before = self.text.get(start..self.at).unwrap_or_default();
                    if !before.ends_with('=') || raw.array.is_some() {
                        break;
                    }
                    raw.array = Some(self.array());
                }
                b'\\' => {
                    let joined = self.continuation();
                    if joined > 0 {
                        self.at += joined;
                        continue;
                    }
                    self.at += 1;
                    self.character(&mut raw.parts, true);
                }
                b'\'' => self.single(&mut raw.parts),
                b'"' => self.double(&mut raw.parts),
                b'$' => self.dollar(&mut raw.parts, false, 0),
                b'`' => self.backtick(&mut raw.parts, false),
                b'{' if self.starts("{{") => self.action(&mut raw.parts, false),
                _ => self.character(&mut raw.parts, false),
            }
        }
        raw.range = start..self.at;
        raw
    }

    /// The items of an array, up to its parenthesis.
    fn array(&mut self) -> Vec<Raw> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek(0) {
                None => return items,
                Some(b')') => {
                    self.at += 1;
                    return items;
                }
                Some(b'#') => self.at = memchr::memchr(b'\n', self.rest()).map_or(self.end, |n| self.at + n),
                Some(b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(') => self.at += 1,
                Some(_) => items.push(self.word()),
            }
        }
    }

    /// One character that means itself.
    fn character(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let len = self.text.get(self.at..self.end).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        text(parts, self.at..(self.at + len).min(self.end), quoted);
        self.at = (self.at + len).min(self.end);
    }

    fn single(&mut self, parts: &mut Vec<Part>) {
        let from = self.at + 1;
        let len = memchr::memchr(b'\'', self.bytes().get(from..).unwrap_or_default());
        let to = len.map_or(self.end, |n| from + n);
        // An empty part still makes the word a quoted one.
        text(parts, from.min(to)..to, true);
        self.at = (to + 1).min(self.end);
    }

    fn double(&mut self, parts: &mut Vec<Part>) {
        self.at += 1;
        text(parts, self.at..self.at, true);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.continuation() > 0 => self.at += self.continuation(),
                b'\\' if matches!(self.peek(1), Some(b'$' | b'`' | b'"' | b'\\')) => {
                    self.at += 1;
                    self.character(parts, true);
                }
                b'$' => self.dollar(parts, true, 0),
                b'`' => self.backtick(parts, true),
                b'{' if self.starts("{{") => self.action(parts, true),
                _ => self.character(parts, true),
            }
        }
    }

    fn backtick(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let start = self.at;
        let close = memchr::memchr(b'`', self.bytes().get(start + 1..).unwrap_or_default());
        let inner = start + 1..close.map_or(self.end, |n| start + 1 + n);
        self.at = (inner.end + 1).min(self.end);
        parts.push(Part { kind: PartKind::Substitution(inner), range: start..self.at, quoted });
    }
}

/// Appends text to the parts, to the last of them where the two are one run.
fn text(parts: &mut Vec<Part>, range: Range<usize>, quoted: bool) {
    match parts.last_mut() {
        Some(Part { kind: PartKind::Text, range: last, quoted: q }) if *q == quoted && last.end == range.start => {
            last.end = range.end;
        }
        _ => parts.push(Part { kind: PartKind::Text, range, quoted }),
    }
}

/// Whether a text can be a variable's name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
