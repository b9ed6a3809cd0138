//! Functions of lists and mappings.

use crate::compose::helm::value::{Map, Value, filled};
use crate::source::Span;
use std::sync::Arc;

/// The longest list.
const MAX_ITEMS: usize = 10_000;

pub(super) fn call(name: &str, arguments: &[Value], site: Span) -> Option<Value> {
    match (name, arguments) {
        ("dict", _) => Some(dict(arguments)),
        ("list" | "tuple", _) => Some(Value::list(arguments.to_vec())),
        ("deepCopy" | "mustDeepCopy", [value]) => Some(value.copied()),
        ("pluck", [key, maps @ ..]) => {
            let key = key.known()?;
            let found = maps.iter().map(|map| match map {
                Value::Map(map) => Some(map.get(key.as_str())),
                Value::Nil => Some(Value::Nil),
                _ => None,
            });
            let found: Vec<Value> = found.collect::<Option<_>>()?;
            Some(Value::list(found.into_iter().filter(|value| !matches!(value, Value::Nil)).collect()))
        }
        ("len", [Value::List(items)]) => Some(Value::int(i64::try_from(items.len()).ok()?, site)),
        ("len", [Value::Map(map)]) if !map.is_open => Some(Value::int(i64::try_from(map.entries.len()).ok()?, site)),
        ("len", [value]) => Some(Value::int(i64::try_from(value.known()?.as_str().len()).ok()?, site)),
        ("index", [value, keys @ ..]) => keys.iter().try_fold(value.clone(), |value, key| indexed(&value, key)),
        ("get", [Value::Map(map), key]) => Some(map.get(key.known()?.as_str())),
        ("dig", [keys @ .., default, value]) => {
            let found = keys.iter().try_fold(value.clone(), |value, key| indexed(&value, key))?;
            Some(if matches!(found, Value::Nil) { default.clone() } else { found })
        }
        ("get", [Value::Nil, _]) => Some(Value::text("", site)),
        ("hasKey", [Value::Nil, _]) => Some(Value::bool(false, site)),
        ("keys" | "values", [Value::Nil]) => Some(Value::list(Vec::new())),
        ("keys", [first @ Value::Map(_), rest @ ..]) if !rest.is_empty() => {
            let mut all = Vec::new();
            for map in std::iter::once(first).chain(rest) {
                let Value::Map(map) = map else { return None };
                if map.is_open {
                    return None;
                }
                all.extend(map.entries.values().map(|(key, _)| Value::Str(key.clone())));
            }
            Some(Value::list(all))
        }
        ("hasKey", [Value::Map(map), key]) => match map.get(key.known()?.as_str()) {
            Value::Unknown if map.is_open => None,
            _ => Some(Value::bool(map.entries.contains_key(key.known()?.as_str()), site)),
        },
        ("has", [item, Value::List(items)]) => {
            let same: Option<Vec<bool>> = items.iter().map(|other| item.equals(other)).collect();
            Some(Value::bool(same?.into_iter().any(|same| same), site))
        }
        ("merge" | "mustMerge", [first, rest @ ..]) => Some(merged(first, rest, false)),
        ("mergeOverwrite" | "mustMergeOverwrite", [first, rest @ ..]) => Some(merged(first, rest, true)),
        ("set", [Value::Map(map), key, value]) => {
            let mut map = Map::clone(map);
            map.set(key.known()?, value.clone());
            Some(Value::map(map))
        }
        ("unset", [Value::Map(map), key]) => {
            let mut map = Map::clone(map);
            map.entries.remove(key.known()?.as_str());
            Some(Value::map(map))
        }
        ("pick" | "omit", [Value::Map(map), keys @ ..]) => {
            let keys: Vec<_> = keys.iter().map(Value::known).collect::<Option<_>>()?;
            let mut map = Map::clone(map);
            map.entries.retain(|own, _| keys.iter().any(|key| key.as_str() == &**own) == (name == "pick"));
            Some(Value::map(map))
        }
        ("keys", [Value::Map(map)]) if !map.is_open => {
            Some(Value::list(map.entries.values().map(|(key, _)| Value::Str(key.clone())).collect()))
        }
        ("values", [Value::Map(map)]) if !map.is_open => {
            Some(Value::list(map.entries.values().map(|(_, value)| value.clone()).collect()))
        }
        _ => listed(name, arguments),
    }
}

fn listed(name: &str, arguments: &[Value]) -> Option<Value> {
    let items = |value: &Value| match value {
        Value::List(items) => Some(Arc::clone(items)),
        Value::Nil => Some(Arc::default()),
        _ => None,
    };
    match (name, arguments) {
        ("first" | "mustFirst", [list]) => Some(items(list)?.first().cloned().unwrap_or_default()),
        ("last" | "mustLast", [list]) => Some(items(list)?.last().cloned().unwrap_or_default()),
        ("rest" | "mustRest", [list]) => Some(Value::list(items(list)?.iter().skip(1).cloned().collect())),
        ("initial" | "mustInitial", [list]) => {
            let items = items(list)?;
            Some(Value::list(items.iter().take(items.len().saturating_sub(1)).cloned().collect()))
        }
        ("append" | "mustAppend", [list, item]) => {
            Some(Value::list(items(list)?.iter().cloned().chain([item.clone()]).collect()))
        }
        ("prepend" | "mustPrepend", [list, item]) => {
            Some(Value::list(std::iter::once(item.clone()).chain(items(list)?.iter().cloned()).collect()))
        }
        ("concat", lists) => {
            let lists: Vec<_> = lists.iter().map(items).collect::<Option<_>>()?;
            if lists.iter().map(|list| list.len()).sum::<usize>() > MAX_ITEMS {
                return None;
            }
            Some(Value::list(lists.iter().flat_map(|list| list.iter().cloned()).collect()))
        }
        ("without" | "mustWithout", [list, without @ ..]) => {
            let mut kept = Vec::new();
            for item in items(list)?.iter() {
                let same: Option<Vec<bool>> = without.iter().map(|other| item.equals(other)).collect();
                if !same?.contains(&true) {
                    kept.push(item.clone());
                }
            }
            Some(Value::list(kept))
        }
        ("slice" | "mustSlice", [list, bounds @ ..]) => {
            let items = items(list)?;
            let bound = |at: usize, default: usize| match bounds.get(at) {
                Some(Value::Int(number, _)) => usize::try_from(*number).ok(),
                Some(_) => None,
                None => Some(default),
            };
            Some(Value::list(items.get(bound(0, 0)?..bound(1, items.len())?)?.to_vec()))
        }
        ("reverse" | "mustReverse", [list]) => Some(Value::list(items(list)?.iter().rev().cloned().collect())),
        ("compact" | "mustCompact", [list]) => {
            let items = items(list)?;
            let kept: Option<Vec<bool>> = items.iter().map(Value::truth).collect();
            let kept = items.iter().zip(kept?).filter(|(_, keep)| *keep).map(|(item, _)| item.clone());
            Some(Value::list(kept.collect()))
        }
        ("uniq" | "mustUniq", [list]) => {
            let mut found: Vec<Value> = Vec::new();
            let items = items(list)?;
            if items.len() > 1000 {
                return None;
            }
            for item in items.iter() {
                let same: Option<Vec<bool>> = found.iter().map(|other| item.equals(other)).collect();
                if !same?.into_iter().any(|same| same) {
                    found.push(item.clone());
                }
            }
            Some(Value::list(found))
        }
        ("sortAlpha", [list]) => {
            let mut texts: Vec<_> = items(list)?.iter().map(Value::known).collect::<Option<_>>()?;
            texts.sort_by(|a, b| a.as_str().cmp(b.as_str()));
            Some(Value::list(texts.into_iter().map(Value::Str).collect()))
        }
        _ => None,
    }
}

fn indexed(value: &Value, key: &Value) -> Option<Value> {
    match (value, key) {
        (Value::List(items), Value::Int(at, _)) => items.get(usize::try_from(*at).ok()?).cloned(),
        (Value::Map(map), key) => Some(map.get(key.known()?.as_str())),
        (Value::Nil, _) => Some(Value::Nil),
        _ => None,
    }
}

/// `merge` keeps what is there already, `mergeOverwrite` does not.
fn merged(first: &Value, rest: &[Value], overwrites: bool) -> Value {
    let is_map = |value: &Value| matches!(value, Value::Map(_) | Value::Nil);
    if !is_map(first) || !rest.iter().all(is_map) {
        return Value::Unknown;
    }
    let start = if matches!(first, Value::Nil) { Value::map(Map::default()) } else { first.clone() };
    rest.iter().filter(|value| matches!(value, Value::Map(_))).fold(start, |all, value| filled(&all, value, overwrites))
}

/// A mapping of keys and values in turn.
fn dict(arguments: &[Value]) -> Value {
    let mut map = Map::default();
    for pair in arguments.chunks(2) {
        match pair.first().and_then(Value::known) {
            Some(key) => map.set(key, pair.get(1).cloned().unwrap_or_default()),
            None => map.is_open = true,
        }
    }
    Value::map(map)
}
