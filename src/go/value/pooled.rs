//! What a function gives back to a pool and holds on to.

use super::Reader;
use crate::go::flow::Role;
use crate::go::syntax::{Binary, Expr, ExprId, Name, Stmt, Unary};
use crate::go::trouble::{Pooled, Trouble, TroubleKind};
use crate::go::types::DeclId;
use crate::go::walk::{Piece, blocks, parts, pieces};
use crate::go::world::note::Target;
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// Calls that put their argument into a pool.
pub(in crate::go) const PUTS: [&str; 3] =
    ["(*sync.Pool).Put", "github.com/valyala/bytebufferpool.Put", "(*github.com/valyala/bytebufferpool.Pool).Put"];

/// Methods that show the memory of what they belong to.
const SHOWS: [&str; 5] = [
    "(*bytes.Buffer).AvailableBuffer",
    "(*bytes.Buffer).Bytes",
    "(*bytes.Buffer).Next",
    "(*github.com/valyala/bytebufferpool.ByteBuffer).Bytes",
    "(*github.com/valyala/bytebufferpool.ByteBuffer).B",
];

/// How often variables of variables are looked for.
const MAX_STEPS: usize = 8;

/// Functions of the repository that put one of their parameters into a pool: which one.
pub(in crate::go) type Putters = HashMap<DeclId, usize>;

impl Reader<'_, '_> {
    /// Everything that is used or returned although it lies in a pool again.
    pub(super) fn pooled(&self, putters: &Putters, found: &mut Vec<Trouble>) {
        let has_put = |id: &ExprId| self.put(*id, putters).is_some();
        if !self.flow.nodes.iter().any(|node| has_put(&node.expr)) {
            return;
        }
        let closures = self.flow.nodes.iter().filter_map(|node| match self.entry.syntax.expr(node.expr) {
            Expr::Closure { body, .. } => Some(body),
            _ => None,
        });
        let bodies: Vec<u32> = self.body.into_iter().chain(closures).collect();
        for body in bodies {
            for list in blocks(&self.entry.syntax, self.entry.syntax.body(body)) {
                self.list(list, putters, found);
            }
        }
    }

    /// The statements of one block: what stands behind a `Put` runs behind it.
    fn list(&self, list: &[Stmt], putters: &Putters, found: &mut Vec<Trouble>) {
        for (number, statement) in list.iter().enumerate() {
            let rest = list.get(number + 1..).unwrap_or_default();
            let (put, is_deferred) = match statement {
                Stmt::Expr(call) => (self.put(*call, putters), false),
                Stmt::Defer(call) => (self.deferred_put(*call, putters), true),
                _ => continue,
            };
            let Some((name, at)) = put else { continue };
            let same = self.aliases(name);
            let used = if is_deferred { self.returned(rest, &same) } else { self.used_in(rest, &same) };
            if let Some((id, is_returned)) = used {
                let variable = self.entry.syntax.name(name).to_owned();
                let kind = TroubleKind::Pooled(Pooled { variable, put: at, is_deferred, is_returned });
                found.push(Trouble { span: self.entry.syntax.span(id), kind });
            }
        }
    }

    /// The variable that a call puts into a pool, where it has one value only, and the call.
    fn put(&self, call: ExprId, putters: &Putters) -> Option<(Name, Span)> {
        let Expr::Call { of, arguments, .. } = self.entry.syntax.expr(call) else { return None };
        let outside = self.made.get(&call).map(|path| self.world.words.get(*path));
        let place = match self.names.get(&self.entry.syntax.span(of).end) {
            _ if outside.is_some_and(|path| PUTS.contains(&path)) => 0,
            Some(Target::Ours(decl)) => *putters.get(decl)?,
            _ => return None,
        };
        let (mut at, mut times) = (*self.entry.syntax.list(arguments).get(place)?, 1);
        for _ in 0..MAX_STEPS {
            match self.entry.syntax.expr(at) {
                Expr::Name(name) => {
                    let is_one = self.flow.locals.get(&name).is_some_and(|local| local.times == times);
                    return is_one.then(|| (name, self.entry.syntax.span(call)));
                }
                Expr::Paren(of) | Expr::Slice { of, .. } => at = of,
                Expr::Unary(Unary::Address, of) => (at, times) = (of, times + 1),
                _ => return None,
            }
        }
        None
    }

    /// What a `defer` puts back whatever happens.
    fn deferred_put(&self, call: ExprId, putters: &Putters) -> Option<(Name, Span)> {
        let Expr::Call { of, .. } = self.entry.syntax.expr(call) else { return None };
        let Expr::Closure { body, .. } = self.entry.syntax.expr(of) else { return self.put(call, putters) };
        let mut puts = self.entry.syntax.body(body).iter().filter_map(|statement| match statement {
            Stmt::Expr(call) => self.put(*call, putters),
            _ => None,
        });
        puts.next()
    }

    /// The variables that show the same memory.
    fn aliases(&self, name: Name) -> HashSet<Name> {
        let mut values: HashMap<Name, Vec<ExprId>> = HashMap::new();
        for node in self.flow.nodes.iter().filter(|node| node.parent.is_none()) {
            let target = match node.role {
                Role::Given { to, place, of } => {
                    let targets = self.entry.syntax.list(to);
                    let own = targets.get(place as usize).filter(|_| of as usize == targets.len());
                    own.and_then(|id| match self.entry.syntax.expr(*id) {
                        Expr::Name(name) => Some(name),
                        _ => None,
                    })
                }
                Role::Declared(name) => Some(name),
                _ => None,
            };
            if let Some(target) = target {
                values.entry(target).or_default().push(node.expr);
            }
        }
        let mut same = HashSet::from([name]);
        for _ in 0..MAX_STEPS {
            let before = same.len();
            for (target, values) in &values {
                let times = self.flow.locals.get(target).map_or(0, |local| local.times) as usize;
                let mut with = same.clone();
                let is_first = values.iter().any(|id| self.shows(*id, &same));
                with.insert(*target);
                if times == values.len() && is_first && values.iter().all(|id| self.shows(*id, &with)) {
                    same.insert(*target);
                }
            }
            if same.len() == before {
                break;
            }
        }
        same
    }

    /// Whether an expression is one of these variables, or a view of its memory.
    fn shows(&self, id: ExprId, same: &HashSet<Name>) -> bool {
        let mut at = id;
        for _ in 0..32 {
            match self.entry.syntax.expr(at) {
                Expr::Name(name) => return same.contains(&name),
                Expr::Paren(of)
                | Expr::Slice { of, .. }
                | Expr::Assert { of, .. }
                | Expr::Unary(Unary::Address, of) => at = of,
                // What a pointer points to is copied; only a slice goes on to share its memory.
                Expr::Star(of) if self.points_to_slice(of) => at = of,
                Expr::Selector { of, .. } if self.is_shown(at) => at = of,
                Expr::Call { of, arguments, .. } => {
                    let path = self.made.get(&at).map(|path| self.world.words.get(*path));
                    match self.entry.syntax.expr(of) {
                        Expr::Selector { of, .. } if path.is_some_and(|path| SHOWS.contains(&path)) => at = of,
                        Expr::Name(name) if self.entry.syntax.name(name) == "append" => {
                            let Some(first) = self.entry.syntax.list(arguments).first() else { return false };
                            at = *first;
                        }
                        _ => return false,
                    }
                }
                _ => return false,
            }
            // Slicing what a pointer points to shares it, whatever that is called.
            if let Expr::Star(of) = self.entry.syntax.expr(at)
                && matches!(self.entry.syntax.expr(id), Expr::Slice { .. })
            {
                at = of;
            }
        }
        false
    }

    fn is_shown(&self, field: ExprId) -> bool {
        matches!(self.names.get(&self.entry.syntax.span(field).end), Some(Target::Outside(path)) if SHOWS.contains(&self.world.words.get(*path)))
    }

    /// Whether a variable comes from `pool.Get().(*[]T)`.
    fn points_to_slice(&self, id: ExprId) -> bool {
        let Expr::Name(name) = self.entry.syntax.expr(id) else { return false };
        let value = self.flow.locals.get(&name).and_then(|local| local.value);
        let Some(Expr::Assert { to: Some(to), .. }) = value.map(|id| self.entry.syntax.expr(id)) else { return false };
        let Expr::Star(of) = self.entry.syntax.expr(to) else { return false };
        matches!(self.entry.syntax.expr(of), Expr::SliceOf(_))
    }

    /// The first place of some statements that uses one of these variables, and whether it returns it.
    fn used_in(&self, list: &[Stmt], same: &HashSet<Name>) -> Option<(ExprId, bool)> {
        for statement in list {
            let is_return = matches!(statement, Stmt::Return(..));
            for piece in pieces(&self.entry.syntax, statement) {
                let used = match piece {
                    Piece::Expr(id) => self.used(id, same).map(|id| (id, is_return)),
                    Piece::Block(list) => self.used_in(list, same),
                };
                if used.is_some() {
                    return used;
                }
            }
        }
        None
    }

    fn used(&self, root: ExprId, same: &HashSet<Name>) -> Option<ExprId> {
        let syntax = &self.entry.syntax;
        let is_bare = |id: ExprId| matches!(syntax.expr(id), Expr::Name(name) if same.contains(&name));
        let is_called = |id: ExprId, names: &[&str]| matches!(syntax.expr(id), Expr::Name(name) if names.contains(&syntax.name(name)));
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            let mut inner = match syntax.expr(id) {
                _ if is_bare(id) => return Some(id),
                Expr::Closure { body, .. } => {
                    if let Some((id, _)) = self.used_in(syntax.body(body), same) {
                        return Some(id);
                    }
                    continue;
                }
                // A slice's own length is no memory of the pool.
                Expr::Call { of, .. } if is_called(of, &["len", "cap"]) => {
                    parts(syntax, id).into_iter().filter(|part| !is_bare(*part)).collect()
                }
                Expr::Binary(Binary::Compare, left, right)
                    if is_called(left, &["nil"]) || is_called(right, &["nil"]) =>
                {
                    parts(syntax, id).into_iter().filter(|part| !is_bare(*part)).collect()
                }
                _ => parts(syntax, id),
            };
            inner.reverse();
            open.extend(inner);
        }
        None
    }

    /// The first `return` of some statements that gives one of these variables away.
    fn returned(&self, list: &[Stmt], same: &HashSet<Name>) -> Option<(ExprId, bool)> {
        for list in blocks(&self.entry.syntax, list) {
            for statement in list {
                let Stmt::Return(values, _) = statement else { continue };
                let values = self.entry.syntax.list(*values).iter();
                if let Some(id) = values.copied().find_map(|id| self.given(id, same)) {
                    return Some((id, true));
                }
            }
        }
        None
    }

    /// A variable's memory in what is returned: itself, or in a literal.
    fn given(&self, root: ExprId, same: &HashSet<Name>) -> Option<ExprId> {
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if self.shows(id, same) {
                return Some(id);
            }
            match self.entry.syntax.expr(id) {
                Expr::Composite { elements, .. } => open.extend(self.entry.syntax.list(elements)),
                Expr::Pair(_, value) => open.push(value),
                Expr::Paren(of) | Expr::Unary(Unary::Address, of) => open.push(of),
                _ => {}
            }
        }
        None
    }
}
