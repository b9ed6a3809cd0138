//! Words, numbers, texts and signs; comments go.

use crate::read::Loss;
use crate::read::joined::Joined;
use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// How deep texts may stand in one another's `${…}`.
const MAX_NESTING: usize = 8;

/// The longest pattern between slashes.
const MAX_PATTERN: usize = 512;

/// Signs of several characters, the longest first.
const SIGNS: [&str; 27] = [
    "===", "!==", "==~", "<=>", "...", "..<", "?.", "?:", "*.", "..", "->", "==", "!=", "<=", ">=", "=~", "&&", "||",
    "+=", "-=", "*=", "/=", "::", "<<", "!!", "++", "--",
];

/// A token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// It is the first on its line.
    pub(super) first: bool,
    /// Something stands between it and the one before.
    pub(super) apart: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A name; back ticks are left out.
    Word(Box<str>),
    Number,
    Text(Vec<Piece>),
    Sign(&'static str),
    Bracket(char),
    /// A single character of any other kind.
    Other(char),
}

/// A piece of a text.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Literal(Traced),
    /// The tokens of `${…}`, or of `$name`.
    Code(Vec<Token>, Range<usize>),
}

pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Span>,
    pub(super) losses: Vec<Loss>,
}

pub(super) fn lex(file: FileId, text: &str, kotlin: bool) -> Lexed {
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if text[at..].starts_with("#!") {
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
    let nothing = Lexed { tokens: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let mut reader = Lexer { file, text, at, kotlin, nesting: 0, lexed: nothing };
    reader.lexed.tokens = reader.tokens(false, text.len());
    reader.lexed
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    kotlin: bool,
    nesting: usize,
    lexed: Lexed,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn lose(&mut self, range: Range<usize>, message: &str) {
        self.lexed.losses.push(Loss::part(Span::new(self.file, range), message));
    }

    /// The tokens up to `limit`, or, inside of a text, up to the brace that ends its `${`.
    fn tokens(&mut self, inside: bool, limit: usize) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let (mut first, mut apart, mut open) = (true, true, 0_usize);
        while self.at < limit {
            let Some(c) = self.peek() else { break };
            let start = self.at;
            if c.is_whitespace() {
                self.at += c.len_utf8();
                first |= c == '\n';
                apart = true;
                continue;
            }
            // A line that goes on.
            if c == '\\' && self.rest()[1..].trim_start_matches('\r').starts_with('\n') {
                self.at += self.rest().find('\n').map_or(1, |end| end + 1);
                apart = true;
                continue;
            }
            if self.comment() {
                first |= self.text[start..self.at].contains('\n');
                apart = true;
                continue;
            }
            if inside && c == '}' && open == 0 {
                return tokens;
            }
            match c {
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            }
            let kind = self.token(c, tokens.last(), apart);
            tokens.push(Token { kind, range: start..self.at, first, apart });
            (first, apart) = (false, false);
        }
        tokens
    }

    /// Passes over a comment.
    fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            memchr::memchr(b'\n', rest.as_bytes())
                .map_or(rest.len(), |end| end - usize::from(rest[..end].ends_with('\r')))
        } else if rest.starts_with("/*") {
            let length = block_comment(rest, self.kotlin);
            if length.is_none() {
                self.lose(start..start + 2, "a comment without its end");
            }
            length.unwrap_or(self.rest().len())
        } else {
            return false;
        };
        self.at += length;
        self.lexed.comments.push(Span::new(self.file, start..self.at));
        true
    }

    fn token(&mut self, c: char, before: Option<&Token>, apart: bool) -> Kind {
        if is_word(c) && !c.is_ascii_digit() {
            let length = self.rest().find(|c| !is_word(c)).unwrap_or(self.rest().len());
            let word = self.rest()[..length].into();
            self.at += length;
            return Kind::Word(word);
        }
        if c.is_ascii_digit() {
            self.number();
            return Kind::Number;
        }
        match c {
            '`' => self.back_ticks(),
            '"' => self.text('"'),
            '\'' => self.text('\''),
            '/' if !self.kotlin && self.is_slashy(before, apart) => self.slashy(),
            '(' | ')' | '[' | ']' | '{' | '}' => {
                self.at += 1;
                Kind::Bracket(c)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| self.rest().starts_with(**sign));
                self.at += sign.map_or(c.len_utf8(), |sign| sign.len());
                sign.map_or(Kind::Other(c), |sign| Kind::Sign(sign))
            }
        }
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let mut length = 0;
        while let Some(byte) = bytes.get(length) {
            let point = *byte == b'.' && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || point) {
                break;
            }
            length += 1;
        }
        self.at += length;
    }

    fn back_ticks(&mut self) -> Kind {
        let start = self.at;
        let rest = &self.rest()[1..];
        if let Some(end) = rest.find(['`', '\n']).filter(|end| rest[*end..].starts_with('`')) {
            let word = rest[..end].into();
            self.at += end + 2;
            return Kind::Word(word);
        }
        self.at += 1;
        self.lose(start..start + 1, "a name without its second back tick");
        Kind::Other('`')
    }

    /// A pattern between slashes rather than a division: where no operand stands before, and it ends on its line.
    fn is_slashy(&self, before: Option<&Token>, apart: bool) -> bool {
        let rest = &self.rest()[1..];
        let can_start = match before.map(|token| &token.kind) {
            None | Some(Kind::Sign(_)) => true,
            Some(Kind::Other(c)) => *c != '`',
            Some(Kind::Bracket(c)) => !matches!(c, ')' | ']' | '}'),
            Some(Kind::Word(word)) => &**word == "return" || (apart && !rest.starts_with([' ', '='])),
            Some(Kind::Number | Kind::Text(_)) => false,
        };
        let ends = || rest.bytes().take(MAX_PATTERN).take_while(|byte| *byte != b'\n').any(|byte| byte == b'/');
        can_start && ends()
    }

    fn slashy(&mut self) -> Kind {
        let start = self.at + 1;
        let mut end = start;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'\\' if bytes.get(end + 1) == Some(&b'/') => end += 2,
                b'/' | b'\n' => break,
                _ => end += 1,
            }
        }
        self.at = (end + 1).min(self.text.len());
        let literal = Traced::literal(&self.text[start..end], Span::new(self.file, start..end));
        Kind::Text(vec![Piece::Literal(literal)])
    }

    fn text(&mut self, quote: char) -> Kind {
        let start = self.at;
        let three: String = std::iter::repeat_n(quote, 3).collect();
        let long = self.rest().starts_with(&three);
        self.at += if long { 3 } else { 1 };
        let end_mark = if long { three } else { quote.to_string() };
        // Kotlin's long texts know no escapes; Groovy's texts between single quotes fill nothing in.
        let (escapes, fills) = (!(long && self.kotlin), quote == '"');
        let mut pieces = Vec::new();
        let mut literal = Joined::new(self.file, self.at);
        loop {
            let rest = self.rest();
            if rest.starts_with(&end_mark) {
                // `""""` ends with its last three quotes.
                let more = if long { rest.chars().skip(3).take(2).take_while(|c| *c == quote).count() } else { 0 };
                literal.push(&self.text[self.at..self.at + more], self.at..self.at + more);
                self.at += more + end_mark.len();
                break;
            }
            let Some(c) = self.peek().filter(|c| long || *c != '\n') else {
                self.lose(start..start + if long { 3 } else { 1 }, "a text without its end");
                break;
            };
            match c {
                '\\' if escapes => self.escape(&mut literal),
                '$' if fills && self.fills() => {
                    if !literal.as_str().is_empty() {
                        let whole = literal.slice(0..literal.as_str().len());
                        pieces.push(Piece::Literal(whole));
                    }
                    pieces.push(self.filled());
                    literal = Joined::new(self.file, self.at);
                }
                _ => {
                    let stop = self.rest()[c.len_utf8()..].find(['\\', '$', '\n', quote]);
                    let length = stop.map_or(self.rest().len(), |stop| stop + c.len_utf8());
                    literal.push(&self.text[self.at..self.at + length], self.at..self.at + length);
                    self.at += length;
                }
            }
        }
        if !literal.as_str().is_empty() || pieces.is_empty() {
            pieces.push(Piece::Literal(literal.slice(0..literal.as_str().len())));
        }
        Kind::Text(pieces)
    }

    fn escape(&mut self, literal: &mut Joined) {
        let start = self.at;
        let Some(c) = self.rest()[1..].chars().next() else {
            self.at += 1;
            return;
        };
        let unicode = (c == 'u').then(|| u32::from_str_radix(self.rest().get(2..6)?, 16).ok()).flatten();
        let (value, length) = match (unicode.and_then(char::from_u32), c) {
            (Some(character), _) => (Some(character), 6),
            (_, 'n') => (Some('\n'), 2),
            (_, 't') => (Some('\t'), 2),
            (_, 'r') => (Some('\r'), 2),
            // A line that goes on.
            (_, '\n') => (None, 2),
            (_, other) => (Some(other), 1 + other.len_utf8()),
        };
        let mut buffer = [0; 4];
        literal.push(value.map_or("", |c| c.encode_utf8(&mut buffer)), start..start + length);
        self.at += length;
    }

    /// Whether the dollar sign here fills something in.
    fn fills(&self) -> bool {
        self.rest()[1..].starts_with(|c: char| c == '{' || c == '_' || c.is_alphabetic())
    }

    fn filled(&mut self) -> Piece {
        let start = self.at;
        self.at += 1;
        if self.peek() == Some('{') {
            self.at += 1;
            let limit = if self.nesting >= MAX_NESTING { self.at } else { self.text.len() };
            self.nesting += 1;
            let tokens = self.tokens(true, limit);
            self.nesting -= 1;
            if self.peek() == Some('}') {
                self.at += 1;
            } else {
                self.lose(start..start + 2, "a `${` without its end, or too deep in others");
            }
            return Piece::Code(tokens, start..self.at);
        }
        // Groovy's `$a.b` goes on over the dots, Kotlin's does not.
        let mut tokens = Vec::new();
        loop {
            let from = self.at;
            let length = self.rest().find(|c| !is_word(c)).unwrap_or(self.rest().len());
            let word: Box<str> = self.rest()[..length].into();
            self.at += length;
            tokens.push(Token { kind: Kind::Word(word), range: from..self.at, first: false, apart: false });
            let mut behind = self.rest().chars();
            let goes_on = behind.next() == Some('.') && behind.next().is_some_and(|c| c == '_' || c.is_alphabetic());
            if self.kotlin || !goes_on || tokens.len() > MAX_NESTING * 2 {
                break;
            }
            tokens.push(Token { kind: Kind::Other('.'), range: self.at..self.at + 1, first: false, apart: false });
            self.at += 1;
        }
        Piece::Code(tokens, start..self.at)
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// How long a comment is; Kotlin's stand in one another.
fn block_comment(text: &str, nests: bool) -> Option<usize> {
    if !nests {
        return text.get(2..)?.find("*/").map(|end| end + 4);
    }
    let (bytes, mut open, mut at) = (text.as_bytes(), 0_usize, 0);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'/', b'*') => (open, at) = (open + 1, at + 2),
            (b'*', b'/') if open == 1 => return Some(at + 2),
            (b'*', b'/') => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
    }
    None
}
