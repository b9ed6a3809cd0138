//! Types, each kept once, and what written types mean.

use super::World;
use super::meaning::{Meaning, Space, Ty, is_primitive};
use crate::rust::syntax::{Name, Own, Path, Written};
use std::collections::HashMap;

/// The type that is not known.
pub(super) const UNKNOWN: Ty = 0;

/// How deep types are taken apart.
const MAX_DEPTH: usize = 16;

/// How many written types are looked into for one, and how deep these nest.
const MAX_STEPS: usize = 2000;
const MAX_NESTED: usize = 40;

/// How many different types a build may have.
const MAX_TYPES: usize = 1 << 20;

/// Type parameters and what they stand for.
pub(super) type Bound = Vec<(Name, Ty)>;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) enum Type {
    #[default]
    Unknown,
    /// One of the build.
    Own(u32, Box<[Ty]>),
    /// One of another crate.
    External(Name, Box<[Ty]>),
    Tuple(Box<[Ty]>),
    List(Ty),
    /// Anything with these traits, and what they give.
    Bounds(Box<[TraitRef]>, Ty),
    /// One variant of a type of the build.
    Variant(u32, Name),
    /// A function of the build.
    Function(u32),
    /// A function of another crate, or a constructor.
    Outer(Name),
    /// A constructor of a type of the build.
    Constructor(u32),
    /// What calling it gives.
    Gives(Ty),
    /// `Some`, `Ok` and their like.
    Wrap(&'static str),
}

/// A trait.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum TraitRef {
    Own(u32),
    External(Name),
}

impl TraitRef {
    /// Traits of other crates are the same where their names are: crates hand them on under many paths.
    pub(super) fn key(&self) -> TraitRef {
        match self {
            TraitRef::External(path) => TraitRef::External(path.rsplit("::").next().unwrap_or_default().into()),
            TraitRef::Own(number) => TraitRef::Own(*number),
        }
    }
}

/// All types that were met.
#[derive(Debug)]
pub(super) struct Types {
    list: Vec<Type>,
    depth: Vec<u8>,
    numbers: HashMap<Type, Ty>,
}

impl Default for Types {
    fn default() -> Self {
        Self { list: vec![Type::Unknown], depth: vec![0], numbers: HashMap::from([(Type::Unknown, UNKNOWN)]) }
    }
}

impl Types {
    pub(super) fn get(&self, of: Ty) -> &Type {
        self.list.get(of as usize).unwrap_or(&Type::Unknown)
    }

    /// The number of a type of the build.
    pub(super) fn own(&self, of: Ty) -> Option<u32> {
        match self.get(of) {
            Type::Own(number, _) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn add(&mut self, of: Type) -> Ty {
        if let Some(known) = self.numbers.get(&of) {
            return *known;
        }
        let depth = match &of {
            Type::Own(_, parts) | Type::External(_, parts) | Type::Tuple(parts) => self.deepest(parts),
            Type::List(part) | Type::Bounds(_, part) | Type::Gives(part) => self.deepest(&[*part]),
            _ => 0,
        };
        if depth >= MAX_DEPTH || self.list.len() >= MAX_TYPES {
            return UNKNOWN;
        }
        let number = self.list.len() as Ty;
        self.list.push(of.clone());
        self.depth.push(depth as u8 + 1);
        self.numbers.insert(of, number);
        number
    }

    fn deepest(&self, parts: &[Ty]) -> usize {
        parts.iter().filter_map(|part| self.depth.get(*part as usize)).max().map_or(0, |depth| usize::from(*depth))
    }

    pub(super) fn external(&mut self, path: &str, parts: &[Ty]) -> Ty {
        self.add(Type::External(path.into(), parts.into()))
    }

    pub(super) fn option(&mut self, of: Ty) -> Ty {
        self.external("std::option::Option", &[of])
    }

    pub(super) fn iterator(&mut self, of: Ty) -> Ty {
        self.external("std::iter::Iterator", &[of])
    }

    /// A part of a type of another crate: `T` of `Vec<T>`.
    pub(super) fn part(&self, of: Ty, number: usize) -> Ty {
        match self.get(of) {
            Type::External(_, parts) | Type::Tuple(parts) | Type::Own(_, parts) => {
                parts.get(number).copied().unwrap_or(UNKNOWN)
            }
            _ => UNKNOWN,
        }
    }
}

impl World {
    /// What a written type means in a scope.
    pub(super) fn written(&mut self, scope: u32, of: &Written, bound: &Bound) -> Ty {
        self.written_within(scope, of, bound, MAX_DEPTH)
    }

    /// Aliases may name each other in circles, and double what they name.
    fn written_within(&mut self, scope: u32, of: &Written, bound: &Bound, fuel: usize) -> Ty {
        if self.nested == 0 {
            self.steps = 0;
        }
        let Some(fuel) = fuel.checked_sub(1).filter(|_| self.nested < MAX_NESTED && self.steps < MAX_STEPS) else {
            return UNKNOWN;
        };
        self.nested += 1;
        self.steps += 1;
        let ty = self.meant(scope, of, bound, fuel);
        self.nested -= 1;
        ty
    }

    fn meant(&mut self, scope: u32, of: &Written, bound: &Bound, fuel: usize) -> Ty {
        match of {
            Written::Unknown => UNKNOWN,
            Written::Tuple(parts) => {
                let parts = self.all_written(scope, parts, bound, fuel);
                self.interned.add(Type::Tuple(parts))
            }
            Written::List(inner) => {
                let inner = self.written_within(scope, inner, bound, fuel);
                self.interned.add(Type::List(inner))
            }
            Written::Gives(inner) => {
                let inner = self.written_within(scope, inner, bound, fuel);
                self.interned.add(Type::Gives(inner))
            }
            Written::Bounds(paths, gives) => {
                let gives = self.written_within(scope, gives, bound, fuel);
                self.bounds(scope, paths, gives)
            }
            Written::Path(path, arguments) => {
                if let [name] = &*path.segments
                    && let Some((_, known)) = bound.iter().find(|(param, _)| param == name)
                {
                    return *known;
                }
                let arguments = self.all_written(scope, arguments, bound, fuel);
                let meaning = self.meaning(scope, path, Space::Type);
                match meaning {
                    Meaning::Own(own) => self.own_type_bound(own, bound, fuel),
                    Meaning::Param(own, number) => self.param(own, number, bound, fuel),
                    Meaning::Member(of, name) => self.associated(scope, of, &name, bound, fuel),
                    Meaning::Alias(number) => self.alias(number, &arguments, fuel),
                    Meaning::Unknown => match &*path.segments {
                        [name] if is_primitive(name) => self.interned.external(name, &[]),
                        _ => UNKNOWN,
                    },
                    meaning => self.type_meant(scope, &meaning, &arguments),
                }
            }
        }
    }

    fn all_written(&mut self, scope: u32, parts: &[Written], bound: &Bound, fuel: usize) -> Box<[Ty]> {
        parts.iter().map(|part| self.written_within(scope, part, bound, fuel)).collect()
    }

    /// The type that a meaning is.
    pub(super) fn type_meant(&mut self, _: u32, meaning: &Meaning, arguments: &[Ty]) -> Ty {
        match meaning {
            Meaning::Type(number) => self.interned.add(Type::Own(*number, arguments.into())),
            Meaning::Alias(number) => self.alias(*number, arguments, MAX_DEPTH / 2),
            Meaning::Trait(number) => self.interned.add(Type::Bounds([TraitRef::Own(*number)].into(), UNKNOWN)),
            Meaning::Own(scope) => self.own_type(*scope),
            Meaning::Param(scope, number) => self.param(*scope, *number, &Vec::new(), MAX_DEPTH / 2),
            Meaning::External(path) => {
                // Everybody's `Result<T>` is one of the standard library.
                let is_result = path.ends_with("::Result") && !arguments.is_empty();
                let path = if is_result { "std::result::Result".into() } else { path.clone() };
                self.interned.add(Type::External(path, arguments.into()))
            }
            _ => UNKNOWN,
        }
    }

    fn alias(&mut self, number: u32, arguments: &[Ty], fuel: usize) -> Ty {
        let Some(alias) = self.aliases.get(number as usize) else { return UNKNOWN };
        let bound: Bound = alias.params.iter().cloned().zip(arguments.iter().copied()).collect();
        let (scope, of) = (alias.scope, alias.of.clone());
        self.written_within(scope, &of, &bound, fuel)
    }

    /// What `Self` is in a scope.
    pub(super) fn own_type(&mut self, scope: u32) -> Ty {
        self.own_type_bound(scope, &Vec::new(), MAX_DEPTH / 2)
    }

    fn own_type_bound(&mut self, scope: u32, bound: &Bound, fuel: usize) -> Ty {
        match self.scopes.get(scope as usize).and_then(|here| here.own.clone()) {
            Some(Own::Trait(number)) => self.interned.add(Type::Bounds([TraitRef::Own(number)].into(), UNKNOWN)),
            Some(Own::Type(of)) => self.written_within(scope, &of, bound, fuel),
            None => UNKNOWN,
        }
    }

    fn param(&mut self, scope: u32, number: usize, bound: &Bound, fuel: usize) -> Ty {
        let param = self.scopes.get(scope as usize).and_then(|here| here.params.get(number));
        let Some(param) = param.cloned() else { return UNKNOWN };
        let gives = match &param.gives {
            Some(gives) => self.written_within(scope, gives, bound, fuel),
            None => UNKNOWN,
        };
        self.bounds(scope, &param.bounds, gives)
    }

    fn bounds(&mut self, scope: u32, paths: &[Path], gives: Ty) -> Ty {
        let mut traits = Vec::new();
        for path in paths {
            match self.meaning(scope, path, Space::Type) {
                Meaning::Trait(number) => traits.push(TraitRef::Own(number)),
                Meaning::External(path) => traits.push(TraitRef::External(path)),
                _ => match path.segments.last().map(|last| &**last) {
                    Some("Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator") => {
                        return self.interned.iterator(gives);
                    }
                    // A future is what it gives.
                    Some("Fn" | "FnMut" | "FnOnce" | "Future") => return gives,
                    _ => {}
                },
            }
        }
        let is_future = |of: &TraitRef| matches!(of, TraitRef::External(path) if path.ends_with("::Future"));
        if traits.iter().any(is_future) {
            return gives;
        }
        // What binds nothing but markers is nothing.
        if traits.is_empty() { UNKNOWN } else { self.interned.add(Type::Bounds(traits.into(), gives)) }
    }

    /// An associated type: `Self::Item`, `T::Output`.
    fn associated(&mut self, scope: u32, of: Ty, name: &Name, bound: &Bound, fuel: usize) -> Ty {
        let mut at = Some(scope);
        while let Some(number) = at {
            if let Some(item) = self.impl_of.get(&number).and_then(|number| self.impls.get(*number as usize)) {
                let found = item.types.iter().find(|(known, _)| known == name).map(|(_, of)| of.clone());
                return found.map_or(UNKNOWN, |of| self.written_within(number, &of, bound, fuel));
            }
            at = self.scopes.get(number as usize).filter(|here| !here.is_module).and_then(|here| here.parent);
        }
        match self.interned.get(of) {
            Type::Bounds(_, gives) => *gives,
            _ => UNKNOWN,
        }
    }

    /// The type of a field, through whatever points to the type that has it.
    pub(super) fn field(&mut self, of: Ty, name: &Name) -> Ty {
        let mut of = of;
        for _ in 0..MAX_DEPTH {
            match self.interned.get(of).clone() {
                Type::Own(number, arguments) => {
                    let Some(item) = self.types.get(number as usize) else { return UNKNOWN };
                    let field = item.fields.iter().find(|(known, _)| known == name).map(|(_, of)| of.clone());
                    match field {
                        Some(field) => return self.field_type(number, &field, &arguments),
                        None => match self.pointee(of) {
                            Some(next) => of = next,
                            None => return UNKNOWN,
                        },
                    }
                }
                Type::Tuple(parts) => {
                    return name.parse::<usize>().ok().and_then(|at| parts.get(at).copied()).unwrap_or(UNKNOWN);
                }
                _ => match self.pointee(of) {
                    Some(next) => of = next,
                    None => return UNKNOWN,
                },
            }
        }
        UNKNOWN
    }

    /// A field's written type where the parameters of its type are these.
    pub(super) fn field_type(&mut self, number: u32, field: &Written, arguments: &[Ty]) -> Ty {
        let Some(item) = self.types.get(number as usize) else { return UNKNOWN };
        let bound: Bound = item.params.iter().cloned().zip(arguments.iter().copied()).collect();
        let scope = item.scope;
        self.written(scope, field, &bound)
    }
}
