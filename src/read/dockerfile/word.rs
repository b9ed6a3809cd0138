//! Words of an instruction: how they are split, what quotes and escapes mean, where variables stand in them.

use super::text::Text;
use crate::source::{Span, Traced};
use std::collections::HashSet;
use std::ops::Range;

/// A value as written: quotes and escapes are resolved, variables are not.
#[derive(Debug, Clone)]
pub struct Word {
    /// The text; each variable stands in it as `$X` or `${X…}`.
    pub text: Text,
    /// Its variables in order; one inside another's operand follows it.
    pub variables: Vec<Variable>,
    /// The word as written, quotes included.
    pub span: Span,
    /// A template's action stands in it: its value is not known from the file.
    pub templated: bool,
}

/// A variable in a [`Word`]; places are byte ranges of the word's text.
#[derive(Debug, Clone)]
pub struct Variable {
    /// From its `$` to its end.
    pub range: Range<u32>,
    /// Its name.
    pub name: Range<u32>,
    /// What is made of its value.
    pub form: Form,
    /// Where the operand begins; it ends before the closing brace.
    pub operand: u32,
}

/// What a variable expression makes of the variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `$X`, `${X}`, and `${X:?words}`: the value.
    Value,
    /// `${X:-operand}`, and without the colon `${X-operand}`, which takes an empty value for a value.
    Default {
        /// Whether an empty value counts as none.
        empty_too: bool,
    },
    /// `${X:+operand}`, `${X+operand}`.
    Alternative {
        /// Whether an empty value counts as none.
        empty_too: bool,
    },
    /// `${X#pattern}` and what else there is: not evaluated.
    Other,
}

impl Word {
    /// A word without variables.
    pub(super) fn verbatim(text: Text, span: Span) -> Self {
        Self { text, variables: Vec::new(), span, templated: false }
    }

    /// The text as written, variables unresolved.
    pub fn raw(&self) -> Traced {
        self.text.traced(0..self.text.as_str().len())
    }

    /// A variable's name.
    pub fn name(&self, variable: &Variable) -> &str {
        self.text.as_str().get(variable.name.start as usize..variable.name.end as usize).unwrap_or_default()
    }
}

/// Whether a template's action stands in a text.
pub(super) fn is_templated(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("<%")
}

/// Splits at blanks, from `start` on; template actions stay whole.
pub(super) fn split(text: &str, start: usize) -> Vec<Range<usize>> {
    Words::new(text, start, None).collect()
}

/// Splits at blanks outside quotes, from `start` on; quotes, escapes and template actions stay in the words.
pub(super) fn split_quoted(text: &str, start: usize, escape: u8) -> Words<'_> {
    Words::new(text, start, Some(escape))
}

/// The words of a line, one by one.
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
    /// The escape character, where quotes and escapes count.
    escape: Option<u8>,
    /// A template action may still be closed below.
    closes: bool,
}

impl<'a> Words<'a> {
    fn new(text: &'a str, start: usize, escape: Option<u8>) -> Self {
        Self { text, at: start, escape, closes: true }
    }

    /// How far the action that begins here reaches; 1 where none does.
    fn action(&mut self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !self.closes || !rest.starts_with(b"{{") {
            return 1;
        }
        let close = memchr::memmem::find(rest, b"}}");
        self.closes = close.is_some();
        close.map_or(1, |close| close + 2)
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        self.at += bytes.get(self.at..)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let (start, mut quote) = (self.at, None);
        while let Some(&byte) = bytes.get(self.at) {
            self.at += match (quote, self.escape) {
                (None, _) if byte.is_ascii_whitespace() => break,
                // An escape takes the next character with it, but not inside single quotes.
                (_, Some(escape)) if byte == escape && quote != Some(b'\'') => 2,
                (None, Some(_)) if byte == b'"' || byte == b'\'' => {
                    quote = Some(byte);
                    1
                }
                (Some(open), _) if byte == open => {
                    quote = None;
                    1
                }
                (None, _) => self.action(),
                _ => 1,
            };
        }
        self.at = self.at.min(bytes.len());
        (start < self.at).then_some(start..self.at)
    }
}

/// Reads a part of a line as a word of Docker's own: quotes and escapes go, variables are found. None where a quote or a
/// brace stays open.
pub(super) fn docker(line: &Text, range: Range<usize>, escape: u8) -> Option<Word> {
    let place = line.span(&range);
    let mut scan = Scan::new(Mode::Docker, line, range, escape);
    while let Some(byte) = scan.peek(0) {
        match byte {
            b'\'' if !scan.double => scan.single_quoted()?,
            b'"' => {
                scan.double = !scan.double;
                scan.at += 1;
            }
            b'}' if !scan.double && !scan.open.is_empty() => scan.close_brace(),
            b'$' => scan.dollar()?,
            _ if byte == escape => {
                let goes = !scan.double || scan.peek(1).is_some_and(|n| n == b'"' || n == b'$' || n == escape);
                if goes {
                    scan.at += 1;
                    scan.copy_character();
                } else {
                    scan.copy_plain();
                }
            }
            _ => scan.copy_plain(),
        }
    }
    (!scan.double && scan.open.is_empty()).then(|| scan.finish(place))
}

/// Reads a command's text: everything stays as it is, variables outside single quotes and comments are found. Names the
/// command itself assigns are its own.
pub(super) fn shell(text: Text, place: Span) -> Word {
    if !text.as_str().contains('$') {
        return Word::verbatim(text, place);
    }
    let len = text.as_str().len();
    let mut scan = Scan::new(Mode::Shell, &text, 0..len, b'\\');
    while let Some(byte) = scan.peek(0) {
        match byte {
            b'\\' => scan.at += 2,
            b'\'' if !scan.double => scan.skip_past(b'\''),
            b'"' => {
                scan.double = !scan.double;
                scan.at += 1;
            }
            b'#' if !scan.double && scan.at_word_start() => scan.skip_past(b'\n'),
            b'}' if !scan.open.is_empty() => scan.close_brace(),
            b'$' if scan.dollar().is_some() => {}
            _ => scan.at += 1,
        }
    }
    let mut variables = scan.variables;
    let own = assigned(text.as_str());
    let name = |v: &Variable| text.as_str().get(v.name.start as usize..v.name.end as usize).unwrap_or_default();
    // A brace that never closes leaves its variable without an end.
    variables.retain(|v| v.range.end != 0 && !own.contains(name(v)));
    Word { variables, span: place, templated: false, text }
}

/// Names that a command gives values to: `X=`, `for X in`, `read X`.
fn assigned(text: &str) -> HashSet<&str> {
    let mut names = HashSet::new();
    let mut before = "";
    for token in
        text.split(|c: char| c.is_ascii_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')' | '{' | '}' | '"'))
    {
        if token.is_empty() {
            continue;
        }
        let name = token.split('=').next().unwrap_or_default().trim_end_matches('+');
        if token.contains('=') || before == "for" || before == "read" || before == "unset" {
            names.insert(name);
        }
        before = token;
    }
    names
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Docker,
    Shell,
}

/// One pass over a word. In Docker's mode `out` collects the text without quotes; in the shell's mode places are those of the line.
struct Scan<'a> {
    mode: Mode,
    line: &'a Text,
    bytes: &'a [u8],
    at: usize,
    end: usize,
    escape: u8,
    double: bool,
    out: Text,
    variables: Vec<Variable>,
    /// Variables whose operand is being read, and whether double quotes were open around them.
    open: Vec<(usize, bool)>,
}

impl<'a> Scan<'a> {
    fn new(mode: Mode, line: &'a Text, range: Range<usize>, escape: u8) -> Self {
        let span = line.span(&range);
        let out = Text::new(span.file, span.start as usize);
        let bytes = line.as_str().as_bytes();
        Self {
            mode,
            line,
            bytes,
            at: range.start,
            end: range.end.min(bytes.len()),
            escape,
            double: false,
            out,
            variables: Vec::new(),
            open: Vec::new(),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.bytes.get(at).copied()).flatten()
    }

    /// Copies one character, whatever it is.
    fn copy_character(&mut self) {
        let rest = self.bytes.get((self.at + 1).min(self.end)..self.end).unwrap_or_default();
        self.advance(1 + rest.iter().take_while(|b| (0x80..0xC0).contains(*b)).count());
    }

    /// Copies one byte and what follows it without a meaning of its own.
    fn copy_plain(&mut self) {
        let plain = |b: &u8| !matches!(b, b'\'' | b'"' | b'$' | b'}') && *b != self.escape;
        let rest = self.bytes.get((self.at + 1).min(self.end)..self.end).unwrap_or_default();
        self.advance(1 + rest.iter().take_while(|b| plain(b)).count());
    }

    fn single_quoted(&mut self) -> Option<()> {
        let start = self.at + 1;
        let close = start + memchr::memchr(b'\'', self.bytes.get(start..self.end)?)?;
        self.out.push_part(self.line, start..close);
        self.at = close + 1;
        Some(())
    }

    fn skip_past(&mut self, mark: u8) {
        let rest = self.bytes.get(self.at + 1..self.end).unwrap_or_default();
        self.at = memchr::memchr(mark, rest).map_or(self.end, |n| self.at + n + 2);
    }

    fn at_word_start(&self) -> bool {
        self.at.checked_sub(1).and_then(|i| self.bytes.get(i)).is_none_or(|b| b.is_ascii_whitespace() || *b == b';')
    }

    /// Where the next byte goes: into the word's text, or where it stands.
    fn place(&self) -> u32 {
        (if self.mode == Mode::Docker { self.out.as_str().len() } else { self.at }) as u32
    }

    fn advance(&mut self, len: usize) {
        let to = (self.at + len).min(self.end);
        if self.mode == Mode::Docker {
            self.out.push_part(self.line, self.at..to);
        }
        self.at = to;
    }

    fn name_len(&self, from: usize) -> usize {
        let rest = self.bytes.get((self.at + from).min(self.end)..self.end).unwrap_or_default();
        match rest.first() {
            Some(b) if b.is_ascii_alphabetic() || *b == b'_' => {
                rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
            }
            Some(b) if b.is_ascii_digit() => rest.iter().take_while(|b| b.is_ascii_digit()).count(),
            Some(b) if b"@*#?-$!".contains(b) => 1,
            _ => 0,
        }
    }

    /// Reads a variable at a `$`. None is a malformed one; in the shell's mode, one we leave alone.
    fn dollar(&mut self) -> Option<()> {
        let braced = self.peek(1) == Some(b'{');
        let lead = if braced { 2 } else { 1 };
        let len = self.name_len(lead);
        if len == 0 && !braced && self.mode == Mode::Docker {
            self.advance(1);
            return Some(());
        }
        let first = self.peek(lead)?;
        if len == 0 || (self.mode == Mode::Shell && !(first.is_ascii_alphabetic() || first == b'_')) {
            return None;
        }
        let start = self.place();
        let name = start + lead as u32..start + (lead + len) as u32;
        if !braced {
            self.advance(lead + len);
            self.variables.push(Variable { range: start..name.end, operand: name.end, form: Form::Value, name });
            return Some(());
        }
        let (form, mark) = self.form(lead + len)?;
        if form == Form::Other && self.mode == Mode::Shell {
            return None;
        }
        self.advance(lead + len + mark);
        let operand = self.place();
        self.open.push((self.variables.len(), self.double));
        self.variables.push(Variable { range: start..0, operand, form, name });
        self.double &= self.mode == Mode::Shell;
        Some(())
    }

    /// The form of a braced variable, from what follows its name, and the length of its mark.
    fn form(&self, ahead: usize) -> Option<(Form, usize)> {
        let colon = self.peek(ahead)? == b':';
        let mark = usize::from(colon) + 1;
        Some(match self.peek(ahead + usize::from(colon))? {
            b'}' if !colon => (Form::Value, 0),
            b'-' => (Form::Default { empty_too: colon }, mark),
            b'+' => (Form::Alternative { empty_too: colon }, mark),
            b'?' => (Form::Value, mark),
            _ => (Form::Other, 0),
        })
    }

    fn close_brace(&mut self) {
        self.advance(1);
        let end = self.place();
        let Some((index, double)) = self.open.pop() else { return };
        self.double = double;
        if let Some(variable) = self.variables.get_mut(index) {
            variable.range.end = end;
        }
    }

    fn finish(self, span: Span) -> Word {
        let templated = is_templated(self.out.as_str());
        Word { text: self.out, variables: self.variables, span, templated }
    }
}
