//! Mappings that functions wrote into: whoever holds one sees what it has become.

use super::value::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How many values are looked at to see the writes inside a value.
const MAX_VALUES: usize = 100_000;

/// How deep.
const MAX_DEPTH: usize = 64;

/// What mappings have become, by where they lie; the old ones are kept so that no other takes their place.
#[derive(Debug, Default)]
pub(super) struct Writes {
    by_place: HashMap<usize, (Arc<Map>, Arc<Map>)>,
}

fn place(map: &Arc<Map>) -> usize {
    Arc::as_ptr(map) as usize
}

impl Writes {
    pub(super) fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }

    /// Says that a mapping is another one now.
    pub(super) fn write(&mut self, old: &Arc<Map>, new: Arc<Map>) {
        let old = self.latest(old);
        if !Arc::ptr_eq(&old, &new) {
            self.by_place.insert(place(&old), (old, new));
        }
    }

    fn latest(&mut self, map: &Arc<Map>) -> Arc<Map> {
        let (mut passed, mut last) = (Vec::new(), Arc::clone(map));
        while let Some((_, next)) = self.by_place.get(&place(&last)) {
            passed.push(place(&last));
            last = Arc::clone(next);
        }
        // The next one who asks finds it at once.
        passed.pop();
        for place in passed {
            if let Some((_, next)) = self.by_place.get_mut(&place) {
                *next = Arc::clone(&last);
            }
        }
        last
    }

    /// What a value is by now; what it holds may still be of old.
    pub(super) fn current(&mut self, value: &Value) -> Value {
        match value {
            Value::Map(map) if !self.is_empty() => Value::Map(self.latest(map)),
            other => other.clone(),
        }
    }

    /// What a value is by now, with all that it holds.
    pub(super) fn settled(&mut self, value: &Value) -> Value {
        if self.is_empty() { value.clone() } else { self.settled_at(value, MAX_DEPTH, &mut { MAX_VALUES }) }
    }

    fn settled_at(&mut self, value: &Value, depth: usize, left: &mut usize) -> Value {
        // A mapping may have been written into itself.
        if *left == 0 || depth == 0 {
            return Value::Unknown;
        }
        *left -= 1;
        match value {
            Value::Map(map) => {
                let map = self.latest(map);
                let mut changed: Option<Map> = None;
                for (key, value) in map.entries.values() {
                    let new = self.settled_at(value, depth - 1, left);
                    if !new.is_same(value) {
                        changed.get_or_insert_with(|| Map::clone(&map)).set(key.clone(), new);
                    }
                }
                changed.map_or(Value::Map(map), Value::map)
            }
            Value::List(items) => {
                let new: Vec<Value> = items.iter().map(|item| self.settled_at(item, depth - 1, left)).collect();
                let is_same = new.iter().zip(items.iter()).all(|(new, old)| new.is_same(old));
                if is_same { value.clone() } else { Value::list(new) }
            }
            other => other.clone(),
        }
    }
}
