//! XML with byte spans, on quick-xml events: an element tree in one arena.
//!
//! The event reader checks little: names, nesting and the end of the file are checked here. Entities are never expanded
//! beyond the five that XML itself defines and numeric ones; a document type is skipped.

mod builder;

use super::Reading;
use super::tree::MAX_DEPTH;
use crate::finding::Edit;
use crate::source::{FileId, Span, Traced};
use builder::Builder;
use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesStart, Event};

/// How often reading starts again behind a tag that never ends. Each start may read the rest of the file once more.
const MAX_RESTARTS: usize = 16;

/// The elements of one document.
#[derive(Debug, Clone)]
pub struct Xml {
    elements: Vec<ElementData>,
}

#[derive(Debug, Clone)]
struct ElementData {
    name: Box<str>,
    name_span: Span,
    span: Span,
    text: Option<Traced>,
    children: Vec<u32>,
    /// The end of its start tag.
    opened: u32,
    /// The attribute by which Maven's configurations name a class.
    implementation: Option<Traced>,
}

/// An element and its document: a cheap handle for reading.
#[derive(Debug, Clone, Copy)]
pub struct Element<'x> {
    xml: &'x Xml,
    id: u32,
}

impl Xml {
    /// The root element.
    pub fn root(&self) -> Option<Element<'_>> {
        (!self.elements.is_empty()).then_some(Element { xml: self, id: 0 })
    }

    /// Every element, in reading order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.elements.len() as u32).map(|id| Element { xml: self, id })
    }
}

impl<'x> Element<'x> {
    fn data(self) -> &'x ElementData {
        &self.xml.elements[self.id as usize]
    }

    /// Its name, prefix included.
    pub fn name(self) -> &'x str {
        &self.data().name
    }

    /// Where its name stands in the start tag.
    pub fn name_span(self) -> Span {
        self.data().name_span
    }

    /// From its `<` to the end of its end tag.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// Its start tag.
    pub fn start_tag(self) -> Span {
        Span { end: self.data().opened, ..self.data().span }
    }

    /// Its child elements, in order.
    pub fn children(self) -> impl Iterator<Item = Element<'x>> {
        self.data().children.iter().map(move |id| Element { id: *id, ..self })
    }

    /// The last child of a name: where an element stands twice, Maven's reader refuses the file or keeps the last.
    pub fn child(self, name: &str) -> Option<Element<'x>> {
        self.data().children.iter().rev().map(|id| Element { id: *id, ..self }).find(|e| e.name() == name)
    }

    /// Follows names one after another.
    pub fn path(self, names: &[&str]) -> Option<Element<'x>> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Its attribute `implementation`.
    pub fn implementation(self) -> Option<&'x Traced> {
        self.data().implementation.as_ref()
    }

    /// The edit that makes `new` its first child, on a line like its siblings'. None where it has no child to stand beside.
    pub fn insert_first(self, new: &str, text: &str) -> Option<Edit> {
        let first = self.children().next()?.span();
        let lead = text.get(self.data().opened as usize..first.start as usize).filter(|t| t.trim().is_empty())?;
        Some(Edit { span: Span { end: first.start, ..first }, text: format!("{new}{lead}") })
    }

    /// The edit that makes `new` its last child, on a line like its siblings'.
    pub fn insert_last(self, new: &str, text: &str) -> Option<Edit> {
        let last = self.children().last()?.span();
        let before = text.get(..last.start as usize)?;
        let lead = &before[before.trim_end().len()..];
        Some(Edit { span: Span { start: last.end, ..last }, text: format!("{lead}{new}") })
    }

    /// Whether it holds other elements.
    pub fn has_children(self) -> bool {
        !self.data().children.is_empty()
    }

    /// Its text without blanks around it; None where it is empty or holds other elements.
    pub fn text(self) -> Option<&'x Traced> {
        self.data().text.as_ref()
    }

    /// The text of the last child of a name.
    pub fn child_text(self, name: &str) -> Option<&'x Traced> {
        self.child(name)?.text()
    }
}

/// Reads a document. What is malformed is a loss with its place; what was read before and, where possible, after it stays.
pub fn read(file: FileId, text: &str) -> Reading<Xml> {
    let mut builder = Builder::new(file);
    // The byte order mark is no part of the document, but it counts in every offset.
    let mut base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut restarts = 0;
    while let Some(next) = read_from(&mut builder, text, base, &mut restarts) {
        base = next;
    }
    builder.finish(text.len())
}

/// Reads events from an offset; gives the offset where reading must start again, None at the end.
fn read_from(builder: &mut Builder, text: &str, base: usize, restarts: &mut usize) -> Option<usize> {
    let mut reader = Reader::from_str(text.get(base..)?);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        let start = base + reader.buffer_position() as usize;
        let event = reader.read_event();
        let end = base + reader.buffer_position() as usize;
        match event {
            Ok(Event::Start(tag)) => {
                if let Some(next) = open(builder, text, &tag, start..end) {
                    return Some(next);
                }
            }
            Ok(Event::Empty(tag)) => {
                if let Some(next) = open(builder, text, &tag, start..end) {
                    return Some(next);
                }
                builder.close_empty(end);
            }
            Ok(Event::End(tag)) => {
                if let Some(next) = inner_tag(text, start..end) {
                    builder.malformed(start..next, "this end tag is not closed by `>`");
                    return Some(next);
                }
                builder.close(tag.name().as_ref().trim_end(), start..end);
            }
            Ok(Event::Text(_)) => builder.text(text, start..end),
            Ok(Event::CData(data)) => {
                // `<![CDATA[` and `]]>` stand around the data.
                builder.data(&data, start + 9..end.saturating_sub(3).max(start + 9));
            }
            Ok(Event::GeneralRef(reference)) => builder.entity(&reference, start..end),
            Ok(Event::Comment(_)) => builder.comment(start..end),
            Ok(Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) => return None,
            Err(error) => return recover(builder, text, start, &error, restarts),
        }
    }
}

/// A tag that never ends loses itself; whatever else the reader refuses (an open comment, CDATA) takes the rest of the file.
fn recover(builder: &mut Builder, text: &str, start: usize, error: &Error, restarts: &mut usize) -> Option<usize> {
    let at = start..(start + 1).min(text.len());
    let message = match error {
        Error::Syntax(SyntaxError::UnclosedComment) => "this comment is never closed",
        Error::Syntax(SyntaxError::UnclosedCData) => "this CDATA section is never closed",
        Error::Syntax(SyntaxError::UnclosedDoctype) => "this document type is never closed",
        Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
            "this processing instruction is never closed"
        }
        Error::Syntax(SyntaxError::InvalidBangMarkup) => "`<!` starts no comment, CDATA section or document type",
        _ => "this tag is never closed",
    };
    let span = cut(text, at);
    builder.malformed(span.clone(), message);
    let is_tag = !matches!(text.as_bytes().get(start + 1), Some(b'?' | b'!'))
        || matches!(error, Error::Syntax(SyntaxError::InvalidBangMarkup));
    *restarts += 1;
    if !is_tag || *restarts > MAX_RESTARTS {
        return None;
    }
    memchr::memchr(b'<', text.as_bytes().get(span.end..)?).map(|i| span.end + i)
}

/// Opens an element, or says where to read on if this is no start tag (a merge conflict's marker, a lone `<`).
fn open(builder: &mut Builder, text: &str, tag: &BytesStart<'_>, at: std::ops::Range<usize>) -> Option<usize> {
    let name = tag.name();
    let name = name.as_ref();
    if let Some(next) = inner_tag(text, at.clone()) {
        let message = match name {
            "" => "`<` starts no tag here".to_owned(),
            name if name.starts_with("<<<<") => "a merge conflict is left in this file".to_owned(),
            name if is_name(name) => format!("the tag `<{name}` is not closed by `>`"),
            _ => "`<` starts no tag here".to_owned(),
        };
        let line = text.get(at.start..next).and_then(|t| t.lines().next()).map_or(0, str::len);
        builder.malformed(at.start..at.start + line.max(1), message);
        return Some(next);
    }
    if !is_name(name) {
        builder.malformed(at.clone(), format!("`{}` is no element name", shown(name)));
        return Some(at.end);
    }
    let name_at = at.start + 1..at.start + 1 + name.len();
    let implementation = text.get(at.clone()).and_then(|tag| attribute(tag, "implementation"));
    let implementation = implementation.map(|range| at.start + range.start..at.start + range.end);
    builder.open(name, name_at, at, implementation.and_then(|range| Some((text.get(range.clone())?, range))));
    None
}

/// Where the value of an attribute stands in a start tag.
fn attribute(tag: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let at = tag.find(&format!(" {name}"))? + 1 + name.len();
    let rest = tag.get(at..)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let start = tag.len() - value.len() + 1;
    let length = tag.get(start..)?.find(quote)?;
    Some(start..start + length)
}

/// The last `<` inside a tag. No tag may hold one: the tag was never closed, and the next one begins there. Taking the last
/// keeps the whole linear.
fn inner_tag(text: &str, at: std::ops::Range<usize>) -> Option<usize> {
    let inner = text.as_bytes().get(at.start + 1..at.end)?;
    memchr::memrchr(b'<', inner).map(|i| at.start + 1 + i)
}

/// XML's own names, a little wider: any letter beyond ASCII counts.
fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    name.starts_with(starts) && name.chars().all(|c| starts(c) || c.is_alphanumeric() || "-.\u{b7}".contains(c))
}

/// The first characters of a name that may be anything.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The same range, its end moved to a character's boundary.
fn cut(text: &str, at: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = (at.end..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
    at.start.min(end)..end
}

#[cfg(test)]
pub(crate) mod tests;
