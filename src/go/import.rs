//! Names that packages probably have.

use super::stdlib;

/// The name of a package imported without an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Own {
    /// The last part of a standard library path.
    Certain(String),
    /// What the path suggests, the likeliest first.
    Guessed(Vec<String>),
}

/// The name of a package imported without an alias.
pub(super) fn own_name(path: &str) -> Own {
    let last = path.rsplit('/').next().unwrap_or(path);
    if path == "C" {
        return Own::Certain(last.to_owned());
    }
    if stdlib::package(path).is_some() {
        let name = if is_major(last) { parent(path) } else { last };
        return Own::Certain(name.to_owned());
    }
    Own::Guessed(candidates(path))
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
