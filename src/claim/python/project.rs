//! What is gathered from any manifest, and how it becomes facts: locks and interpreters of the folder have their say.

use super::{Asked, add, exact, local_module, module};
use crate::compose::python::Python;
use crate::fact::{Component, Dependency, Ecosystem, Facts, How, LocalModule, Part, PartKind, Scope, VersionClaim};
use crate::read::Loss;
use crate::read::requirements::package;
use crate::source::{Source, Span, Traced};
use crate::version::{Version, VersionSet};

/// What is gathered.
pub(super) struct Project<'s> {
    pub(super) source: &'s Source,
    pub(super) asked: Vec<Asked>,
    pub(super) local: Vec<LocalModule>,
    pub(super) facts: Facts,
    said: Vec<(Component, VersionSet, Traced, How, String)>,
}

impl<'s> Project<'s> {
    pub(super) fn of(source: &'s Source) -> Self {
        Self { source, asked: Vec::new(), local: Vec::new(), facts: Facts::default(), said: Vec::new() }
    }

    /// Adds a PEP 508 text.
    pub(super) fn requirement(&mut self, text: &Traced, scope: Scope, span: Span) {
        match package(text.as_str(), &|range| text.slice(range)) {
            Ok(package) => {
                if let Some(url) = &package.url {
                    self.local.extend(local_module(self.source, url, span));
                }
                self.asked.push(Asked::of(package, scope, span));
            }
            Err((range, why)) => self.facts.losses.push(Loss::part(place(text, range, span), why)),
        }
    }

    /// Adds a claim that the manifest itself makes, about Python or Java.
    pub(super) fn says(&mut self, component: Component, set: VersionSet, text: Traced, how: How, by: &str) {
        if set != VersionSet::any() {
            self.said.push((component, set, text, how, by.to_owned()));
        }
    }

    /// The facts, with a part of this name.
    pub(super) fn finish(mut self, name: String, span: Span, world: &Python) -> Facts {
        let source = self.source;
        let locked = self.lock(world);
        self.interpreters(world);
        let Self { asked, local, mut facts, said, .. } = self;
        let part = facts.add(Part {
            name: name.clone(),
            span,
            folder: source.folder().to_owned(),
            kind: PartKind::Module(module(name, local)),
        });
        let claims = said.into_iter();
        facts.versions.extend(
            claims.map(|(component, set, text, how, by)| VersionClaim::new(part, component, set, text, how, by)),
        );
        add(&mut facts, part, &asked);
        facts.dependencies.extend(locked.into_iter().map(|d| Dependency { part, ..d }));
        facts
    }

    /// What the lock beside the manifest says: the exact versions of what is asked for, and what comes with it.
    fn lock(&mut self, world: &Python) -> Vec<Dependency> {
        let Some(lock) = world.lock(self.source.name(), self.source.folder()) else { return Vec::new() };
        let mut stale = false;
        for asked in &mut self.asked {
            let Some(version) = lock.version(&asked.normal_name()) else { continue };
            // A lock that the manifest contradicts is refused by the tool that wrote it.
            match exact(version) {
                Some(set) if asked.allows(&set) => asked.exactly(version),
                _ => stale = true,
            }
        }
        if stale {
            return Vec::new();
        }
        let installed = self.asked.iter().filter(|asked| asked.scope.is_on_class_path() && !asked.marked);
        let roots: Vec<_> = installed.map(|asked| (asked.normal_name(), asked.normal_extras())).collect();
        let names: std::collections::HashSet<String> = self.asked.iter().map(Asked::normal_name).collect();
        let reached = lock.reached(&roots).into_iter();
        let dependency = |found: crate::compose::python::Found<'_>| {
            let nowhere = crate::fact::PartId::default();
            let span = found.name.span().cover(found.version.span());
            Some(Dependency {
                version: Some(found.version.clone()),
                versions: exact(found.version)?,
                conditional: found.conditional,
                ..Dependency::named(nowhere, Ecosystem::PyPi, found.name.clone(), span)
            })
        };
        reached
            .filter(|found| !names.contains(&crate::fact::module::pypi_name(found.name.as_str())))
            .filter_map(dependency)
            .collect()
    }

    /// `.python-version` and `runtime.txt` of the folder say what the project runs on.
    fn interpreters(&mut self, world: &Python) {
        for (name, text) in world.interpreters(self.source.folder()) {
            if let Some(version) = Version::parse(text.as_str()) {
                let by = name.as_str();
                self.says(Component::Python, VersionSet::of(&version), text.clone(), How::Toolchain, by);
            }
        }
    }
}

/// A part of a text's own bytes; the whole text where the part has none.
fn place(text: &Traced, range: std::ops::Range<usize>, whole: Span) -> Span {
    let part = text.slice(range);
    if part.as_str().is_empty() { whole } else { part.span() }
}
