//! Methods of texts. Parts of a text keep the places they were written at.

use super::value::{Argument, Value};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// Longer patterns are not compiled.
const MAX_PATTERN: usize = 256;

pub(super) fn method(text: &Rc<Traced>, name: &str, args: &[Argument], span: Span) -> Value {
    let value = text.as_str();
    let first = args.first().map(|arg| &arg.value);
    let word = first.and_then(Value::as_text);
    let number = match first {
        Some(Value::Number(n)) => usize::try_from(*n).ok(),
        _ => None,
    };
    let part = |range: std::ops::Range<usize>| match value.get(range.clone()) {
        Some(_) => Value::text(text.slice(range)),
        None => Value::unknown("a part that the text does not have"),
    };
    match (name, word, number) {
        ("+" | "concat", Some(_), _) => match first {
            Some(Value::Text(other)) => Value::text(Traced::concat(span, [Traced::clone(text), Traced::clone(other)])),
            _ => Value::Unit,
        },
        ("+", None, Some(n)) => {
            Value::text(Traced::concat(span, [Traced::clone(text), Traced::literal(n.to_string(), span)]))
        }
        ("startsWith", Some(word), _) => Value::Bool(value.starts_with(word)),
        ("endsWith", Some(word), _) => Value::Bool(value.ends_with(word)),
        ("contains", Some(word), _) => Value::Bool(value.contains(word)),
        ("equalsIgnoreCase", Some(word), _) => Value::Bool(value.eq_ignore_ascii_case(word)),
        ("compareTo" | "compare", Some(word), _) => Value::Number(value.cmp(word) as i64),
        (">" | "<" | ">=" | "<=", Some(word), _) => Value::Bool(match name {
            ">" => value > word,
            "<" => value < word,
            ">=" => value >= word,
            _ => value <= word,
        }),
        ("isEmpty", ..) => Value::Bool(value.is_empty()),
        ("nonEmpty", ..) => Value::Bool(!value.is_empty()),
        ("split", Some(separator), _) => split(text, separator),
        ("stripPrefix", Some(prefix), _) => part(value.strip_prefix(prefix).map_or(0, |_| prefix.len())..value.len()),
        ("stripSuffix", Some(suffix), _) => part(0..value.strip_suffix(suffix).map_or(value.len(), str::len)),
        ("take", None, Some(n)) => part(0..n.min(value.len())),
        ("drop", None, Some(n)) => part(n.min(value.len())..value.len()),
        ("dropRight", None, Some(n)) => part(0..value.len().saturating_sub(n)),
        ("takeRight", None, Some(n)) => part(value.len().saturating_sub(n)..value.len()),
        ("substring", None, Some(from)) => match args.get(1).map(|arg| &arg.value) {
            Some(Value::Number(to)) => part(from..usize::try_from(*to).unwrap_or(0).max(from)),
            _ => part(from.min(value.len())..value.len()),
        },
        ("indexOf", Some(word), _) => value.find(word).map_or(Value::Number(-1), Value::count),
        ("lastIndexOf", Some(word), _) => value.rfind(word).map_or(Value::Number(-1), Value::count),
        ("length" | "size", ..) => Value::count(value.len()),
        ("trim" | "strip", ..) => Value::text(text.trim()),
        ("toString" | "intern" | "value" | "stripMargin" | "get", ..) => Value::Text(text.clone()),
        ("toInt" | "toLong", ..) => value.parse().map_or_else(|_| Value::unknown("no number"), Value::Number),
        ("toBoolean", ..) => value.parse().map_or_else(|_| Value::unknown("no truth value"), Value::Bool),
        ("toLowerCase", ..) => changed(text, value.to_lowercase()),
        ("toUpperCase", ..) => changed(text, value.to_uppercase()),
        ("replace", Some(from), _) => match args.get(1).and_then(|arg| arg.value.as_text()) {
            Some(to) => changed(text, value.replace(from, to)),
            None => Value::unknown("a replaced text"),
        },
        ("format", ..) => format(text, args, span),
        ("r", ..) => pattern(value).map_or_else(|| Value::unknown("a pattern"), |p| Value::Pattern(Rc::new(p))),
        ("matches", Some(word), _) => match pattern(word) {
            Some(pattern) => Value::Bool(pattern.is_match(value)),
            None => Value::unknown("a pattern"),
        },
        ("map" | "filter", ..) => Value::unknown("a text that is computed by code that is not followed"),
        ("/", ..) => Value::Path(None),
        _ => Value::unknown(format!("`{name}` of a text is not computed")),
    }
}

/// A pattern that fits a whole text.
fn pattern(text: &str) -> Option<regex::Regex> {
    (text.len() <= MAX_PATTERN).then(|| regex::Regex::new(&format!("^(?:{text})$")).ok()).flatten()
}

/// A text that is another by computation: it stands where the first stood, but not letter by letter.
fn changed(text: &Traced, value: String) -> Value {
    if value == text.as_str() {
        Value::text(text.clone())
    } else {
        Value::text(Traced::concat(text.written(), [Traced::literal(value, text.span())]))
    }
}

fn split(text: &Rc<Traced>, separator: &str) -> Value {
    // A separator is a pattern; only those that stand for one character are known.
    let separator = match separator {
        "\\." | "[.]" | "." => '.',
        "-" => '-',
        "_" => '_',
        "/" => '/',
        ":" => ':',
        "," => ',',
        " " | "\\s+" => ' ',
        _ => return Value::unknown("a text that is split by a pattern"),
    };
    let mut at = 0;
    let part = |piece: &str| {
        let start = at;
        at += piece.len() + separator.len_utf8();
        Value::text(text.slice(start..start + piece.len()))
    };
    Value::list(text.as_str().split(separator).map(part).collect())
}

/// `"a-%s".format(b)`.
fn format(text: &Rc<Traced>, args: &[Argument], span: Span) -> Value {
    let value = text.as_str();
    let (mut parts, mut at) = (Vec::new(), 0);
    let mut args = args.iter();
    while let Some(found) = value.get(at..).and_then(|rest| rest.find("%s")) {
        parts.push(text.slice(at..at + found));
        match args.next().map(|arg| &arg.value) {
            Some(Value::Text(text)) => parts.push(Traced::clone(text)),
            Some(Value::Number(n)) => parts.push(Traced::literal(n.to_string(), span)),
            _ => return Value::unknown("a text that is formatted with a value that is not known"),
        }
        at += found + 2;
    }
    if value.get(at..).is_some_and(|rest| rest.contains('%')) {
        return Value::unknown("a text that is formatted");
    }
    parts.push(text.slice(at..value.len()));
    Value::text(Traced::concat(span, parts))
}

/// `CrossVersion.partialVersion`: the first two numbers.
pub(super) fn partial_version(version: &Value) -> Value {
    let Value::Text(text) = version else { return Value::unknown(version.why()) };
    let mut numbers = text.as_str().split(['.', '-']).map(str::parse::<i64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => {
            let pair = Value::Tuple(Rc::new(vec![Value::Number(major), Value::Number(minor)]));
            Value::Some(Rc::new(pair))
        }
        _ => Value::Nothing,
    }
}
