//! Which files could be ours, in which format? Names and first bytes decide; ignore files are obeyed; the order is stable.

mod format;

use format::{HEAD, head, sbt_build};
pub use format::{VERSION_MATRIX, format_of};

use crate::source::{Format, Location, Source, reason};
use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, WalkBuilder};
use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The configuration file's name.
pub const CONFIG: &str = "sparkproof.toml";

/// Folders that hold other people's code or build products, whatever the ignore files say. A path given by hand is read all the same.
const NOT_OURS: [&str; 13] = [
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".terraform",
    ".gradle",
    ".venv",
    "venv",
    ".tox",
    "__pycache__",
    "node_modules",
    "site-packages",
    "vendor",
];

/// What is to be checked.
#[derive(Debug, Default)]
pub struct Request {
    /// Files and folders; empty is the working folder.
    pub paths: Vec<PathBuf>,
    /// Text that stands for a file: its name and its bytes.
    pub stdin: Option<(PathBuf, Vec<u8>)>,
    /// A configuration file given by hand.
    pub config: Option<PathBuf>,
}

/// Where facts come from and which findings are wanted.
#[derive(Debug)]
pub struct Scope {
    /// The nearest folder with a configuration file, else the repository's root, else what the paths have in common.
    pub root: PathBuf,
    /// The configuration file, if there is one.
    pub config: Option<PathBuf>,
    /// The given paths below the root, with forward slashes; the root itself is empty.
    pub selected: Vec<String>,
    /// No repository and no configuration: read what was given and nothing beside it.
    only_given: bool,
    /// What a configuration that was found here may name: nothing outside of the repository. A configuration given by hand is trusted.
    fence: Option<PathBuf>,
    stdin: Option<(String, Arc<[u8]>)>,
}

/// A path that cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPath {
    /// As given.
    pub path: PathBuf,
    /// Why, in the house's message style.
    pub message: String,
}

impl Scope {
    /// Finds the root of what was asked for.
    ///
    /// # Errors
    /// A path that does not exist, or that does not lie below the root that the others have.
    pub fn find(request: &Request) -> Result<Self, BadPath> {
        let given = if request.paths.is_empty() && request.stdin.is_none() {
            vec![PathBuf::from(".")]
        } else {
            request.paths.clone()
        };
        let mut paths = given.iter().map(|path| canonical(path)).collect::<Result<Vec<_>, _>>()?;
        let stdin = request.stdin.as_ref().map(|(name, bytes)| Ok((absolute(name)?, bytes.clone()))).transpose()?;
        // A link among the files must not move the root to where it points.
        let place = |(given, path): (&PathBuf, &PathBuf)| match absolute(given) {
            Ok(link) if !path.is_dir() => link,
            _ => path.clone(),
        };
        let mut places: Vec<PathBuf> = given.iter().zip(&paths).map(place).collect();
        places.extend(stdin.iter().map(|(path, _)| path.clone()));
        paths.extend(stdin.iter().map(|(path, _)| path.clone()));
        let common = common_folder(&places);
        let config = match &request.config {
            Some(path) => Some(canonical(path)?),
            None => common.ancestors().map(|folder| folder.join(CONFIG)).find(|file| file.is_file()),
        };
        let repository = || common.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf);
        let repository = repository();
        let found = match &config {
            Some(file) if request.config.is_none() => file.parent().map(Path::to_path_buf),
            _ => repository.clone(),
        };
        let (root, only_given) = found.map_or_else(|| (common.clone(), true), |root| (root, false));
        let fence = request.config.is_none().then(|| repository.unwrap_or_else(|| root.clone()));
        let below = |path: &Path| relative(&root, path).ok_or_else(|| outside(path, &root));
        let selected = paths.iter().map(|path| below(path)).collect::<Result<Vec<_>, _>>()?;
        let stdin = stdin.map(|(path, bytes)| Ok((below(&path)?, Arc::from(bytes)))).transpose()?;
        Ok(Self { root, config, selected, only_given, fence, stdin })
    }

    /// Whether findings of this path are wanted.
    pub fn selects(&self, path: &str) -> bool {
        self.selected.iter().any(|chosen| is_within(path, chosen))
    }

    /// Whether the configuration may have a file read: it lies in the repository, also by way of symbolic links.
    pub fn may_read(&self, path: &Path) -> bool {
        let inside = |fence: &PathBuf| fs::canonicalize(path).is_ok_and(|path| path.starts_with(fence));
        self.fence.as_ref().is_none_or(inside)
    }

    /// Whether a path was asked for so closely that test data in it counts as the real thing.
    pub fn asks_for(&self, path: &str) -> bool {
        self.selected
            .iter()
            .any(|chosen| !chosen.is_empty() && is_within(path, chosen) && is_test_data(&format!("{chosen}/")))
            || self.selected.iter().any(|chosen| chosen == path)
    }
}

/// Files below the root in a stable order, and the folders that were passed over as not ours.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, sorted by path.
    pub sources: Vec<Source>,
    /// Folders passed over, below the root.
    pub passed_over: Vec<String>,
}

/// Walks the root. `exclude` holds path globs of the configuration.
pub fn walk(scope: &Scope, exclude: &[String]) -> Found {
    let excluded = glob_set(exclude);
    let mut found = Found::default();
    let starts: Vec<PathBuf> = if scope.only_given {
        scope.selected.iter().map(|path| scope.root.join(path)).collect()
    } else {
        // A path given by hand is read even where an ignore file names it.
        std::iter::once(scope.root.clone())
            .chain(scope.selected.iter().filter(|p| !p.is_empty()).map(|p| scope.root.join(p)))
            .collect()
    };
    for start in starts {
        walk_one(scope, &start, &excluded, &mut found);
    }
    if let Some((path, bytes)) = &scope.stdin {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
        found.sources.retain(|source| source.path != *path);
        let format = format_of(path, || head.clone()).into_iter();
        found.sources.extend(format.map(|format| Source {
            path: path.clone(),
            location: Location::Memory(bytes.clone()),
            format,
        }));
    }
    drop_other_scala(&mut found.sources);
    found.sources.sort_by(|a, b| a.path.cmp(&b.path));
    found.sources.dedup_by(|a, b| a.path == b.path);
    found.passed_over.sort();
    found.passed_over.dedup();
    found
}

fn walk_one(scope: &Scope, start: &Path, excluded: &GlobSet, found: &mut Found) {
    let passed_over = std::sync::Mutex::new(Vec::new());
    let passed = std::sync::Arc::new(passed_over);
    let (root, collector) = (scope.root.clone(), passed.clone());
    let mut builder = WalkBuilder::new(start);
    builder.hidden(false).follow_links(false).require_git(false).sort_by_file_path(Path::cmp);
    if start.ancestors().any(has_endless_ignores) {
        builder.ignore(false).git_ignore(false).git_exclude(false);
    }
    builder.filter_entry(move |entry| {
        let ours = entry.depth() == 0 || !is_not_ours(entry);
        let repository = [".git", ".hg", ".svn", ".jj"].iter().any(|name| entry.file_name() == *name);
        if !ours
            && !repository
            && let (Some(path), Ok(mut list)) = (relative(&root, entry.path()), collector.lock())
        {
            list.push(path);
        }
        ours
    });
    for entry in builder.build().filter_map(Result::ok) {
        let is_file = entry.file_type().is_some_and(|t| t.is_file());
        let Some(path) = relative(&scope.root, entry.path()).filter(|path| is_file && !excluded.is_match(path)) else {
            continue;
        };
        if let Some(format) = format_of(&path, || head(entry.path())) {
            found.sources.push(Source { path, location: Location::Disk(entry.into_path()), format });
        }
    }
    if let Ok(mut list) = passed.lock() {
        found.passed_over.append(&mut list);
    }
}

/// Whether an ignore file of a folder is a pipe, a device or larger than any that a person writes: reading it might never end.
fn has_endless_ignores(folder: &Path) -> bool {
    const MAX: u64 = 1 << 20;
    let is_endless = |meta: fs::Metadata| !meta.is_dir() && (!meta.is_file() || meta.len() > MAX);
    [".gitignore", ".ignore", ".git/info/exclude"]
        .iter()
        .any(|name| fs::metadata(folder.join(name)).is_ok_and(is_endless))
}

/// Build products lie beside their build file: `target` beside a `pom.xml`. Elsewhere `target` is a name like any other.
fn is_not_ours(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|t| t.is_dir()) {
        return false;
    }
    let name = entry.file_name().to_str().unwrap_or_default();
    let beside = |file: &str| entry.path().parent().is_some_and(|folder| folder.join(file).is_file());
    NOT_OURS.contains(&name)
        || has_endless_ignores(entry.path())
        || (name == "target" && ["pom.xml", "Cargo.toml", "build.sbt", "build.properties"].into_iter().any(beside))
        || (name == "third_party" && beside("go.mod"))
}

/// Only beside an sbt build is a folder `project` sbt's.
fn drop_other_scala(sources: &mut Vec<Source>) {
    let builds: HashSet<String> = sources
        .iter()
        .filter(|source| source.has_extension("sbt"))
        .map(|source| source.folder().trim_end_matches("project").trim_end_matches('/').to_owned())
        .collect();
    sources.retain(|source| {
        let is_scala = source.format == Format::Sbt && source.has_extension("scala");
        !is_scala || sbt_build(&source.path).is_some_and(|build| builds.contains(build))
    });
}

/// Whether a path lies in a folder whose files are input of tests, examples of what is wrong, or templates of projects.
/// They are read, so that broken ones are said, but nothing in them is deployed.
pub fn is_test_data(path: &str) -> bool {
    const FOLDERS: [&str; 14] = [
        "testdata",
        "test-data",
        "test_data",
        "fixtures",
        "__fixtures__",
        "testfixtures",
        "goldens",
        "golden",
        "__snapshots__",
        "archetype-resources",
        "test-fixtures",
        "sbt-test",
        "bad_examples",
        "bad-examples",
    ];
    let (name, folders): (&str, Vec<&str>) = {
        let mut names = path.split('/').rev();
        (names.next().unwrap_or_default(), names.collect())
    };
    let pair = |a: &str, b: &str| folders.windows(2).any(|w| w[1] == a && w[0] == b);
    let starts = |folder: &&str| ["testdata", "testfiles"].iter().any(|prefix| folder.starts_with(prefix));
    folders.iter().any(|folder| FOLDERS.contains(folder) || starts(folder))
        || pair("test", "resources")
        || pair("tests", "resources")
        // What a test expects to be refused says so by its name.
        || (name.starts_with("invalid") && folders.iter().any(|folder| matches!(*folder, "test" | "tests")))
        || pair("src", "it")
}

/// A set of path globs; a pattern without a slash also matches a file or folder of that name anywhere. Patterns have been checked when the
/// configuration was read.
pub fn glob_set(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let anywhere = if pattern.contains('/') { String::new() } else { "**/".to_owned() };
        for form in [format!("{anywhere}{pattern}"), format!("{anywhere}{pattern}/**")] {
            if let Ok(glob) = Glob::new(&form) {
                builder.add(glob);
            }
        }
    }
    builder.build().unwrap_or_default()
}

fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn canonical(path: &Path) -> Result<PathBuf, BadPath> {
    let bad = |message: String| BadPath { path: path.to_path_buf(), message };
    let found = fs::canonicalize(path).map_err(|e| bad(reason(&e)))?;
    let is_readable = found.is_file() || found.is_dir();
    is_readable.then_some(found).ok_or_else(|| bad("this is neither a regular file nor a folder".into()))
}

/// The name of a text from standard input: the file itself need not exist, its folder is where it would lie.
fn absolute(path: &Path) -> Result<PathBuf, BadPath> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| BadPath { path: path.to_path_buf(), message: "no file name".into() })?;
    Ok(canonical(folder)?.join(name))
}

fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = |path: &PathBuf| {
        if path.is_dir() { path.clone() } else { path.parent().map(Path::to_path_buf).unwrap_or_default() }
    };
    let mut folders = paths.iter().map(folder);
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |common, other| {
        common.components().zip(other.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    })
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    // A name that is no text is shown with marks in the place of its odd bytes; the file itself is found by its true name.
    let parts = below.components().map(|c| match c {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

fn outside(path: &Path, root: &Path) -> BadPath {
    let message = format!("it does not lie below `{}`, the root of the other paths", root.display());
    BadPath { path: path.to_path_buf(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(path: &str, head: &str) -> Option<Format> {
        format_of(path, || head.to_owned())
    }

    #[test]
    fn names_and_first_bytes_decide() {
        assert_eq!(format("a/pom.xml", ""), Some(Format::Pom));
        assert_eq!(format("docker/Dockerfile.ubi", ""), Some(Format::Dockerfile));
        assert_eq!(format("x/app.Dockerfile", ""), Some(Format::Dockerfile));
        assert_eq!(format("x/Dockerfile.dockerignore", ""), None);
        assert_eq!(format("requirements/base.txt", ""), Some(Format::Requirements));
        assert_eq!(format("notes.txt", ""), None);
        assert_eq!(format("a.json", "{\"apiVersion\": \"v1\""), Some(Format::Json));
        assert_eq!(format("package.json", "{\"name\": 1"), None);
        assert_eq!(format("conf/app.properties", "spark.executor.cores=2"), Some(Format::Properties));
    }

    #[test]
    fn test_data_is_told_by_its_folder() {
        assert!(is_test_data("a/src/test/resources/x.yaml") && is_test_data("pkg/testdata/x.yaml"));
        assert!(is_test_data("src/sbt-test/plugin/bad/build.sbt") && is_test_data("deploy/tests/invalid-user.yaml"));
        assert!(is_test_data("test/e2e/bad_examples/submission.yaml"));
        assert!(!is_test_data("deploy/tests/valid-user.yaml") && !is_test_data("deploy/invalid-user.yaml"));
        assert!(!is_test_data("src/test/x.yaml") && !is_test_data("fixtures.yaml"));
    }

    #[test]
    fn globs_match_names_anywhere_and_paths_from_the_root() {
        let set = glob_set(&["generated".into(), "charts/*/tests".into()]);
        assert!(set.is_match("a/generated/x.yaml") && set.is_match("charts/x/tests/y.yaml"));
        assert!(!set.is_match("a/charts/x/tests/y.yaml"));
    }
}
