//! Images that a `Tiltfile` builds: `docker_build("name", "context", dockerfile="…")` and its kin, as they are written out.

use super::{MAX_READ, Names, Place, Variables, built_from};
use crate::fact::Facts;
use crate::source::{Source, Traced};
use regex::Regex;
use std::sync::LazyLock;

/// A call's arguments are looked for in this much text.
const MAX_CALL: usize = 4096;

static BUILD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[^#\n]*?\b(docker|custom)_build(?:_with_restart)?\(\s*(?:ref\s*=\s*)?['"]([^'"\n]+)['"]"#).ok()
});
static CONTEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*,\s*(?:context\s*=\s*)?['"]([^'"\n]*)['"]|\bcontext\s*=\s*['"]([^'"\n]*)['"]"#).ok()
});
static RECIPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\bdockerfile\s*=\s*['"]([^'"\n]+)['"]"#).ok());

/// Where the arguments of a call end: at its own closing parenthesis.
fn arguments_end(rest: &str) -> usize {
    let mut depth = 1_usize;
    let mut ends = rest.char_indices().take(MAX_CALL).filter(|(_, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    ends.next().map_or(0, |(at, _)| at)
}

/// The image names that a `Tiltfile` says are built.
pub(in crate::claim) fn claim(source: &Source, text: &Traced) -> Facts {
    let mut names = Names { facts: Facts::default(), budget: MAX_READ };
    let (Some(build), none) = (BUILD.as_ref(), Variables::default()) else { return names.facts };
    for call in build.captures_iter(text.as_str()) {
        let (Some(whole), Some(kind), Some(name)) = (call.get(0), call.get(1), call.get(2)) else { continue };
        let rest = text.as_str().get(whole.end()..).unwrap_or_default();
        let arguments = text.slice(whole.end()..whole.end() + arguments_end(rest));
        let argument = |pattern: &LazyLock<Option<Regex>>| {
            let found = pattern.as_ref()?.captures(arguments.as_str())?;
            Some(arguments.group(found.get(1).or_else(|| found.get(2))?))
        };
        let (context, recipe) = (argument(&CONTEXT), argument(&RECIPE));
        let place = match (kind.as_str(), &recipe) {
            ("custom", _) => Place::Unknown,
            // Unlike Docker's, Tilt's recipe is named from the folder of the Tiltfile.
            (_, Some(_)) => built_from(source.folder(), None, recipe.as_ref(), &none),
            _ => built_from(source.folder(), context.as_ref(), None, &none),
        };
        names.add(&text.group(name), place, format!("`{}`", source.path), &none);
    }
    names.facts
}
