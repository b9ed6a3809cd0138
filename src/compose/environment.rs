//! Files of variables by their path: compose fills its own file in with `.env` beside it, and gives services what `env_file` names.

use crate::read::shell::Given;
use crate::read::{Body, Document};
use crate::source::{Sources, Traced};
use std::collections::HashMap;

/// All files of variables.
#[derive(Debug, Default)]
pub struct Environment {
    files: HashMap<String, Vec<(Traced, Traced)>>,
}

/// Gathers them.
pub fn compose(sources: &Sources, documents: &[Document]) -> Environment {
    let of = |document: &Document| match &document.body {
        Body::Environment(variables) => Some((sources.path(document.file).to_owned(), variables.clone())),
        _ => None,
    };
    Environment { files: documents.iter().filter_map(of).collect() }
}

impl Environment {
    /// The variables of a file; none where it was not read.
    pub fn file(&self, path: &str) -> Option<&[(Traced, Traced)]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// What fills in the compose files of a folder.
    pub fn given(&self, folder: &str) -> Given {
        let variables = crate::source::join(folder, ".env").and_then(|path| self.file(&path)).unwrap_or_default();
        variables.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    }
}
