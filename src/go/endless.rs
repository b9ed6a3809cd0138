//! Loops without a way out.

use super::syntax::{Branch, Decl, Expr, ExprId, Stmt, Syntax, Unary};

/// The first loop of some statements that nothing ends, by where it starts.
pub(super) fn endless(syntax: &Syntax, list: &[Stmt]) -> Option<u32> {
    list.iter().find_map(|statement| match statement {
        Stmt::For { condition, body, start, .. } => {
            let always = condition.is_none_or(|condition| is_true(syntax, condition));
            (always && !Exit { syntax }.list(body, true)).then_some(*start)
        }
        Stmt::Block(inner) => endless(syntax, inner),
        Stmt::Labeled(inner) => endless(syntax, std::slice::from_ref(inner)),
        _ => None,
    })
}

fn is_true(syntax: &Syntax, condition: ExprId) -> bool {
    matches!(syntax.expr(condition), Expr::Name(name) if syntax.name(name) == "true")
}

/// Looks for anything that may end a loop, or make it wait for somebody else's word.
struct Exit<'s> {
    syntax: &'s Syntax,
}

impl Exit<'_> {
    /// `own` while a `break` ends the loop that is looked at.
    fn list(&self, list: &[Stmt], own: bool) -> bool {
        list.iter().any(|statement| self.statement(statement, own))
    }

    fn statement(&self, statement: &Stmt, own: bool) -> bool {
        let maybe = |inner: &Option<Box<Stmt>>| inner.as_deref().is_some_and(|inner| self.statement(inner, own));
        let asked = |expr: &Option<ExprId>| expr.is_some_and(|expr| self.expr(expr));
        let all = |list| self.syntax.list(list).iter().any(|expr| self.expr(*expr));
        match statement {
            Stmt::Return(..) | Stmt::Branch(Branch::Label) | Stmt::Select(_) | Stmt::Send(..) => true,
            Stmt::Branch(Branch::Break) => own,
            Stmt::Branch(_) => false,
            Stmt::Expr(expr) | Stmt::Defer(expr) | Stmt::Go(expr) => self.expr(*expr),
            Stmt::Assign(left, right) | Stmt::Define(left, right) => all(*left) || all(*right),
            Stmt::Block(list) => self.list(list, own),
            Stmt::Decl(lines) => lines.iter().any(|line| matches!(line, Decl::Value(value) if all(value.values))),
            Stmt::Labeled(inner) => self.statement(inner, own),
            Stmt::If { before, condition, then, otherwise } => {
                maybe(before) || asked(condition) || self.list(then, own) || maybe(otherwise)
            }
            Stmt::Switch { before, of, cases } => {
                maybe(before) || asked(of) || cases.iter().any(|case| all(case.values) || self.list(&case.body, false))
            }
            Stmt::TypeSwitch { before, of, cases, .. } => {
                maybe(before) || self.expr(*of) || cases.iter().any(|case| self.list(&case.body, false))
            }
            Stmt::For { before, condition, after, body, .. } => {
                maybe(before) || asked(condition) || maybe(after) || self.list(body, false)
            }
            Stmt::Range { over, body, .. } => self.expr(*over) || self.list(body, false),
        }
    }

    /// Channels, contexts, and calls that end the goroutine or the program; what a closure does may be any of it.
    fn expr(&self, root: ExprId) -> bool {
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            match self.syntax.expr(id) {
                Expr::Unary(Unary::Receive, _) => return true,
                Expr::Name(name) if Self::may_end(self.syntax.name(name)) => return true,
                Expr::Closure { body, .. } if self.list(self.syntax.body(body), false) => return true,
                Expr::Selector { of, name } => {
                    if Self::may_end(self.syntax.name(name)) {
                        return true;
                    }
                    open.push(of);
                }
                Expr::Call { of, arguments, .. } => {
                    open.push(of);
                    open.extend(self.syntax.list(arguments));
                }
                Expr::Composite { elements, .. } => open.extend(self.syntax.list(elements)),
                Expr::Index { of, by } | Expr::Slice { of, by } => {
                    open.push(of);
                    open.extend(self.syntax.list(by));
                }
                Expr::Pair(a, b) | Expr::Binary(_, a, b) => open.extend([a, b]),
                Expr::Unary(_, of) | Expr::Paren(of) | Expr::Star(of) | Expr::Assert { of, .. } => open.push(of),
                _ => {}
            }
        }
        false
    }

    fn may_end(name: &str) -> bool {
        const WORDS: [&str; 14] = [
            "accept", "ctx", "context", "done", "exit", "fatal", "must", "panic", "quit", "recv", "shutdown", "stop",
            "wait", "select",
        ];
        let lower = name.to_ascii_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    }
}
