//! Maps of packages that only grow: what requests, messages and rows bring is added, and nothing is ever taken out.

mod source;

use super::flow::{Flow, Role};
use super::syntax::{Binary, Expr, ExprId};
use super::trouble::{Grown, Trouble, TroubleKind};
use super::types::{Basic, DeclId, Type, TypeId};
use super::world::look::{Kind, Looked};
use super::world::note::Target;
use super::world::{Entry, What, World};
use crate::source::Span;
use source::{Callers, Scan};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Something that is added to a map.
struct Added {
    /// The declaration that does it, by number.
    by: usize,
    key: ExprId,
    span: Span,
}

/// What one function does with a map.
enum Use {
    Read,
    Adds(ExprId, Span),
    /// It takes something out, asks for the size, or hands the map on.
    May,
}

/// Each place that adds what comes from outside to a map that only grows; by the number of the declaration it stands in.
/// `tasks` are the functions that are called with rows.
pub(super) fn grown(
    world: &mut World<'_>,
    looked: &[(usize, Looked)],
    tasks: &HashSet<usize>,
) -> Vec<(usize, Trouble)> {
    let maps = maps(world, looked);
    if maps.is_empty() {
        return Vec::new();
    }
    let mut added: HashMap<DeclId, Option<Vec<Added>>> = maps.iter().map(|decl| (*decl, Some(Vec::new()))).collect();
    let mut scans: HashMap<usize, Rc<Scan<'_>>> = HashMap::new();
    let files: Vec<Rc<Entry>> = world.files.clone();
    for (number, (file, one)) in looked.iter().enumerate() {
        let Some(entry) = files.get(*file).filter(|entry| !entry.is_test) else { continue };
        let named: HashSet<DeclId> = one.notes.list.iter().filter_map(ours).filter(|d| added.contains_key(d)).collect();
        if named.is_empty() {
            continue;
        }
        let Some(walked) = Scan::new(world, entry, one, tasks.contains(&number)).map(Rc::new) else { continue };
        scans.insert(number, walked.clone());
        for decl in named {
            let found = uses(&walked, one, decl);
            if let Some(slot) = added.get_mut(&decl) {
                match (found, slot.as_mut()) {
                    (Some(adds), Some(list)) => {
                        list.extend(adds.into_iter().map(|(key, span)| Added { by: number, key, span }));
                    }
                    _ => *slot = None,
                }
            }
        }
    }
    let mut callers = Callers::new(world, looked, &files, tasks, scans);
    let mut troubles = Vec::new();
    for decl in maps {
        for one in added.remove(&decl).flatten().unwrap_or_default() {
            let Some(way) = callers.way(one.by, one.key) else { continue };
            let map = world.decl(decl);
            let variable = world.word(map.name).to_string();
            let file = files.get(map.file as usize).map_or(one.span.file, |entry| entry.file());
            let declared = Span { file, start: map.name_at, end: map.name_at + variable.len() as u32 };
            let kind = TroubleKind::Grown(Grown { variable, declared, way });
            troubles.push((one.by, Trouble { span: one.span, kind }));
        }
    }
    troubles
}

fn ours(note: &super::world::note::Note) -> Option<DeclId> {
    if let Target::Ours(decl) = note.target { Some(decl) } else { None }
}

/// The variables of packages that are maps whose keys may be anything.
fn maps(world: &mut World<'_>, looked: &[(usize, Looked)]) -> Vec<DeclId> {
    let mut found = Vec::new();
    for (file, one) in looked.iter().filter(|(_, one)| one.kind == Kind::Value) {
        if world.files.get(*file).is_none_or(|entry| entry.is_test || entry.syntax.generated) {
            continue;
        }
        for decl in &one.decls {
            if world.decl(*decl).what != What::Var {
                continue;
            }
            let of = world.value(*decl);
            let of = world.types.pointee(of);
            if is_shared_map(world, of) || key_of(world, of).is_some_and(|key| is_open(world, key, 4)) {
                found.push(*decl);
            }
        }
    }
    found
}

fn is_shared_map(world: &World<'_>, of: TypeId) -> bool {
    matches!(world.types.get(of), Type::Named(decl, _) if world.path_of(*decl) == "sync.Map")
}

fn key_of(world: &mut World<'_>, of: TypeId) -> Option<TypeId> {
    let base = world.base(of);
    if let Type::Map(key, _) = world.types.get(base) { Some(*key) } else { None }
}

/// Whether there is no end of values of a type: texts and numbers, and what is made of them. A type with constants of its own
/// has those.
fn is_open(world: &mut World<'_>, of: TypeId, fuel: usize) -> bool {
    let Some(fuel) = fuel.checked_sub(1) else { return false };
    if let Type::Named(decl, _) = world.types.get(of).clone()
        && (!world.is_ours(decl) || has_constants(world, decl, of))
    {
        return matches!(world.path_of(decl).as_str(), "github.com/google/uuid.UUID" | "net/netip.Addr");
    }
    let base = world.base(of);
    match world.types.get(base).clone() {
        Type::Basic(basic) => !matches!(basic, Basic::Bool | Basic::Int8 | Basic::Uint8),
        Type::Array(_) => true,
        Type::Struct(members) => members.iter().any(|member| is_open(world, member.of, fuel)),
        _ => false,
    }
}

fn has_constants(world: &mut World<'_>, of: DeclId, named: TypeId) -> bool {
    let package = world.decl(of).package;
    let is_beside = |decl: &super::world::Decl| decl.what == What::Const && decl.package == package;
    let constants: Vec<u32> =
        world.decls.iter().enumerate().filter(|(_, decl)| is_beside(decl)).map(|(id, _)| id as u32).collect();
    constants.into_iter().any(|id| world.value(DeclId(id)) == named)
}

/// What a declaration adds to a map; none where it may take something out.
fn uses(walked: &Scan<'_>, one: &Looked, map: DeclId) -> Option<Vec<(ExprId, Span)>> {
    // What is made once, when the program starts, does not grow.
    let is_start = one.name == "init";
    let ends: HashSet<u32> = one.notes.list.iter().filter(|n| ours(n) == Some(map)).map(|n| n.span.end).collect();
    let mut seen = HashSet::new();
    let mut adds = Vec::new();
    for (number, node) in walked.flow.nodes.iter().enumerate() {
        let span = walked.entry.syntax.span(node.expr);
        let is_name = matches!(walked.entry.syntax.expr(node.expr), Expr::Name(_) | Expr::Selector { .. });
        if !is_name || !ends.contains(&span.end) {
            continue;
        }
        seen.insert(span.end);
        match use_of(walked, &walked.flow, number) {
            Use::Read => {}
            Use::Adds(key, span) => adds.extend(Some((key, span)).filter(|_| !is_start)),
            Use::May => return None,
        }
    }
    let is_declared = one.kind == Kind::Value && one.decls.contains(&map);
    (is_declared || is_start || seen.len() == ends.len()).then_some(adds)
}

fn use_of(walked: &Scan<'_>, flow: &Flow<'_>, number: usize) -> Use {
    let syntax = &walked.entry.syntax;
    let Some(node) = flow.nodes.get(number) else { return Use::May };
    let Some(above) = node.parent.and_then(|above| flow.nodes.get(above as usize)) else {
        return if node.role == Role::Asked { Use::Read } else { Use::May };
    };
    match syntax.expr(above.expr) {
        Expr::Index { of, by } if of == node.expr => {
            let is_set = above.role == Role::Target && above.parent.is_none();
            match syntax.list(by).first() {
                Some(key) if is_set => Use::Adds(*key, syntax.span(above.expr)),
                _ => Use::Read,
            }
        }
        Expr::Selector { of, name } if of == node.expr => {
            let call = above.parent.and_then(|call| flow.nodes.get(call as usize));
            let Some(Expr::Call { of, arguments, .. }) = call.map(|call| syntax.expr(call.expr)) else {
                return Use::May;
            };
            let key = syntax.list(arguments).first().filter(|_| of == above.expr);
            match (syntax.name(name), key) {
                ("Store" | "LoadOrStore" | "Swap", Some(key)) => Use::Adds(*key, syntax.span(above.expr)),
                ("Load" | "Range", Some(_)) => Use::Read,
                _ => Use::May,
            }
        }
        Expr::Binary(Binary::Compare, ..) => Use::Read,
        _ => Use::May,
    }
}
