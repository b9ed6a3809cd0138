//! The tree that YAML, JSON and TOML documents share: scalars, mappings and sequences, each with its byte span.
//!
//! Aliases stay nodes and are followed on demand, merge keys (`<<`) are looked up, never copied: a document that would
//! grow a million-fold when expanded stays as small as its text.

use crate::source::{FileId, Span, Traced};

/// How often an alias or merge key is followed before the look-up gives up; real documents need one or two.
const MAX_HOPS: usize = 16;

/// How many mappings one look-up visits through merge keys: lists of merges of lists of merges would never end.
const MAX_MERGES: usize = 256;

/// The deepest nesting that is read. Deeper documents are reported as a loss.
pub const MAX_DEPTH: usize = 128;

/// A node's number inside its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(pub u32);

/// One document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The file it stands in.
    pub file: FileId,
    /// Which notation: decides how a scalar is typed and how an edit is written.
    pub syntax: Syntax,
    /// A template that asks the cluster what it knows (`.Capabilities`): which of its documents are applied is decided there.
    pub asks_cluster: bool,
    nodes: Vec<NodeData>,
    root: NodeId,
}

/// The notation a tree was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the notations' own names")]
pub enum Syntax {
    Yaml,
    Json,
    Toml,
}

/// A node as the readers make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeData {
    /// Its bytes. A block collection's span runs from its first key or dash to the end of its last value.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// A template action stands in it: its value is not known from the text alone.
    pub templated: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A scalar's text with quotes and escapes resolved.
    Scalar {
        /// The value.
        text: Traced,
        /// How it was written.
        style: Style,
    },
    /// A mapping, in order, duplicate keys included.
    Mapping {
        /// Its entries.
        entries: Vec<Entry>,
        /// A whole-line template action stands among the entries: more keys may exist than are seen.
        open: bool,
    },
    /// A sequence, in order.
    Sequence {
        /// Its items.
        items: Vec<NodeId>,
        /// A whole-line template action stands among the items.
        open: bool,
    },
    /// `*name`: the node it stands for, where the anchor is known.
    Alias(Option<NodeId>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key; a key that is itself a collection has an empty text.
    pub key: Traced,
    /// The key holds a template action.
    pub key_templated: bool,
    /// The value.
    pub value: NodeId,
}

/// How a scalar was written. Only `Plain` scalars are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "YAML's own names")]
pub enum Style {
    Plain,
    Quoted,
    Literal,
    Folded,
}

/// A place in a text, widened to whole characters.
pub(super) fn place(file: FileId, text: &str, range: std::ops::Range<usize>) -> Span {
    let start = range.start.min(text.len());
    let end = range.end.clamp(start, text.len());
    let start = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Span::new(file, start..end)
}

/// A value and the bytes of `text` it stands for; where these are not the same bytes, each part stands for all of them.
pub(super) fn traced(text: &str, span: Span, value: &str) -> Traced {
    if span.range().len() != value.len() || text.get(span.range()) == Some(value) {
        return Traced::literal(value, span);
    }
    // As long as its bytes, but not the same: cut in two, no part is as long as its place.
    let cut = value.chars().next().map_or(0, char::len_utf8);
    if cut == value.len() {
        return Traced::literal(value, Span { end: span.start, ..span });
    }
    let parts = [&value[..cut], &value[cut..]];
    Traced::concat(span, parts.map(|part| Traced::literal(part, span)))
}

impl Tree {
    /// A tree of `nodes`, whose `root` is one of them. Readers make the nodes; ids are positions in the list.
    pub fn new(file: FileId, syntax: Syntax, nodes: Vec<NodeData>, root: NodeId) -> Self {
        debug_assert!((root.0 as usize) < nodes.len());
        Self { file, syntax, asks_cluster: false, nodes, root }
    }

    /// The same tree with its places somewhere else: `place` moves those of nodes, `text` texts. A scalar that is written in one
    /// other place stands there.
    #[must_use]
    pub fn moved(mut self, place: impl Fn(Span) -> Span, text: impl Fn(&Traced) -> Traced) -> Self {
        for node in &mut self.nodes {
            node.span = place(node.span);
            match &mut node.kind {
                Kind::Scalar { text: own, .. } => {
                    *own = text(own);
                    if !node.span.contains(own.span()) && !own.as_str().is_empty() {
                        node.span = own.span();
                    }
                }
                Kind::Mapping { entries, .. } => entries.iter_mut().for_each(|entry| entry.key = text(&entry.key)),
                Kind::Sequence { .. } | Kind::Alias(_) => {}
            }
        }
        self
    }

    /// The document's root.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: self.root }
    }

    /// How many nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the document is empty.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node, in reading order, aliases not followed: each node once, so that a walk ends.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|id| Node { tree: self, id: NodeId(id) })
    }
}

/// A node and its tree: a cheap handle for reading.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.id.0 as usize]
    }

    fn at(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    /// The node's number in its tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The node's tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its own bytes (an alias's bytes, not its target's).
    pub fn span(self) -> Span {
        self.data().span
    }

    /// Where it is used: of a scalar that a template takes from somewhere else, where the template writes it.
    pub fn site(self) -> Span {
        match self.kind() {
            Kind::Scalar { text, .. } if !self.span().contains(text.written()) => text.written(),
            _ => self.span(),
        }
    }

    /// What it is, aliases not followed.
    pub fn kind(self) -> &'t Kind {
        &self.data().kind
    }

    /// Whether a template action stands in it.
    pub fn is_templated(self) -> bool {
        self.data().templated
    }

    /// The node an alias stands for; itself otherwise. An unknown anchor or a circle leads nowhere: the alias stays.
    #[must_use]
    pub fn follow(self) -> Self {
        let mut node = self;
        for _ in 0..MAX_HOPS {
            match node.kind() {
                Kind::Alias(Some(target)) => node = node.at(*target),
                _ => return node,
            }
        }
        self
    }

    /// The value under `key`: the last one where a key stands twice, else through merge keys.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key as written and the value under it.
    pub fn entry(self, key: &str) -> Option<(&'t Traced, Node<'t>)> {
        self.lookup(key, MAX_HOPS, &mut { MAX_MERGES })
    }

    fn lookup(self, key: &str, hops: usize, visits: &mut usize) -> Option<(&'t Traced, Node<'t>)> {
        *visits = visits.checked_sub(1)?;
        let node = self.follow();
        let Kind::Mapping { entries, .. } = node.kind() else { return None };
        if let Some(entry) = entries.iter().rev().find(|e| e.key.as_str() == key && !e.key_templated) {
            return Some((&entry.key, node.at(entry.value)));
        }
        let hops = hops.checked_sub(1)?;
        entries.iter().filter(|e| e.key.as_str() == "<<").find_map(|merge| {
            let source = node.at(merge.value).follow();
            match source.kind() {
                Kind::Sequence { items, .. } => {
                    items.iter().find_map(|item| source.at(*item).lookup(key, hops, visits))
                }
                _ => source.lookup(key, hops, visits),
            }
        })
    }

    /// Follows keys one after another: `node.path(&["spec", "template", "spec"])`.
    pub fn path(self, keys: &[&str]) -> Option<Node<'t>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a mapping, in order, merge keys unexpanded; nothing for other kinds.
    pub fn entries(self) -> impl Iterator<Item = (&'t Entry, Node<'t>)> {
        let node = self.follow();
        let entries: &'t [Entry] = if let Kind::Mapping { entries, .. } = node.kind() { entries } else { &[] };
        entries.iter().map(move |e| (e, node.at(e.value)))
    }

    /// The items of a sequence; nothing for other kinds.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let node = self.follow();
        let items: &'t [NodeId] = if let Kind::Sequence { items, .. } = node.kind() { items } else { &[] };
        items.iter().map(move |id| node.at(*id))
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.follow().kind(), Kind::Mapping { .. })
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.follow().kind(), Kind::Sequence { .. })
    }

    /// Whether a template may add entries or items that are not seen.
    pub fn is_open(self) -> bool {
        matches!(self.follow().kind(), Kind::Mapping { open: true, .. } | Kind::Sequence { open: true, .. })
    }

    /// The scalar's text, where it is known: not null, not templated.
    pub fn text(self) -> Option<&'t Traced> {
        let node = self.follow();
        match node.kind() {
            Kind::Scalar { text, .. } if !node.is_templated() && !node.is_null() => Some(text),
            _ => None,
        }
    }

    /// The scalar's text as a plain string slice.
    pub fn str(self) -> Option<&'t str> {
        self.text().map(Traced::as_str)
    }

    /// Whether it is nothing: an empty plain scalar, `~` or `null`. Where a template may fill it, that is not known.
    pub fn is_null(self) -> bool {
        let node = self.follow();
        match node.kind() {
            Kind::Scalar { text, style: Style::Plain } if !node.is_templated() => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// A whole number that YAML, JSON or TOML reads as such.
    pub fn int(self) -> Option<i64> {
        self.plain()?.replace('_', "").parse().ok()
    }

    /// A truth value: as Kubernetes reads YAML, `yes`, `on` and their kin are booleans too.
    pub fn bool(self) -> Option<bool> {
        let yaml = self.tree.syntax == Syntax::Yaml;
        match self.plain()? {
            "true" => Some(true),
            "false" => Some(false),
            "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if yaml => Some(true),
            "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if yaml => Some(false),
            _ => None,
        }
    }

    /// Whether the notation reads the scalar as text: quoted, in a block, or plain and no number, truth value or null.
    pub fn is_string(self) -> bool {
        let node = self.follow();
        match node.kind() {
            Kind::Scalar { style: Style::Plain, text } => {
                !node.is_null()
                    && node.bool().is_none()
                    && node.int().is_none()
                    && text.as_str().parse::<f64>().is_err()
            }
            Kind::Scalar { .. } => true,
            _ => false,
        }
    }

    fn plain(self) -> Option<&'t str> {
        let node = self.follow();
        match node.kind() {
            Kind::Scalar { text, style: Style::Plain } if !node.is_templated() => Some(text.as_str()),
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests;
