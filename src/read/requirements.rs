//! pip requirement lines.

use super::Reading;
use crate::source::FileId;

/// One requirement.
#[derive(Debug, Clone)]
pub struct Requirement {}

/// Reads the text.
pub fn read(_file: FileId, _text: &str) -> Reading<Vec<Requirement>> {
    Reading { body: Default::default(), comments: Vec::new(), losses: Vec::new() }
}
