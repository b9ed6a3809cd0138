//! Go's tokens, with the semicolons that ends of lines stand for.

use crate::read::loss::Loss;
use crate::source::{FileId, Span};

/// A token's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    End,
    Name,
    Int,
    Float,
    Imaginary,
    Char,
    Text,
    Keyword(Keyword),
    /// Operators and delimiters that only their own bytes tell apart.
    Op(Op),
    /// A semicolon, written or not.
    Semi,
}

macro_rules! words {
    ($name:ident, $table:ident, $doc:literal: $($variant:ident $text:literal),* $(,)?) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum $name { $($variant),* }

        const $table: &[(&str, $name)] = &[$(($text, $name::$variant)),*];
    };
}

words! { Keyword, KEYWORDS, "The reserved words.":
    Break "break", Case "case", Chan "chan", Const "const", Continue "continue", Default "default", Defer "defer",
    Else "else", Fallthrough "fallthrough", For "for", Func "func", Go "go", Goto "goto", If "if", Import "import",
    Interface "interface", Map "map", Package "package", Range "range", Return "return", Select "select",
    Struct "struct", Switch "switch", Type "type", Var "var",
}

words! { Op, OPS, "Operators and delimiters, the longest first.":
    ShlAssign "<<=", ShrAssign ">>=", AndNotAssign "&^=", Dots "...",
    AndAnd "&&", OrOr "||", Arrow "<-", Inc "++", Dec "--", Equal "==", NotEqual "!=", LessEqual "<=",
    GreaterEqual ">=", Define ":=", AddAssign "+=", SubAssign "-=", MulAssign "*=", DivAssign "/=", ModAssign "%=",
    AndAssign "&=", OrAssign "|=", XorAssign "^=", Shl "<<", Shr ">>", AndNot "&^",
    Add "+", Sub "-", Star "*", Div "/", Mod "%", And "&", Or "|", Xor "^", Less "<", Greater ">", Assign "=",
    Not "!", Open "(", Close ")", OpenIndex "[", CloseIndex "]", OpenBrace "{", CloseBrace "}", Comma ",", Colon ":",
    Dot ".", Tilde "~",
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A text's tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    /// In order; the last is [`Kind::End`].
    pub(super) list: Vec<Token>,
    pub(super) comments: Vec<Span>,
    pub(super) losses: Vec<Loss>,
}

struct Lexer<'t> {
    file: FileId,
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    out: Tokens,
}

/// Splits a text.
pub(super) fn lex(file: FileId, text: &str) -> Tokens {
    let out = Tokens { list: Vec::with_capacity(text.len() / 4), comments: Vec::new(), losses: Vec::new() };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer = Lexer { file, bytes: text.as_bytes(), text, at: start, out };
    while lexer.next() {}
    lexer.semicolon(text.len());
    lexer.push(Kind::End, text.len());
    lexer.out
}

impl Lexer<'_> {
    fn push(&mut self, kind: Kind, start: usize) {
        self.out.list.push(Token { kind, start: start as u32, end: self.at as u32 });
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn next(&mut self) -> bool {
        let start = self.at;
        let Some(&byte) = self.bytes.get(start) else { return false };
        match byte {
            b'\n' => {
                self.semicolon(start);
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
            b'/' if self.byte(start + 1) == b'/' => self.line_comment(),
            b'/' if self.byte(start + 1) == b'*' => self.block_comment(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(start + 1).is_ascii_digit() => self.number(),
            b'"' => self.quoted(b'"', Kind::Text),
            b'\'' => self.quoted(b'\'', Kind::Char),
            b'`' => self.raw(),
            b';' => {
                self.at += 1;
                self.push(Kind::Semi, start);
            }
            _ => self.operator(),
        }
        true
    }

    /// An end of line ends a statement behind these tokens.
    fn semicolon(&mut self, at: usize) {
        let ends = self.out.list.last().is_some_and(|last| match last.kind {
            Kind::Name | Kind::Int | Kind::Float | Kind::Imaginary | Kind::Char | Kind::Text => true,
            Kind::Keyword(word) => {
                matches!(word, Keyword::Break | Keyword::Continue | Keyword::Fallthrough | Keyword::Return)
            }
            Kind::Op(op) => matches!(op, Op::Inc | Op::Dec | Op::Close | Op::CloseIndex | Op::CloseBrace),
            Kind::Semi | Kind::End => false,
        });
        if ends {
            self.out.list.push(Token { kind: Kind::Semi, start: at as u32, end: at as u32 });
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |n| start + n);
        let visible = if self.byte(end.saturating_sub(1)) == b'\r' { end - 1 } else { end };
        self.out.comments.push(Span::new(self.file, start..visible));
        self.at = end;
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let body = &self.bytes[start + 2..];
        let end = memchr::memmem::find(body, b"*/").map(|n| start + 2 + n + 2);
        if end.is_none() {
            self.lost(start, start + 2, "this comment has no end");
        }
        let end = end.unwrap_or(self.bytes.len());
        if self.bytes[start..end].contains(&b'\n') {
            self.semicolon(start);
        }
        self.out.comments.push(Span::new(self.file, start..end));
        self.at = end;
    }

    fn lost(&mut self, start: usize, end: usize, why: &str) {
        if self.out.losses.len() < super::MAX_LOSSES {
            let span = Span::new(self.file, start..end.min(self.bytes.len()));
            self.out.losses.push(Loss::part(span, format!("Go syntax that cannot be read: {why}")));
        }
    }

    fn word(&mut self) {
        let start = self.at;
        loop {
            let byte = self.byte(self.at);
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                self.at += 1;
            } else if byte >= 0x80
                && let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next())
                && (c.is_alphanumeric() || self.at == start)
            {
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        let first = word.chars().next().unwrap_or('_');
        if !(first.is_alphabetic() || first == '_') {
            let shown = word.escape_default().to_string();
            return self.lost(start, self.at, &format!("`{shown}` cannot stand here"));
        }
        let keyword = (2..=11).contains(&word.len()).then(|| KEYWORDS.iter().find(|(text, _)| *text == word)).flatten();
        self.push(keyword.map_or(Kind::Name, |(_, keyword)| Kind::Keyword(*keyword)), start);
    }

    fn number(&mut self) {
        let start = self.at;
        let hex = self.byte(start) == b'0' && matches!(self.byte(start + 1), b'x' | b'X' | b'b' | b'B' | b'o' | b'O');
        let mut kind = Kind::Int;
        loop {
            let byte = self.byte(self.at);
            let exponent = if hex { matches!(byte, b'p' | b'P') } else { matches!(byte, b'e' | b'E') };
            if exponent {
                kind = Kind::Float;
                self.at += 1 + usize::from(matches!(self.byte(self.at + 1), b'+' | b'-'));
            } else if byte == b'.' {
                kind = Kind::Float;
                self.at += 1;
            } else if byte == b'i' {
                kind = Kind::Imaginary;
                self.at += 1;
            } else if byte.is_ascii_alphanumeric() || byte == b'_' {
                self.at += 1;
            } else {
                break;
            }
        }
        self.push(kind, start);
    }

    fn quoted(&mut self, quote: u8, kind: Kind) {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte(self.at) {
                b'\\' if self.at + 1 < self.bytes.len() && self.byte(self.at + 1) != b'\n' => self.at += 2,
                byte if byte == quote => {
                    self.at += 1;
                    break;
                }
                b'\n' | 0 if self.at >= self.bytes.len() || self.byte(self.at) == b'\n' => {
                    self.lost(start, start + 1, "this quote has no end on its line");
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.push(kind, start);
    }

    fn raw(&mut self) {
        let start = self.at;
        let end = memchr::memchr(b'`', &self.bytes[start + 1..]).map(|n| start + 1 + n + 1);
        if end.is_none() {
            self.lost(start, start + 1, "this quote has no end");
        }
        self.at = end.unwrap_or(self.bytes.len());
        self.push(Kind::Text, start);
    }

    fn operator(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        if let Some((text, op)) = OPS.iter().find(|(text, _)| rest.starts_with(text.as_bytes())) {
            self.at += text.len();
            self.push(Kind::Op(*op), start);
        } else {
            self.at += 1;
            let shown = self.byte(start).escape_ascii().to_string();
            self.lost(start, start + 1, &format!("`{shown}` cannot stand here"));
        }
    }
}
