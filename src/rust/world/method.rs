//! Which method a call means, by the type it is called on.

use super::World;
use super::meaning::{Meaning, Space, Ty};
use super::types::{Bound, TraitRef, Type, UNKNOWN};
use crate::rust::Choice;
use crate::rust::known;
use crate::rust::syntax::{Name, Written};
use std::collections::{HashMap, HashSet};

/// How many pointers are followed to what they point to.
const MAX_POINTERS: usize = 8;

/// What methods belong to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Head {
    Own(u32),
    /// A type of another crate, by its path.
    External(Name),
    List,
    Trait(u32),
    /// Any type: `impl<T> Trait for T`.
    Any,
}

/// The methods of all `impl` blocks.
#[derive(Debug, Default)]
pub(super) struct Methods {
    /// By what they belong to and their names, those of no trait first.
    of: HashMap<(Head, Name), Vec<u32>>,
    /// The traits of the build that a type has.
    traits: HashMap<Head, Vec<u32>>,
    /// The blocks that implement a trait: what they are for, and the block.
    blocks: HashMap<TraitRef, Vec<(Head, u32)>>,
    /// What a type points to.
    targets: HashMap<u32, u32>,
    /// The type of the build that a method belongs to.
    pub(super) owners: HashMap<u32, u32>,
    /// The block that a method stands in.
    block_of: HashMap<u32, u32>,
    /// The trait that a method stands in.
    trait_of: HashMap<u32, u32>,
    /// The trait that each block implements.
    implemented: Vec<Option<TraitRef>>,
    /// Calls through traits that lead somewhere.
    pub(super) asked: Vec<(TraitRef, Name)>,
    numbers: HashMap<(TraitRef, Name), u32>,
}

/// What a method call leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Method {
    /// These of the build, with what the parameters of their block are.
    Own(Vec<u32>, Bound),
    /// One of those that implement a trait, and the trait's own if it has one.
    Choice(u32, Option<u32>),
    /// One of another crate's type.
    External(Name, Ty),
    /// The type is known, its method is not one that leads anywhere.
    Nothing,
    Unknown,
}

impl World {
    /// Reads who has which methods.
    pub(super) fn collect_methods(&mut self) {
        for number in 0..self.traits.len() as u32 {
            let methods =
                self.traits.get(number as usize).map(|item| item.methods.values().copied().collect::<Vec<_>>());
            for method in methods.unwrap_or_default() {
                self.methods.trait_of.insert(method, number);
            }
        }
        for number in 0..self.impls.len() as u32 {
            self.collect_block(number);
        }
    }

    fn collect_block(&mut self, number: u32) {
        let Some(item) = self.impls.get(number as usize).cloned() else { return };
        let of = match &item.implements {
            None => None,
            Some(path) => match self.meaning(item.scope, path, Space::Type) {
                Meaning::Trait(of) => Some(TraitRef::Own(of)),
                Meaning::External(path) => Some(TraitRef::External(path)),
                _ => path.segments.last().map(|last| TraitRef::External(last.clone())),
            },
        };
        let own = self.written(item.scope, &item.of, &Vec::new());
        let head = self.head(item.scope, &item.of, own);
        for (name, method) in &item.methods {
            self.methods.block_of.insert(*method, number);
            let Some(head) = &head else { continue };
            if let Head::Own(owner) = head {
                self.methods.owners.insert(*method, *owner);
            }
            let list = self.methods.of.entry((head.clone(), name.clone())).or_default();
            if of.is_none() { list.insert(0, *method) } else { list.push(*method) }
        }
        if let (Some(TraitRef::External(path)), Some(Head::Own(owner))) = (&of, &head)
            && path.ends_with("Deref")
        {
            self.methods.targets.insert(*owner, number);
        }
        if let (Some(of), Some(head)) = (&of, head) {
            if let TraitRef::Own(of) = of {
                self.methods.traits.entry(head.clone()).or_default().push(*of);
            }
            self.methods.blocks.entry(of.key()).or_default().push((head, number));
        }
        self.methods.implemented.push(of);
    }

    /// What a block's methods belong to.
    fn head(&mut self, scope: u32, of: &Written, own: Ty) -> Option<Head> {
        if let Written::Path(path, _) = of
            && let Meaning::Param(..) = self.meaning(scope, path, Space::Type)
        {
            return Some(Head::Any);
        }
        match self.interned.get(own) {
            Type::Own(number, _) => Some(Head::Own(*number)),
            Type::External(path, _) => Some(Head::External(path.clone())),
            Type::List(_) => Some(Head::List),
            Type::Bounds(traits, _) => match traits.first() {
                Some(TraitRef::Own(number)) => Some(Head::Trait(*number)),
                _ => None,
            },
            _ => match of {
                // `str`, `u32`: what no path names.
                Written::Path(path, _) => match &*path.segments {
                    [name] => Some(Head::External(name.clone())),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    /// The trait of another crate that a block implements, as its path, and the type that it is for.
    pub(super) fn outer_trait(&self, number: u32) -> Option<(String, Option<u32>)> {
        let Some(Some(TraitRef::External(path))) = self.methods.implemented.get(number as usize) else {
            // A trait of the build is known by its crate and name.
            let Some(Some(TraitRef::Own(of))) = self.methods.implemented.get(number as usize) else { return None };
            let item = self.traits.get(*of as usize)?;
            let krate = self.crate_of.get(&self.crate_root(item.scope)).and_then(|number| self.crates.get(*number))?;
            return Some((format!("{}::{}", krate.name, item.name), None));
        };
        let item = self.impls.get(number as usize)?;
        let own = item.methods.iter().find_map(|(_, method)| self.methods.owners.get(method)).copied();
        Some((path.to_string(), own))
    }

    /// What a type points to: `T` of `Arc<T>`, the target of a `Deref` of the build.
    pub(super) fn pointee(&mut self, of: Ty) -> Option<Ty> {
        match self.interned.get(of).clone() {
            Type::External(path, parts) if known::points(&path) => parts.first().copied(),
            Type::Own(number, arguments) => {
                let block = *self.methods.targets.get(&number)?;
                let item = self.impls.get(block as usize)?;
                let target = item.types.iter().find(|(name, _)| &**name == "Target").map(|(_, of)| of.clone())?;
                let scope = item.scope;
                let bound = self.block_bound(block, &arguments);
                Some(self.written(scope, &target, &bound))
            }
            _ => None,
        }
    }

    /// What the parameters of a block are where its type has these arguments.
    fn block_bound(&self, block: u32, arguments: &[Ty]) -> Bound {
        let Some(item) = self.impls.get(block as usize) else { return Vec::new() };
        let Written::Path(_, written) = &item.of else { return Vec::new() };
        let names = written.iter().zip(arguments).filter_map(|(of, ty)| match of {
            Written::Path(path, inner) if inner.is_empty() && *ty != UNKNOWN => match &*path.segments {
                [name] => Some((name.clone(), *ty)),
                _ => None,
            },
            _ => None,
        });
        names.collect()
    }

    /// What a method of this name is, on a value of this type.
    pub(super) fn method(&mut self, of: Ty, name: &Name) -> Method {
        let mut of = of;
        for _ in 0..MAX_POINTERS {
            let found = self.own_method(of, name);
            if found != Method::Unknown {
                return found;
            }
            match self.interned.get(of) {
                Type::External(path, _) if !known::points(path) || is_own_to_pointer(name) => {
                    return Method::External(path.clone(), of);
                }
                _ => {}
            }
            match self.pointee(of) {
                Some(next) => of = next,
                None => break,
            }
        }
        match self.interned.get(of) {
            Type::Unknown | Type::Bounds(..) => Method::Unknown,
            _ => Method::Nothing,
        }
    }

    pub(super) fn own_method(&mut self, of: Ty, name: &Name) -> Method {
        let (head, arguments) = match self.interned.get(of).clone() {
            Type::Own(number, arguments) => (Head::Own(number), arguments),
            Type::External(path, arguments) => (Head::External(path), arguments),
            Type::List(part) => (Head::List, [part].into()),
            Type::Bounds(traits, _) => return self.bound_method(&traits, name),
            _ => return Method::Unknown,
        };
        if let Some(found) = self.methods.of.get(&(head.clone(), name.clone())).cloned() {
            let block = found.first().and_then(|first| self.methods.block_of.get(first)).copied();
            let bound = block.map(|block| self.block_bound(block, &arguments)).unwrap_or_default();
            let is_inherent = |method: &u32| {
                let block = self.methods.block_of.get(method);
                block.and_then(|b| self.impls.get(*b as usize)).is_some_and(|item| item.implements.is_none())
            };
            // A type's own method comes before those of its traits.
            let own: Vec<u32> = found.iter().copied().filter(is_inherent).collect();
            return Method::Own(if own.is_empty() { found } else { own }, bound);
        }
        for of in self.methods.traits.get(&head).cloned().unwrap_or_default() {
            if let Some(default) = self.trait_method(of, name).filter(|m| self.has_body(*m)) {
                return Method::Own(vec![default], Vec::new());
            }
        }
        match self.methods.of.get(&(Head::Any, name.clone())) {
            Some(found) => Method::Own(found.clone(), Vec::new()),
            None => Method::Unknown,
        }
    }

    /// Whether a method is one of a trait itself.
    pub(super) fn is_of_trait(&self, method: u32) -> bool {
        self.methods.trait_of.contains_key(&method)
    }

    fn has_body(&self, routine: u32) -> bool {
        self.routines.get(routine as usize).is_some_and(|routine| routine.has_body)
    }

    /// A method of anything that has these traits.
    fn bound_method(&mut self, traits: &[TraitRef], name: &Name) -> Method {
        for of in traits {
            match of {
                TraitRef::Own(number) => {
                    if let Some(method) = self.trait_method(*number, name) {
                        let of = self.methods.trait_of.get(&method).copied().unwrap_or(*number);
                        return Method::Choice(self.ask(TraitRef::Own(of), name), Some(method));
                    }
                    if let Some(found) = self.methods.of.get(&(Head::Trait(*number), name.clone())) {
                        return Method::Own(found.clone(), Vec::new());
                    }
                }
                TraitRef::External(_) => {
                    let key = of.key();
                    let blocks = self.methods.blocks.get(&key).map_or(&[][..], Vec::as_slice);
                    let has = |(_, block): &(Head, u32)| {
                        let item = self.impls.get(*block as usize);
                        item.is_some_and(|item| item.methods.iter().any(|(known, _)| known == name))
                    };
                    if blocks.iter().any(has) {
                        return Method::Choice(self.ask(key, name), None);
                    }
                }
            }
        }
        match self.methods.of.get(&(Head::Any, name.clone())) {
            Some(found) => Method::Own(found.clone(), Vec::new()),
            None => Method::Unknown,
        }
    }

    /// A method of a trait or of those it builds on.
    fn trait_method(&mut self, of: u32, name: &Name) -> Option<u32> {
        let (mut seen, mut open) = (HashSet::from([of]), vec![of]);
        while let Some(of) = open.pop() {
            let item = self.traits.get(of as usize)?;
            if let Some(method) = item.methods.get(name) {
                return Some(*method);
            }
            let (scope, supers) = (item.scope, item.supers.clone());
            for path in &supers {
                match self.meaning(scope, path, Space::Type) {
                    Meaning::Trait(above) if seen.insert(above) => open.push(above),
                    _ => {}
                }
            }
        }
        None
    }

    /// The number of a call through a trait.
    fn ask(&mut self, of: TraitRef, name: &Name) -> u32 {
        let key = (of, name.clone());
        if let Some(known) = self.methods.numbers.get(&key) {
            return *known;
        }
        let number = self.methods.asked.len() as u32;
        self.methods.asked.push(key.clone());
        self.methods.numbers.insert(key, number);
        number
    }

    /// What a call through a trait may lead to.
    pub(super) fn choice(&self, of: &TraitRef, name: &Name) -> Vec<Choice> {
        let default = match of {
            TraitRef::Own(number) => self.traits.get(*number as usize).and_then(|item| item.methods.get(name)).copied(),
            TraitRef::External(_) => None,
        };
        let default = default.filter(|method| self.has_body(*method));
        let mut choices: Vec<Choice> = default.into_iter().map(|function| Choice { function, of: None }).collect();
        for (head, block) in self.methods.blocks.get(of).map_or(&[][..], Vec::as_slice) {
            let Some(item) = self.impls.get(*block as usize) else { continue };
            let of = match head {
                Head::Own(number) => Some(*number),
                _ => None,
            };
            let methods = item.methods.iter().filter(|(known, _)| known == name);
            choices.extend(methods.map(|(_, method)| Choice { function: *method, of }));
        }
        choices
    }
}

/// Whether a pointer has this method itself.
fn is_own_to_pointer(name: &str) -> bool {
    matches!(name, "clone")
}
