//! Service files: how libraries make themselves known to Spark and Hadoop, and who has one of which name.

use crate::read::keyed::Keyed;
use crate::read::tree::Node;

/// A library that has a file below `META-INF/services`.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The file's name.
    pub file: String,
    /// `group:artifact` without the Scala suffix, `*` at its end for any rest.
    pub library: String,
    /// The artefact in which the file was seen.
    pub source: String,
}

impl Provider {
    /// Whether this is the library of a group and name.
    pub fn is(&self, group: &str, name: &str) -> bool {
        let Some((own_group, own_name)) = self.library.split_once(':') else { return false };
        own_group == group && own_name.strip_suffix('*').map_or(own_name == name, |start| name.starts_with(start))
    }
}

/// Reads the providers of a table.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Vec<Provider> {
    let provider = |keyed: &mut Keyed, table: Node<'_>| {
        keyed.only(table, "a service", &["file", "provider", "source"]);
        let mut text = |key| keyed.required(table, "a service", key).map(|text| text.as_str().to_owned());
        Some(Provider { file: text("file")?, library: text("provider")?, source: text("source")? })
    };
    keyed.tables(root, "service").into_iter().filter_map(|table| provider(keyed, table)).collect()
}
