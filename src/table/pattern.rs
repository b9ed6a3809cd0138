//! Names with versions in them: `com.google.cloud.spark:spark-{spark}-bigquery`, `{version}-spark{spark}-s_{scala}`.

use crate::fact::Component;
use std::ops::Range;

/// A text with holes for versions; a `*` at its end stands for any rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Hole(Hole),
    Rest,
}

/// What stands in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hole {
    /// The artefact's own version: anything that begins with a digit.
    Version,
    /// A component's version: digits and dots.
    Of(Component),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let end = rest.find(['{', '*']).unwrap_or(rest.len());
            if end > 0 {
                pieces.push(Piece::Text(rest[..end].to_owned()));
            } else if rest == "*" {
                pieces.push(Piece::Rest);
                break;
            } else {
                let close = rest.find('}').filter(|_| rest.starts_with('{'));
                let close = close.ok_or_else(|| {
                    format!("`{text}` is no pattern: `*` stands only at the end, a `{{` needs its `}}`")
                })?;
                pieces.push(Piece::Hole(hole(&rest[1..close])?));
                rest = &rest[close + 1..];
                continue;
            }
            rest = &rest[end..];
        }
        Ok(Self { pieces })
    }

    /// What stands in the holes, where a text has this shape.
    pub fn read(&self, text: &str) -> Option<Vec<(Hole, Range<usize>)>> {
        read(&self.pieces, text, 0)
    }

    /// Whether it stands for names that are not written out.
    pub fn is_open(&self) -> bool {
        self.pieces.last() == Some(&Piece::Rest)
    }

    /// The fixed text up to a sign, or up to the first hole.
    pub fn text_before(&self, sign: char) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text.split(sign).next().unwrap_or(text),
            _ => "",
        }
    }

    /// The pattern behind a sign of its first text; the whole pattern where that does not have it.
    #[must_use]
    pub fn after(&self, sign: char) -> Self {
        let mut pieces = self.pieces.clone();
        if let Some(Piece::Text(text)) = pieces.first_mut()
            && let Some((_, rest)) = text.split_once(sign)
        {
            *text = rest.to_owned();
        }
        Self { pieces }
    }
}

fn hole(name: &str) -> Result<Hole, String> {
    match name {
        "version" => Ok(Hole::Version),
        "spark" | "scala" | "hadoop" | "java" | "python" => Ok(Hole::Of(Component::named(name))),
        _ => Err(format!("`{{{name}}}` is no hole: write version, spark, scala, hadoop, java or python")),
    }
}

fn read(pieces: &[Piece], text: &str, at: usize) -> Option<Vec<(Hole, Range<usize>)>> {
    let rest = text.get(at..)?;
    match pieces.split_first() {
        None => rest.is_empty().then(Vec::new),
        Some((Piece::Rest, _)) => Some(Vec::new()),
        Some((Piece::Text(fixed), more)) => {
            rest.starts_with(fixed.as_str()).then(|| read(more, text, at + fixed.len()))?
        }
        Some((Piece::Hole(hole), more)) => {
            let longest = match hole {
                Hole::Version => rest.len(),
                Hole::Of(_) => rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()),
            };
            if !rest.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            // The longest text that lets the rest of the pattern fit; patterns have two or three holes.
            (1..=longest).rev().filter(|len| rest.is_char_boundary(*len)).find_map(|len| {
                let mut found = read(more, text, at + len)?;
                found.insert(0, (*hole, at..at + len));
                Some(found)
            })
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn holes(pattern: &str, text: &str) -> Option<Vec<String>> {
        let found = Pattern::parse(pattern).unwrap().read(text)?;
        Some(found.into_iter().map(|(_, at)| text[at].to_owned()).collect())
    }

    #[test]
    fn versions_are_found_in_names() {
        assert_eq!(holes("g:spark-{spark}-bigquery", "g:spark-3.5-bigquery").unwrap(), ["3.5"]);
        assert_eq!(
            holes("{version}-spark{spark}-s_{scala}", "0.8.3-spark3.5-s_2.12").unwrap(),
            ["0.8.3", "3.5", "2.12"]
        );
        assert_eq!(holes("a-*", "a-b").unwrap(), Vec::<String>::new());
        assert_eq!(holes("g:spark-{spark}-bigquery", "g:spark-bigquery"), None);
        assert_eq!(holes("{version}", "x"), None);
        assert!(
            Pattern::parse("a*b").is_err() && Pattern::parse("{sparks}").is_err() && Pattern::parse("{spark").is_err()
        );
    }
}
