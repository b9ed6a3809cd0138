//! Which Go module a file belongs to.

use super::Project;
use crate::fact::{Ecosystem, PartId, PartKind};
use crate::source::{FileId, folder_of};

impl Project {
    /// The Go module that a file is built with: the nearest one above it.
    pub fn go_module_of(&self, file: FileId) -> Option<PartId> {
        let folder = folder_of(self.path(file));
        let is_above = |above: &str| {
            above.is_empty() || folder.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let modules = self.facts.parts().filter(|(_, part)| {
            let is_go = matches!(&part.kind, PartKind::Module(module) if module.ecosystem == Ecosystem::Go);
            is_go && is_above(&part.folder)
        });
        modules.max_by_key(|(_, part)| part.folder.len()).map(|(id, _)| id)
    }
}
