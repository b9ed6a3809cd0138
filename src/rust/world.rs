//! The files of a build together: what every name means, and what every function leads to.

mod eval;
mod meaning;
mod method;
mod module;
mod name;
mod standard;
mod types;

use super::syntax::{Alias, ImplItem, Item, Name, Own, Routine, Scope, Syntax, Term, TraitItem, TypeItem};
use super::{Choice, Function, Resolved};
use method::Methods;
use std::collections::HashMap;
use types::Types;

/// A file of a build.
#[derive(Debug)]
pub struct Given {
    /// Below the root.
    pub path: String,
    /// What it says.
    pub syntax: Syntax,
}

/// A crate: a tree of modules.
#[derive(Debug, Clone, Default)]
pub struct Crate {
    /// As others import it.
    pub name: String,
    /// The path of its first file.
    pub root: String,
    /// Crates of the build by the names that it has for them, each by the path of its first file.
    pub others: Vec<(String, String)>,
}

/// The files of a build.
#[derive(Debug, Default)]
struct World {
    scopes: Vec<Scope>,
    routines: Vec<Routine>,
    types: Vec<TypeItem>,
    traits: Vec<TraitItem>,
    impls: Vec<ImplItem>,
    aliases: Vec<Alias>,
    /// Whether the file of a routine says that it is generated.
    generated: Vec<bool>,
    /// The file's own scope of each file, and its path.
    files: Vec<(u32, String)>,
    crates: Vec<Crate>,
    /// The crate of each first file's scope.
    crate_of: HashMap<u32, usize>,
    /// The scope of each crate's first file.
    roots: HashMap<String, u32>,
    /// The scopes of modules that lie in files of their own.
    file_modules: HashMap<(u32, Name), u32>,
    /// The `impl` block of each scope that is one.
    impl_of: HashMap<u32, u32>,
    /// Functions that stand where another of the same name does.
    twins: HashMap<u32, Vec<u32>>,
    /// Macros by the crate's first scope and their names.
    macros: HashMap<(u32, Name), u32>,
    names: name::Memo,
    interned: Types,
    /// How many written types are being looked into, and how many were for the outermost.
    nested: usize,
    steps: usize,
    methods: Methods,
}

/// What the files of a build refer to.
pub fn resolve(files: Vec<Given>, crates: Vec<Crate>) -> Resolved {
    let mut world = World { crates, ..World::default() };
    for file in files {
        world.add(file);
    }
    world.join_modules();
    world.collect_macros();
    world.collect_methods();
    world.resolve()
}

impl World {
    /// Takes a file's syntax over, with numbers that count in the world.
    fn add(&mut self, given: Given) {
        let Given { path, mut syntax } = given;
        let base = self.scopes.len() as u32;
        let (routines, types) = (self.routines.len() as u32, self.types.len() as u32);
        let (traits, aliases) = (self.traits.len() as u32, self.aliases.len() as u32);
        self.files.push((base, path));
        for scope in &mut syntax.scopes {
            scope.parent = scope.parent.map(|parent| parent + base);
            if let Some(Own::Trait(number)) = &mut scope.own {
                *number += traits;
            }
            for item in scope.types.values_mut().chain(scope.values.values_mut()) {
                match item {
                    Item::Module(number) => *number += base,
                    Item::Type(number) => *number += types,
                    Item::Alias(number) => *number += aliases,
                    Item::Trait(number) => *number += traits,
                    Item::Function(number) | Item::Value(number, _) => *number += routines,
                    Item::Import(..) | Item::File(_) | Item::Nothing => {}
                }
            }
            for (first, other) in std::mem::take(&mut scope.twins) {
                self.twins.entry(first + routines).or_default().push(other + routines);
            }
        }
        for routine in &mut syntax.routines {
            routine.scope += base;
            for term in &mut routine.terms {
                match term {
                    Term::Of(scope, _) => *scope += base,
                    Term::Path(used) | Term::Named(used) | Term::Literal(used) => used.scope += base,
                    _ => {}
                }
            }
            self.generated.push(syntax.generated);
        }
        for item in &mut syntax.types {
            item.scope += base;
        }
        for item in &mut syntax.traits {
            item.scope += base;
            item.methods.values_mut().for_each(|number| *number += routines);
        }
        for (number, item) in syntax.impls.iter_mut().enumerate() {
            item.scope += base;
            item.methods.iter_mut().for_each(|(_, number)| *number += routines);
            self.impl_of.insert(item.scope, (self.impls.len() + number) as u32);
        }
        for item in &mut syntax.aliases {
            item.scope += base;
        }
        self.scopes.append(&mut syntax.scopes);
        self.routines.append(&mut syntax.routines);
        self.types.append(&mut syntax.types);
        self.traits.append(&mut syntax.traits);
        self.impls.append(&mut syntax.impls);
        self.aliases.append(&mut syntax.aliases);
    }

    fn resolve(mut self) -> Resolved {
        let mut resolved = Resolved { made: vec![Vec::new(); self.types.len()], ..Resolved::default() };
        for number in 0..self.routines.len() as u32 {
            let function = self.function(number, &mut resolved.unknown_receivers);
            resolved.functions.extend(function);
        }
        self.implementations(&mut resolved);
        resolved.choices = self.choices();
        resolved
    }

    /// Macros are seen in all of their crate: where they stand and how they are exported is not followed.
    fn collect_macros(&mut self) {
        for scope in 0..self.scopes.len() as u32 {
            let root = self.crate_root(scope);
            let Some(here) = self.scopes.get(scope as usize) else { continue };
            for (name, item) in &here.values {
                if let (Some(name), Item::Function(number)) = (name.strip_suffix('!'), item) {
                    self.macros.insert((root, name.into()), *number);
                }
            }
        }
    }

    /// A macro of the crate around a scope.
    fn macro_of_build(&self, scope: u32, name: &Name) -> Option<u32> {
        self.macros.get(&(self.crate_root(scope), name.clone())).copied()
    }

    /// What comes with the types that implement something of another crate.
    fn implementations(&mut self, resolved: &mut Resolved) {
        for number in 0..self.impls.len() {
            let Some((path, of)) = self.outer_trait(number as u32) else { continue };
            let Some(item) = self.impls.get(number) else { continue };
            for (name, routine) in &item.methods {
                let takes_self = self.routines.get(*routine as usize).is_some_and(|routine| routine.takes_self);
                if let Some(made) = of.and_then(|of| resolved.made.get_mut(of as usize)).filter(|_| takes_self) {
                    made.push(*routine);
                }
                resolved.implementations.push((path.clone(), name.clone(), *routine));
            }
        }
    }

    /// What each call through a trait may lead to.
    fn choices(&mut self) -> Vec<Vec<Choice>> {
        let asked = std::mem::take(&mut self.methods.asked);
        asked.iter().map(|(of, name)| self.choice(of, name)).collect()
    }

    fn function(&mut self, number: u32, unknown: &mut usize) -> Option<Function> {
        let routine = self.routines.get_mut(number as usize)?;
        let terms = std::mem::take(&mut routine.terms);
        let mut found = eval::Found::default();
        self.evaluate(&terms, &mut found);
        *unknown += found.unknown_receivers;
        let owner = self.methods.owners.get(&number).copied();
        let generated = self.generated.get(number as usize).copied().unwrap_or(false);
        let routine = self.routines.get(number as usize)?;
        Some(Function {
            name: routine.name.clone(),
            span: routine.span,
            body: routine.body,
            marked: routine.marked,
            in_test: routine.in_test,
            attributes: routine.attributes.clone(),
            foreign: routine.foreign,
            ident: routine.ident.clone(),
            owner,
            generated,
            references: found.references,
            edges: found.edges,
        })
    }
}
