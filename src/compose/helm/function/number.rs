//! Functions of numbers.

use crate::compose::helm::text::Text;
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
        "mulf" | "divf" | "addf" | "subf" | "round" | "floor" | "ceil" => float(name, arguments, from),
        "seq" => seq(&whole()?, from),
        "untilStep" => {
            let [start, end, step] = whole()?[..] else { return None };
            steps(start, end, step, from)
        }
        "float64" => match arguments {
            [value @ (Value::Int(..) | Value::Float(..))] => Some(value.clone()),
            [value] => Some(Value::Float(value.number()?, value.known()?)),
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

/// Sums of floats; what comes out whole is written as a whole number.
fn float(name: &str, arguments: &[Value], from: Span) -> Option<Value> {
    let numbers: Vec<f64> = arguments.iter().map(Value::number).collect::<Option<_>>()?;
    let (first, rest) = numbers.split_first()?;
    let result = match name {
        "mulf" => rest.iter().fold(*first, |a, b| a * b),
        "divf" => rest.iter().fold(*first, |a, b| a / b),
        "addf" => rest.iter().fold(*first, |a, b| a + b),
        "subf" => rest.iter().fold(*first, |a, b| a - b),
        "floor" => first.floor(),
        "ceil" => first.ceil(),
        _ => {
            let shift = 10_f64.powi(i32::try_from(self::whole(arguments.get(1)?)?).ok()?);
            (first * shift).round() / shift
        }
    };
    result.is_finite().then(|| Value::Float(result, Text::made(result.to_string(), from)))
}

/// `seq`: the numbers as one text.
fn seq(numbers: &[i64], from: Span) -> Option<Value> {
    let (start, step, end) = match *numbers {
        [end] => (1, if end < 1 { -1 } else { 1 }, end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] => (start, step, end),
        _ => return None,
    };
    let Value::List(items) = steps(start, end.checked_add(step.signum())?, step, from)? else { return None };
    let words: Vec<String> = items.iter().filter_map(Value::known).map(|text| text.as_str().to_owned()).collect();
    Some(Value::text(words.join(" "), from))
}

/// The numbers from one on up to another, which is not among them.
fn steps(start: i64, end: i64, step: i64, from: Span) -> Option<Value> {
    let (mut at, mut items) = (start, Vec::new());
    while step != 0 && ((step > 0 && at < end) || (step < 0 && at > end)) {
        items.push(Value::int(at, from));
        at = at.checked_add(step)?;
        if items.len() > 1000 {
            return None;
        }
    }
    Some(Value::list(items))
}

/// A whole number as sprig makes it of anything.
#[allow(clippy::cast_possible_truncation, reason = "templates cut numbers so")]
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number, _) => Some(*number),
        _ => value.number().map(|number| number as i64),
    }
}
