//! From bytes to text: bounded, UTF-8, and with a reason where it fails.

use super::{Location, Source};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The largest file that is read, in bytes. A larger one of a format we read is reported, never skipped in silence.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

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

/// How the message of a file in UTF-16 begins.
const UTF_16: &str = "the file is UTF-16";

impl LoadError {
    fn whole(message: String) -> Self {
        Self { message, at: 0, shown: String::new(), head: String::new() }
    }

    /// Whether the text is there, in another encoding of Unicode.
    pub fn is_utf16(&self) -> bool {
        self.message.starts_with(UTF_16)
    }

    fn with_head(mut self, bytes: &[u8]) -> Self {
        let head: Vec<u8> = bytes.iter().take(HEAD_BYTES).copied().filter(|b| *b != 0).collect();
        self.head = String::from_utf8_lossy(&head).into_owned();
        self
    }
}

/// Reads a source's text, within [`MAX_FILE_BYTES`], as UTF-8.
pub fn load(source: &Source) -> Result<String, LoadError> {
    decode(load_bytes(source)?)
}

/// Reads a source's bytes, within [`MAX_FILE_BYTES`].
pub fn load_bytes(source: &Source) -> Result<Vec<u8>, LoadError> {
    let bytes = match &source.location {
        Location::Memory(bytes) => bytes.to_vec(),
        Location::Disk(path) => read_bounded(path)?,
    };
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large(bytes.len() as u64).with_head(&bytes));
    }
    Ok(bytes)
}

fn too_large(len: u64) -> LoadError {
    let mib = |n: u64| n.div_ceil(1024 * 1024);
    LoadError::whole(format!("the file has {} MiB; files above {} MiB are not read", mib(len), mib(MAX_FILE_BYTES)))
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, LoadError> {
    let fault = |e: std::io::Error| LoadError::whole(format!("the file cannot be opened: {}", reason(&e)));
    // Asked before it is opened: opening a named pipe waits for a writer.
    let meta = std::fs::metadata(path).map_err(fault)?;
    if !meta.is_file() {
        return Err(LoadError::whole("this is not a regular file".into()));
    }
    let file = File::open(path).map_err(fault)?;
    let too_long = meta.len() > MAX_FILE_BYTES;
    let limit = if too_long { HEAD_BYTES as u64 } else { MAX_FILE_BYTES + 1 };
    let mut bytes = Vec::with_capacity(meta.len().min(limit) as usize);
    file.take(limit).read_to_end(&mut bytes).map_err(fault)?;
    if too_long { Err(too_large(meta.len()).with_head(&bytes)) } else { Ok(bytes) }
}

/// Why the system refused a file, without its error number, in the house's style.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        kind => kind.to_string(),
    }
}

pub(super) fn decode(bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(LoadError::whole(format!("{UTF_16}; save it as UTF-8")).with_head(&bytes));
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
