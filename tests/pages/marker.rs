//! Marker lines: what an example says about its own bytes. `tests/examples.rs` tells how they are written.

use sparkproof::finding::Level;
use std::ops::Range;

/// What a marker line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The marked bytes of the text without marker lines.
    pub range: Range<usize>,
    /// What is said of them.
    pub says: Says,
}

/// The three kinds of markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// `^^^^ rule-id`: a finding of this rule stands here; with a level behind the id, it is of this level.
    Rule(String, Option<Level>),
    /// `---- words`: a finding labels this place with these words among others.
    Label(String),
    /// `because words`: the finding marked above has these words in its evidence.
    Because(String),
}

/// Signs that begin a comment, and what ends it.
const SIGNS: [(&str, &str); 4] = [("<!--", "-->"), ("//", ""), ("#", ""), ("/*", "*/")];

/// Parts the lines of a block into the text without marker lines, the markers, and what is wrong with them (by line of the block).
pub fn split(lines: &[&str], language: &str) -> (String, Vec<Marker>, Vec<(usize, String)>) {
    let (mut text, mut markers, mut faults) = (String::new(), Vec::<Marker>::new(), Vec::new());
    let mut below_marker = false;
    // The bytes of the line that markers speak about.
    let mut above: Option<Range<usize>> = None;
    for (number, line) in lines.iter().enumerate() {
        let found = parse(line, language).filter(|(_, says)| below_marker || !matches!(says, Says::Because(_)));
        below_marker = found.is_some();
        let Some((columns, says)) = found else {
            let start = text.len();
            text.push_str(line);
            above = Some(start..text.len());
            text.push('\n');
            continue;
        };
        if let Says::Because(_) = says {
            let last = markers.iter().rfind(|m| matches!(m.says, Says::Rule(..))).map(|m| m.range.clone());
            match last {
                Some(range) => markers.push(Marker { range, says }),
                None => faults.push((number, "`because` belongs below a `^^^^` of its file".to_owned())),
            }
            continue;
        }
        match above
            .clone()
            .and_then(|line| bytes(&text[line.clone()], &columns).map(|r| line.start + r.start..line.start + r.end))
        {
            Some(range) => markers.push(Marker { range, says }),
            None => faults.push((number, "this marker stands beside the line above it".to_owned())),
        }
    }
    (text, markers, faults)
}

/// The columns and words of a marker line.
fn parse(line: &str, language: &str) -> Option<(Range<usize>, Says)> {
    let body = line.trim_start();
    let sign = SIGNS.iter().find_map(|(open, close)| Some((*open, *close, body.strip_prefix(open)?)));
    let inner = match sign {
        Some((_, close, rest)) => rest.trim_end().strip_suffix(close)?.trim(),
        None => body.trim(),
    };
    if let Some(words) = inner.strip_prefix("because ") {
        return Some((0..0, Says::Because(words.trim().to_owned())));
    }
    let mark = inner.chars().next().filter(|c| "^-".contains(*c))?;
    let words = inner.trim_start_matches(mark);
    let width = inner.len() - words.len();
    let words = words.strip_prefix(' ')?.trim();
    // Without a comment sign, one dash is a list item of YAML, and three begin a document.
    let bare_dashes = sign.is_none() && mark == '-' && language != "json";
    if words.is_empty() || (bare_dashes && (width < 2 || line.starts_with("--- "))) {
        return None;
    }
    let before = line.len() - line[line.find(inner)?..].len();
    let column = line[..before].chars().count();
    let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let says = match mark {
        '^' => {
            let (id, level) = words.split_once(' ').map_or((words, None), |(id, level)| (id, Some(level)));
            let level = level.map(str::parse::<Level>).transpose().ok()?;
            Says::Rule(Some(id).filter(|id| id.chars().all(is_id))?.to_owned(), level)
        }
        _ => Says::Label(words.to_owned()),
    };
    Some((column..column + width, says))
}

/// Columns as bytes of a line; the last column may be one past its end, where a finding stands at the end of a line.
fn bytes(line: &str, columns: &Range<usize>) -> Option<Range<usize>> {
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len(), line.len() + 1]).collect();
    Some(*starts.get(columns.start)?..*starts.get(columns.end)?)
}
