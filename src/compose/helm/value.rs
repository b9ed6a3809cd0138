//! Values of templates: what `values.yaml` holds and what functions make of it.

use super::text::Text;
use crate::read::tree::{Kind, Node, Style};
use crate::source::Span;
use std::collections::BTreeMap;
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
    List(Arc<Vec<Value>>),
    Map(Arc<Map>),
}

/// A mapping by its keys' names, in the order in which templates go over them.
#[derive(Debug, Clone, Default)]
pub(super) struct Map {
    pub(super) entries: BTreeMap<Box<str>, (Text, Value)>,
    /// Whether it may hold more than is known.
    pub(super) is_open: bool,
}

impl Map {
    pub(super) fn get(&self, key: &str) -> Value {
        match self.entries.get(key) {
            Some((_, value)) => value.clone(),
            None if self.is_open => Value::Unknown,
            None => Value::Nil,
        }
    }

    pub(super) fn set(&mut self, key: Text, value: Value) {
        self.entries.insert(key.as_str().into(), (key, value));
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
        Self::List(Arc::new(items))
    }

    /// A mapping of which nothing is known.
    pub(super) fn open_map() -> Self {
        Self::map(Map { entries: BTreeMap::new(), is_open: true })
    }

    /// The value of a node of YAML.
    pub(super) fn of(node: Node<'_>) -> Self {
        Self::of_at(node, 0, &mut { MAX_VALUES })
    }

    fn of_at(node: Node<'_>, depth: usize, left: &mut usize) -> Self {
        let node = node.follow();
        if depth > MAX_DEPTH || *left == 0 || node.is_templated() {
            return Self::Unknown;
        }
        *left -= 1;
        match node.kind() {
            Kind::Alias(_) => Self::Unknown,
            Kind::Sequence { .. } => Self::list(node.items().map(|item| Self::of_at(item, depth + 1, left)).collect()),
            Kind::Mapping { .. } => {
                let mut map = Map { is_open: node.is_open(), ..Map::default() };
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
            Self::Unknown | Self::List(_) | Self::Map(_) => None,
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
            Self::Unknown => return None,
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
        match (self, other) {
            (Self::Unknown | Self::Map(_), _) | (_, Self::Unknown | Self::Map(_)) => None,
            (Self::Int(..) | Self::Float(..), Self::Int(..) | Self::Float(..)) => {
                Some((self.number()? - other.number()?).abs() < f64::EPSILON)
            }
            (Self::List(a), Self::List(b)) => {
                let pairs = a.iter().zip(b.iter()).map(|(a, b)| a.equals(b));
                Some(a.len() == b.len() && pairs.collect::<Option<Vec<_>>>()?.into_iter().all(|same| same))
            }
            (Self::Nil, Self::Nil) => Some(true),
            (Self::Nil, _) | (_, Self::Nil) => Some(false),
            _ => Some(self.kind() == other.kind() && self.known()?.as_str() == other.known()?.as_str()),
        }
    }

    /// Where it was written, as far as that is one place.
    pub(super) fn origin(&self) -> Option<Span> {
        match self {
            Self::List(items) => items.first()?.origin(),
            Self::Map(map) => map.entries.values().next()?.0.origin(),
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

/// Lays one mapping over another, as a further values file lies over the chart's own: `null` takes a key away.
pub(super) fn overlay(below: &Value, above: &Value) -> Value {
    overlay_at(below, above, 0)
}

fn overlay_at(below: &Value, above: &Value, depth: usize) -> Value {
    let (Value::Map(a), Value::Map(b)) = (below, above) else { return above.clone() };
    let mut map = Map::clone(a);
    map.is_open |= b.is_open;
    for (name, (key, value)) in &b.entries {
        let merged = match a.entries.get(name) {
            _ if matches!(value, Value::Nil) => {
                map.entries.remove(name);
                continue;
            }
            Some((_, old)) if depth < MAX_DEPTH => overlay_at(old, value, depth + 1),
            _ => value.clone(),
        };
        map.entries.insert(name.clone(), (key.clone(), merged));
    }
    Value::map(map)
}

/// The same values with everything on that has a switch of its own; None where all is on.
pub(super) fn switched_on(values: &Value) -> Option<Value> {
    switched_on_at(values, 0)
}

fn switched_on_at(values: &Value, depth: usize) -> Option<Value> {
    let Value::Map(map) = values else { return None };
    let mut all = None;
    for (name, (key, value)) in &map.entries {
        let on = match value {
            Value::Bool(false, text) if matches!(&**name, "enabled" | "create") => {
                text.origin().map(|origin| Value::Bool(true, Text::made("true", origin)))
            }
            Value::Map(_) if depth < MAX_DEPTH => switched_on_at(value, depth + 1),
            _ => None,
        };
        if let Some(on) = on {
            all.get_or_insert_with(|| Map::clone(map)).entries.insert(name.clone(), (key.clone(), on));
        }
    }
    all.map(Value::map)
}
