//! Dockerfiles that are written in the build: sbt-docker's `new Dockerfile { from("…") }`.

use super::machine::Machine;
use super::value::{Argument, Command, Thunk, Value};
use crate::read::sbt::{Expr, ExprId};
use crate::source::Span;
use std::rc::Rc;

impl Machine<'_> {
    /// The commands inside `new Dockerfile { … }`.
    pub(super) fn recipe(&mut self, body: &[ExprId], thunk: Thunk) -> Value {
        let Some(script) = self.files.get(thunk.file).copied() else { return Value::Unit };
        let env = self.frames.add(Some(thunk.env), None);
        self.frames.define(env, env, thunk.file, script, body);
        let mut commands = Vec::new();
        for id in body {
            let Expr::Apply(callee, args) = script.expr(*id) else { continue };
            if let Expr::Name(name) = script.expr(*callee) {
                let args = args.iter().map(|arg| self.value(Thunk { expr: arg.value, env, ..thunk })).collect();
                commands.push(Command { name: name.as_ref().into(), args, span: script.span(*id) });
            }
        }
        Value::Recipe(Rc::new(commands))
    }
}

/// `Dockerfile.empty.from("…").copy(…)`.
pub(super) fn extended(commands: &[Command], name: &str, args: &[Argument], span: Span) -> Value {
    let mut commands = commands.to_vec();
    let args = args.iter().map(|arg| arg.value.clone()).collect();
    commands.push(Command { name: name.into(), args, span });
    Value::Recipe(Rc::new(commands))
}
