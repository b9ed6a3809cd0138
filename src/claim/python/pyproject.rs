//! `pyproject.toml`: the standard's tables, then Poetry's, PDM's, Hatch's and uv's.

use super::project::Project;
use super::{Allowed, Asked, MAX_SPECIFIERS, is_for_development, local_module, specifier_set, version_text};
use crate::compose::python::Python;
use crate::fact::{Component, Facts, How, LocalModule, Scope, Unresolved};
use crate::read::Loss;
use crate::read::tree::{Node, Tree};
use crate::source::{Source, Span, Traced};
use crate::version::{VersionSet, cargo, python};

/// The facts of the project; nothing where the file only configures tools.
pub(super) fn claim(source: &Source, tree: &Tree, world: &Python) -> Facts {
    let mut project = Project::of(source);
    let root = tree.root();
    let poetry = root.path(&["tool", "poetry"]);
    project.standard(root);
    if let Some(poetry) = poetry {
        project.poetry(poetry);
    }
    project.tools(root, world);
    project.python_version(root);
    let named = root.path(&["project", "name"]).or_else(|| poetry?.get("name")).and_then(Node::text);
    let table = || root.entry("project").or_else(|| root.path(&["tool"])?.entry("poetry")).map(|(key, _)| key.span());
    let first = || project.asked.first().map(|asked| asked.span);
    let Some(span) = named.map(Traced::span).or_else(table).or_else(first) else { return project.facts };
    let name = named.map_or_else(|| source.path.clone(), Traced::to_string);
    project.finish(name, span, world)
}

impl<'t> Project<'_> {
    /// PEP 621, PEP 735 and the build's own needs.
    fn standard(&mut self, root: Node<'t>) {
        if let Some(list) = root.path(&["project", "dependencies"]) {
            self.list(list, Scope::Compile);
        }
        let dynamic = root.path(&["project", "dynamic"]).into_iter().flat_map(Node::items);
        self.facts.unresolved.extend(dynamic.filter(|field| field.str() == Some("dependencies")).map(|field| {
            Unresolved { span: field.span(), why: "the dependencies are only known to the build".into() }
        }));
        if let Some(extras) = root.path(&["project", "optional-dependencies"]) {
            // An extra is there for whoever asks for it.
            self.groups(extras, Scope::Other);
        }
        if let Some(groups) = root.get("dependency-groups") {
            self.groups(groups, Scope::Other);
        }
        if let Some(list) = root.path(&["build-system", "requires"]) {
            self.list(list, Scope::Other);
        }
    }

    /// PDM, Hatch, uv, and setuptools' files of requirements.
    fn tools(&mut self, root: Node<'t>, world: &Python) {
        if let Some(groups) = root.path(&["tool", "pdm", "dev-dependencies"]) {
            groups.entries().for_each(|(_, list)| self.list(list, Scope::Test));
        }
        if let Some(list) = root.path(&["tool", "uv", "dev-dependencies"]) {
            self.list(list, Scope::Test);
        }
        for (name, environment) in root.path(&["tool", "hatch", "envs"]).into_iter().flat_map(Node::entries) {
            let scope = scope_of(name.key.as_str(), Scope::Other);
            for key in ["dependencies", "extra-dependencies"] {
                environment.get(key).into_iter().for_each(|list| self.list(list, scope));
            }
        }
        for (name, from) in root.path(&["tool", "uv", "sources"]).into_iter().flat_map(Node::entries) {
            self.local_path(from);
            if from.get("workspace").and_then(Node::bool) == Some(true) {
                self.local.extend(world.project(name.key.as_str()).map(|folder| member(folder, from.span(), true)));
            }
        }
        let members = root.path(&["tool", "uv", "workspace", "members"]).into_iter().flat_map(Node::items);
        for pattern in members.filter_map(Node::text) {
            let folders = world.members(self.source.folder(), pattern.as_str());
            self.local.extend(folders.into_iter().map(|folder| member(folder, pattern.span(), false)));
        }
        let files = root.path(&["tool", "setuptools", "dynamic", "dependencies", "file"]);
        for file in files.into_iter().flat_map(|file| std::iter::once(file).chain(file.items())) {
            self.local.extend(file.text().and_then(|path| local_module(self.source, path, file.span())));
        }
    }

    fn groups(&mut self, groups: Node<'t>, otherwise: Scope) {
        for (name, list) in groups.entries() {
            self.list(list, scope_of(name.key.as_str(), otherwise));
        }
    }

    /// A list of PEP 508 texts; `{include-group = …}` names texts that are read where they stand.
    fn list(&mut self, list: Node<'t>, scope: Scope) {
        if !list.is_sequence() {
            self.facts.losses.push(Loss::part(list.span(), "this must be a list of requirements"));
        }
        for item in list.items().filter(|item| !item.is_mapping()) {
            let Some(text) = item.text() else {
                self.facts
                    .unresolved
                    .push(Unresolved { span: item.span(), why: "the requirement is a template".into() });
                continue;
            };
            self.requirement(text, scope, item.span());
        }
    }

    fn poetry(&mut self, poetry: Node<'t>) {
        let tables = [("dependencies", Scope::Compile), ("dev-dependencies", Scope::Test)];
        for (table, scope) in tables {
            poetry.get(table).into_iter().for_each(|table| self.poetry_table(table, scope));
        }
        for (name, group) in poetry.get("group").into_iter().flat_map(Node::entries) {
            let scope = scope_of(name.key.as_str(), Scope::Compile);
            group.get("dependencies").into_iter().for_each(|table| self.poetry_table(table, scope));
        }
    }

    pub(super) fn poetry_table(&mut self, table: Node<'t>, scope: Scope) {
        for (entry, value) in table.entries().filter(|(entry, _)| entry.key.as_str() != "python") {
            // Several constraints of one name, each for an environment of its own.
            let alternatives: Vec<Node<'_>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
            for value in alternatives {
                let constraint = if value.is_mapping() { value.get("version") } else { Some(value) };
                let version = constraint.and_then(Node::text).map_or(Allowed::Any, constraint_version);
                let extras = value.get("extras").into_iter().flat_map(Node::items).filter_map(Node::str);
                let marked = ["markers", "python", "platform"].iter().any(|key| value.get(key).is_some());
                self.local_path(value);
                let optional = value.get("optional").and_then(Node::bool) == Some(true);
                let scope = if optional && scope == Scope::Compile { Scope::Other } else { scope };
                self.asked.push(Asked {
                    name: entry.key.clone(),
                    extras: extras.map(str::to_owned).collect(),
                    version,
                    marked,
                    scope,
                    span: entry.key.span().cover(value.span()),
                });
            }
        }
    }

    fn python_version(&mut self, root: Node<'t>) {
        let standard = root.path(&["project", "requires-python"]).map(|node| (node, "requires-python"));
        let poetry = || {
            let python = root.path(&["tool", "poetry", "dependencies", "python"])?;
            let version = if python.is_mapping() { python.get("version")? } else { python };
            Some((version, "tool.poetry.dependencies.python"))
        };
        let Some((node, by)) = standard.or_else(poetry) else { return };
        let Some(text) = node.text() else { return };
        let set = if by == "requires-python" { specifier_set(text.as_str()) } else { constraint(text.as_str()) };
        if let Some(set) = set {
            self.says(Component::Python, set, text.clone(), How::Compiler, by);
        } else {
            let why = "this is no version specifier".to_owned();
            self.facts.unresolved.push(Unresolved { span: text.span(), why });
        }
    }

    fn local_path(&mut self, from: Node<'t>) {
        let path = from.get("path").and_then(Node::text);
        self.local.extend(path.and_then(|path| local_module(self.source, path, from.span())));
    }
}

/// A project of the same workspace.
fn member(folder: &str, span: Span, linked: bool) -> LocalModule {
    let path = if folder.is_empty() { "pyproject.toml".to_owned() } else { format!("{folder}/pyproject.toml") };
    LocalModule::always(path, span, linked)
}

fn scope_of(group: &str, otherwise: Scope) -> Scope {
    if is_for_development(group) { Scope::Test } else { otherwise }
}

/// Poetry's constraints: PEP 440's, and the caret, the tilde, the star and the bare version.
pub(super) fn constraint_version(text: &Traced) -> Allowed {
    match constraint(text.as_str()) {
        Some(set) if set == VersionSet::any() => Allowed::Any,
        Some(set) => Allowed::Set(set, version_text(text)),
        None => Allowed::Unknown(text.clone(), "this is no version constraint".to_owned()),
    }
}

fn constraint(text: &str) -> Option<VersionSet> {
    if text.len() > MAX_SPECIFIERS {
        return None;
    }
    text.split('|').filter(|part| !part.trim().is_empty()).try_fold(VersionSet::none(), |union, alternative| {
        let parts = comparisons(alternative);
        let all = parts.iter().try_fold(VersionSet::any(), |set, part| Some(set.intersect(&comparison(part)?)))?;
        Some(union.union(&all))
    })
}

/// The comparisons of a list that commas or blanks part; a blank may follow an operator.
fn comparisons(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()) {
        match parts.last_mut() {
            Some(operator) if operator.chars().all(|c| "<>=!~^".contains(c)) => operator.push_str(word),
            _ => parts.push(word.to_owned()),
        }
    }
    parts
}

fn comparison(part: &str) -> Option<VersionSet> {
    if part == "*" {
        return Some(VersionSet::any());
    }
    let is_bare = part.starts_with(|c: char| c.is_ascii_digit() || c == 'v');
    let single = part.strip_prefix('=').filter(|rest| !rest.starts_with('='));
    let pinned = is_bare.then_some(part).or(single).and_then(|version| python::specifiers(&format!("=={version}")));
    pinned.or_else(|| python::specifiers(part)).or_else(|| cargo::requirement(part).filter(|_| !is_bare))
}
