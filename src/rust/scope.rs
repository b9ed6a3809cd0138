//! Items, imports and modules of one file, and what a path means among them.

use super::known;
use std::collections::HashMap;
use std::rc::Rc;
use syn::ext::IdentExt as _;
use syn::{Item, Type, UseTree};

/// How many imports are followed before a path is given up; real files need two or three.
const MAX_HOPS: usize = 16;

/// How many glob imports of one scope are looked through, and how long an import's path may be.
const MAX_GLOBS: usize = 16;
const MAX_SEGMENTS: usize = 32;

/// The names of one module or one block.
#[derive(Debug, Default)]
pub(super) struct Items {
    types: HashMap<String, Target>,
    values: HashMap<String, Target>,
    globs: Vec<Written>,
    modules: HashMap<String, Rc<Items>>,
    is_module: bool,
}

/// What a name stands for.
#[derive(Debug, Clone)]
enum Target {
    /// An item of this file.
    Local,
    /// What another path means.
    Path(Written),
}

/// A path as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// It begins with `::`.
    pub(super) absolute: bool,
    /// Its parts.
    pub(super) segments: Vec<String>,
}

impl Written {
    pub(super) fn of(path: &syn::Path) -> Self {
        let segments = path.segments.iter().map(|s| s.ident.unraw().to_string()).collect();
        Self { absolute: path.leading_colon.is_some(), segments }
    }

    fn external(&self) -> String {
        let path = self.segments.join("::");
        let rest = path.strip_prefix("core::").or_else(|| path.strip_prefix("alloc::"));
        rest.map_or_else(|| path.clone(), |rest| format!("std::{rest}"))
    }
}

/// Which kind of name is meant by a path's last part; all others are modules or types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Type,
    Value,
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// This path of another crate.
    External(String),
    /// Something of this crate.
    Local,
    /// Nothing that this file shows.
    Unknown,
}

impl Items {
    /// The names that a module's or block's items declare.
    pub(super) fn of<'a>(items: impl IntoIterator<Item = &'a Item>, is_module: bool) -> Rc<Self> {
        let mut names = Self { is_module, ..Self::default() };
        for item in items {
            names.add(item);
        }
        Rc::new(names)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.values.is_empty() && self.globs.is_empty()
    }

    /// The inline module of this name.
    pub(super) fn module(&self, name: &str) -> Option<Rc<Items>> {
        self.modules.get(name).cloned()
    }

    fn add(&mut self, item: &Item) {
        let name = |ident: &syn::Ident| ident.unraw().to_string();
        match item {
            Item::Use(item) => self.add_use(&item.tree, item.leading_colon.is_some()),
            Item::ExternCrate(item) => {
                let alias = item.rename.as_ref().map_or_else(|| name(&item.ident), |(_, alias)| name(alias));
                let target = Written { absolute: item.ident != "self", segments: vec![name(&item.ident)] };
                self.types.insert(alias, Target::Path(target));
            }
            Item::Type(item) => {
                let target = match &*item.ty {
                    Type::Path(of) if of.qself.is_none() => Target::Path(Written::of(&of.path)),
                    _ => Target::Local,
                };
                self.types.insert(name(&item.ident), target);
            }
            Item::Mod(item) => {
                let ident = name(&item.ident);
                if let Some((_, items)) = &item.content {
                    self.modules.insert(ident.clone(), Items::of(items, true));
                }
                self.types.insert(ident, Target::Local);
            }
            Item::Struct(item) => {
                self.types.insert(name(&item.ident), Target::Local);
                if !matches!(item.fields, syn::Fields::Named(_)) {
                    self.values.insert(name(&item.ident), Target::Local);
                }
            }
            Item::Enum(item) => self.local_type(name(&item.ident)),
            Item::Union(item) => self.local_type(name(&item.ident)),
            Item::Trait(item) => self.local_type(name(&item.ident)),
            Item::TraitAlias(item) => self.local_type(name(&item.ident)),
            Item::Fn(item) => self.local_value(name(&item.sig.ident)),
            Item::Const(item) => self.local_value(name(&item.ident)),
            Item::Static(item) => self.local_value(name(&item.ident)),
            Item::Macro(item) => {
                if let Some(ident) = &item.ident {
                    self.values.insert(format!("{}!", name(ident)), Target::Local);
                }
            }
            Item::ForeignMod(item) => {
                for item in &item.items {
                    match item {
                        syn::ForeignItem::Fn(f) => self.local_value(name(&f.sig.ident)),
                        syn::ForeignItem::Static(s) => self.local_value(name(&s.ident)),
                        syn::ForeignItem::Type(t) => self.local_type(name(&t.ident)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn local_type(&mut self, name: String) {
        self.types.insert(name, Target::Local);
    }

    fn local_value(&mut self, name: String) {
        self.values.insert(name, Target::Local);
    }

    fn add_use(&mut self, tree: &UseTree, absolute: bool) {
        let mut open = vec![(tree, Written { absolute, segments: Vec::new() })];
        while let Some((tree, mut prefix)) = open.pop() {
            if prefix.segments.len() > MAX_SEGMENTS {
                continue;
            }
            match tree {
                UseTree::Path(path) => {
                    prefix.segments.push(path.ident.unraw().to_string());
                    open.push((&path.tree, prefix));
                }
                UseTree::Name(leaf) => {
                    let ident = leaf.ident.unraw().to_string();
                    let name = if ident == "self" {
                        prefix.segments.last().cloned().unwrap_or_default()
                    } else {
                        ident.clone()
                    };
                    self.import(name, prefix, ident);
                }
                UseTree::Rename(leaf) => {
                    self.import(leaf.rename.unraw().to_string(), prefix, leaf.ident.unraw().to_string());
                }
                UseTree::Glob(_) => self.globs.push(prefix),
                UseTree::Group(group) => open.extend(group.items.iter().map(|tree| (tree, prefix.clone()))),
            }
        }
    }

    fn import(&mut self, name: String, mut target: Written, last: String) {
        if last != "self" || target.segments.is_empty() {
            target.segments.push(last);
        }
        // An own item of one kind and an import of another may share a name; the own item wins in its kind.
        self.values.entry(name.clone()).or_insert_with(|| Target::Path(target.clone()));
        self.types.entry(name).or_insert(Target::Path(target));
    }
}

/// The scopes around a place, the file's own module first.
pub(super) type Chain = Vec<Rc<Items>>;

/// The full path of another crate's item that a path means here.
pub(super) fn resolve(chain: &[Rc<Items>], path: &Written, space: Space) -> Option<String> {
    match meaning(chain, path, space, MAX_HOPS) {
        Meaning::External(path) => Some(path),
        Meaning::Local | Meaning::Unknown => None,
    }
}

/// Whether this file or its imports say what a macro's name means.
pub(super) fn resolve_macro(chain: &[Rc<Items>], path: &Written) -> Option<String> {
    let [name] = path.segments.as_slice() else { return resolve(chain, path, Space::Value) };
    if path.absolute || chain.iter().any(|items| items.values.contains_key(&format!("{name}!"))) {
        return None;
    }
    let imported = chain.iter().rev().find_map(|items| items.types.get(name));
    match imported {
        Some(Target::Path(_)) => resolve(chain, path, Space::Type),
        _ => known::prelude_macro(name),
    }
}

fn meaning(chain: &[Rc<Items>], path: &Written, space: Space, hops: usize) -> Meaning {
    let Some(first) = path.segments.first() else { return Meaning::Unknown };
    if hops == 0 {
        // Imports that go round in circles name nothing outside this file.
        return Meaning::Local;
    }
    if path.absolute {
        return Meaning::External(path.external());
    }
    match first.as_str() {
        "crate" | "Self" | "$crate" => return Meaning::Local,
        "self" => return member(module(chain, 0), &path.segments[1..], space, hops),
        "super" => {
            let ups = path.segments.iter().take_while(|s| *s == "super").count();
            return member(module(chain, ups), &path.segments[ups..], space, hops);
        }
        _ => {}
    }
    for depth in (0..chain.len()).rev() {
        let inner = &chain[..=depth];
        match here(inner, &path.segments, space, hops) {
            Meaning::Unknown => {}
            found => return found,
        }
        if chain[depth].is_module {
            break;
        }
    }
    outside(path)
}

/// What a path means that nothing in the file declares: a name of the prelude, or another crate's.
fn outside(path: &Written) -> Meaning {
    let (Some(first), rest) = (path.segments.first(), &path.segments[1..]) else { return Meaning::Unknown };
    if let Some(full) = known::prelude(first) {
        return Meaning::External(
            std::iter::once(full).chain(rest.iter().map(String::as_str)).collect::<Vec<_>>().join("::"),
        );
    }
    let is_crate = !rest.is_empty() && first.starts_with(|c: char| c.is_lowercase()) && !is_primitive(first);
    if is_crate { Meaning::External(path.external()) } else { Meaning::Unknown }
}

fn is_primitive(name: &str) -> bool {
    matches!(name, "bool" | "char" | "str" | "f32" | "f64")
        || name.strip_prefix(['u', 'i']).is_some_and(|bits| bits == "size" || bits.bytes().all(|b| b.is_ascii_digit()))
}

/// The scopes of the module around a place, or of the one `ups` levels above it; empty where the file does not hold it.
fn module(chain: &[Rc<Items>], ups: usize) -> &[Rc<Items>] {
    let starts: Vec<usize> = (0..chain.len()).filter(|i| chain[*i].is_module).collect();
    match starts.len().checked_sub(ups + 1).and_then(|i| starts.get(i)) {
        Some(start) => &chain[..=*start],
        None => &[],
    }
}

/// A path inside one module, without looking further out.
fn member(chain: &[Rc<Items>], segments: &[String], space: Space, hops: usize) -> Meaning {
    if chain.is_empty() || segments.is_empty() {
        return Meaning::Unknown;
    }
    match here(chain, segments, space, hops) {
        // What a module of this file does not declare may come from a glob import; it is never another crate.
        Meaning::Unknown => Meaning::Local,
        found => found,
    }
}

/// A path whose first part is looked up in the innermost scope alone.
fn here(chain: &[Rc<Items>], segments: &[String], space: Space, hops: usize) -> Meaning {
    let (Some(items), Some((first, rest))) = (chain.last(), segments.split_first()) else { return Meaning::Unknown };
    let names = if rest.is_empty() && space == Space::Value { &items.values } else { &items.types };
    match names.get(first) {
        Some(Target::Local) => match items.modules.get(first).filter(|_| !rest.is_empty()) {
            Some(child) => {
                let inner: Chain = chain.iter().cloned().chain([Rc::clone(child)]).collect();
                member(&inner, rest, space, hops.saturating_sub(1))
            }
            None => Meaning::Local,
        },
        Some(Target::Path(target)) => {
            let mut path = target.clone();
            // `use libc;` names the crate, not itself.
            path.absolute |= path.segments.first() == Some(first);
            path.segments.extend_from_slice(rest);
            meaning(chain, &path, space, hops.saturating_sub(1))
        }
        None => items
            .globs
            .iter()
            .take(MAX_GLOBS)
            .find_map(|glob| through_glob(chain, glob, segments, space, hops))
            .unwrap_or(Meaning::Unknown),
    }
}

fn through_glob(
    chain: &[Rc<Items>],
    glob: &Written,
    segments: &[String],
    space: Space,
    hops: usize,
) -> Option<Meaning> {
    let hops = hops.checked_sub(MAX_HOPS / 2)?;
    let ups = glob.segments.iter().take_while(|s| *s == "super").count();
    let found = if ups > 0 && ups == glob.segments.len() {
        let outer = module(chain, ups);
        if outer.is_empty() { Meaning::Unknown } else { here(outer, segments, space, hops) }
    } else {
        match meaning(chain, glob, Space::Type, hops) {
            Meaning::External(path) if known::glob_brings(&path, segments.first()?) => {
                Meaning::External(format!("{path}::{}", segments.join("::")))
            }
            _ => Meaning::Unknown,
        }
    };
    (found != Meaning::Unknown).then_some(found)
}
