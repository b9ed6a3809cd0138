//! Java properties and `spark-defaults.conf`.

use super::Reading;
use crate::source::FileId;

/// One key and its value.
#[derive(Debug, Clone)]
pub struct Property {}

/// Reads the text.
pub fn read(_file: FileId, _text: &str) -> Reading<Vec<Property>> {
    Reading { body: Default::default(), comments: Vec::new(), losses: Vec::new() }
}
