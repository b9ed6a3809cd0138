//! What a Go file says, in a form that is small enough to keep for a whole module: expressions lie in one list and name each
//! other by number, names are numbers too. The text and the tokens are gone.

use crate::source::{FileId, Span};
use std::collections::HashMap;

/// A name, as a number of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub(super) u32);

/// An expression or a type, as a number of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExprId(pub(super) u32);

/// Some expressions of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct List {
    pub(super) at: u32,
    pub(super) len: u32,
}

/// An expression or a type: Go's grammar cannot always tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expr {
    /// What could not be read.
    Bad,
    Name(Name),
    Literal(Literal),
    /// `T{…}`; within another one the type may be left out.
    Composite {
        of: Option<ExprId>,
        elements: List,
    },
    /// A closure: its signature, and its body by number.
    Closure {
        signature: u32,
        body: u32,
    },
    Paren(ExprId),
    Selector {
        of: ExprId,
        name: Name,
    },
    /// `a[i]`, `F[int, string]`.
    Index {
        of: ExprId,
        by: List,
    },
    /// `a[i:j]`; what stands between the brackets is only looked at for what it names.
    Slice {
        of: ExprId,
        by: List,
    },
    /// `x.(T)`; `x.(type)` has no type.
    Assert {
        of: ExprId,
        to: Option<ExprId>,
    },
    Call {
        of: ExprId,
        arguments: List,
        spread: bool,
    },
    Star(ExprId),
    Unary(Unary, ExprId),
    Binary(Binary, ExprId, ExprId),
    /// `k: v` within a composite literal.
    Pair(ExprId, ExprId),
    /// `[n]T`, `[...]T` without a length that is known.
    Array {
        length: Option<ExprId>,
        of: ExprId,
    },
    SliceOf(ExprId),
    MapOf(ExprId, ExprId),
    ChanOf(ExprId),
    /// `...T` of a last parameter.
    Variadic(ExprId),
    /// `func(…) …`, by the signature's number.
    FuncOf(u32),
    /// `struct{…}`, by number.
    StructOf(u32),
    /// `interface{…}`, by number.
    InterfaceOf(u32),
    /// `~T`.
    Tilde(ExprId),
}

/// What kind of constant a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// By number among the file's texts, as the float below.
    Int(u32),
    Float(u32),
    Imaginary,
    Char,
    /// By number among the file's texts.
    Text(u32),
}

/// Operators before their operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    Address,
    Receive,
    Not,
    Other,
}

/// Operators between their operands, as far as the result's type depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    Compare,
    Logic,
    Shift,
    Or,
    Plus,
    Times,
    Other,
}

/// A parameter, result, field or receiver: its names (none where only a type stands) and its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub(super) names: Vec<(Name, u32)>,
    pub(super) of: ExprId,
    /// A field of a struct that only names a type: its members are the struct's own.
    pub(super) embedded: bool,
    /// A field's tag: a text.
    pub(super) tag: Option<ExprId>,
}

/// What a function takes and gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    pub(super) parameters: Vec<Field>,
    pub(super) results: Vec<Field>,
}

/// An interface's methods, and what it embeds or allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    pub(super) methods: Vec<(Name, u32)>,
    pub(super) embeds: Vec<ExprId>,
}

/// A function or method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FuncDecl {
    pub(super) name: Name,
    pub(super) name_at: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) receiver: Option<Field>,
    pub(super) type_parameters: Vec<Field>,
    pub(super) signature: u32,
    pub(super) body: Option<u32>,
}

/// A type's declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeDecl {
    pub(super) name: Name,
    pub(super) name_at: u32,
    pub(super) type_parameters: Vec<Field>,
    pub(super) alias: bool,
    pub(super) of: ExprId,
}

/// One line of a `var` or `const` declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueDecl {
    pub(super) names: Vec<(Name, u32)>,
    pub(super) of: Option<ExprId>,
    pub(super) values: List,
    pub(super) constant: bool,
    /// A line of a group of constants without a value repeats the one above it.
    pub(super) repeats: bool,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decl {
    Func(Box<FuncDecl>),
    Type(TypeDecl),
    Value(ValueDecl),
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stmt {
    Expr(ExprId),
    Send(ExprId, ExprId),
    /// `=`, `+=` and the like.
    Assign(List, List),
    Define(List, List),
    Go(ExprId),
    Defer(ExprId),
    Return(List, u32),
    Branch(Branch),
    Block(Vec<Stmt>),
    Decl(Vec<Decl>),
    Labeled(Box<Stmt>),
    If {
        before: Option<Box<Stmt>>,
        condition: Option<ExprId>,
        then: Vec<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    Switch {
        before: Option<Box<Stmt>>,
        of: Option<ExprId>,
        cases: Vec<Case>,
    },
    TypeSwitch {
        before: Option<Box<Stmt>>,
        bind: Option<(Name, u32)>,
        of: ExprId,
        cases: Vec<Case>,
    },
    Select(Vec<Comm>),
    For {
        before: Option<Box<Stmt>>,
        condition: Option<ExprId>,
        after: Option<Box<Stmt>>,
        body: Vec<Stmt>,
        start: u32,
    },
    Range {
        left: List,
        define: bool,
        over: ExprId,
        body: Vec<Stmt>,
        start: u32,
    },
}

/// Where a statement goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    Break,
    Continue,
    Fallthrough,
    /// `goto`, or a jump to a label.
    Label,
}

/// A case of a switch; `default` has no values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub(super) values: List,
    pub(super) body: Vec<Stmt>,
}

/// A case of a select; `default` has no statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comm {
    pub(super) on: Option<Stmt>,
    pub(super) body: Vec<Stmt>,
}

/// An import as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLine {
    pub(super) path: String,
    /// `_`, `.` or a name.
    pub(super) alias: Option<Name>,
    pub(super) span: Span,
}

/// A file.
#[derive(Debug, Clone)]
pub struct Syntax {
    pub(super) file: FileId,
    pub(super) package: Option<(Name, u32)>,
    pub(super) imports: Vec<ImportLine>,
    pub(super) decls: Vec<Decl>,
    pub(super) exprs: Vec<Expr>,
    pub(super) spans: Vec<(u32, u32)>,
    pub(super) lists: Vec<ExprId>,
    pub(super) signatures: Vec<Signature>,
    pub(super) structs: Vec<Vec<Field>>,
    pub(super) interfaces: Vec<Interface>,
    pub(super) bodies: Vec<Vec<Stmt>>,
    pub(super) texts: Vec<Box<str>>,
    pub(super) names: Names,
    /// `//go:build` and `// +build` lines, without the marks.
    pub(super) build_tags: Vec<String>,
    pub(super) generated: bool,
    /// `//go:linkname`, `//export`, … with their places.
    pub(super) pragmas: Vec<Pragma>,
    /// Functions with a `sparkproof:udf` comment above them, by the start of their declaration.
    pub(super) marks: Vec<(u32, Span)>,
}

/// A compiler directive above a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pragma {
    /// `export`, `go:linkname`, `go:wasmexport`.
    pub(super) verb: &'static str,
    pub(super) words: String,
    pub(super) span: Span,
    /// The start of the declaration below it.
    pub(super) above: Option<u32>,
}

/// The names of a file.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    pub(super) fn get(&self, name: Name) -> &str {
        let end = self.ends.get(name.0 as usize).copied().unwrap_or(0) as usize;
        let start = (name.0 as usize).checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|n| self.get(Name(n as u32)))
    }

    fn push(&mut self, text: &str) -> Name {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Name(self.ends.len() as u32 - 1)
    }
}

/// Makes names while a text is at hand.
#[derive(Debug, Default)]
pub(super) struct Naming<'t> {
    known: HashMap<&'t str, Name>,
    pub(super) names: Names,
}

impl<'t> Naming<'t> {
    pub(super) fn name(&mut self, text: &'t str) -> Name {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let name = self.names.push(text);
        self.known.insert(text, name);
        name
    }
}

impl Syntax {
    pub(super) fn expr(&self, id: ExprId) -> Expr {
        self.exprs.get(id.0 as usize).copied().unwrap_or(Expr::Bad)
    }

    pub(super) fn list(&self, list: List) -> &[ExprId] {
        self.lists.get(list.at as usize..(list.at + list.len) as usize).unwrap_or_default()
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        let (start, end) = self.spans.get(id.0 as usize).copied().unwrap_or_default();
        Span { file: self.file, start, end }
    }

    pub(super) fn name(&self, name: Name) -> &str {
        self.names.get(name)
    }

    pub(super) fn signature(&self, number: u32) -> &Signature {
        const NONE: &Signature = &Signature { parameters: Vec::new(), results: Vec::new() };
        self.signatures.get(number as usize).unwrap_or(NONE)
    }

    pub(super) fn body(&self, number: u32) -> &[Stmt] {
        self.bodies.get(number as usize).map_or(&[], Vec::as_slice)
    }

    /// What a literal text says, its quotes and escapes read where they are simple.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}

impl Syntax {
    /// The name in the package clause; empty where there is none.
    pub fn package_name(&self) -> &str {
        self.package.map_or("", |(name, _)| self.names.get(name))
    }
}
