//! Cargo packages with what they inherit from their workspace.

use crate::read::Document;
use crate::source::Sources;

/// The Cargo packages of a repository.
#[derive(Debug, Default)]
pub struct Cargo {}

/// Joins the manifests of a repository.
pub fn compose(_sources: &Sources, _documents: &[Document]) -> Cargo {
    Cargo::default()
}
