//! A file's syntax in a compact form: what is left of it when its tree is dropped.

use super::{ffi, site};
use crate::source::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// A name; equal names of a file share their text.
pub(super) type Name = Arc<str>;

/// A file in compact form. Numbers count within the file until a world joins it with others.
#[derive(Debug, Clone, Default)]
pub struct Syntax {
    /// Modules, blocks with items, and whatever has type parameters. The first is the file itself.
    pub(super) scopes: Vec<Scope>,
    pub(super) routines: Vec<Routine>,
    pub(super) types: Vec<TypeItem>,
    pub(super) traits: Vec<TraitItem>,
    pub(super) impls: Vec<ImplItem>,
    pub(super) aliases: Vec<Alias>,
    /// What is wrong with functions that C calls, tests aside.
    pub flaws: Vec<ffi::Flaw>,
    /// What it does with the libraries that rules look into, tests aside.
    pub sites: site::Sites,
    /// The file says that it is generated.
    pub generated: bool,
}

/// Where names are looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) parent: Option<u32>,
    pub(super) is_module: bool,
    pub(super) types: HashMap<Name, Item>,
    pub(super) values: HashMap<Name, Item>,
    /// Each with whether others see what it brings.
    pub(super) globs: Vec<(Path, bool)>,
    pub(super) params: Vec<Param>,
    /// What `Self` is.
    pub(super) own: Option<Own>,
    /// Functions of which a condition chooses one.
    pub(super) twins: Vec<(u32, u32)>,
}

/// What `Self` is in an `impl` block, a type or a trait.
#[derive(Debug, Clone)]
pub(super) enum Own {
    Type(Written),
    Trait(u32),
}

/// A type parameter and what it is bound by.
#[derive(Debug, Clone)]
pub(super) struct Param {
    pub(super) name: Name,
    pub(super) bounds: Vec<Path>,
    /// What a bound says that it gives: `impl Iterator<Item = T>`, `F: Fn() -> T`.
    pub(super) gives: Option<Written>,
}

/// What a name of a scope stands for.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// What another path means, and whether others see it.
    Import(Path, bool),
    /// A module written out here.
    Module(u32),
    /// A module in another file, and where an attribute says that it lies.
    File(Option<Name>),
    Type(u32),
    Alias(u32),
    Trait(u32),
    Function(u32),
    /// A constant or static, and the routine of its initialiser.
    Value(u32, Written),
    /// Something of this crate that leads nowhere: a foreign function.
    Nothing,
}

/// A path as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path {
    /// It begins with `::`.
    pub(super) absolute: bool,
    pub(super) segments: Box<[Name]>,
}

/// A type as written; references and raw pointers are what they point to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Written {
    #[default]
    Unknown,
    Path(Path, Box<[Written]>),
    Tuple(Box<[Written]>),
    /// A slice or an array.
    List(Box<Written>),
    /// `dyn A + B`, `impl A`, and what it gives.
    Bounds(Box<[Path]>, Box<Written>),
    /// A function, by what it gives.
    Gives(Box<Written>),
}

/// A struct, enum or union.
#[derive(Debug, Clone)]
pub(super) struct TypeItem {
    pub(super) scope: u32,
    pub(super) params: Box<[Name]>,
    pub(super) fields: Vec<(Name, Written)>,
    pub(super) variants: HashMap<Name, Vec<(Name, Written)>>,
}

#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) scope: u32,
    pub(super) params: Box<[Name]>,
    pub(super) of: Written,
}

#[derive(Debug, Clone)]
pub(super) struct TraitItem {
    pub(super) name: Name,
    pub(super) scope: u32,
    pub(super) supers: Vec<Path>,
    pub(super) methods: HashMap<Name, u32>,
}

#[derive(Debug, Clone)]
pub(super) struct ImplItem {
    pub(super) scope: u32,
    pub(super) of: Written,
    pub(super) implements: Option<Path>,
    pub(super) methods: Vec<(Name, u32)>,
    /// Its associated types.
    pub(super) types: Vec<(Name, Written)>,
}

/// What runs: a function, a method, an initialiser, a macro's definition. Closures belong to it.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Routine {
    /// `map`, `Server::run`, `helpers::read`.
    pub(super) name: String,
    pub(super) ident: Name,
    pub(super) span: Span,
    pub(super) body: Span,
    pub(super) marked: Option<Span>,
    pub(super) in_test: bool,
    /// Names of its attributes: `no_mangle`, `export_name`, `pyfunction`.
    pub(super) attributes: Vec<Name>,
    /// It takes `self`.
    pub(super) takes_self: bool,
    /// It has the ABI of C.
    pub(super) foreign: bool,
    pub(super) scope: u32,
    /// It has a body: a trait's method may have none.
    pub(super) has_body: bool,
    pub(super) gives: Written,
    /// The names and values of its body, each made of those before it. The first is unknown.
    pub(super) terms: Vec<Term>,
}

/// A value, or a name that is used, by its number in the routine.
pub(super) type TermId = u32;

/// What a term is.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Unknown,
    /// A value of a written type.
    Of(u32, Written),
    /// A path in an expression, `<T>::` before it where it has one.
    Path(Box<PathUse>),
    /// A type or macro that is named.
    Named(Box<PathUse>),
    Call {
        callee: TermId,
        first: TermId,
    },
    Method {
        on: TermId,
        first: TermId,
        name: Name,
        span: Span,
    },
    Field {
        of: TermId,
        name: Name,
    },
    /// A struct literal, or a pattern's path: a value of that type.
    Literal(Box<PathUse>),
    /// What `?` or a pattern like `Some(…)` takes out.
    Inside(TermId),
    Element(TermId),
    Part(TermId, u16),
    /// The field of a variant or struct that a pattern names.
    Taken {
        from: TermId,
        field: Name,
    },
    Closure(TermId),
    Tuple(Box<[TermId]>),
    List(TermId),
    /// The first of these that is known.
    Either(Box<[TermId]>),
    /// What a method hands to a closure: the receiver, the method, which of the closure's parameters.
    Handed {
        on: TermId,
        name: Name,
        at: u16,
    },
    /// A construct of the language.
    Syntax(&'static str, Span),
}

/// A path that is used.
#[derive(Debug, Clone)]
pub(super) struct PathUse {
    pub(super) scope: u32,
    pub(super) path: Path,
    /// `T` of `<T as Trait>::name`.
    pub(super) of: Option<Written>,
    /// Arguments of the last segment, or of the one before it.
    pub(super) arguments: Box<[Written]>,
    pub(super) usage: super::Usage,
    pub(super) span: Span,
}
