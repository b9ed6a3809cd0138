//! Calls of functions, and patterns that take values apart.

use super::frame::Slot;
use super::machine::Machine;
use super::value::{Argument, Env, Function, Thunk, Value};
use crate::read::sbt::{Expr, Param, Pattern};
use crate::source::{Span, Traced};
use std::rc::Rc;

impl Machine<'_> {
    /// Calls a value.
    pub(super) fn apply(&mut self, callee: Value, args: Vec<Argument>, span: Span) -> Value {
        match callee {
            Value::Function(function) => self.call(&function, args, span),
            Value::Class(thunk) => self.construct(thunk, args),
            Value::Object(ref object) => {
                let class = match self.frames.slot(object.members, "apply") {
                    Some(_) => None,
                    None => self.frames.parent(object.members).and_then(|env| self.class(&object.name, env)),
                };
                match class {
                    Some(class) => self.construct(class, args),
                    None => self.method(callee, "apply", args, span),
                }
            }
            Value::List(_) => self.method(callee, "apply", args, span),
            Value::Key(key) => match args.as_slice() {
                // `scalaVersion(version => …)`: how settings were mapped before sbt 1.
                [Argument { value: function @ Value::Function(_), .. }] => {
                    let value = self.resolve(&key);
                    self.call_with(&function.clone(), value, span)
                }
                _ => self.built_in(&key.name, args, span),
            },
            Value::Pattern(_) => Value::unknown("a pattern is applied"),
            Value::Unknown(_) => callee,
            _ => Value::unknown("it is computed by code that is not followed"),
        }
    }

    pub(super) fn construct(&mut self, thunk: Thunk, args: Vec<Argument>) -> Value {
        let Some(script) = self.files.get(thunk.file).copied() else { return Value::Unit };
        match script.expr(thunk.expr) {
            Expr::Template(template) => Value::Object(Rc::new(self.instantiate(template, thunk, args))),
            _ => Value::Unit,
        }
    }

    fn call(&mut self, function: &Function, args: Vec<Argument>, span: Span) -> Value {
        match function {
            Function::Def { thunk, given } => self.call_def(*thunk, given, args),
            Function::Literal(thunk) => self.call_literal(*thunk, args),
            Function::Method(receiver, name) => self.method(receiver.clone(), name, args, span),
        }
    }

    /// A member that is selected or called without arguments: `def f() = …` is called either way.
    pub(super) fn called_empty(&mut self, member: Value, span: Span) -> Value {
        let Value::Function(function) = &member else { return member };
        let Function::Def { thunk, given } = &**function else { return member };
        let script = self.files.get(thunk.file).copied();
        let params = script.and_then(|script| match script.expr(thunk.expr) {
            Expr::Def(_, params, _) => params.first(),
            _ => None,
        });
        let is_empty = given.is_empty() && params.is_some_and(Vec::is_empty);
        if is_empty { self.apply(member, Vec::new(), span) } else { member }
    }

    /// Calls a value with one argument: what `map` does.
    pub(super) fn call_with(&mut self, callee: &Value, arg: Value, span: Span) -> Value {
        self.apply(callee.clone(), vec![Argument { name: None, value: arg }], span)
    }

    fn call_def(&mut self, thunk: Thunk, given: &[Vec<Argument>], args: Vec<Argument>) -> Value {
        let Some(script) = self.files.get(thunk.file).copied() else { return Value::Unit };
        let Expr::Def(_, params, body) = script.expr(thunk.expr) else { return Value::Unit };
        let mut given = given.to_vec();
        given.push(args);
        // A last list of implicit parameters is never written.
        if given.len() < params.len() {
            return Value::Function(Rc::new(Function::Def { thunk, given }));
        }
        let env = self.frames.add(Some(thunk.env), None);
        for (list, args) in params.iter().zip(given) {
            self.bind(list, args, env, Thunk { env, ..thunk });
        }
        self.value(Thunk { expr: *body, env, ..thunk })
    }

    fn call_literal(&mut self, thunk: Thunk, args: Vec<Argument>) -> Value {
        let Some(script) = self.files.get(thunk.file).copied() else { return Value::Unit };
        match script.expr(thunk.expr) {
            Expr::Lambda(params, body) => {
                let env = self.frames.add(Some(thunk.env), None);
                let mut values: Vec<Value> = args.into_iter().map(|arg| arg.value).collect();
                if let ([Value::Tuple(parts)], true) = (values.as_slice(), params.len() > 1) {
                    values = parts.to_vec();
                }
                for (name, value) in params.iter().zip(values) {
                    self.frames.set(env, name, Slot::Value(value));
                }
                self.value(Thunk { expr: *body, env, ..thunk })
            }
            Expr::Cases(cases) => {
                let mut values: Vec<Value> = args.into_iter().map(|arg| arg.value).collect();
                let value = if values.len() == 1 { values.remove(0) } else { Value::Tuple(Rc::new(values)) };
                self.choose(&value, cases, thunk)
            }
            _ => Value::unknown("it is computed by code that is not followed"),
        }
    }

    /// Gives parameters their arguments, else their defaults.
    pub(super) fn bind(&mut self, params: &[Param], args: Vec<Argument>, env: Env, scope: Thunk) {
        let (named, placed): (Vec<Argument>, Vec<Argument>) = args.into_iter().partition(|arg| arg.name.is_some());
        let mut placed = placed.into_iter().map(|arg| arg.value);
        for param in params {
            let given = named.iter().find(|arg| arg.name.as_deref() == Some(&*param.name)).map(|arg| arg.value.clone());
            let value = match given {
                Some(value) => value,
                None if param.repeated => repeated(placed.by_ref().collect()),
                None => match (placed.next(), param.default) {
                    (Some(value), _) => value,
                    (None, Some(default)) => self.value(Thunk { expr: default, ..scope }),
                    (None, None) => Value::unknown(format!("the parameter `{}` is not given", param.name)),
                },
            };
            self.frames.set(env, &param.name, Slot::Value(value));
        }
    }

    /// Whether a value fits a pattern; what the pattern binds is then known in the frame.
    pub(super) fn fits(&mut self, pattern: &Pattern, value: &Value, thunk: Thunk) -> Option<bool> {
        match pattern {
            Pattern::Any | Pattern::Rest(None) => Some(true),
            Pattern::Bind(name) | Pattern::Rest(Some(name)) => {
                self.frames.set(thunk.env, name, Slot::Value(value.clone()));
                Some(true)
            }
            Pattern::Named(name, inner) => {
                self.frames.set(thunk.env, name, Slot::Value(value.clone()));
                self.fits(inner, value, thunk)
            }
            Pattern::Typed(inner) => match value {
                Value::Unknown(_) | Value::Key(_) => None,
                _ => self.fits(inner, value, thunk),
            },
            Pattern::Value(expr) => {
                let wanted = self.value(Thunk { expr: *expr, ..thunk });
                wanted.equals(value)
            }
            Pattern::Either(patterns) => {
                let mut all_known = true;
                for pattern in patterns {
                    match self.fits(pattern, value, thunk) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => all_known = false,
                    }
                }
                all_known.then_some(false)
            }
            Pattern::Tuple(parts) => match value {
                Value::Tuple(values) if values.len() == parts.len() => self.all_fit(parts, values, thunk),
                _ => None,
            },
            Pattern::Extract(name, parts) => self.extract(name, parts, value, thunk),
            Pattern::Unknown => None,
        }
    }

    fn all_fit(&mut self, parts: &[Pattern], values: &[Value], thunk: Thunk) -> Option<bool> {
        let mut known = true;
        for (pattern, value) in parts.iter().zip(values) {
            match self.fits(pattern, value, thunk) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        known.then_some(true)
    }

    fn extract(&mut self, name: &str, parts: &[Pattern], value: &Value, thunk: Thunk) -> Option<bool> {
        match (name, value, parts) {
            ("Some", Value::Some(inner), [only]) => self.fits(only, inner, thunk),
            ("Some", Value::Nothing | Value::Absent(_), _) => Some(false),
            ("PathList", Value::Text(path), _) => {
                let names = path.as_str().split('/').map(|name| Value::text(Traced::literal(name, path.span())));
                self.extract("Seq", parts, &Value::list(names.collect()), thunk)
            }
            ("::", Value::List(values), [first, rest]) => match values.split_first() {
                Some((head, tail)) => {
                    let tail = Value::list(tail.to_vec());
                    self.all_fit(&[first.clone(), rest.clone()], &[head.clone(), tail], thunk)
                }
                None => Some(false),
            },
            ("Seq" | "List" | "Array" | "Vector", Value::List(values), _) => match parts.split_last() {
                Some((rest @ Pattern::Rest(_), first)) if values.len() >= first.len() => {
                    let (head, tail) = values.split_at(first.len());
                    let tail = Value::list(tail.to_vec());
                    let fits = self.all_fit(first, head, thunk)?;
                    Some(fits && self.fits(rest, &tail, thunk)?)
                }
                _ if values.len() == parts.len() => self.all_fit(parts, values, thunk),
                _ => Some(false),
            },
            (_, Value::Text(text), _) => {
                let Some(Value::Pattern(pattern)) = self.lookup(name, thunk.env) else { return None };
                let Some(found) = pattern.captures(text.as_str()) else { return Some(false) };
                let group = |group: Option<regex::Match<'_>>| group.map_or(Value::Null, |g| Value::text(text.group(g)));
                let groups: Vec<Value> = found.iter().skip(1).map(group).collect();
                if groups.len() == parts.len() { self.all_fit(parts, &groups, thunk) } else { Some(false) }
            }
            _ => None,
        }
    }
}

/// What a parameter that takes several arguments gets: a list that is handed on, or the arguments.
fn repeated(mut values: Vec<Value>) -> Value {
    match values.as_slice() {
        [Value::List(_)] => values.remove(0),
        _ => Value::list(values),
    }
}
