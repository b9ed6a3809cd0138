//! What expressions of Python code stand for, over all files that import each other. Only what follows from the text counts: a name that
//! is bound to different things stands for nothing.

mod member;
mod name;

use super::kind::Kind;
use super::modules::Modules;
use super::syntax::{Arg, ClassId, ExprId, FunctionId, Node, ScopeId, Syntax};
use std::collections::HashMap;

/// How many names may lead to each other.
const MAX_DEPTH: usize = 48;

/// The longest path that is followed: calls of calls of calls.
const MAX_PATH: usize = 200;

/// A thing in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref {
    /// The file, by its number among those read.
    pub file: u32,
    /// The function or class in it.
    pub id: u32,
}

/// What an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Not told.
    Unknown,
    /// `None`, or something that stands for itself.
    Nothing,
    /// Something of a module that is not here: `os.system`; what a call gives has `()` behind it.
    Path(u32),
    /// A module that is here.
    Module(u32),
    /// A function that is here.
    Function(Ref),
    /// A class that is here.
    Class(Ref),
    /// An object of a class that is here.
    Instance(Ref),
    /// An object of Spark's.
    Spark(Kind),
    /// A method of such an object, with its name.
    Method(Kind, u32),
}

/// An expression of a file, or a name of a scope.
#[derive(Debug, Clone, Copy)]
enum Early {
    Expr(u32, ExprId),
    Name((u32, ScopeId, u32)),
}

/// What was found out about an expression or name.
#[derive(Debug, Clone, Copy)]
enum State {
    Open,
    Known(Type),
}

/// The files, and what is known of their expressions.
pub struct World<'s> {
    /// The files.
    pub files: &'s [Syntax],
    modules: Modules,
    /// Texts of paths and names.
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// What expressions are, by file.
    exprs: Vec<HashMap<ExprId, State>>,
    /// What names of scopes are.
    names: HashMap<(u32, ScopeId, u32), State>,
    results: HashMap<Ref, State>,
    members: HashMap<(Ref, u32), State>,
    depth: usize,
    /// How many names are being looked up, one for the other.
    open: usize,
    /// Something asked for itself since this was last unset.
    circled: bool,
    /// What was found out of something that asked for itself, and will be known better once that is known.
    early: Vec<Early>,
}

impl<'s> World<'s> {
    /// The world of some files, with their paths.
    pub fn new<'p>(files: &'s [Syntax], paths: impl Iterator<Item = &'p str>) -> Self {
        Self {
            files,
            modules: Modules::new(paths),
            texts: Vec::new(),
            numbers: HashMap::new(),
            exprs: vec![HashMap::new(); files.len()],
            names: HashMap::new(),
            results: HashMap::new(),
            members: HashMap::new(),
            depth: 0,
            open: 0,
            circled: false,
            early: Vec::new(),
        }
    }

    /// The text of a path.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn path(&mut self, text: &str) -> Type {
        if text.len() > MAX_PATH { Type::Unknown } else { Type::Path(self.number(text)) }
    }

    /// A file.
    pub fn file(&self, file: u32) -> Option<&'s Syntax> {
        self.files.get(file as usize)
    }

    /// A function.
    pub fn function(&self, of: Ref) -> Option<&'s super::syntax::Function> {
        self.file(of.file)?.functions.get(of.id as usize)
    }

    /// A class.
    pub fn class(&self, of: Ref) -> Option<&'s super::syntax::Class> {
        self.file(of.file)?.classes.get(of.id as usize)
    }

    /// What an expression stands for.
    pub fn eval(&mut self, file: u32, id: ExprId) -> Type {
        let known = |world: &Self, id: ExprId| world.exprs.get(file as usize).and_then(|known| known.get(&id)).copied();
        match known(self, id) {
            Some(State::Known(found)) => return found,
            Some(State::Open) => return self.circle(),
            None => {}
        }
        let Some(syntax) = self.file(file).filter(|_| self.depth < MAX_DEPTH) else { return Type::Unknown };
        self.depth += 1;
        // What it is made of comes first, so that long chains need no depth.
        let mut open = vec![id];
        while let Some(part) = open.last().copied() {
            let parts = match syntax.expr(part).map(|expr| expr.node) {
                Some(Node::Attr(of, _) | Node::Call(of, ..)) => [Some(of), None],
                Some(Node::Either(one, other)) => [Some(one), Some(other)],
                _ => [None, None],
            };
            let waiting = open.len();
            open.extend(parts.into_iter().flatten().filter(|part| known(self, *part).is_none()));
            if open.len() > waiting {
                continue;
            }
            open.pop();
            if known(self, part).is_none() {
                self.set(file, part, State::Open);
                let before = std::mem::replace(&mut self.circled, false);
                let found = self.compute(file, syntax, part);
                self.set(file, part, State::Known(found));
                if self.circled {
                    self.early.push(Early::Expr(file, part));
                }
                self.circled |= before;
            }
        }
        self.depth -= 1;
        match known(self, id) {
            Some(State::Known(found)) => found,
            _ => Type::Unknown,
        }
    }

    fn set(&mut self, file: u32, id: ExprId, state: State) {
        if let Some(known) = self.exprs.get_mut(file as usize) {
            known.insert(id, state);
        }
    }

    fn compute(&mut self, file: u32, syntax: &'s Syntax, id: ExprId) -> Type {
        let Some(expr) = syntax.expr(id) else { return Type::Unknown };
        match expr.node {
            Node::Name(sym) => self.name(file, expr.scope, syntax.text(sym)),
            Node::Attr(base, sym) => {
                let base = self.eval(file, base);
                self.attr(file, base, syntax.text(sym))
            }
            Node::Call(callee, from, count) => {
                let of = self.eval(file, callee);
                self.call(file, of, expr.scope, syntax.arguments(from, count))
            }
            Node::Lambda(function) => Type::Function(Ref { file, id: function }),
            Node::Either(one, other) => {
                let (one, other) = (self.eval(file, one), self.eval(file, other));
                joined(one, other)
            }
            Node::Nothing => Type::Nothing,
            Node::Text(_) | Node::Truth(_) | Node::Item(..) | Node::Other => Type::Unknown,
        }
    }

    /// Which of these plain decorators a function has.
    pub fn decorator<'n>(&self, of: Ref, names: &[&'n str]) -> Option<&'n str> {
        let syntax = self.file(of.file)?;
        self.function(of)?.decorators.iter().find_map(|id| match syntax.expr(*id)?.node {
            Node::Name(sym) | Node::Attr(_, sym) => names.iter().find(|name| **name == syntax.text(sym)).copied(),
            Node::Call(callee, ..) => match syntax.expr(callee)?.node {
                Node::Name(sym) | Node::Attr(_, sym) => names.iter().find(|name| **name == syntax.text(sym)).copied(),
                _ => None,
            },
            _ => None,
        })
    }

    /// An object of the type that is written down.
    fn annotated(&mut self, file: u32, scope: ScopeId, id: ExprId, depth: usize) -> Type {
        let Some(syntax) = self.file(file).filter(|_| depth < MAX_DEPTH) else { return Type::Unknown };
        let Some(expr) = syntax.expr(id) else { return Type::Unknown };
        match expr.node {
            Node::Nothing => Type::Nothing,
            Node::Either(one, other) => {
                let one = self.annotated(file, scope, one, depth + 1);
                let other = self.annotated(file, scope, other, depth + 1);
                joined(one, other)
            }
            Node::Item(of, which) => match self.eval(file, of) {
                Type::Path(path) if self.text(path).ends_with(".Optional") => {
                    self.annotated(file, scope, which, depth + 1)
                }
                _ => self.annotated(file, scope, of, depth + 1),
            },
            Node::Text(sym) => {
                let text = syntax.text(sym);
                let mut parts = text.split('[').next().unwrap_or_default().split('.').map(str::trim);
                let first = parts.next().unwrap_or_default();
                let mut found = self.name(file, scope, first);
                for part in parts.take(MAX_DEPTH) {
                    found = self.attr(file, found, part);
                }
                self.object(found)
            }
            _ => {
                let class = self.eval(file, id);
                self.object(class)
            }
        }
    }

    fn object(&mut self, class: Type) -> Type {
        match class {
            Type::Class(class) => Type::Instance(class),
            Type::Path(path) => {
                let text = format!("{}()", self.text(path));
                Kind::of_class(self.text(path)).map_or_else(|| self.path(&text), Type::Spark)
            }
            _ => Type::Unknown,
        }
    }

    /// What a call gives.
    fn call(&mut self, file: u32, of: Type, scope: ScopeId, args: &[Arg]) -> Type {
        match of {
            Type::Path(path) => {
                let text = self.text(path).to_owned();
                if let Some(kind) = Kind::made_by(&text) {
                    return Type::Spark(kind);
                }
                let first = args.first().map(|arg| arg.value);
                match (text.as_str(), first) {
                    // What they make calls what they are given.
                    (
                        "functools.partial" | "functools.wraps()" | "functools.lru_cache" | "functools.cache",
                        Some(first),
                    ) => self.eval(file, first),
                    ("builtins.super", _) => self.base_of(file, scope),
                    ("builtins.__import__" | "importlib.import_module", Some(first)) => {
                        match self.string(file, first) {
                            Some(module) => self.dotted(file, module),
                            None => Type::Unknown,
                        }
                    }
                    ("builtins.getattr", Some(first)) => {
                        let name = args.get(1).and_then(|arg| self.string(file, arg.value));
                        let of = self.eval(file, first);
                        name.map_or(Type::Unknown, |name| self.attr(file, of, name))
                    }
                    _ => self.path(&format!("{text}()")),
                }
            }
            Type::Class(class) => Type::Instance(class),
            Type::Function(function) => self.result(function),
            Type::Instance(class) => match self.class_member(class, "__call__") {
                Type::Function(function) => self.result(function),
                _ => Type::Unknown,
            },
            Type::Method(kind, name) => kind.result(self.text(name)).map_or(Type::Unknown, Type::Spark),
            Type::Nothing => Type::Nothing,
            Type::Unknown | Type::Module(_) | Type::Spark(_) => Type::Unknown,
        }
    }

    /// The text that an expression is.
    pub fn string(&self, file: u32, id: ExprId) -> Option<&'s str> {
        let syntax = self.file(file)?;
        match syntax.expr(id)?.node {
            Node::Text(sym) => Some(syntax.text(sym)),
            _ => None,
        }
    }

    /// What a function gives: what it says, else what all its returns agree on.
    pub fn result(&mut self, of: Ref) -> Type {
        match self.results.get(&of) {
            Some(State::Known(found)) => return *found,
            Some(State::Open) => return Type::Nothing,
            None => {}
        }
        let Some(function) = self.function(of).filter(|_| self.depth < MAX_DEPTH) else { return Type::Unknown };
        self.results.insert(of, State::Open);
        self.depth += 1;
        let mut found = function.result.map_or(Type::Unknown, |kind| {
            let scope = self.file(of.file).and_then(|syntax| syntax.expr(kind)).map_or(0, |expr| expr.scope);
            self.annotated(of.file, scope, kind, 0)
        });
        if found == Type::Unknown {
            found = Type::Nothing;
            for value in &function.returns {
                let one = self.eval(of.file, *value);
                found = joined(found, one);
            }
        }
        self.depth -= 1;
        self.results.insert(of, State::Known(found));
        found
    }

    /// The class above the one whose method a scope belongs to.
    fn base_of(&mut self, file: u32, scope: ScopeId) -> Type {
        let Some(syntax) = self.file(file) else { return Type::Unknown };
        let function = syntax.functions.get(syntax.function_of(scope) as usize);
        let class: Option<ClassId> = function.and_then(|function| function.class);
        let base = class.and_then(|class| syntax.classes.get(class as usize)).and_then(|class| class.bases.first());
        let base = base.map_or(Type::Unknown, |base| self.eval(file, *base));
        self.object(base)
    }

    /// The function that runs when something is called.
    pub fn called(&mut self, of: Type) -> Option<Ref> {
        match of {
            Type::Function(function) => Some(function),
            Type::Class(class) => self.method(class, "__init__"),
            Type::Instance(class) => self.method(class, "__call__"),
            _ => None,
        }
    }

    /// A method of a class.
    pub fn method(&mut self, class: Ref, name: &str) -> Option<Ref> {
        match self.class_member(class, name) {
            Type::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The function whose code an expression is part of.
    pub fn owner(&self, file: u32, id: ExprId) -> FunctionId {
        let syntax = self.file(file);
        syntax.and_then(|syntax| syntax.expr(id).map(|expr| syntax.function_of(expr.scope))).unwrap_or(0)
    }
}

/// What one or the other is: what both agree on, or the one that says something.
fn joined(one: Type, other: Type) -> Type {
    match (one, other) {
        (Type::Nothing, found) | (found, Type::Nothing) => found,
        (one, other) if one == other => one,
        _ => Type::Unknown,
    }
}
