//! Functions of numbers.

use crate::compose::helm::value::Value;
use crate::source::Span;

pub(super) fn call(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let from = arguments.iter().find_map(Value::origin).unwrap_or(site);
    let whole = || arguments.iter().map(whole).collect::<Option<Vec<i64>>>();
    let folded = |f: fn(i64, i64) -> Option<i64>| {
        let numbers = whole()?;
        let (first, rest) = numbers.split_first()?;
        rest.iter().try_fold(*first, |a, b| f(a, *b)).map(|number| Value::int(number, from))
    };
    match name {
        "int" | "int64" | "toDecimal" | "atoi" => match arguments {
            [value @ Value::Int(..)] => Some(value.clone()),
            [value] => Some(Value::int(self::whole(value)?, from)),
            _ => None,
        },
        "float64" => match arguments {
            [value @ (Value::Int(..) | Value::Float(..))] => Some(value.clone()),
            _ => None,
        },
        "add" => folded(i64::checked_add),
        "add1" => Some(Value::int(whole()?.first()?.checked_add(1)?, from)),
        "sub" => folded(i64::checked_sub),
        "mul" => folded(i64::checked_mul),
        "div" => folded(i64::checked_div),
        "mod" => folded(i64::checked_rem),
        "max" => folded(|a, b| Some(a.max(b))),
        "min" => folded(|a, b| Some(a.min(b))),
        "until" => {
            let end = whole()?.first().copied().filter(|end| (0..1000).contains(end))?;
            Some(Value::list((0..end).map(|i| Value::int(i, from)).collect()))
        }
        _ => None,
    }
}

/// A whole number as sprig makes it of anything.
#[allow(clippy::cast_possible_truncation, reason = "templates cut numbers so")]
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number, _) => Some(*number),
        _ => value.number().map(|number| number as i64),
    }
}
