//! Effective POMs.

use crate::read::Document;
use crate::source::Sources;

/// The Maven modules of a repository, effective in every evaluation.
#[derive(Debug, Default)]
pub struct Maven {}

/// Joins the POMs of a repository.
pub fn compose(_sources: &Sources, _documents: &[Document]) -> Maven {
    Maven::default()
}
