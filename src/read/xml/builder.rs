//! Makes the element tree out of tags and texts, and checks what the event reader does not: that tags match.

use super::{ElementData, MAX_DEPTH, Reading, Xml};
use crate::read::Loss;
use crate::source::{FileId, Span, Traced};
use quick_xml::events::BytesRef;
use std::ops::Range;

/// More losses than this say nothing more about a file.
const MAX_LOSSES: usize = 64;

/// An element tree in the making.
pub(super) struct Builder {
    file: FileId,
    elements: Vec<ElementData>,
    /// Open elements, outermost first.
    open: Vec<Open>,
    /// How many elements deeper than [`MAX_DEPTH`] are open; they are not kept.
    too_deep: usize,
    comments: Vec<Span>,
    losses: Vec<Loss>,
    said_outside: bool,
}

struct Open {
    id: u32,
    parts: Vec<Traced>,
}

impl Builder {
    pub(super) fn new(file: FileId) -> Self {
        Self {
            file,
            elements: Vec::new(),
            open: Vec::new(),
            too_deep: 0,
            comments: Vec::new(),
            losses: Vec::new(),
            said_outside: false,
        }
    }

    fn lose(&mut self, loss: Loss) {
        if self.losses.len() < MAX_LOSSES {
            self.losses.push(loss);
        }
    }

    pub(super) fn malformed(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.lose(Loss::part(Span::new(self.file, at), message));
    }

    pub(super) fn comment(&mut self, at: Range<usize>) {
        self.comments.push(Span::new(self.file, at));
    }

    pub(super) fn open(
        &mut self,
        name: &str,
        name_at: Range<usize>,
        at: Range<usize>,
        implementation: Option<(&str, Range<usize>)>,
    ) {
        let implementation = implementation.map(|(value, range)| Traced::literal(value, Span::new(self.file, range)));
        let opened = at.end as u32;
        let name_span = Span::new(self.file, name_at);
        if self.too_deep > 0 || self.open.len() >= MAX_DEPTH {
            if self.too_deep == 0 {
                self.lose(Loss::part(name_span, format!("elements nested deeper than {MAX_DEPTH} are not read")));
            }
            self.too_deep += 1;
            return;
        }
        let id = self.elements.len() as u32;
        match self.open.last_mut() {
            Some(parent) => {
                parent.parts = Vec::new();
                if let Some(data) = self.elements.get_mut(parent.id as usize) {
                    data.children.push(id);
                }
            }
            None if id > 0 => {
                self.lose(Loss::part(name_span, format!("`<{name}>` stands behind the end of the root element")));
            }
            None => {}
        }
        let span = Span::new(self.file, at);
        self.elements.push(ElementData {
            name: name.into(),
            name_span,
            span,
            text: None,
            children: Vec::new(),
            opened,
            implementation,
        });
        self.open.push(Open { id, parts: Vec::new() });
    }

    /// Closes the element that a self-closing tag has just opened.
    pub(super) fn close_empty(&mut self, end: usize) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else {
            self.pop(end);
        }
    }

    pub(super) fn close(&mut self, name: &str, at: Range<usize>) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let named = |o: &Open| self.elements.get(o.id as usize).is_some_and(|e| &*e.name == name);
        let Some(depth) = self.open.iter().rposition(named) else {
            self.malformed(at, format!("`</{}>` closes no element", super::shown(name)));
            return;
        };
        while self.open.len() > depth + 1 {
            self.lose_unclosed();
            self.pop(at.start);
        }
        self.pop(at.end);
    }

    fn lose_unclosed(&mut self) {
        let unclosed = self.open.last().and_then(|o| self.elements.get(o.id as usize));
        if let Some(loss) = unclosed.map(|e| Loss::part(e.name_span, format!("`<{}>` is never closed", e.name))) {
            self.lose(loss);
        }
    }

    /// Ends the innermost element at `end` and gives it its text, where it is a leaf.
    fn pop(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let Some(data) = self.elements.get_mut(open.id as usize) else { return };
        data.span = Span::new(self.file, data.span.start as usize..end);
        if !data.children.is_empty() {
            return;
        }
        let mut parts = open.parts;
        let text = match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only.trim(),
            (Some(last), false) => {
                parts.push(last);
                let start = parts.first().map_or(data.span, Traced::written);
                let written = parts.last().map_or(start, |last| start.cover(last.written()));
                Traced::concat(written, parts).trim()
            }
            (None, _) => return,
        };
        data.text = (!text.as_str().is_empty()).then(|| narrowed(&text));
    }

    pub(super) fn text(&mut self, text: &str, at: Range<usize>) {
        let Some(value) = text.get(at.clone()) else { return };
        if value.starts_with('&') {
            self.malformed(at.start..at.start + 1, "`&` starts no entity: write `&amp;`");
        }
        // Blanks between elements are no text; blanks between two runs of a text are.
        if !value.trim().is_empty() || self.open.last().is_some_and(|o| !o.parts.is_empty()) {
            self.add(value, at, value.trim());
        }
    }

    pub(super) fn data(&mut self, value: &str, at: Range<usize>) {
        self.add(value, at, value);
    }

    pub(super) fn entity(&mut self, reference: &BytesRef<'_>, at: Range<usize>) {
        let name: &str = reference;
        let known = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        let value = known.map_or_else(|| format!("&{name};"), String::from);
        self.add(&value, at, name);
    }

    /// Adds to the innermost element's text, unless it already holds elements: only leaves have text.
    fn add(&mut self, value: &str, at: Range<usize>, shown: &str) {
        if self.too_deep > 0 {
            return;
        }
        let span = Span::new(self.file, at);
        let Some(open) = self.open.last_mut() else {
            if !self.said_outside {
                self.said_outside = true;
                let shown = super::shown(shown.lines().next().unwrap_or_default());
                self.lose(Loss::limit(span, format!("`{shown}` stands outside of the root element")));
            }
            return;
        };
        if self.elements.get(open.id as usize).is_some_and(|e| e.children.is_empty()) {
            open.parts.push(Traced::literal(value, span));
        }
    }

    /// Closes what the end of the file leaves open; of a chain of open elements the innermost is named.
    pub(super) fn finish(mut self, end: usize) -> Reading<Xml> {
        if !self.open.is_empty() {
            self.lose_unclosed();
        }
        while !self.open.is_empty() {
            self.pop(end);
        }
        Reading { body: Xml { elements: self.elements }, comments: self.comments, losses: self.losses }
    }
}

/// The same text, said to be written where its own bytes stand, without the blanks around them.
fn narrowed(text: &Traced) -> Traced {
    Traced::concat(text.span(), [text.clone()])
}
