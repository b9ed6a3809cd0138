//! Edits on a text.

use crate::finding::Edit;
use std::borrow::Cow;

/// The text with these edits. All bytes outside the edits stay what they are: byte order mark, line ends, a missing
/// last line end. The edits may come in any order; equal ones count once.
///
/// # Errors
/// Says which edit lies outside the text, within a character or over another edit. Nothing is applied then.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    let mut new = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    let mut last: Option<&Edit> = None;
    for edit in edits {
        check(text, edit)?;
        if last.is_some_and(|last| last.span.overlaps(edit.span) || last.span.file != edit.span.file) {
            return Err(format!("the edit at byte {} overlaps another", edit.span.start));
        }
        new.push_str(text.get(done..edit.span.range().start).unwrap_or_default());
        new.push_str(&in_line_ends_of(text, &edit.text));
        done = edit.span.range().end;
        last = Some(edit);
    }
    new.push_str(text.get(done..).unwrap_or_default());
    Ok(new)
}

/// New lines end as the text's first line does.
fn in_line_ends_of<'e>(text: &str, new: &'e str) -> Cow<'e, str> {
    let ends_in_crlf = || text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    if new.contains('\n') && !new.contains("\r\n") && ends_in_crlf() {
        return Cow::Owned(new.replace('\n', "\r\n"));
    }
    Cow::Borrowed(new)
}

/// Whether an edit can be applied to this text at all.
pub(super) fn check(text: &str, edit: &Edit) -> Result<(), String> {
    let range = edit.span.range();
    if range.end > text.len() || range.start > range.end {
        return Err(format!("bytes {}..{} lie outside the text, which has {}", range.start, range.end, text.len()));
    }
    if text.get(range.clone()).is_none() {
        return Err(format!("bytes {}..{} begin or end within a character", range.start, range.end));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn edit(range: std::ops::Range<usize>, text: &str) -> Edit {
        Edit { span: Span::new(FileId(0), range), text: text.into() }
    }

    #[test]
    fn all_other_bytes_stay() {
        let text = "\u{feff}a: 1\r\nb: ä\r\nc: 3";
        let new = apply(text, &[edit(19..20, "33"), edit(6..7, "11")]).unwrap();
        assert_eq!(new, "\u{feff}a: 11\r\nb: ä\r\nc: 33");
    }

    #[test]
    fn insertions_and_removals_at_the_ends() {
        let inserted = apply("ab", &[edit(0..0, "<"), edit(2..2, ">")]).unwrap();
        assert_eq!(inserted, "<ab>");
        assert_eq!(apply("ab", &[edit(0..2, "")]).unwrap(), "");
        assert_eq!(apply("", &[edit(0..0, "x")]).unwrap(), "x");
        assert_eq!(apply("ab", &[]).unwrap(), "ab");
        assert_eq!(apply("ab", &[edit(1..1, "")]).unwrap(), "ab");
    }

    #[test]
    fn neighbours_are_no_overlap_but_an_insertion_at_an_edge_is() {
        assert_eq!(apply("abcd", &[edit(2..4, "Y"), edit(0..2, "X")]).unwrap(), "XY");
        assert!(apply("abcd", &[edit(0..2, "X"), edit(2..2, "Y")]).is_err());
        assert!(apply("abcd", &[edit(1..1, "X"), edit(1..1, "Y")]).is_err());
        assert!(apply("abcd", &[edit(0..3, "X"), edit(2..4, "Y")]).is_err());
    }

    #[test]
    fn equal_edits_count_once() {
        assert_eq!(apply("abcd", &[edit(1..1, "X"), edit(1..1, "X")]).unwrap(), "aXbcd");
    }

    #[test]
    fn impossible_edits_are_refused() {
        assert_eq!(apply("ab", &[edit(1..3, "")]).unwrap_err(), "bytes 1..3 lie outside the text, which has 2");
        assert_eq!(apply("ä", &[edit(1..2, "")]).unwrap_err(), "bytes 1..2 begin or end within a character");
        let backwards = Edit { span: Span { file: FileId(0), start: 2, end: 1 }, text: String::new() };
        assert!(apply("abc", &[backwards]).is_err());
    }

    /// A second, slower way to the same text, byte by byte.
    fn apply_slowly(text: &str, edits: &[Edit]) -> String {
        let mut new = String::new();
        for (at, character) in text.char_indices().chain([(text.len(), '\0')]) {
            for edit in edits.iter().filter(|e| e.span.range().start == at) {
                new.push_str(&edit.text);
            }
            if at < text.len() && !edits.iter().any(|e| e.span.range().contains(&at)) {
                new.push(character);
            }
        }
        new
    }

    #[test]
    fn random_edits_give_what_a_slower_way_gives_or_an_error() {
        let text = "\u{feff}kind: ä\r\n  limit: 1Gi\r\n# ende ✓";
        let rounds = 2000 * std::env::var("SPARKPROOF_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
        let (mut seed, mut applied) = (0x9e37_79b9_7f4a_7c15_u64, 0);
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below as u64) as usize
        };
        for _ in 0..rounds {
            let edits: Vec<Edit> = (0..=random(3))
                .map(|_| {
                    let start = random(text.len() + 2);
                    edit(start..start + random(4), ["", "x", "\n"][random(3)])
                })
                .collect();
            if let Ok(new) = apply(text, &edits) {
                let mut once = edits.clone();
                once.sort_by_key(|e| e.span);
                once.dedup();
                for edit in &mut once {
                    edit.text = edit.text.replace('\n', "\r\n");
                }
                assert_eq!(new, apply_slowly(text, &once));
                applied += 1;
            }
        }
        assert!(applied > rounds / 10, "{applied}");
    }

    #[test]
    fn new_lines_end_as_those_of_the_text() {
        let new = |text: &str| apply(text, &[edit(0..0, "ENV A=1\n")]).unwrap();
        assert_eq!(new("CMD x\r\nUSER y\n"), "ENV A=1\r\nCMD x\r\nUSER y\n");
        assert_eq!(new("CMD x\n"), "ENV A=1\nCMD x\n");
        assert_eq!(new("CMD x"), "ENV A=1\nCMD x");
    }
}
