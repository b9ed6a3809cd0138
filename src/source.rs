//! Files, places in them, and text that remembers where it was written.
//!
//! Everything above this room speaks of places as [`Span`]s: byte ranges of the original file, byte order mark included.
//! Text itself is loaded once to be read, dropped, and loaded again (checked by hash) only when a finding shows it.

mod load;
pub mod text;
mod traced;

pub use load::{LoadError, MAX_FILE_BYTES, load, load_bytes, reason, stable_hash};
use std::path::PathBuf;
use std::sync::Arc;
pub use traced::Traced;

/// Which file: an index into [`Sources`], in discovery order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A byte range of one file's original text; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `range` of `file`; offsets past 4 GiB cannot occur, because files are bounded by [`MAX_FILE_BYTES`].
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let start = range.start as u32;
        Self { file, start, end: (range.end as u32).max(start) }
    }

    /// The smallest span that holds both; `self` where they lie in different files.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte, or one is empty and touches the other.
    pub fn overlaps(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.end && other.start <= self.end && {
            let apart = self.end == other.start || other.end == self.start;
            !apart || self.start == self.end || other.start == other.end
        }
    }

    /// The bytes as a `usize` range, for slicing the text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and the place it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// The formats we read. What a document *means* (a Deployment, a compose file) is decided later, from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are the formats' own names")]
pub enum Format {
    Pom,
    Gradle,
    GoMod,
    Toml,
    Yaml,
    Template,
    Json,
    Hcl,
    Dockerfile,
    Requirements,
    Properties,
    Go,
    Rust,
    Sbt,
    Script,
    Ini,
    Logging,
    Wasm,
    Environment,
    Tilt,
    PythonVersion,
    Python,
    Jvm,
    C,
}

impl Format {
    /// The format's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pom => "pom.xml",
            Self::Gradle => "Gradle",
            Self::GoMod => "go.mod",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
            Self::Template => "Helm template",
            Self::Json => "JSON",
            Self::Hcl => "Terraform",
            Self::Dockerfile => "Dockerfile",
            Self::Requirements => "requirements.txt",
            Self::Properties => "properties",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Sbt => "sbt",
            Self::Script => "script",
            Self::Ini => "setup.cfg",
            Self::Logging => "logging configuration",
            Self::Wasm => "WebAssembly",
            Self::Environment => "environment file",
            Self::Tilt => "Tiltfile",
            Self::PythonVersion => "Python version",
            Self::Python => "Python",
            Self::C => "C",
            Self::Jvm => "Scala, Java or Kotlin",
        }
    }
}

/// One discovered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path below the root, with forward slashes: what reports print.
    pub path: String,
    /// Where the bytes are.
    pub location: Location,
    /// How it is read.
    pub format: Format,
}

/// Where a source's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of the file system.
    Disk(PathBuf),
    /// Text handed over: standard input, an editor's buffer, a test.
    Memory(Arc<[u8]>),
}

impl Source {
    /// The folder the file lies in, relative to the root; empty for the root itself.
    pub fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// Whether a folder of this name is among those that it lies in.
    pub fn is_in(&self, folder: &str) -> bool {
        self.folder().split('/').any(|own| own == folder)
    }

    /// Whether it is a readme or the like: prose with commands in it.
    pub fn is_markdown(&self) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("md"))
    }

    /// Whether its name ends so, behind the last dot.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, own)| own == extension)
    }

    /// The file's own name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The folder part of a relative path; empty at the root.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The variant of a chart in which everything is on that has a switch: what is off by default is read as well.
pub const ALL_ON: &str = "all-on";

/// Whether a folder is of that variant, by the name which a chart's variants have.
pub fn is_switched_on(folder: &str) -> bool {
    folder.split('/').any(|name| name.strip_prefix('~') == Some(ALL_ON))
}

/// What stands behind the last dot of a path's last part; empty where there is none.
pub fn extension_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Joins a folder of the root and a relative path, resolving `.` and `..`; `None` where it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The discovered files, in their stable order.
#[derive(Debug, Default)]
pub struct Sources {
    /// The root's absolute path; edits are written below it.
    pub root: PathBuf,
    files: Vec<Source>,
}

impl Sources {
    /// A set of files below `root`.
    pub fn new(root: PathBuf, files: Vec<Source>) -> Self {
        Self { root, files }
    }

    /// The file of an id. Ids are only made by the set itself, so each has its file.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// Its path below the root.
    pub fn path(&self, id: FileId) -> &str {
        &self.get(id).path
    }

    /// All files with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(i, source)| (FileId(i as u32), source))
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether no file is ours.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span::new(FileId(0), start..end)
    }

    #[test]
    fn a_slice_of_a_joined_text_points_at_the_piece_it_came_from() {
        let name = Traced::literal("spark-core_", span(10, 21));
        let property = Traced::literal("2.12.18", Span::new(FileId(1), 3..10));
        let joined = Traced::concat(span(10, 35), [name, property.slice(0..4)]);
        assert_eq!(joined.as_str(), "spark-core_2.12");
        assert_eq!(joined.slice(11..15).span(), Span::new(FileId(1), 3..7));
        assert!(joined.slice(11..15).is_replaceable() && !joined.slice(11..15).is_literal());
        assert_eq!(joined.span(), joined.written(), "two places: only the use is one place");
    }

    #[test]
    fn an_escaped_text_points_at_the_whole_of_it() {
        let escaped = Traced::literal("a<b", span(0, 6));
        assert_eq!(escaped.slice(2..3).span(), span(0, 6));
        assert!(!escaped.is_replaceable());
    }

    #[test]
    fn bad_bytes_keep_their_length() {
        let error = load::decode(b"ok \xff\xfe end".to_vec()).unwrap_err();
        assert_eq!((error.at, error.shown.as_str()), (3, "ok ?? end"));
    }

    #[test]
    fn paths_do_not_leave_the_root() {
        assert_eq!(join("a/b", "../c/./d.xml").as_deref(), Some("a/c/d.xml"));
        assert_eq!(join("a", "../../etc"), None);
    }
}
