//! Tags of a struct's fields.

use crate::source::Span;

/// A field with a tag that some rule reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// The struct's field.
    pub field: Box<str>,
    /// What the tag says under its key.
    pub text: Box<str>,
    /// Where that is written.
    pub span: Span,
    /// Where the field's type is written.
    pub of: Span,
    /// What that type is.
    pub shape: Shape,
}

/// What values of a Go type look like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the language's own words")]
pub enum Shape {
    Bool,
    /// By its bits; `int` has none said.
    Int(Option<u8>),
    Uint(Option<u8>),
    Float(u8),
    Text,
    Time,
    List(Box<Shape>),
    Map(Box<Shape>, Box<Shape>),
    Struct,
    Pointer(Box<Shape>),
    /// A type of `database/sql` that may be null.
    Nullable,
    /// Anything, or something that is read in a way of its own.
    Other,
}

impl Shape {
    /// As it would be written.
    pub fn shown(&self) -> String {
        let bits = |bits: &Option<u8>| bits.map_or(String::new(), |bits| bits.to_string());
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Int(size) => format!("int{}", bits(size)),
            Self::Uint(size) => format!("uint{}", bits(size)),
            Self::Float(size) => format!("float{size}"),
            Self::Text => "string".to_owned(),
            Self::Time => "time.Time".to_owned(),
            Self::List(of) if **of == Self::Uint(Some(8)) => "[]byte".to_owned(),
            Self::List(of) => format!("[]{}", of.shown()),
            Self::Map(key, value) => format!("map[{}]{}", key.shown(), value.shown()),
            Self::Struct => "a struct".to_owned(),
            Self::Pointer(of) => format!("*{}", of.shown()),
            Self::Nullable | Self::Other => "a type of its own".to_owned(),
        }
    }

    /// The value itself, where it is there.
    pub fn inner(&self) -> &Self {
        if let Self::Pointer(of) = self { of.inner() } else { self }
    }
}
