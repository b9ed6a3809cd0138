//! What a Go module claims.

use crate::fact::{
    Component, Dependency, Ecosystem, Facts, How, LocalModule, Module, Part, PartId, PartKind, Scope, Unresolved,
    Variants, VersionClaim,
};
use crate::read::go_mod::{GoMod, ModuleVersion, Replacement, Require};
use crate::source::{self, FileId, Source, Span, Traced};
use crate::version::{Version, VersionSet};
use std::collections::HashMap;

/// The facts of one go.mod or go.work. A client of Spark Connect claims no version of Spark: it is not what runs.
pub fn claim(_file: FileId, source: &Source, module: &GoMod) -> Facts {
    let mut facts = Facts::default();
    let Some((name, span)) = identity(source, module) else { return facts };
    let part = facts.add(Part {
        name: name.clone(),
        span,
        folder: source.folder().to_owned(),
        kind: PartKind::Module(Module {
            ecosystem: Ecosystem::Go,
            artefacts: module.module.iter().map(|path| binary_name(path.as_str()).to_owned()).collect(),
            coordinate: name,
            parent: None,
            local: local_modules(source, module),
            evaluations: vec!["default".to_owned()],
            reached: Variants::ALL,
            aggregator: module.module.is_none(),
        }),
    });
    if let Some(go) = &module.go
        && let Some(version) = Version::parse(go.as_str())
    {
        let (component, by) = (Component::named("go"), "the `go` directive");
        facts.versions.push(VersionClaim::new(
            part,
            component,
            VersionSet::exactly(version),
            go.clone(),
            How::Compiler,
            by,
        ));
    }
    let replaced = Replaced::of(module);
    for require in &module.requires {
        let dependency = dependency(part, require, replaced.with(&require.module));
        if dependency.version.is_some() && dependency.versions == VersionSet::any() {
            let why = format!("`{}` is no version yet", require.module.version);
            facts.unresolved.push(Unresolved { span: require.module.version.span(), why });
        }
        facts.dependencies.push(dependency);
    }
    facts
}

/// A module is known by its path, a workspace by its file.
fn identity(source: &Source, module: &GoMod) -> Option<(String, Span)> {
    let workspace = || module.uses.first().map(|(_, span)| (source.path.clone(), *span));
    module.module.as_ref().map(|path| (path.to_string(), path.span())).or_else(workspace)
}

/// How `go build` names the program: the path's last word that is no major version.
fn binary_name(path: &str) -> &str {
    let is_major = |word: &str| word.strip_prefix('v').is_some_and(|n| n.parse::<u32>().is_ok());
    let mut words = path.rsplit('/');
    let last = words.next().unwrap_or(path);
    if is_major(last) { words.next().unwrap_or(last) } else { last }
}

fn local_modules(source: &Source, module: &GoMod) -> Vec<LocalModule> {
    let replaced = module.replaces.iter().filter_map(|replace| match &replace.with {
        Replacement::Folder(path) => Some((path, replace.span, true)),
        Replacement::Module(_) => None,
    });
    let used = module.uses.iter().map(|(path, span)| (path, *span, false));
    let local = |(path, span, linked): (&Traced, Span, bool)| {
        let folder = path.as_str();
        let outside = folder.starts_with('/') || folder.contains(['\\', ':']);
        let path = source::join(source.folder(), folder).filter(|_| !outside)?;
        Some(LocalModule::always(source::join(&path, "go.mod")?, span, linked))
    };
    replaced.chain(used).filter_map(local).collect()
}

/// The replacements by the module they replace, for one version or for all.
struct Replaced<'m>(HashMap<(&'m str, Option<&'m str>), &'m Replacement>);

impl<'m> Replaced<'m> {
    fn of(module: &'m GoMod) -> Self {
        let key = |v: &'m Option<Traced>| v.as_ref().map(Traced::as_str);
        Self(module.replaces.iter().map(|r| ((r.path.as_str(), key(&r.version)), &r.with)).collect())
    }

    /// What stands in for a module; a replacement of just this version goes first.
    fn with(&self, module: &'m ModuleVersion) -> Option<&'m Replacement> {
        let (path, version) = (module.path.as_str(), module.version.as_str());
        self.0.get(&(path, Some(version))).or_else(|| self.0.get(&(path, None))).copied()
    }
}

/// The requirement as it is built: a replacement at another version counts, a fork or a folder has none that compares.
fn dependency(part: PartId, require: &Require, with: Option<&Replacement>) -> Dependency {
    let name = require.module.path.clone();
    let (version, classifier) = match with {
        None => (Some(&require.module.version), None),
        Some(Replacement::Module(other)) if other.path.as_str() == name.as_str() => (Some(&other.version), None),
        Some(Replacement::Module(other)) => (None, Some(format!("=> {} {}", other.path, other.version))),
        Some(Replacement::Folder(path)) => (None, Some(format!("=> {path}"))),
    };
    Dependency {
        version: version.cloned(),
        versions: version.and_then(|v| exactly(v.as_str())).unwrap_or_else(VersionSet::any),
        scope: if require.indirect { Scope::Other } else { Scope::Compile },
        classifier,
        ..Dependency::named(part, Ecosystem::Go, name, require.span)
    }
}

/// `+incompatible` says how the module is tagged, not which release it is.
fn exactly(version: &str) -> Option<VersionSet> {
    Version::parse(version.strip_suffix("+incompatible").unwrap_or(version)).map(VersionSet::exactly)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read;
    use crate::source::{Format, Location};

    fn facts(path: &str, text: &str) -> Facts {
        let location = Location::Memory(text.as_bytes().into());
        let source = Source { path: path.into(), location, format: Format::GoMod };
        claim(FileId(0), &source, &read::go_mod::read(FileId(0), text).body)
    }

    fn module(facts: &Facts) -> &Module {
        match &facts.parts[0].kind {
            PartKind::Module(module) => module,
            kind => panic!("{kind:?}"),
        }
    }

    #[test]
    fn a_module_builds_what_its_path_ends_in() {
        for (path, binary) in [("example.com/acme/etl/v2", "etl"), ("etl", "etl"), ("a.b/vet", "vet"), ("v2", "v2")] {
            let facts = facts("jobs/go.mod", &format!("module {path}\n"));
            assert_eq!(module(&facts).artefacts, [binary]);
            assert_eq!((facts.parts[0].name.as_str(), facts.parts[0].folder.as_str()), (path, "jobs"));
        }
        assert!(facts("go.mod", "").parts.is_empty());
    }

    #[test]
    fn replacements_decide_the_version() {
        let text = "module m\nrequire (\n a.b/c v1.0.0\n a.b/d v1.0.0 // indirect\n a.b/e v1.0.0\n a.b/f v1.0.0\n a.b/g v2.0.0+incompatible\n a.b/h main\n)\n\
            replace a.b/d v1.0.0 => a.b/d v1.1.0\nreplace a.b/e => fork.b/e v3.0.0\nreplace a.b/f => ../f\nreplace a.b/c v0.9.0 => ../c\n";
        let facts = facts("go/go.mod", text);
        let seen: Vec<String> =
            facts.dependencies.iter().map(|d| format!("{} {} {:?}", d.name, d.versions, d.scope)).collect();
        assert_eq!(
            seen,
            [
                "a.b/c 1.0.0 Compile",
                "a.b/d 1.1.0 Other",
                "a.b/e * Compile",
                "a.b/f * Compile",
                "a.b/g 2.0.0 Compile",
                "a.b/h * Compile"
            ]
        );
        assert_eq!(facts.unresolved.len(), 1);
        let local: Vec<(&str, bool)> = module(&facts).local.iter().map(|l| (l.path.as_str(), l.linked)).collect();
        assert_eq!(local, [("f/go.mod", true), ("c/go.mod", true)]);
    }

    #[test]
    fn a_workspace_only_holds_modules_together() {
        let facts = facts("go.work", "go 1.24\nuse ./a\nuse .\nuse ../out\n");
        assert!(module(&facts).aggregator);
        let local: Vec<(&str, bool)> = module(&facts).local.iter().map(|l| (l.path.as_str(), l.linked)).collect();
        assert_eq!(local, [("a/go.mod", false), ("go.mod", false)]);
    }
}
