//! Values of two places put together, as Helm and sprig do it, and with every switch on.

use super::{MAX_DEPTH, MAX_VALUES, Map, Value};
use crate::compose::helm::text::Text;

/// Lays one mapping over another, as a further values file lies over the chart's own: `null` takes a key away.
pub(in crate::compose::helm) fn overlay(below: &Value, above: &Value) -> Value {
    overlay_at(below, above, 0, &mut { MAX_VALUES })
}

fn overlay_at(below: &Value, above: &Value, depth: usize, left: &mut usize) -> Value {
    let (Value::Map(a), Value::Map(b)) = (below, above) else { return above.clone() };
    if *left < b.entries.len() {
        return Value::Unknown;
    }
    *left -= b.entries.len();
    let mut map = Map::clone(a);
    map.is_open |= b.is_open;
    for (name, (key, value)) in &b.entries {
        let merged = match a.entries.get(name) {
            _ if matches!(value, Value::Nil) => {
                map.entries.remove(name);
                continue;
            }
            Some((_, old)) if depth < MAX_DEPTH => overlay_at(old, value, depth + 1, left),
            _ => value.clone(),
        };
        map.put(name.clone(), key.clone(), merged);
    }
    map.from = b.from.or(a.from);
    Value::map(map)
}

/// Fills a mapping from another one, as `merge` does it: what is empty there is taken from here, or all, with `overwrites`.
pub(in crate::compose::helm) fn filled(into: &Value, from: &Value, overwrites: bool) -> Value {
    filled_at(into, from, overwrites, 0, &mut { MAX_VALUES })
}

fn filled_at(into: &Value, from: &Value, overwrites: bool, depth: usize, left: &mut usize) -> Value {
    let (Value::Map(a), Value::Map(b)) = (into, from) else { return into.clone() };
    if *left < b.entries.len() || depth >= MAX_DEPTH {
        return Value::Unknown;
    }
    *left -= b.entries.len();
    let mut map = Map::clone(a);
    map.is_open |= b.is_open;
    for (name, (key, value)) in &b.entries {
        let merged = match (a.entries.get(name).map(|(_, old)| old), value) {
            (None, _) if a.is_open && !overwrites => Value::Unknown,
            (Some(_), Value::Nil) if !overwrites => continue,
            (Some(old @ Value::Map(_)), Value::Map(_)) => filled_at(old, value, overwrites, depth + 1, left),
            (Some(_), _) if overwrites => value.clone(),
            (Some(old), _) => match old.truth() {
                Some(true) => continue,
                Some(false) => value.clone(),
                None => Value::Unknown,
            },
            (None, _) => value.clone(),
        };
        map.put(name.clone(), key.clone(), merged);
    }
    Value::map(map)
}

/// The same values with everything on that has a switch of its own; None where all is on.
pub(in crate::compose::helm) fn switched_on(values: &Value) -> Option<Value> {
    switched_on_at(values, 0)
}

fn switched_on_at(values: &Value, depth: usize) -> Option<Value> {
    let Value::Map(map) = values else { return None };
    let mut all = None;
    for (name, (key, value)) in &map.entries {
        let on = match value {
            Value::Bool(false, text) if matches!(&**name, "enabled" | "create") => {
                text.origin().map(|origin| Value::Bool(true, Text::made("true", origin)))
            }
            Value::Map(_) if depth < MAX_DEPTH => switched_on_at(value, depth + 1),
            _ => None,
        };
        if let Some(on) = on {
            all.get_or_insert_with(|| Map::clone(map)).put(name.clone(), key.clone(), on);
        }
    }
    all.map(Value::map)
}
