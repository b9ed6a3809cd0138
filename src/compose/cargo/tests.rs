#![allow(clippy::unwrap_used)]

use super::*;
use crate::read::{self, mutation};
use crate::source::{Format, Location, Source};

fn composed(files: &[(&str, &str)]) -> Cargo {
    let source = |(path, text): &(&str, &str)| Source {
        path: (*path).to_owned(),
        location: Location::Memory(text.as_bytes().into()),
        format: if path.contains("src/") { Format::Rust } else { Format::Toml },
    };
    let sources = Sources::new("/".into(), files.iter().map(source).collect());
    let documents: Vec<_> = sources.iter().map(|(id, source)| read::read(id, source, false)).collect();
    compose(&sources, &documents)
}

fn needs(package: &Package) -> Vec<String> {
    let line = |d: &Dependency| {
        let version = d.version.as_ref().map_or("-", Traced::as_str);
        let path = d.path.as_ref().map_or("", |(path, _)| path.as_str());
        let flags = format!("{}{}", if d.default_features { "d" } else { "" }, if d.optional { "o" } else { "" });
        format!(
            "{}={} {version} {path} [{}] {flags} {:?} {}",
            d.key,
            d.name,
            d.features.join(","),
            d.kind,
            d.target.as_deref().unwrap_or_default()
        )
    };
    package.dependencies.iter().map(line).collect()
}

fn members(cargo: &Cargo, index: usize) -> Vec<&str> {
    cargo.workspaces[index].members.iter().map(|m| m.folder.as_str()).collect()
}

const ROOT: &str = "\
[workspace]
members = [\"crates/*\", \"tools/one\"]
exclude = [\"crates/old\"]

[workspace.package]
version = \"1.4.0\"

[workspace.dependencies]
serde = { version = \"1.0.1\", features = [\"std\"], default-features = false }
log = \"0.4\"
renamed = { package = \"original\", version = \"2\" }
base = { path = \"crates/base\", version = \"1.4\" }
";

const JOB: &str = "\
[package]
name = \"job\"
version.workspace = true

[dependencies]
serde = { workspace = true, features = [\"derive\", \"std\"], optional = true }
log.workspace = true
renamed.workspace = true
base.workspace = true
other = { git = \"x\", default-features = false }
missing.workspace = true

[target.'cfg(unix)'.dependencies]
libc = \"0.2\"

[dev-dependencies]
own = { package = \"real\", path = \"../../lib/own\" }

[build-dependencies.cc]
version = \"1\"
";

#[test]
fn a_member_inherits_and_adds() {
    let files = [
        ("Cargo.toml", ROOT),
        ("crates/job/Cargo.toml", JOB),
        ("crates/base/Cargo.toml", "[package]\nname = 'base'\n"),
    ];
    let cargo = composed(&files);
    let job = &cargo.packages[0];
    let mut all = needs(job);
    all.sort();
    assert_eq!(
        all,
        [
            "base=base 1.4 crates/base [] d Normal ",
            "cc=cc 1  [] d Build ",
            "libc=libc 0.2  [] d Normal cfg(unix)",
            "log=log 0.4  [] d Normal ",
            "other=other -  [] Normal ".replace("[] ", "[]  ").as_str(),
            "own=real - lib/own [] d Dev ",
            "renamed=original 2  [] d Normal ",
            "serde=serde 1.0.1  [std,derive] o Normal ",
        ]
    );
    let version = job.version.as_ref().unwrap();
    assert_eq!((version.as_str(), version.span().file, version.written().file), ("1.4.0", FileId(0), FileId(1)));
    assert_eq!(&ROOT[version.span().range()], "1.4.0");
    let serde = job.dependencies.iter().find(|d| d.name.as_str() == "serde").unwrap();
    assert_eq!(&ROOT[serde.version.as_ref().unwrap().span().range()], "1.0.1");
    assert!(!serde.version.as_ref().unwrap().is_literal());
    assert_eq!(cargo.losses.len(), 1);
    assert!(JOB[cargo.losses[0].span.range()].starts_with("missing"));
}

#[test]
fn members_are_named_globbed_or_depended_on() {
    let package = "[package]\nname = 'p'\n";
    let cargo = composed(&[
        ("Cargo.toml", ROOT),
        ("crates/a/Cargo.toml", "[package]\nname = 'a'\n[dependencies]\nx = { path = '../../deep/x' }\n"),
        ("crates/a/nested/Cargo.toml", package),
        ("crates/old/Cargo.toml", package),
        ("deep/x/Cargo.toml", package),
        ("tools/one/Cargo.toml", package),
        ("tools/two/Cargo.toml", package),
        ("crates/own/Cargo.toml", "[package]\nname = 'own'\n[workspace]\n"),
    ]);
    assert_eq!(members(&cargo, 0), ["crates/a", "deep/x", "tools/one"]);
    assert!(cargo.workspaces[0].is_virtual);
    assert!(members(&cargo, 1).is_empty() && !cargo.workspaces[1].is_virtual);
    let root = |folder: &str| cargo.packages.iter().find(|p| p.folder == folder).unwrap().workspace;
    assert_eq!(root("crates/old"), None);
    assert_eq!(root("crates/a"), Some(FileId(0)));
    assert_eq!(root("crates/own"), Some(FileId(7)));
}

#[test]
fn a_package_may_point_to_its_workspace() {
    let cargo = composed(&[
        ("ws/Cargo.toml", "[workspace]\nmembers = ['../job']\n[workspace.dependencies]\nlog = '0.4'\n"),
        ("job/Cargo.toml", "[package]\nname = 'job'\nworkspace = '../ws'\n[dependencies]\nlog.workspace = true\n"),
    ]);
    assert_eq!(needs(&cargo.packages[0]), ["log=log 0.4  [] d Normal "]);
    assert_eq!(members(&cargo, 0), ["job"]);
}

#[test]
fn programs_are_found_by_their_place() {
    let cargo = composed(&[
        ("a/Cargo.toml", "[package]\nname = 'a-b'\n[lib]\ncrate-type = ['rlib', 'cdylib']\n[[bin]]\nname = 'one'\n"),
        ("a/src/bin/two.rs", ""),
        ("a/src/bin/three/main.rs", ""),
        ("a/src/bin/three/part.rs", ""),
    ]);
    assert_eq!(cargo.packages[0].artefacts, ["a-b", "one", "two", "three", "liba_b.so"]);
}

#[test]
fn values_of_a_wrong_kind_lose_themselves() {
    let cargo = composed(&[
        ("Cargo.toml", "[package]\nname = 'a'\n[dependencies]\nbad = 3\ngood = '1'\n"),
        ("b/Cargo.toml", "package = 'b'\ndependencies = []\n"),
        ("c/Cargo.toml", ""),
    ]);
    assert_eq!(needs(&cargo.packages[0]), ["good=good 1  [] d Normal "]);
    assert_eq!((cargo.packages.len(), cargo.losses.len()), (1, 3));
}

#[test]
fn broken_manifests_keep_their_spans() {
    mutation::each(&[JOB], |text| {
        let cargo = composed(&[("Cargo.toml", ROOT), ("crates/job/Cargo.toml", text)]);
        for package in cargo.packages.iter().filter(|p| p.file == FileId(1)) {
            mutation::traced(text, &package.name);
            package.dependencies.iter().for_each(|d| mutation::inside(text, d.span));
        }
    });
}
