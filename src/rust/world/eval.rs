//! A routine's terms, one after the other: the names they refer to and the types they have.

use super::World;
use super::meaning::{Meaning, Space, Ty};
use super::method::Method;
use super::types::{Bound, Type, UNKNOWN};
use crate::rust::syntax::{Name, PathUse, Term, TermId, Written};
use crate::rust::{Edge, Reference, Target, Usage, known};
use crate::source::Span;

/// What a routine refers to and leads to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) references: Vec<Reference>,
    pub(super) edges: Vec<Edge>,
    pub(super) unknown_receivers: usize,
}

impl Found {
    fn refer(&mut self, path: &str, usage: Usage, span: Span) {
        self.references.push(Reference { path: path.to_owned(), usage, span });
    }

    fn lead_all(&mut self, methods: &[u32], span: Span) {
        self.edges.extend(methods.iter().map(|method| Edge { to: Target::Function(*method), span }));
    }

    fn lead(&mut self, to: Target, span: Span) {
        self.edges.push(Edge { to, span });
    }
}

impl World {
    pub(super) fn evaluate(&mut self, terms: &[Term], found: &mut Found) {
        let mut values: Vec<Ty> = Vec::with_capacity(terms.len());
        for term in terms {
            let value = self.term(term, &values, found);
            values.push(value);
        }
        found.references.sort_by_key(|r| (r.span.start, r.span.end));
        found.edges.sort_by_key(|e| (e.span.start, e.span.end));
        found.edges.dedup();
    }

    fn term(&mut self, term: &Term, values: &[Ty], found: &mut Found) -> Ty {
        let value = |at: &TermId| values.get(*at as usize).copied().unwrap_or(UNKNOWN);
        match term {
            Term::Unknown => UNKNOWN,
            Term::Syntax(name, span) => {
                found.refer(name, Usage::Syntax, *span);
                UNKNOWN
            }
            Term::Of(scope, written) => self.written(*scope, written, &Vec::new()),
            Term::Path(used) => self.path_value(used, found),
            Term::Named(used) => {
                self.named(used, found);
                UNKNOWN
            }
            Term::Literal(used) => self.literal(used, found),
            Term::Call { callee, first } => self.called(value(callee), value(first)),
            Term::Method { on, first, name, span } => self.method_value((value(on), value(first)), name, *span, found),
            Term::Field { of, name } => self.field(value(of), name),
            Term::Inside(of) => self.inside(value(of)),
            Term::Element(of) => self.element(value(of)),
            Term::Part(of, at) => match self.interned.get(value(of)) {
                Type::Tuple(parts) => parts.get(usize::from(*at)).copied().unwrap_or(UNKNOWN),
                _ => UNKNOWN,
            },
            Term::Taken { from, field } => self.taken(value(from), field),
            Term::Closure(body) => {
                let gives = value(body);
                self.interned.add(Type::Gives(gives))
            }
            Term::Tuple(parts) => {
                let parts = parts.iter().map(value).collect();
                self.interned.add(Type::Tuple(parts))
            }
            Term::List(of) => {
                let of = value(of);
                self.interned.add(Type::List(of))
            }
            Term::Either(of) => of.iter().map(value).find(|of| *of != UNKNOWN).unwrap_or(UNKNOWN),
            Term::Handed { on, name, at } => self.handed(value(on), name, *at),
        }
    }

    fn path_value(&mut self, used: &PathUse, found: &mut Found) -> Ty {
        let meaning = match &used.of {
            Some(of) => {
                let of = self.written(used.scope, of, &Vec::new());
                match used.path.segments.last() {
                    Some(name) => Meaning::Member(of, name.clone()),
                    None => Meaning::Unknown,
                }
            }
            None => self.meaning(used.scope, &used.path, Space::Value),
        };
        match meaning {
            Meaning::External(path) => {
                found.refer(&path, used.usage, used.span);
                self.outer_value(used, path)
            }
            Meaning::Function(number) => {
                self.lead_to(number, used.span, found);
                self.interned.add(Type::Function(number))
            }
            Meaning::Value(number, scope, of) => {
                found.lead(Target::Function(number), used.span);
                self.written(scope, &of, &Vec::new())
            }
            Meaning::Type(number) | Meaning::Variant(number, _) => {
                found.lead(Target::Made(number), used.span);
                let of = self.interned.add(Type::Own(number, [].into()));
                match used.usage {
                    Usage::Call => self.interned.add(Type::Constructor(number)),
                    _ => of,
                }
            }
            Meaning::Own(scope) => {
                let of = self.own_type(scope);
                match self.interned.own(of) {
                    Some(number) => {
                        found.lead(Target::Made(number), used.span);
                        if used.usage == Usage::Call { self.interned.add(Type::Gives(of)) } else { of }
                    }
                    None => UNKNOWN,
                }
            }
            Meaning::Member(of, name) => self.member_value(of, &name, used, found),
            Meaning::Wrap(word) => self.interned.add(Type::Wrap(word)),
            _ => UNKNOWN,
        }
    }

    /// A function of another crate, with the type that its path names.
    fn outer_value(&mut self, used: &PathUse, path: Name) -> Ty {
        if let Some((owner, "new" | "default" | "with_capacity" | "from")) = path.rsplit_once("::")
            && !used.arguments.is_empty()
        {
            let arguments: Vec<Ty> =
                used.arguments.iter().map(|of| self.written(used.scope, of, &Vec::new())).collect();
            let of = self.interned.external(owner, &arguments);
            return self.interned.add(Type::Gives(of));
        }
        self.interned.add(Type::Outer(path))
    }

    fn lead_to(&mut self, number: u32, span: Span, found: &mut Found) {
        found.lead(Target::Function(number), span);
        for twin in self.twins.get(&number).into_iter().flatten() {
            found.lead(Target::Function(*twin), span);
        }
    }

    /// What belongs to a type: `Type::new`, `Self::helper`, `Trait::method`.
    fn member_value(&mut self, of: Ty, name: &Name, used: &PathUse, found: &mut Found) -> Ty {
        if let Some(number) = self.interned.own(of) {
            found.lead(Target::Made(number), used.span);
        }
        match self.method_of_type(of, name) {
            Method::Own(methods, bound) => {
                found.lead_all(&methods, used.span);
                let Some(first) = methods.first() else { return UNKNOWN };
                let bound = self.with_own(*first, of, bound);
                let gives = self.gives(*first, &bound);
                self.interned.add(Type::Gives(gives))
            }
            Method::Choice(number, method) => {
                found.lead(Target::Choice(number), used.span);
                let gives = method.map_or(UNKNOWN, |method| self.gives(method, &Vec::new()));
                self.interned.add(Type::Gives(gives))
            }
            Method::External(path, _) => {
                let path: Name = format!("{path}::{name}").into();
                found.refer(&path, used.usage, used.span);
                match &**name {
                    "new" | "default" | "with_capacity" => self.interned.add(Type::Gives(of)),
                    _ => self.interned.add(Type::Outer(path)),
                }
            }
            // What is derived gives what it belongs to.
            Method::Nothing | Method::Unknown if matches!(&**name, "default" | "new") => {
                self.interned.add(Type::Gives(of))
            }
            Method::Nothing | Method::Unknown => UNKNOWN,
        }
    }

    /// Like a method on a value, but nothing points to anything.
    fn method_of_type(&mut self, of: Ty, name: &Name) -> Method {
        match self.own_method(of, name) {
            Method::Unknown => match self.interned.get(of) {
                Type::External(path, _) => Method::External(path.clone(), of),
                Type::Unknown => Method::Unknown,
                _ => Method::Nothing,
            },
            found => found,
        }
    }

    /// In a trait's own method, `Self` is the type it was found on.
    fn with_own(&self, method: u32, of: Ty, mut bound: Bound) -> Bound {
        if self.is_of_trait(method) {
            bound.push(("Self".into(), of));
        }
        bound
    }

    /// What a routine gives.
    fn gives(&mut self, number: u32, bound: &Bound) -> Ty {
        let Some(routine) = self.routines.get(number as usize) else { return UNKNOWN };
        let (scope, gives) = (routine.scope, routine.gives.clone());
        if gives == Written::Unknown { UNKNOWN } else { self.written(scope, &gives, bound) }
    }

    /// A macro or type that is named.
    fn named(&mut self, used: &PathUse, found: &mut Found) {
        if used.usage == Usage::Macro {
            match self.macro_meant(used) {
                Meaning::External(path) => found.refer(&path, used.usage, used.span),
                Meaning::Function(number) => found.lead(Target::Function(number), used.span),
                _ => {}
            }
            return;
        }
        match self.meaning(used.scope, &used.path, Space::Type) {
            Meaning::External(path) => found.refer(&path, used.usage, used.span),
            Meaning::Alias(_) | Meaning::Own(_) => {
                let of = self.written(used.scope, &Written::Path(used.path.clone(), [].into()), &Vec::new());
                if let Type::External(path, _) = self.interned.get(of) {
                    let path = path.clone();
                    found.refer(&path, used.usage, used.span);
                }
            }
            _ => {}
        }
    }

    /// What a macro's name means: one of the build, an imported one, or one that every file sees.
    fn macro_meant(&mut self, used: &PathUse) -> Meaning {
        let Some(last) = used.path.segments.last() else { return Meaning::Unknown };
        if let Some(number) = self.macro_of_build(used.scope, last) {
            return Meaning::Function(number);
        }
        if used.path.segments.len() > 1 {
            return self.meaning(used.scope, &used.path, Space::Value);
        }
        match self.meaning(used.scope, &used.path, Space::Type) {
            Meaning::External(path) => Meaning::External(path),
            Meaning::Unknown => {
                known::prelude_macro(last).map_or(Meaning::Unknown, |path| Meaning::External(path.into()))
            }
            _ => Meaning::Unknown,
        }
    }

    /// A struct literal or a pattern's path.
    fn literal(&mut self, used: &PathUse, found: &mut Found) -> Ty {
        let space = if used.usage == Usage::Value { Space::Value } else { Space::Type };
        let meaning = match self.meaning(used.scope, &used.path, space) {
            Meaning::Unknown | Meaning::Local if space == Space::Type => {
                self.meaning(used.scope, &used.path, Space::Value)
            }
            meaning => meaning,
        };
        match meaning {
            Meaning::External(path) => {
                found.refer(&path, used.usage, used.span);
                self.interned.external(&path, &[])
            }
            Meaning::Variant(number, name) => {
                found.lead(Target::Made(number), used.span);
                self.interned.add(Type::Variant(number, name))
            }
            meaning => {
                let of = self.type_meant(used.scope, &meaning, &[]);
                match self.interned.get(of).clone() {
                    Type::Own(number, _) => found.lead(Target::Made(number), used.span),
                    Type::External(path, _) => found.refer(&path, used.usage, used.span),
                    _ => {}
                }
                of
            }
        }
    }

    /// What a pattern takes out of a value of a variant or struct.
    fn taken(&mut self, from: Ty, field: &Name) -> Ty {
        match self.interned.get(from).clone() {
            Type::Variant(number, name) => {
                let item = self.types.get(number as usize);
                let fields = item.and_then(|item| item.variants.get(&name));
                let of = fields.and_then(|fields| fields.iter().find(|(known, _)| known == field));
                match of.map(|(_, of)| of.clone()) {
                    Some(of) => self.field_type(number, &of, &[]),
                    None => UNKNOWN,
                }
            }
            _ => self.field(from, field),
        }
    }

    /// What a call gives.
    fn called(&mut self, callee: Ty, first: Ty) -> Ty {
        match self.interned.get(callee).clone() {
            Type::Function(number) => self.gives(number, &Vec::new()),
            Type::Gives(of) => of,
            Type::Constructor(number) => self.interned.add(Type::Own(number, [].into())),
            Type::Wrap("Some") => self.interned.option(first),
            Type::Wrap("Ok") => self.interned.external("std::result::Result", &[first]),
            Type::Outer(path) => self.outer_gives(&path, first),
            _ => UNKNOWN,
        }
    }

    fn outer_gives(&mut self, path: &str, first: Ty) -> Ty {
        if let Some((owner, name)) = path.rsplit_once("::")
            && matches!(name, "new" | "from" | "pin" | "clone")
            && (known::wraps(owner) || name == "pin")
        {
            // `Arc::clone(&x)` gives what it was given.
            return if name == "clone" { first } else { self.interned.external(owner, &[first]) };
        }
        self.known_type(known::result(path).as_deref())
    }

    /// A type as the lists write it; `?` marks one inside a `Result`.
    pub(super) fn known_type(&mut self, of: Option<&str>) -> Ty {
        match of {
            Some(of) => match of.strip_prefix('?') {
                Some(inner) => {
                    let inner = self.interned.external(inner, &[]);
                    self.interned.external("std::result::Result", &[inner])
                }
                None => self.interned.external(of, &[]),
            },
            None => UNKNOWN,
        }
    }

    fn method_value(&mut self, (on, first): (Ty, Ty), name: &Name, span: Span, found: &mut Found) -> Ty {
        match self.method(on, name) {
            Method::Own(methods, bound) => {
                found.lead_all(&methods, span);
                let Some(method) = methods.first() else { return UNKNOWN };
                let bound = self.with_own(*method, on, bound);
                self.gives(*method, &bound)
            }
            Method::Choice(number, method) => {
                found.lead(Target::Choice(number), span);
                method.map_or(UNKNOWN, |method| self.gives(method, &Vec::new()))
            }
            Method::External(path, of) => {
                let full = known::method(&path, name).filter(|_| path.contains("::"));
                if let Some(full) = full {
                    found.refer(&full, Usage::Call, span);
                    let gives = self.known_type(known::result(&full).filter(|_| &**name != "new").as_deref());
                    if gives != UNKNOWN {
                        return gives;
                    }
                }
                self.outer_method(of, name, first)
            }
            Method::Nothing => self.method_of_any(on, name),
            Method::Unknown => {
                found.unknown_receivers += 1;
                UNKNOWN
            }
        }
    }

    /// What methods that every type may have give.
    fn method_of_any(&mut self, on: Ty, name: &Name) -> Ty {
        match (&**name, self.interned.get(on).clone()) {
            ("clone" | "to_owned" | "borrow" | "borrow_mut" | "as_ref" | "as_mut" | "by_ref" | "into_iter", _) => on,
            (_, Type::List(_)) => self.outer_method(on, name, UNKNOWN),
            _ => UNKNOWN,
        }
    }
}
