//! What code does with the libraries that rules look into.

pub mod column;
pub mod histogram;
pub mod http;

use super::Facts;
pub use crate::go::site::{Argument, Deed, Fate, Imported, Made, Site, Value};
pub use crate::go::tag::{Shape, Tagged};
pub use crate::go::trouble::{Trouble, TroubleKind, Unreleased};
use std::sync::Arc;

/// A place that rules look into, with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeSite {
    /// What is done.
    pub site: Site,
    /// The function or the variables that it stands in.
    pub function: String,
    /// It is the value of a variable of the package.
    pub is_global: bool,
    /// The import path of the package.
    pub package: Arc<str>,
    /// It stands in a test, an example or generated code.
    pub is_aside: bool,
}

/// Something that is wrong in a function, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeTrouble {
    /// What.
    pub trouble: Trouble,
    /// The function.
    pub function: String,
    /// The import path of the package.
    pub package: Arc<str>,
}

impl Facts {
    /// What code that is deployed does: no tests, examples or generated files.
    pub fn code_sites(&self) -> impl Iterator<Item = &CodeSite> {
        self.sites.iter().filter(|site| !site.is_aside)
    }
}

impl CodeSite {
    /// Whether another one stands in the same function.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.site.span.file == other.site.span.file && self.function == other.function && self.package == other.package
    }

    /// What it is about, without line numbers.
    pub fn subject(&self) -> String {
        format!("{}/{}/{}", self.package, self.function, self.site.path)
    }
}
