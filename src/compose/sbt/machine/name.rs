//! What names, paths and members stand for.

use super::super::frame::{Slot, bound, class_name};
use super::super::value::{Env, Function, Object, Thunk, Value};
use super::Machine;
use crate::read::sbt::{Expr, TemplateKind};
use crate::source::Span;
use std::rc::Rc;

impl Machine<'_> {
    /// A name's value: what the build defines, else what sbt and Scala know.
    pub(super) fn named(&mut self, name: &str, thunk: Thunk, span: Span) -> Value {
        if let Some(found) = self.lookup(name, thunk.env) {
            return found;
        }
        if let Some(class) = self.class(name, thunk.env) {
            return Value::Class(class);
        }
        match name {
            "Nil" => Value::list(Vec::new()),
            "None" => Value::Nothing,
            "project" | "crossProject" | "projectMatrix" => self.new_project(name, span),
            _ => Value::key(name),
        }
    }

    /// What the build itself defines under a name.
    pub(in crate::compose::sbt) fn lookup(&mut self, name: &str, env: Env) -> Option<Value> {
        let mut next = Some(env);
        while let Some(env) = next {
            for frame in self.frames.over(env).into_iter().chain([env]) {
                if let Some(slot) = self.frames.slot(frame, name) {
                    return Some(self.force(frame, name, slot));
                }
            }
            for members in self.opened(env) {
                if let Some(slot) = self.frames.slot(members, name) {
                    return Some(self.force(members, name, slot));
                }
            }
            next = self.frames.parent(env);
        }
        None
    }

    /// The class of a name.
    pub(in crate::compose::sbt) fn class(&mut self, name: &str, env: Env) -> Option<Thunk> {
        match self.lookup(&class_name(name), env)? {
            Value::Class(thunk) => Some(thunk),
            _ => None,
        }
    }

    /// The members that `import a._` makes names of a frame.
    fn opened(&mut self, env: Env) -> Vec<Env> {
        if let Some(known) = self.opened.get(&env) {
            return known.clone();
        }
        let paths = self.frames.opened(env);
        if paths.is_empty() {
            return Vec::new();
        }
        // While they are looked up, none is open.
        self.opened.insert(env, Vec::new());
        let mut found = Vec::new();
        for path in paths.iter() {
            if let Some(Value::Object(object)) = self.at_path(path, env) {
                found.push(object.members);
                self.opened.insert(env, found.clone());
            }
        }
        found
    }

    /// What a path of names leads to. Packages have no value, so it may begin behind them.
    fn at_path(&mut self, path: &[Box<str>], env: Env) -> Option<Value> {
        (0..path.len()).find_map(|start| {
            let (first, rest) = path.get(start..)?.split_first()?;
            // The last name alone is the one that is looked for: it can only be one of the folder `project`.
            let from = if rest.is_empty() && path.len() > 1 { self.library } else { env };
            let mut value = self.lookup(first, from)?;
            for name in rest {
                let Value::Object(object) = value else { return None };
                value = self.member(&object, name)?;
            }
            Some(value)
        })
    }

    /// A member of an object.
    pub(in crate::compose::sbt) fn member(&mut self, object: &Object, name: &str) -> Option<Value> {
        let slot = self.frames.slot(object.members, name)?;
        Some(self.force(object.members, name, slot))
    }

    /// Computes what a name stands for, once.
    fn force(&mut self, env: Env, name: &str, slot: Slot) -> Value {
        match slot {
            Slot::Value(value) => value,
            Slot::Busy => Value::unknown(format!("`{name}` is defined by itself")),
            Slot::Alias(path) => {
                self.frames.set(env, name, Slot::Busy);
                let value = self.at_path(&path, env).unwrap_or_else(|| Value::key(path.last().map_or(name, |n| n)));
                self.frames.set(env, name, Slot::Value(value.clone()));
                value
            }
            Slot::Part(thunk) => {
                if let Some(script) = self.script(thunk.file)
                    && let Expr::Val(pattern, value) = script.expr(thunk.expr)
                {
                    let value = self.value(Thunk { expr: *value, ..thunk });
                    if self.fits(pattern, &value, Thunk { env, ..thunk }) != Some(true) {
                        let unknown = Value::unknown(value.why());
                        for name in bound(pattern) {
                            self.frames.set(env, &name, Slot::Value(unknown.clone()));
                        }
                    }
                }
                match self.frames.slot(env, name) {
                    Some(Slot::Value(value)) => value,
                    _ => Value::unknown("its value could not be computed"),
                }
            }
            Slot::Thunk(thunk) => self.define(env, name, thunk),
        }
    }

    fn define(&mut self, env: Env, name: &str, thunk: Thunk) -> Value {
        let Some(script) = self.script(thunk.file) else { return Value::Unit };
        match script.expr(thunk.expr) {
            Expr::Val(_, value) => {
                self.frames.set(env, name, Slot::Busy);
                self.naming.push(name.into());
                let value = self.value(Thunk { expr: *value, ..thunk });
                self.naming.pop();
                self.frames.set(env, name, Slot::Value(value.clone()));
                value
            }
            Expr::Def(_, params, body) if params.is_empty() => self.value(Thunk { expr: *body, ..thunk }),
            Expr::Def(..) => Value::Function(Rc::new(Function::Def { thunk, given: Vec::new() })),
            Expr::Template(template) if template.kind == TemplateKind::Object => {
                self.frames.set(env, name, Slot::Busy);
                let object = Value::Object(Rc::new(self.instantiate(template, thunk, Vec::new())));
                self.frames.set(env, name, Slot::Value(object.clone()));
                object
            }
            Expr::Template(_) => Value::Class(thunk),
            _ => Value::Unit,
        }
    }
}
