//! Annotated source, for people: each finding shows what is wrong, where, where else, how we know, and what to do.

mod line;
mod snippet;

use super::look::{Ink, Paint, clean, clean_lines, counted, defused, wrap};
use super::{Look, Report};
use crate::finding::{Finding, Level, Safety};
use crate::read::keyed::Fault;
use crate::source::FileId;
use crate::source::text::Text;
use snippet::{Mark, Row};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Places of one file with at most so many lines between them are shown in one snippet.
const NEAR: usize = 10;

/// So many labels are shown; machine formats have all of them.
const MOST_LABELS: usize = 20;

/// The narrowest terminal that is laid out for, in columns.
const NARROWEST: usize = 24;

/// Writes the report and its summary line.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings {
        let mut frame = Frame::new(look, ink_of(finding.level));
        frame.finding(report, finding);
        let docs = report.rule(finding).map(crate::rule::Rule::docs);
        frame.write(finding.level.name(), Some((finding.rule, docs)), &finding.message, out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report, Paint { colour: look.colour }))
}

/// Writes faults of a file of ours, all at once: they look like errors, without a rule.
///
/// # Errors
/// Whatever the writer fails with.
pub fn faults(path: &str, text: &Text, faults: &[Fault], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (n, fault) in faults.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        let mut frame = Frame::new(look, Ink::Error);
        let (start, end) = (fault.span.start as usize, fault.span.end as usize);
        let mark = Mark { start, end, words: "", primary: Some(Ink::Error) };
        frame.snippets.push(Snippet { path, text, marks: vec![mark] });
        frame.notes.extend(fault.help.iter().map(|help| ("help", clean_lines(help))));
        frame.write("error", None, &fault.message, out)?;
    }
    Ok(())
}

fn ink_of(level: Level) -> Ink {
    match level {
        Level::Error => Ink::Error,
        Level::Warning => Ink::Warning,
        Level::Info => Ink::Info,
    }
}

fn summary(report: &Report, paint: Paint) -> String {
    let counts = [Level::Error, Level::Warning, Level::Info].map(|level| {
        let n = report.count(level);
        // Information has no plural.
        let text = if level == Level::Info { format!("{n} {level}") } else { counted(n, level.name()) };
        (n > 0).then(|| paint.ink(ink_of(level), &text))
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() {
        return "no findings".into();
    }
    let files: BTreeSet<FileId> = report.findings.iter().map(Finding::file).collect();
    format!("{} in {}", counts.join(", "), counted(files.len(), "file"))
}

/// Marks of one file that are shown together.
struct Snippet<'a> {
    path: &'a str,
    text: &'a Text,
    /// The one whose position stands above comes first.
    marks: Vec<Mark<'a>>,
}

impl Snippet<'_> {
    /// Why no line of it can be shown.
    fn obstacle(&self) -> Option<String> {
        let path = clean(self.path);
        if self.text.changed {
            return Some(format!("`{path}` changed while it was checked, so its lines are not shown"));
        }
        let is_beyond = |mark: &Mark| mark.start > self.text.text.len();
        self.marks.iter().any(is_beyond).then(|| format!("`{path}` cannot be shown"))
    }
}

/// One finding while it is laid out.
struct Frame<'a> {
    width: usize,
    ink: Ink,
    paint: Paint,
    snippets: Vec<Snippet<'a>>,
    notes: Vec<(&'static str, String)>,
}

impl<'a> Frame<'a> {
    fn new(look: Look, ink: Ink) -> Self {
        let paint = Paint { colour: look.colour };
        Self { width: look.width.max(NARROWEST), ink, paint, snippets: Vec::new(), notes: Vec::new() }
    }

    fn finding(&mut self, report: &Report<'a>, finding: &'a Finding) {
        let (start, end) = (finding.span.start as usize, finding.span.end as usize);
        let mut marks = vec![(finding.file(), Mark { start, end, words: "", primary: Some(self.ink) })];
        marks.extend(finding.labels.iter().take(MOST_LABELS).map(|label| {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            (label.span.file, Mark { start, end, words: label.message.as_str(), primary: None })
        }));
        self.gather(report, &marks);
        let mut note = |key, text: String| self.notes.push((key, clean_lines(&text)));
        if let Some(evidence) = &finding.because {
            note("because", evidence.clone());
        }
        if let Some(help) = &finding.help {
            note("help", help.clone());
        }
        if let Some(source) = &finding.source {
            note("source", source.clone());
        }
        if finding.unverified {
            note("note", "unverified: no primary source was read for this, so it never fails a run".into());
        }
        if let Some(more) = finding.labels.len().checked_sub(MOST_LABELS).filter(|more| *more > 0) {
            note("note", format!("{more} more places are not shown; `--format json` has all of them"));
        }
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => note("fix", "available: run with `--fix`".into()),
            Some(Safety::Unsafe) => note("fix", "available: run with `--unsafe-fixes`, and read the change".into()),
            None => {}
        }
    }

    /// Sorts marks into snippets: by file, in order of appearance, and within a file by nearness; the primary one first.
    fn gather(&mut self, report: &Report<'a>, marks: &[(FileId, Mark<'a>)]) {
        let mut files: Vec<FileId> = Vec::new();
        for (file, _) in marks {
            if !files.contains(file) {
                files.push(*file);
            }
        }
        for file in files {
            let (path, text) = (report.sources.path(file), report.texts.get(file));
            let mut own: Vec<Mark> = marks.iter().filter(|(of, _)| *of == file).map(|(_, mark)| *mark).collect();
            own.sort_by_key(|mark| (mark.start, mark.end));
            let mut runs: Vec<Vec<Mark>> = Vec::new();
            let mut reached = 0;
            for mark in own {
                let (_, first, last) = snippet::extent(text, mark.start, mark.end);
                match runs.last_mut() {
                    Some(run) if first <= reached + NEAR => run.push(mark),
                    _ => runs.push(vec![mark]),
                }
                reached = reached.max(last);
            }
            for run in &mut runs {
                run.sort_by_key(|mark| mark.primary.is_none());
            }
            runs.sort_by_key(|run| run.iter().all(|mark| mark.primary.is_none()));
            self.snippets.extend(runs.into_iter().map(|marks| Snippet { path, text, marks }));
        }
    }

    fn write(
        mut self,
        level: &str,
        rule: Option<(&str, Option<String>)>,
        message: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.headline(level, rule, message, out)?;
        let digits = self.digits();
        let room = self.width.saturating_sub(digits + 4);
        let mut rows = self.snippet_rows(room);
        if !self.notes.is_empty() && rows.iter().any(|row| row.number.is_some()) {
            rows.push(Row::plain(String::new()));
        }
        self.note_rows(room, &mut rows);
        for row in rows {
            let number = row.number.map_or_else(String::new, |n| n.to_string());
            let join = if matches!(row.edge, '╭' | '├') { "─" } else { "" };
            let gutter = self.paint.ink(Ink::Frame, &format!(" {number:>digits$} {}{join}", row.edge));
            writeln!(out, "{}", format!("{gutter} {}", row.body).trim_end())?;
        }
        Ok(())
    }

    fn headline(
        &self,
        level: &str,
        rule: Option<(&str, Option<String>)>,
        message: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut head = level.to_owned();
        let mut wide = level.len() + 1;
        if let Some((id, docs)) = rule {
            wide += id.len() + 2;
            let id = docs.map_or_else(|| id.into(), |docs| self.paint.link(&docs, id));
            head = format!("{head}[{id}]");
        }
        let head = self.paint.ink(self.ink, &head);
        let first = self.width.saturating_sub(wide + 1);
        let lines = wrap(&clean(message), first, self.width - 2);
        for (n, line) in lines.iter().enumerate() {
            let line = if n == 0 { line.clone() } else { defused(line) };
            let lead = if n == 0 { format!("{head}: ") } else { "  ".into() };
            writeln!(out, "{}", format!("{lead}{}", self.paint.ink(Ink::Strong, &line)).trim_end())?;
        }
        Ok(())
    }

    /// The width of the largest line number.
    fn digits(&self) -> usize {
        let last = |s: &Snippet| s.marks.iter().map(|m| snippet::extent(s.text, m.start, m.end).2).max().unwrap_or(1);
        self.snippets.iter().filter(|s| s.obstacle().is_none()).map(last).max().unwrap_or(1).to_string().len()
    }

    fn snippet_rows(&mut self, room: usize) -> Vec<Row> {
        let mut rows = Vec::new();
        for (n, snippet) in self.snippets.iter().enumerate() {
            let edge = if n == 0 { '╭' } else { '├' };
            let (path, obstacle) = (clean(snippet.path), snippet.obstacle());
            let can_be_shown = obstacle.is_none() && !snippet.text.text.is_empty();
            let start = snippet.marks.first().map_or(0, |mark| mark.start);
            let at = snippet.text.position(start);
            let place = if can_be_shown { format!("{path}:{}:{}", at.line, at.column) } else { path };
            rows.push(Row { number: None, edge, body: self.paint.ink(Ink::Path, &place) });
            if can_be_shown {
                rows.extend(snippet::rows(snippet.text, &snippet.marks, room, self.paint));
            }
            self.notes.extend(obstacle.map(|why| ("note", why)));
        }
        rows
    }

    /// Notes below the source, their keys in a column of their own; the last one closes the frame.
    fn note_rows(&self, room: usize, rows: &mut Vec<Row>) {
        let indent = "because".len() + 2;
        for (key, text) in &self.notes {
            for (line, words) in wrap(text, room - indent, room - indent).iter().enumerate() {
                let key = if line == 0 { *key } else { "" };
                let gap = " ".repeat(indent - key.len());
                rows.push(Row::plain(format!("{}{gap}{words}", self.paint.ink(Ink::Strong, key))));
            }
        }
        if let Some(last) = rows.last_mut().filter(|last| last.edge == '│') {
            last.edge = if self.notes.is_empty() { '╵' } else { '╰' };
        }
    }
}
