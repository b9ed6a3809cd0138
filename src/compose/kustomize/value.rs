//! Objects while patches change them: trees that own their nodes, each with the place that it was written at.

use crate::read::tree::{Entry, Kind, MAX_DEPTH, Node, NodeData, NodeId, Style, Syntax, Tree};
use crate::source::{FileId, Span, Traced};
use std::collections::HashSet;

/// A node.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) templated: bool,
    pub(super) what: What,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum What {
    Scalar {
        text: Traced,
        style: Style,
    },
    Map {
        members: Vec<Member>,
        open: bool,
    },
    List {
        items: Vec<Value>,
        open: bool,
    },
    /// An alias that leads nowhere.
    Unknown,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: Traced,
    pub(super) templated: bool,
    pub(super) value: Value,
}

impl Value {
    /// A copy of a node, aliases and merge keys filled in. None where that is more than `budget` nodes, which it is taken from.
    pub(super) fn of(node: Node<'_>, budget: &mut usize) -> Option<Self> {
        Self::copy(node, budget, MAX_DEPTH)
    }

    fn copy(node: Node<'_>, budget: &mut usize, depth: usize) -> Option<Self> {
        *budget = budget.checked_sub(1)?;
        let depth = depth.checked_sub(1)?;
        let node = node.follow();
        let what = match node.kind() {
            Kind::Scalar { text, style } => What::Scalar { text: text.clone(), style: *style },
            Kind::Mapping { open, .. } => What::Map { members: members(node, budget, depth)?, open: *open },
            Kind::Sequence { open, .. } => {
                let items = node.items().map(|item| Self::copy(item, budget, depth)).collect::<Option<_>>()?;
                What::List { items, open: *open }
            }
            Kind::Alias(_) => What::Unknown,
        };
        Some(Self { span: node.span(), templated: node.is_templated(), what })
    }

    /// A text at its own place.
    pub(super) fn text_of(text: Traced, style: Style) -> Self {
        Self { span: text.span(), templated: false, what: What::Scalar { text, style } }
    }

    /// An empty mapping.
    pub(super) fn empty(span: Span) -> Self {
        Self { span, templated: false, what: What::Map { members: Vec::new(), open: false } }
    }

    pub(super) fn members(&self) -> &[Member] {
        if let What::Map { members, .. } = &self.what { members } else { &[] }
    }

    pub(super) fn members_mut(&mut self) -> Option<&mut Vec<Member>> {
        if let What::Map { members, .. } = &mut self.what { Some(members) } else { None }
    }

    pub(super) fn items(&self) -> &[Value] {
        if let What::List { items, .. } = &self.what { items } else { &[] }
    }

    pub(super) fn items_mut(&mut self) -> Option<&mut Vec<Value>> {
        if let What::List { items, .. } = &mut self.what { Some(items) } else { None }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.members().iter().rev().find(|m| m.key.as_str() == key && !m.templated).map(|member| &member.value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let members = self.members_mut()?;
        members.iter_mut().rev().find(|m| m.key.as_str() == key && !m.templated).map(|member| &mut member.value)
    }

    pub(super) fn path(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The mapping at a path, made where it is not there.
    pub(super) fn mapping_at(&mut self, keys: &[&str], at: Span) -> Option<&mut Value> {
        let mut value = self;
        for key in keys {
            if value.get(key).is_none() {
                value.set(Traced::made(*key, at), Value::empty(at));
            }
            value = value.get_mut(key)?;
        }
        value.members_mut().is_some().then_some(value)
    }

    /// Writes a key, over what stands there.
    pub(super) fn set(&mut self, key: Traced, value: Value) {
        if let Some(own) = self.get_mut(key.as_str()) {
            *own = value;
        } else if let Some(members) = self.members_mut() {
            members.push(Member { key, templated: false, value });
        }
    }

    /// Takes a key away.
    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        let members = self.members_mut()?;
        let at = members.iter().rposition(|member| member.key.as_str() == key)?;
        Some(members.remove(at).value)
    }

    /// The scalar's text, where it is known.
    pub(super) fn text(&self) -> Option<&Traced> {
        match &self.what {
            What::Scalar { text, .. } if !self.templated && !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub(super) fn str(&self) -> Option<&str> {
        self.text().map(Traced::as_str)
    }

    pub(super) fn is_null(&self) -> bool {
        match &self.what {
            What::Scalar { text, style: Style::Plain } if !self.templated => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// How many nodes.
    pub(super) fn len(&self) -> usize {
        let inner: usize = match &self.what {
            What::Map { members, .. } => members.iter().map(|member| member.value.len()).sum(),
            What::List { items, .. } => items.iter().map(Value::len).sum(),
            What::Scalar { .. } | What::Unknown => 0,
        };
        inner + 1
    }

    /// The document that it has become.
    pub(super) fn tree(&self, file: FileId, syntax: Syntax) -> Tree {
        let mut nodes = Vec::new();
        let root = self.push(&mut nodes);
        Tree::new(file, syntax, nodes, root)
    }

    fn push(&self, nodes: &mut Vec<NodeData>) -> NodeId {
        let id = NodeId(nodes.len() as u32);
        let NodeData { span, templated, .. } =
            NodeData { span: self.span, kind: Kind::Alias(None), templated: self.templated };
        nodes.push(NodeData { span, kind: Kind::Alias(None), templated });
        let kind = match &self.what {
            What::Scalar { text, style } => Kind::Scalar { text: text.clone(), style: *style },
            What::Map { members, open } => {
                let entry = |member: &Member| Entry {
                    key: member.key.clone(),
                    key_templated: member.templated,
                    value: member.value.push(nodes),
                };
                Kind::Mapping { entries: members.iter().map(entry).collect(), open: *open }
            }
            What::List { items, open } => {
                Kind::Sequence { items: items.iter().map(|item| item.push(nodes)).collect(), open: *open }
            }
            What::Unknown => Kind::Alias(None),
        };
        if let Some(node) = nodes.get_mut(id.0 as usize) {
            node.kind = kind;
        }
        id
    }
}

/// A mapping's own members, then those of its merge keys that it has not itself.
fn members(node: Node<'_>, budget: &mut usize, depth: usize) -> Option<Vec<Member>> {
    let mut found = Vec::new();
    let own: HashSet<&str> = node.entries().map(|(entry, _)| entry.key.as_str()).collect();
    let mut merged: HashSet<&str> = HashSet::new();
    for (entry, value) in node.entries() {
        if entry.key.as_str() != "<<" {
            let value = Value::copy(value, budget, depth)?;
            found.push(Member { key: entry.key.clone(), templated: entry.key_templated, value });
            continue;
        }
        let value = value.follow();
        let sources: Vec<Node<'_>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
        for (entry, value) in sources.iter().flat_map(|source| source.entries()) {
            let key = entry.key.as_str();
            if !own.contains(key) && merged.insert(key) {
                let value = Value::copy(value, budget, depth)?;
                found.push(Member { key: entry.key.clone(), templated: entry.key_templated, value });
            }
        }
    }
    Some(found)
}
