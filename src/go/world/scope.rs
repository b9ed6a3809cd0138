//! What names mean inside a function: blocks, and what the language itself declares.

use crate::go::syntax::ExprId;
use crate::go::types::{Basic, DeclId, Fast, NIL, Sym, TypeId, Types, Words};
use crate::go::world::{Entry, Imported};
use std::rc::Rc;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) enum Binding {
    Value(TypeId),
    Type(TypeId),
    Decl(DeclId),
    Import(Imported),
    Builtin(Builtin),
}

/// The language's own functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) enum Builtin {
    Append,
    Complex,
    Int,
    Float,
    Make,
    New,
    Least,
    Recover,
    Nothing,
}

const BUILTINS: [(&str, Builtin); 18] = [
    ("append", Builtin::Append),
    ("cap", Builtin::Int),
    ("clear", Builtin::Nothing),
    ("close", Builtin::Nothing),
    ("complex", Builtin::Complex),
    ("copy", Builtin::Int),
    ("delete", Builtin::Nothing),
    ("imag", Builtin::Float),
    ("len", Builtin::Int),
    ("make", Builtin::Make),
    ("max", Builtin::Least),
    ("min", Builtin::Least),
    ("new", Builtin::New),
    ("panic", Builtin::Nothing),
    ("print", Builtin::Nothing),
    ("println", Builtin::Nothing),
    ("real", Builtin::Float),
    ("recover", Builtin::Recover),
];

/// The names that every file sees.
pub(in crate::go) fn language(words: &mut Words, types: &mut Types) -> Fast<Sym, Binding> {
    let mut all = Fast::default();
    for (word, basic) in Basic::WORDS {
        all.insert(words.add(word), Binding::Type(types.basic(basic)));
    }
    for (word, builtin) in BUILTINS {
        all.insert(words.add(word), Binding::Builtin(builtin));
    }
    for (word, basic) in [("true", Basic::UntypedBool), ("false", Basic::UntypedBool), ("iota", Basic::UntypedInt)] {
        all.insert(words.add(word), Binding::Value(types.basic(basic)));
    }
    all.insert(words.add("nil"), Binding::Value(NIL));
    all
}

/// The names of the blocks around a place, the innermost counting.
#[derive(Debug, Default)]
pub(in crate::go) struct Scope {
    heads: Fast<Sym, u32>,
    entries: Vec<(Sym, u32, Binding)>,
}

const NONE: u32 = u32::MAX;

impl Scope {
    pub(in crate::go) fn get(&self, name: Sym) -> Option<Binding> {
        let head = *self.heads.get(&name)?;
        self.entries.get(head as usize).map(|(_, _, binding)| *binding)
    }

    pub(in crate::go) fn declare(&mut self, name: Sym, binding: Binding) {
        let before = self.heads.insert(name, self.entries.len() as u32).unwrap_or(NONE);
        self.entries.push((name, before, binding));
    }

    /// Whether the block that began at this mark declares the name.
    pub(in crate::go) fn declares(&self, name: Sym, mark: usize) -> bool {
        self.heads.get(&name).is_some_and(|head| *head != NONE && *head as usize >= mark)
    }

    pub(in crate::go) fn enter(&self) -> usize {
        self.entries.len()
    }

    pub(in crate::go) fn leave(&mut self, mark: usize) {
        while self.entries.len() > mark {
            if let Some((name, before, _)) = self.entries.pop() {
                self.heads.insert(name, before);
            }
        }
    }
}

/// Where something stands: its file, the names around it, and what is noted down on the way.
#[derive(Debug)]
pub(in crate::go) struct Place {
    pub(in crate::go) entry: Rc<Entry>,
    pub(in crate::go) scope: Scope,
    /// Where the innermost block begins.
    pub(in crate::go) block: usize,
    /// What is referred to; nothing is noted where only a type is asked for.
    pub(in crate::go) notes: Option<super::note::Notes>,
    pub(in crate::go) spine: Vec<ExprId>,
}

impl Place {
    pub(in crate::go) fn top(entry: &Rc<Entry>) -> Self {
        Self { entry: entry.clone(), scope: Scope::default(), block: 0, notes: None, spine: Vec::new() }
    }

    /// Runs something in a block of its own.
    pub(in crate::go) fn enter(&mut self) -> (usize, usize) {
        let outer = self.block;
        self.block = self.scope.enter();
        (outer, self.block)
    }

    pub(in crate::go) fn leave(&mut self, (outer, mark): (usize, usize)) {
        self.scope.leave(mark);
        self.block = outer;
    }
}
