//! The scripts of a repository as they lie, and the builds that settings make of them.

use crate::read::gradle::Script;
use crate::read::properties::Property;
use crate::read::tree::Tree;
use crate::read::{Body, Document};
use crate::source::{Sources, folder_of};
use std::collections::{BTreeSet, HashMap};

/// The names of settings and build scripts, the stronger first.
const SETTINGS: [&str; 2] = ["settings.gradle", "settings.gradle.kts"];
const BUILDS: [&str; 2] = ["build.gradle", "build.gradle.kts"];

/// All that Gradle reads, by path.
pub(super) struct World<'a> {
    pub(super) scripts: HashMap<&'a str, &'a Script>,
    pub(super) properties: HashMap<&'a str, &'a [Property]>,
    pub(super) catalogs: HashMap<&'a str, &'a Tree>,
    /// Code of the build itself, which scripts name objects of.
    pub(super) code: Vec<(&'a str, &'a Script)>,
    /// Scripts that are plugins by the name of their file.
    pub(super) plugins: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> World<'a> {
    pub(super) fn new(sources: &'a Sources, documents: &'a [Document]) -> Self {
        let mut world = Self {
            scripts: HashMap::new(),
            properties: HashMap::new(),
            catalogs: HashMap::new(),
            code: Vec::new(),
            plugins: HashMap::new(),
        };
        for document in documents {
            let path = sources.path(document.file);
            match &document.body {
                Body::Gradle(script) if script.is_code => world.code.push((path, script)),
                Body::Gradle(script) => {
                    world.scripts.insert(path, script);
                    if let Some(name) = plugin_name(path) {
                        world.plugins.entry(name).or_default().push(path);
                    }
                }
                Body::Properties(properties) if path.ends_with("gradle.properties") => {
                    world.properties.insert(path, properties);
                }
                Body::Toml(tree) if path.ends_with(".versions.toml") => {
                    world.catalogs.insert(path, tree);
                }
                _ => {}
            }
        }
        world
    }

    /// The first of some names that is a script in a folder.
    fn first(&self, folder: &str, names: &[&str]) -> Option<(&'a str, &'a Script)> {
        names.iter().find_map(|name| self.script(&beside(folder, name)))
    }

    /// The script of a path.
    pub(super) fn script(&self, path: &str) -> Option<(&'a str, &'a Script)> {
        self.scripts.get_key_value(path).map(|(path, script)| (*path, *script))
    }

    pub(super) fn settings(&self, folder: &str) -> Option<(&'a str, &'a Script)> {
        self.first(folder, &SETTINGS)
    }

    /// A project's script: the usual one, one of its folder's or its own name, or the only one there.
    pub(super) fn build(&self, folder: &str, name: &str) -> Option<(&'a str, &'a Script)> {
        let folder_name = folder.rsplit('/').next().unwrap_or(folder);
        let named = [name, folder_name].into_iter().flat_map(|n| [format!("{n}.gradle"), format!("{n}.gradle.kts")]);
        let named: Vec<String> = named.collect();
        let named: Vec<&str> = named.iter().map(String::as_str).filter(|n| !n.starts_with('.')).collect();
        self.first(folder, &BUILDS).or_else(|| self.first(folder, &named))
    }

    /// The folders with a build script below a root that has settings, those of builds in it left out, in order.
    pub(super) fn inside(&self, root: &str) -> Vec<&'a str> {
        let name = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
        let below = |path: &str| root.is_empty() || path.starts_with(&format!("{root}/"));
        let paths = || self.scripts.keys().copied().filter(|path| below(path));
        let others: BTreeSet<&str> = paths().filter(|p| SETTINGS.contains(&name(p))).map(folder_of).collect();
        let of_other =
            |folder: &str| others.iter().any(|o| *o != root && (folder == *o || folder.starts_with(&format!("{o}/"))));
        let builds: BTreeSet<&str> = paths().filter(|p| BUILDS.contains(&name(p))).map(folder_of).collect();
        builds.into_iter().filter(|folder| *folder != root && !is_build_logic(folder) && !of_other(folder)).collect()
    }

    /// The folders in which a build begins: where settings lie, and where a build script lies below no settings.
    pub(super) fn roots(&self) -> Vec<String> {
        let is = |path: &str, names: &[&str]| names.contains(&path.rsplit('/').next().unwrap_or(path));
        let settings: BTreeSet<&str> = self.scripts.keys().filter(|p| is(p, &SETTINGS)).map(|p| folder_of(p)).collect();
        let builds: BTreeSet<&str> = self.scripts.keys().filter(|p| is(p, &BUILDS)).map(|p| folder_of(p)).collect();
        let is_below = |folder: &str| {
            let mut above = Some(folder);
            while let Some(folder) = above {
                if settings.contains(folder) {
                    return true;
                }
                above = (!folder.is_empty()).then(|| folder_of(folder));
            }
            false
        };
        let own = builds.iter().filter(|folder| !is_below(folder));
        settings.iter().chain(own).filter(|folder| !is_build_logic(folder)).map(|f| (*f).to_owned()).collect()
    }
}

/// Folders whose code is run by the build, not built for anybody.
fn is_build_logic(folder: &str) -> bool {
    folder
        .split('/')
        .any(|part| matches!(part, "buildSrc" | "build-logic" | "build-conventions" | "build-tools" | "gradle"))
}

/// `x` of `…/src/main/groovy/x.gradle`, with its folders as the package.
fn plugin_name(path: &str) -> Option<&str> {
    let inside = ["/src/main/groovy/", "/src/main/kotlin/"].iter().find_map(|mark| Some(path.split_once(mark)?.1))?;
    let name = inside.rsplit('/').next().unwrap_or(inside);
    name.strip_suffix(".gradle.kts").or_else(|| name.strip_suffix(".gradle"))
}

/// The path of a file in a folder.
pub(super) fn beside(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
