//! Values of templates: what `values.yaml` holds and what functions make of it.

mod merge;

use super::text::Text;
use crate::read::tree::{Kind, Node, Style};
use crate::source::Span;
pub(super) use merge::{filled, overlay, switched_on};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// The deepest values that are followed.
const MAX_DEPTH: usize = 64;

/// How many values a file may stand for: aliases of aliases of aliases would never end.
const MAX_VALUES: usize = 100_000;

/// A value, or that it is not known.
#[derive(Debug, Clone, Default)]
pub(super) enum Value {
    /// Something that only whoever installs the chart, or the cluster, knows.
    Unknown,
    /// Nothing: `null`, or a key that is not there.
    #[default]
    Nil,
    Bool(bool, Text),
    Int(i64, Text),
    Float(f64, Text),
    Str(Text),
    List(Arc<List>),
    Map(Arc<Map>),
    /// `.Capabilities.APIVersions`: which APIs the cluster has.
    Apis,
    /// `.Files` of the chart in a folder.
    Files(Arc<str>),
}

/// A list.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    items: Vec<Value>,
    depth: usize,
    /// Where it was written.
    from: Option<Span>,
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

/// A mapping by its keys' names, in the order in which templates go over them.
#[derive(Debug, Clone, Default)]
pub(super) struct Map {
    pub(super) entries: BTreeMap<Box<str>, (Text, Value)>,
    /// Whether it may hold more than is known.
    pub(super) is_open: bool,
    depth: usize,
    /// Where it was written.
    from: Option<Span>,
}

impl Map {
    /// One of which nothing is known.
    pub(super) fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(super) fn get(&self, key: &str) -> Value {
        match self.entries.get(key) {
            Some((_, value)) => value.clone(),
            None if self.is_open => Value::Unknown,
            None => Value::Nil,
        }
    }

    /// What is not as it was before is not known.
    pub(super) fn doubt(&mut self, before: &Self) {
        for (name, (_, value)) in &mut self.entries {
            let is_same = before.entries.get(name).is_some_and(|(_, old)| match (old.known(), value.known()) {
                (Some(old), Some(new)) => old == new,
                (None, None) => old.is_same(value),
                _ => false,
            });
            if !is_same {
                *value = Value::Unknown;
            }
        }
        for (name, (key, _)) in &before.entries {
            self.entries.entry(name.clone()).or_insert_with(|| (key.clone(), Value::Unknown));
        }
    }

    pub(super) fn set(&mut self, key: Text, value: Value) {
        self.put(key.as_str().into(), key, value);
    }

    /// What would be nested too deep is not followed.
    fn put(&mut self, name: Box<str>, key: Text, value: Value) {
        let value = if value.depth() >= MAX_DEPTH { Value::Unknown } else { value };
        self.depth = self.depth.max(value.depth() + 1);
        self.entries.insert(name, (key, value));
    }
}

impl Value {
    /// A text made here.
    pub(super) fn text(value: impl Into<String>, from: Span) -> Self {
        Self::Str(Text::made(value, from))
    }

    pub(super) fn bool(value: bool, from: Span) -> Self {
        Self::Bool(value, Text::made(value.to_string(), from))
    }

    pub(super) fn int(value: i64, from: Span) -> Self {
        Self::Int(value, Text::made(value.to_string(), from))
    }

    pub(super) fn map(map: Map) -> Self {
        Self::Map(Arc::new(map))
    }

    pub(super) fn list(items: Vec<Value>) -> Self {
        Self::list_at(items, None)
    }

    fn list_at(items: Vec<Value>, from: Option<Span>) -> Self {
        let depth = items.iter().map(Self::depth).max().unwrap_or_default() + 1;
        if depth > MAX_DEPTH { Self::Unknown } else { Self::List(Arc::new(List { items, depth, from })) }
    }

    /// The same value as one that nobody else holds: nested mappings are others as well.
    pub(super) fn copied(&self) -> Self {
        self.copied_at(&mut { MAX_VALUES })
    }

    fn copied_at(&self, left: &mut usize) -> Self {
        if *left < self.size() {
            return Self::Unknown;
        }
        *left -= self.size();
        match self {
            Self::List(items) => Self::list_at(items.iter().map(|item| item.copied_at(left)).collect(), items.from),
            Self::Map(map) => {
                let mut copy = Map { is_open: map.is_open, from: map.from, ..Map::default() };
                for (key, value) in map.entries.values() {
                    copy.set(key.clone(), value.copied_at(left));
                }
                Self::map(copy)
            }
            other => other.clone(),
        }
    }

    /// Whether it is the same collection, or no collection at all.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => Arc::ptr_eq(a, b),
            (Self::Map(a), Self::Map(b)) => Arc::ptr_eq(a, b),
            (Self::Unknown, other) => matches!(other, Self::Unknown),
            _ => true,
        }
    }

    /// How deep collections stand in each other.
    fn depth(&self) -> usize {
        match self {
            Self::List(list) => list.depth,
            Self::Map(map) => map.depth,
            _ => 0,
        }
    }

    /// How long its text is.
    pub(super) fn text_len(&self) -> usize {
        if let Self::Str(text) = self { text.as_str().len() } else { 0 }
    }

    /// How many entries it has of its own.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Map(map) => map.entries.len(),
            _ => 0,
        }
    }

    /// A mapping of which nothing is known.
    pub(super) fn open_map() -> Self {
        Self::map(Map::open())
    }

    /// The value of a node of YAML.
    pub(super) fn of(node: Node<'_>) -> Self {
        Self::of_at(node, 0, &mut { MAX_VALUES })
    }

    fn of_at(node: Node<'_>, depth: usize, left: &mut usize) -> Self {
        let node = node.follow();
        // In quotes and blocks actions are a text, which a template may follow later.
        let is_text = matches!(node.kind(), Kind::Scalar { style, .. } if *style != Style::Plain);
        if depth > MAX_DEPTH || *left == 0 || (node.is_templated() && !is_text) {
            return Self::Unknown;
        }
        *left -= 1;
        match node.kind() {
            Kind::Alias(_) => Self::Unknown,
            Kind::Sequence { .. } => {
                let items = node.items().map(|item| Self::of_at(item, depth + 1, left)).collect();
                Self::list_at(items, Some(node.span()))
            }
            Kind::Mapping { .. } => {
                let mut map = Map { is_open: node.is_open(), from: Some(node.span()), ..Map::default() };
                add_entries(&mut map, node, depth, left);
                Self::map(map)
            }
            Kind::Scalar { text, style } => {
                if node.is_null() {
                    return Self::Nil;
                }
                let text = Text::of(text);
                if *style != Style::Plain {
                    return Self::Str(text);
                }
                match (node.bool(), node.int(), text.as_str().parse::<f64>()) {
                    (Some(value), ..) => Self::Bool(value, text),
                    (_, Some(value), _) => Self::Int(value, text),
                    (.., Ok(value)) if text.as_str().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
                        Self::Float(value, text)
                    }
                    _ => Self::Str(text),
                }
            }
        }
    }

    /// What a template prints; None for collections.
    pub(super) fn printed(&self) -> Option<Text> {
        match self {
            Self::Bool(_, text) | Self::Int(_, text) | Self::Float(_, text) | Self::Str(text) => Some(text.clone()),
            Self::Nil => Some(Text::default()),
            Self::Unknown | Self::List(_) | Self::Map(_) | Self::Apis | Self::Files(_) => None,
        }
    }

    /// The text of a scalar that is known.
    pub(super) fn known(&self) -> Option<Text> {
        self.printed().filter(Text::is_known)
    }

    /// Whether a condition holds; None where that is not known.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Apis | Self::Files(_) => Some(true),
            Self::Nil => Some(false),
            Self::Bool(value, _) => Some(*value),
            Self::Int(value, _) => Some(*value != 0),
            Self::Float(value, _) => Some(*value != 0.0),
            Self::Str(text) if !text.is_known() => None,
            Self::Str(text) => Some(!text.is_empty()),
            Self::List(items) => Some(!items.is_empty()),
            Self::Map(map) if map.entries.is_empty() && map.is_open => None,
            Self::Map(map) => Some(!map.entries.is_empty()),
        }
    }

    /// A field: what is not there is nothing, of what is unknown everything is.
    pub(super) fn field(&self, name: &str) -> Self {
        match self {
            Self::Map(map) => map.get(name),
            Self::Nil => Self::Nil,
            _ => Self::Unknown,
        }
    }

    /// A number, also where a text says it.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "templates count in floats as well")]
            Self::Int(value, _) => Some(*value as f64),
            Self::Float(value, _) => Some(*value),
            Self::Str(text) if text.is_known() => Some(text.as_str().trim().parse().unwrap_or(0.0)),
            Self::Bool(value, _) => Some(f64::from(u8::from(*value))),
            Self::Nil => Some(0.0),
            _ => None,
        }
    }

    /// Go's name of its kind.
    pub(super) fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unknown | Self::Apis | Self::Files(_) => return None,
            Self::Nil => "invalid",
            Self::Bool(..) => "bool",
            Self::Int(..) => "int64",
            Self::Float(..) => "float64",
            Self::Str(_) => "string",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
        })
    }

    /// Whether two values are equal; None where that is not known.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        self.equals_at(other, &mut { MAX_VALUES })
    }

    fn equals_at(&self, other: &Self, left: &mut usize) -> Option<bool> {
        *left = left.checked_sub(1)?;
        match (self, other) {
            (Self::Unknown | Self::Apis | Self::Files(_), _) | (_, Self::Unknown | Self::Apis | Self::Files(_)) => None,
            (Self::Map(a), Self::Map(b)) => {
                if a.is_open || b.is_open {
                    return None;
                }
                let mut same = a.entries.keys().eq(b.entries.keys());
                for ((_, a), (_, b)) in a.entries.values().zip(b.entries.values()) {
                    same &= a.equals_at(b, left)?;
                }
                Some(same)
            }
            (Self::Int(..) | Self::Float(..), Self::Int(..) | Self::Float(..)) => {
                Some((self.number()? - other.number()?).abs() < f64::EPSILON)
            }
            (Self::List(a), Self::List(b)) => {
                let mut same = a.len() == b.len();
                for (a, b) in a.iter().zip(b.iter()) {
                    same &= a.equals_at(b, left)?;
                }
                Some(same)
            }
            (Self::Nil, Self::Nil) => Some(true),
            (Self::Nil, _) | (_, Self::Nil) => Some(false),
            _ => Some(self.kind() == other.kind() && self.known()?.as_str() == other.known()?.as_str()),
        }
    }

    /// Where it was written, as far as that is one place.
    pub(super) fn origin(&self) -> Option<Span> {
        match self {
            Self::List(list) => list.from.or_else(|| list.first()?.origin()),
            Self::Map(map) => map.from.or_else(|| map.entries.values().next()?.0.origin()),
            other => other.printed()?.origin(),
        }
    }
}

fn add_entries(map: &mut Map, node: Node<'_>, depth: usize, left: &mut usize) {
    let merged = node.entries().filter(|(entry, _)| entry.key.as_str() == "<<").map(|(_, value)| value.follow());
    for source in merged {
        if depth >= MAX_DEPTH || *left == 0 {
            map.is_open = true;
            return;
        }
        let sources: Vec<Node<'_>> = if source.is_sequence() { source.items().collect() } else { vec![source] };
        // What stands first holds.
        for source in sources.into_iter().rev() {
            add_entries(map, source, depth + 8, left);
        }
    }
    for (entry, value) in node.entries().filter(|(entry, _)| entry.key.as_str() != "<<") {
        if entry.key_templated {
            map.is_open = true;
        } else {
            map.set(Text::of(&entry.key), Value::of_at(value, depth + 1, left));
        }
    }
}
