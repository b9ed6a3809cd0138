//! Methods of options, and of what only the outside could set.

use super::machine::Machine;
use super::value::{Argument, Value};
use crate::source::Span;
use std::rc::Rc;

pub(super) fn method(machine: &mut Machine<'_>, option: &Value, name: &str, args: &[Argument], span: Span) -> Value {
    let first = args.first().map(|arg| &arg.value);
    let inner = match option {
        Value::Some(inner) => Some(Value::clone(inner)),
        _ => None,
    };
    match (name, inner, first) {
        ("getOrElse" | "get" | "value" | "head", Some(inner), _) => inner,
        ("getOrElse", None, Some(default)) => {
            if let Value::Absent(outside) = option {
                machine.remember(outside, default);
            }
            default.clone()
        }
        ("orElse", Some(_), _) => option.clone(),
        ("orElse", None, Some(other)) => {
            if let Value::Absent(outside) = option {
                machine.remember(outside, other);
            }
            other.clone()
        }
        ("map", Some(inner), Some(function)) => Value::Some(Rc::new(machine.call_with(function, inner, span))),
        ("flatMap" | "exists", Some(inner), Some(function)) => machine.call_with(function, inner, span),
        ("map" | "flatMap" | "filter" | "filterNot" | "withFilter" | "collect" | "toSeq" | "toList", None, _)
            if matches!(option, Value::Absent(_) | Value::Nothing) =>
        {
            option.clone()
        }
        ("filter" | "filterNot", Some(inner), Some(function)) => match machine.call_with(function, inner, span) {
            Value::Bool(b) if b == (name == "filter") => option.clone(),
            Value::Bool(_) => Value::Nothing,
            other => Value::unknown(other.why()),
        },
        ("toSeq" | "toList", Some(inner), _) => Value::list(vec![inner]),
        ("isDefined" | "nonEmpty", inner, _) => Value::Bool(inner.is_some()),
        ("isEmpty", inner, _) => Value::Bool(inner.is_none()),
        ("contains", Some(inner), Some(wanted)) => {
            inner.equals(wanted).map_or_else(|| Value::unknown("whether it is that is not known"), Value::Bool)
        }
        ("contains" | "exists", None, _) => Value::Bool(false),
        ("forall", None, _) => Value::Bool(true),
        ("++", ..) => {
            let both = option.elements().into_iter().chain(first.map(Value::elements).unwrap_or_default());
            Value::list(both.collect())
        }
        _ => Value::unknown(option.why()),
    }
}
