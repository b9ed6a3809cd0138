//! `.python-version` and `runtime.txt`: one version a line, the first one counts.

use super::Reading;
use crate::source::{FileId, Span, Traced};

/// Reads the first version: `3.11.4`, `python-3.11.4`, `cpython@3.11`; nothing where it is another interpreter's.
pub fn read(file: FileId, text: &str) -> Reading<Option<Traced>> {
    let mut at = 0;
    let mut body = None;
    for line in text.split_inclusive('\n') {
        let word = line.trim_start_matches('\u{feff}');
        let start = at + (line.len() - word.len());
        let indent = word.len() - word.trim_start().len();
        let word = word.split('#').next().unwrap_or_default().trim();
        at += line.len();
        if word.is_empty() {
            continue;
        }
        let number = ["cpython-", "cpython@", "python-", "python"].iter().find_map(|prefix| word.strip_prefix(prefix));
        let number = number.unwrap_or(word);
        let from = start + indent + (word.len() - number.len());
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            body = Some(Traced::literal(number, Span::new(file, from..from + number.len())));
        }
        break;
    }
    Reading { body, comments: Vec::new(), losses: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::mutation;

    fn version(text: &str) -> Option<String> {
        let found = read(FileId(0), text).body?;
        mutation::traced(text, &found);
        Some(found.to_string())
    }

    #[test]
    fn the_first_version_is_found() {
        assert_eq!(version("3.11.4\n3.8.1\n").as_deref(), Some("3.11.4"));
        assert_eq!(version("\u{feff}# pyenv\r\n  3.10\r\n").as_deref(), Some("3.10"));
        assert_eq!(version("python-3.9.18").as_deref(), Some("3.9.18"));
        assert_eq!(version("pypy3.9-7.3").as_deref(), None);
        assert_eq!(version("\n"), None);
    }

    #[test]
    fn no_text_breaks_it() {
        mutation::each(&["# é\n python-3.11.4 # x\n", "3.8"], |text| drop(version(text)));
    }
}
