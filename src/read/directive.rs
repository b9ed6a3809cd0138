//! `sparkproof:` comments: `ignore[rule-id] reason` and `udf`.

use crate::source::{FileId, Span};

/// A `sparkproof:` comment or annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The directive's own bytes, from `sparkproof` to the end of its text.
    pub span: Span,
    /// What it asks for.
    pub kind: DirectiveKind,
    /// Bytes it speaks about: the comment's own line and the next line that is no comment.
    pub covers: Span,
}

/// What a directive asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectiveKind {
    /// Do not report this rule here, for this reason.
    Ignore {
        /// The rule's id.
        rule: String,
        /// Why; empty where none is given, which is reported.
        reason: String,
    },
    /// The function below is a user-defined function.
    Udf,
    /// A word we do not know.
    Unknown(String),
}

const MARK: &str = "sparkproof:";

/// How far below a comment its line of code may stand; a bound, so that a file of directives alone costs linear time.
const MAX_COMMENT_LINES: usize = 64;

/// Whether a text can hold a directive at all: readers need to find comments only then.
pub fn may_hold(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_some()
}

/// The directives that stand in these comments.
pub fn parse(text: &str, comments: &[Span]) -> Vec<Directive> {
    let mut found = Vec::new();
    for (index, comment) in comments.iter().enumerate() {
        let Some(body) = text.get(comment.range()) else { continue };
        let Some(at) = body.find(MARK) else { continue };
        // Prose that mentions the mark is no directive: only comment marks and blanks may stand before it.
        if !body[..at].chars().all(|c| c.is_whitespace() || "#/*<!-;".contains(c)) {
            continue;
        }
        let line = body[at..].lines().next().unwrap_or_default();
        let words = line.trim_end().trim_end_matches("-->").trim_end_matches("*/").trim_end();
        let start = comment.start as usize + at;
        let span = Span::new(comment.file, start..start + words.len());
        let covers = covered(text, comments, index);
        found.extend(kinds(&words[MARK.len()..]).into_iter().map(|kind| Directive { span, kind, covers }));
    }
    found
}

fn kinds(words: &str) -> Vec<DirectiveKind> {
    let words = words.trim();
    if words == "udf" || words.starts_with("udf ") {
        return vec![DirectiveKind::Udf];
    }
    let Some((rules, reason)) = words.strip_prefix("ignore[").and_then(|rest| rest.split_once(']')) else {
        return vec![DirectiveKind::Unknown(words.split_whitespace().next().unwrap_or_default().to_owned())];
    };
    let reason = reason.trim().to_owned();
    rules
        .split(',')
        .map(|rule| DirectiveKind::Ignore { rule: rule.trim().to_owned(), reason: reason.clone() })
        .collect()
}

/// From the start of the comment's first line to the end of the next line that is not a comment of its own, or of the
/// comment's own line where code stands before it.
fn covered(text: &str, comments: &[Span], index: usize) -> Span {
    let comment = comments[index];
    let line_start = text[..comment.start as usize].rfind('\n').map_or(0, |n| n + 1);
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |n| from + n);
    // A template's comment stands inside an action.
    let before = text[line_start..comment.start as usize].trim_start_matches('\u{feff}').trim();
    if !before.trim_start_matches("{{").trim_start_matches('-').trim().is_empty() {
        return Span::new(comment.file, line_start..line_end(comment.end as usize));
    }
    let mut end = line_end(comment.end as usize);
    let mut rest = &comments[index + 1..];
    for _ in 0..MAX_COMMENT_LINES {
        if end >= text.len() {
            break;
        }
        let (start, next) = (end + 1, line_end(end + 1));
        let first = start + (text[start..next].len() - text[start..next].trim_start().len());
        rest = &rest[rest.iter().take_while(|c| (c.end as usize) <= start).count()..];
        end = next;
        let is_comment = rest.first().is_some_and(|c| (c.start as usize) <= first && first < c.end as usize);
        if first < next && !is_comment {
            break;
        }
    }
    Span::new(comment.file, line_start..end)
}

/// Comments that run from a mark to the end of the line, for formats without strings that could hold the mark
/// (go.mod, properties, requirements): `is_start` tells whether the mark at this offset begins a comment.
pub fn line_comments(file: FileId, text: &str, mark: &str, is_start: impl Fn(&str, usize) -> bool) -> Vec<Span> {
    let mut at = 0;
    let mut comments = Vec::new();
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        if let Some(start) = body.match_indices(mark).map(|(i, _)| i).find(|i| is_start(body, *i)) {
            comments.push(Span::new(file, at + start..at + body.len()));
        }
        at += line.len();
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directives(text: &str) -> Vec<Directive> {
        let comments = line_comments(FileId(0), text, "#", |_, _| true);
        parse(text, &comments)
    }

    #[test]
    fn a_comment_of_its_own_covers_the_next_line_of_code() {
        let text = "# sparkproof: ignore[a-rule] because\n# more words\n\nkey: 1\nother: 2\n";
        let found = directives(text);
        assert_eq!(found[0].kind, DirectiveKind::Ignore { rule: "a-rule".into(), reason: "because".into() });
        assert_eq!(&text[found[0].covers.range()], "# sparkproof: ignore[a-rule] because\n# more words\n\nkey: 1");
        assert_eq!(&text[found[0].span.range()], "sparkproof: ignore[a-rule] because");
    }

    #[test]
    fn a_comment_behind_code_covers_its_own_line() {
        let text = "a: 1\nkey: 1 # sparkproof:ignore[x, y] why\nother: 2\n";
        let found = directives(text);
        assert_eq!(found.len(), 2);
        assert_eq!(&text[found[1].covers.range()], "key: 1 # sparkproof:ignore[x, y] why");
    }

    #[test]
    fn prose_is_no_directive() {
        assert!(directives("# write sparkproof: ignore[x] here\n").is_empty());
        assert_eq!(directives("# sparkproof: ignroe[x]\n")[0].kind, DirectiveKind::Unknown("ignroe[x]".into()));
    }
}
