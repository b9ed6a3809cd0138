//! Functions of texts. What only cuts or joins keeps each byte's origin.

use crate::compose::helm::text::{Text, escaped};
use crate::compose::helm::value::{Map, Value};
use crate::compose::helm::{encoding, yaml};
use crate::source::Span;
use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;

/// The longest text that a function repeats or indents into being.
const MAX_LEN: usize = 1 << 20;

pub(super) fn call(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let last = arguments.last()?;
    match name {
        "indent" | "nindent" => return indented(name, arguments, site),
        "print" | "println" | "printf" | "cat" | "join" => return joined(name, arguments, site),
        "quote" | "squote" => return quoted(name, arguments, site),
        "toYaml" | "toYamlPretty" => return Some(yaml::written(last, site).map_or(Value::Unknown, Value::Str)),
        "fromYaml" | "fromYamlArray" | "fromJson" | "fromJsonArray" | "mustFromJson" => {
            return yaml::read(&last.known()?);
        }
        "toJson" | "toRawJson" | "toPrettyJson" | "mustToJson" | "mustToRawJson" | "mustToPrettyJson" => {
            return Some(yaml::json(last, site).map_or(Value::Unknown, Value::Str));
        }
        _ => {}
    }
    if matches!(last, Value::Str(text) if !text.is_known()) {
        return None;
    }
    let text = last.known()?;
    cut(name, arguments, &text)
        .or_else(|| searched(name, arguments, &text, site))
        .or_else(|| turned(name, arguments, &text, site))
}

fn number(value: Option<&Value>) -> Option<usize> {
    match value? {
        Value::Int(number, _) => usize::try_from(*number).ok(),
        _ => None,
    }
}

fn known(value: Option<&Value>) -> Option<Text> {
    value.and_then(Value::known)
}

fn indented(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let [by, value] = arguments else { return None };
    let (by, text) = (number(Some(by))?, value.printed()?);
    if by.saturating_mul(text.as_str().lines().count()) > MAX_LEN {
        return None;
    }
    let text = text.indented(by, site);
    Some(Value::Str(if name == "nindent" { Text::made("\n", site).then(&text) } else { text }))
}

/// Functions that leave a part of the text.
fn cut(name: &str, arguments: &[Value], text: &Text) -> Option<Value> {
    let own = text.as_str();
    let first = || known(arguments.first().filter(|_| arguments.len() == 2));
    let part = match name {
        "trim" => own.trim(),
        "trimAll" => own.trim_matches(|c| first().is_some_and(|set| set.as_str().contains(c))),
        "trimall" => own.trim_matches(|c| first().is_some_and(|set| set.as_str().contains(c))),
        "regexFind" | "mustRegexFind" => {
            let [pattern, text] = arguments else { return None };
            let (pattern, text) = (pattern.known()?, text.known()?);
            let found = regex(pattern.as_str())?.find(text.as_str()).map(|found| text.slice(found.range()));
            return Some(Value::Str(found.unwrap_or_default()));
        }
        "trimSuffix" => own.strip_suffix(first()?.as_str()).unwrap_or(own),
        "trimPrefix" => own.strip_prefix(first()?.as_str()).unwrap_or(own),
        "toString" => own,
        "trunc" => {
            let [Value::Int(len, _), _] = arguments else { return None };
            let bytes = usize::try_from(len.unsigned_abs()).ok()?;
            match bytes.min(own.len()) {
                bytes if *len < 0 => own.get(own.len() - bytes..)?,
                bytes => own.get(..bytes)?,
            }
        }
        "substr" => {
            let (Value::Int(from, _), Value::Int(to, _)) = (arguments.first()?, arguments.get(1)?) else { return None };
            let start = usize::try_from(*from).unwrap_or(0).min(own.len());
            let end = usize::try_from(*to).unwrap_or(own.len()).clamp(start, own.len());
            own.get(start..end)?
        }
        "regexSplit" | "mustRegexSplit" => {
            let [pattern, text, Value::Int(-1, _)] = arguments else { return None };
            let (pattern, text) = (regex(pattern.known()?.as_str())?, text.known()?);
            let parts = pattern.split(text.as_str()).map(|part| Value::Str(text.part(part)));
            return Some(Value::list(parts.collect()));
        }
        "splitn" => {
            let [by, Value::Int(count, _), text] = arguments else { return None };
            return Some(split(&by.known()?, usize::try_from(*count).ok()?, &text.known()?));
        }
        "split" | "splitList" => return Some(pieces(name, &first()?, text)),
        _ => return None,
    };
    Some(Value::Str(text.part(part)))
}

/// What a text is split into: a list, or a mapping of `_0`, `_1`.
fn pieces(name: &str, by: &Text, text: &Text) -> Value {
    let parts = text.as_str().split(by.as_str()).map(|part| text.part(part));
    if name == "splitList" {
        return Value::list(parts.map(Value::Str).collect());
    }
    split(by, usize::MAX, text)
}

/// A mapping of `_0`, `_1` and so on.
fn split(by: &Text, count: usize, text: &Text) -> Value {
    let parts = text.as_str().splitn(count, by.as_str()).map(|part| text.part(part));
    let mut map = Map::default();
    for (i, part) in parts.enumerate() {
        let origin = part.origin().or_else(|| text.origin());
        let Some(origin) = origin else { continue };
        map.set(Text::made(format!("_{i}"), origin), Value::Str(part));
    }
    Value::map(map)
}

/// Functions that ask something of a text.
fn searched(name: &str, arguments: &[Value], text: &Text, site: Span) -> Option<Value> {
    let [first, _] = arguments else { return None };
    let (first, own) = (first.known()?, text.as_str());
    let first = first.as_str();
    let holds = match name {
        "contains" => own.contains(first),
        "hasPrefix" => own.starts_with(first),
        "hasSuffix" => own.ends_with(first),
        "regexMatch" | "mustRegexMatch" => regex(first)?.is_match(own),
        _ => return None,
    };
    Some(Value::bool(holds, site))
}

/// Functions that make another text.
fn turned(name: &str, arguments: &[Value], text: &Text, site: Span) -> Option<Value> {
    let own = text.as_str();
    let argument = |at: usize| known(arguments.get(at).filter(|_| at + 1 < arguments.len()));
    let made = match name {
        "upper" => own.to_uppercase(),
        "lower" => own.to_lowercase(),
        "title" => own.split_inclusive(' ').map(capital).collect(),
        "untitle" | "nospace" => own.chars().filter(|c| name == "untitle" || !c.is_whitespace()).collect(),
        "replace" => {
            let (old, new) = (argument(0)?, argument(1)?);
            let count = own.matches(old.as_str()).count();
            (count.saturating_mul(new.as_str().len()) <= MAX_LEN).then(|| own.replace(old.as_str(), new.as_str()))?
        }
        "snakecase" => cased(own, '_'),
        "kebabcase" => cased(own, '-'),
        "camelcase" => own.split(['_', '-', ' ']).map(capital).collect(),
        "urlquery" | "html" if own.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) => own.to_owned(),
        "regexReplaceAll" | "regexReplaceAllLiteral" | "mustRegexReplaceAll" | "mustRegexReplaceAllLiteral" => {
            return replaced(name, arguments, site);
        }
        "repeat" => {
            let times = number(arguments.first())?;
            let fits = times.saturating_mul(own.len()) <= MAX_LEN;
            fits.then(|| own.repeat(times))?
        }
        "b64enc" => encoding::base64(own.as_bytes()),
        "b64dec" => encoding::from_base64(own)?,
        _ => return None,
    };
    Some(Value::Str(text.turned(made, site)))
}

/// Words with a mark between them: a capital letter begins one.
fn cased(text: &str, mark: char) -> String {
    let mut made = String::new();
    let mut last = mark;
    for c in text.chars() {
        if matches!(c, ' ' | '-' | '_') {
            made.push(mark);
        } else {
            if c.is_uppercase() && last.is_lowercase() {
                made.push(mark);
            }
            made.extend(c.to_lowercase());
        }
        last = c;
    }
    made
}

/// How many compiled patterns a thread keeps; charts have a handful each.
const MAX_PATTERNS: usize = 64;

thread_local! {
    /// Patterns by their texts: helpers compile the same few for each object.
    static PATTERNS: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// A pattern of a bounded size: Go's syntax is nearly Rust's.
fn regex(pattern: &str) -> Option<Regex> {
    PATTERNS.with_borrow_mut(|known| {
        if known.len() >= MAX_PATTERNS && !known.contains_key(pattern) {
            known.clear();
        }
        let compile = || RegexBuilder::new(pattern).size_limit(1 << 20).build().ok();
        known.entry(pattern.to_owned()).or_insert_with(compile).clone()
    })
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `regexReplaceAll pattern text replacement`.
fn replaced(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let [pattern, text, with] = arguments else { return None };
    let (pattern, text, with) = (pattern.known()?, text.known()?, with.known()?);
    let pattern = regex(pattern.as_str())?;
    if text.as_str().len().saturating_mul(with.as_str().len()) > MAX_LEN * 64 {
        return None;
    }
    let made = if name.ends_with("Literal") {
        pattern.replace_all(text.as_str(), regex::NoExpand(with.as_str())).into_owned()
    } else {
        pattern.replace_all(text.as_str(), with.as_str()).into_owned()
    };
    Some(Value::Str(text.turned(made, site)))
}

fn quoted(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let mut all = Text::default();
    for value in arguments.iter().filter(|value| !matches!(value, Value::Nil)) {
        let text = value.known()?;
        if !all.is_empty() {
            all.append(&Text::made(" ", site));
        }
        let mark = if name == "quote" { "\"" } else { "'" };
        let own = text.as_str();
        let needs_escapes = name == "quote" && own.contains(['"', '\\', '\n', '\t', '\r']);
        let inner = if needs_escapes { text.turned(escaped(own), site) } else { text.clone() };
        all.append(&Text::made(mark, site));
        all.append(&inner);
        all.append(&Text::made(mark, site));
    }
    Some(Value::Str(all))
}

fn joined(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    let blank = Text::made(" ", site);
    let mut all = Text::default();
    match name {
        "printf" => return formatted(arguments, site),
        "join" => {
            let [by, Value::List(items)] = arguments else { return known(arguments.last()).map(Value::Str) };
            let by = by.known()?;
            if by.as_str().len().saturating_mul(items.len()) > MAX_LEN {
                return None;
            }
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    all.append(&Text::made(by.as_str(), by.origin().unwrap_or(site)));
                }
                all.append(&item.known()?);
            }
        }
        "print" => {
            for (i, value) in arguments.iter().enumerate() {
                let are_texts = i > 0 && [&arguments[i - 1], value].iter().any(|v| matches!(v, Value::Str(_)));
                if i > 0 && !are_texts {
                    all.append(&blank);
                }
                all.append(&value.known()?);
            }
        }
        _ => {
            for (i, value) in arguments.iter().enumerate() {
                if i > 0 {
                    all.append(&blank);
                }
                all.append(&value.known()?);
            }
            if name == "println" {
                all.append(&Text::made("\n", site));
            }
        }
    }
    Some(Value::Str(all))
}

/// `printf` with the verbs that charts use.
fn formatted(arguments: &[Value], site: Span) -> Option<Value> {
    let (format, values) = arguments.split_first()?;
    let format = format.known()?;
    let mut values = values.iter();
    let (mut all, mut rest) = (Text::default(), format.as_str());
    while let Some(at) = rest.find('%') {
        all.append(&format.part(&rest[..at]));
        let verb = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + verb.len_utf8()..];
        if verb == '%' {
            all.append(&Text::made("%", site));
            continue;
        }
        let value = values.next()?;
        match (verb, value) {
            ('d', Value::Int(..)) | ('t', Value::Bool(..)) | ('v', _) | ('s', Value::Str(_)) => {
                all.append(&value.known().filter(|_| !matches!(value, Value::Nil))?);
            }
            ('q', _) => {
                let Value::Str(text) = quoted("quote", std::slice::from_ref(value), site)? else { return None };
                all.append(&text);
            }
            _ => return None,
        }
    }
    all.append(&format.part(rest));
    Some(Value::Str(all))
}
