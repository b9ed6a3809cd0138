//! Files of variables, `.env` and what compose's `env_file` names: `NAME=value` lines.

use super::Reading;
use crate::source::{FileId, Span, Traced};

/// More variables than this no file has that a person wrote.
const MAX_VARIABLES: usize = 4096;

/// Reads the text. A value in quotes ends with them; an unquoted one ends before a comment.
pub fn read(file: FileId, text: &str) -> Reading<Vec<(Traced, Traced)>> {
    let mut reading = Reading { body: Vec::new(), comments: Vec::new(), losses: Vec::new() };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let body = line.trim_start_matches(['\u{feff}', ' ', '\t']);
        let first = at + line.len() - body.len();
        if body.starts_with('#') {
            reading.comments.push(Span::new(file, first..first + body.trim_end().len()));
        } else if let Some(variable) = variable(file, body, first).filter(|_| reading.body.len() < MAX_VARIABLES) {
            reading.body.push(variable);
        }
    }
    reading
}

/// One line's name and value. A value that refers to others is another text than it says, and keeps its `$`.
fn variable(file: FileId, line: &str, at: usize) -> Option<(Traced, Traced)> {
    let skipped = line.strip_prefix("export ").map_or(0, |rest| line.len() - rest.len());
    let (before, after) = line[skipped..].split_once('=')?;
    let name = before.trim();
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) {
        return None;
    }
    let from = at + skipped + before.len() - before.trim_start().len();
    let value_at = at + line.len() - after.len();
    let value = after.trim();
    let value_at = value_at + after.len() - after.trim_start().len();
    let quoted = |quote: char| value.strip_prefix(quote)?.split_once(quote).map(|(inside, _)| inside);
    let (value, value_at) = match quoted('"').or_else(|| quoted('\'')) {
        Some(inside) => (inside, value_at + 1),
        None => (value.split(" #").next().unwrap_or(value).trim_end(), value_at),
    };
    let piece = |text: &str, at: usize| Traced::literal(text, Span::new(file, at..at + text.len()));
    Some((piece(name, from), piece(value, value_at)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::read;
    use crate::source::FileId;

    #[test]
    fn a_line_is_a_variable() {
        let text = "\u{feff}# all of it\nA=1\n export B = \"x y\" # why\r\nC='#'\nD=v #w\nno line\nE=\n1F=2\n";
        let reading = read(FileId(0), text);
        let pairs: Vec<(&str, &str)> =
            reading.body.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("A", "1"), ("B", "x y"), ("C", "#"), ("D", "v"), ("E", "")]);
        assert_eq!(reading.comments.len(), 1);
        for (name, value) in &reading.body {
            assert_eq!(&text[name.span().range()], name.as_str());
            assert_eq!(&text[value.span().range()], value.as_str());
        }
    }
}
