//! Imports, and the names that packages probably have.

use super::stdlib;
use crate::source::Span;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The import path: `os/exec`.
    pub path: String,
    /// How its names are used.
    pub name: ImportName,
    /// The quoted path.
    pub span: Span,
}

/// How the names of an imported package are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportName {
    /// Under this name, which stands in the file.
    Alias(String),
    /// Under the package's own name, the last part of a standard library path.
    Own(String),
    /// Under the package's own name, which the path does not settle.
    Guessed(Vec<String>),
    /// Without any prefix (`import . "…"`).
    Dot,
    /// Not at all (`import _ "…"`).
    Blank,
}

/// The name of a package imported without an alias.
pub(super) fn own_name(path: &str) -> ImportName {
    let last = path.rsplit('/').next().unwrap_or(path);
    if path == "C" {
        return ImportName::Own(last.to_owned());
    }
    if stdlib::is_standard(path) {
        let name = if is_major(last) { parent(path) } else { last };
        return ImportName::Own(name.to_owned());
    }
    ImportName::Guessed(candidates(path))
}

fn parent(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    parts.next().unwrap_or(last)
}

/// `v2`, `v18`: a module's major version, not a name.
fn is_major(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Names that a package of this path may have, the likeliest first.
fn candidates(path: &str) -> Vec<String> {
    let last = path.rsplit('/').next().unwrap_or(path);
    let mut parts = vec![last];
    if is_major(last) && path.contains('/') {
        parts.insert(0, parent(path));
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        // gopkg.in writes the major version behind a dot.
        let part =
            part.rsplit_once('.').filter(|(_, end)| is_major(end) || *end == "go").map_or(part, |(head, _)| head);
        let bare = part.strip_prefix("go-").unwrap_or(part);
        let bare = bare.strip_suffix("-go").unwrap_or(bare);
        let dashed = bare.rsplit('-').next().unwrap_or(bare);
        for name in [part.to_owned(), bare.to_owned(), bare.replace('-', ""), bare.replace('-', "_"), dashed.to_owned()]
        {
            if is_identifier(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn is_identifier(name: &str) -> bool {
    name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
