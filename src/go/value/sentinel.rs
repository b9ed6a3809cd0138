//! Errors with a name that are compared by their text, or used as types.

use super::Reader;
use crate::go::syntax::{Binary, Expr, ExprId, Literal};
use crate::go::trouble::{Trouble, TroubleKind};
use crate::go::world::What;
use crate::go::world::note::Target;
use std::sync::Arc;

/// Errors of the standard library, and what they say.
const TEXTS: [(&str, &str); 12] = [
    ("context.Canceled", "context canceled"),
    ("context.DeadlineExceeded", "context deadline exceeded"),
    ("database/sql.ErrConnDone", "sql: connection is already closed"),
    ("database/sql.ErrNoRows", "sql: no rows in result set"),
    ("database/sql.ErrTxDone", "sql: transaction has already been committed or rolled back"),
    ("io.EOF", "EOF"),
    ("io.ErrClosedPipe", "io: read/write on closed pipe"),
    ("io.ErrUnexpectedEOF", "unexpected EOF"),
    ("net.ErrClosed", "use of closed network connection"),
    ("net/http.ErrNoCookie", "http: named cookie not present"),
    ("net/http.ErrServerClosed", "http: Server closed"),
    ("os.ErrNotExist", "file does not exist"),
];

const SEARCHES: [&str; 4] = ["strings.Contains", "strings.EqualFold", "strings.HasPrefix", "strings.HasSuffix"];

impl Reader<'_, '_> {
    /// Each misuse in the function.
    pub(super) fn sentinels(&self, found: &mut Vec<Trouble>) {
        for node in &self.flow.nodes {
            let pair = match self.entry.syntax.expr(node.expr) {
                Expr::Binary(Binary::Compare, left, right) => Some((left, right, false)),
                Expr::Call { arguments, .. } => {
                    let path = self.made.get(&node.expr).map(|path| self.world.words.get(*path));
                    let list = self.entry.syntax.list(arguments);
                    match (path, list) {
                        (Some(path), [text, part]) if SEARCHES.contains(&path) => Some((*text, *part, true)),
                        _ => None,
                    }
                }
                _ => None,
            };
            let Some((left, right, search)) = pair else { continue };
            for (text, other) in [(left, right), (right, left)] {
                let Some(path) = self.said(text).then(|| self.sentinel_of(other, search)).flatten() else { continue };
                let span = self.entry.syntax.span(node.expr);
                found.push(Trouble { span, kind: TroubleKind::SentinelText(path) });
                break;
            }
        }
        self.as_types(found);
    }

    /// Assertions and cases that name an error's variable where a type belongs.
    fn as_types(&self, found: &mut Vec<Trouble>) {
        let asserted = self.flow.nodes.iter().filter_map(|node| match self.entry.syntax.expr(node.expr) {
            Expr::Assert { to, .. } => to,
            _ => None,
        });
        for id in asserted.chain(self.flow.type_cases.iter().copied()) {
            let inner = if let Expr::Star(of) = self.entry.syntax.expr(id) { of } else { id };
            if let Some(path) = self.named_error(inner) {
                found.push(Trouble { span: self.entry.syntax.span(id), kind: TroubleKind::SentinelType(path) });
            }
        }
    }

    /// `x.Error()`.
    fn said(&self, id: ExprId) -> bool {
        self.error_of(id).is_some()
    }

    fn error_of(&self, id: ExprId) -> Option<ExprId> {
        let Expr::Call { of, arguments, .. } = self.entry.syntax.expr(id) else { return None };
        let Expr::Selector { of, name } = self.entry.syntax.expr(of) else { return None };
        (arguments.len == 0 && self.entry.syntax.name(name) == "Error").then_some(of)
    }

    /// The error whose text stands there. Part of a text is told only where no other error says the same.
    fn sentinel_of(&self, id: ExprId, search: bool) -> Option<Arc<str>> {
        if let Some(of) = self.error_of(id) {
            // What a remote side was told of a context arrives as text alone.
            return self.named_error(of).filter(|path| !search || !path.starts_with("context."));
        }
        let Expr::Literal(Literal::Text(number)) = self.entry.syntax.expr(id) else { return None };
        let text = self.entry.syntax.text(number);
        let (path, _) = TEXTS.iter().find(|(_, says)| *says == text)?;
        (!search || text.contains(": ")).then(|| (*path).into())
    }

    /// The path of an error's variable: of the standard library, or of the repository.
    fn named_error(&self, id: ExprId) -> Option<Arc<str>> {
        if let Expr::Name(name) = self.entry.syntax.expr(id)
            && self.flow.locals.contains_key(&name)
        {
            return None;
        }
        match self.names.get(&self.entry.syntax.span(id).end)? {
            Target::Outside(path) => {
                let path = self.world.words.shared(*path);
                TEXTS.iter().any(|(known, _)| *known == &*path).then_some(path)
            }
            Target::Ours(decl) => {
                let of = self.world.decl(*decl);
                let name = self.world.words.get(of.name);
                let named = name.strip_prefix("Err").or_else(|| name.strip_prefix("err"));
                let is_error = of.what == What::Var && named.is_some_and(|rest| rest.starts_with(char::is_uppercase));
                is_error.then(|| self.world.path_of(*decl).into())
            }
            _ => None,
        }
    }
}
