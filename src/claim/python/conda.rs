//! Conda's `environment.yml`: what is installed, the interpreter and the JDK among it.

use super::project::Project;
use super::{Asked, file_scope, local_module};
use crate::claim::image::java_line;
use crate::compose::python::Python;
use crate::fact::{Component, Facts, How, Scope};
use crate::read::requirements::is_location;
use crate::read::tree::{Node, Tree};
use crate::source::{Source, Traced};
use crate::version::{Version, VersionSet, python};

/// The facts of an environment; nothing where the YAML is something else.
pub(super) fn claim(source: &Source, tree: &Tree, world: &Python) -> Facts {
    let root = tree.root();
    let Some((key, list)) = root.entry("dependencies").filter(|(_, list)| is_environment(source, root, *list)) else {
        return Facts::default();
    };
    let mut project = Project::of(source);
    let scope = file_scope(&source.path);
    for item in list.items() {
        if let Some(text) = item.text() {
            entry(&mut project, text, scope);
        }
        for pip in item.get("pip").into_iter().flat_map(Node::items).filter_map(Node::text) {
            pip_line(&mut project, pip, scope);
        }
    }
    project.finish(source.path.clone(), key.span(), world)
}

/// Other files have `dependencies` as well: charts, Ansible roles. An environment's are texts, and it names channels or is called so.
fn is_environment(source: &Source, root: Node<'_>, list: Node<'_>) -> bool {
    let name = source.name().to_ascii_lowercase();
    let called = ["environment", "conda", "env."].iter().any(|word| name.starts_with(word));
    let only_texts = list.items().all(|item| item.text().is_some() || item.get("pip").is_some());
    only_texts && list.is_sequence() && root.get("apiVersion").is_none() && (called || root.get("channels").is_some())
}

/// A line of the `pip:` list: a requirement, or `-r file`.
fn pip_line(project: &mut Project<'_>, text: &Traced, scope: Scope) {
    let line = text.as_str();
    if let Some(path) = ["-r", "--requirement"].iter().find_map(|flag| line.strip_prefix(flag)) {
        let path = text.slice(line.len() - path.len()..line.len()).trim();
        project.local.extend(local_module(project.source, &path, text.span()));
    } else if !line.starts_with('-') && !is_location(line) {
        project.requirement(text, scope, text.span());
    }
}

/// What one match specification says.
pub(super) struct Spec {
    pub(super) name: Traced,
    pub(super) set: Option<VersionSet>,
    /// The version as written, without the operator before a single one.
    pub(super) number: Option<Traced>,
}

/// Reads one match specification: `channel::name=version=build`, `name >=1,<2`, `name[version='>=1']`.
pub(super) fn spec(text: &Traced) -> Spec {
    let line = text.as_str();
    let start = line.find("::").map_or(0, |at| at + 2);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let end = line[start..].find(|c| !is_name(c)).map_or(line.len(), |at| start + at);
    let name = text.slice(start..end);
    let version = version_part(&text.slice(end..line.len()));
    let set = version.as_ref().and_then(|version| versions(version.as_str()));
    let number = version.map(|version| {
        let text = version.as_str();
        let digits = text.trim_start_matches(['=', ' ']);
        version.slice(text.len() - digits.len()..text.len())
    });
    Spec { name, set, number }
}

fn entry(project: &mut Project<'_>, text: &Traced, scope: Scope) {
    let Spec { name, set, number } = spec(text);
    let exact = number.as_ref().and_then(|number| Version::parse(number.as_str().trim_end_matches(['*', '.'])));
    let by = project.source.name().to_owned();
    match (name.as_str(), set, number) {
        ("python", Some(set), Some(number)) => project.says(Component::Python, set, number, How::Install, &by),
        ("openjdk", Some(_), Some(number)) => {
            if let Some(java) = exact {
                project.says(Component::Java, java_line(&java), number, How::Install, &by);
            }
        }
        (_, set, number) if !name.as_str().is_empty() => {
            let mut asked = Asked::unversioned(name, scope, text.span());
            if let Some(number) = number {
                asked.allow(set, number);
            }
            project.asked.push(asked);
        }
        _ => {}
    }
}

/// The version of a specification, its operator included, without the build behind it.
fn version_part(rest: &Traced) -> Option<Traced> {
    let text = rest.as_str();
    if let Some(inner) = text.trim_start().strip_prefix('[') {
        let from = inner.find("version=")? + "version=".len();
        let quote = inner[from..].chars().next().filter(|c| "'\"".contains(*c))?;
        let end = inner[from + 1..].find(quote)?;
        let offset = text.len() - inner.len() + from + 1;
        return Some(rest.slice(offset..offset + end));
    }
    let rest = rest.trim();
    let text = rest.as_str();
    // `name=1.2=build` and `name 1.2 build`.
    let body = text.trim_start_matches(['=', '<', '>', '!', '~', ' ']);
    let operator = text.len() - body.len();
    let build = body.find('=').filter(|at| !body[..*at].ends_with(['<', '>', '!', '~', ',', '|']));
    let build = build.or_else(|| body.find(' ').filter(|at| !body[..*at].ends_with([',', '|', '=', '<', '>'])));
    let end = build.map_or(text.len(), |at| operator + at);
    (end > 0).then(|| rest.slice(0..end))
}

/// What Conda's version expression allows: `=1.2` is any 1.2, `==1.2` and a bare `1.2` behind a blank are that release.
fn versions(text: &str) -> Option<VersionSet> {
    const MAX: usize = 256;
    if text.len() > MAX {
        return None;
    }
    text.split('|').try_fold(VersionSet::none(), |union, part| {
        let all =
            part.split(',').try_fold(VersionSet::any(), |set, one| Some(set.intersect(&comparison(one.trim())?)))?;
        Some(union.union(&all))
    })
}

fn comparison(text: &str) -> Option<VersionSet> {
    let starred = text.strip_suffix('*').map(|text| text.trim_end_matches('.'));
    let fuzzy = text.strip_prefix('=').filter(|rest| !rest.starts_with('='));
    match (fuzzy, starred) {
        (_, Some("" | "=")) => Some(VersionSet::any()),
        (Some(version), _) => line(version.trim().trim_end_matches('*').trim_end_matches('.')),
        (None, Some(version)) if version.starts_with(|c: char| c.is_ascii_digit()) => line(version),
        (None, _) if text.starts_with(|c: char| c.is_ascii_digit()) => python::specifiers(&format!("=={text}")),
        _ => python::specifiers(text),
    }
}

fn line(version: &str) -> Option<VersionSet> {
    Version::parse(version).map(|version| version.line(version.precision()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_is_a_line_and_two_are_a_release() {
        for (text, holds, fails) in [
            ("=3.5", "3.5.4", "3.6.0"),
            ("=3.5.1", "3.5.1", "3.5.2"),
            ("==3.5", "3.5", "3.5.1"),
            ("3.5.*", "3.5.9", "3.6.0"),
            ("=3.5*", "3.5.9", "3.6.0"),
            (">=3.4,<3.6", "3.5.0", "3.6.0"),
            ("3.4.*|3.5.*", "3.5.0", "3.6.0"),
        ] {
            let set = versions(text).unwrap();
            assert!(set.contains(&Version::parse(holds).unwrap()), "{text} has {holds}: {set}");
            assert!(!set.contains(&Version::parse(fails).unwrap()), "{text} has not {fails}: {set}");
        }
        assert_eq!(versions("*"), Some(VersionSet::any()));
    }
}
