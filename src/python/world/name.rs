//! What a name stands for where it is used: what all that binds it agrees on.

use super::{Early, MAX_DEPTH, Ref, State, Type, World, joined};
use crate::python::kind::Kind;
use crate::python::syntax::{Binding, ExprId, Node, ScopeId};

impl World<'_> {
    /// What a name stands for.
    pub(super) fn name(&mut self, file: u32, scope: ScopeId, text: &str) -> Type {
        let Some(syntax) = self.file(file) else { return Type::Unknown };
        let Some(sym) = self.sym(file, text) else { return self.unbound(file, text) };
        let Some((scope, bindings)) = syntax.lookup(scope, sym) else { return self.unbound(file, text) };
        let key = (file, scope, sym);
        match self.names.get(&key) {
            Some(State::Known(found)) => return *found,
            Some(State::Open) => return self.circle(),
            None => {}
        }
        if self.depth >= MAX_DEPTH {
            return Type::Unknown;
        }
        self.depth += 1;
        self.open += 1;
        self.names.insert(key, State::Open);
        let before = std::mem::replace(&mut self.circled, false);
        let found = self.bound(file, scope, sym, bindings);
        self.names.insert(key, State::Known(found));
        self.depth -= 1;
        self.open -= 1;
        if self.open == 0 {
            self.forget(key);
        } else if self.circled {
            self.early.push(Early::Name(key));
        }
        self.circled = before || (self.circled && self.open > 0);
        found
    }

    pub(super) fn circle(&mut self) -> Type {
        self.circled = true;
        Type::Nothing
    }

    /// What was found out too early is asked for anew, now that the first name is known.
    pub(super) fn forget(&mut self, known: (u32, ScopeId, u32)) {
        for early in std::mem::take(&mut self.early) {
            match early {
                Early::Expr(file, id) => {
                    if let Some(exprs) = self.exprs.get_mut(file as usize) {
                        // What is still being looked at stays.
                        if matches!(exprs.get(&id), Some(State::Known(_))) {
                            exprs.remove(&id);
                        }
                    }
                }
                Early::Name(key) if key != known => drop(self.names.remove(&key)),
                Early::Name(_) => {}
            }
        }
    }

    pub(super) fn sym(&self, file: u32, text: &str) -> Option<u32> {
        self.file(file)?.number(text)
    }

    /// What all bindings agree on; a type that is written down stands for them.
    pub(super) fn bound(&mut self, file: u32, scope: ScopeId, sym: u32, bindings: &[Binding]) -> Type {
        let mut found = Type::Nothing;
        let typed = bindings.iter().find_map(|binding| match binding {
            Binding::Typed(kind) => Some(*kind),
            _ => None,
        });
        if let Some(kind) = typed {
            let kind = self.annotated(file, scope, kind, 0);
            if kind != Type::Unknown {
                return kind;
            }
        }
        let is_function = bindings.iter().any(|binding| matches!(binding, Binding::Function(_)));
        for binding in bindings.iter().filter(|binding| !matches!(binding, Binding::Typed(_))) {
            // `f = udf(f)` gives the function a coat.
            if is_function && self.is_coat(file, sym, *binding) {
                continue;
            }
            let one = match binding {
                Binding::Import(number) => self.import(file, *number),
                Binding::Function(id) => Type::Function(Ref { file, id: *id }),
                Binding::Class(id) => Type::Class(Ref { file, id: *id }),
                Binding::Value(value) => self.eval(file, *value),
                Binding::Param(function, at) => self.param(Ref { file, id: *function }, *at),
                Binding::Typed(_) | Binding::Unknown => Type::Unknown,
            };
            found = joined(found, one);
            if found == Type::Unknown {
                break;
            }
        }
        found
    }

    /// Whether a name is given what a call makes of itself.
    pub(super) fn is_coat(&self, file: u32, sym: u32, binding: Binding) -> bool {
        let (Binding::Value(value), Some(syntax)) = (binding, self.file(file)) else { return false };
        let Some(Node::Call(_, from, count)) = syntax.expr(value).map(|expr| expr.node) else { return false };
        let is_it = |id: ExprId| matches!(syntax.expr(id).map(|expr| expr.node), Some(Node::Name(name)) if name == sym);
        syntax.arguments(from, count).iter().any(|arg| is_it(arg.value))
    }

    /// What a parameter is: by its type, its default, or by a name that everybody gives to one thing.
    pub(super) fn param(&mut self, of: Ref, at: u32) -> Type {
        let Some(function) = self.function(of) else { return Type::Unknown };
        let Some(param) = function.params.get(at as usize) else { return Type::Unknown };
        let (Some(syntax), false) = (self.file(of.file), param.is_rest) else { return Type::Unknown };
        if let (Some(class), 0) = (function.class, at) {
            let class = Ref { file: of.file, id: class };
            return match self.decorator(of, &["staticmethod", "classmethod"]) {
                Some("staticmethod") => Type::Unknown,
                Some(_) => Type::Class(class),
                None => Type::Instance(class),
            };
        }
        if let Some(kind) = param.annotation {
            let scope = syntax.expr(kind).map_or(0, |expr| expr.scope);
            return self.annotated(of.file, scope, kind, 0);
        }
        let default = param.default.map_or(Type::Nothing, |value| self.eval(of.file, value));
        match Kind::customary(syntax.text(param.name)) {
            Some(kind) if matches!(default, Type::Nothing | Type::Unknown) => Type::Spark(kind),
            _ if default == Type::Nothing => Type::Unknown,
            _ => default,
        }
    }
}
