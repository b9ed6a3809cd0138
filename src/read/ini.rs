//! `setup.cfg`: the grammar of Python's `configparser`. A value goes on in lines that are indented deeper than its key.

use super::{Loss, Reading, directive};
use crate::source::{FileId, Span, Traced};
use std::ops::Range;

/// A section and what it says.
#[derive(Debug, Clone)]
pub struct Section {
    /// The name between the brackets.
    pub name: Traced,
    /// Its keys, in order.
    pub entries: Vec<Entry>,
}

/// A key and the lines of its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key as written.
    pub key: Traced,
    /// The lines that hold something, without blanks around them and without comments.
    pub lines: Vec<Traced>,
}

impl Section {
    /// The lines under a key, which is compared without regard to case; `-` and `_` are one for setuptools.
    pub fn get(&self, key: &str) -> &[Traced] {
        let same = |entry: &&Entry| entry.key.as_str().to_ascii_lowercase().replace('-', "_") == key;
        self.entries.iter().find(same).map_or(&[], |entry| &entry.lines)
    }
}

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<Vec<Section>> {
    let comments = if directive::may_hold(text) {
        directive::line_comments(file, text, "#", |line, at| line[..at].trim().is_empty())
    } else {
        Vec::new()
    };
    let mut reader = Reader { file, text, sections: Vec::new(), losses: Vec::new(), depth: None };
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text[at..].split_inclusive('\n') {
        reader.line(at, line.trim_end_matches(['\n', '\r']));
        at += line.len();
    }
    Reading { body: reader.sections, comments, losses: reader.losses }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    sections: Vec<Section>,
    losses: Vec<Loss>,
    /// How deep the last key is indented; none before the first key of a section.
    depth: Option<usize>,
}

impl Reader<'_> {
    fn line(&mut self, at: usize, line: &str) {
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            return;
        }
        let indent = line.len() - line.trim_start().len();
        let range = at + indent..at + indent + body.len();
        if self.depth.is_some_and(|depth| indent > depth) {
            let value = self.value(range);
            let entry = self.sections.last_mut().and_then(|section| section.entries.last_mut());
            if let (Some(entry), Some(value)) = (entry, value) {
                entry.lines.push(value);
            }
        } else if let Some(name) = body.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name) {
            let name = self.traced(range.start + 1..range.start + 1 + name.len());
            self.sections.push(Section { name, entries: Vec::new() });
            self.depth = None;
        } else {
            self.entry(range, indent);
        }
    }

    fn entry(&mut self, range: Range<usize>, indent: usize) {
        let body = &self.text[range.clone()];
        let Some(sign) = body.find(['=', ':']) else {
            self.losses
                .push(Loss::part(Span::new(self.file, range), "this is neither a section nor a key with a value"));
            return;
        };
        let key = self.traced(range.start..range.start + body[..sign].trim_end().len());
        let lines = self.value(range.start + sign + 1..range.end).into_iter().collect();
        let Some(section) = self.sections.last_mut() else {
            self.losses.push(Loss::part(key.span(), format!("`{key}` stands before the first section")));
            return;
        };
        section.entries.push(Entry { key, lines });
        self.depth = Some(indent);
    }

    /// A line of a value without the comment behind it.
    fn value(&self, range: Range<usize>) -> Option<Traced> {
        let line = &self.text[range.clone()];
        let comment = [" #", "\t#", " ;", "\t;"].iter().filter_map(|mark| line.find(mark)).min();
        // A `;` also stands before an environment marker, so only what cannot be one is cut.
        let end = comment.filter(|at| line[*at + 1..].starts_with('#')).unwrap_or(line.len());
        let value = self.traced(range.start..range.start + end).trim();
        (!value.as_str().is_empty()).then_some(value)
    }

    fn traced(&self, range: Range<usize>) -> Traced {
        Traced::literal(&self.text[range.clone()], Span::new(self.file, range))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read::mutation;

    fn lines(text: &str, section: &str, key: &str) -> Vec<String> {
        let sections = read(FileId(0), text).body;
        let found = sections.iter().find(|s| s.name.as_str() == section).unwrap();
        found.get(key).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn values_go_on_in_deeper_lines() {
        let text = "\u{feff}[metadata]\r\nname = etl\r\n[options]\r\ninstall_requires =\r\n    pyspark==3.4.1 # why\r\n\r\n  # no\r\n    delta-spark>=2 ; python_version > '3.8'\r\npython-requires: >=3.8\r\n";
        assert_eq!(
            lines(text, "options", "install_requires"),
            ["pyspark==3.4.1", "delta-spark>=2 ; python_version > '3.8'"]
        );
        assert_eq!(lines(text, "options", "python_requires"), [">=3.8"]);
        assert_eq!(lines(text, "metadata", "name"), ["etl"]);
    }

    #[test]
    fn a_bad_line_loses_itself() {
        let reading = read(FileId(0), "a = 1\n[s]\nnothing\nb = 2\n");
        assert_eq!(reading.losses.len(), 2);
        assert_eq!(reading.body[0].get("b")[0].as_str(), "2");
        assert!(read(FileId(0), "").body.is_empty());
    }

    #[test]
    fn no_text_breaks_it_and_no_place_leaves_it() {
        mutation::each(&["[a]\nb =\n  c\n  d # é\ne: f\n", "\u{feff}[x]\r\ny=z\r\n"], |text| {
            let reading = read(FileId(0), text);
            for entry in reading.body.iter().flat_map(|section| &section.entries) {
                mutation::traced(text, &entry.key);
                entry.lines.iter().for_each(|line| mutation::traced(text, line));
            }
            reading.losses.iter().for_each(|loss| mutation::inside(text, loss.span));
        });
    }
}
