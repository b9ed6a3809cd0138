//! A small analyser of Rust source: source in, resolved references out.

use crate::read::Reading;
use crate::source::FileId;

/// What a file refers to.
#[derive(Debug, Clone, Default)]
pub struct File {}

/// Resolves a file's references.
pub fn read(_file: FileId, _text: &str) -> Reading<File> {
    Reading { body: File::default(), comments: Vec::new(), losses: Vec::new() }
}
