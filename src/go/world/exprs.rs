//! Types of expressions, and what they refer to.

mod literal;

use super::note::Target;
use super::scope::{Binding, Builtin, Place};
use super::select::Selected;
use super::typing::note;
use super::{Imported, What, World};
use crate::go::Usage;
use crate::go::syntax::{Binary, Expr, ExprId, List, Literal, Name, Unary};
use crate::go::types::{Basic, DeclId, NOTHING, Sym, Type, TypeId, UNKNOWN};
use crate::source::Span;

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) enum Mode {
    Value,
    Type,
    Package(Imported),
    Builtin(Builtin),
    /// A generic function without its arguments.
    Generic(DeclId),
}

/// An expression's meaning.
#[derive(Debug, Clone, Copy)]
pub(in crate::go) struct Operand {
    pub(in crate::go) mode: Mode,
    pub(in crate::go) of: TypeId,
    /// The path of the name outside the repository that it is.
    pub(in crate::go) path: Option<Sym>,
}

impl Operand {
    pub(super) fn value(of: TypeId) -> Self {
        Self { mode: Mode::Value, of, path: None }
    }

    fn is_type(of: TypeId) -> Self {
        Self { mode: Mode::Type, of, path: None }
    }
}

impl World<'_> {
    /// Looks at an expression. Chains (`a.b().c()[i] + d`) are followed from their start without recursion.
    pub(super) fn expr(&mut self, place: &mut Place, id: ExprId) -> Operand {
        let entry = place.entry.clone();
        let bottom = place.spine.len();
        let mut at = id;
        loop {
            let next = match entry.syntax.expr(at) {
                Expr::Selector { of, .. }
                | Expr::Index { of, .. }
                | Expr::Slice { of, .. }
                | Expr::Assert { of, .. }
                | Expr::Call { of, .. }
                | Expr::Paren(of) => of,
                Expr::Binary(_, left, _) => left,
                _ => break,
            };
            place.spine.push(at);
            at = next;
        }
        let mut operand = self.leaf(place, at, usage_above(place, bottom));
        while place.spine.len() > bottom {
            let Some(node) = place.spine.pop() else { break };
            let usage = usage_above(place, bottom);
            operand = self.link(place, node, operand, usage);
        }
        operand
    }

    fn leaf(&mut self, place: &mut Place, id: ExprId, usage: Usage) -> Operand {
        let entry = place.entry.clone();
        match entry.syntax.expr(id) {
            Expr::Name(name) => self.name(place, id, name, usage),
            Expr::Literal(literal) => {
                let basic = match literal {
                    Literal::Int(_) => Basic::UntypedInt,
                    Literal::Float(_) => Basic::UntypedFloat,
                    Literal::Imaginary => Basic::UntypedComplex,
                    Literal::Char => Basic::UntypedRune,
                    Literal::Text(_) => Basic::UntypedString,
                };
                Operand::value(self.types.basic(basic))
            }
            Expr::Composite { of, elements } => {
                let of = of.map_or(UNKNOWN, |of| self.type_of(place, of));
                self.elements(place, id, of, elements);
                Operand::value(of)
            }
            Expr::Closure { signature, body } => self.closure(place, signature, body),
            Expr::Star(of) => {
                let operand = self.expr(place, of);
                if operand.mode == Mode::Type {
                    return Operand::is_type(self.types.pointer(operand.of));
                }
                let core = self.core(operand.of);
                let to = if let Type::Pointer(to) = self.types.get(core) { *to } else { UNKNOWN };
                Operand::value(to)
            }
            Expr::Unary(what, of) => {
                let operand = self.expr(place, of);
                Operand::value(self.unary(what, operand.of))
            }
            Expr::Pair(key, value) => {
                self.expr(place, key);
                self.expr(place, value)
            }
            Expr::Bad => Operand::value(UNKNOWN),
            _ => Operand::is_type(self.type_of(place, id)),
        }
    }

    fn unary(&mut self, what: Unary, of: TypeId) -> TypeId {
        match what {
            Unary::Address => self.types.pointer(of),
            Unary::Receive => {
                let core = self.core(of);
                if let Type::Chan(of) = self.types.get(core) { *of } else { UNKNOWN }
            }
            Unary::Not | Unary::Other => of,
        }
    }

    fn link(&mut self, place: &mut Place, node: ExprId, left: Operand, usage: Usage) -> Operand {
        let entry = place.entry.clone();
        match entry.syntax.expr(node) {
            Expr::Paren(_) => left,
            Expr::Selector { of, name } => self.selector(place, (node, of), left, entry.word(name), usage),
            Expr::Index { by, .. } => self.index(place, left, by),
            Expr::Slice { by, .. } => {
                self.each(place, by);
                let core = self.core(left.of);
                let of = match self.types.get(core).clone() {
                    Type::Array(of) => self.types.add(Type::Slice(of)),
                    Type::Pointer(to) => self.array_of(to).map_or(UNKNOWN, |of| self.types.add(Type::Slice(of))),
                    Type::Basic(_) => self.types.settled(left.of),
                    _ => left.of,
                };
                Operand::value(of)
            }
            Expr::Assert { to, .. } => Operand::value(to.map_or(UNKNOWN, |to| self.type_of(place, to))),
            Expr::Call { arguments, spread, .. } => self.call(place, node, left, arguments, spread),
            Expr::Binary(what, _, right) => {
                if left.mode == Mode::Type || what == Binary::Or && left.mode != Mode::Value {
                    let right = self.type_of(place, right);
                    return Operand::is_type(self.types.add(Type::Union([left.of, right].into())));
                }
                let right = self.expr(place, right);
                Operand::value(self.binary(what, left.of, right.of))
            }
            _ => Operand::value(UNKNOWN),
        }
    }

    /// What an array holds.
    fn array_of(&mut self, of: TypeId) -> Option<TypeId> {
        let base = self.base(of);
        if let Type::Array(of) = self.types.get(base) { Some(*of) } else { None }
    }

    fn binary(&mut self, what: Binary, left: TypeId, right: TypeId) -> TypeId {
        match what {
            Binary::Compare => self.common.untyped_bool,
            Binary::Shift => left,
            _ if self.types.is_untyped(left) => {
                // Of two untyped numbers the later kind counts.
                match (self.types.get(left), self.types.get(right)) {
                    (Type::Basic(a), Type::Basic(b)) if self.types.is_untyped(right) && a > b => left,
                    _ => right,
                }
            }
            _ if left == UNKNOWN && !self.types.is_untyped(right) => right,
            _ => left,
        }
    }

    /// Looks at expressions whose types do not matter.
    pub(super) fn each(&mut self, place: &mut Place, list: List) {
        if place.notes.is_some() {
            let entry = place.entry.clone();
            for id in entry.syntax.list(list) {
                self.expr(place, *id);
            }
        }
    }

    fn name(&mut self, place: &mut Place, id: ExprId, name: Name, usage: Usage) -> Operand {
        let word = place.entry.word(name);
        if word == self.common.blank {
            return Operand::value(UNKNOWN);
        }
        match self.lookup(place, word) {
            Some(Binding::Value(of)) => Operand::value(of),
            Some(Binding::Type(of)) => Operand::is_type(of),
            Some(Binding::Import(import)) => Operand { mode: Mode::Package(import), of: UNKNOWN, path: None },
            Some(Binding::Builtin(builtin)) => Operand { mode: Mode::Builtin(builtin), of: UNKNOWN, path: None },
            Some(Binding::Decl(decl)) => {
                let span = place.entry.syntax.span(id);
                let is_type = matches!(self.decl(decl).what, What::Type | What::LocalType);
                let path = self.note_decl(place, decl, if is_type { Usage::Type } else { usage }, span);
                self.declared_operand(decl, path)
            }
            None => Operand::value(UNKNOWN),
        }
    }

    fn declared_operand(&mut self, decl: DeclId, path: Option<Sym>) -> Operand {
        match self.decl(decl).what {
            What::Type | What::LocalType => Operand { mode: Mode::Type, of: self.named(decl), path },
            What::Var | What::Const => Operand { mode: Mode::Value, of: self.value(decl), path },
            What::Func | What::Method { .. } => {
                let Some(info) = self.func(decl) else { return Operand { mode: Mode::Value, of: UNKNOWN, path } };
                let mode = if info.parameters.is_empty() { Mode::Value } else { Mode::Generic(decl) };
                Operand { mode, of: info.of, path }
            }
        }
    }

    fn selector(
        &mut self,
        place: &mut Place,
        (node, operand): (ExprId, ExprId),
        left: Operand,
        name: Sym,
        usage: Usage,
    ) -> Operand {
        let whole = place.entry.syntax.span(node);
        match left.mode {
            Mode::Package(import) => match self.member(place, import, name, usage, whole) {
                (Some(decl), path) => self.declared_operand(decl, path),
                (None, path) => Operand { mode: Mode::Value, of: UNKNOWN, path },
            },
            Mode::Type | Mode::Value => {
                let length = self.words.get(name).len() as u32;
                let alone = matches!(place.entry.syntax.expr(operand), Expr::Name(_));
                let start = if alone { whole.start } else { whole.end.saturating_sub(length) };
                let span = Span { start, ..whole };
                self.selected(place, left, name, usage, span)
            }
            Mode::Builtin(_) | Mode::Generic(_) => Operand::value(UNKNOWN),
        }
    }

    fn selected(&mut self, place: &mut Place, left: Operand, name: Sym, usage: Usage, span: Span) -> Operand {
        let client =
            if usage == Usage::Call && place.notes.is_some() { self.client_method(left.of, name) } else { None };
        let Some(selection) = self.select(left.of, name) else {
            if let Some(text) = client {
                let word = self.words.add(&text);
                note(place, Target::Outside(word), usage, span);
            } else if usage == Usage::Call
                && let Some(notes) = &mut place.notes
            {
                notes.unknown += 1;
            }
            return Operand::value(UNKNOWN);
        };
        let mut path = None;
        if place.notes.is_some() {
            let declared = self.outside_path(selection, name);
            let is_field = matches!(selection.what, Selected::Field(_));
            // A method that the client's type has from another one.
            if let Some(text) =
                client.filter(|text| !is_field && declared.as_deref().is_some_and(|own| !same_method(own, text)))
            {
                let word = self.words.add(&text);
                note(place, Target::Outside(word), usage, span);
            }
            if let Some(text) = declared {
                let word = self.words.add(&text);
                note(place, Target::Outside(word), usage, span);
                path = Some(word);
            }
            match selection.what {
                Selected::Method(decl) if self.is_ours(decl) => note(place, Target::Ours(decl), usage, span),
                Selected::Abstract { on, .. } => note(place, Target::Dynamic(on, name), usage, span),
                _ => {}
            }
        }
        let mut of = selection.of;
        let is_method = !matches!(selection.what, Selected::Field(_));
        if left.mode == Mode::Type && is_method {
            of = self.with_receiver(left.of, of);
        }
        Operand { mode: Mode::Value, of, path }
    }

    /// The type of `T.Method`: the receiver is its first parameter.
    fn with_receiver(&mut self, receiver: TypeId, of: TypeId) -> TypeId {
        let Type::Func { parameters, variadic, results } = self.types.get(of).clone() else { return UNKNOWN };
        let parameters = std::iter::once(receiver).chain(parameters).collect();
        self.types.add(Type::Func { parameters, variadic, results })
    }

    fn index(&mut self, place: &mut Place, left: Operand, by: List) -> Operand {
        let entry = place.entry.clone();
        match left.mode {
            Mode::Type => {
                let arguments: Vec<TypeId> = entry.syntax.list(by).iter().map(|t| self.type_of(place, *t)).collect();
                let Type::Named(decl, _) = self.types.get(left.of).clone() else { return Operand::is_type(UNKNOWN) };
                Operand { of: self.instance(decl, arguments), ..left }
            }
            Mode::Generic(decl) => {
                let arguments: Vec<TypeId> = entry.syntax.list(by).iter().map(|t| self.type_of(place, *t)).collect();
                self.given(left, decl, &arguments)
            }
            _ => {
                self.each(place, by);
                let core = self.core(left.of);
                let of = match self.types.get(core).clone() {
                    Type::Slice(of) | Type::Array(of) | Type::Map(_, of) => of,
                    Type::Pointer(to) => self.array_of(to).unwrap_or(UNKNOWN),
                    Type::Basic(_) => self.common.byte,
                    _ => UNKNOWN,
                };
                Operand::value(of)
            }
        }
    }
}

/// Whether what was just looked at is called by what stands around it.
fn usage_above(place: &Place, bottom: usize) -> Usage {
    for node in place.spine.get(bottom..).unwrap_or_default().iter().rev() {
        match place.entry.syntax.expr(*node) {
            // `F[int](x)`, `(f)(x)`: what is called is the function.
            Expr::Index { .. } | Expr::Paren(_) => {}
            Expr::Call { .. } => return Usage::Call,
            _ => return Usage::Value,
        }
    }
    Usage::Value
}

/// Whether two paths name a method of one type, be it of the pointer or not.
fn same_method(one: &str, other: &str) -> bool {
    let plain = |path: &str| path.replacen("(*", "(", 1);
    plain(one) == plain(other)
}
