//! A rule's options: declared once, beside the rule.

use super::Origin;
use crate::source::Span;
use std::collections::BTreeMap;
use std::fmt;

/// An option that a rule declares.
#[derive(Debug, Clone, Copy)]
pub struct Opt {
    /// Its name in the configuration: `require-digest`.
    pub name: &'static str,
    /// Its value where nobody sets it; it also fixes the type.
    pub default: DefaultValue,
    /// What it does, in the house's message style.
    pub help: &'static str,
}

/// A default, as a constant can hold it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the types' own names")]
pub enum DefaultValue {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'static str),
    List(&'static [&'static str]),
}

/// A value in force.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the types' own names")]
pub enum Value {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<String>),
}

impl DefaultValue {
    /// The type, in words for error messages.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Bool(_) => "`true` or `false`",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list of texts",
        }
    }

    /// The default as a value.
    pub fn value(self) -> Value {
        match self {
            Self::Bool(b) => Value::Bool(b),
            Self::Int(i) => Value::Int(i),
            Self::Float(f) => Value::Float(f),
            Self::Text(t) => Value::Text(t.to_owned()),
            Self::List(l) => Value::List(l.iter().map(|s| (*s).to_owned()).collect()),
        }
    }
}

impl fmt::Display for Value {
    /// As it is written in the configuration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(i) => write!(f, "{i}"),
            Self::Float(x) => write!(f, "{x:?}"),
            Self::Text(t) => write!(f, "{t:?}"),
            Self::List(l) => write!(f, "{l:?}"),
        }
    }
}

/// The options of one rule, every declared one with a value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    values: BTreeMap<&'static str, (Value, Origin)>,
}

impl Options {
    /// All options at their defaults.
    pub fn defaults(declared: &[Opt]) -> Self {
        Self { values: declared.iter().map(|opt| (opt.name, (opt.default.value(), Origin::Default))).collect() }
    }

    /// Sets one; the caller has checked name and type against the declaration.
    pub fn set(&mut self, name: &'static str, value: Value, from: Origin) {
        self.values.insert(name, (value, from));
    }

    /// All names and values with where they came from, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value, Origin)> {
        self.values.iter().map(|(name, (value, from))| (*name, value, *from))
    }

    /// Where an option's value stands, if the configuration sets it.
    pub fn place(&self, name: &str) -> Option<Span> {
        match self.values.get(name) {
            Some((_, Origin::File(span))) => Some(*span),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).map(|(value, _)| value)
    }

    /// Whether a switch is on; an undeclared one is off.
    pub fn on(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    /// A number; an undeclared one is 0.
    #[allow(clippy::cast_precision_loss, reason = "thresholds are small numbers")]
    pub fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Some(Value::Float(x)) => *x,
            Some(Value::Int(i)) => *i as f64,
            _ => 0.0,
        }
    }

    /// A text; an undeclared one is empty.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// A list; an undeclared one is empty.
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }
}
