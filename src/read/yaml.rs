//! YAML, Helm and Jinja templates included.
//!
//! Templates are read without their engine: every action is replaced by text of the same length before parsing, so that
//! all places stay those of the file. See [`helm`].

mod build;
mod gap;
mod helm;
mod open;
mod scalar;
mod shallow;

use super::tree::{MAX_DEPTH, Tree, place};
use super::{Extent, Loss, Reading, directive};
use crate::source::{FileId, Span};
use build::Builder;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, options};
use helm::{Mask, Role};
use shallow::Unfolded;
use std::cell::OnceCell;
use std::ops::Range;

const BOM: &str = "\u{feff}";

/// Reads the documents of a text; documents without content give no tree. A malformed document is lost alone.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Tree>> {
    let mask = Mask::of(text);
    let unfolded = OnceCell::new();
    let mut input = Input {
        file,
        text,
        parsed: mask.as_ref().map_or(text, |m| m.text.as_str()),
        mask: mask.as_ref(),
        unfolded: None,
        wants_comments: directive::may_hold(text),
    };
    let mut reading = Reading { body: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let mut at = if text.starts_with(BOM) { BOM.len() } else { 0 };
    while let Err(fault) = read_from(&input, at, &mut reading) {
        if fault.is_shallow && input.unfolded.is_none() {
            // Once for all documents from here on: what fails again is lost.
            let unfolded = unfolded.get_or_init(|| Unfolded::of(input.parsed, fault.start));
            input = Input { parsed: &unfolded.text, unfolded: Some(unfolded), ..input };
            reading.comments.retain(|c| (c.start as usize) < fault.start);
            at = fault.start;
            continue;
        }
        reading.losses.push(fault.loss(&input));
        let Some(next) = next_document(input.parsed, fault.document) else { break };
        at = next;
    }
    if let Some(mask) = &mask {
        let asks_cluster = text.contains(".Capabilities") || text.contains("semverCompare");
        reading.body.iter_mut().for_each(|tree| tree.asks_cluster = asks_cluster);
        template_comments(&input, mask, &mut reading.comments);
    }
    grade(&input, &mut reading);
    reading
}

/// What is read, in both its forms: `parsed` is `text` with template actions masked and shallow quoted scalars unfolded,
/// byte for byte as long.
#[derive(Clone, Copy)]
struct Input<'t> {
    file: FileId,
    text: &'t str,
    parsed: &'t str,
    mask: Option<&'t Mask>,
    unfolded: Option<&'t Unfolded>,
    wants_comments: bool,
}

impl Input<'_> {
    /// The span of a range of the masked text, widened to whole characters of the file's own.
    fn span(&self, range: Range<usize>) -> Span {
        place(self.file, self.text, range)
    }

    /// Whether a template action stands in these bytes, or writes on behind them.
    fn is_templated(&self, range: &Range<usize>) -> bool {
        self.mask.is_some_and(|m| m.overlaps(range) || m.writes_on(range.end))
    }
}

/// Why a document could not be read.
struct Fault {
    /// The first byte that shows it.
    at: usize,
    /// Where the next document is looked for: past the lost document's own start.
    document: usize,
    /// Where the lost document may be read again from: behind the one before it.
    start: usize,
    /// The lines of a quoted scalar stand no deeper than its key: only the parser minds.
    is_shallow: bool,
    message: String,
}

impl Fault {
    fn loss(&self, input: &Input<'_>) -> Loss {
        let span = input.span(self.at..self.at);
        if self.is_shallow && input.unfolded.is_some_and(|u| u.is_unclosed(self.at)) {
            Loss::part(span, message(&ErrorKind::UnclosedQuotedScalar))
        } else if self.is_shallow {
            Loss::limit(span, self.message.as_str())
        } else {
            Loss::part(span, self.message.as_str())
        }
    }
}

/// Reads documents from `base` to the end or the first fault.
fn read_from(input: &Input<'_>, base: usize, reading: &mut Reading<Vec<Tree>>) -> Result<(), Fault> {
    let options = options! {
        emit_comments: input.wants_comments,
        emit_unresolved_aliases: true,
        max_buffered_comment_events: 1usize << 20,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(input, base);
    let mut unseen = Unseen::from(input, base);
    // The next document is looked for below the line on which this one starts.
    let (mut start, mut document) = (base, base + 1);
    for item in Parser::new_from_str_with_options(&input.parsed[base..], options) {
        let fault = |at: usize, is_shallow: bool, message: String| Fault { at, document, start, is_shallow, message };
        let (event, span) = item.map_err(|error| {
            let at = base + error.marker().byte_offset().unwrap_or_default();
            fault(at, matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent), message(error.kind()))
        })?;
        let range = span.byte_range().unwrap_or_default();
        let range = base + range.start..base + range.end;
        unseen.pass(&event, &range).map_err(|at| fault(at, true, too_shallow()))?;
        match event {
            Event::DocumentStart(..) => document = range.start.max(base) + 1,
            Event::DocumentEnd => {
                reading.body.extend(builder.finish_document(range.start));
                document = document.max(range.start);
                start = range.end;
            }
            Event::Comment(..) => reading.comments.push(input.span(range)),
            event => builder
                .event(event, range.clone(), span.start.col())
                .map_err(|message| fault(range.start, false, message))?,
        }
    }
    Ok(())
}

/// Unfolded scalars that the parser has not come to.
struct Unseen<'t>(&'t [Range<usize>]);

impl<'t> Unseen<'t> {
    fn from(input: &Input<'t>, base: usize) -> Self {
        let all = input.unfolded.map_or(&[][..], |u| &u.scalars);
        Self(all.get(all.partition_point(|s| s.start < base)..).unwrap_or_default())
    }

    /// Takes an event; the error is the place of what was unfolded and is no quoted scalar.
    fn pass(&mut self, event: &Event<'_>, range: &Range<usize>) -> Result<(), usize> {
        let Some((next, rest)) = self.0.split_first() else { return Ok(()) };
        match event {
            Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) if range == next => {
                self.0 = rest;
            }
            Event::Comment(..) => {}
            _ if range.start >= next.end || (range.start < next.start && range.end > next.start) => {
                return Err(next.start);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The next line from `from` on that separates documents.
fn next_document(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_marker = |at: usize| {
        (at == 0 || bytes[at - 1] == b'\n') && matches!(bytes.get(at + 3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    };
    let mut at = from;
    loop {
        at += memchr::memmem::find(bytes.get(at..)?, b"---")?;
        if is_marker(at) {
            return Some(at);
        }
        at += 1;
    }
}

/// The fault in the house's words where the parser's own would not help.
fn message(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::RecursionLimitExceeded => too_deep(),
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "a tab cannot indent YAML".to_owned()
        }
        ErrorKind::MappingValueNotAllowed => {
            "`:` cannot stand here: a value with `: ` in it needs quotes, and keys of one mapping one indentation"
                .to_owned()
        }
        ErrorKind::ExpectedBlockMappingKey => "expected a key at this indentation".to_owned(),
        ErrorKind::ExpectedBlockSequenceEntry => "expected `- ` at this indentation".to_owned(),
        ErrorKind::UnclosedFlowCollection { open } => format!("`{open}` is never closed"),
        ErrorKind::UnclosedQuotedScalar => "the quote is never closed".to_owned(),
        ErrorKind::UnexpectedCharacter { character } => {
            format!("`{}` cannot begin a value", character.escape_default())
        }
        ErrorKind::InvalidQuotedScalarIndent => too_shallow(),
        other => format!("this is no YAML: {other}"),
    }
}

fn too_deep() -> String {
    format!("nested deeper than {MAX_DEPTH} levels")
}

fn too_shallow() -> String {
    "the lines of this quoted text stand no deeper than its key".to_owned()
}

/// The comments of the template language may hold directives too; the masked actions themselves are no comments.
fn template_comments(input: &Input<'_>, mask: &Mask, comments: &mut Vec<Span>) {
    if !input.wants_comments {
        return;
    }
    comments.retain(|c| !mask.overlaps(&(c.start as usize..c.start as usize + 1)));
    comments.extend(mask.comments.iter().map(|range| input.span(range.clone())));
    comments.sort_unstable();
}

/// How much was lost: a template that is no YAML by itself is a limit of ours, a file without one document is lost whole.
fn grade(input: &Input<'_>, reading: &mut Reading<Vec<Tree>>) {
    let first_output = input.mask.and_then(|m| m.actions.iter().find(|a| a.role == Role::Output));
    if let Some(action) = first_output.filter(|_| reading.body.is_empty() && reading.losses.is_empty()) {
        let message = "all that it writes comes from its actions".to_owned();
        reading.losses.push(Loss::limit(input.span(action.range.clone()), message));
    }
    for loss in &mut reading.losses {
        if input.mask.is_some() {
            loss.extent = Extent::Limit;
            loss.message = format!("this template cannot be read statically: {}", loss.message);
        } else if reading.body.is_empty() && loss.extent == Extent::Part {
            loss.extent = Extent::Whole;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
