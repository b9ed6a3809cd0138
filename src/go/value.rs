//! What is known of the values at the places that rules look into.

mod constant;
mod held;
pub(super) mod pooled;
mod sentinel;

use super::endless::endless;
use super::flow::{Flow, Role};
use super::site::{Argument, Deed, Fate, Made, Site, Value};
use super::syntax::{Binary, Expr, ExprId, List, Literal, Unary};
use super::trouble::{Trouble, TroubleKind};
use super::types::{DeclId, Sym};
use super::world::look::Looked;
use super::world::note::Target;
use super::world::{Entry, What, World};
use crate::source::Span;
use constant::{constant, joined, made, unit_of_time, written};
use pooled::Putters;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many steps from a name to a value are taken.
const MAX_STEPS: usize = 12;

/// More arguments than a rule asks for.
const MAX_ARGUMENTS: usize = 64;

/// What stands in a declaration.
#[derive(Debug, Default)]
pub(super) struct Inside {
    /// The sites whose packages are asked for.
    pub(super) sites: Vec<Site>,
    pub(super) troubles: Vec<Trouble>,
    /// Goroutines that begin with a function of the repository.
    pub(super) starts: Vec<(Span, DeclId)>,
}

/// Looks into a declaration.
pub(super) fn inside(
    world: &World<'_>,
    entry: &Entry,
    one: &Looked,
    putters: &Putters,
    is_asked: &dyn Fn(&str) -> bool,
) -> Inside {
    let Some(line) = entry.syntax.decls.get(one.line) else { return Inside::default() };
    let reader = Reader::new(world, entry, one, Flow::of(&entry.syntax, line));
    let mut inside = Inside { sites: reader.sites(is_asked), ..Inside::default() };
    reader.sentinels(&mut inside.troubles);
    reader.held(&mut inside.troubles);
    reader.pooled(putters, &mut inside.troubles);
    reader.started(&mut inside);
    inside
}

struct Reader<'w, 'l> {
    world: &'w World<'l>,
    entry: &'w Entry,
    flow: Flow<'w>,
    /// What names mean, by where they end.
    names: HashMap<u32, Target>,
    /// What is called or made, by its expression.
    made: HashMap<ExprId, Sym>,
    remote: Vec<ExprId>,
    /// The function's body, by number.
    body: Option<u32>,
}

impl<'w, 'l> Reader<'w, 'l> {
    fn new(world: &'w World<'l>, entry: &'w Entry, one: &Looked, flow: Flow<'w>) -> Self {
        let names = one.notes.list.iter().filter(|n| !matches!(n.target, Target::Handed(_)));
        let mut by_end: HashMap<u32, Target> = HashMap::new();
        for note in names {
            by_end.entry(note.span.end).or_insert(note.target);
        }
        let made = one.notes.sites.iter().map(|site| (site.expr, site.path)).collect();
        let remote = one.notes.remote.clone();
        let body = World::func_decl_of(entry, one.line).and_then(|func| func.body);
        Self { world, entry, flow, names: by_end, made, remote, body }
    }

    /// Goroutines: closures that never end, and functions that may be such.
    fn started(&self, inside: &mut Inside) {
        for call in &self.flow.starts {
            let Expr::Call { of, .. } = self.entry.syntax.expr(*call) else { continue };
            let span = self.entry.syntax.span(of);
            if let Expr::Closure { body, .. } = self.entry.syntax.expr(of) {
                let Some(start) = endless(&self.entry.syntax, self.entry.syntax.body(body)) else { continue };
                let keyword = |start: u32, word: &str| Span { start, end: start + word.len() as u32, ..span };
                let kind = TroubleKind::Endless(keyword(start, "for"));
                inside.troubles.push(Trouble { span: keyword(span.start, "func"), kind });
            } else if let Some(Target::Ours(decl)) = self.names.get(&span.end) {
                inside.starts.push((self.name_of(of), *decl));
            }
        }
    }

    fn sites(&self, is_asked: &dyn Fn(&str) -> bool) -> Vec<Site> {
        let mut sites = self.remote_calls();
        sites.extend(self.connect_clients());
        for (number, node) in self.flow.nodes.iter().enumerate() {
            let id = node.expr;
            let expr = self.entry.syntax.expr(id);
            let sets = node.role == Role::Target && node.parent.is_none();
            let shared = |sym| self.world.words.shared(sym);
            let path = match expr {
                Expr::Selector { .. } if sets => self.outside(id).map(shared).or_else(|| self.nested(id)),
                Expr::Call { .. } => self.made.get(&id).copied().map(shared),
                Expr::Composite { of, .. } => self.composed(id, of).map(shared),
                _ => None,
            };
            let Some(path) = path.filter(|path| is_asked(path)) else { continue };
            let whole = self.entry.syntax.span(id);
            let site = |deed, name: Span, on, arguments| {
                let (fate, around) = (self.fate(number), node.around);
                Site { path: path.clone(), deed, span: name, whole, on, arguments, fate, around }
            };
            sites.push(match expr {
                Expr::Call { of, arguments, .. } => {
                    let on = self.receiver(of, &path).or_else(|| self.bound(number));
                    site(Deed::Call, self.name_of(of), on, self.arguments(arguments, 0))
                }
                Expr::Composite { of, elements } => {
                    let name = of.map_or(Span { end: whole.start + 1, ..whole }, |of| self.entry.syntax.span(of));
                    site(Deed::Literal, name, self.bound(number), self.arguments(elements, 0))
                }
                Expr::Selector { of, .. } => {
                    site(Deed::Set, self.name_of(id), self.flow.dotted(of), self.set(id).into_iter().collect())
                }
                _ => continue,
            });
        }
        sites
    }

    /// Calls of remote methods, under one path.
    fn remote_calls(&self) -> Vec<Site> {
        let remote: HashSet<ExprId> = self.remote.iter().copied().collect();
        let calls = self.flow.nodes.iter().enumerate().filter(|(_, node)| remote.contains(&node.expr));
        let site = |(number, node): (usize, &super::flow::Node)| {
            let Expr::Call { of, arguments, .. } = self.entry.syntax.expr(node.expr) else { return None };
            Some(Site {
                path: Site::REMOTE.into(),
                deed: Deed::Call,
                span: self.name_of(of),
                whole: self.entry.syntax.span(node.expr),
                on: self.flow.dotted(of),
                arguments: self.arguments(arguments, 0),
                fate: self.fate(number),
                around: node.around,
            })
        };
        calls.filter_map(site).collect()
    }

    /// Clients that Spark's protocol is generated for: the name says it, in whatever package it stands.
    fn connect_clients(&self) -> Vec<Site> {
        let name = |of| match self.entry.syntax.expr(of) {
            Expr::Name(name) | Expr::Selector { name, .. } => self.entry.syntax.name(name),
            _ => "",
        };
        let client = |(number, node): (usize, &super::flow::Node)| {
            let Expr::Call { of, arguments, .. } = self.entry.syntax.expr(node.expr) else { return None };
            let is_one = Site::CONNECT.rsplit('.').next() == Some(name(of));
            is_one.then(|| Site {
                path: Site::CONNECT.into(),
                deed: Deed::Call,
                span: self.name_of(of),
                whole: self.entry.syntax.span(node.expr),
                on: None,
                arguments: self.arguments(arguments, 0),
                fate: self.fate(number),
                around: node.around,
            })
        };
        self.flow.nodes.iter().enumerate().filter_map(client).collect()
    }

    /// The last name of what is called.
    fn name_of(&self, id: ExprId) -> Span {
        let span = self.entry.syntax.span(id);
        match self.entry.syntax.expr(id) {
            Expr::Selector { of, name } if !matches!(self.entry.syntax.expr(of), Expr::Name(_)) => {
                Span { start: span.end.saturating_sub(self.entry.syntax.name(name).len() as u32), ..span }
            }
            Expr::Index { of, .. } | Expr::Paren(of) => self.entry.syntax.span(of),
            _ => span,
        }
    }

    fn receiver(&self, of: ExprId, path: &str) -> Option<String> {
        let Expr::Selector { of, .. } = self.entry.syntax.expr(of) else { return None };
        path.starts_with('(').then(|| self.flow.dotted(of)).flatten()
    }

    /// The value that a field is set to.
    fn set(&self, target: ExprId) -> Option<Argument> {
        self.flow.sets.get(&target).map(|value| self.argument_of(None, *value, 0))
    }

    /// The variable that a value goes to.
    fn bound(&self, number: usize) -> Option<String> {
        let node = self.outermost(number)?;
        match node.role {
            Role::Given { to, place, .. } => {
                let target = *self.entry.syntax.list(to).get(place as usize)?;
                self.flow.dotted(target)
            }
            Role::Declared(name) => Some(self.entry.syntax.name(name).to_owned()),
            _ => None,
        }
    }

    /// The statement's own expression, where only brackets and `&` stand between it and this one.
    fn outermost(&self, number: usize) -> Option<&super::flow::Node> {
        let mut at = number;
        for _ in 0..64 {
            let node = self.flow.nodes.get(at)?;
            let Some(parent) = node.parent else { return Some(node) };
            let above = self.flow.nodes.get(parent as usize)?;
            match self.entry.syntax.expr(above.expr) {
                Expr::Paren(_) | Expr::Unary(Unary::Address, _) => at = parent as usize,
                _ => return None,
            }
        }
        None
    }

    fn fate(&self, number: usize) -> Fate {
        let mut at = number;
        for _ in 0..64 {
            let Some(node) = self.flow.nodes.get(at) else { break };
            let Some(parent) = node.parent else {
                return match node.role {
                    Role::Run | Role::Asked | Role::Target => Fate::Dropped,
                    Role::Returned => Fate::Returned,
                    Role::Sent => Fate::Passed(None),
                    Role::Given { .. } | Role::Declared(_) => Fate::Bound,
                };
            };
            let Some(above) = self.flow.nodes.get(parent as usize) else { break };
            match self.entry.syntax.expr(above.expr) {
                Expr::Call { of, .. } if of != node.expr => {
                    let path = self.made.get(&above.expr).map(|sym| self.world.words.shared(*sym));
                    return Fate::Passed(path);
                }
                Expr::Selector { .. } => {
                    return Fate::Used(self.outside(above.expr).map(|sym| self.world.words.shared(sym)));
                }
                Expr::Composite { .. } => return Fate::Stored,
                Expr::Binary(..) => return Fate::Dropped,
                _ => at = parent as usize,
            }
        }
        Fate::Stored
    }

    /// The type of a literal, also where its package does not lie at hand.
    fn composed(&self, id: ExprId, of: Option<ExprId>) -> Option<Sym> {
        self.made.get(&id).copied().or_else(|| {
            let of = of.filter(|of| matches!(self.entry.syntax.expr(*of), Expr::Selector { .. }))?;
            self.outside(of)
        })
    }

    fn outside(&self, id: ExprId) -> Option<Sym> {
        match self.names.get(&self.entry.syntax.span(id).end) {
            Some(Target::Outside(path)) => Some(*path),
            _ => None,
        }
    }

    /// A field of a struct without a name, within a field of another module: `a/b.Config.Consumer.Offsets.Initial`.
    fn nested(&self, id: ExprId) -> Option<Arc<str>> {
        let (mut names, mut at) = (Vec::new(), id);
        for _ in 0..MAX_STEPS {
            let Expr::Selector { of, name } = self.entry.syntax.expr(at) else { return None };
            names.push(self.entry.syntax.name(name));
            at = of;
            if let Some(path) = self.outside(at) {
                let path = self.world.words.shared(path);
                names.push(&path);
                names.reverse();
                return (!path.starts_with('(')).then(|| names.join(".").into());
            }
        }
        None
    }

    fn arguments(&self, list: List, steps: usize) -> Vec<Argument> {
        let list = self.entry.syntax.list(list).iter().take(MAX_ARGUMENTS);
        let one = |id: &ExprId| match self.entry.syntax.expr(*id) {
            Expr::Pair(key, value) => {
                let name = match self.entry.syntax.expr(key) {
                    Expr::Name(name) => Some(self.entry.syntax.name(name).into()),
                    _ => self.value(key, steps + 1).0.text().map(Into::into),
                };
                self.argument_of(name, value, steps)
            }
            _ => self.argument_of(None, *id, steps),
        };
        list.map(one).collect()
    }

    fn argument_of(&self, name: Option<Box<str>>, id: ExprId, steps: usize) -> Argument {
        let (value, from) = self.value(id, steps + 1);
        let mut span = self.entry.syntax.span(id);
        if matches!(self.entry.syntax.expr(id), Expr::Literal(Literal::Text(_))) && span.end >= span.start + 2 {
            span = Span { start: span.start + 1, end: span.end - 1, ..span };
        }
        let is_name = matches!(self.entry.syntax.expr(id), Expr::Name(_) | Expr::Selector { .. } | Expr::Unary(..));
        let variable = self.flow.dotted(id).filter(|_| is_name).map(Into::into);
        Argument { name, value, variable, span, from: from.unwrap_or(span) }
    }

    /// A value, and where it was written if a name stands between.
    fn value(&self, id: ExprId, steps: usize) -> (Value, Option<Span>) {
        if steps > MAX_STEPS {
            return (Value::Unknown, None);
        }
        let syntax = &self.entry.syntax;
        let value = match syntax.expr(id) {
            Expr::Paren(of) | Expr::Unary(Unary::Address, of) => return self.value(of, steps + 1),
            Expr::Literal(literal) => written(&self.entry.syntax, literal),
            Expr::Binary(what, left, right) => {
                let (left, right) = (self.value(left, steps + 1).0, self.value(right, steps + 1).0);
                joined(what, left, right)
            }
            Expr::Name(name) => return self.named(id, name, steps),
            Expr::Selector { .. } => return self.of_name(id),
            Expr::Call { arguments, .. } => match self.made.get(&id) {
                Some(path) => self.called(*path, syntax.span(id), arguments, steps),
                None => Value::Unknown,
            },
            Expr::Composite { of, elements } => {
                let arguments = self.arguments(elements, steps + 1);
                match self.composed(id, of) {
                    Some(path) => made(self.world.words.shared(path), syntax.span(id), arguments),
                    None => Value::List(arguments),
                }
            }
            Expr::Closure { .. } => Value::Closure,
            _ => Value::Unknown,
        };
        (value, None)
    }

    fn called(&self, path: Sym, whole: Span, arguments: List, steps: usize) -> Value {
        let mut arguments = self.arguments(arguments, steps + 1);
        let path = self.world.words.shared(path);
        // `time.Duration(5)` is 5.
        if &*path == "time.Duration" {
            return arguments.pop().map_or(Value::Unknown, |argument| argument.value);
        }
        made(path, whole, arguments)
    }

    fn named(&self, id: ExprId, name: super::syntax::Name, steps: usize) -> (Value, Option<Span>) {
        if let Some(local) = self.flow.locals.get(&name) {
            let value = local.value.filter(|_| local.times == 1);
            return value.map_or((Value::Unknown, None), |value| {
                let (known, from) = self.value(value, steps + 1);
                (known, from.or_else(|| Some(self.argument_of(None, value, MAX_STEPS).span)))
            });
        }
        match self.entry.syntax.name(name) {
            "true" => (Value::Bool(true), None),
            "false" => (Value::Bool(false), None),
            "nil" => (Value::Nil, None),
            _ => self.of_name(id),
        }
    }

    /// What a name of a package stands for.
    fn of_name(&self, id: ExprId) -> (Value, Option<Span>) {
        match self.names.get(&self.entry.syntax.span(id).end) {
            Some(Target::Outside(path)) => {
                let path = self.world.words.shared(*path);
                (unit_of_time(&path).map_or(Value::Name(path), Value::Number), None)
            }
            Some(Target::Ours(decl)) => constant(self.world, *decl, 4).unwrap_or((Value::Unknown, None)),
            _ => (Value::Unknown, None),
        }
    }
}
