//! Values that differ between the evaluations of a build: what all 64 need is computed once for each distinct value.

use crate::fact::Variants;
use crate::source::Traced;
use std::sync::Arc;

/// A text, or why it is not known. Shared, because thousands of modules inherit the same texts.
pub type Text = Result<Arc<Traced>, Arc<str>>;

/// A value for each evaluation: sets of evaluations that share none, each with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases<T> {
    cases: Vec<(Variants, T)>,
}

impl<T> Default for Cases<T> {
    fn default() -> Self {
        Self { cases: Vec::new() }
    }
}

impl<T: PartialEq> Cases<T> {
    /// The same value in all these evaluations.
    pub fn one(variants: Variants, value: T) -> Self {
        Self { cases: vec![(variants, value)] }
    }

    /// Adds a value for evaluations that have none yet.
    pub fn add(&mut self, variants: Variants, value: T) {
        if variants.is_empty() {
            return;
        }
        match self.cases.iter_mut().find(|(_, known)| *known == value) {
            Some((seen, _)) => *seen = seen.or(variants),
            None => self.cases.push((variants, value)),
        }
    }

    /// The same, the value of the first evaluation first.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.cases.sort_by_key(|(variants, _)| variants.0.trailing_zeros());
        self
    }

    /// The values with the evaluations they hold in.
    pub fn iter(&self) -> impl Iterator<Item = (Variants, &T)> {
        self.cases.iter().map(|(variants, value)| (*variants, value))
    }

    /// The values that hold in some of these evaluations.
    pub fn within(&self, variants: Variants) -> impl Iterator<Item = (Variants, &T)> {
        self.iter().map(move |(v, value)| (v.and(variants), value)).filter(|(v, _)| !v.is_empty())
    }

    /// The value of one evaluation.
    pub fn at(&self, evaluation: usize) -> Option<&T> {
        self.iter().find(|(variants, _)| variants.has(evaluation)).map(|(_, value)| value)
    }
}

impl<T> IntoIterator for Cases<T> {
    type Item = (Variants, T);
    type IntoIter = std::vec::IntoIter<(Variants, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.cases.into_iter()
    }
}

/// The evaluations of the first set that are not in the second.
pub(super) fn without(variants: Variants, other: Variants) -> Variants {
    Variants(variants.0 & !other.0)
}

/// The names between `${` and `}`.
pub(super) fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
