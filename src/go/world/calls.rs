//! Calls: results, and the type arguments of generic functions.

use super::World;
use super::exprs::{Mode, Operand};
use super::note::Site;
use super::scope::{Binding, Builtin, Place};
use crate::go::syntax::{Expr, ExprId, List};
use crate::go::types::{Basic, DeclId, NOTHING, ParamId, Type, TypeId, UNKNOWN};
use crate::source::Span;

/// How deep types are compared.
const MAX_DEPTH: usize = 24;

impl World<'_> {
    pub(super) fn closure(&mut self, place: &mut Place, signature: u32, body: u32) -> Operand {
        if place.notes.is_none() {
            return Operand::value(self.signature(place, signature));
        }
        let entry = place.entry.clone();
        let block = place.enter();
        let of = self.signature_with(place, signature, true);
        self.statements(place, entry.syntax.body(body));
        place.leave(block);
        Operand::value(of)
    }

    pub(super) fn call(
        &mut self,
        place: &mut Place,
        node: ExprId,
        function: Operand,
        arguments: List,
        spread: bool,
    ) -> Operand {
        if let (Some(path), Some(notes)) = (function.path, &mut place.notes) {
            notes.sites.push(Site { path, expr: node });
        }
        if place.notes.is_some() && self.is_remote(function.of) {
            place.notes.iter_mut().for_each(|notes| notes.remote.push(node));
        }
        match function.mode {
            Mode::Builtin(builtin) => self.builtin(place, builtin, arguments),
            Mode::Type => {
                let (types, spans) = self.arguments(place, arguments);
                let base = self.base(function.of);
                let outside = matches!(self.types.get(function.of), Type::Named(decl, _) if !self.is_ours(*decl));
                if outside && matches!(self.types.get(base), Type::Interface { .. }) {
                    self.hand_all(place, &types, &spans);
                }
                Operand::value(function.of)
            }
            Mode::Generic(decl) => {
                let (types, spans) = self.arguments(place, arguments);
                if function.path.is_some() {
                    self.hand_all(place, &types, &spans);
                }
                let of = self.inferred(decl, function.of, &types, spread);
                Operand::value(self.results(of))
            }
            Mode::Value | Mode::Package(_) => {
                if place.notes.is_some() {
                    let (types, spans) = self.arguments(place, arguments);
                    if function.path.is_some() {
                        self.hand_all(place, &types, &spans);
                    }
                }
                let core = self.core(function.of);
                Operand::value(self.results(core))
            }
        }
    }

    /// Whether a function is a method of a generated gRPC client that answers once: it takes options of calls, and gives a message.
    fn is_remote(&self, function: TypeId) -> bool {
        let Type::Func { parameters, variadic: true, results } = self.types.get(function) else { return false };
        let [message, _] = results.as_ref() else { return false };
        let Some(Type::Slice(last)) = parameters.last().map(|last| self.types.get(*last)) else { return false };
        let Type::Named(decl, _) = self.types.get(*last) else { return false };
        let decl = self.decl(*decl);
        let package = self.words.get(self.packages[decl.package.0 as usize].path);
        let is_option = self.words.get(decl.name) == "CallOption" && package == "google.golang.org/grpc";
        is_option && matches!(self.types.get(*message), Type::Pointer(_))
    }

    fn hand_all(&mut self, place: &mut Place, types: &[TypeId], spans: &[Span]) {
        for (of, span) in types.iter().zip(spans) {
            self.hand(place, *of, *span);
        }
    }

    /// The types of arguments; one call with several results stands for all of them.
    fn arguments(&mut self, place: &mut Place, list: List) -> (Vec<TypeId>, Vec<Span>) {
        let entry = place.entry.clone();
        let list = entry.syntax.list(list);
        let types: Vec<TypeId> = list.iter().map(|id| self.expr(place, *id).of).collect();
        let spans: Vec<Span> = list.iter().map(|id| entry.syntax.span(*id)).collect();
        if let ([only], [span]) = (types.as_slice(), spans.as_slice())
            && let Type::Tuple(all) = self.types.get(*only)
        {
            return (all.to_vec(), vec![*span; all.len()]);
        }
        (types, spans)
    }

    fn results(&mut self, of: TypeId) -> TypeId {
        let Type::Func { results, .. } = self.types.get(of).clone() else { return UNKNOWN };
        match results.as_ref() {
            [] => NOTHING,
            [only] => *only,
            _ => self.types.add(Type::Tuple(results)),
        }
    }

    fn builtin(&mut self, place: &mut Place, builtin: Builtin, arguments: List) -> Operand {
        let entry = place.entry.clone();
        let list = entry.syntax.list(arguments);
        let first = match (builtin, list.first()) {
            (Builtin::Make, Some(first)) => self.type_of(place, *first),
            (Builtin::New, Some(first)) => {
                // Since Go 1.26 `new` takes a value as well.
                let operand = self.expr(place, *first);
                let of = self.types.settled(operand.of);
                self.types.pointer(of)
            }
            (_, Some(first)) => self.expr(place, *first).of,
            (_, None) => UNKNOWN,
        };
        let mut others = Vec::new();
        for id in list.iter().skip(1) {
            others.push(self.expr(place, *id).of);
        }
        let of = match builtin {
            Builtin::Append | Builtin::Make | Builtin::New => first,
            Builtin::Int => self.common.int,
            Builtin::Recover => self.common.any,
            Builtin::Nothing => NOTHING,
            Builtin::Least => {
                let typed = std::iter::once(first).chain(others).find(|of| !self.types.is_untyped(*of));
                typed.unwrap_or(first)
            }
            Builtin::Float => {
                let core = self.core(first);
                let basic = match self.types.get(core) {
                    Type::Basic(Basic::Complex64) => Basic::Float32,
                    Type::Basic(Basic::Complex128) => Basic::Float64,
                    _ => return Operand::value(UNKNOWN),
                };
                self.types.basic(basic)
            }
            Builtin::Complex => {
                let core = self.core(first);
                let narrow = matches!(self.types.get(core), Type::Basic(Basic::Float32));
                self.types.basic(if narrow { Basic::Complex64 } else { Basic::Complex128 })
            }
        };
        Operand::value(of)
    }

    /// A generic function with some or all of its type arguments.
    pub(super) fn given(&mut self, function: Operand, decl: DeclId, arguments: &[TypeId]) -> Operand {
        let Some(info) = self.func(decl) else { return Operand::value(UNKNOWN) };
        let by: Vec<(ParamId, TypeId)> = info.parameters.iter().copied().zip(arguments.iter().copied()).collect();
        let of = self.types.replaced(function.of, &by);
        let mode = if arguments.len() < info.parameters.len() { Mode::Generic(decl) } else { Mode::Value };
        Operand { mode, of, path: function.path }
    }

    /// A generic function's type for these arguments.
    fn inferred(&mut self, decl: DeclId, of: TypeId, arguments: &[TypeId], spread: bool) -> TypeId {
        let Some(info) = self.func(decl) else { return UNKNOWN };
        let Type::Func { parameters, variadic, .. } = self.types.get(of).clone() else { return UNKNOWN };
        let mut by: Vec<(ParamId, TypeId)> = Vec::new();
        let mut untyped = Vec::new();
        for (number, argument) in arguments.iter().enumerate() {
            let mut wanted =
                parameters.get(number).or(parameters.last().filter(|_| variadic)).copied().unwrap_or(UNKNOWN);
            if variadic && !spread && number + 1 >= parameters.len() {
                wanted = if let Type::Slice(of) = self.types.get(wanted) { *of } else { UNKNOWN };
            }
            if self.types.is_untyped(*argument) {
                untyped.push((wanted, *argument));
            } else {
                self.unify(wanted, *argument, &info.parameters, &mut by, MAX_DEPTH);
            }
        }
        for (wanted, argument) in untyped {
            let settled = self.types.settled(argument);
            self.unify(wanted, settled, &info.parameters, &mut by, MAX_DEPTH);
        }
        self.fill_by_constraints(&info.parameters, &mut by);
        for param in info.parameters.iter() {
            if !by.iter().any(|(known, _)| known == param) {
                by.push((*param, UNKNOWN));
            }
        }
        self.types.replaced(of, &by)
    }

    /// What the constraints of known parameters say about the others: `S ~[]E`.
    fn fill_by_constraints(&mut self, parameters: &[ParamId], by: &mut Vec<(ParamId, TypeId)>) {
        for _ in 0..2 {
            for param in parameters {
                let own = self.types.add(Type::Param(*param));
                let core = self.core(own);
                if core == UNKNOWN || !self.types.is_open(core) {
                    continue;
                }
                if let Some(of) = by.iter().find(|(known, _)| known == param).map(|(_, of)| *of) {
                    let base = self.base(of);
                    self.unify(core, base, parameters, by, MAX_DEPTH);
                    continue;
                }
                let made = self.types.replaced(core, by);
                if !parameters.iter().any(|p| self.mentions(made, *p)) {
                    by.push((*param, made));
                }
            }
        }
    }

    fn mentions(&mut self, of: TypeId, param: ParamId) -> bool {
        self.types.is_open(of) && self.types.replaced(of, &[(param, UNKNOWN)]) != of
    }

    /// Finds what parameters stand for so that an argument fits.
    fn unify(&mut self, wanted: TypeId, given: TypeId, open: &[ParamId], by: &mut Vec<(ParamId, TypeId)>, fuel: usize) {
        let Some(fuel) = fuel.checked_sub(1) else { return };
        if !self.types.is_open(wanted) || given == UNKNOWN {
            return;
        }
        if let Type::Param(param) = *self.types.get(wanted) {
            let known = by.iter().any(|(known, _)| *known == param);
            if open.contains(&param) && !known && given != NOTHING {
                by.push((param, given));
            }
            return;
        }
        let wanted_type = self.types.get(wanted).clone();
        let mut given = given;
        if let (Type::Named(decl, wanted), Type::Named(other, arguments)) =
            (&wanted_type, self.types.get(given).clone())
            && *decl == other
        {
            for (a, b) in wanted.iter().zip(arguments) {
                self.unify(*a, b, open, by, fuel);
            }
            return;
        }
        let mut wanted_type = wanted_type;
        if let Type::Named(..) = wanted_type {
            let base = self.base(wanted);
            wanted_type = self.types.get(base).clone();
            if let Type::Interface { methods, .. } = &wanted_type {
                for (name, of) in methods {
                    if let Some(selection) = self.select(given, *name) {
                        self.unify(*of, selection.of, open, by, fuel);
                    }
                }
                return;
            }
        }
        if let Type::Named(..) = self.types.get(given) {
            given = self.base(given);
        }
        match (wanted_type, self.types.get(given).clone()) {
            (Type::Pointer(a), Type::Pointer(b))
            | (Type::Slice(a), Type::Slice(b))
            | (Type::Array(a), Type::Array(b))
            | (Type::Chan(a), Type::Chan(b)) => self.unify(a, b, open, by, fuel),
            (Type::Map(k, v), Type::Map(other_k, other_v)) => {
                self.unify(k, other_k, open, by, fuel);
                self.unify(v, other_v, open, by, fuel);
            }
            (Type::Func { parameters, results, .. }, Type::Func { parameters: other, results: other_results, .. }) => {
                for (a, b) in parameters.iter().zip(other).chain(results.iter().zip(other_results)) {
                    self.unify(*a, b, open, by, fuel);
                }
            }
            (Type::Struct(members), Type::Struct(others)) => {
                for (a, b) in members.iter().zip(others) {
                    self.unify(a.of, b.of, open, by, fuel);
                }
            }
            _ => {}
        }
    }

    /// A name that a function declares, with the type that variables get.
    pub(super) fn declare_value(&mut self, place: &mut Place, name: crate::go::syntax::Name, of: TypeId) {
        let word = place.entry.word(name);
        if word != self.common.blank {
            let of = self.types.settled(of);
            place.scope.declare(word, Binding::Value(of));
        }
    }

    /// The name that an expression is, if it is one.
    pub(super) fn bare_name(place: &Place, id: ExprId) -> Option<crate::go::syntax::Name> {
        match place.entry.syntax.expr(id) {
            Expr::Name(name) => Some(name),
            _ => None,
        }
    }
}
