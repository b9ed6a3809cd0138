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
    /// What mappings are with all that they hold, if anything is new, since the last write: nearly every function asks.
    settled: HashMap<usize, (Arc<Map>, Option<Value>)>,
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
            self.settled.clear();
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
        let new = if self.is_empty() { None } else { self.news(value, MAX_DEPTH, &mut { MAX_VALUES }) };
        new.unwrap_or_else(|| value.clone())
    }

    /// What a value is by now where that is not what it was.
    fn news(&mut self, value: &Value, depth: usize, left: &mut usize) -> Option<Value> {
        // A mapping may have been written into itself.
        if *left == 0 || depth == 0 {
            return Some(Value::Unknown);
        }
        *left -= 1;
        match value {
            Value::Map(map) => {
                if let Some((_, known)) = self.settled.get(&place(map)) {
                    return known.clone();
                }
                let new = self.news_of(map, depth, left);
                self.settled.insert(place(map), (Arc::clone(map), new.clone()));
                new
            }
            Value::List(items) => {
                let new: Vec<Option<Value>> = items.iter().map(|item| self.news(item, depth - 1, left)).collect();
                new.iter().any(Option::is_some).then(|| {
                    Value::list(
                        new.into_iter()
                            .zip(items.iter())
                            .map(|(new, old)| new.unwrap_or_else(|| old.clone()))
                            .collect(),
                    )
                })
            }
            _ => None,
        }
    }

    fn news_of(&mut self, old: &Arc<Map>, depth: usize, left: &mut usize) -> Option<Value> {
        let map = self.latest(old);
        let mut changed: Option<Map> = None;
        for (key, value) in map.entries.values() {
            if let Some(new) = self.news(value, depth - 1, left) {
                changed.get_or_insert_with(|| Map::clone(&map)).set(key.clone(), new);
            }
        }
        let is_new = !Arc::ptr_eq(&map, old);
        changed.map(Value::map).or_else(|| is_new.then_some(Value::Map(map)))
    }
}
