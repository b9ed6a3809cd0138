//! Which file a module is.

use std::collections::HashMap;

/// Modules that come with Python or are Spark's own: a file of the same name does not stand for them.
const NEVER_OURS: [&str; 62] = [
    "abc",
    "argparse",
    "array",
    "asyncio",
    "base64",
    "builtins",
    "collections",
    "concurrent",
    "contextlib",
    "copy",
    "csv",
    "ctypes",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "faulthandler",
    "ftplib",
    "functools",
    "glob",
    "gzip",
    "hashlib",
    "http",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "logging",
    "marshal",
    "math",
    "multiprocessing",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "pty",
    "pyspark",
    "queue",
    "random",
    "re",
    "select",
    "shelve",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "ssl",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "urllib",
    "uuid",
    "zipfile",
];

/// Folders in which packages lie beside the scripts that import them.
const ROOTS: [&str; 5] = ["src", "python", "lib", "app", "jobs"];

/// How many of the last parts of a path a module may be imported by.
const MAX_PARTS: usize = 8;

/// The files by the names that others import them by.
#[derive(Debug, Default)]
pub struct Modules {
    /// By the path without its ending; a package by its folder.
    paths: HashMap<String, u32>,
    /// Whether a folder is a package.
    packages: HashMap<String, u32>,
    /// By the last parts of the path; none where several files have these.
    suffixes: HashMap<String, Option<u32>>,
    folders: Vec<String>,
}

impl Modules {
    /// The files by number.
    pub fn new<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut modules = Self::default();
        for (number, path) in paths.enumerate() {
            let number = number as u32;
            let stem = path.strip_suffix(".py").unwrap_or(path);
            let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
            modules.folders.push(folder.to_owned());
            let module = if stem == "__init__" || stem.ends_with("/__init__") { folder } else { stem };
            if module == folder {
                modules.packages.insert(folder.to_owned(), number);
            }
            modules.paths.insert(module.to_owned(), number);
            let mut at = module.len();
            for _ in 0..MAX_PARTS {
                let from = module[..at].rfind('/');
                let suffix = &module[from.map_or(0, |from| from + 1)..];
                let entry = modules.suffixes.entry(suffix.to_owned());
                entry.and_modify(|known| *known = None).or_insert(Some(number));
                let Some(from) = from else { break };
                at = from;
            }
        }
        modules
    }

    /// The module that an absolute, dotted name means in a file.
    pub fn absolute(&self, from: u32, dotted: &str) -> Option<u32> {
        let top = dotted.split('.').next().unwrap_or_default();
        if top.is_empty() || dotted.contains('(') || NEVER_OURS.contains(&top) {
            return None;
        }
        let below = dotted.replace('.', "/");
        let folder = self.folders.get(from as usize)?;
        let at = |folder: &str| self.paths.get(&joined(folder, &below)).copied();
        let ancestors = || ancestors(folder);
        // What lies in a package is imported by the package's name, unless the file is run by itself.
        let plain = ancestors().filter(|folder| !self.packages.contains_key(*folder)).find_map(at);
        let beside = || ancestors().flat_map(|folder| ROOTS.map(|root| joined(folder, root))).find_map(|f| at(&f));
        let in_package = || ancestors().filter(|folder| self.packages.contains_key(*folder)).find_map(at);
        plain.or_else(beside).or_else(in_package).or_else(|| self.suffixes.get(&below).copied().flatten())
    }

    /// The module that a relative name means in a file: how many dots, and what follows them.
    pub fn relative(&self, from: u32, level: usize, dotted: &str) -> Option<u32> {
        let folder = self.folders.get(from as usize)?;
        let base = ancestors(folder).nth(level.checked_sub(1)?)?;
        let below = dotted.replace('.', "/");
        let path = if below.is_empty() { base.to_owned() } else { joined(base, &below) };
        self.paths.get(&path).copied()
    }

    /// A module of a package.
    pub fn inside(&self, package: u32, name: &str) -> Option<u32> {
        let folder = self.folders.get(package as usize)?;
        self.packages.get(folder).filter(|number| **number == package)?;
        self.paths.get(&joined(folder, name)).copied()
    }
}

fn joined(folder: &str, below: &str) -> String {
    if folder.is_empty() { below.to_owned() } else { format!("{folder}/{below}") }
}

/// A folder and those above it.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| match at.rfind('/') {
        Some(end) => Some(&at[..end]),
        None if at.is_empty() => None,
        None => Some(""),
    })
}
