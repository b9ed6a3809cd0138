//! Files, places in them, and text that remembers where it was written.
//!
//! Everything above this room speaks of places as [`Span`]s: byte ranges of the original file, byte order mark included.
//! Text itself is loaded once to be read, dropped, and loaded again (checked by hash) only when a finding shows it.

pub mod text;

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest file that is read, in bytes. A larger one of a format we read is reported, never skipped in silence.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

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

/// Text in which every byte remembers where it was written, also after properties, arguments or templates were filled in.
///
/// `spark-core_${scala.binary.version}` becomes the value `spark-core_2.12` with two pieces: one in the dependency, one in
/// the property's own line. [`Traced::slice`] keeps that, so a rule can point at the bytes that the reader must change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Traced {
    value: Box<str>,
    written: Span,
    pieces: Box<[Piece]>,
}

/// A run of a [`Traced`] value and the bytes it came from. When `exact`, the two have the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Piece {
    start: u32,
    end: u32,
    from: Span,
    exact: bool,
}

impl Traced {
    /// A value that stands in the file as it is. Where escapes make the text longer than the value, the whole span stands for each part.
    pub fn literal(value: impl Into<Box<str>>, span: Span) -> Self {
        let value = value.into();
        let exact = (span.end - span.start) as usize == value.len();
        let pieces = if value.is_empty() {
            Box::default()
        } else {
            Box::new([Piece { start: 0, end: value.len() as u32, from: span, exact }]) as Box<[Piece]>
        };
        Self { value, written: span, pieces }
    }

    /// Joins parts, in order, as the value of the text written at `written`.
    pub fn concat(written: Span, parts: impl IntoIterator<Item = Traced>) -> Self {
        let (mut value, mut pieces) = (String::new(), Vec::new());
        for part in parts {
            let base = value.len() as u32;
            pieces.extend(part.pieces.iter().map(|p| Piece { start: p.start + base, end: p.end + base, ..*p }));
            value.push_str(&part.value);
        }
        Self { value: value.into(), written, pieces: pieces.into() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Where the text is *used*: the dependency's own element, not the property's.
    pub fn written(&self) -> Span {
        self.written
    }

    /// The bytes a reader must change to change the value: the one place it comes from, else the place it is used.
    pub fn span(&self) -> Span {
        match &*self.pieces {
            [] => self.written,
            [piece] => piece.from,
            [first, rest @ ..] => {
                let contiguous = rest.iter().try_fold(first.from, |seen, p| {
                    (p.from.file == seen.file && p.from.start == seen.end).then(|| seen.cover(p.from))
                });
                contiguous.unwrap_or(self.written)
            }
        }
    }

    /// Whether the value stands where it is used, letter by letter: only then may an edit replace it there.
    pub fn is_literal(&self) -> bool {
        self.is_replaceable() && self.written.contains(self.span())
    }

    /// Whether the whole value is one run of bytes in some file, so that replacing these bytes replaces the value.
    pub fn is_replaceable(&self) -> bool {
        !self.value.is_empty() && self.pieces.iter().all(|p| p.exact) && self.span().range().len() == self.value.len()
    }

    /// A part of the value, by byte range; it keeps its origin. An impossible range gives an empty text.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let Some(value) = self.value.get(range.clone()) else {
            return Self { value: Box::default(), written: self.written, pieces: Box::default() };
        };
        let (start, end) = (range.start as u32, range.end as u32);
        let cut = |p: &Piece| {
            let (from, to) = (p.start.max(start), p.end.min(end));
            (from < to).then(|| {
                let origin = if p.exact {
                    Span {
                        file: p.from.file,
                        start: p.from.start + (from - p.start),
                        end: p.from.start + (to - p.start),
                    }
                } else {
                    p.from
                };
                Piece { start: from - start, end: to - start, from: origin, exact: p.exact }
            })
        };
        let pieces: Box<[Piece]> = self.pieces.iter().filter_map(cut).collect();
        Self { value: value.into(), written: self.written, pieces }
    }

    /// The value without blanks around it.
    #[must_use]
    pub fn trim(&self) -> Self {
        let trimmed = self.value.trim();
        let start = trimmed.as_ptr() as usize - self.value.as_ptr() as usize;
        self.slice(start..start + trimmed.len())
    }

    /// The part a regular expression's group matched.
    #[must_use]
    pub fn group(&self, group: regex::Match<'_>) -> Self {
        self.slice(group.range())
    }
}

impl fmt::Display for Traced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)
    }
}

/// The formats we read. What a document *means* (a Deployment, a compose file) is decided later, from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are the formats' own names")]
pub enum Format {
    Pom,
    GoMod,
    Toml,
    Yaml,
    Json,
    Dockerfile,
    Requirements,
    Properties,
    Go,
    Rust,
    Script,
}

impl Format {
    /// The format's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pom => "pom.xml",
            Self::GoMod => "go.mod",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Dockerfile => "Dockerfile",
            Self::Requirements => "requirements.txt",
            Self::Properties => "properties",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Script => "script",
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

    /// Whether it is a readme or the like: prose with commands in it.
    pub fn is_markdown(&self) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("md"))
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

/// Why a file's bytes could not become text. `at` is the first byte that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// What is wrong, as a message of the house's style.
    pub message: String,
    /// The first offending byte, 0 where the whole file is meant.
    pub at: usize,
    /// The text with every bad byte replaced by `?`, for showing the place; empty where nothing can be shown.
    pub shown: String,
    /// The first bytes as far as they look like text, to tell what kind of file was lost.
    pub head: String,
}

/// How much of an unreadable file is looked at to tell its kind, in bytes.
const HEAD_BYTES: usize = 64 * 1024;

impl LoadError {
    fn whole(message: String) -> Self {
        Self { message, at: 0, shown: String::new(), head: String::new() }
    }

    fn with_head(mut self, bytes: &[u8]) -> Self {
        let head: Vec<u8> = bytes.iter().take(HEAD_BYTES).copied().filter(|b| *b != 0).collect();
        self.head = String::from_utf8_lossy(&head).into_owned();
        self
    }
}

/// Reads a source's text, within [`MAX_FILE_BYTES`], as UTF-8.
pub fn load(source: &Source) -> Result<String, LoadError> {
    let bytes = match &source.location {
        Location::Memory(bytes) => bytes.to_vec(),
        Location::Disk(path) => read_bounded(path)?,
    };
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large(bytes.len() as u64).with_head(&bytes));
    }
    decode(bytes)
}

fn too_large(len: u64) -> LoadError {
    let mib = |n: u64| n.div_ceil(1024 * 1024);
    LoadError::whole(format!("the file has {} MiB; files above {} MiB are not read", mib(len), mib(MAX_FILE_BYTES)))
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, LoadError> {
    let fault = |e: std::io::Error| LoadError::whole(format!("the file cannot be opened: {}", reason(&e)));
    let file = File::open(path).map_err(fault)?;
    let meta = file.metadata().map_err(fault)?;
    if !meta.is_file() {
        return Err(LoadError::whole("this is not a regular file".into()));
    }
    let too_long = meta.len() > MAX_FILE_BYTES;
    let limit = if too_long { HEAD_BYTES as u64 } else { MAX_FILE_BYTES + 1 };
    let mut bytes = Vec::with_capacity(meta.len().min(limit) as usize);
    file.take(limit).read_to_end(&mut bytes).map_err(fault)?;
    if too_long { Err(too_large(meta.len()).with_head(&bytes)) } else { Ok(bytes) }
}

/// The system's words without its error number, in the house's style.
fn reason(error: &std::io::Error) -> String {
    error.kind().to_string()
}

fn decode(bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(LoadError::whole("the file is UTF-16; save it as UTF-8".into()).with_head(&bytes));
    }
    if let Some(at) = memchr::memchr(0, &bytes) {
        let message = "the file holds a NUL byte: it is binary, not text".to_owned();
        return Err(LoadError { at, ..LoadError::whole(message) }.with_head(&bytes));
    }
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let bytes = e.into_bytes();
        let shown = ascii_for_bad_bytes(&bytes);
        LoadError { at, shown, ..LoadError::whole("the file is not valid UTF-8".into()) }.with_head(&bytes)
    })
}

/// Same-length text: offsets stay what they are in the file.
fn ascii_for_bad_bytes(bytes: &[u8]) -> String {
    bytes.utf8_chunks().fold(String::with_capacity(bytes.len()), |mut text, chunk| {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
        text
    })
}

/// A 64-bit FNV-1a hash, stable over versions and machines: for fingerprints and for noticing that a file changed.
pub fn stable_hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
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
        let error = decode(b"ok \xff\xfe end".to_vec()).unwrap_err();
        assert_eq!((error.at, error.shown.as_str()), (3, "ok ?? end"));
    }

    #[test]
    fn paths_do_not_leave_the_root() {
        assert_eq!(join("a/b", "../c/./d.xml").as_deref(), Some("a/c/d.xml"));
        assert_eq!(join("a", "../../etc"), None);
    }
}
