//! `Pipfile`: what Pipenv installs; `Pipfile.lock` says which versions.

use super::project::Project;
use crate::compose::python::Python;
use crate::fact::{Component, Facts, How, Scope};
use crate::read::tree::{Node, Tree};
use crate::source::Source;
use crate::version::{Version, VersionSet};

/// The facts of the file.
pub(super) fn claim(source: &Source, tree: &Tree, world: &Python) -> Facts {
    let mut project = Project::of(source);
    let root = tree.root();
    for (table, scope) in [("packages", Scope::Compile), ("dev-packages", Scope::Test)] {
        root.get(table).into_iter().for_each(|table| project.poetry_table(table, scope));
    }
    let requires = ["python_full_version", "python_version"].iter().find_map(|key| root.path(&["requires", key]));
    if let Some(text) = requires.and_then(Node::text)
        && let Some(version) = Version::parse(text.as_str())
    {
        project.says(Component::Python, VersionSet::of(&version), text.clone(), How::Toolchain, "Pipfile");
    }
    let table = ["packages", "dev-packages", "requires"].iter().find_map(|table| root.entry(table));
    let Some(span) = table.map(|(key, _)| key.span()) else { return project.facts };
    project.finish(source.path.clone(), span, world)
}
