//! Conditions, comparisons and defaults.

use super::version;
use crate::compose::helm::text::Text;
use crate::compose::helm::value::Value;
use crate::source::Span;
use std::cmp::Ordering;

pub(super) fn call(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let bool = |value: Option<bool>| Some(value.map_or(Value::Unknown, |value| Value::bool(value, site)));
    match (name, arguments) {
        ("not", [value]) => bool(value.truth().map(|truth| !truth)),
        ("and", [_, ..]) => Some(chosen(arguments, false)),
        ("or", [_, ..]) => Some(chosen(arguments, true)),
        ("eq", [first, rest @ ..]) => bool(any(rest.iter().map(|other| first.equals(other)))),
        ("ne", [a, b]) => bool(a.equals(b).map(|same| !same)),
        ("lt", [a, b]) => bool(compared(a, b).map(Ordering::is_lt)),
        ("le", [a, b]) => bool(compared(a, b).map(Ordering::is_le)),
        ("gt", [a, b]) => bool(compared(a, b).map(Ordering::is_gt)),
        ("ge", [a, b]) => bool(compared(a, b).map(Ordering::is_ge)),
        ("default", [default, value]) => Some(match value.truth() {
            None => Value::Unknown,
            Some(true) => value.clone(),
            Some(false) => default.clone(),
        }),
        ("coalesce", values) => Some(chosen_or_nil(values)),
        ("ternary", [yes, no, condition]) => Some(match condition.truth() {
            None => Value::Unknown,
            Some(true) => yes.clone(),
            Some(false) => no.clone(),
        }),
        ("empty", [value]) => bool(value.truth().map(|truth| !truth)),
        ("required", [_, value]) => {
            let is_given = !matches!(value, Value::Nil) && value.known().is_none_or(|text| !text.is_empty());
            Some(if is_given { value.clone() } else { Value::Unknown })
        }
        // Other values would not fail; what stands around holds for them.
        ("fail", _) => Some(Value::Str(Text::default())),
        ("kindIs" | "typeIs", [kind, value]) => {
            let (kind, own) = (kind.known()?, value.kind());
            bool(own.map(|own| matches(name, kind.as_str(), own)))
        }
        ("semverCompare", [constraint, version]) => {
            bool(version::fits(constraint.known()?.as_str(), version.known()?.as_str()))
        }
        ("deepEqual", [a, b]) => bool(a.equals(b)),
        ("typeOf", [value]) => Some(match value.kind() {
            None => Value::Unknown,
            Some("map") => Value::text("map[string]interface {}", site),
            Some("slice") => Value::text("[]interface {}", site),
            Some("invalid") => Value::text("<nil>", site),
            // Numbers of files are all of this type.
            Some("int64") => Value::text("float64", site),
            Some(kind) => Value::text(kind, site),
        }),
        ("all", values) => bool(any(values.iter().map(|value| value.truth().map(|truth| !truth))).map(|some| !some)),
        ("any", values) => bool(any(values.iter().map(Value::truth))),
        ("kindOf", [value]) => Some(value.kind().map_or(Value::Unknown, |kind| Value::text(kind, site))),
        _ => None,
    }
}

/// Whether Go calls a value's kind or type so. Which of its number types one has depends on the file that it stands in.
fn matches(function: &str, asked: &str, own: &str) -> bool {
    match asked {
        "map[string]interface {}" | "map[string]interface{}" => own == "map" && function == "typeIs",
        "[]interface {}" | "[]interface{}" => own == "slice" && function == "typeIs",
        "int" | "int64" | "float64" | "number" => matches!(own, "int64" | "float64"),
        _ => asked == own,
    }
}

/// The first value that decides an `and` (`when` false) or an `or` (`when` true), else the last.
fn chosen(values: &[Value], when: bool) -> Value {
    let mut last = Value::Unknown;
    for value in values {
        match value.truth() {
            None => {
                // A later value may still decide, but which value it is then is not known.
                let decides = values.iter().any(|other| other.truth() == Some(when));
                let is_plain = !when && decides;
                return if is_plain {
                    values.iter().find(|v| v.truth() == Some(false)).cloned().unwrap_or_default()
                } else {
                    Value::Unknown
                };
            }
            Some(truth) if truth == when => return value.clone(),
            Some(_) => last = value.clone(),
        }
    }
    last
}

fn chosen_or_nil(values: &[Value]) -> Value {
    for value in values {
        match value.truth() {
            None => return Value::Unknown,
            Some(true) => return value.clone(),
            Some(false) => {}
        }
    }
    Value::Nil
}

/// Whether one of them holds; not known where none does and one is not known.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}

fn compared(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) if a.is_known() && b.is_known() => Some(a.as_str().cmp(b.as_str())),
        (Value::Int(..) | Value::Float(..), Value::Int(..) | Value::Float(..)) => a.number()?.partial_cmp(&b.number()?),
        _ => None,
    }
}
