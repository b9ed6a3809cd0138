//! Modules in files of their own, and the crates they belong to.

use super::World;
use crate::rust::syntax::{Item, Name};
use crate::source;
use std::collections::HashMap;

impl World {
    /// Finds the file of each `mod x;`.
    pub(super) fn join_modules(&mut self) {
        let by_path: HashMap<String, u32> =
            self.files.iter().rev().map(|(scope, path)| (path.clone(), *scope)).collect();
        for (number, krate) in self.crates.iter().enumerate() {
            if let Some(root) = by_path.get(&krate.root) {
                self.roots.insert(krate.root.clone(), *root);
                self.crate_of.entry(*root).or_insert(number);
            }
        }
        let ends = self.files.iter().skip(1).map(|(scope, _)| *scope).chain([self.scopes.len() as u32]);
        let ranges: Vec<(u32, u32, String)> =
            self.files.iter().zip(ends).map(|((start, path), end)| (*start, end, path.clone())).collect();
        for (start, end, path) in ranges {
            let is_root = self.crate_of.contains_key(&start);
            for scope in start..end {
                self.join_files_of(scope, start, (&path, is_root), &by_path);
            }
        }
    }

    fn join_files_of(&mut self, scope: u32, file: u32, (path, is_root): (&str, bool), by_path: &HashMap<String, u32>) {
        let Some(own) = self.scopes.get(scope as usize) else { return };
        let wanted: Vec<(Name, Option<Name>)> = own
            .types
            .iter()
            .filter_map(|(name, item)| match item {
                Item::File(place) => Some((name.clone(), place.clone())),
                _ => None,
            })
            .collect();
        if wanted.is_empty() {
            return;
        }
        let inline = self.inline_names(scope, file);
        for (name, place) in wanted {
            let candidates = candidates(path, is_root, &inline, (&name, place.as_deref()));
            let Some(found) = candidates.iter().find_map(|path| by_path.get(path)).copied() else { continue };
            self.file_modules.insert((scope, name), found);
            let is_own = found == file || self.crate_of.contains_key(&found);
            if let Some(child) = self.scopes.get_mut(found as usize).filter(|child| child.parent.is_none() && !is_own) {
                child.parent = Some(scope);
            }
        }
    }

    /// The names of the modules that are written out between a file and one of its scopes.
    fn inline_names(&self, scope: u32, file: u32) -> Vec<Name> {
        let mut names = Vec::new();
        let mut at = scope;
        while at != file {
            let Some(parent) = self.scopes.get(at as usize).and_then(|scope| scope.parent) else { break };
            let above = self.scopes.get(parent as usize);
            let name = above.and_then(|above| {
                above.types.iter().find(|(_, item)| matches!(item, Item::Module(number) if *number == at))
            });
            names.extend(name.map(|(name, _)| name.clone()));
            at = parent;
        }
        names.reverse();
        names
    }

    /// The module around a scope.
    pub(super) fn module_of(&self, scope: u32) -> u32 {
        let mut at = scope;
        while let Some(here) = self.scopes.get(at as usize).filter(|here| !here.is_module) {
            match here.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// The first file's scope of the crate around a scope.
    pub(super) fn crate_root(&self, scope: u32) -> u32 {
        let mut at = scope;
        // Modules that name each other go round in a circle.
        for _ in 0..256 {
            match self.scopes.get(at as usize).and_then(|here| here.parent) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// Whether a scope lies inside another.
    pub(super) fn is_within(&self, scope: u32, other: u32) -> bool {
        let mut at = Some(scope);
        for _ in 0..256 {
            match at {
                Some(here) if here == other => return true,
                Some(here) => at = self.scopes.get(here as usize).and_then(|here| here.parent),
                None => return false,
            }
        }
        false
    }

    /// A crate of the build by the name that the crate around a scope has for it.
    pub(super) fn crate_named(&self, scope: u32, name: &str) -> Option<u32> {
        let krate = self.crates.get(*self.crate_of.get(&self.crate_root(scope))?)?;
        let (_, root) = krate.others.iter().find(|(known, _)| known == name)?;
        self.roots.get(root).copied()
    }
}

/// Where `mod x;` may lie, by the file it stands in.
fn candidates(path: &str, is_root: bool, inline: &[Name], (name, place): (&str, Option<&str>)) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let own = if is_root || stem == "mod" { folder.to_owned() } else { below(folder, stem) };
    let inner = inline.iter().fold(own, |folder, name| below(&folder, name));
    match place {
        Some(place) => {
            let from = if inline.is_empty() { folder } else { &inner };
            source::join(from, place).into_iter().collect()
        }
        None => vec![below(&inner, &format!("{name}.rs")), below(&inner, &format!("{name}/mod.rs"))],
    }
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
