//! Whether a path names something that the standard library has.

use super::library::Loaded;
use super::world::World;

/// What is known of a path such as `os/exec.Command`, `(*os/exec.Cmd).Run`, `os/exec`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It is there.
    Yes,
    /// It is not, and these are the names beside which it would be.
    No(Vec<String>),
    /// It is of another module: nothing is known.
    Unread,
}

/// Looks a path up.
pub fn known(path: &str) -> Known {
    let plain = path.trim_start_matches("//").trim_start_matches(['(', '*']).replace(')', "");
    if path.starts_with("//go:") || plain == "C" || plain.starts_with("C.") {
        return Known::Yes;
    }
    if !super::stdlib::is_standard(&plain) {
        return Known::Unread;
    }
    let mut world = World::new(Box::new(|_| Loaded::default()));
    let folder = plain.rfind('/').map_or(0, |at| at + 1);
    let mut parts = plain[folder..].split('.');
    let package = format!("{}{}", &plain[..folder], parts.next().unwrap_or_default());
    let Some(id) = world.package_at(&package) else { return Known::No(super::stdlib::paths()) };
    let Some(name) = parts.next() else { return Known::Yes };
    match parts.next() {
        None if world.has_name(id, name) => Known::Yes,
        None => Known::No(world.names_of(id)),
        Some(member) => match world.has_member(id, name, member) {
            Some(true) => Known::Yes,
            Some(false) => Known::No(Vec::new()),
            None => Known::No(world.names_of(id)),
        },
    }
}
