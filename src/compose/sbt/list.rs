//! Methods of lists, sets and maps; a map is a list of pairs.

use super::machine::Machine;
use super::value::{Argument, Value};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// Lists longer than this are computed by a loop of somebody's, not written.
const MAX_LENGTH: usize = 10_000;

pub(super) fn method(
    machine: &mut Machine<'_>,
    list: &Rc<Vec<Value>>,
    name: &str,
    args: &[Argument],
    span: Span,
) -> Value {
    let first = args.first().map(|arg| &arg.value);
    match (name, first) {
        ("++" | ":::" | "concat" | "union" | "|" | "++:", Some(other)) => {
            let (a, b) = if name == ":::" || name == "++:" {
                (other.elements(), list.to_vec())
            } else {
                (list.to_vec(), other.elements())
            };
            bounded(a.into_iter().chain(b).collect())
        }
        (":+" | "+", Some(value)) => bounded(list.iter().cloned().chain([value.clone()]).collect()),
        ("+:" | "::", Some(value)) => bounded(std::iter::once(value.clone()).chain(list.iter().cloned()).collect()),
        ("map", Some(function)) => {
            Value::list(list.iter().map(|v| machine.call_with(function, v.clone(), span)).collect())
        }
        ("flatMap", Some(function)) => {
            let each = list.iter().map(|v| machine.call_with(function, v.clone(), span).elements());
            bounded(each.collect::<Vec<_>>().concat())
        }
        ("mapValues", Some(function)) => {
            let each = list.iter().map(|pair| match pair {
                Value::Tuple(parts) if parts.len() == 2 => {
                    let value = machine.call_with(function, parts[1].clone(), span);
                    Value::Tuple(Rc::new(vec![parts[0].clone(), value]))
                }
                other => other.clone(),
            });
            Value::list(each.collect())
        }
        ("collect", Some(function)) => {
            let each = list.iter().map(|v| machine.call_with(function, v.clone(), span));
            let each = each.filter(|v| !matches!(v, Value::Unknown(u) if &*u.why == "no case holds"));
            Value::list(each.collect())
        }
        ("filter" | "withFilter" | "filterNot", Some(function)) => {
            filtered(machine, list, function, name != "filterNot", span)
        }
        ("find", Some(function)) => match first_that(machine, list, function, true, span) {
            Ok(found) => found.map_or(Value::Nothing, |v| Value::Some(Rc::new(v))),
            Err(unknown) => unknown,
        },
        ("exists", Some(function)) => match first_that(machine, list, function, true, span) {
            Ok(found) => Value::Bool(found.is_some()),
            Err(unknown) => unknown,
        },
        ("forall", Some(function)) => match first_that(machine, list, function, false, span) {
            Ok(found) => Value::Bool(found.is_none()),
            Err(unknown) => unknown,
        },
        ("contains", Some(wanted)) => {
            let is = |v: &Value| match v {
                Value::Tuple(pair) => pair.first().and_then(|key| key.equals(wanted)),
                other => other.equals(wanted),
            };
            let each: Option<Vec<bool>> = list.iter().map(is).collect();
            each.map_or_else(
                || Value::unknown("whether a list has it is not known"),
                |all| Value::Bool(all.contains(&true)),
            )
        }
        ("get", Some(key)) => entry(list, key).map_or(Value::Nothing, |v| Value::Some(Rc::new(v))),
        ("getOrElse", Some(key)) => {
            let default = args.get(1).map_or(Value::Unit, |arg| arg.value.clone());
            entry(list, key).unwrap_or(default)
        }
        ("apply", Some(Value::Number(n))) => usize::try_from(*n)
            .ok()
            .and_then(|n| list.get(n).cloned())
            .or_else(|| entry(list, &Value::Number(*n)))
            .unwrap_or_else(|| Value::unknown("an element that a list does not have")),
        ("apply", Some(key)) => entry(list, key).unwrap_or_else(|| Value::unknown("an entry that is not known")),
        ("take", Some(Value::Number(n))) => {
            Value::list(list.iter().take(usize::try_from(*n).unwrap_or(0)).cloned().collect())
        }
        ("drop", Some(Value::Number(n))) => {
            Value::list(list.iter().skip(usize::try_from(*n).unwrap_or(0)).cloned().collect())
        }
        ("mkString", _) => joined(list, first, span),
        ("head", _) => list.first().cloned().unwrap_or_else(|| Value::unknown("the first of no elements")),
        ("last", _) => list.last().cloned().unwrap_or_else(|| Value::unknown("the last of no elements")),
        ("headOption", _) => list.first().map_or(Value::Nothing, |v| Value::Some(Rc::new(v.clone()))),
        ("lastOption", _) => list.last().map_or(Value::Nothing, |v| Value::Some(Rc::new(v.clone()))),
        ("tail", _) => Value::list(list.iter().skip(1).cloned().collect()),
        ("init", _) => Value::list(list.iter().take(list.len().saturating_sub(1)).cloned().collect()),
        ("reverse", _) => Value::list(list.iter().rev().cloned().collect()),
        ("flatten", _) => bounded(list.iter().flat_map(Value::elements).collect()),
        ("isEmpty", _) => Value::Bool(list.is_empty()),
        ("nonEmpty", _) => Value::Bool(!list.is_empty()),
        ("size" | "length", _) => Value::count(list.len()),
        ("keys" | "keySet", _) => Value::list(list.iter().map(|v| part(v, 0)).collect()),
        ("values", _) => Value::list(list.iter().map(|v| part(v, 1)).collect()),
        (
            "toSeq" | "toList" | "toSet" | "toMap" | "toVector" | "toArray" | "distinct" | "sorted" | "value" | "seq",
            _,
        ) => Value::List(list.clone()),
        _ => Value::unknown(format!("`{name}` of a list is not computed")),
    }
}

fn bounded(values: Vec<Value>) -> Value {
    if values.len() > MAX_LENGTH { Value::unknown("a list of very many elements") } else { Value::list(values) }
}

fn filtered(machine: &mut Machine<'_>, list: &[Value], function: &Value, wanted: bool, span: Span) -> Value {
    let mut kept = Vec::new();
    for value in list {
        match machine.call_with(function, value.clone(), span) {
            Value::Bool(b) if b == wanted => kept.push(value.clone()),
            Value::Bool(_) => {}
            other => return Value::unknown(other.why()),
        }
    }
    Value::list(kept)
}

/// The first element for which a function gives this answer.
fn first_that(
    machine: &mut Machine<'_>,
    list: &[Value],
    function: &Value,
    wanted: bool,
    span: Span,
) -> Result<Option<Value>, Value> {
    for value in list {
        match machine.call_with(function, value.clone(), span) {
            Value::Bool(b) if b == wanted => return Ok(Some(value.clone())),
            Value::Bool(_) => {}
            other => return Err(Value::unknown(other.why())),
        }
    }
    Ok(None)
}

fn part(value: &Value, at: usize) -> Value {
    match value {
        Value::Tuple(parts) => parts.get(at).cloned(),
        _ => None,
    }
    .unwrap_or_else(|| Value::unknown("a part of a map"))
}

/// A map's value; `None` where the key is not there, an unknown value where that cannot be told.
fn entry(list: &[Value], key: &Value) -> Option<Value> {
    // The last entry of a key is the one that holds.
    for pair in list.iter().rev() {
        let Value::Tuple(parts) = pair else { return Some(Value::unknown("an entry that is not known")) };
        let (Some(name), Some(value)) = (parts.first(), parts.get(1)) else { continue };
        match name.equals(key) {
            Some(true) => return Some(value.clone()),
            Some(false) => {}
            None => return Some(Value::unknown("an entry that is not known")),
        }
    }
    None
}

fn joined(list: &[Value], separator: Option<&Value>, span: Span) -> Value {
    let mut parts: Vec<Traced> = Vec::new();
    for value in list {
        if let (Some(Value::Text(separator)), false) = (separator, parts.is_empty()) {
            parts.push(Traced::clone(separator));
        }
        match value {
            Value::Text(text) => parts.push(Traced::clone(text)),
            Value::Number(n) => parts.push(Traced::literal(n.to_string(), span)),
            other => return Value::unknown(other.why()),
        }
    }
    Value::text(Traced::concat(span, parts))
}
