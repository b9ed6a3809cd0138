//! Where a custom resource differs from what its definition allows.

use crate::finding::Edit;
use crate::source::{Span, Traced};

/// A difference between a custom resource and its definition.
#[derive(Debug, Clone)]
pub struct Deviation {
    /// The resource: `SparkApplication/prod/etl`.
    pub object: String,
    /// Group and version of its API.
    pub api: String,
    /// The path of the field: `spec.driver.coreLimit`.
    pub path: String,
    /// What differs.
    pub what: Difference,
}

/// What differs.
#[derive(Debug, Clone)]
pub enum Difference {
    /// The definition has no such field.
    Unknown {
        /// The field's name.
        key: Traced,
        /// A field of the same mapping that is called almost so.
        near: Option<&'static str>,
        /// That field is surely meant, is not there yet and would take the value.
        is_misspelt: bool,
        /// Paths of fields with exactly this name, the nearest first.
        elsewhere: Vec<String>,
        /// The API group whose resource of this kind has such a field in this place.
        group: Option<&'static str>,
    },
    /// Fields are not there that have to be.
    Missing {
        /// The key of the mapping that lacks them.
        at: Span,
        /// Their names.
        names: Vec<&'static str>,
    },
    /// The value is of another type.
    Mistyped {
        /// The value's place.
        at: Span,
        /// Its text, where it is a scalar.
        text: Option<Traced>,
        /// What it is read as.
        found: &'static str,
        /// What the definition asks for.
        wanted: String,
        /// A text is asked for, and quotes make one.
        quotes: Option<Edit>,
        /// It is a setting's value, of Spark or of Hadoop.
        is_setting: bool,
    },
}
