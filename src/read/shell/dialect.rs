//! Where the commands stand in a file that is more than a shell script: recipes of Makefiles and justfiles, `sh` steps of
//! Groovy pipelines.

use super::Dialect;
use super::lexer::is_name;
use super::walk::Walk;
use std::ops::Range;

/// Gives the walk all commands of a text.
pub(super) fn scripts(text: &str, dialect: Dialect, walk: &mut Walk<'_>) {
    match dialect {
        Dialect::Shell => walk.run(0..text.len(), dialect),
        Dialect::Make | Dialect::Just => recipes(text, dialect, walk),
        Dialect::Groovy => {
            for range in steps(text) {
                walk.run(range, Dialect::Shell);
            }
        }
    }
}

/// A line with the lines that a backslash joins to it.
fn logical_lines(text: &str) -> Vec<Range<usize>> {
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if !line.trim_end_matches(['\n', '\r']).ends_with('\\') {
            lines.push(start..at);
            start = at;
        }
    }
    if start < at {
        lines.push(start..at);
    }
    lines
}

fn recipes(text: &str, dialect: Dialect, walk: &mut Walk<'_>) {
    let lines = logical_lines(text);
    let line_of = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let is_recipe = |line: &str| line.starts_with('\t') || (dialect == Dialect::Just && line.starts_with(' '));
    let mut conditional = 0_usize;
    for range in &lines {
        let line = line_of(range);
        if is_recipe(line) {
            continue;
        }
        let first = line.split_ascii_whitespace().next().unwrap_or_default();
        match first {
            "ifeq" | "ifneq" | "ifdef" | "ifndef" | "define" => conditional += 1,
            "endif" | "endef" => conditional = conditional.saturating_sub(1),
            _ => {}
        }
        if let Some((name, value)) = definition(line) {
            let value = range.start + value.start..range.start + value.end;
            walk.define(name, value, dialect, conditional == 0);
        }
    }
    let mut script: Option<Range<usize>> = None;
    for range in lines {
        if !is_recipe(line_of(&range)) {
            if let Some(script) = script.take() {
                walk.run(script, dialect);
            }
        } else if dialect == Dialect::Make {
            walk.run(range, dialect);
        } else {
            script = Some(script.map_or(range.clone(), |s| s.start..range.end));
        }
    }
    if let Some(script) = script {
        walk.run(script, dialect);
    }
}

/// `NAME = value`, `NAME := value`, `export NAME ?= value`.
fn definition(line: &str) -> Option<(&str, Range<usize>)> {
    let equals = line.find('=')?;
    let before = line.get(..equals)?.trim_end_matches([':', '?', '+', '!']).trim_end();
    let name = before.trim_start().trim_start_matches("export ").trim();
    is_name(name).then(|| {
        let value = line.get(equals + 1..).unwrap_or_default();
        (name, equals + 1..equals + 1 + value.trim_end().len())
    })
}

/// The strings of `sh '…'`, `sh """…"""`, `sh(script: "…")`.
fn steps(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(hit) = memchr::memmem::find(bytes.get(at..).unwrap_or_default(), b"sh") {
        let start = at + hit;
        at = start + 2;
        let before = start.checked_sub(1).and_then(|i| bytes.get(i));
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(b)) {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', '(']);
        let rest = rest.strip_prefix("script:").map_or(rest, str::trim_start);
        let Some(mark) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|mark| rest.starts_with(mark)) else { continue };
        let from = text.len() - rest.len() + mark.len();
        let Some(len) = closing(text.get(from..).unwrap_or_default(), mark) else { continue };
        found.push(from..from + len);
        at = from + len + mark.len();
    }
    found
}

/// Where a string ends; one on a single line ends there at the latest.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(mark)?;
        let escaped = text.get(..at)?.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        if mark.len() == 1 && text.get(..at)?.contains('\n') {
            return None;
        }
        if !escaped {
            return Some(at);
        }
        from = at + 1;
    }
}
