//! What a value is meant for: composite literals, their fields, and values that are handed on.

use super::{
    DeclId, Expr, ExprId, List, NOTHING, Operand, Place, Span, Sym, Type, TypeId, UNKNOWN, Unary, Usage, World,
};
use crate::go::types::NIL;
use crate::go::world::note::{self as notes, Target};
use crate::go::world::typing::note;

impl World<'_> {
    /// A value where a composite literal may leave its type out.
    pub(in crate::go::world) fn value_for(&mut self, place: &mut Place, id: ExprId, wanted: TypeId) -> Operand {
        let entry = place.entry.clone();
        let Expr::Composite { of: None, elements } = entry.syntax.expr(id) else { return self.expr(place, id) };
        self.elements(place, id, wanted, elements);
        Operand::value(wanted)
    }

    pub(super) fn elements(&mut self, place: &mut Place, literal: ExprId, of: TypeId, elements: List) {
        if place.notes.is_none() {
            return;
        }
        let entry = place.entry.clone();
        let mut core = self.core(of);
        let mut named = of;
        if let Type::Pointer(to) = self.types.get(core) {
            named = *to;
            core = self.core(named);
        }
        self.note_literal(place, literal, named);
        let list = entry.syntax.list(elements);
        match self.types.get(core).clone() {
            Type::Struct(members) => {
                let owner = self.field_owner(named);
                for (number, id) in list.iter().enumerate() {
                    let (member, value) = match entry.syntax.expr(*id) {
                        Expr::Pair(key, value) => {
                            let Expr::Name(name) = entry.syntax.expr(key) else { continue };
                            let word = entry.word(name);
                            self.note_field(place, owner, word, entry.syntax.span(key));
                            (members.iter().find(|m| m.name == word), value)
                        }
                        _ => (members.get(number), *id),
                    };
                    let operand = self.value_for(place, value, member.map_or(UNKNOWN, |m| m.of));
                    if owner.is_some_and(|owner| self.is_outside(owner)) {
                        self.hand(place, operand.of, entry.syntax.span(value));
                    }
                }
            }
            Type::Slice(of) | Type::Array(of) => {
                for id in list {
                    let mut value = *id;
                    if let Expr::Pair(key, of) = entry.syntax.expr(*id) {
                        self.expr(place, key);
                        value = of;
                    }
                    self.value_for(place, value, of);
                }
            }
            Type::Map(key_type, of) => {
                for id in list {
                    if let Expr::Pair(key, value) = entry.syntax.expr(*id) {
                        self.value_for(place, key, key_type);
                        self.value_for(place, value, of);
                    }
                }
            }
            _ => {
                for id in list {
                    match entry.syntax.expr(*id) {
                        Expr::Pair(key, value) => {
                            // A bare name may be a field of a type that is not known.
                            if !matches!(entry.syntax.expr(key), Expr::Name(_)) {
                                self.value_for(place, key, UNKNOWN);
                            }
                            self.value_for(place, value, UNKNOWN);
                        }
                        _ => {
                            self.value_for(place, *id, UNKNOWN);
                        }
                    }
                }
            }
        }
    }

    /// The named type whose struct a type has.
    pub(in crate::go::world) fn field_owner(&mut self, of: TypeId) -> Option<DeclId> {
        let mut at = of;
        let mut owner = None;
        for _ in 0..32 {
            let Type::Named(decl, _) = self.types.get(at).clone() else { return owner };
            owner = Some(decl);
            at = self.type_info(decl).of?;
        }
        owner
    }

    pub(super) fn note_field(&mut self, place: &mut Place, owner: Option<DeclId>, name: Sym, span: Span) {
        let Some(owner) = owner.filter(|owner| self.is_outside(*owner)) else { return };
        let path = format!("{}.{}", self.path_of(owner), self.words.get(name));
        let path = self.words.add(&path);
        note(place, Target::Outside(path), Usage::Value, span);
    }

    /// A literal of a type of another module is a place that rules look into.
    pub(super) fn note_literal(&mut self, place: &mut Place, expr: ExprId, of: TypeId) {
        let Type::Named(decl, _) = self.types.get(of).clone() else { return };
        if self.is_outside(decl) {
            let path = self.path_of(decl);
            let path = self.words.add(&path);
            if let Some(notes) = &mut place.notes {
                notes.sites.push(notes::Site { path, expr });
            }
        }
    }

    /// Notes that a value goes to code outside the repository, which may call all of its methods.
    pub(in crate::go::world) fn hand(&mut self, place: &mut Place, of: TypeId, span: Span) {
        if place.notes.is_none() {
            return;
        }
        let mut at = of;
        for _ in 0..8 {
            match self.types.get(at).clone() {
                Type::Pointer(to) | Type::Slice(to) | Type::Array(to) | Type::Map(_, to) | Type::Chan(to) => at = to,
                Type::Named(decl, _) if self.is_ours(decl) => {
                    let base = self.base(at);
                    if matches!(self.types.get(base), Type::Interface { .. }) {
                        for method in self.asked_methods(base).unwrap_or_default() {
                            note(place, Target::Dynamic(at, method), Usage::Value, span);
                        }
                    } else {
                        note(place, Target::Handed(decl), Usage::Value, span);
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    /// One type for each of `count` names, from as many values or from one value with several results.
    pub(in crate::go::world) fn values_of(
        &mut self,
        place: &mut Place,
        values: &[ExprId],
        count: usize,
    ) -> Vec<TypeId> {
        let mut types: Vec<TypeId> = match values {
            [only] if count > 1 => {
                let operand = self.expr(place, *only);
                match self.types.get(operand.of).clone() {
                    Type::Tuple(all) => all.into(),
                    _ if Self::may_fail(place, *only) => vec![operand.of, self.common.bool],
                    _ => Vec::new(),
                }
            }
            _ => values.iter().map(|value| self.expr(place, *value)).map(|operand| operand.of).collect(),
        };
        types.resize(count, UNKNOWN);
        types.iter().map(|of| if *of == NOTHING || *of == NIL { UNKNOWN } else { *of }).collect()
    }

    /// Whether an expression can say as a second value whether it worked.
    pub(super) fn may_fail(place: &Place, id: ExprId) -> bool {
        let mut at = id;
        loop {
            match place.entry.syntax.expr(at) {
                Expr::Paren(of) => at = of,
                Expr::Index { .. } | Expr::Assert { .. } | Expr::Unary(Unary::Receive, _) => return true,
                _ => return false,
            }
        }
    }
}
