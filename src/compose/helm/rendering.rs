//! What a template makes, read as YAML, with its places in the files that it was made of.

use super::machine::{Machine, Scope, World};
use super::places::moved;
use super::text::{Kind, Left, Run, Text};
use super::value::Value;
use super::writer::{Writer, is_header};
use crate::read::helm::Template;
use crate::read::tree::Tree;
use crate::read::yaml;
use crate::source::{FileId, Span};
use std::ops::Range;

/// What stands where other values would write lines.
const HOLE: &str = "{{ ? }}";

/// The documents that a template makes with some values; None where it is not understood. What it wrote into the values stays there.
pub(super) fn render(file: FileId, template: &Template, root: &mut Value, world: World<'_>) -> Option<Vec<Tree>> {
    let mut machine = Machine::new(world);
    let mut out = Writer::default();
    machine.items(&template.items, &mut Scope::new(root.clone()), &mut out).ok()?;
    if machine.failed.is_some() {
        return None;
    }
    *root = machine.writes.settled(root);
    let written = out.into_text();
    if written.as_str().lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Some(Vec::new());
    }
    let text = separated(&with_marks(&with_words(&written, world.is_final), file));
    let reading = yaml::read(file, text.as_str());
    if !reading.losses.is_empty() {
        return None;
    }
    let moved = reading.body.into_iter().map(|tree| {
        let api = tree.root().get("apiVersion").map(|node| node.span().range());
        let asks_cluster = api.is_some_and(|range| text.is_asked(&range));
        let mut tree = moved(tree, &text);
        tree.asks_cluster = asks_cluster;
        tree
    });
    Some(moved.collect())
}

/// Writes an action for each word that is empty, and for each collection where others may still fill it.
fn with_words(text: &Text, is_final: bool) -> Text {
    let mut all = Text::default();
    let mut at = 0;
    let hole = |all: &mut Text, site: Span| {
        all.push(HOLE, Run::new(HOLE.len(), site, site, Kind::Raw));
    };
    let mut marks = text.marks().iter().peekable();
    for run in text.runs() {
        let end = at + run.len;
        if run.kind == Kind::Empty && !is_final {
            hole(&mut all, run.site);
            at = end;
            continue;
        }
        while at < end {
            while let Some(mark) = marks.next_if(|mark| mark.at <= at) {
                match mark.what {
                    Left::Word(site) => hole(&mut all, site),
                    Left::Lines(_) => all.mark(mark.what),
                }
            }
            let next = marks.peek().map_or(end, |mark| mark.at.min(end));
            let part = text.slice(at..next);
            all.append(&unmarked(&part));
            at = next;
        }
    }
    for mark in marks {
        match mark.what {
            Left::Word(site) => hole(&mut all, site),
            Left::Lines(_) => all.mark(mark.what),
        }
    }
    all
}

/// Trim marks may leave `---apiVersion: v1`, which Helm takes for a separator and a line.
fn separated(text: &Text) -> Text {
    let own = text.as_str();
    let joins = |at: &usize| !own[*at..].starts_with(['-', ' ', '\t', '\r', '\n']) && *at < own.len();
    let ends = own.match_indices("---").filter(|(at, _)| *at == 0 || own[..*at].ends_with('\n'));
    let ends: Vec<usize> = ends.map(|(at, mark)| at + mark.len()).filter(joins).collect();
    let mut all = Text::default();
    let mut from = 0;
    for end in ends {
        let part = text.slice(from..end);
        let site = part.runs().last().map_or(Span::new(FileId(0), 0..0), |run| run.site);
        all.append(&part);
        all.append(&Text::made("\n", site));
        from = end;
    }
    all.append(&text.slice(from..own.len()));
    all
}

/// Writes a line for each mark that stands between lines, and not in the text of a block scalar.
fn with_marks(text: &Text, file: FileId) -> Text {
    if text.marks().is_empty() {
        return text.clone();
    }
    let own = text.as_str();
    let blocks = blocks(own);
    let mut all = Text::default();
    let mut from = 0;
    for mark in text.marks() {
        let (before, after) = (&own[..mark.at], &own[mark.at..]);
        let line = before.rfind('\n').map_or(0, |n| n + 1);
        let ends_line = after.is_empty() || after.starts_with(['\n', '\r']);
        let begins_line = before[line..].trim().is_empty();
        let next = blocks.partition_point(|block| block.end <= mark.at);
        let in_block = blocks.get(next).is_some_and(|block| block.start < mark.at);
        if !(ends_line || begins_line) || in_block || mark.at < from {
            continue;
        }
        let cut = if ends_line { mark.at } else { line.max(from) };
        all.append(&unmarked(&text.slice(from..cut)));
        let Left::Lines(column) = mark.what else { continue };
        let pad = " ".repeat(column.min(1000));
        let hole = if ends_line { format!("\n{pad}{HOLE}") } else { format!("{pad}{HOLE}\n") };
        let site = Span::new(file, 0..0);
        all.push(&hole, Run::new(hole.len(), site, site, Kind::Raw));
        from = cut;
    }
    all.append(&unmarked(&text.slice(from..own.len())));
    all
}

fn unmarked(text: &Text) -> Text {
    let mut plain = Text::default();
    let mut at = 0;
    for run in text.runs() {
        plain.push(&text.as_str()[at..at + run.len], *run);
        at += run.len;
    }
    plain
}

/// Where the lines of block scalars stand.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at): (Vec<Range<usize>>, usize) = (Vec::new(), 0);
    let mut open: Option<(usize, usize)> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_blank = line.trim().is_empty();
        if let Some((start, column)) = open
            && !is_blank
            && indent <= column
        {
            found.push(start..at);
            open = None;
        }
        at += line.len();
        if open.is_none() && is_header(line) {
            open = Some((at.saturating_sub(1), indent));
        }
    }
    found.extend(open.map(|(start, _)| start..text.len() + 1));
    found
}
