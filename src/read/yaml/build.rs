//! From the parser's events to trees.

use super::gap::{self, GapState, Place};
use super::{Input, scalar, too_deep};
use crate::read::tree::{Entry, Kind, MAX_DEPTH, NodeData, NodeId, Style, Syntax, Tree};
use crate::source::Traced;
use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Makes one tree after another.
pub(super) struct Builder<'i, 't> {
    pub(super) input: &'i Input<'t>,
    pub(super) nodes: Vec<NodeData>,
    pub(super) stack: Vec<Frame>,
    /// Anchors of this document; the parser numbers each definition anew.
    anchors: HashMap<usize, NodeId>,
    /// Where the last content ended: what follows it up to the next content is a gap.
    pub(super) end: usize,
    /// Whether the document holds anything but an implied null.
    has_content: bool,
    pub(super) gap: GapState,
}

/// A collection that is being read.
pub(super) struct Frame {
    id: NodeId,
    range: Range<usize>,
    pub(super) column: usize,
    pub(super) open: bool,
    /// It is the key of the mapping around it.
    is_key: bool,
    content: Content,
}

enum Content {
    Mapping { entries: Vec<Entry>, key: Option<PendingKey> },
    Sequence(Vec<NodeId>),
}

struct PendingKey {
    text: Traced,
    templated: bool,
    end: usize,
}

/// A flow collection has no column of its own.
const NO_COLUMN: usize = usize::MAX;

impl<'i, 't> Builder<'i, 't> {
    pub(super) fn new(input: &'i Input<'t>, base: usize) -> Self {
        Self {
            input,
            nodes: Vec::new(),
            stack: Vec::new(),
            anchors: HashMap::new(),
            end: base,
            has_content: false,
            gap: GapState::default(),
        }
    }

    /// Takes one event of a document's content; an error says why the document cannot be read further.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>, column: usize) -> Result<(), String> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, is_custom(tag.as_ref()), range);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let content = Content::Sequence(Vec::new());
                self.open(content, style, anchor, is_custom(tag.as_ref()), range, column)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let content = Content::Mapping { entries: Vec::new(), key: None };
                self.open(content, style, anchor, is_custom(tag.as_ref()), range, column)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                self.alias(target, range);
            }
            Event::UnresolvedAlias(_) => self.alias(None, range),
            _ => {}
        }
        Ok(())
    }

    /// The tree of the document that ends at `at`, if it holds anything.
    pub(super) fn finish_document(&mut self, at: usize) -> Option<Tree> {
        self.actions_before(at, None);
        let nodes = std::mem::take(&mut self.nodes);
        let has_content = std::mem::take(&mut self.has_content);
        self.stack.clear();
        self.anchors.clear();
        self.gap = GapState { next_action: self.gap.next_action, ..GapState::default() };
        self.end = self.end.max(at);
        has_content.then(|| Tree::new(self.input.file, Syntax::Yaml, nodes, NodeId(0)))
    }

    fn position(&self) -> Place {
        match self.stack.last().map(|f| &f.content) {
            None => Place::Root,
            Some(Content::Sequence(_)) => Place::Item,
            Some(Content::Mapping { key: None, .. }) => Place::Key,
            Some(Content::Mapping { key: Some(_), .. }) => Place::Value,
        }
    }

    fn push(&mut self, data: NodeData) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(data);
        id
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, is_tagged: bool, range: Range<usize>) {
        let position = self.position();
        let is_nothing = style == ScalarStyle::Plain && range.is_empty();
        if is_nothing && !is_tagged && anchor == 0 {
            self.nothing(position, &range);
            return;
        }
        let (range, text) = self.place(value, style, range);
        let wakes = self.actions_before(range.start, Some(position));
        let templated = self.input.is_templated(&range) || (wakes && position == Place::Value);
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Quoted,
        };
        self.end = self.end.max(range.end);
        self.has_content = true;
        let is_key = position == Place::Key;
        if is_key && anchor == 0 {
            self.key(PendingKey { text, templated, end: range.end });
            return;
        }
        let key = is_key.then(|| PendingKey { text: text.clone(), templated, end: range.end });
        let span = self.input.span(range.clone());
        let id = self.push(NodeData { span, kind: Kind::Scalar { text, style }, templated: templated || is_tagged });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        match key {
            Some(key) => self.key(key),
            None => self.attach(id, range.end),
        }
    }

    /// A scalar's bytes with its quotes or block header, and its text.
    fn place(&self, value: &str, style: ScalarStyle, range: Range<usize>) -> (Range<usize>, Traced) {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let text = scalar::flow(self.input, &range, value, style);
            return (range, text);
        }
        let parsed = self.input.parsed;
        let header = gap::block_header(parsed, self.end..range.start).unwrap_or(range.start);
        let body = memchr::memchr(b'\n', &parsed.as_bytes()[header..]).map_or(range.end, |n| header + n + 1);
        // Of the file's own text: an action at the scalar's end may be blank in the masked one.
        let content = self.input.text.get(header..range.end).unwrap_or(&parsed[header..range.end]);
        let content_end = header + content.trim_end().len();
        let line_start = memchr::memrchr(b'\n', &parsed.as_bytes()[..range.start]).map_or(0, |n| n + 1);
        let text = scalar::block(self.input, body..content_end.max(body), range.start - line_start, value, style);
        (header..content_end, text)
    }

    /// A key without a value, an empty item: it takes no bytes.
    fn nothing(&mut self, position: Place, range: &Range<usize>) {
        let column = self.stack.last().map_or(0, |f| f.column);
        let at = match self.stack.last().map(|f| &f.content) {
            Some(Content::Mapping { key: Some(key), .. }) => gap::after_colon(self.input.parsed, key.end),
            _ => range.start,
        };
        let span = self.input.span(at..at);
        let text = Traced::literal("", span);
        if position == Place::Key {
            self.key(PendingKey { text, templated: false, end: at });
            return;
        }
        let id = self.push(NodeData { span, kind: Kind::Scalar { text, style: Style::Plain }, templated: false });
        self.attach(id, at);
        self.end = self.end.max(at);
        self.gap.empty = Some((id, column));
    }

    fn alias(&mut self, target: Option<NodeId>, range: Range<usize>) {
        let position = self.position();
        self.actions_before(range.start, Some(position));
        self.end = self.end.max(range.end);
        self.has_content = true;
        if position == Place::Key {
            let text = Traced::literal("", self.input.span(range.clone()));
            self.key(PendingKey { text, templated: false, end: range.end });
            return;
        }
        let id =
            self.push(NodeData { span: self.input.span(range.clone()), kind: Kind::Alias(target), templated: false });
        self.attach(id, range.end);
    }

    fn open(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        is_tagged: bool,
        range: Range<usize>,
        column: usize,
    ) -> Result<(), String> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep());
        }
        let is_block_sequence = style == StructureStyle::Block && matches!(content, Content::Sequence(_));
        let dash = if is_block_sequence { gap::dash(self.input.parsed, self.end..range.start) } else { None };
        let start = dash.unwrap_or(range.start);
        let position = self.position();
        let open = self.actions_before(start, Some(position)) && position != Place::Item && position != Place::Key;
        self.end = match (dash, style) {
            (Some(dash), _) => dash + 1,
            (None, StructureStyle::Flow) => range.end,
            (None, StructureStyle::Block) => range.start,
        }
        .max(self.end);
        self.has_content = true;
        let column = match (style, dash) {
            (StructureStyle::Flow, _) => NO_COLUMN,
            (_, Some(dash)) => column.saturating_sub(range.start - dash),
            _ => column,
        };
        let span = self.input.span(start..start);
        let kind = Kind::Sequence { items: Vec::new(), open: false };
        let id = self.push(NodeData { span, kind, templated: is_tagged });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        let is_key = position == Place::Key;
        self.stack.push(Frame { id, range: start..start, column, open, is_key, content });
        Ok(())
    }

    fn close(&mut self, range: &Range<usize>) {
        let Some(frame) = self.stack.pop() else { return };
        let is_flow = frame.column == NO_COLUMN;
        if is_flow {
            // Actions before a closing bracket belong inside; the bracket itself is content.
            self.end = self.end.max(range.end);
            self.gap.empty = None;
            self.gap.closed.clear();
        }
        let end = if is_flow { range.end } else { frame.range.end };
        let templated_inside = is_flow && self.may_grow(&(frame.range.start..end));
        let open = frame.open || templated_inside;
        let kind = match frame.content {
            Content::Mapping { entries, .. } => {
                let open = open || entries.iter().any(|e| e.key_templated);
                if open {
                    self.silence_duplicates(&entries);
                }
                Kind::Mapping { entries, open }
            }
            Content::Sequence(items) => Kind::Sequence { items, open },
        };
        let span = self.input.span(frame.range.start..end);
        if let Some(node) = self.nodes.get_mut(frame.id.0 as usize) {
            node.span = span;
            node.kind = kind;
        }
        if frame.is_key {
            self.key(PendingKey { text: Traced::literal("", span), templated: false, end });
        } else {
            self.attach(frame.id, end);
        }
        if !is_flow {
            self.gap.closed.push((frame.id, frame.column));
        }
    }

    fn key(&mut self, pending: PendingKey) {
        if let Some(frame) = self.stack.last_mut() {
            frame.range.end = frame.range.end.max(pending.end);
            if let Content::Mapping { key, .. } = &mut frame.content {
                *key = Some(pending);
            }
        }
    }

    fn attach(&mut self, id: NodeId, end: usize) {
        let Some(frame) = self.stack.last_mut() else { return };
        frame.range.end = frame.range.end.max(end);
        match &mut frame.content {
            Content::Sequence(items) => items.push(id),
            Content::Mapping { entries, key } => {
                if let Some(key) = key.take() {
                    entries.push(Entry { key: key.text, key_templated: key.templated, value: id });
                }
            }
        }
    }
}

/// A tag of the document's own (`!Ref`, `!vault`) makes the value something else than its text.
fn is_custom(tag: Option<&Cow<'_, Tag>>) -> bool {
    tag.is_some_and(|t| !t.is_yaml_core_schema())
}
