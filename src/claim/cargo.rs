//! What Cargo packages claim.

use crate::compose::cargo::{self, Cargo, Package, Workspace};
use crate::fact::{
    Dependency, Ecosystem, Facts, LocalModule, Module, Part, PartId, PartKind, Scope, Unresolved, Variants,
};
use crate::read::cargo_toml::Kind;
use crate::source::{FileId, Sources, Span};
use crate::version::{self, VersionSet};
use std::collections::HashMap;

/// The facts of all packages, and of the workspaces that hold them together.
pub fn claim(sources: &Sources, cargo: &Cargo) -> Facts {
    let mut facts = Facts { losses: cargo.losses.clone(), ..Facts::default() };
    let roots: HashMap<FileId, &Workspace> = cargo.workspaces.iter().map(|w| (w.file, w)).collect();
    for package in &cargo.packages {
        package_facts(&mut facts, package, roots.get(&package.file).copied());
    }
    for workspace in cargo.workspaces.iter().filter(|workspace| workspace.is_virtual) {
        let name = sources.path(workspace.file).to_owned();
        let module = Module { aggregator: true, ..module(name.clone(), members(workspace)) };
        facts.add(part(name, workspace.span, &workspace.folder, module));
    }
    facts
}

fn part(name: String, span: Span, folder: &str, module: Module) -> Part {
    Part { name, span, folder: folder.to_owned(), kind: PartKind::Module(module) }
}

fn module(coordinate: String, local: Vec<LocalModule>) -> Module {
    Module {
        ecosystem: Ecosystem::Cargo,
        coordinate,
        artefacts: Vec::new(),
        parent: None,
        local,
        evaluations: vec!["default".to_owned()],
        reached: Variants::ALL,
        aggregator: false,
    }
}

fn manifest_in(folder: &str) -> String {
    if folder.is_empty() { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") }
}

fn members(workspace: &Workspace) -> Vec<LocalModule> {
    let local = |m: &cargo::Member| LocalModule::always(manifest_in(&m.folder), m.span, false);
    workspace.members.iter().map(local).collect()
}

fn package_facts(facts: &mut Facts, package: &Package, workspace: Option<&Workspace>) {
    // A dependency of the build script or of tests does not end up in the program.
    let linked = package.dependencies.iter().filter_map(|dependency| {
        let (folder, span) = dependency.path.as_ref()?;
        Some(LocalModule::always(manifest_in(folder), *span, dependency.kind == Kind::Normal))
    });
    let local = linked.chain(workspace.into_iter().flat_map(members)).collect();
    let module = Module {
        artefacts: package.artefacts.clone(),
        // A workspace's manifest is where inherited values stand.
        parent: package.workspace.filter(|file| *file != package.file),
        ..module(package.name.to_string(), local)
    };
    let id = facts.add(part(package.name.to_string(), package.name.span(), &package.folder, module));
    for dependency in &package.dependencies {
        let fact = fact(id, dependency);
        if let Some(text) = fact.version.as_ref().filter(|text| version::cargo::requirement(text.as_str()).is_none()) {
            let why = format!("`{text}` is no version requirement");
            facts.unresolved.push(Unresolved { span: text.span(), why });
        }
        facts.dependencies.push(fact);
    }
}

fn fact(part: PartId, dependency: &cargo::Dependency) -> Dependency {
    let versions = dependency.version.as_ref().and_then(|text| version::cargo::requirement(text.as_str()));
    Dependency {
        version: dependency.version.clone(),
        versions: versions.unwrap_or_else(VersionSet::any),
        scope: match dependency.kind {
            Kind::Normal => Scope::Compile,
            Kind::Dev => Scope::Test,
            Kind::Build => Scope::Other,
        },
        classifier: (!dependency.features.is_empty()).then(|| dependency.features.join(",")),
        ..Dependency::named(part, Ecosystem::Cargo, dependency.name.clone(), dependency.span)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read;
    use crate::source::{Format, Location, Source};

    fn facts(files: &[(&str, &str)]) -> Facts {
        let source = |(path, text): &(&str, &str)| Source {
            path: (*path).to_owned(),
            location: Location::Memory(text.as_bytes().into()),
            format: Format::Toml,
        };
        let sources = Sources::new("/".into(), files.iter().map(source).collect());
        let documents: Vec<_> = sources.iter().map(|(id, source)| read::read(id, source, false)).collect();
        claim(&sources, &cargo::compose(&sources, &documents))
    }

    fn modules(facts: &Facts) -> Vec<String> {
        let line = |part: &Part| match &part.kind {
            PartKind::Module(m) => {
                let local: Vec<String> = m.local.iter().map(|l| format!("{}:{}", l.path, l.linked)).collect();
                format!("{} {} [{}] {}", part.name, m.artefacts.join(","), local.join(" "), m.aggregator)
            }
            kind => panic!("{kind:?}"),
        };
        facts.parts.iter().map(line).collect()
    }

    #[test]
    fn a_workspace_is_its_members_and_what_they_need() {
        let facts = facts(&[
            ("Cargo.toml", "[workspace]\nmembers = ['crates/*']\n[workspace.dependencies]\nserde = '1.2'\n"),
            (
                "crates/job/Cargo.toml",
                "[package]\nname = 'job'\n[lib]\ncrate-type = ['cdylib']\n[[bin]]\nname = 'run'\n\
                [dependencies]\nserde = { workspace = true, features = ['derive'] }\nbase = { path = '../base' }\n\
                [dev-dependencies]\nodd = 'one'\n[build-dependencies]\ncc = '=1.0.3'\n",
            ),
            ("crates/base/Cargo.toml", "[package]\nname = 'base'\n"),
        ]);
        assert_eq!(
            modules(&facts),
            [
                "job job,run,libjob.so [crates/base/Cargo.toml:true] false",
                "base base [] false",
                "Cargo.toml  [crates/base/Cargo.toml:false crates/job/Cargo.toml:false] true"
            ]
        );
        let needs: Vec<String> =
            facts.dependencies.iter().map(|d| format!("{} {} {:?}", d.name, d.versions, d.scope)).collect();
        assert_eq!(needs, ["serde >=1.2, <2 Compile", "base * Compile", "odd * Test", "cc 1.0.3 Other"]);
        let serde = facts.dependencies[0].version.as_ref().unwrap();
        assert_eq!((serde.span().file, serde.written().file), (FileId(0), FileId(1)));
        assert_eq!(facts.dependencies[0].classifier.as_deref(), Some("derive"));
        assert_eq!(facts.unresolved.len(), 1);
        assert!(facts.losses.is_empty() && facts.versions.is_empty());
    }
}
