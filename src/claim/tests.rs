//! What the tests of several kinds of claims share.

use super::claim;
use crate::compose;
use crate::fact::Facts;
use crate::read;
use crate::source::{FileId, Format, Location, Source, Sources};
use crate::table::BUILT_IN;

/// What a repository of one file claims.
pub(crate) fn facts(path: &str, format: Format, text: &str) -> Facts {
    let location = Location::Memory(std::sync::Arc::from(text.as_bytes()));
    let source = Source { path: path.into(), location, format };
    let document = read::read_text(FileId(0), &source, text, false);
    let sources = Sources::new("/".into(), vec![source]);
    claim(&sources, &compose::compose(&sources, vec![document]), &BUILT_IN)
}
