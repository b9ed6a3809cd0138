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
    /// It stands behind a closed quote or bracket, and writes more of that value.
    pub(in crate::read::yaml) glued: bool,
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
    let mut closers = Closers::default();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'{', &bytes[at..]).map(|n| at + n) {
        let end = match bytes.get(start + 1) {
            Some(b'{') => closers.go_end(bytes, start + 2),
            Some(b'%') => closers.jinja_end(text, start, "%}"),
            Some(b'#') if start == 0 || bytes[start - 1] != b'$' => closers.jinja_end(text, start, "#}"),
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
    let start = open.checked_sub(1).filter(|at| text.as_bytes()[*at] == b'%' && begins_line(text, *at))?;
    let end = open + memchr::memchr2(b'}', b'\n', &text.as_bytes()[open..])? + 1;
    let tail = text[end..].bytes().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    (text[..end].ends_with('}') && matches!(tail, None | Some(b'\n'))).then_some(start..end)
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
    let is_assignment =
        words.starts_with('$') && words.split_whitespace().nth(1).is_some_and(|w| w == ":=" || w == "=");
    let is_comment = words.starts_with("/*") || text[range.start..].starts_with("{#");
    let role = match first {
        "if" | "else" | "range" | "with" | "elif" | "for" => Role::Branch,
        "end" | "define" | "break" | "continue" => Role::Silent,
        "include" | "call" | "block" | "import" => Role::Output,
        _ if is_comment || is_assignment || is_block => Role::Silent,
        _ => Role::Output,
    };
    let indent = if role == Role::Output { said_indent(words) } else { None };
    Action { column: indent.unwrap_or_default(), range, role, whole_line: false, glued: false, indent }
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

/// The next place of each closing mark: every one is looked for once only, so that the search stays linear.
#[derive(Default)]
struct Closers {
    comment: Next,
    raw: Next,
    brackets: Next,
    block: Next,
    hash: Next,
}

/// The first place of a mark behind `from`, remembered.
#[derive(Default)]
enum Next {
    #[default]
    Unknown,
    At {
        from: usize,
        at: usize,
    },
    Nowhere {
        from: usize,
    },
}

impl Next {
    fn find(&mut self, bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
        match *self {
            Self::Nowhere { from: known } if known <= from => return None,
            Self::At { from: known, at } if known <= from && from <= at => return Some(at),
            _ => {}
        }
        let found = memchr::memmem::find(bytes.get(from..)?, mark).map(|n| from + n);
        *self = found.map_or(Self::Nowhere { from }, |at| Self::At { from, at });
        found
    }
}

impl Closers {
    /// One past the `}}` that closes a `{{` action whose inside begins at `from`.
    fn go_end(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        self.brackets.find(bytes, from, b"}}")?;
        let limit = bytes.len().min(from + MAX_ACTION);
        let inside = bytes.get(from..limit)?;
        let inside = inside.strip_prefix(b"-").unwrap_or(inside).trim_ascii_start();
        if inside.starts_with(b"/*")
            && let Some(end) = self.comment.find(bytes, from, b"*/")
        {
            let close = bytes[end + 2..].iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'-'))?;
            return bytes[end + 2 + close..].starts_with(b"}}").then_some(end + close + 4);
        }
        let mut at = from;
        while at < limit {
            match bytes[at] {
                b'}' if bytes.get(at + 1) == Some(&b'}') => {
                    // `{{{ x }}}`, and a map that ends just before the brackets.
                    let is_doubled = bytes.get(at + 2) == Some(&b'}') && bytes[from..at].contains(&b'{');
                    return Some(at + 2 + usize::from(is_doubled));
                }
                b'{' if at > from && bytes.get(at + 1) == Some(&b'{') => return None,
                b'"' | b'\'' => at = quoted_end(bytes, at, limit),
                b'`' => at = self.raw.find(bytes, at + 1, b"`").filter(|end| *end < limit).map_or(at, |end| end) + 1,
                _ => at += 1,
            }
        }
        // A quote that is none may have hidden the end.
        self.brackets.find(bytes, from, b"}}").filter(|end| *end < limit).map(|end| end + 2)
    }

    /// One past the end of a Jinja block or comment: on the same line, or of an action that begins its line.
    fn jinja_end(&mut self, text: &str, start: usize, close: &str) -> Option<usize> {
        let next = if close == "%}" { &mut self.block } else { &mut self.hash };
        let end = next.find(text.as_bytes(), start + 2, close.as_bytes()).filter(|end| end - start <= MAX_ACTION)? + 2;
        (begins_line(text, start) || !text[start..end].contains('\n')).then_some(end)
    }
}

fn begins_line(text: &str, at: usize) -> bool {
    let lead = text[..at].bytes().rev().find(|b| !matches!(b, b' ' | b'\t'));
    matches!(lead, None | Some(b'\n'))
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
