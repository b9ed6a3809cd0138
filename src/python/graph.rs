//! What can be reached from the functions that run in tasks, on the shortest path.

use super::decode::{Decoding, decoding};
use super::entries::Handed;
use super::kind::Kind;
use super::syntax::{Binding, ExprId, Node, Use};
use super::world::{Ref, Type, World};
use crate::source::Span;
use std::collections::{HashMap, VecDeque};

/// A function that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Which.
    pub function: Ref,
    /// From which root, by number.
    pub root: u32,
    /// The function before it on the path, by its place in the list, and the place there that leads here.
    pub from: Option<(u32, Span)>,
    /// A function that remembers what it gave stands on the path: this one runs once.
    pub once: bool,
    /// What it refers to that is not here.
    pub references: Vec<Reference>,
    /// What it uses that only the driver has.
    pub captures: Vec<Capture>,
    /// Broadcast values that it decodes.
    pub decodings: Vec<Decoding>,
}

/// A reference to something that is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its path: `subprocess.Popen().communicate`.
    pub path: String,
    /// It is called.
    pub is_call: bool,
    /// What it gives is kept beyond the call.
    pub is_kept: bool,
    /// Where.
    pub span: Span,
}

/// A use of something that only the driver has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// What it is.
    pub kind: Kind,
    /// How it is written: `spark`, `self.spark`.
    pub name: String,
    /// The attribute that holds it, where the name is that of an object.
    pub by: Option<String>,
    /// It is not brought along but made here.
    pub is_made: bool,
    /// Where.
    pub span: Span,
    /// The function that it is bound in.
    owner: Option<Ref>,
}

/// A function that waits to be looked at: from which root, after what, and whether it runs once.
type Waiting = (Ref, u32, Option<(u32, Span)>, bool);

impl Capture {
    /// What it is, in words.
    pub fn words(&self) -> Option<String> {
        let kind = self.kind.on_driver()?;
        Some(match &self.by {
            Some(attribute) => format!("an object that holds {kind} as `{attribute}`"),
            None => kind.to_owned(),
        })
    }
}

/// What a function does.
#[derive(Default)]
struct Body {
    calls: Vec<(Ref, Span)>,
    references: Vec<Reference>,
    captures: Vec<Capture>,
    decodings: Vec<Decoding>,
}

/// What is reached from each list of roots, those before it first: none names a way to what an earlier one reaches.
pub fn reach(world: &mut World<'_>, tiers: &[Vec<Ref>]) -> Vec<Reached> {
    let (mut found, mut known) = (Vec::<Reached>::new(), HashMap::<Ref, u32>::new());
    let mut first = 0;
    for roots in tiers {
        let mut queue: VecDeque<Waiting> = VecDeque::new();
        queue.extend(roots.iter().enumerate().map(|(at, root)| (*root, first + at as u32, None, false)));
        first += roots.len() as u32;
        while let Some((function, root, from, once)) = queue.pop_front() {
            if known.contains_key(&function) {
                continue;
            }
            let number = found.len() as u32;
            known.insert(function, number);
            let once = once || world.decorator(function, &["cache", "lru_cache", "cached_property"]).is_some();
            let body = body(world, function);
            queue.extend(body.calls.into_iter().map(|(to, span)| (to, root, Some((number, span)), once)));
            let Body { references, captures, decodings, .. } = body;
            found.push(Reached { function, root, from, once, references, captures, decodings });
        }
    }
    // What a function of the task binds itself is not brought along.
    for reached in &mut found {
        reached.captures.retain(|capture| capture.owner.is_none_or(|owner| !known.contains_key(&owner)));
    }
    found
}

/// The way from a root to a function: each place that leads on, and the function it leads to.
pub fn path(reached: &[Reached], to: u32) -> Vec<(Span, Ref)> {
    let (mut steps, mut at) = (Vec::new(), to);
    while let Some(here) = reached.get(at as usize) {
        let Some((before, span)) = here.from else { break };
        steps.push((span, here.function));
        at = before;
    }
    steps.reverse();
    steps
}

fn body(world: &mut World<'_>, of: Ref) -> Body {
    let mut body = Body::default();
    let Some(function) = world.function(of) else { return body };
    for id in &function.exprs {
        expression(world, of, *id, &mut body);
    }
    for decorator in &function.decorators {
        // What a decorator gives is what runs.
        let made = world.eval(of.file, *decorator);
        if let (Type::Function(made), Some(syntax)) = (made, world.file(of.file))
            && let Type::Function(wrapper) = world.result(made)
        {
            body.calls.push((wrapper, syntax.span(*decorator)));
        }
    }
    body
}

fn expression(world: &mut World<'_>, of: Ref, id: ExprId, body: &mut Body) {
    let Some(syntax) = world.file(of.file) else { return };
    let Some(expr) = syntax.expr(id) else { return };
    let found = world.eval(of.file, id);
    let whole = syntax.span(id);
    match expr.node {
        Node::Lambda(function) => body.calls.push((Ref { file: of.file, id: function }, whole_word(whole))),
        Node::Call(callee, ..) => {
            // What a call gives is called in turn.
            if expr.usage == Use::Callee
                && let Some(function) = world.called(found)
            {
                body.calls.push((function, whole));
            }
            if let (Type::Path(path), Use::Callee) = (found, expr.usage) {
                refer(world, path, expr.usage, whole, body);
            }
            let made = world.eval(of.file, callee);
            body.captures.extend(creation(world, made, whole));
            body.decodings.extend(decoding(world, of, id));
        }
        Node::Name(sym) | Node::Attr(_, sym) => {
            let name = syntax.text(sym);
            let end = whole.end as usize;
            let place = Span::new(whole.file, end.saturating_sub(name.len())..end);
            let member = property(world, of.file, expr.node, name);
            match member.unwrap_or(found) {
                Type::Function(function) => body.calls.push((function, place)),
                made @ (Type::Class(_) | Type::Instance(_)) if expr.usage == Use::Callee || expr.usage == Use::Kept => {
                    body.calls.extend(world.called(made).map(|function| (function, place)));
                }
                Type::Path(path) if expr.usage != Use::Base => refer(world, path, expr.usage, whole, body),
                Type::Spark(kind) => body.captures.extend(captured(world, of, id, kind)),
                _ => {}
            }
        }
        _ => {}
    }
}

fn refer(world: &World<'_>, path: u32, usage: Use, span: Span, body: &mut Body) {
    let path = world.text(path);
    // What a call gave is no reference to what was called.
    if !path.ends_with("()") {
        let is_call = matches!(usage, Use::Callee | Use::Kept);
        body.references.push(Reference { path: path.to_owned(), is_call, is_kept: usage == Use::Kept, span });
    }
}

fn whole_word(lambda: Span) -> Span {
    let start = lambda.start as usize;
    Span::new(lambda.file, start..start + "lambda".len())
}

/// The function behind a property.
fn property(world: &mut World<'_>, file: u32, node: Node, name: &str) -> Option<Type> {
    let Node::Attr(base, _) = node else { return None };
    match world.eval(file, base) {
        Type::Class(class) | Type::Instance(class) => match world.class_member(class, name) {
            Type::Function(function) => Some(Type::Function(function)),
            _ => None,
        },
        _ => None,
    }
}

/// A session or context that a call makes, or asks for.
fn creation(world: &World<'_>, callee: Type, span: Span) -> Option<Capture> {
    let kind = match callee {
        Type::Method(Kind::Builder, name) if matches!(world.text(name), "getOrCreate" | "create") => Kind::Session,
        Type::Path(path) => {
            let path = world.text(path);
            let made =
                Kind::made_by(path).filter(|kind| matches!(kind, Kind::Session | Kind::Context | Kind::Streaming))?;
            // Asking for the session that there is gives none in a task, and fails nothing.
            (!path.ends_with(".getActiveSession") && !path.ends_with(".active")).then_some(made)?
        }
        _ => return None,
    };
    Some(Capture { kind, name: String::new(), by: None, is_made: true, span, owner: None })
}

/// A name of the driver's that a function uses.
fn captured(world: &mut World<'_>, of: Ref, id: ExprId, kind: Kind) -> Option<Capture> {
    kind.on_driver().filter(|_| kind != Kind::Builder)?;
    let syntax = world.file(of.file)?;
    let expr = syntax.expr(id)?;
    let (name, owner) = match expr.node {
        Node::Name(sym) => {
            let owner = match syntax.lookup(expr.scope, sym) {
                Some((scope, bindings)) => {
                    // A name that a module gives itself when it is imported is that module's.
                    let is_import = bindings.iter().any(|binding| matches!(binding, Binding::Import(_)));
                    let function = syntax.function_of(scope);
                    Some(Ref { file: of.file, id: function }).filter(|_| !is_import || function != 0)
                }
                None => None,
            };
            (syntax.text(sym).to_owned(), owner)
        }
        Node::Attr(base, sym) => {
            let Node::Name(of_name) = syntax.expr(base)?.node else { return None };
            if !matches!(world.eval(of.file, base), Type::Instance(_) | Type::Class(_) | Type::Module(_)) {
                return None;
            }
            (format!("{}.{}", syntax.text(of_name), syntax.text(sym)), None)
        }
        _ => return None,
    };
    let span = syntax.span(id);
    (owner != Some(of)).then_some(Capture { kind, name, by: None, is_made: false, span, owner })
}

/// The object of the driver's that goes along with what is handed over, because the function belongs to it or uses it.
pub fn held(world: &mut World<'_>, handed: &Handed) -> Option<Capture> {
    let function = world.function(handed.function)?;
    if let Some(class) = handed.object {
        let (by, kind) = world.holds(class)?;
        let name = world.class(class)?.name.clone();
        return Some(Capture { kind, name, by: Some(by), is_made: false, span: handed.span, owner: None });
    }
    let file = handed.function.file;
    let syntax = world.file(file)?;
    for id in &function.exprs {
        let expr = syntax.expr(*id)?;
        let Node::Name(sym) = expr.node else { continue };
        // What a module holds is made anew where the module is imported; what a function holds is sent.
        let Some((scope, _)) = syntax.lookup(expr.scope, sym) else { continue };
        let owner = syntax.function_of(scope);
        if owner == 0 || owner == handed.function.id {
            continue;
        }
        let Type::Instance(class) = world.eval(file, *id) else { continue };
        if let Some((by, kind)) = world.holds(class) {
            let name = syntax.text(sym).to_owned();
            return Some(Capture { kind, name, by: Some(by), is_made: false, span: syntax.span(*id), owner: None });
        }
    }
    None
}
