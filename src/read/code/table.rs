//! The names of a file that stand for one text: given a value once, by something that the text tells.

use super::Value;
use std::collections::HashMap;

/// How often a name may lead to another.
const MAX_HOPS: usize = 8;

/// How many bytes values may bring into other values in one file: values of values double with each line.
const MAX_BYTES: usize = 1 << 20;

/// Assignments, by name and the function they stand in (0 for the file itself). What is assigned twice is unknown.
#[derive(Debug)]
pub(super) struct Names<E> {
    given: HashMap<(usize, String), Option<E>>,
    budget: usize,
    hops: usize,
}

impl<E: Copy> Names<E> {
    pub(super) fn new() -> Self {
        Self { given: HashMap::new(), budget: MAX_BYTES, hops: 0 }
    }

    /// Notes an assignment; `None` where the value cannot be told.
    pub(super) fn give(&mut self, scope: usize, name: &str, value: Option<E>) {
        let known = self.given.entry((scope, name.to_owned()));
        known.and_modify(|first| *first = None).or_insert(value);
    }

    /// The expression that a name stands for, inside a function or, where that says nothing, in the file.
    pub(super) fn find(&self, scope: usize, name: &str) -> Option<E> {
        let inner = (scope != 0).then(|| self.given.get(&(scope, name.to_owned()))).flatten();
        inner.or_else(|| self.given.get(&(0, name.to_owned()))).copied().flatten()
    }

    /// Whether one more name may be followed.
    pub(super) fn enter(&mut self) -> bool {
        let may = self.hops < MAX_HOPS;
        self.hops += usize::from(may);
        may
    }

    /// A name was followed; whether its value may be used once more. It is then counted.
    pub(super) fn leave(&mut self, value: &Value) -> bool {
        self.hops = self.hops.saturating_sub(1);
        let left = self.budget.checked_sub(size(value));
        self.budget = left.unwrap_or(0);
        left.is_some()
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Plain(text) => 1 + text.as_str().len(),
        Value::List(items) => items.iter().map(size).sum::<usize>() + 1,
        Value::Map(entries) => entries.iter().map(|(key, value)| size(key) + size(value)).sum::<usize>() + 1,
        Value::Partly(_, shape) => 1 + shape.len(),
        Value::Unknown(_) => 1,
    }
}
