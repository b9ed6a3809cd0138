//! What Python projects claim: requirement files and `pyproject.toml`.

use crate::fact::Facts;
use crate::read::requirements::Requirement;
use crate::read::tree::Tree;
use crate::source::{FileId, Source};

/// The facts of a requirements file.
pub fn claim_requirements(_file: FileId, _source: &Source, _requirements: &[Requirement]) -> Facts {
    Facts::default()
}

/// The facts of a `pyproject.toml`.
pub fn claim_pyproject(_source: &Source, _tree: &Tree) -> Facts {
    Facts::default()
}
