//! Variables in names and paths: `$X`, `${X}`, `${{ env.X }}`, and what is left when they are unknown.

use super::scalar;
use crate::read::tree::Node;
use crate::source::Traced;
use std::collections::{HashMap, HashSet};

/// A longer value of a variable is no part of a name.
const LONGEST_VALUE: usize = 1024;

/// A mapping of more variables than this is not searched.
const MOST_VARIABLES: usize = 512;

/// How large a text may grow by filling it in.
const LONGEST_TEXT: usize = 16 * 1024;

/// Variables whose values the file says: the nearest mapping first, then what the script itself assigned.
#[derive(Default, Clone)]
pub(super) struct Variables<'t> {
    mappings: Vec<Node<'t>>,
    assigned: HashMap<String, Traced>,
    /// What a script assigns again: which value holds where is not followed.
    again: HashSet<String>,
}

impl<'t> Variables<'t> {
    /// Those under any of `keys` of a node.
    pub(super) fn of(node: Node<'t>, keys: &[&str]) -> Self {
        Self::default().inside(node, keys)
    }

    /// These, and before them those under any of `keys` of a node inside.
    pub(super) fn inside(&self, node: Node<'t>, keys: &[&str]) -> Self {
        let own = keys.iter().filter_map(|key| node.get(key)).filter(|m| m.entries().nth(MOST_VARIABLES).is_none());
        Self { mappings: own.chain(self.mappings.iter().copied()).collect(), ..Self::default() }
    }

    /// A script's own assignment, for its later lines.
    pub(super) fn assign(&mut self, name: &str, value: &Traced) {
        if self.assigned.insert(name.to_owned(), self.fill(value)).is_some() {
            self.again.insert(name.to_owned());
        }
    }

    /// A text with all its variables filled in; none where one is not known or is assigned more than once.
    pub(super) fn sure(&self, text: &Traced) -> Option<Traced> {
        let whole = text.as_str();
        let unsure = |(start, end): (usize, usize)| {
            let name = whole.get(start..end).and_then(variable_of);
            name.is_none_or(|name| self.again.contains(name))
        };
        let filled = (!expressions(whole).into_iter().any(unsure)).then(|| self.fill(text))?;
        (!filled.as_str().contains(['$', '`', '{'])).then_some(filled)
    }

    fn get(&self, name: &str) -> Option<&Traced> {
        let value = self.assigned.get(name).or_else(|| {
            let found = self.mappings.iter().find_map(|mapping| mapping.get(name))?;
            scalar(found.get("value").unwrap_or(found))
        });
        value.filter(|v| v.as_str().len() <= LONGEST_VALUE)
    }

    /// Fills in what is known; the rest stays as written.
    pub(super) fn fill(&self, text: &Traced) -> Traced {
        let value = text.as_str();
        if !value.contains('$') || value.len() > LONGEST_TEXT {
            return text.clone();
        }
        let (mut parts, mut from, mut size) = (Vec::new(), 0, 0);
        for (start, end) in expressions(value) {
            let known = variable_of(value.get(start..end).unwrap_or_default()).and_then(|name| self.get(name));
            let Some(known) = known.filter(|known| size + known.as_str().len() <= LONGEST_TEXT) else { continue };
            size += known.as_str().len();
            parts.extend([text.slice(from..start), known.clone()]);
            from = end;
        }
        if parts.is_empty() {
            return text.clone();
        }
        parts.push(text.slice(from..value.len()));
        Traced::concat(text.written(), parts)
    }
}

/// The name in `$X`, `${X}`, `$(X)`, `${{ env.X }}`; none where more is done with it.
fn variable_of(expression: &str) -> Option<&str> {
    let rest = expression.strip_prefix('$')?;
    let name = if let Some(inner) = rest.strip_prefix("{{").and_then(|r| r.strip_suffix("}}")) {
        inner.trim().strip_prefix("env.")?
    } else {
        // In a Makefile, `$(X)` is a variable; a shell's command has blanks or small letters.
        let of_make = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')'));
        let of_make = of_make.filter(|name| !name.chars().any(|c| c.is_ascii_lowercase()));
        of_make.or_else(|| rest.strip_prefix('{')?.strip_suffix('}')).unwrap_or(rest)
    };
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
    is_name.then_some(name)
}

/// How many bytes the expression at the start of a text takes; 0 where none begins there.
pub(super) fn len(text: &str) -> usize {
    let until = |open: usize, close: &str| {
        text.get(open..).and_then(|rest| rest.find(close)).map_or(text.len(), |n| open + n + close.len())
    };
    if text.starts_with("${{") {
        until(3, "}}")
    } else if text.starts_with("{{") {
        until(2, "}}")
    } else if text.starts_with("${") {
        until(2, "}")
    } else if text.starts_with("$(") {
        until(2, ")")
    } else if text.starts_with('`') {
        until(1, "`")
    } else if text.starts_with('$') {
        1 + text.bytes().skip(1).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
    } else {
        0
    }
}

/// The byte ranges of a text's expressions.
fn expressions(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(['$', '`', '{'])) {
        let start = at + next;
        let len = len(text.get(start..).unwrap_or_default());
        if len > 0 {
            found.push((start, start + len));
        }
        at = start + len.max(1);
    }
    found
}

/// Whether an image's last path segment, without tag and digest, is known letter by letter.
pub(super) fn ends_in_a_name(image: &str) -> bool {
    let mut plain = String::new();
    let mut from = 0;
    for (start, end) in expressions(image) {
        plain.push_str(image.get(from..start).unwrap_or_default());
        plain.push('$');
        from = end;
    }
    plain.push_str(image.get(from..).unwrap_or_default());
    let last = plain.rsplit('/').next().unwrap_or_default();
    let name = last.split([':', '@']).next().unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// A path that begins with a variable for the checkout's folder or the current one, relative to that.
pub(super) fn anchored<'a>(folder: Option<&'a str>, path: &'a str) -> (Option<&'a str>, &'a str) {
    const ROOTS: [&str; 5] =
        ["github.workspace", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "TRAVIS_BUILD_DIR", "Build.SourcesDirectory"];
    let len = len(path);
    let (Some(expression), Some(rest)) = (path.get(..len), path.get(len..)) else { return (folder, path) };
    let name = expression.trim_matches(|c: char| c == '`' || "${}() ".contains(c));
    let rest = rest.trim_start_matches('/');
    match name {
        "" => (folder, path),
        "PWD" | "pwd" => (folder, rest),
        // `{{defaultContext}}:folder` is the checkout, too.
        "defaultContext" => (Some(""), rest.trim_start_matches(':')),
        _ if ROOTS.contains(&name) => (Some(""), rest),
        _ => (folder, path),
    }
}
