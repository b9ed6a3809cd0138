//! TOML. Dotted keys and tables of one name are one mapping, arrays of tables are sequences.

mod comments;

use super::tree::{Entry, Kind, MAX_DEPTH, NodeData, NodeId, Style, Syntax, Tree, place, traced};
use super::{Loss, Reading, directive, placeholder};
use crate::source::{FileId, Span, Traced};
use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use std::ops::Range;

const BOM: &str = "\u{feff}";

/// Reads the text. A malformed line is lost alone; the rest is read.
pub fn read(file: FileId, text: &str) -> Reading<Option<Tree>> {
    let mut reading = Reading { body: None, comments: Vec::new(), losses: Vec::new() };
    let base = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let toml = &text[base..];
    if let Some(at) = comments::too_deep(toml) {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        reading.losses.push(Loss::whole(Span::new(file, base + at..base + at + 1), message));
        return reading;
    }
    if let Some(at) = comments::endless_quotes(toml) {
        reading.losses.push(Loss::whole(Span::new(file, base + at..base + at + 1), "a run of quotes without end"));
        return reading;
    }
    if directive::may_hold(toml) {
        let spans = comments::find(toml).into_iter();
        reading.comments = spans.map(|r| Span::new(file, base + r.start..base + r.end)).collect();
    }
    let (table, errors) = DeTable::parse_recoverable(toml);
    let mut builder = Builder { file, text, base, nodes: Vec::new() };
    for error in errors {
        let place = error.span().unwrap_or_default();
        let span = builder.span(&place);
        if placeholder::at(toml, place.start) {
            reading.losses.push(Loss::limit(span, "a build fills this in"));
            continue;
        }
        let message = error.message().trim_end_matches('.').replace('\n', ", ");
        reading.losses.push(Loss::part(span, format!("this is no TOML: {message}")));
    }
    if !toml.trim().is_empty() {
        let root = builder.table(table.get_ref(), &(0..toml.len()));
        reading.body = Some(Tree::new(file, Syntax::Toml, builder.nodes, root));
    }
    reading
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    base: usize,
    nodes: Vec<NodeData>,
}

impl Builder<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        place(self.file, self.text, self.base + range.start..self.base + range.end)
    }

    /// Makes the node of a value; the depth is bounded by [`comments::too_deep`].
    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> NodeId {
        let range = value.span();
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, &range),
            DeValue::Array(array) => {
                let id = self.reserve(self.span(&range));
                let items: Vec<NodeId> = array.iter().map(|item| self.value(item)).collect();
                self.fill(id, Kind::Sequence { items, open: false });
                id
            }
            DeValue::String(string) => {
                let (text, style) = self.string(string, &range);
                self.scalar(&range, text, style)
            }
            _ => {
                let span = self.span(&range);
                let text = Traced::literal(self.text.get(span.range()).unwrap_or_default(), span);
                self.scalar(
                    &range,
                    text,
                    if matches!(value.get_ref(), DeValue::Datetime(_)) { Style::Quoted } else { Style::Plain },
                )
            }
        }
    }

    fn scalar(&mut self, range: &Range<usize>, text: Traced, style: Style) -> NodeId {
        let templated = style == Style::Quoted && text.as_str().contains("{{") && text.as_str().contains("}}");
        let span = self.span(range);
        self.nodes.push(NodeData { span, kind: Kind::Scalar { text, style }, templated });
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// The text between the quotes, one or three of a kind, and the line break after three left out.
    fn string(&self, value: &str, range: &Range<usize>) -> (Traced, Style) {
        let whole = self.span(range);
        let raw = self.text.get(whole.range()).unwrap_or_default();
        let is_long = raw.len() >= 6 && (raw.starts_with("\"\"\"") || raw.starts_with("'''"));
        let quotes = if is_long { 3 } else { usize::from(raw.starts_with(['"', '\''])) };
        let after = raw.get(quotes..).unwrap_or_default();
        let newline = if !is_long {
            0
        } else if after.starts_with("\r\n") {
            2
        } else {
            usize::from(after.starts_with('\n'))
        };
        let start = whole.range().start + quotes + newline;
        let is_closed = raw.get(quotes..).is_some_and(|r| quotes > 0 && r.ends_with(&raw[..quotes]));
        let end = (whole.range().end - if is_closed { quotes } else { 0 }).max(start);
        (traced(self.text, Span::new(self.file, start..end), value), Style::Quoted)
    }

    /// A table, its entries in the order of the file: the parser keeps them by name.
    fn table(&mut self, table: &DeTable<'_>, range: &Range<usize>) -> NodeId {
        let id = self.reserve(self.span(range));
        let mut pairs: Vec<_> = table.iter().collect();
        pairs.sort_unstable_by_key(|(key, _)| key.span().start);
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let (text, _) = self.string(key.get_ref(), &key.span());
            entries.push(Entry { key: text, key_templated: false, value: self.value(value) });
        }
        self.fill(id, Kind::Mapping { entries, open: false });
        id
    }

    /// A collection comes before its children.
    fn reserve(&mut self, span: Span) -> NodeId {
        let kind = Kind::Sequence { items: Vec::new(), open: false };
        self.nodes.push(NodeData { span, kind, templated: false });
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn fill(&mut self, id: NodeId, kind: Kind) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.kind = kind;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
