//! Names and what they stand for: frames that lie in each other, as blocks of a program do.

use super::value::{Env, Thunk, Value};
use crate::read::sbt::{Expr, ExprId, Pattern, Script, Selector, TemplateKind};
use std::collections::HashMap;
use std::rc::Rc;

/// All frames of a build.
#[derive(Debug, Default)]
pub(super) struct Frames {
    list: Vec<Frame>,
}

#[derive(Debug, Default)]
struct Frame {
    names: HashMap<Box<str>, Slot>,
    parent: Option<Env>,
    /// What is looked at first: the object that a trait's members are part of.
    over: Option<Env>,
    /// Objects whose members are names here: `import a.b._`.
    opened: Rc<Vec<Vec<Box<str>>>>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    Value(Value),
    /// Not computed yet.
    Thunk(Thunk),
    /// A name of a definition with a pattern.
    Part(Thunk),
    /// Another name, by its path.
    Alias(Rc<[Box<str>]>),
    /// Being computed.
    Busy,
}

impl Frames {
    /// A frame inside another.
    pub(super) fn add(&mut self, parent: Option<Env>, over: Option<Env>) -> Env {
        self.list.push(Frame { parent, over, ..Frame::default() });
        Env(self.list.len() as u32 - 1)
    }

    fn get(&self, env: Env) -> Option<&Frame> {
        self.list.get(env.0 as usize)
    }

    pub(super) fn parent(&self, env: Env) -> Option<Env> {
        self.get(env)?.parent
    }

    pub(super) fn over(&self, env: Env) -> Option<Env> {
        self.get(env)?.over
    }

    pub(super) fn opened(&self, env: Env) -> Rc<Vec<Vec<Box<str>>>> {
        self.get(env).map(|frame| frame.opened.clone()).unwrap_or_default()
    }

    pub(super) fn slot(&self, env: Env, name: &str) -> Option<Slot> {
        self.get(env)?.names.get(name).cloned()
    }

    pub(super) fn set(&mut self, env: Env, name: &str, slot: Slot) {
        if let Some(frame) = self.list.get_mut(env.0 as usize) {
            frame.names.insert(name.into(), slot);
        }
    }

    /// The names of a frame, in their order.
    pub(super) fn names(&self, env: Env) -> Vec<Box<str>> {
        let mut names: Vec<Box<str>> =
            self.get(env).map(|frame| frame.names.keys().cloned().collect()).unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// Makes the definitions among some statements known in a frame. What is there already stays.
    pub(super) fn define(&mut self, env: Env, scope: Env, file: usize, script: &Script, statements: &[ExprId]) {
        for id in statements {
            let thunk = Thunk { file, expr: *id, env: scope };
            match script.expr(*id) {
                Expr::Val(Pattern::Bind(name), _) | Expr::Def(name, _, _) => self.first(env, name, Slot::Thunk(thunk)),
                Expr::Val(pattern, _) => {
                    for name in bound(pattern) {
                        self.first(env, &name, Slot::Part(thunk));
                    }
                }
                Expr::Template(template) if template.kind == TemplateKind::Object => {
                    self.first(env, &template.name, Slot::Thunk(thunk));
                }
                // A class and its companion have one name.
                Expr::Template(template) => self.first(env, &class_name(&template.name), Slot::Thunk(thunk)),
                Expr::Import(path, selectors) => self.import(env, path, selectors),
                // Several imports in one line, the statements of a package.
                Expr::Block(inner) if inner.iter().all(|id| matches!(script.expr(*id), Expr::Import(..))) => {
                    self.define(env, scope, file, script, &inner.clone());
                }
                _ => {}
            }
        }
    }

    fn first(&mut self, env: Env, name: &str, slot: Slot) {
        if self.slot(env, name).is_none() {
            self.set(env, name, slot);
        }
    }

    fn import(&mut self, env: Env, path: &[Box<str>], selectors: &[Selector]) {
        for selector in selectors {
            match selector {
                Selector::All => {
                    if let Some(frame) = self.list.get_mut(env.0 as usize) {
                        Rc::make_mut(&mut frame.opened).push(path.to_vec());
                    }
                }
                Selector::Name(name, alias) => {
                    let whole: Rc<[Box<str>]> = path.iter().chain([name]).cloned().collect();
                    self.first(env, alias, Slot::Alias(whole));
                }
            }
        }
    }
}

/// Under which name a class stands in its frame.
pub(super) fn class_name(name: &str) -> String {
    format!("class {name}")
}

/// The names that a pattern binds.
pub(super) fn bound(pattern: &Pattern) -> Vec<Box<str>> {
    match pattern {
        Pattern::Bind(name) | Pattern::Rest(Some(name)) => vec![name.clone()],
        Pattern::Named(name, inner) => std::iter::once(name.clone()).chain(bound(inner)).collect(),
        Pattern::Typed(inner) => bound(inner),
        Pattern::Tuple(parts) | Pattern::Extract(_, parts) | Pattern::Either(parts) => {
            parts.iter().flat_map(bound).collect()
        }
        Pattern::Any | Pattern::Value(_) | Pattern::Rest(None) | Pattern::Unknown => Vec::new(),
    }
}
