//! Applying fixes: which edits fit together, what the files become, and whether that can still be read.
//!
//! A [`Plan`] is made without writing anything: `--diff` shows it, `--fix` hands it to [`write()`].

mod apply;
mod choose;
mod diff;
mod write;

pub use apply::apply;
pub use diff::diff;
pub use write::write;

use crate::finding::{Edit, Finding};
use crate::read::{self, Extent, Loss};
use crate::source::text::{Text, Texts};
use crate::source::{self, FileId, Source, Sources};
use choose::Choice;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What will change, and what will not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files that change, in the order of their ids.
    pub changes: Vec<Change>,
    /// The findings whose fix is part of it, by index, in order.
    pub fixed: Vec<usize>,
    /// The fixes that are not, each with its reason, in order of their findings.
    pub refused: Vec<Refused>,
    /// How many findings have an unsafe fix that was not asked for.
    pub unsafe_left: usize,
}

/// A fix that is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The finding, by index.
    pub finding: usize,
    /// Why, in the house's message style.
    pub why: String,
}

/// One file before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub file: FileId,
    /// Its path below the root.
    pub path: String,
    /// The edits: sorted, none overlaps another.
    pub edits: Vec<Edit>,
    /// The findings whose fixes they are, by index, in order.
    pub findings: Vec<usize>,
    /// The text as it was read.
    pub old: String,
    /// The text with the edits.
    pub new: String,
}

/// Whether the changes of a plan were written, for the words of its summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `--fix`.
    Written,
    /// `--diff`: shown only.
    Shown,
}

/// Reads a text again and says what was lost.
type Reread<'a> = &'a (dyn Fn(FileId, &Source, &str) -> Vec<Loss> + Sync);

/// Decides which fixes are applied and what the files become. Nothing is written.
///
/// The edits of a fix are all taken or none. Two fixes may share an edit; where different edits overlap, the fix of the
/// first finding wins. A file that is no longer what `hash_of` says it was, and a result that can be read less well
/// than the file before, refuse the fix.
pub fn plan(
    findings: &[Finding],
    sources: &Sources,
    hash_of: impl Fn(FileId) -> u64 + Sync,
    allow_unsafe: bool,
) -> Plan {
    // As a UDF path, so that code is parsed and not only searched for directives.
    plan_with(findings, sources, hash_of, allow_unsafe, &|file, source, text| {
        read::read_text(file, source, text, true).losses
    })
}

fn plan_with(
    findings: &[Finding],
    sources: &Sources,
    hash_of: impl Fn(FileId) -> u64 + Sync,
    allow_unsafe: bool,
    reread: Reread,
) -> Plan {
    let files: BTreeSet<FileId> =
        findings.iter().filter_map(|f| f.fix.as_ref()).flat_map(|fix| &fix.edits).map(|e| e.span.file).collect();
    let texts: BTreeMap<FileId, Result<Text, String>> =
        files.into_par_iter().map(|file| (file, text_of(sources, file, hash_of(file)))).collect();
    let mut choice = Choice::new(findings, sources, &texts, allow_unsafe);
    let changes = loop {
        let changes = changes(&choice.accepted, findings, sources, &texts);
        let faults: BTreeMap<usize, String> =
            changes.par_iter().flat_map_iter(|change| faults(change, findings, sources, reread)).collect();
        if faults.is_empty() {
            break changes;
        }
        choice.accepted.retain(|index| !faults.contains_key(index));
        choice.refused.extend(faults.into_iter().map(|(finding, why)| Refused { finding, why }));
    };
    choice.refused.sort_by_key(|refused| refused.finding);
    Plan { changes, fixed: choice.accepted, refused: choice.refused, unsafe_left: choice.unsafe_left }
}

/// The text of a file that is still what was read.
fn text_of(sources: &Sources, file: FileId, hash: u64) -> Result<Text, String> {
    let path = sources.path(file);
    let text = source::load(sources.get(file)).map_err(|e| format!("`{path}` cannot be read again: {}", e.message))?;
    if source::stable_hash(text.as_bytes()) == hash { Ok(Text::new(text)) } else { Err(changed(path)) }
}

fn changed(path: &str) -> String {
    format!("`{path}` changed since it was read")
}

/// The edits of one finding's fix in one file.
fn edits_in(finding: &Finding, file: FileId) -> impl Iterator<Item = &Edit> {
    finding.fix.iter().flat_map(|fix| &fix.edits).filter(move |edit| edit.span.file == file)
}

/// Every file with what the accepted fixes make of it.
fn changes(
    accepted: &[usize],
    findings: &[Finding],
    sources: &Sources,
    texts: &BTreeMap<FileId, Result<Text, String>>,
) -> Vec<Change> {
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for index in accepted {
        let edits = findings.get(*index).and_then(|f| f.fix.as_ref()).map(|fix| &*fix.edits).unwrap_or_default();
        for file in edits.iter().map(|edit| edit.span.file).collect::<BTreeSet<_>>() {
            by_file.entry(file).or_default().push(*index);
        }
    }
    let change = |(file, indices): (FileId, Vec<usize>)| {
        let old = &texts.get(&file)?.as_ref().ok()?.text;
        let edits: Vec<Edit> = merged(indices.iter().filter_map(|i| findings.get(*i)), file);
        // The choice has checked every edit against this text.
        let new = apply(old, &edits).ok()?;
        let path = sources.path(file).to_owned();
        Some(Change { file, path, edits, findings: indices, old: old.clone(), new })
    };
    by_file.into_iter().filter_map(change).collect()
}

fn merged<'a>(findings: impl Iterator<Item = &'a Finding>, file: FileId) -> Vec<Edit> {
    let mut edits: Vec<Edit> = findings.flat_map(|finding| edits_in(finding, file)).cloned().collect();
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    edits
}

/// Above this many fixes in a file whose result cannot be read, the guilty ones are not looked for one by one.
const MAX_SUSPECTS: usize = 64;

/// The fixes after which a file can be read less well than before: those that do it alone, else all of the file's.
fn faults(change: &Change, findings: &[Finding], sources: &Sources, reread: Reread) -> Vec<(usize, String)> {
    let source = sources.get(change.file);
    let known = reread(change.file, source, &change.old);
    let before = lost(&known);
    let fault = |text: &str| {
        let loss = first_new(&before, &reread(change.file, source, text))?;
        Some(format!("the result could not be read: {loss}; nothing of it was written"))
    };
    let Some(together) = fault(&change.new) else { return Vec::new() };
    let alone = |index: &usize| {
        let edits = merged(findings.get(*index).into_iter(), change.file);
        Some((*index, fault(&apply(&change.old, &edits).ok()?)?))
    };
    let suspects = if change.findings.len() > MAX_SUSPECTS { &[] } else { &*change.findings };
    let guilty: Vec<(usize, String)> = suspects.iter().filter_map(alone).collect();
    if guilty.is_empty() {
        return change.findings.iter().map(|index| (*index, together.clone())).collect();
    }
    guilty
}

/// Losses by extent and message: their places move with the edits. Limits count too, since in a template a fix that
/// breaks the syntax shows as one.
fn lost(losses: &[Loss]) -> BTreeMap<(Extent, &str), usize> {
    let mut counts = BTreeMap::new();
    for loss in losses {
        *counts.entry((loss.extent, &*loss.message)).or_default() += 1;
    }
    counts
}

fn first_new(before: &BTreeMap<(Extent, &str), usize>, losses: &[Loss]) -> Option<String> {
    lost(losses)
        .into_iter()
        .find(|(key, count)| before.get(key).is_none_or(|known| count > known))
        .map(|((_, message), _)| message.to_owned())
}

impl Plan {
    /// Whether no file changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes as one patch, below the root.
    pub fn diff(&self) -> String {
        self.changes.iter().map(|change| diff(&change.path, &change.old, &change.new)).collect()
    }

    /// What was done and what was not, for people: one line each. `findings` are those that the plan was made from;
    /// `texts` say on which lines they stand. Empty where no finding has a fix.
    pub fn summary(&self, findings: &[Finding], sources: &Sources, texts: &Texts, mode: Mode) -> String {
        let mut text = String::new();
        for refused in &self.refused {
            let Some(finding) = findings.get(refused.finding) else { continue };
            let line = texts.get(finding.file()).position(finding.span.start as usize).line;
            let path = sources.path(finding.file());
            let _ = writeln!(text, "`{}` at {path}:{line} is not fixed: {}", finding.rule, refused.why);
        }
        let (does, files) = (if mode == Mode::Written { "fixed" } else { "would fix" }, self.changes.len());
        if !self.fixed.is_empty() {
            let _ = write!(text, "{does} {} in {}", counted(self.fixed.len(), "finding"), counted(files, "file"));
        } else if self.refused.is_empty() && self.unsafe_left == 0 {
            return text;
        } else {
            let _ = write!(text, "{does} nothing");
        }
        if !self.refused.is_empty() {
            let _ = write!(text, ", refused {}", counted_as(self.refused.len(), "fix", "fixes"));
        }
        if self.unsafe_left > 0 {
            let left = counted_as(self.unsafe_left, "unsafe fix", "unsafe fixes");
            let _ = write!(text, ", left {left} for `--unsafe-fixes`");
        }
        text.push('\n');
        text
    }
}

fn counted(count: usize, noun: &str) -> String {
    counted_as(count, noun, &format!("{noun}s"))
}

fn counted_as(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
