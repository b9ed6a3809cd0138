//! What `use` brings into a scope.

use super::{Lower, MAX_SEGMENTS};
use crate::rust::syntax::{Item, Name, Path};
use syn::UseTree;

impl Lower {
    pub(super) fn imports(&mut self, tree: &UseTree, absolute: bool, seen: bool) {
        let mut open = vec![(tree, Vec::<Name>::new())];
        while let Some((tree, mut prefix)) = open.pop() {
            if prefix.len() > MAX_SEGMENTS {
                continue;
            }
            match tree {
                UseTree::Path(path) => {
                    prefix.push(self.ident(&path.ident));
                    open.push((&path.tree, prefix));
                }
                UseTree::Name(leaf) => {
                    let ident = self.ident(&leaf.ident);
                    let name = match &*ident {
                        "self" => prefix.last().cloned().unwrap_or_else(|| ident.clone()),
                        _ => ident.clone(),
                    };
                    self.import(name, prefix, ident, (absolute, seen));
                }
                UseTree::Rename(leaf) => {
                    let (name, ident) = (self.ident(&leaf.rename), self.ident(&leaf.ident));
                    self.import(name, prefix, ident, (absolute, seen));
                }
                UseTree::Glob(_) => {
                    if let Some(scope) = self.here() {
                        scope.globs.push((Path { absolute, segments: prefix.into() }, seen));
                    }
                }
                UseTree::Group(group) => open.extend(group.items.iter().map(|tree| (tree, prefix.clone()))),
            }
        }
    }

    pub(super) fn import(&mut self, name: Name, mut target: Vec<Name>, last: Name, (absolute, seen): (bool, bool)) {
        if &*last != "self" || target.is_empty() {
            target.push(last);
        }
        let target = Path { absolute, segments: target.into() };
        if let Some(scope) = self.here() {
            scope.values.entry(name.clone()).or_insert_with(|| Item::Import(target.clone(), seen));
            scope.types.entry(name).or_insert(Item::Import(target, seen));
        }
    }
}
