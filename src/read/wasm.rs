//! WebAssembly: what a module imports, from its binary or its text form.

use super::{Loss, Reading};
use crate::source::{FileId, Span, Traced};
use regex::Regex;
use std::sync::LazyLock;

/// Something that a module takes from whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The interface: `wasi_snapshot_preview1`.
    pub module: String,
    /// The name in it: `path_open`.
    pub name: Traced,
}

/// The section that holds the imports.
const IMPORTS: u8 = 2;

/// How many imports are read; no real module has so many.
const MAX_IMPORTS: u32 = 100_000;

static TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\(\s*import\s+"([^"\n]*)"\s+"([^"\n]*)""#).ok());

/// Whether these bytes begin like a module.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm")
}

/// Reads the imports of a module's binary. What does not follow the format is lost from there on.
pub fn read_binary(file: FileId, bytes: &[u8]) -> Reading<Vec<Import>> {
    let mut reading = Reading { body: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let mut cursor = Cursor { file, bytes, at: 8 };
    if bytes.get(4..8) != Some(&[1, 0, 0, 0]) {
        reading.losses.push(Loss::limit(Span::new(file, 0..0), "this is no module of WebAssembly 1.0"));
    } else if cursor.imports(&mut reading.body).is_none() {
        let at = cursor.at.min(bytes.len());
        reading.losses.push(Loss::limit(Span::new(file, at..at), "the module ends before its imports do"));
    }
    reading
}

/// Reads the imports of a module's text form.
pub fn read_text(file: FileId, text: &str) -> Reading<Vec<Import>> {
    let found = TEXT.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
    let import = |found: regex::Captures<'_>| {
        let (module, name) = (found.get(1)?, found.get(2)?);
        let name = Traced::literal(name.as_str(), Span::new(file, name.range()));
        Some(Import { module: module.as_str().to_owned(), name })
    };
    Reading { body: found.filter_map(import).collect(), comments: Vec::new(), losses: Vec::new() }
}

/// A place in the bytes. Each step answers `None` where they end too early.
struct Cursor<'b> {
    file: FileId,
    bytes: &'b [u8],
    at: usize,
}

impl Cursor<'_> {
    fn imports(&mut self, found: &mut Vec<Import>) -> Option<()> {
        while self.at < self.bytes.len() {
            let (section, size) = (self.byte()?, self.number()? as usize);
            if section != IMPORTS {
                self.at = self.at.checked_add(size)?;
                continue;
            }
            let count = self.number()?.min(MAX_IMPORTS);
            for _ in 0..count {
                let import = Import { module: self.text()?.to_string(), name: self.text()? };
                self.description()?;
                found.push(import);
            }
            return Some(());
        }
        (self.at == self.bytes.len()).then_some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// An unsigned LEB128 number of at most 32 bits.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0u64;
        for step in 0..5 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * step);
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    fn text(&mut self) -> Option<Traced> {
        let len = self.number()? as usize;
        let range = self.at..self.at.checked_add(len)?;
        let text = std::str::from_utf8(self.bytes.get(range.clone())?).ok()?;
        self.at = range.end;
        Some(Traced::literal(text, Span::new(self.file, range)))
    }

    /// What kind of thing is imported: a function, table, memory, global or tag.
    fn description(&mut self) -> Option<()> {
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => {
                self.byte()?;
                self.byte()?;
            }
            4 => {
                self.byte()?;
                self.number()?;
            }
            _ => return None,
        }
        Some(())
    }

    fn limits(&mut self) -> Option<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with a custom section, one type, and imports of a function and a memory.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x00\x02\x01x\x01\x04\x01\x60\x00\x00\x02\x2e\x02\x16wasi_snapshot_preview1\x09path_open\x00\x00\x03env\x03mem\x02\x00\x01\x03\x02\x01\x00";

    #[test]
    fn imports_are_read_with_their_places() {
        let reading = read_binary(FileId(0), MODULE);
        assert!(reading.losses.is_empty(), "{:?}", reading.losses);
        let names: Vec<(&str, &str)> = reading.body.iter().map(|i| (i.module.as_str(), i.name.as_str())).collect();
        assert_eq!(names, [("wasi_snapshot_preview1", "path_open"), ("env", "mem")]);
        let places: Vec<_> = reading.body.iter().map(|i| MODULE.get(i.name.span().range())).collect();
        assert_eq!(places, [Some(b"path_open".as_slice()), Some(b"mem".as_slice())]);
    }

    #[test]
    fn the_text_form_is_read() {
        let text =
            "\u{feff}(module\r\n  (import \"env\" \"log\" (func))\r\n  (import \"wasi\" \"fd_write\" (func $w)))";
        let names: Vec<String> = read_text(FileId(0), text).body.iter().map(|i| i.name.to_string()).collect();
        assert_eq!(names, ["log", "fd_write"]);
    }

    #[test]
    fn cut_and_changed_modules_are_lost_not_the_run() {
        for end in 0..MODULE.len() {
            let reading = read_binary(FileId(0), &MODULE[..end]);
            assert!(reading.body.len() <= 2);
        }
        let mut seed = 7u32;
        for _ in 0..20_000 {
            let mut bytes = MODULE.to_vec();
            for _ in 0..3 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = seed as usize % bytes.len();
                bytes[at] = (seed >> 24) as u8;
            }
            let _ = read_binary(FileId(0), &bytes);
        }
        assert!(
            read_binary(FileId(0), b"\0asm\x0d\0\x01\0").losses.len() == 1 && read_text(FileId(0), "").body.is_empty()
        );
    }
}
