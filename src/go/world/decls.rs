//! What declarations say about their names; asked for when a name is met, and once.

use super::scope::{Binding, Place};
use super::{FuncInfo, TypeInfo, What, World};
use crate::go::syntax::{Expr, Field, List};
use crate::go::types::{DeclId, NIL, NOTHING, ParamId, Type, TypeId, UNKNOWN};
use std::rc::Rc;

impl World<'_> {
    /// A new type parameter for each of these names.
    pub(super) fn parameters(&mut self, place: &mut Place, fields: &[Field]) -> Rc<[ParamId]> {
        let names = place.entry.parameters_of(fields);
        let made: Rc<[ParamId]> = names
            .iter()
            .map(|name| {
                let id = ParamId(self.constraints.len() as u32);
                self.constraints.push(UNKNOWN);
                let of = self.types.add(Type::Param(id));
                place.scope.declare(*name, Binding::Type(of));
                id
            })
            .collect();
        // Constraints may name any of the parameters.
        let mut number = 0;
        for field in fields {
            let of = self.type_of(place, field.of);
            for _ in &field.names {
                if let Some(id) = made.get(number) {
                    self.constraints[id.0 as usize] = of;
                }
                number += 1;
            }
        }
        made
    }

    /// What is known of a named type.
    pub(in crate::go) fn type_info(&mut self, id: DeclId) -> TypeInfo {
        if let Some(known) = self.type_infos.get(&id) {
            return known.clone();
        }
        let decl = self.decl(id);
        let entry = self.files[decl.file as usize].clone();
        let Some(line) = Self::type_decl(&entry, decl).filter(|_| decl.what == What::Type) else {
            return TypeInfo::default();
        };
        self.type_infos.insert(id, TypeInfo { alias: line.alias, ..TypeInfo::default() });
        let mut place = Place::top(&entry);
        let parameters = self.parameters(&mut place, &line.type_parameters);
        self.type_infos.insert(id, TypeInfo { parameters: parameters.clone(), of: None, alias: line.alias });
        let of = self.type_of(&mut place, line.of);
        let info = TypeInfo { parameters, of: Some(of), alias: line.alias };
        self.type_infos.insert(id, info.clone());
        info
    }

    /// The type that a declared name is, without arguments.
    pub(super) fn named(&mut self, id: DeclId) -> TypeId {
        let info = self.type_info(id);
        if info.alias {
            return info.of.unwrap_or(UNKNOWN);
        }
        self.types.add(Type::Named(id, Box::default()))
    }

    /// A generic type with its arguments.
    pub(super) fn instance(&mut self, id: DeclId, arguments: Vec<TypeId>) -> TypeId {
        let info = self.type_info(id);
        if info.alias {
            let by: Vec<(ParamId, TypeId)> = info.parameters.iter().copied().zip(arguments).collect();
            return self.types.replaced(info.of.unwrap_or(UNKNOWN), &by);
        }
        self.types.add(Type::Named(id, arguments.into()))
    }

    /// What is known of a function or method; a method's type has no receiver.
    pub(in crate::go) fn func(&mut self, id: DeclId) -> Option<FuncInfo> {
        if let Some(known) = self.funcs.get(&id) {
            return known.clone();
        }
        self.funcs.insert(id, None);
        let decl = self.decl(id);
        let entry = self.files[decl.file as usize].clone();
        let func = Self::func_decl(&entry, decl)?;
        let mut place = Place::top(&entry);
        if let Some(receiver) = &func.receiver {
            self.receiver(&mut place, receiver);
        }
        let parameters = self.parameters(&mut place, &func.type_parameters);
        let of = self.signature(&mut place, func.signature);
        let info = FuncInfo { parameters, of };
        self.funcs.insert(id, Some(info.clone()));
        Some(info)
    }

    /// The type of a method's receiver; the names it gives to the type's parameters are declared.
    pub(super) fn receiver(&mut self, place: &mut Place, receiver: &Field) -> TypeId {
        let entry = place.entry.clone();
        let (mut at, mut pointer) = (receiver.of, false);
        let mut names = List::default();
        for _ in 0..8 {
            match entry.syntax.expr(at) {
                Expr::Star(of) => (at, pointer) = (of, true),
                Expr::Paren(of) => at = of,
                Expr::Index { of, by } => (at, names) = (of, by),
                _ => break,
            }
        }
        let Expr::Name(name) = entry.syntax.expr(at) else { return UNKNOWN };
        let Some(decl) = self.declared(entry.package, entry.word(name), Some(&entry)) else { return UNKNOWN };
        let info = self.type_info(decl);
        let mut arguments = Vec::new();
        for (name, param) in entry.syntax.list(names).iter().zip(info.parameters.iter()) {
            let of = self.types.add(Type::Param(*param));
            arguments.push(of);
            if let Expr::Name(name) = entry.syntax.expr(*name) {
                place.scope.declare(entry.word(name), Binding::Type(of));
            }
        }
        if let Some(notes) = &mut place.notes {
            let target = super::note::Target::Ours(decl);
            notes.list.push(super::note::Note {
                target,
                usage: crate::go::Usage::Receiver,
                span: entry.syntax.span(at),
            });
        }
        let of = self.instance(decl, arguments);
        if pointer { self.types.pointer(of) } else { of }
    }

    /// The type of a package's variable or constant.
    pub(in crate::go) fn value(&mut self, id: DeclId) -> TypeId {
        if let Some(known) = self.values.get(&id) {
            return known.unwrap_or(UNKNOWN);
        }
        self.values.insert(id, None);
        let decl = self.decl(id);
        let entry = self.files[decl.file as usize].clone();
        let Some(line) = Self::value_decl(&entry, decl) else { return UNKNOWN };
        let mut place = Place::top(&entry);
        let of = if let Some(of) = line.of {
            self.type_of(&mut place, of)
        } else {
            let values = entry.syntax.list(line.values);
            let types = self.values_of(&mut place, values, line.names.len().max(values.len()));
            types.get(decl.place as usize).copied().unwrap_or(UNKNOWN)
        };
        let of = if decl.what == What::Const || of == NIL { of } else { self.types.settled(of) };
        let of = if of == NOTHING { UNKNOWN } else { of };
        self.values.insert(id, Some(of));
        of
    }
}
