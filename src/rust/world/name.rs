//! What a path means where it stands.

use super::World;
use super::meaning::{Meaning, Space, is_primitive};
use crate::rust::known;
use crate::rust::syntax::{Item, Name, Own, Path};
use std::collections::{HashMap, HashSet, VecDeque};

/// How many imports are followed before a path is given up; real files need few.
const MAX_HOPS: usize = 24;

/// How many modules are looked through for what glob imports bring.
const MAX_GLOBS: usize = 256;

/// What was found out already; nothing while it is being found out.
#[derive(Debug, Default)]
pub(super) struct Memo {
    here: HashMap<(u32, Name, Space), Option<Meaning>>,
    globs: HashMap<(u32, usize), Option<Meaning>>,
}

/// A path's parts with `core` and `alloc` as `std`.
fn external<'p>(segments: impl Iterator<Item = &'p str>) -> Meaning {
    let path = segments.collect::<Vec<_>>().join("::");
    Meaning::External(normal(&path).into())
}

fn normal(path: &str) -> String {
    match path.strip_prefix("core::").or_else(|| path.strip_prefix("alloc::")) {
        Some(rest) => format!("std::{rest}"),
        None => path.to_owned(),
    }
}

impl World {
    pub(super) fn meaning(&mut self, scope: u32, path: &Path, space: Space) -> Meaning {
        self.path(scope, path, space, MAX_HOPS)
    }

    fn path(&mut self, scope: u32, path: &Path, space: Space, hops: usize) -> Meaning {
        let Some((first, rest)) = path.segments.split_first() else { return Meaning::Unknown };
        let Some(hops) = hops.checked_sub(1) else { return Meaning::Local };
        let whole = || external(path.segments.iter().map(|s| &**s));
        if path.absolute {
            return match self.crate_named(scope, first) {
                Some(root) => self.members(Meaning::Module(root), rest, space, (scope, hops)),
                None => whole(),
            };
        }
        let start = match &**first {
            "crate" | "$crate" => Meaning::Module(self.crate_root(scope)),
            "self" => Meaning::Module(self.module_of(scope)),
            "super" => match self.scopes.get(self.module_of(scope) as usize).and_then(|module| module.parent) {
                Some(parent) => Meaning::Module(self.module_of(parent)),
                None => return Meaning::Local,
            },
            "Self" => self.own(scope),
            _ => {
                let first_space = if rest.is_empty() { space } else { Space::Type };
                match self.lexical(scope, first, first_space, hops) {
                    Meaning::Unknown => return self.outside(scope, path, space, hops),
                    found => found,
                }
            }
        };
        self.members(start, rest, space, (scope, hops))
    }

    /// What `Self` is around a place.
    fn own(&self, scope: u32) -> Meaning {
        let mut at = Some(scope);
        while let Some(number) = at {
            let Some(here) = self.scopes.get(number as usize) else { break };
            match &here.own {
                Some(Own::Trait(_) | Own::Type(_)) => return Meaning::Own(number),
                None if here.is_module => break,
                None => at = here.parent,
            }
        }
        Meaning::Local
    }

    /// A name in the scopes around a place.
    fn lexical(&mut self, scope: u32, name: &Name, space: Space, hops: usize) -> Meaning {
        let mut at = Some(scope);
        while let Some(number) = at {
            let Some(here) = self.scopes.get(number as usize) else { break };
            let (is_module, parent) = (here.is_module, here.parent);
            if let Some(param) = here.params.iter().position(|param| param.name == *name) {
                return Meaning::Param(number, param);
            }
            match self.here(number, name, space, hops) {
                Meaning::Unknown => {}
                found => return found,
            }
            at = parent.filter(|_| !is_module);
        }
        Meaning::Unknown
    }

    /// A name among the items of one scope, and what its glob imports bring.
    fn here(&mut self, scope: u32, name: &Name, space: Space, hops: usize) -> Meaning {
        let key = (scope, name.clone(), space);
        match self.names.here.get(&key) {
            Some(Some(known)) => return known.clone(),
            // An import that asks for itself names a crate.
            Some(None) => return Meaning::Unknown,
            None => {}
        }
        self.names.here.insert(key.clone(), None);
        let found = match self.direct(scope, name, space, hops) {
            Meaning::Unknown => self.through_globs(scope, name, space, hops),
            found => found,
        };
        self.names.here.insert(key, Some(found.clone()));
        found
    }

    /// A name among the items of one scope.
    fn direct(&mut self, scope: u32, name: &Name, space: Space, hops: usize) -> Meaning {
        let Some(here) = self.scopes.get(scope as usize) else { return Meaning::Unknown };
        let names = if space == Space::Value { &here.values } else { &here.types };
        match names.get(name).cloned() {
            None => Meaning::Unknown,
            Some(Item::Import(path, _)) => self.import(scope, name, &path, space, hops),
            Some(Item::Module(number)) => Meaning::Module(number),
            Some(Item::File(_)) => {
                self.file_modules.get(&(scope, name.clone())).map_or(Meaning::Local, |found| Meaning::Module(*found))
            }
            Some(Item::Type(number)) => Meaning::Type(number),
            Some(Item::Alias(number)) => Meaning::Alias(number),
            Some(Item::Trait(number)) => Meaning::Trait(number),
            Some(Item::Function(number)) => Meaning::Function(number),
            Some(Item::Value(number, of)) => Meaning::Value(number, scope, of),
            Some(Item::Nothing) => Meaning::Local,
        }
    }

    fn import(&mut self, scope: u32, name: &Name, path: &Path, space: Space, hops: usize) -> Meaning {
        let found = self.path(scope, path, space, hops);
        match found {
            // `use libc;` and `extern crate libc as c;` name a crate.
            Meaning::Unknown if path.segments.len() == 1 => match path.segments.first() {
                Some(first) if space == Space::Type || first != name => self.outer_crate(scope, first),
                _ => Meaning::Unknown,
            },
            // A function's name imports nothing as a type, and the other way round.
            Meaning::Local if space == Space::Value => Meaning::Local,
            found => found,
        }
    }

    fn outer_crate(&self, scope: u32, name: &Name) -> Meaning {
        match self.crate_named(scope, name) {
            Some(root) => Meaning::Module(root),
            None => external([&**name].into_iter()),
        }
    }

    /// What the glob imports of a scope bring, and those of the modules they name.
    fn through_globs(&mut self, scope: u32, name: &Name, space: Space, hops: usize) -> Meaning {
        let mut seen = HashSet::from([scope]);
        let mut queue = VecDeque::from([scope]);
        while let Some(at) = queue.pop_front() {
            let globs = self.scopes.get(at as usize).map_or(0, |here| here.globs.len());
            for number in 0..globs.min(MAX_GLOBS) {
                let is_seen = self.scopes.get(at as usize).and_then(|s| s.globs.get(number)).is_some_and(|g| g.1);
                if at != scope && !is_seen && !self.is_within(scope, at) {
                    continue;
                }
                match self.glob(at, number, hops) {
                    Meaning::Module(module) if seen.len() < MAX_GLOBS && seen.insert(module) => {
                        let found = if self.shows(module, name, space, scope) {
                            self.direct(module, name, space, hops)
                        } else {
                            Meaning::Unknown
                        };
                        if found != Meaning::Unknown {
                            return found;
                        }
                        queue.push_back(module);
                    }
                    Meaning::Type(of) if self.has_variant(of, name) => return Meaning::Variant(of, name.clone()),
                    Meaning::External(path) if known::glob_brings(&path, name) => {
                        return Meaning::External(format!("{path}::{name}").into());
                    }
                    _ => {}
                }
            }
        }
        Meaning::Unknown
    }

    /// Whether a module's name can be seen from a scope: what it merely imports for itself, others do not see.
    fn shows(&self, module: u32, name: &Name, space: Space, from: u32) -> bool {
        let Some(here) = self.scopes.get(module as usize) else { return false };
        let names = if space == Space::Value { &here.values } else { &here.types };
        !matches!(names.get(name), Some(Item::Import(_, false))) || self.is_within(from, module)
    }

    /// What a glob import names.
    fn glob(&mut self, scope: u32, number: usize, hops: usize) -> Meaning {
        match self.names.globs.get(&(scope, number)) {
            Some(Some(known)) => return known.clone(),
            Some(None) => return Meaning::Unknown,
            None => {}
        }
        let path =
            self.scopes.get(scope as usize).and_then(|here| here.globs.get(number)).map(|(path, _)| path.clone());
        let Some(path) = path else { return Meaning::Unknown };
        self.names.globs.insert((scope, number), None);
        let found = match self.path(scope, &path, Space::Type, hops) {
            Meaning::Unknown if path.segments.len() == 1 => {
                path.segments.first().map_or(Meaning::Unknown, |first| self.outer_crate(scope, first))
            }
            Meaning::Own(own) => self.type_of_own(own),
            found => found,
        };
        self.names.globs.insert((scope, number), Some(found.clone()));
        found
    }

    fn has_variant(&self, of: u32, name: &Name) -> bool {
        self.types.get(of as usize).is_some_and(|item| item.variants.contains_key(name))
    }

    /// The enum that `Self` is.
    fn type_of_own(&mut self, scope: u32) -> Meaning {
        let of = self.own_type(scope);
        self.interned.own(of).map_or(Meaning::Local, Meaning::Type)
    }

    /// What a path means that nothing around declares: a name of the prelude, or another crate's.
    fn outside(&mut self, scope: u32, path: &Path, space: Space, hops: usize) -> Meaning {
        let Some((first, rest)) = path.segments.split_first() else { return Meaning::Unknown };
        if rest.is_empty() {
            match &**first {
                "Some" => return Meaning::Wrap("Some"),
                "Ok" => return Meaning::Wrap("Ok"),
                "Err" => return Meaning::Wrap("Err"),
                "None" => return Meaning::Wrap("None"),
                _ => {}
            }
        }
        if let Some(full) = known::prelude(first) {
            return external(std::iter::once(full).chain(rest.iter().map(|s| &**s)));
        }
        if rest.is_empty() || !first.starts_with(|c: char| c.is_lowercase()) || is_primitive(first) {
            return Meaning::Unknown;
        }
        match self.crate_named(scope, first) {
            Some(root) => self.members(Meaning::Module(root), rest, space, (scope, hops)),
            None => external(path.segments.iter().map(|s| &**s)),
        }
    }

    /// What lies below something, part by part.
    fn members(&mut self, start: Meaning, rest: &[Name], space: Space, (from, hops): (u32, usize)) -> Meaning {
        let mut at = start;
        for (number, name) in rest.iter().enumerate() {
            let is_last = number + 1 == rest.len();
            at = match at {
                Meaning::Module(module) => match &**name {
                    "self" => Meaning::Module(module),
                    "super" => match self.scopes.get(module as usize).and_then(|module| module.parent) {
                        Some(parent) => Meaning::Module(self.module_of(parent)),
                        None => return Meaning::Local,
                    },
                    _ => match self.here(module, name, if is_last { space } else { Space::Type }, hops) {
                        // What a module does not declare, its macros may; it is never another crate.
                        Meaning::Unknown => return Meaning::Local,
                        found => found,
                    },
                },
                Meaning::External(path) => {
                    let rest = rest.get(number..).unwrap_or_default().iter().map(|s| &**s);
                    return external(std::iter::once(&*path).chain(rest));
                }
                Meaning::Type(of) if self.has_variant(of, name) && is_last => Meaning::Variant(of, name.clone()),
                Meaning::Local | Meaning::Unknown => return at,
                of if is_last => {
                    let of = match &of {
                        Meaning::Own(scope) => match self.type_of_own(*scope) {
                            Meaning::Type(number) if self.has_variant(number, name) => {
                                return Meaning::Variant(number, name.clone());
                            }
                            _ => self.own_type(*scope),
                        },
                        of => self.type_meant(from, of, &[]),
                    };
                    if let Some(number) = self.interned.own(of).filter(|number| self.has_variant(*number, name)) {
                        return Meaning::Variant(number, name.clone());
                    }
                    return Meaning::Member(of, name.clone());
                }
                _ => return Meaning::Local,
            };
        }
        at
    }
}
