//! Finding template actions: `{{ … }}` of Go templates and Jinja, `{% … %}` and `{# … #}` of Jinja.

use std::ops::Range;

/// The longest action that is looked for, in bytes.
const MAX_ACTION: usize = 64 * 1024;

/// One template action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::yaml) struct Action {
    /// Its bytes, brackets included.
    pub(in crate::read::yaml) range: Range<usize>,
    /// What it does.
    pub(in crate::read::yaml) role: Role,
    /// Nothing else stands on its lines.
    pub(in crate::read::yaml) whole_line: bool,
    /// The column at which its output begins: where it stands, or what it says itself.
    pub(in crate::read::yaml) column: usize,
    /// The column it says itself (`nindent 8`).
    pub(in crate::read::yaml) indent: Option<usize>,
}

/// What an action does to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read::yaml) enum Role {
    /// Writes text.
    Output,
    /// Keeps, drops or repeats what follows (`if`, `range`, `with`, `for`).
    Branch,
    /// Neither: `end`, a comment, an assignment.
    Silent,
}

impl Action {
    /// Whether it has its lines to itself and entries may come or go because of it.
    pub(in crate::read::yaml) fn may_add(&self) -> bool {
        self.whole_line && self.role != Role::Silent
    }
}

/// The actions of a text and the comments among them, in order.
pub(super) fn find(text: &str) -> (Vec<Action>, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let (mut actions, mut comments) = (Vec::new(), Vec::new());
    let mut seen = Closers::default();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'{', &bytes[at..]).map(|n| at + n) {
        let end = match bytes.get(start + 1) {
            Some(b'{') => seen.go_end(bytes, start + 2),
            Some(b'%') => seen.jinja_end(text, start, "%}"),
            Some(b'#') if start == 0 || bytes[start - 1] != b'$' => seen.jinja_end(text, start, "#}"),
            _ => None,
        };
        if let Some(range) = terraform(text, start) {
            at = range.end;
            actions.push(classify(text, range));
            continue;
        }
        let Some(end) = end else {
            at = start + 1;
            continue;
        };
        comments.extend(comment(text, start..end));
        actions.push(classify(text, start..end));
        at = end;
    }
    (actions, comments)
}

/// A Terraform directive (`%{ if x ~}`) that has its line to itself; `open` is its bracket.
fn terraform(text: &str, open: usize) -> Option<Range<usize>> {
    let start = open.checked_sub(1).filter(|at| text.as_bytes()[*at] == b'%')?;
    let end = open + memchr::memchr2(b'}', b'\n', &text.as_bytes()[open..])? + 1;
    let lead = text[..start].bytes().rev().find(|b| !matches!(b, b' ' | b'\t'));
    let tail = text[end..].bytes().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    let is_alone = matches!(lead, None | Some(b'\n')) && matches!(tail, None | Some(b'\n'));
    (is_alone && text[..end].ends_with('}')).then_some(start..end)
}

/// The words of an action, without brackets and trim marks.
fn words<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let inner = text.get(range.start + 2..range.end - 1).unwrap_or_default();
    inner.trim_end_matches(['}', '%', '#']).trim_matches(['-', '+', '~']).trim()
}

fn classify(text: &str, range: Range<usize>) -> Action {
    let words = words(text, &range);
    let first = words.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let is_block = text[range.start..].starts_with("{%") || text[range.start..].starts_with('%');
    let is_assignment = words.starts_with('$') && words.split_whitespace().nth(1).is_some_and(|w| w == ":=" || w == "=");
    let is_comment = words.starts_with("/*") || text[range.start..].starts_with("{#");
    let role = match first {
        "if" | "else" | "range" | "with" | "elif" | "for" => Role::Branch,
        "end" | "define" | "break" | "continue" => Role::Silent,
        "include" | "call" | "block" | "import" => Role::Output,
        _ if is_comment || is_assignment || is_block => Role::Silent,
        _ => Role::Output,
    };
    let indent = if role == Role::Output { said_indent(words) } else { None };
    Action { column: indent.unwrap_or_default(), range, role, whole_line: false, indent }
}

/// The number behind the last `indent` or `nindent`.
fn said_indent(words: &str) -> Option<usize> {
    let behind = words.rsplit_once("indent ")?.1.trim_start();
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    behind[..digits].parse().ok().filter(|n| *n < 1000)
}

/// The comment in a comment action, with the marks that directives may stand behind.
fn comment(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    if text[range.start..].starts_with("{#") {
        return Some(range.start + 1..range.end - 1);
    }
    let inner = &text[range.clone()];
    let start = range.start + inner.find("/*")?;
    let end = range.start + inner.rfind("*/")? + 2;
    words(text, &range).starts_with("/*").then_some(start..end)
}

/// What was looked for and stands nowhere in the rest of the text: looked for once only, so that the search stays linear.
#[derive(Default)]
struct Closers {
    no_comment_end: bool,
    no_raw_end: bool,
    no_brackets: bool,
    no_block_end: bool,
    no_hash_end: bool,
}

impl Closers {
    /// One past the `}}` that closes a `{{` action whose inside begins at `from`.
    fn go_end(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.no_brackets {
            return None;
        }
        let limit = bytes.len().min(from + MAX_ACTION);
        let inside = bytes.get(from..limit)?;
        let comment = inside.strip_prefix(b"-").unwrap_or(inside).trim_ascii_start().starts_with(b"/*");
        if comment && !self.no_comment_end {
            match memchr::memmem::find(&bytes[from..], b"*/") {
                Some(n) => return closing(bytes, from + n).map(|n| n + 2),
                None => self.no_comment_end = true,
            }
        }
        let mut at = from;
        while at < limit {
            match bytes[at] {
                b'}' if bytes.get(at + 1) == Some(&b'}') => {
                    // `{{{ x }}}`, and a map that ends just before the brackets.
                    let more = bytes[at + 2..].iter().take_while(|b| **b == b'}').count().min(1);
                    let opened = bytes.get(from) == Some(&b'{') || bytes[from..at].contains(&b'{');
                    return Some(at + 2 + if opened { more } else { 0 });
                }
                b'{' if at > from && bytes.get(at + 1) == Some(&b'{') => return None,
                b'"' | b'\'' => at = quoted_end(bytes, at, limit),
                b'`' => at = self.raw_end(bytes, at, limit),
                _ => at += 1,
            }
        }
        match closing(bytes, from) {
            Some(n) if n < limit => Some(n + 2),
            Some(_) => None,
            None => {
                self.no_brackets = true;
                None
            }
        }
    }

    fn raw_end(&mut self, bytes: &[u8], at: usize, limit: usize) -> usize {
        if self.no_raw_end {
            return at + 1;
        }
        let Some(n) = memchr::memchr(b'`', &bytes[at + 1..]) else {
            self.no_raw_end = true;
            return at + 1;
        };
        if at + n + 2 > limit { at + 1 } else { at + n + 2 }
    }

    /// One past the end of a Jinja block or comment: on the same line, or of an action that begins its line.
    fn jinja_end(&mut self, text: &str, start: usize, close: &str) -> Option<usize> {
        let missing = if close == "%}" { &mut self.no_block_end } else { &mut self.no_hash_end };
        if *missing {
            return None;
        }
        let Some(n) = memchr::memmem::find(&text.as_bytes()[start + 2..], close.as_bytes()) else {
            *missing = true;
            return None;
        };
        let end = start + 2 + n + 2;
        if n > MAX_ACTION {
            return None;
        }
        let lead = text[..start].bytes().rev().find(|b| !matches!(b, b' ' | b'\t'));
        let begins_line = matches!(lead, None | Some(b'\n'));
        (begins_line || !text[start..end].contains('\n')).then_some(end)
    }
}

fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(&bytes[from..], b"}}").map(|n| from + n)
}

/// One past the quote that closes the one at `at` on the same line; an unclosed quote is a letter like any other.
fn quoted_end(bytes: &[u8], at: usize, limit: usize) -> usize {
    let quote = bytes[at];
    let mut end = at + 1;
    while end < limit && bytes[end] != b'\n' {
        match bytes[end] {
            b'\\' => end += 2,
            b if b == quote => return end + 1,
            _ => end += 1,
        }
    }
    at + 1
}
