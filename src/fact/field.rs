//! Fields that may be absent, or decided by something that is not read, and the values that are in force.

use crate::source::{Span, Spanned};

/// What is known of a field. `Absent` is said only where nothing could add it: no template, no patch, no operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// It is not there.
    Absent,
    /// Something that is not read decides it.
    #[default]
    Unknown,
    /// It is written.
    Set(Spanned<T>),
}

impl<T: Copy> Field<T> {
    /// The written value.
    pub fn value(&self) -> Option<T> {
        self.set().map(|set| set.value)
    }

    /// The written value and its place.
    pub fn set(&self) -> Option<Spanned<T>> {
        match self {
            Self::Set(set) => Some(*set),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// The written value, or what holds where there is none; nothing where that is not known.
    pub fn or(&self, default: T) -> Option<T> {
        match self {
            Self::Set(set) => Some(set.value),
            Self::Absent => Some(default),
            Self::Unknown => None,
        }
    }
}

impl<T> Field<T> {
    /// Its place, where it is written.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Set(set) => Some(set.span),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether it is known that nothing writes it.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it is written.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set(_))
    }
}

impl<T> From<&Field<T>> for crate::finding::Place {
    fn from(field: &Field<T>) -> Self {
        Self(field.span())
    }
}

/// A value that is in force, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an effective value comes from. A default has no place, and labels know that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A field of the object.
    Field(Span),
    /// A Spark setting.
    Conf(Span),
    /// Nobody said anything; the documentation says why this value holds.
    Default(&'static str),
}

impl<T> Effective<T> {
    /// The field's value, or the default.
    pub fn or_default(field: Option<Spanned<T>>, default: T, why: &'static str) -> Self {
        match field {
            Some(Spanned { value, span }) => Self { value, origin: Origin::Field(span) },
            None => Self { value: default, origin: Origin::Default(why) },
        }
    }

    /// The place, where there is one.
    pub fn span(&self) -> Option<Span> {
        match self.origin {
            Origin::Field(span) | Origin::Conf(span) => Some(span),
            Origin::Default(_) => None,
        }
    }
}

impl<T> From<&Effective<T>> for crate::finding::Place {
    fn from(value: &Effective<T>) -> Self {
        Self(value.span())
    }
}
