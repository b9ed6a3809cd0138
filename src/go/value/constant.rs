//! Values that are written out: constants, durations and sums of them.

use super::{Argument, Binary, DeclId, Entry, Expr, ExprId, Literal, Made, Value, What, World};
use crate::go::syntax::Syntax;
use crate::source::Span;
use std::sync::Arc;

pub(super) fn made(path: Arc<str>, whole: Span, arguments: Vec<Argument>) -> Value {
    Value::Made(Box::new(Made { path, whole, arguments }))
}

/// A constant of the repository, where its own line says it.
pub(super) fn constant(world: &World<'_>, decl: DeclId, fuel: usize) -> Option<(Value, Option<Span>)> {
    let fuel = fuel.checked_sub(1)?;
    let decl = world.decl(decl);
    let entry = world.files.get(decl.file as usize)?;
    let line = World::value_decl(entry, decl).filter(|line| decl.what == What::Const && !line.repeats)?;
    let id = *entry.syntax.list(line.values).get(decl.place as usize)?;
    let span = entry.syntax.span(id);
    let inner = Span { start: span.start + 1, end: span.end.saturating_sub(1), ..span };
    let is_text = matches!(entry.syntax.expr(id), Expr::Literal(Literal::Text(_))) && span.end >= span.start + 2;
    Some((plain(world, entry, id, fuel), Some(if is_text { inner } else { span })))
}

/// A value of literals and other constants of its package.
fn plain(world: &World<'_>, entry: &Entry, id: ExprId, fuel: usize) -> Value {
    match entry.syntax.expr(id) {
        Expr::Literal(literal) => written(&entry.syntax, literal),
        Expr::Paren(of) => plain(world, entry, of, fuel),
        Expr::Binary(what, left, right) => {
            let Some(fuel) = fuel.checked_sub(1) else { return Value::Unknown };
            joined(what, plain(world, entry, left, fuel), plain(world, entry, right, fuel))
        }
        Expr::Name(name) => {
            let decl = world.declared(entry.package, entry.word(name), Some(entry));
            match (decl, entry.syntax.name(name)) {
                (Some(decl), _) => constant(world, decl, fuel).map_or(Value::Unknown, |(value, _)| value),
                (None, "true") => Value::Bool(true),
                (None, "false") => Value::Bool(false),
                _ => Value::Unknown,
            }
        }
        Expr::Selector { of, name } => match entry.syntax.expr(of) {
            Expr::Name(package) if entry.syntax.name(package) == "time" => {
                let path = format!("time.{}", entry.syntax.name(name));
                unit_of_time(&path).map_or(Value::Unknown, Value::Number)
            }
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

pub(super) fn written(syntax: &Syntax, literal: Literal) -> Value {
    match literal {
        Literal::Text(number) => Value::Text(syntax.text(number).into()),
        Literal::Int(number) | Literal::Float(number) => {
            number_of(syntax.text(number)).map_or(Value::Unknown, Value::Number)
        }
        Literal::Imaginary | Literal::Char => Value::Unknown,
    }
}

fn number_of(text: &str) -> Option<f64> {
    let plain = text.replace('_', "").to_ascii_lowercase();
    for (mark, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(mark) {
            return u32::from_str_radix(digits, base).ok().map(f64::from);
        }
    }
    plain.parse().ok()
}

pub(super) fn joined(what: Binary, left: Value, right: Value) -> Value {
    match (what, left, right) {
        (Binary::Plus, Value::Text(a), Value::Text(b)) if a.len() + b.len() < 4096 => {
            Value::Text(format!("{a}{b}").into())
        }
        (Binary::Plus, Value::Text(a) | Value::Begins(a), _) => Value::Begins(a),
        (Binary::Plus, Value::Number(a), Value::Number(b)) => Value::Number(a + b),
        (Binary::Times, Value::Number(a), Value::Number(b)) => Value::Number(a * b),
        _ => Value::Unknown,
    }
}

/// Nanoseconds.
pub(super) fn unit_of_time(path: &str) -> Option<f64> {
    Some(match path {
        "time.Nanosecond" => 1.0,
        "time.Microsecond" => 1e3,
        "time.Millisecond" => 1e6,
        "time.Second" => 1e9,
        "time.Minute" => 60e9,
        "time.Hour" => 3600e9,
        _ => return None,
    })
}
