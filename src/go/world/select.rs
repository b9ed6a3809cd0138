//! Fields and methods of a type, through embedding.

use super::{What, World};
use crate::go::types::{DeclId, Member, ParamId, Sym, Type, TypeId, UNKNOWN};

/// A field or method that a selector means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) struct Selection {
    pub(in crate::go) what: Selected,
    /// The field's type, the method's signature without its receiver.
    pub(in crate::go) of: TypeId,
}

/// What was selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::go) enum Selected {
    /// A field, and the named type whose struct has it.
    Field(Option<DeclId>),
    Method(DeclId),
    /// A method of an interface, and the named interface that declares it.
    Abstract {
        declared: Option<DeclId>,
        on: TypeId,
    },
}

/// How deep embedding is followed.
const MAX_LEVELS: usize = 12;

/// What a level of embedding has.
enum Found {
    Nothing,
    One(Selection),
    Unsure,
}

impl World<'_> {
    /// What `.name` of a value of this type is; nothing where that is not certain.
    pub(in crate::go) fn select(&mut self, of: TypeId, name: Sym) -> Option<Selection> {
        if of == UNKNOWN {
            return None;
        }
        if let Some(known) = self.selections.get(&(of, name)) {
            return *known;
        }
        let found = self.search(of, name);
        self.selections.insert((of, name), found);
        found
    }

    fn search(&mut self, of: TypeId, name: Sym) -> Option<Selection> {
        let mut level = vec![self.types.pointee(of)];
        let mut seen: Vec<TypeId> = Vec::new();
        for _ in 0..MAX_LEVELS {
            let mut next = Vec::new();
            let mut found = Found::Nothing;
            let mut opaque = false;
            for at in level {
                if seen.contains(&at) {
                    continue;
                }
                seen.push(at);
                if at == UNKNOWN {
                    opaque = true;
                    continue;
                }
                if let Some(selection) = self.own(at, name, &mut next, &mut opaque) {
                    found = match found {
                        Found::Nothing => Found::One(selection),
                        Found::One(other) if other == selection => Found::One(other),
                        _ => Found::Unsure,
                    };
                }
            }
            match found {
                Found::One(selection) => return Some(selection),
                Found::Unsure => return None,
                Found::Nothing if opaque => return None,
                Found::Nothing => level = next,
            }
            if level.is_empty() || seen.len() > 256 {
                return None;
            }
        }
        None
    }

    /// What a type itself has under a name; what it embeds goes to the next level.
    fn own(&mut self, at: TypeId, name: Sym, next: &mut Vec<TypeId>, opaque: &mut bool) -> Option<Selection> {
        if let Type::Named(decl, arguments) = self.types.get(at).clone()
            && let Some(method) = self.methods.get(&(decl, name)).copied()
        {
            let of = self.func(method).map_or(UNKNOWN, |info| info.of);
            let by = self.replacements(decl, &arguments);
            let of = self.types.replaced(of, &by);
            return Some(Selection { what: Selected::Method(method), of });
        }
        let base = self.base(at);
        let owner = self.field_owner(at);
        match self.types.get(base).clone() {
            Type::Struct(members) => Self::member_of(&members, name, owner, next, self),
            Type::Interface { .. } => {
                let found = self.abstract_method(base, owner, name, 8, opaque);
                found.map(|(declared, of)| Selection { what: Selected::Abstract { declared, on: at }, of })
            }
            Type::Param(param) => {
                let constraint = self.constraint(param);
                let bound = self.base(constraint);
                let owner = if let Type::Named(decl, _) = self.types.get(constraint) { Some(*decl) } else { None };
                let found = self.abstract_method(bound, owner, name, 8, opaque);
                if found.is_none() {
                    let core = self.core(at);
                    if core != at && core != UNKNOWN {
                        next.push(self.types.pointee(core));
                    }
                }
                found.map(|(declared, of)| Selection { what: Selected::Abstract { declared, on: constraint }, of })
            }
            Type::Unknown => {
                *opaque = true;
                None
            }
            _ => None,
        }
    }

    fn member_of(
        members: &[Member],
        name: Sym,
        owner: Option<DeclId>,
        next: &mut Vec<TypeId>,
        world: &Self,
    ) -> Option<Selection> {
        if let Some(member) = members.iter().find(|m| m.name == name) {
            return Some(Selection { what: Selected::Field(owner), of: member.of });
        }
        next.extend(members.iter().filter(|m| m.embedded).map(|m| world.types.pointee(m.of)));
        None
    }

    /// A method of an interface, and the named interface it was written in.
    fn abstract_method(
        &mut self,
        interface: TypeId,
        owner: Option<DeclId>,
        name: Sym,
        fuel: usize,
        opaque: &mut bool,
    ) -> Option<(Option<DeclId>, TypeId)> {
        let fuel = fuel.checked_sub(1)?;
        let (methods, embeds) = match self.types.get(interface).clone() {
            Type::Interface { methods, embeds } => (methods, embeds),
            Type::Unknown => {
                *opaque = true;
                return None;
            }
            _ => return None,
        };
        if let Some((_, of)) = methods.iter().find(|(own, _)| *own == name) {
            return Some((owner, *of));
        }
        for embedded in embeds {
            let owner = if let Type::Named(decl, _) = self.types.get(embedded) { Some(*decl) } else { None };
            let base = self.base(embedded);
            if let Some(found) = self.abstract_method(base, owner, name, fuel, opaque) {
                return Some(found);
            }
        }
        None
    }

    /// The names of all methods that an interface asks for; none where that is not certain.
    pub(in crate::go) fn asked_methods(&mut self, interface: TypeId) -> Option<Vec<Sym>> {
        let mut names = Vec::new();
        let mut open = vec![interface];
        let mut seen = Vec::new();
        while let Some(at) = open.pop() {
            if seen.contains(&at) || seen.len() > 64 {
                continue;
            }
            seen.push(at);
            let base = self.base(at);
            match self.types.get(base) {
                Type::Interface { methods, embeds } => {
                    names.extend(methods.iter().map(|(name, _)| *name));
                    open.extend(embeds.iter().copied());
                }
                Type::Unknown => return None,
                _ => {}
            }
        }
        Some(names)
    }

    /// The type with every name and alias taken away.
    pub(in crate::go) fn base(&mut self, of: TypeId) -> TypeId {
        let Type::Named(..) = self.types.get(of) else { return of };
        if let Some(known) = self.bases.get(&of) {
            return *known;
        }
        let mut at = of;
        for _ in 0..32 {
            let Type::Named(decl, arguments) = self.types.get(at).clone() else { break };
            let info = self.type_info(decl);
            let Some(made_of) = info.of else {
                at = UNKNOWN;
                break;
            };
            let by: Vec<(ParamId, TypeId)> = info.parameters.iter().copied().zip(arguments).collect();
            at = self.types.replaced(made_of, &by);
        }
        if matches!(self.types.get(at), Type::Named(..)) {
            at = UNKNOWN;
        }
        // While a type is being made, what it is made of is not known yet.
        if at != UNKNOWN {
            self.bases.insert(of, at);
        }
        at
    }

    /// What a type's parameters stand for.
    pub(in crate::go) fn replacements(&mut self, decl: DeclId, arguments: &[TypeId]) -> Vec<(ParamId, TypeId)> {
        if arguments.is_empty() {
            return Vec::new();
        }
        self.type_info(decl).parameters.iter().copied().zip(arguments.iter().copied()).collect()
    }

    pub(in crate::go) fn constraint(&self, param: ParamId) -> TypeId {
        self.constraints.get(param.0 as usize).copied().unwrap_or(UNKNOWN)
    }

    /// The type whose operations a value has: the one type that a parameter's constraint allows, else the type's base.
    pub(in crate::go) fn core(&mut self, of: TypeId) -> TypeId {
        let base = self.base(of);
        let Type::Param(param) = self.types.get(base) else { return base };
        let mut at = self.constraint(*param);
        for _ in 0..8 {
            at = self.base(at);
            match self.types.get(at).clone() {
                Type::Union(terms) => {
                    let mut bases: Vec<TypeId> = terms.iter().map(|term| self.base(*term)).collect();
                    bases.dedup();
                    return if let [only] = bases.as_slice() { *only } else { UNKNOWN };
                }
                Type::Interface { embeds, .. } => {
                    let mut terms = embeds.iter().copied().filter(|t| {
                        let named = matches!(self.types.get(*t), Type::Named(..));
                        named || !matches!(self.types.get(*t), Type::Interface { .. })
                    });
                    let Some(first) = terms.next() else { return UNKNOWN };
                    at = first;
                }
                Type::Param(_) => return UNKNOWN,
                _ => return at,
            }
        }
        UNKNOWN
    }

    /// The path of what was selected, if it belongs to no module of the repository.
    pub(in crate::go) fn outside_path(&self, selection: Selection, name: Sym) -> Option<String> {
        let member = |decl: DeclId| {
            let owner = self.decl(decl);
            let package = self.words.get(self.packages[owner.package.0 as usize].path);
            (package.to_owned(), self.words.get(owner.name).to_owned())
        };
        let name = self.words.get(name);
        match selection.what {
            Selected::Method(decl) => (!self.is_ours(decl)).then(|| self.path_of(decl)),
            Selected::Field(Some(owner)) if self.is_outside(owner) => {
                let (package, of) = member(owner);
                Some(format!("{package}.{of}.{name}"))
            }
            Selected::Abstract { declared: Some(owner), .. } if self.is_outside(owner) => {
                let (package, of) = member(owner);
                Some(format!("({package}.{of}).{name}"))
            }
            _ => None,
        }
    }

    /// Whether a name belongs to another module or the standard library.
    pub(in crate::go) fn is_outside(&self, decl: DeclId) -> bool {
        let owner = self.decl(decl);
        !self.is_ours(decl) && owner.package != self.universe && owner.what != What::LocalType
    }
}
