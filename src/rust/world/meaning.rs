//! What names can mean.

use crate::rust::syntax::{Name, Written};

/// A type by its number; the first is unknown.
pub(super) type Ty = u32;

/// Which kind of name is meant by a path's last part; all others are modules or types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Space {
    Type,
    Value,
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This path of another crate.
    External(Name),
    Module(u32),
    Type(u32),
    Alias(u32),
    Trait(u32),
    Function(u32),
    /// A constant or static: its routine, its scope and its type.
    Value(u32, u32, Written),
    /// A variant of an enum.
    Variant(u32, Name),
    /// A type parameter of a scope.
    Param(u32, usize),
    /// What `Self` is in a scope.
    Own(u32),
    /// Something that belongs to a type.
    Member(Ty, Name),
    /// `Some`, `Ok`, `Err`, `None`.
    Wrap(&'static str),
    /// Something of this build that leads nowhere.
    Local,
    /// Nothing that is known.
    Unknown,
}

/// Whether a name is a type of the language.
pub(super) fn is_primitive(name: &str) -> bool {
    matches!(name, "bool" | "char" | "str" | "f32" | "f64")
        || name.strip_prefix(['u', 'i']).is_some_and(|bits| bits == "size" || bits.bytes().all(|b| b.is_ascii_digit()))
}
