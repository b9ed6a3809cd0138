//! The lexer's half of `go.mod`: statements of tokens, blocks taken apart, comments kept.

use crate::read::Loss;
use crate::source::{FileId, Span};
use std::ops::Range;

/// A statement: a line of its own or a line of a block, the directive's word first.
#[derive(Debug, Clone)]
pub(super) struct Statement<'t> {
    /// The directive: `require`.
    pub(super) verb: &'t str,
    /// The directive's own bytes; for a line of a block those that open the block.
    pub(super) verb_span: Span,
    /// What follows it.
    pub(super) words: Vec<Word<'t>>,
    /// The comment at the line's end, without `//`.
    pub(super) comment: Option<&'t str>,
    /// The line's own bytes, comment and blanks excluded.
    pub(super) span: Span,
    /// Whether it stands in a block.
    pub(super) in_block: bool,
}

/// A token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    /// As written, quotes included.
    pub(super) text: &'t str,
    /// Its bytes.
    pub(super) span: Span,
}

/// What the lexer makes of a file.
#[derive(Debug, Default)]
pub(super) struct Lexed<'t> {
    pub(super) statements: Vec<Statement<'t>>,
    pub(super) comments: Vec<Span>,
    pub(super) losses: Vec<Loss>,
}

/// Takes the text apart. A line with a fault is lost alone; a block that is never closed keeps its lines.
pub(super) fn statements(file: FileId, text: &str) -> Lexed<'_> {
    let mut lexed = Lexed::default();
    let mut block: Option<Word<'_>> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let skipped = if at == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        match words(file, &line[skipped..], at + skipped) {
            Ok((words, comment)) => {
                lexed.comments.extend(comment.clone().map(|c| Span::new(file, c)));
                let comment = comment.and_then(|c| text.get(c)?.strip_prefix("//"));
                block = lexed.add(block, words, comment);
            }
            Err(loss) => lexed.losses.push(loss),
        }
        at += line.len();
    }
    if let Some(open) = block {
        lexed.losses.push(Loss::part(open.span, format!("the `{}` block is never closed", open.text)));
    }
    lexed
}

impl<'t> Lexed<'t> {
    /// Takes one line, inside `block` or not, and gives the block the next line stands in.
    fn add(&mut self, block: Option<Word<'t>>, words: Vec<Word<'t>>, comment: Option<&'t str>) -> Option<Word<'t>> {
        let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { return block };
        if let (Some(open), "(") = (block, last.text) {
            self.losses.push(Loss::part(open.span, format!("the `{}` block is never closed", open.text)));
            return self.add(None, words, comment);
        }
        let span = first.span.cover(last.span);
        if let Some(verb) = block {
            if first.text != ")" {
                let (verb, verb_span) = (verb.text, verb.span);
                self.statements.push(Statement { verb, verb_span, words, comment, span, in_block: true });
                return block;
            }
            if words.len() > 1 {
                self.losses.push(Loss::part(span, "a new line must follow `)`"));
            }
            return None;
        }
        match words.as_slice() {
            [_, open] if open.text == "(" => return Some(first),
            [_, open, close] if (open.text, close.text) == ("(", ")") => {}
            [.., open] if open.text == "(" => {
                self.losses.push(Loss::part(span, format!("`(` must follow `{}` alone", first.text)));
                return Some(first);
            }
            _ => {
                let words = words.get(1..).unwrap_or_default().to_vec();
                let (verb, verb_span) = (first.text, first.span);
                self.statements.push(Statement { verb, verb_span, words, comment, span, in_block: false });
            }
        }
        None
    }
}

type Line<'t> = (Vec<Word<'t>>, Option<Range<usize>>);

/// The tokens of one line that starts at the byte `base`, and its comment.
fn words(file: FileId, line: &str, base: usize) -> Result<Line<'_>, Loss> {
    let span = |range: Range<usize>| Span::new(file, base + range.start..base + range.end);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let len = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            _ if rest.starts_with("//") => {
                return Ok((found, Some(base + at..base + at + rest.trim_end_matches(['\r', '\n']).len())));
            }
            _ if rest.starts_with("/*") => {
                return Err(Loss::part(span(at..at + 2), "comments in go.mod start with `//`, not `/*`"));
            }
            '(' | ')' | '[' | ']' | '{' | '}' | ',' => 1,
            '"' | '`' => quoted(rest, c)
                .ok_or_else(|| Loss::part(span(at..line.trim_end().len()), "the quoted text is never closed"))?,
            c if is_word(c) => word(rest),
            c => return Err(Loss::part(span(at..at + c.len_utf8()), format!("{c:?} cannot stand here"))),
        };
        found.push(Word { text: &line[at..at + len], span: span(at..at + len) });
        at += len;
    }
    Ok((found, None))
}

fn is_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !"()[]{},".contains(c)
}

/// How long the word at the start is: up to a bracket, a blank or a comment.
fn word(rest: &str) -> usize {
    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let comment = |mark| memchr::memmem::find(&rest.as_bytes()[..end], mark);
    [comment(b"//"), comment(b"/*")].into_iter().flatten().min().unwrap_or(end)
}

/// How long the quoted text at the start is, quotes included.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    rest.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = !escaped && c == '\\' && quote == '"';
        closes.then_some(at + 1)
    })
}
