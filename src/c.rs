//! A small reader of C and C++: functions as statements, and what they take from the JVM or from Arrow and do not give back.
//!
//! No type is resolved and no macro expanded. What a function does that is not understood is taken for giving back.

mod held;
mod known;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use crate::read::loss::{Loss, Reading};
use crate::source::{FileId, Span};
pub use known::may_hold;
use std::ops::Range;

/// What is wrong in a file of C.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// What its functions take and do not give back, in order.
    pub kept: Vec<Kept>,
}

/// Something that a function does not give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is taken.
    pub span: Span,
    /// The function.
    pub function: String,
    /// What gives it: `GetStringUTFChars`.
    pub taken: &'static str,
    /// What takes it back.
    pub release: &'static str,
    /// The variable that it lies in.
    pub variable: String,
    /// The way out before it is given back; none where nothing gives it back at all.
    pub way_out: Option<Span>,
}

/// Reads a file.
pub fn read(file: FileId, text: &str) -> Reading<File> {
    read_part(file, text, 0..text.len())
}

/// Reads a part of a file: the C above a Go file's `import "C"`.
pub fn read_part(file: FileId, text: &str, part: Range<usize>) -> Reading<File> {
    let scanned = lex::scan(text, part);
    let comments = scanned.comments.iter().map(|range| Span::new(file, range.clone())).collect();
    let mut losses = Vec::new();
    if let Some(at) = scanned.too_deep {
        losses.push(Loss::limit(Span::new(file, at..at + 1), "C code nested this deep is not read"));
        return Reading { body: File::default(), comments, losses };
    }
    let code = lex::Code { text, tokens: scanned.tokens };
    let mut kept = Vec::new();
    for function in parse::functions(&code) {
        kept.extend(held::kept(&code, &function, file));
    }
    Reading { body: File { kept }, comments, losses }
}

/// Where the C above a Go file's `import "C"` stands, comment marks aside.
pub fn preambles(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("import \"C\"") {
        let above = text.get(..at).unwrap_or_default();
        if let Some(body) = above.trim_end_matches([' ', '\t', '\r', '\n']).strip_suffix("*/") {
            // A blank line between comment and import would make it an ordinary comment.
            let gap = above.get(body.len() + 2..).unwrap_or_default();
            if gap.matches('\n').count() == 1
                && let Some(start) = body.rfind("/*")
            {
                found.push(start + 2..body.len());
            }
        }
    }
    found
}
