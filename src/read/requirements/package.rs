//! A PEP 508 requirement: `name[extra] >=1,<2 ; marker`, and pip's `--hash` options behind it.

use crate::source::Traced;
use std::ops::Range;

/// A distribution by its name.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name as written.
    pub name: Traced,
    /// The extras asked for.
    pub extras: Vec<Traced>,
    /// The version specifiers, as written, without parentheses: `>=3.4,<3.6`. None where every version will do.
    pub specifiers: Option<Traced>,
    /// The address behind `@`.
    pub url: Option<Traced>,
    /// The environment it is for: `python_version < "3.8"`.
    pub marker: Option<Traced>,
    /// The digests its archives may have: `sha256:…`.
    pub hashes: Vec<Traced>,
}

/// Where a text is no requirement, and why.
pub type Fault = (Range<usize>, String);

/// Reads one requirement. `slice` makes a value of a part of the text.
///
/// # Errors
/// The part that cannot be read.
pub fn package(text: &str, slice: &dyn Fn(Range<usize>) -> Traced) -> Result<Package, Fault> {
    let (end, hashes) = hashes(text);
    let mut scan = Scan { text: text[..end].trim_end(), at: 0 };
    scan.blanks();
    let name = scan.word(is_name);
    let inner = |c: char| c.is_ascii_alphanumeric();
    let word = &text[name.clone()];
    if !(word.starts_with(inner) && word.ends_with(inner)) {
        return Err((
            scan.rest(name.start),
            format!("`{}` is no requirement: it must begin with a name", shown(scan.text.trim())),
        ));
    }
    scan.blanks();
    let extras = scan.extras()?;
    scan.blanks();
    let (specifiers, url) = if scan.take('@') {
        scan.blanks();
        let url = scan.word(|c| !c.is_whitespace());
        if url.is_empty() {
            return Err((name, "an address must follow `@`".into()));
        }
        (None, Some(url))
    } else {
        (scan.specifiers(&name)?, None)
    };
    scan.blanks();
    let marker = if scan.take(';') { Some(scan.marker()?) } else { None };
    if scan.at < scan.text.len() {
        let rest = scan.rest(scan.at);
        return Err((rest.clone(), format!("`{}` cannot stand here", shown(&text[rest]))));
    }
    Ok(Package {
        name: slice(name),
        extras: extras.into_iter().map(slice).collect(),
        specifiers: specifiers.map(slice),
        url: url.map(slice),
        marker: marker.map(slice),
        hashes: hashes.into_iter().map(slice).collect(),
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-".contains(c)
}

/// Where pip's own options begin (` --hash=…`), and the hashes among them.
fn hashes(text: &str) -> (usize, Vec<Range<usize>>) {
    let mut words = Words { text, at: 0 };
    let Some(first) = words.find(|word| text[word.clone()].starts_with("--")) else { return (text.len(), Vec::new()) };
    let mut found = Vec::new();
    let mut bare = false;
    for word in std::iter::once(first.clone()).chain(words) {
        let body = &text[word.clone()];
        if let Some(hash) = body.strip_prefix("--hash=") {
            found.push(word.end - hash.len()..word.end);
        } else if bare {
            found.push(word.clone());
        }
        bare = body == "--hash";
    }
    (first.start, found)
}

/// The words between blanks.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let body = rest.trim_start();
        let start = self.at + (rest.len() - body.len());
        let len = body.find(char::is_whitespace).unwrap_or(body.len());
        self.at = start + len;
        (len > 0).then_some(start..start + len)
    }
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl Scan<'_> {
    fn left(&self) -> &str {
        &self.text[self.at..]
    }

    fn rest(&self, from: usize) -> Range<usize> {
        from.min(self.text.len())..self.text.len()
    }

    fn blanks(&mut self) {
        self.word(char::is_whitespace);
    }

    fn take(&mut self, c: char) -> bool {
        let is_next = self.left().starts_with(c);
        self.at += if is_next { c.len_utf8() } else { 0 };
        is_next
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        self.at += self.left().find(|c| !belongs(c)).unwrap_or(self.left().len());
        start..self.at
    }

    fn extras(&mut self) -> Result<Vec<Range<usize>>, Fault> {
        let (open, mut found) = (self.at, Vec::new());
        if !self.take('[') {
            return Ok(found);
        }
        loop {
            self.blanks();
            let extra = self.word(is_name);
            if !extra.is_empty() {
                found.push(extra);
            }
            self.blanks();
            if self.take(']') {
                return Ok(found);
            }
            if !self.take(',') {
                return Err((self.rest(open), "the extras are never closed by `]`".into()));
            }
        }
    }

    /// What stands up to the marker, without parentheses; a comparison must begin it, pip's `${NAME}` may.
    fn specifiers(&mut self, name: &Range<usize>) -> Result<Option<Range<usize>>, Fault> {
        let start = self.at;
        let parenthesised = self.take('(');
        self.blanks();
        let inner = self.word(|c| c != ';' && c != ')');
        let body = self.text[inner.clone()].trim_end();
        let specifiers = inner.start..inner.start + body.len();
        if parenthesised && !self.take(')') {
            return Err((self.rest(start), "the parenthesis is never closed".into()));
        }
        if body.is_empty() {
            return Ok(None);
        }
        match body.split(',').map(str::trim).find(|part| !is_comparison(part)) {
            None => Ok(Some(specifiers)),
            // A comma may end the list.
            Some("") if !body.starts_with(',') && !body.contains(",,") => {
                Ok(Some(specifiers.start..specifiers.start + body.trim_end_matches(',').trim_end().len()))
            }
            Some(part) => {
                let name = &self.text[name.clone()];
                Err((
                    specifiers,
                    format!("`{}` is no version of `{name}`: write `=={}`", shown(part), shown(bare(part))),
                ))
            }
        }
    }

    fn marker(&mut self) -> Result<Range<usize>, Fault> {
        let colon = self.at - 1;
        self.blanks();
        let marker = self.rest(self.at);
        self.at = self.text.len();
        if marker.is_empty() { Err((colon..colon + 1, "a marker must follow `;`".into())) } else { Ok(marker) }
    }
}

/// Whether the part is an operator and one word that looks like a version, or a variable pip fills in.
fn is_comparison(part: &str) -> bool {
    let operator = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].iter().find_map(|op| part.strip_prefix(op));
    let version = operator.unwrap_or_default().trim_start();
    let is_version = |c: char| c.is_ascii_alphanumeric() || ".*+!-_${}".contains(c);
    part.starts_with("${") || (!version.is_empty() && version.chars().all(is_version))
}

/// A wrong specifier's version.
fn bare(part: &str) -> &str {
    let version = part.trim_start_matches(|c: char| !c.is_ascii_digit());
    let version = version.split(|c: char| c.is_whitespace() || c == '\\').next().unwrap_or_default();
    if version.is_empty() { "1.0" } else { version }
}

/// As much of a text as a message can bear.
fn shown(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}
