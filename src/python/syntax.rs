//! What a Python file says about names, in a compact form: expressions in the order in which they end, scopes with what their
//! names are bound to, functions and classes.

use crate::source::{FileId, Span};
use std::collections::HashMap;

/// A name of the file, by number.
pub type Sym = u32;
/// An expression, by number.
pub type ExprId = u32;
/// A scope, by number; the first is the file's own.
pub type ScopeId = u32;
/// A function, by number; the first is the file itself.
pub type FunctionId = u32;
/// A class, by number.
pub type ClassId = u32;

/// A file.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// Which one.
    pub file: FileId,
    /// It is the export of a notebook.
    pub is_notebook: bool,
    /// The texts of names and short strings.
    pub names: Vec<Box<str>>,
    /// The numbers of names.
    pub numbers: HashMap<Box<str>, Sym>,
    /// All expressions; the parts of one come right before it.
    pub exprs: Vec<Expr>,
    /// The arguments of all calls.
    pub args: Vec<Arg>,
    /// All scopes.
    pub scopes: Vec<Scope>,
    /// All functions and lambdas.
    pub functions: Vec<Function>,
    /// All classes.
    pub classes: Vec<Class>,
    /// What is imported.
    pub imports: Vec<Import>,
    /// The imports of everything, by number.
    pub stars: Vec<u32>,
}

/// An expression.
#[derive(Debug, Clone, Copy)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The first of the expressions that it is made of.
    pub first: ExprId,
    /// The scope it stands in.
    pub scope: ScopeId,
    /// How it is used.
    pub usage: Use,
}

/// How an expression is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// As a value.
    Value,
    /// It is called.
    Callee,
    /// A name of it is used.
    Base,
    /// Its value is kept beyond the call: in a global name, an attribute, an item.
    Kept,
}

/// What an expression is.
#[derive(Debug, Clone, Copy)]
pub enum Node {
    /// A name.
    Name(Sym),
    /// A name of a value.
    Attr(ExprId, Sym),
    /// A call: what is called, and where its arguments stand.
    Call(ExprId, u32, u32),
    /// A lambda.
    Lambda(FunctionId),
    /// A short text.
    Text(Sym),
    /// `True` or `False`.
    Truth(bool),
    /// `None`.
    Nothing,
    /// One or the other.
    Either(ExprId, ExprId),
    /// An item: of what, and which.
    Item(ExprId, ExprId),
    /// Anything else.
    Other,
}

/// An argument.
#[derive(Debug, Clone, Copy)]
pub struct Arg {
    /// `key` of `key=value`.
    pub name: Option<Sym>,
    /// The value.
    pub value: ExprId,
}

/// A scope.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The scope around it.
    pub parent: Option<ScopeId>,
    /// The class whose body it is.
    pub class: Option<ClassId>,
    /// The function that its code belongs to.
    pub function: FunctionId,
    /// A comprehension has a scope, but is part of its function.
    pub is_comprehension: bool,
    /// What its names are bound to.
    pub names: HashMap<Sym, Vec<Binding>>,
    /// Names of an outer scope that are bound here.
    pub outer: HashMap<Sym, ScopeId>,
}

/// What a name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// An import, by number.
    Import(u32),
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// A value.
    Value(ExprId),
    /// Something of this type.
    Typed(ExprId),
    /// A parameter, by its place.
    Param(FunctionId, u32),
    /// Something that the text does not tell.
    Unknown,
}

/// An import of one name, or of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// How many dots stand before the module.
    pub level: usize,
    /// The module, dotted.
    pub module: String,
    /// The name in it; none for the module itself, and for all names.
    pub name: Option<String>,
}

/// A function or lambda; the first is the file itself.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name, qualified: `Scorer.apply`, `outer.inner`.
    pub name: String,
    /// The name's place, or the word `lambda`.
    pub span: Span,
    /// Its own scope.
    pub scope: ScopeId,
    /// The class it is a method of.
    pub class: Option<ClassId>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it returns.
    pub returns: Vec<ExprId>,
    /// The type that it says to return.
    pub result: Option<ExprId>,
    /// Its decorators.
    pub decorators: Vec<ExprId>,
    /// Its expressions: names, attributes, calls and lambdas.
    pub exprs: Vec<ExprId>,
    /// The comment above it that makes it a user-defined function.
    pub marked: Option<Span>,
    /// It has no name.
    pub is_lambda: bool,
}

impl Function {
    /// One of which nothing but its beginning is known.
    pub fn new(name: String, span: Span, scope: ScopeId, class: Option<ClassId>, is_lambda: bool) -> Self {
        Self {
            name,
            span,
            scope,
            class,
            params: Vec::new(),
            returns: Vec::new(),
            result: None,
            decorators: Vec::new(),
            exprs: Vec::new(),
            marked: None,
            is_lambda,
        }
    }
}

/// A parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: Sym,
    /// Its type.
    pub annotation: Option<ExprId>,
    /// Its default.
    pub default: Option<ExprId>,
    /// `*args` or `**kwargs`.
    pub is_rest: bool,
}

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Its body's scope.
    pub scope: ScopeId,
    /// The classes it extends.
    pub bases: Vec<ExprId>,
    /// Its decorators.
    pub decorators: Vec<ExprId>,
    /// The name's place.
    pub span: Span,
    /// What its methods bind to attributes of `self`.
    pub attributes: HashMap<Sym, Vec<ExprId>>,
}

impl Syntax {
    /// A file of which nothing is known yet.
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            is_notebook: false,
            names: Vec::new(),
            numbers: HashMap::new(),
            exprs: Vec::new(),
            args: Vec::new(),
            scopes: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            imports: Vec::new(),
            stars: Vec::new(),
        }
    }

    /// The text of a name.
    pub fn text(&self, sym: Sym) -> &str {
        self.names.get(sym as usize).map_or("", |name| name)
    }

    /// The number of a name that stands in the file.
    pub fn number(&self, text: &str) -> Option<Sym> {
        self.numbers.get(text).copied()
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> Option<&Expr> {
        self.exprs.get(id as usize)
    }

    /// The arguments of a call.
    pub fn arguments(&self, from: u32, count: u32) -> &[Arg] {
        self.args.get(from as usize..(from + count) as usize).unwrap_or_default()
    }

    /// The place of an expression; of an attribute or call, all of it.
    pub fn span(&self, id: ExprId) -> Span {
        let range = self.expr(id).map_or(0..0, |expr| expr.start as usize..expr.end as usize);
        Span::new(self.file, range)
    }

    /// The function whose code a scope belongs to.
    pub fn function_of(&self, scope: ScopeId) -> FunctionId {
        self.scopes.get(scope as usize).map_or(0, |scope| scope.function)
    }

    /// What a name is bound to in the nearest scope that binds it, and that scope.
    pub fn lookup(&self, scope: ScopeId, sym: Sym) -> Option<(ScopeId, &[Binding])> {
        let mut at = Some(scope);
        // Scopes lie in each other as deep as the text goes; each has a smaller number than those in it.
        while let Some(here) = at {
            let found = self.scopes.get(here as usize)?;
            if let Some(outer) = found.outer.get(&sym) {
                let bindings = self.scopes.get(*outer as usize)?.names.get(&sym)?;
                return Some((*outer, bindings));
            }
            // Names of a class are not seen from within its methods.
            let is_seen = found.class.is_none() || here == scope;
            if let Some(bindings) = found.names.get(&sym).filter(|_| is_seen) {
                return Some((here, bindings));
            }
            at = found.parent;
        }
        None
    }
}
