//! The fields of a custom resource as it states them, by their paths.

use crate::source::{Span, Traced};

/// The fields that a resource states, below its application's spec.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// In the order written; what an alias or merge key brings stands behind what is written in place.
    pub fields: Vec<StatedField>,
    /// Paths of mappings and lists that something else may write to.
    pub open: Vec<String>,
    /// No patch adds to the resource, and it is none itself.
    pub whole: bool,
}

/// A field that is written.
#[derive(Debug, Clone)]
pub struct StatedField {
    /// `driver.coreLimit`; `driver.volumeMounts[].name` for each item of a list.
    pub path: String,
    /// Its key, or the item of a list.
    pub at: Span,
    /// Its value, where it is a scalar and known.
    pub value: Option<Traced>,
    /// There is nothing behind it: null, an empty list or mapping.
    pub is_empty: bool,
}

impl Stated {
    /// The field of a path, unless it is empty.
    pub fn get(&self, path: &str) -> Option<&StatedField> {
        self.fields.iter().find(|field| field.path == path && !field.is_empty)
    }

    /// All fields of a path that goes through a list, unless they are empty.
    pub fn all<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s StatedField> {
        self.fields.iter().filter(move |field| field.path == path && !field.is_empty)
    }

    /// The value of a field.
    pub fn value(&self, path: &str) -> Option<&Traced> {
        self.get(path)?.value.as_ref()
    }

    /// A setting of `sparkConf`.
    pub fn setting(&self, key: &str) -> Option<&StatedField> {
        self.fields.iter().find(|field| field.path.strip_prefix("sparkConf.") == Some(key))
    }

    /// Whether it is known that nothing writes a field.
    pub fn is_absent(&self, path: &str) -> bool {
        let is_above =
            |open: &String| open.is_empty() || path.strip_prefix(open.as_str()).is_some_and(|r| r.starts_with('.'));
        self.whole && self.get(path).is_none() && !self.open.iter().any(|open| open == path || is_above(open))
    }
}
