//! Where the packages lie that a module imports: in its `vendor` folder, or in the module cache of this machine.

use crate::source::{self, Format, Location, Source};
use crate::version::Version;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// More files than any package has.
const MAX_FILES: usize = 4000;

/// A required module as it is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// The path that imports name.
    pub path: String,
    /// The module that is read in its place: itself, or its replacement.
    pub from: String,
    /// The version.
    pub version: String,
}

/// A package that is not part of what was given.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// It belongs to the repository all the same: to its test data.
    pub ours: bool,
    /// Its texts, by the names of their files; none where it does not lie at hand.
    pub texts: Vec<(String, String)>,
}

/// What the modules of one build can read beside their own files.
#[derive(Debug, Clone, Default)]
pub struct Library {
    vendors: Vec<PathBuf>,
    cache: Option<PathBuf>,
    requires: Vec<Required>,
    /// Modules of the repository: packages of theirs that are only test data are read as others are.
    modules: Vec<(String, PathBuf)>,
}

impl Library {
    /// For modules with these paths in these folders, with these requirements.
    pub fn new(modules: Vec<(String, PathBuf)>, mut requires: Vec<Required>) -> Self {
        let vendors = modules.iter().map(|(_, folder)| folder.join("vendor")).filter(|vendor| vendor.is_dir());
        // The longest path that fits is the module of a package; of several versions the later one is built.
        let version = |r: &Required| Version::parse(&r.version);
        requires.sort_by(|a, b| {
            let longer = b.path.len().cmp(&a.path.len()).then_with(|| a.path.cmp(&b.path));
            longer.then_with(|| version(b).partial_cmp(&version(a)).unwrap_or(Ordering::Equal))
        });
        Self { vendors: vendors.collect(), cache: cache_folder(), requires, modules }
    }

    /// A package's texts, and whether it belongs to the repository.
    pub fn read(&self, path: &str) -> Loaded {
        let ours = self.modules.iter().any(|(module, _)| !module.is_empty() && path.starts_with(&format!("{module}/")));
        Loaded { ours, texts: self.texts(path) }
    }

    /// The texts of a package, by the names of their files.
    fn texts(&self, path: &str) -> Vec<(String, String)> {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Vec::new();
        }
        let vendored = self.vendors.iter().map(|vendor| vendor.join(path));
        let own = self.modules.iter().filter_map(|(module, folder)| {
            let below = path.strip_prefix(module.as_str()).filter(|_| !module.is_empty())?;
            Some(folder.join(below.strip_prefix('/')?))
        });
        vendored
            .chain(own)
            .chain(self.cached(path))
            .map(|folder| texts(&folder))
            .find(|texts| !texts.is_empty())
            .unwrap_or_default()
    }

    /// Where a package lies in the cache, in each of the versions that are required.
    fn cached(&self, path: &str) -> Vec<PathBuf> {
        let Some(cache) = self.cache.as_ref() else { return Vec::new() };
        let within = |r: &&Required| {
            path.strip_prefix(r.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let folder = |module: &Required| {
            let rest = path.strip_prefix(module.path.as_str()).unwrap_or_default();
            cache.join(format!("{}@{}{rest}", escaped(&module.from), escaped(&module.version)))
        };
        self.requires.iter().filter(within).take(16).map(folder).collect()
    }
}

fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let path = || set("GOPATH").and_then(|all| std::env::split_paths(&all).next()).map(|first| first.join("pkg/mod"));
    let home = || set("HOME").map(|home| home.join("go/pkg/mod"));
    set("GOMODCACHE").or_else(path).or_else(home).filter(|folder| folder.is_dir())
}

/// As the module cache writes names: capitals as `!` and the small letter.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let Ok(listing) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = listing.filter_map(Result::ok).filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|n| n.strip_suffix(".go").is_some_and(|stem| !stem.ends_with("_test"))).take(MAX_FILES).collect();
    names.sort();
    let read = |name: String| {
        let location = Location::Disk(folder.join(&name));
        let text = source::load(&Source { path: name.clone(), location, format: Format::Go }).ok()?;
        Some((name, text))
    };
    names.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_escaped() {
        assert_eq!(escaped("github.com/Azure/go-x"), "github.com/!azure/go-x");
    }
}
