//! Which name means what, block by block.

use super::stdlib::Type;
use std::collections::HashMap;

/// What a name is bound to.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    /// Something whose type is not known from this file.
    Opaque,
    /// A variable or parameter of a type of an imported package.
    Value(Type),
    /// A type name that stands for a type of an imported package.
    Alias(Type),
    /// A function of this file, with its results.
    Function(Vec<Option<Type>>),
}

/// Nested blocks. Names are kept in one map with an undo log, so that look-ups cost the same at every depth.
#[derive(Debug, Default)]
pub(super) struct Scopes<'t> {
    names: HashMap<&'t str, Vec<(usize, Binding)>>,
    declared: Vec<&'t str>,
    blocks: Vec<usize>,
}

impl<'t> Scopes<'t> {
    pub(super) fn enter(&mut self) {
        self.blocks.push(self.declared.len());
    }

    pub(super) fn is_outermost(&self) -> bool {
        self.blocks.is_empty()
    }

    pub(super) fn leave(&mut self) {
        let start = self.blocks.pop().unwrap_or(0);
        for name in self.declared.drain(start..) {
            if let Some(bindings) = self.names.get_mut(name) {
                bindings.pop();
            }
        }
    }

    /// Declares a name in the innermost block.
    pub(super) fn declare(&mut self, name: &'t str, binding: Binding) {
        if name != "_" && !name.is_empty() {
            self.names.entry(name).or_default().push((self.blocks.len(), binding));
            self.declared.push(name);
        }
    }

    /// Declares a name unless the innermost block has it already: `:=` then only assigns.
    pub(super) fn declare_new(&mut self, name: &'t str, binding: Binding) {
        let innermost = self.names.get(name).and_then(|bindings| bindings.last()).map(|(block, _)| *block);
        if innermost != Some(self.blocks.len()) {
            self.declare(name, binding);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Binding> {
        self.names.get(name)?.last().map(|(_, binding)| binding)
    }
}
