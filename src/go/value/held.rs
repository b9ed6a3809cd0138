//! What a function gets and must give back.

use super::Reader;
use crate::go::flow::{Node, Role};
use crate::go::syntax::{Expr, ExprId, Name};
use crate::go::trouble::{Trouble, TroubleKind, Unreleased};
use crate::source::Span;

/// How something is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    /// By a method of its own.
    Method(&'static str),
    /// By a function of C.
    Free,
}

impl Release {
    fn shown(self) -> &'static str {
        match self {
            Self::Method(name) => name,
            Self::Free => "C.free",
        }
    }
}

/// What is done with a variable at one place.
enum Use {
    Released { at: Span, deferred: bool, branched: bool },
    Used,
    Escapes,
}

impl Reader<'_, '_> {
    /// Everything that is not given back on every way.
    pub(super) fn held(&self, found: &mut Vec<Trouble>) {
        for (number, node) in self.flow.nodes.iter().enumerate() {
            let Some(path) = self.made.get(&node.expr).map(|sym| self.world.words.shared(*sym)) else { continue };
            let Some(release) = release_of(&path) else { continue };
            let Some((name, alone)) = self.variable(number) else { continue };
            if self.flow.locals.get(&name).is_none_or(|local| local.times != 1) {
                continue;
            }
            let Expr::Call { of, .. } = self.entry.syntax.expr(node.expr) else { continue };
            let Some(way_out) = self.leak(node, name, release, alone) else { continue };
            let variable = self.entry.syntax.name(name).to_owned();
            let unreleased = Unreleased { path, variable, release: release.shown(), way_out };
            found.push(Trouble { span: self.name_of(of), kind: TroubleKind::Unreleased(unreleased) });
        }
    }

    /// The new variable that a call's first result goes to, and whether it is the only result.
    fn variable(&self, number: usize) -> Option<(Name, bool)> {
        let node = self.outermost(number)?;
        match node.role {
            Role::Given { to, place: 0, of: 1 } => {
                let targets = self.entry.syntax.list(to);
                let Expr::Name(name) = self.entry.syntax.expr(*targets.first()?) else { return None };
                Some((name, targets.len() == 1))
            }
            Role::Declared(name) => Some((name, true)),
            _ => None,
        }
    }

    /// None where it is given back or may be; else the way out before that.
    #[allow(clippy::option_option, reason = "no leak, a leak everywhere, a leak on one way")]
    fn leak(&self, got: &Node, name: Name, release: Release, alone: bool) -> Option<Option<Span>> {
        let mut releases = Vec::new();
        for (number, node) in self.flow.nodes.iter().enumerate() {
            if self.entry.syntax.expr(node.expr) != Expr::Name(name) {
                continue;
            }
            match self.use_of(number, release) {
                Use::Escapes => return None,
                Use::Released { at, deferred, branched } => releases.push((at, deferred, branched)),
                Use::Used => {}
            }
        }
        let from = self.entry.syntax.span(got.expr);
        match releases.as_slice() {
            [] => Some(None),
            // A way out before the one place that gives it back; an error of the call itself leaves nothing to give back.
            [(at, false, false)] if alone && !got.around.branched && !got.around.repeated && !got.around.closure => {
                let between = |start: &&u32| from.end <= **start && **start < at.start;
                let start = *self.flow.returns.iter().find(between)?;
                Some(Some(Span { start, end: start + "return".len() as u32, ..from }))
            }
            _ => None,
        }
    }

    /// What is done with a variable where its name stands.
    fn use_of(&self, number: usize, release: Release) -> Use {
        let mut at = number;
        for _ in 0..16 {
            let Some(node) = self.flow.nodes.get(at) else { return Use::Escapes };
            let Some(parent) = node.parent else {
                return if node.role == Role::Asked { Use::Used } else { Use::Escapes };
            };
            let Some(above) = self.flow.nodes.get(parent as usize) else { return Use::Escapes };
            match self.entry.syntax.expr(above.expr) {
                Expr::Paren(_) | Expr::Star(_) => at = parent as usize,
                Expr::Binary(..) => return Use::Used,
                Expr::Selector { name, .. } => return self.member(parent, name, release),
                Expr::Call { of, .. } if of != node.expr => {
                    let callee = self.called_as(above.expr, of);
                    match (callee.as_str(), release) {
                        ("C.free", Release::Free) => return released(above, self.entry.syntax.span(above.expr)),
                        // A conversion is the same pointer.
                        ("unsafe.Pointer", Release::Free) => at = parent as usize,
                        (path, Release::Free) if path.starts_with("C.") && !takes(path) => return Use::Used,
                        _ => return Use::Escapes,
                    }
                }
                _ => return Use::Escapes,
            }
        }
        Use::Escapes
    }

    /// `x.name`: a method that is called, or something that keeps it.
    fn member(&self, selector: u32, name: Name, release: Release) -> Use {
        let Some(node) = self.flow.nodes.get(selector as usize) else { return Use::Escapes };
        let Some(above) = node.parent.and_then(|parent| self.flow.nodes.get(parent as usize)) else {
            return Use::Escapes;
        };
        let is_called = matches!(self.entry.syntax.expr(above.expr), Expr::Call { of, .. } if of == node.expr);
        match (release, self.entry.syntax.name(name)) {
            _ if !is_called => {
                if release == Release::Method("Stop") && self.entry.syntax.name(name) == "C" {
                    Use::Used
                } else {
                    Use::Escapes
                }
            }
            (Release::Method(wanted), called) if called == wanted || called == "Close" || called == "Release" => {
                released(above, self.entry.syntax.span(above.expr))
            }
            (Release::Method(_), _) => Use::Used,
            (Release::Free, _) => Use::Escapes,
        }
    }

    fn called_as(&self, call: ExprId, of: ExprId) -> String {
        let made = self.made.get(&call).map(|sym| self.world.words.get(*sym).to_owned());
        made.or_else(|| self.flow.dotted(of)).unwrap_or_default()
    }
}

fn released(call: &Node, at: Span) -> Use {
    // A closure that gives it back is run by a `defer` or by whoever holds it.
    Use::Released {
        at,
        deferred: call.around.deferred || call.around.closure,
        branched: call.around.branched || call.around.repeated,
    }
}

/// Functions of C whose names say that they keep what they get.
fn takes(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ["take", "own", "adopt", "free", "release", "set", "push", "append", "add", "register", "putenv"]
        .iter()
        .any(|word| lower.contains(word))
}

/// How what a function gives is given back.
fn release_of(path: &str) -> Option<Release> {
    if matches!(path, "C.CString" | "C.CBytes") {
        return Some(Release::Free);
    }
    if matches!(path, "time.NewTicker") {
        return Some(Release::Method("Stop"));
    }
    let (package, name) = path.trim_start_matches(['(', '*']).rsplit_once('/')?;
    if !package.starts_with("github.com/apache/arrow") {
        return None;
    }
    let (package, name) = name.split_once('.')?;
    let makes = match package {
        "array" if path.starts_with('(') => name.contains("Builder).New"),
        "array" => {
            name.starts_with("New")
                && (name.ends_with("Builder")
                    || matches!(name, "NewRecord" | "NewRecordBatch" | "NewTableReader" | "NewTableFromRecords"))
        }
        "ipc" => matches!(name, "NewReader" | "NewFileReader"),
        _ => false,
    };
    makes.then_some(Release::Method("Release"))
}
