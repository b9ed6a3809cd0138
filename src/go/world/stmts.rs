//! Statements: blocks, and what they declare.

use super::scope::{Binding, Place};
use super::{Decl, TypeInfo, What, World};
use crate::go::syntax::{Case, Decl as Line, ExprId, List, Stmt, TypeDecl, ValueDecl};
use crate::go::types::{Basic, DeclId, NIL, NOTHING, Type, TypeId, UNKNOWN};
use std::rc::Rc;

impl World<'_> {
    pub(super) fn statements(&mut self, place: &mut Place, list: &[Stmt]) {
        for statement in list {
            self.statement(place, statement);
        }
    }

    fn block(&mut self, place: &mut Place, list: &[Stmt]) {
        let block = place.enter();
        self.statements(place, list);
        place.leave(block);
    }

    fn before(&mut self, place: &mut Place, before: Option<&Stmt>) {
        if let Some(before) = before {
            self.statement(place, before);
        }
    }

    fn asked(&mut self, place: &mut Place, asked: Option<ExprId>) {
        if let Some(asked) = asked {
            self.expr(place, asked);
        }
    }

    fn statement(&mut self, place: &mut Place, statement: &Stmt) {
        let entry = place.entry.clone();
        match statement {
            Stmt::Expr(expr) | Stmt::Go(expr) | Stmt::Defer(expr) => {
                self.expr(place, *expr);
            }
            Stmt::Send(to, value) => {
                self.expr(place, *to);
                self.expr(place, *value);
            }
            Stmt::Assign(left, right) => self.assign(place, *left, *right),
            Stmt::Define(left, right) => self.define(place, *left, *right),
            Stmt::Return(values, _) => {
                for value in entry.syntax.list(*values) {
                    self.expr(place, *value);
                }
            }
            Stmt::Branch(_) => {}
            Stmt::Block(list) => self.block(place, list),
            Stmt::Decl(lines) => self.local(place, lines),
            Stmt::Labeled(inner) => self.statement(place, inner),
            Stmt::If { before, condition, then, otherwise } => {
                let block = place.enter();
                self.before(place, before.as_deref());
                self.asked(place, *condition);
                self.block(place, then);
                self.before(place, otherwise.as_deref());
                place.leave(block);
            }
            Stmt::Switch { before, of, cases } => {
                let block = place.enter();
                self.before(place, before.as_deref());
                self.asked(place, *of);
                for case in cases {
                    for value in entry.syntax.list(case.values) {
                        self.expr(place, *value);
                    }
                    self.block(place, &case.body);
                }
                place.leave(block);
            }
            Stmt::TypeSwitch { before, bind, of, cases } => {
                let block = place.enter();
                self.before(place, before.as_deref());
                let of = self.expr(place, *of).of;
                for case in cases {
                    self.type_case(place, case, bind.map(|(name, _)| name), of);
                }
                place.leave(block);
            }
            Stmt::Select(cases) => {
                for case in cases {
                    let block = place.enter();
                    self.before(place, case.on.as_ref());
                    self.statements(place, &case.body);
                    place.leave(block);
                }
            }
            Stmt::For { before, condition, after, body, .. } => {
                let block = place.enter();
                self.before(place, before.as_deref());
                self.asked(place, *condition);
                self.before(place, after.as_deref());
                self.block(place, body);
                place.leave(block);
            }
            Stmt::Range { left, define, over, body, .. } => {
                let over = self.expr(place, *over).of;
                let block = place.enter();
                let types = self.ranged(over);
                for (number, id) in entry.syntax.list(*left).iter().enumerate() {
                    match Self::bare_name(place, *id).filter(|_| *define) {
                        Some(name) => {
                            let of = types.get(number).copied().unwrap_or(UNKNOWN);
                            self.declare_value(place, name, of);
                        }
                        None => {
                            self.expr(place, *id);
                        }
                    }
                }
                self.block(place, body);
                place.leave(block);
            }
        }
    }

    fn type_case(&mut self, place: &mut Place, case: &Case, bind: Option<crate::go::syntax::Name>, of: TypeId) {
        let entry = place.entry.clone();
        let values = entry.syntax.list(case.values);
        let types: Vec<TypeId> = values.iter().map(|value| self.type_of(place, *value)).collect();
        let block = place.enter();
        if let Some(name) = bind {
            let of = match types.as_slice() {
                [only] if *only != NIL => *only,
                _ => of,
            };
            place.scope.declare(entry.word(name), Binding::Value(of));
        }
        self.statements(place, &case.body);
        place.leave(block);
    }

    fn assign(&mut self, place: &mut Place, left: List, right: List) {
        let entry = place.entry.clone();
        let (left, right) = (entry.syntax.list(left), entry.syntax.list(right));
        let targets: Vec<_> = left.iter().map(|id| self.expr(place, *id)).collect();
        if targets.len() == right.len() {
            for (target, value) in targets.iter().zip(right) {
                let operand = self.value_for(place, *value, target.of);
                if target.path.is_some() {
                    self.hand(place, operand.of, entry.syntax.span(*value));
                }
            }
        } else {
            for value in right {
                self.expr(place, *value);
            }
        }
    }

    fn define(&mut self, place: &mut Place, left: List, right: List) {
        let entry = place.entry.clone();
        let (left, right) = (entry.syntax.list(left), entry.syntax.list(right));
        let types = self.values_of(place, right, left.len());
        for (id, of) in left.iter().zip(types) {
            match Self::bare_name(place, *id) {
                Some(name) if place.scope.declares(entry.word(name), place.block) => {}
                Some(name) => self.declare_value(place, name, of),
                None => {
                    self.expr(place, *id);
                }
            }
        }
    }

    /// The types that `range` gives.
    fn ranged(&mut self, over: TypeId) -> Vec<TypeId> {
        let core = self.core(over);
        match self.types.get(core).clone() {
            Type::Slice(of) | Type::Array(of) => vec![self.common.int, of],
            Type::Pointer(to) => {
                let base = self.base(to);
                if let Type::Array(of) = self.types.get(base) { vec![self.common.int, *of] } else { Vec::new() }
            }
            Type::Map(key, value) => vec![key, value],
            Type::Chan(of) => vec![of],
            Type::Basic(Basic::String | Basic::UntypedString) => vec![self.common.int, self.common.rune],
            Type::Basic(_) => vec![self.types.settled(over)],
            Type::Func { parameters, .. } => {
                let Some(first) = parameters.first() else { return Vec::new() };
                let yields = self.core(*first);
                match self.types.get(yields) {
                    Type::Func { parameters, .. } => parameters.to_vec(),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn local(&mut self, place: &mut Place, lines: &[Line]) {
        let mut group: Option<&ValueDecl> = None;
        for line in lines {
            match line {
                Line::Type(of) => self.local_type(place, of),
                Line::Value(value) => {
                    let speaks = group.filter(|_| value.repeats).unwrap_or(value);
                    self.local_values(place, value, speaks);
                    group = Some(speaks);
                }
                Line::Func(_) => {}
            }
        }
    }

    fn local_values(&mut self, place: &mut Place, value: &ValueDecl, speaks: &ValueDecl) {
        let entry = place.entry.clone();
        let values = entry.syntax.list(speaks.values);
        // What a line repeats was noted at the line it repeats.
        let notes = if value.repeats { place.notes.take() } else { None };
        let stated = speaks.of.map(|of| self.type_of(place, of));
        let count = value.names.len();
        let types = if let (Some(of), [only]) = (stated, values) {
            self.value_for(place, *only, of);
            vec![of; count]
        } else {
            let types = self.values_of(place, values, count.max(values.len()));
            stated.map_or(types, |of| vec![of; count])
        };
        if notes.is_some() {
            place.notes = notes;
        }
        for ((name, _), of) in value.names.iter().zip(types) {
            let word = entry.word(*name);
            if word == self.common.blank {
                continue;
            }
            let of = if value.constant { of } else { self.types.settled(of) };
            let of = if of == NOTHING { UNKNOWN } else { of };
            place.scope.declare(word, Binding::Value(of));
        }
    }

    fn local_type(&mut self, place: &mut Place, line: &TypeDecl) {
        let name = place.entry.word(line.name);
        if line.alias {
            let of = self.type_of(place, line.of);
            place.scope.declare(name, Binding::Type(of));
            return;
        }
        let id = DeclId(self.decls.len() as u32);
        self.decls.push(Decl {
            what: What::LocalType,
            package: place.entry.package,
            file: place.entry.number,
            name,
            name_at: line.name_at,
            line: 0,
            place: 0,
        });
        self.type_infos.insert(id, TypeInfo::default());
        let named = self.types.add(Type::Named(id, Box::default()));
        place.scope.declare(name, Binding::Type(named));
        let of = self.type_of(place, line.of);
        self.type_infos.insert(id, TypeInfo { parameters: Rc::default(), of: Some(of), alias: false });
        // What was asked of it while it was made is asked again.
        self.bases.remove(&named);
    }
}
