//! Statements and expressions, piece by piece.

use super::syntax::{Decl, Expr, ExprId, Stmt, Syntax};

/// A part of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'s> {
    Expr(ExprId),
    Block(&'s [Stmt]),
}

/// What a statement is made of, in the order of its text.
pub(super) fn pieces<'s>(syntax: &'s Syntax, statement: &'s Stmt) -> Vec<Piece<'s>> {
    let mut found = Vec::new();
    let each = |found: &mut Vec<Piece<'s>>, list| found.extend(syntax.list(list).iter().copied().map(Piece::Expr));
    let one = |found: &mut Vec<Piece<'s>>, inner: &'s Option<Box<Stmt>>| {
        found.extend(inner.as_deref().map(|inner| Piece::Block(std::slice::from_ref(inner))));
    };
    match statement {
        Stmt::Expr(expr) | Stmt::Go(expr) | Stmt::Defer(expr) => found.push(Piece::Expr(*expr)),
        Stmt::Send(to, value) => found.extend([Piece::Expr(*to), Piece::Expr(*value)]),
        Stmt::Assign(left, right) | Stmt::Define(left, right) => {
            each(&mut found, *left);
            each(&mut found, *right);
        }
        Stmt::Return(values, _) => each(&mut found, *values),
        Stmt::Branch(_) => {}
        Stmt::Block(list) => found.push(Piece::Block(list)),
        Stmt::Decl(lines) => {
            for line in lines {
                if let Decl::Value(value) = line {
                    each(&mut found, value.values);
                }
            }
        }
        Stmt::Labeled(inner) => found.push(Piece::Block(std::slice::from_ref(&**inner))),
        Stmt::If { before, condition, then, otherwise } => {
            one(&mut found, before);
            found.extend(condition.map(Piece::Expr));
            found.push(Piece::Block(then));
            one(&mut found, otherwise);
        }
        Stmt::Switch { before, of, cases } => {
            one(&mut found, before);
            found.extend(of.map(Piece::Expr));
            for case in cases {
                each(&mut found, case.values);
                found.push(Piece::Block(&case.body));
            }
        }
        Stmt::TypeSwitch { before, of, cases, .. } => {
            one(&mut found, before);
            found.push(Piece::Expr(*of));
            found.extend(cases.iter().map(|case| Piece::Block(&case.body)));
        }
        Stmt::Select(cases) => {
            for case in cases {
                found.extend(case.on.as_ref().map(|on| Piece::Block(std::slice::from_ref(on))));
                found.push(Piece::Block(&case.body));
            }
        }
        Stmt::For { before, condition, after, body, .. } => {
            one(&mut found, before);
            found.extend(condition.map(Piece::Expr));
            one(&mut found, after);
            found.push(Piece::Block(body));
        }
        Stmt::Range { left, over, body, .. } => {
            each(&mut found, *left);
            found.push(Piece::Expr(*over));
            found.push(Piece::Block(body));
        }
    }
    found
}

/// What an expression is made of, in the order of its text; bodies of closures aside.
pub(super) fn parts(syntax: &Syntax, id: ExprId) -> Vec<ExprId> {
    let mut found = Vec::new();
    match syntax.expr(id) {
        Expr::Call { of, arguments, .. } => {
            found.push(of);
            found.extend(syntax.list(arguments));
        }
        Expr::Composite { elements, .. } => found.extend(syntax.list(elements)),
        Expr::Index { of, by } | Expr::Slice { of, by } => {
            found.push(of);
            found.extend(syntax.list(by));
        }
        Expr::Pair(key, value) => {
            // A bare name is a field in most literals.
            found.extend(Some(key).filter(|key| !matches!(syntax.expr(*key), Expr::Name(_))));
            found.push(value);
        }
        Expr::Binary(_, left, right) => found.extend([left, right]),
        Expr::Unary(_, of) | Expr::Paren(of) | Expr::Star(of) | Expr::Selector { of, .. } | Expr::Assert { of, .. } => {
            found.push(of);
        }
        _ => {}
    }
    found
}

/// The statements around each other, outermost first: this list, and all lists within it; closures aside.
pub(super) fn blocks<'s>(syntax: &'s Syntax, list: &'s [Stmt]) -> Vec<&'s [Stmt]> {
    let mut found = vec![list];
    let mut at = 0;
    while let Some(list) = found.get(at).copied() {
        for statement in list {
            found.extend(pieces(syntax, statement).into_iter().filter_map(|piece| match piece {
                Piece::Block(block) => Some(block),
                Piece::Expr(_) => None,
            }));
        }
        at += 1;
    }
    found
}
