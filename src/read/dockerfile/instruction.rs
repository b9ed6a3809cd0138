//! One logical line as an instruction.

use super::lines::{Heredoc, Lines, Logical, template_loss};
use super::text::Text;
use super::word::{self, Word};
use super::{Argument, Command, Instruction, Kind, Setting, Transfer, exec};
use crate::read::Loss;
use crate::source::Span;
use std::ops::Range;

/// What Docker knows and we need not read.
const OTHERS: [&str; 8] = ["label", "expose", "volume", "stopsignal", "healthcheck", "shell", "maintainer", "onbuild"];

/// A logical line's parts.
pub(super) struct Line<'l, 'a> {
    file: &'a str,
    lines: &'l mut Lines<'a>,
    text: Text,
    span: Span,
    /// The instruction's word.
    pub(super) keyword: Range<usize>,
    /// `--from=x` and its like.
    flags: Vec<Range<usize>>,
    /// Where the arguments begin.
    rest: usize,
    escape: u8,
}

/// What a line came to.
pub(super) enum Outcome {
    Read(Box<Instruction>),
    /// No instruction has this name.
    Unknown {
        keyword: Span,
        name: String,
    },
    /// It is malformed; the loss is noted.
    Lost,
}

pub(super) fn read<'a>(file: &'a str, lines: &mut Lines<'a>, logical: Logical, span: Span) -> Outcome {
    let words = logical.text.as_str();
    let keyword = 0..words.find(|c: char| c.is_ascii_whitespace()).unwrap_or(words.len());
    let name = words.get(keyword.clone()).unwrap_or_default().to_ascii_lowercase();
    let escape = lines.escape;
    let (flags, rest) = flags(words, keyword.end, escape);
    let mut line = Line { file, lines, text: logical.text, span, keyword, flags, rest, escape };
    let keyword = line.text.span(&line.keyword);
    let kind = match name.as_str() {
        "from" => Some(line.from()),
        "arg" => line.arguments().map(Kind::Arg),
        "env" => line.settings().map(Kind::Env),
        "copy" | "add" => line.transfer(name == "add").map(Kind::Copy),
        "run" => Some(Kind::Run(line.command())),
        "entrypoint" => Some(Kind::Entrypoint(line.command())),
        "cmd" => Some(Kind::Cmd(line.command())),
        "workdir" => line.single().map(Kind::Workdir),
        "user" => line.single().map(Kind::User),
        other if OTHERS.contains(&other) => Some(line.other(other)),
        _ => return Outcome::Unknown { keyword, name: line.written(line.keyword.clone()) },
    };
    kind.map_or(Outcome::Lost, |kind| Outcome::Read(Box::new(Instruction { keyword, span: line.span, kind })))
}

/// The `--flag=value` words that follow the instruction's name, and where the rest begins.
fn flags(text: &str, from: usize, escape: u8) -> (Vec<Range<usize>>, usize) {
    let (mut flags, mut at) = (Vec::new(), from);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let start = at + rest.len() - rest.trim_ascii_start().len();
        if !text.get(start..).is_some_and(|rest| rest.starts_with("--")) {
            return (flags, start);
        }
        let Some(word) = word::split_quoted(text, start, escape).next() else { return (flags, start) };
        at = word.end;
        if word.len() == 2 {
            return (flags, at);
        }
        flags.push(word);
    }
}

impl Line<'_, '_> {
    fn written(&self, range: Range<usize>) -> String {
        self.text.as_str().get(range).unwrap_or_default().to_owned()
    }

    fn lost<T>(&mut self, at: &Range<usize>, message: impl Into<String>) -> Option<T> {
        let loss = Loss::part(self.text.span(at), message);
        self.lines.losses.push(loss);
        None
    }

    /// A word of Docker's own. One that is malformed is a loss.
    fn word(&mut self, range: Range<usize>) -> Option<Word> {
        let found = word::docker(&self.text, range.clone(), self.escape);
        match found {
            Some(word) => {
                if word.templated {
                    self.lines.templated = true;
                    self.lines.losses.push(template_loss(word.span));
                }
                Some(word)
            }
            None => self.lost(&range, "a quote or brace is not closed here"),
        }
    }

    fn from(&mut self) -> Kind {
        let words = word::split(self.text.as_str(), self.rest);
        let text = self.text.as_str();
        let is_as = |w: &Range<usize>| text.get(w.clone()).is_some_and(|w| w.eq_ignore_ascii_case("as"));
        let (image, name) = match words.as_slice() {
            [image] => (Some(image.clone()), None),
            [image, mark, name] if is_as(mark) => (Some(image.clone()), Some(name.clone())),
            _ => (words.first().cloned(), None),
        };
        if image.is_none() || (words.len() > 1 && name.is_none()) {
            let at = self.keyword.start..self.text.as_str().len();
            self.lost::<()>(&at, "`FROM` takes an image, or an image, `AS` and a name");
        }
        let platform = self.flag("platform").and_then(|value| self.word(value));
        let image = image.and_then(|range| self.word(range));
        Kind::From { platform, image, name: name.map(|range| self.text.traced(range)) }
    }

    /// A flag's value.
    fn flag(&self, name: &str) -> Option<Range<usize>> {
        let text = self.text.as_str();
        self.flags.iter().find_map(|flag| {
            let value = text.get(flag.clone())?.strip_prefix("--")?.strip_prefix(name)?.strip_prefix('=')?;
            Some(flag.end - value.len()..flag.end)
        })
    }

    fn mounts_cache(&self) -> bool {
        let flags = self.flags.iter().filter_map(|flag| self.text.as_str().get(flag.clone()));
        let mut mounts = flags.filter(|flag| flag.starts_with("--mount"));
        mounts.any(|mount| ["type=cache", "type=tmpfs"].iter().any(|kind| mount.contains(kind)))
    }

    fn arguments(&mut self) -> Option<Vec<Argument>> {
        let words: Vec<_> = word::split_quoted(self.text.as_str(), self.rest, self.escape).collect();
        if words.is_empty() {
            return self.lost(&self.keyword.clone(), "`ARG` takes at least one name");
        }
        let mut arguments = Vec::new();
        for range in words {
            let (name, value) = self.name_and_value(range.clone());
            if name.is_empty() {
                self.lost::<()>(&range, "this argument has no name");
                continue;
            }
            let Some(default) = value.map_or(Some(None), |v| self.word(v).map(Some)) else { continue };
            arguments.push(Argument { name: self.text.traced(name), default });
        }
        Some(arguments)
    }

    fn name_and_value(&self, range: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
        let equals = self.text.as_str().get(range.clone()).and_then(|word| word.find('='));
        match equals {
            Some(at) => (range.start..range.start + at, Some(range.start + at + 1..range.end)),
            None => (range, None),
        }
    }

    fn settings(&mut self) -> Option<Vec<Setting>> {
        let words: Vec<_> = word::split_quoted(self.text.as_str(), self.rest, self.escape).collect();
        let [first, ..] = words.as_slice() else {
            return self.lost(&self.keyword.clone(), "`ENV` takes a name and a value");
        };
        if self.name_and_value(first.clone()).1.is_none() {
            return self.old_setting(&first.clone());
        }
        let mut settings = Vec::new();
        for range in words {
            match self.name_and_value(range.clone()) {
                (name, Some(value)) if !name.is_empty() => {
                    let Some(value) = self.word(value) else { continue };
                    settings.push(Setting { name: self.text.traced(name), value });
                }
                _ => {
                    self.lost::<()>(
                        &range,
                        format!("`{}` is not of the form `NAME=value`", self.written(range.clone())),
                    );
                }
            }
        }
        Some(settings)
    }

    /// `ENV NAME value with blanks`.
    fn old_setting(&mut self, name: &Range<usize>) -> Option<Vec<Setting>> {
        let text = self.text.as_str();
        let name = first_quoted_blank(text, name);
        let rest = text.get(name.end..).unwrap_or_default();
        let start = name.end + rest.len() - rest.trim_ascii_start().len();
        if start >= text.len() {
            return self.lost(&name, "`ENV` takes a name and a value");
        }
        let value = self.word(start..text.len())?;
        Some(vec![Setting { name: self.text.traced(name), value }])
    }

    fn transfer(&mut self, add: bool) -> Option<Transfer> {
        let from = self.flag("from").and_then(|value| self.word(value));
        if let Some(items) = exec::read(&self.text, self.rest) {
            let words = items.iter().filter_map(|item| {
                let len = item.text.as_str().len();
                word::docker(&item.text, 0..len, self.escape)
            });
            let words = words.collect();
            return self.transfer_of(add, from, words, 0);
        }
        let heredocs = self.take_heredocs();
        let mut ranges = word::split(self.text.as_str(), self.rest);
        // Both lists are in order: where one of them begins, the other is looked up.
        ranges.retain(|w| heredocs.binary_search_by_key(&w.start, |h| h.word.start).is_err());
        let words = ranges.into_iter().filter_map(|range| self.word(range)).collect();
        self.transfer_of(add, from, words, heredocs.len())
    }

    fn transfer_of(&mut self, add: bool, from: Option<Word>, mut words: Vec<Word>, inline: usize) -> Option<Transfer> {
        let target = words.pop();
        let Some(target) = target.filter(|_| !words.is_empty() || inline > 0) else {
            let name = self.written(self.keyword.clone()).to_ascii_uppercase();
            return self.lost(
                &(self.keyword.start..self.text.as_str().len()),
                format!("`{name}` takes a source and a target"),
            );
        };
        Some(Transfer { add, from, sources: words, target })
    }

    fn single(&mut self) -> Option<Word> {
        let range = self.rest..self.text.as_str().len();
        if range.is_empty() {
            let name = self.written(self.keyword.clone()).to_ascii_uppercase();
            return self.lost(&self.keyword.clone(), format!("`{name}` takes a value"));
        }
        self.word(range)
    }

    fn command(&mut self) -> Command {
        if let Some(items) = exec::read(&self.text, self.rest) {
            return self.exec_command(items);
        }
        let heredocs = self.take_heredocs();
        let bare = heredocs.first().filter(|h| h.word == (self.rest..self.text.as_str().len()));
        let text = if let Some(script) = bare {
            self.file_part(&script.body)
        } else {
            let mut text = Text::new(self.span.file, self.text.span(&(self.rest..self.rest)).start as usize);
            text.push_part(&self.text, self.rest..self.text.as_str().len());
            for heredoc in &heredocs {
                // The line break that the terminator's or the opening line ends with.
                let lead = heredoc.body.start.saturating_sub(1)..heredoc.body.start;
                text.push(self.file.get(lead.clone()).unwrap_or_default(), lead);
                let all = heredoc.body.start..heredoc.end.end;
                text.push(self.file.get(all.clone()).unwrap_or_default(), all);
            }
            text
        };
        let span = text.span(&(0..text.as_str().len()));
        Command { text: word::shell(text, span), exec: false, mounts_cache: self.mounts_cache() }
    }

    fn file_part(&self, range: &Range<usize>) -> Text {
        let mut text = Text::new(self.span.file, range.start);
        text.push(self.file.get(range.clone()).unwrap_or_default(), range.clone());
        text
    }

    /// The exec form as a shell's text: words quoted where they must be, and `sh -c` unwrapped.
    fn exec_command(&self, mut items: Vec<exec::Item>) -> Command {
        let is_shell = matches!(items.as_slice(), [program, flag, _] if runs_script(program, flag));
        if let Some(script) = items.pop_if(|_| is_shell) {
            let place = self.text.span(&script.range);
            return Command { text: word::shell(script.text, place), exec: true, mounts_cache: self.mounts_cache() };
        }
        let mut text = Text::new(self.span.file, self.text.span(&(self.rest..self.rest)).start as usize);
        let mut end = None;
        for item in &items {
            if let Some(end) = end {
                text.push(" ", self.text.span(&(end..item.range.start + 1)).range());
            }
            push_quoted(&mut text, item, &self.text);
            end = Some(item.range.end.saturating_sub(1));
        }
        let span = self.text.span(&(self.rest..self.text.as_str().len()));
        Command { text: Word::verbatim(text, span), exec: true, mounts_cache: self.mounts_cache() }
    }

    /// Takes the heredocs of the line, which then ends with the last of them.
    fn take_heredocs(&mut self) -> Vec<Heredoc> {
        let heredocs = self.lines.heredocs(&self.text);
        if let Some(last) = heredocs.last() {
            self.span = Span::new(self.span.file, self.span.start as usize..last.end.end);
        }
        heredocs
    }

    fn other(&mut self, name: &str) -> Kind {
        let command = self.text.as_str().get(self.rest..).and_then(|rest| rest.split_ascii_whitespace().next());
        let command = command.unwrap_or_default().to_ascii_lowercase();
        if name == "onbuild" && matches!(command.as_str(), "run" | "copy" | "add") {
            self.take_heredocs();
        }
        Kind::Other
    }
}

/// A name up to the first blank; quotes mean nothing in it.
fn first_quoted_blank(text: &str, word: &Range<usize>) -> Range<usize> {
    let name = text.get(word.clone()).unwrap_or_default();
    word.start..word.start + name.find(|c: char| c.is_ascii_whitespace()).unwrap_or(name.len())
}

/// Whether a program and its flag make the next word a shell's script: `/bin/bash -lc`.
fn runs_script(program: &exec::Item, flag: &exec::Item) -> bool {
    let program = program.text.as_str().rsplit('/').next().unwrap_or_default();
    let flag = flag.text.as_str();
    matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh") && flag.starts_with('-') && flag.ends_with('c')
}

/// Appends an exec word so that a shell reads it as one word.
fn push_quoted(out: &mut Text, item: &exec::Item, line: &Text) {
    let value = item.text.as_str();
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return out.push_part(&item.text, 0..value.len());
    }
    // Empty places: a quote we add is no copy of the file's own.
    let open = line.span(&(item.range.start..item.range.start)).range();
    let close = line.span(&(item.range.end..item.range.end)).range();
    out.push("'", open.clone());
    let mut from = 0;
    for (quote, _) in value.match_indices('\'') {
        out.push_part(&item.text, from..quote);
        out.push("'\\''", item.text.span(&(quote..quote + 1)).range());
        from = quote + 1;
    }
    out.push_part(&item.text, from..value.len());
    out.push("'", close);
}
