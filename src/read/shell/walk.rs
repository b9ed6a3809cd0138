//! From tokens to commands, keeping what variables hold: what a branch or loop assigns is unknown behind it.

use super::lexer::{Lexer, Part, PartKind, Raw, Token, is_name};
use super::{Assignment, Command, Dialect, Given, Word};
use crate::source::{Span, Traced};
use std::collections::HashMap;
use std::ops::Range;

/// How deep commands may stand in `$( … )`.
const MAX_DEPTH: usize = 4;

/// A longer value is not kept: values of values double with each line.
const LONGEST_VALUE: usize = 32 * 1024;

/// How much text variables may bring into the words of one script.
const MAX_FILLED: usize = 4 * 1024 * 1024;

/// The most words that a command is read with.
const MAX_WORDS: usize = 4096;

/// What a variable holds.
#[derive(Clone)]
enum Value {
    Text(Word),
    List(Vec<Word>),
    Unknown,
}

/// What stands where a command may begin and is none.
const BEFORE: [&str; 8] = ["then", "do", "!", "{", "else", "elif", "time", "}"];
const OPENS: [&str; 6] = ["if", "while", "until", "for", "case", "select"];
const CLOSES: [&str; 3] = ["fi", "done", "esac"];
const DECLARES: [&str; 5] = ["export", "local", "readonly", "declare", "typeset"];

pub(super) struct Walk<'a> {
    script: &'a Traced,
    variables: HashMap<String, Value>,
    /// What each open branch has assigned.
    branches: Vec<Vec<String>>,
    /// What was assigned behind `&&` or `||` on this line.
    chain: Vec<String>,
    out: Vec<Command>,
    filled: usize,
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(script: &'a Traced, given: &Given) -> Self {
        let word = |(name, text): (&String, &Traced)| (name.clone(), Value::Text(Word::of(text.clone())));
        let variables = given.iter().map(word).collect();
        let (branches, chain, out) = (Vec::new(), Vec::new(), Vec::new());
        Self { script, variables, branches, chain, out, filled: 0, depth: 0 }
    }

    pub(super) fn finish(self) -> Vec<Command> {
        self.out
    }

    fn text(&self, range: Range<usize>) -> &'a str {
        self.script.as_str().get(range).unwrap_or_default()
    }

    /// The bytes of the file that a part of the script came from, from the first to the last.
    fn place(&self, range: Range<usize>) -> Span {
        let text = self.text(range.clone());
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
            return self.script.slice(range).span();
        };
        let first = self.script.slice(range.start..range.start + first.len_utf8()).span();
        first.cover(self.script.slice(range.end - last.len_utf8()..range.end).span())
    }

    /// A variable of make's or just's: its value may stand below its use, and one that is set twice is unknown.
    pub(super) fn define(&mut self, name: &str, value: Range<usize>, dialect: Dialect, certain: bool) {
        let twice = self.variables.contains_key(name);
        let raw = |walk: &mut Self| {
            let mut words = Vec::new();
            let mut lexer = Lexer::new(walk.script.as_str(), value.clone(), dialect);
            while let Some(token) = lexer.next_token() {
                match token {
                    Token::Word(raw) => words.extend(walk.expand(&raw)),
                    _ => return Value::Unknown,
                }
            }
            match words.len() {
                0 => Value::Unknown,
                1 => words.pop().map_or(Value::Unknown, Value::Text),
                _ => Value::List(words),
            }
        };
        let value = if twice || !certain { Value::Unknown } else { raw(self) };
        self.variables.insert(name.to_owned(), value);
    }

    /// Reads the commands of a part of the script.
    pub(super) fn run(&mut self, range: Range<usize>, dialect: Dialect) {
        let mut lexer = Lexer::new(self.script.as_str(), range, dialect);
        let mut words: Vec<Raw> = Vec::new();
        let (mut pattern, mut parens) = (false, 0_usize);
        while let Some(token) = lexer.next_token() {
            if pattern {
                match token {
                    Token::Close => (pattern, words) = (false, Vec::new()),
                    Token::Word(word) if self.text(word.range.clone()) == "esac" => {
                        pattern = false;
                        self.leave();
                    }
                    _ => {}
                }
                continue;
            }
            match token {
                Token::Word(word) if words.len() < MAX_WORDS => {
                    words.push(word);
                    // `case $x in`
                    if let [first, _, last] = words.as_slice()
                        && self.text(first.range.clone()) == "case"
                        && self.text(last.range.clone()) == "in"
                    {
                        self.branches.push(Vec::new());
                        (pattern, words) = (true, Vec::new());
                    }
                }
                Token::Word(_) => {}
                // `name()`
                Token::Open if words.len() == 1 => words.clear(),
                Token::Open => {
                    self.command(&std::mem::take(&mut words), dialect, false);
                    parens += 1;
                    self.branches.push(Vec::new());
                }
                Token::Close if parens == 0 => words.clear(),
                Token::Close => {
                    self.command(&std::mem::take(&mut words), dialect, false);
                    parens -= 1;
                    self.leave();
                }
                Token::CaseEnd => {
                    self.command(&std::mem::take(&mut words), dialect, false);
                    self.boundary();
                    pattern = true;
                }
                Token::And | Token::Or => self.command(&std::mem::take(&mut words), dialect, true),
                Token::Pipe => self.command(&std::mem::take(&mut words), dialect, false),
                Token::End => {
                    self.command(&std::mem::take(&mut words), dialect, false);
                    let names = std::mem::take(&mut self.chain);
                    self.forget(&names);
                }
            }
        }
        self.command(&words, dialect, false);
        for _ in 0..parens {
            self.leave();
        }
    }

    fn forget(&mut self, names: &[String]) {
        for name in names {
            self.variables.insert(name.clone(), Value::Unknown);
        }
    }

    /// Another branch begins: it does not know what the one before assigned.
    fn boundary(&mut self) {
        if let Some(names) = self.branches.last().cloned() {
            self.forget(&names);
        }
    }

    fn leave(&mut self) {
        let names = self.branches.pop().unwrap_or_default();
        self.forget(&names);
        if let Some(outer) = self.branches.last_mut() {
            outer.extend(names);
        }
    }

    fn assign(&mut self, name: &str, value: Value) {
        self.variables.insert(name.to_owned(), value);
        if let Some(branch) = self.branches.last_mut() {
            branch.push(name.to_owned());
        }
    }

    fn command(&mut self, raws: &[Raw], dialect: Dialect, chained: bool) {
        let mut raws = raws;
        while let [first, rest @ ..] = raws {
            let word = self.text(first.range.clone());
            let word = if dialect == Dialect::Make || dialect == Dialect::Just {
                word.trim_start_matches(['@', '-', '+'])
            } else {
                word
            };
            if OPENS.contains(&word) {
                self.branches.push(Vec::new());
                if matches!(word, "for" | "select") {
                    if let Some(name) = rest.first().map(|w| self.text(w.range.clone())).filter(|n| is_name(n)) {
                        self.assign(name, Value::Unknown);
                    }
                    return;
                }
            } else if CLOSES.contains(&word) {
                self.leave();
                return;
            } else if matches!(word, "else" | "elif") {
                self.boundary();
            } else if word == "function" {
                return;
            } else if !(BEFORE.contains(&word) || word.is_empty()) {
                break;
            }
            raws = rest;
        }
        self.simple(raws, dialect, chained);
    }

    fn simple(&mut self, raws: &[Raw], dialect: Dialect, chained: bool) {
        let (Some(first), Some(last)) = (raws.first(), raws.last()) else { return };
        let whole = first.range.start..last.range.end;
        self.inner(raws, dialect);
        let declares = DECLARES.contains(&self.text(first.range.clone()));
        let rest = if declares { raws.get(1..).unwrap_or_default() } else { raws };
        let is_flag = |raw: &&Raw| declares && self.text(raw.range.clone()).starts_with('-');
        let rest = rest.get(rest.iter().take_while(is_flag).count()..).unwrap_or_default();
        let count = rest.iter().take_while(|raw| self.assignment(raw).is_some()).count();
        let (assigning, words) = rest.split_at_checked(count).unwrap_or_default();
        let alone = words.is_empty() || declares;
        let mut assigned = Vec::new();
        for raw in assigning {
            let Some((name, from, appends)) = self.assignment(raw) else { continue };
            let value = self.value(raw, from, appends, &name);
            if let Value::Text(word) = &value {
                assigned.push(Assignment { name: self.script.slice(name.clone()), value: word.clone() });
            }
            if alone {
                let name = self.text(name).to_owned();
                self.assign(&name, value);
                if chained || !self.chain.is_empty() {
                    self.chain.push(name);
                }
            }
        }
        if declares || words.is_empty() {
            for raw in words {
                let name = self.text(raw.range.clone()).to_owned();
                if is_name(&name) && !declares {
                    self.assign(&name, Value::Unknown);
                }
            }
            if !assigned.is_empty() {
                self.out.push(Command { assigned, words: Vec::new(), span: self.place(whole) });
            }
            return;
        }
        if matches!(self.text(first.range.clone()), "read" | "unset" | "mapfile" | "readarray" | "getopts") {
            for raw in words.iter().skip(1) {
                let name = self.text(raw.range.clone());
                if is_name(name) {
                    self.assign(name, Value::Unknown);
                }
            }
        }
        let mut expanded = Vec::new();
        for raw in words {
            // `: ${X:=value}` assigns.
            self.defaults(raw);
            expanded.extend(self.expand(raw));
        }
        let span = self.place(words.first().map_or(whole.start, |w| w.range.start)..whole.end);
        self.out.push(Command { assigned, words: expanded, span });
    }

    /// The commands inside `$( … )` of these words.
    fn inner(&mut self, raws: &[Raw], dialect: Dialect) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        let all = raws.iter().flat_map(|raw| raw.array.iter().flatten().chain([raw]));
        let inside: Vec<Range<usize>> = all
            .flat_map(|raw| &raw.parts)
            .filter_map(|part| if let PartKind::Substitution(inner) = &part.kind { Some(inner.clone()) } else { None })
            .collect();
        for range in inside {
            self.depth += 1;
            let (branches, chain) = (std::mem::take(&mut self.branches), std::mem::take(&mut self.chain));
            self.run(range, dialect);
            (self.branches, self.chain) = (branches, chain);
            self.depth -= 1;
        }
    }

    /// The name in `NAME=…` or `NAME+=…`, where the value begins, and whether it is appended.
    fn assignment(&self, raw: &Raw) -> Option<(Range<usize>, usize, bool)> {
        let first = raw.parts.first().filter(|part| matches!(part.kind, PartKind::Text) && !part.quoted)?;
        if first.range.start != raw.range.start {
            return None;
        }
        let text = self.text(first.range.clone());
        let equals = text.find('=')?;
        let name = text.get(..equals)?;
        let (name, appends) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
        let start = first.range.start;
        is_name(name).then(|| (start..start + name.len(), start + equals + 1, appends))
    }

    fn value(&mut self, raw: &Raw, from: usize, appends: bool, name: &Range<usize>) -> Value {
        let before = if appends { self.variables.get(self.text(name.clone())).cloned() } else { None };
        if let Some(items) = &raw.array {
            let mut words = match before {
                Some(Value::List(words)) => words,
                None if !appends => Vec::new(),
                _ => return Value::Unknown,
            };
            words.extend(items.iter().flat_map(|item| self.expand(item)));
            words.truncate(MAX_WORDS);
            return Value::List(words);
        }
        let mut word = self.joined(raw, from);
        if appends {
            let Some(Value::Text(old)) = before else { return Value::Unknown };
            let whole = old.text.written().cover(word.text.written());
            word.known &= old.known;
            word.text = Traced::concat(whole, [old.text, word.text]);
        }
        if word.as_str().len() > LONGEST_VALUE { Value::Unknown } else { Value::Text(word) }
    }

    /// A value, in which blanks split nothing.
    fn joined(&mut self, raw: &Raw, from: usize) -> Word {
        let (mut pieces, mut known, mut quoted) = (Vec::new(), true, false);
        for part in &raw.parts {
            let range = part.range.start.max(from)..part.range.end;
            if range.start > range.end {
                continue;
            }
            quoted |= part.quoted;
            match self.part(part, range) {
                Value::Text(word) => {
                    known &= word.known;
                    pieces.push(word.text);
                }
                Value::List(words) => {
                    for word in words {
                        known &= word.known;
                        let at = word.text.written();
                        pieces.extend([Traced::literal(" ", Span { end: at.start, ..at }), word.text]);
                    }
                }
                Value::Unknown => {
                    known = false;
                    pieces.push(self.script.slice(part.range.clone()));
                }
            }
        }
        let written = self.place(from.min(raw.range.end)..raw.range.end);
        Word { text: Traced::concat(written, pieces), known, quoted }
    }

    /// What a part of a word holds.
    fn part(&mut self, part: &Part, range: Range<usize>) -> Value {
        match &part.kind {
            PartKind::Text => Value::Text(Word { quoted: part.quoted, ..Word::of(self.script.slice(range)) }),
            PartKind::Substitution(_) | PartKind::Opaque => Value::Unknown,
            PartKind::Variable { name, default, all } => {
                let value = match self.variables.get(self.text(name.clone())).cloned() {
                    // A list's plain name is its first item.
                    Some(Value::List(words)) if !all => words.into_iter().next().map(Value::Text),
                    value => value,
                };
                let value = match (value, default) {
                    (Some(value), _) => value,
                    (None, Some(operand)) => {
                        let raw = Raw { parts: Vec::new(), range: part.range.clone(), array: None };
                        Value::Text(self.of_parts(operand, &raw))
                    }
                    (None, None) => Value::Unknown,
                };
                let size = match &value {
                    Value::Text(word) => word.as_str().len(),
                    Value::List(words) => words.iter().map(|w| w.as_str().len()).sum(),
                    Value::Unknown => 0,
                };
                self.filled += size;
                if self.filled > MAX_FILLED { Value::Unknown } else { value }
            }
        }
    }

    fn of_parts(&mut self, parts: &[Part], at: &Raw) -> Word {
        let (mut pieces, mut known) = (Vec::new(), true);
        for part in parts {
            if let Value::Text(word) = self.part(part, part.range.clone()) {
                known &= word.known;
                pieces.push(word.text);
            } else {
                known = false;
                pieces.push(self.script.slice(part.range.clone()));
            }
        }
        Word { text: Traced::concat(self.place(at.range.clone()), pieces), known, quoted: true }
    }

    /// Keeps what `${X:=value}` assigns.
    fn defaults(&mut self, raw: &Raw) {
        for part in &raw.parts {
            let PartKind::Variable { name, default: Some(_), .. } = &part.kind else { continue };
            let key = self.text(name.clone()).to_owned();
            let assigns = self.text(name.end..part.range.end).trim_start_matches(':').starts_with('=');
            if assigns && !self.variables.contains_key(&key) {
                let value = self.part(part, part.range.clone());
                self.assign(&key, value);
            }
        }
    }

    /// The words that a word becomes: variables outside quotes are split at blanks.
    fn expand(&mut self, raw: &Raw) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut open: Option<(Vec<Traced>, bool, bool)> = None;
        let place = self.place(raw.range.clone());
        let close = |open: &mut Option<(Vec<Traced>, bool, bool)>, words: &mut Vec<Word>| {
            if let Some((pieces, known, quoted)) = open.take() {
                words.push(Word { text: Traced::concat(place, pieces), known, quoted });
            }
        };
        for part in &raw.parts {
            let value = self.part(part, part.range.clone());
            match value {
                Value::Text(word) if matches!(part.kind, PartKind::Text) || part.quoted => {
                    let (pieces, known, quoted) = open.get_or_insert_with(|| (Vec::new(), true, false));
                    pieces.push(word.text);
                    *known &= word.known;
                    *quoted |= part.quoted;
                }
                Value::Text(word) => {
                    let text = word.as_str();
                    let blank = |c: char| c.is_ascii_whitespace();
                    if text.starts_with(blank) {
                        close(&mut open, &mut words);
                    }
                    for (i, range) in split(text).into_iter().enumerate() {
                        if i > 0 {
                            close(&mut open, &mut words);
                        }
                        let (pieces, known, _) = open.get_or_insert_with(|| (Vec::new(), true, false));
                        pieces.push(word.text.slice(range));
                        *known &= word.known;
                    }
                    if text.ends_with(blank) {
                        close(&mut open, &mut words);
                    }
                }
                Value::List(list) => {
                    open = open.filter(|(pieces, ..)| pieces.iter().any(|piece| !piece.as_str().is_empty()));
                    close(&mut open, &mut words);
                    words.extend(list);
                }
                Value::Unknown => {
                    let (pieces, known, quoted) = open.get_or_insert_with(|| (Vec::new(), true, false));
                    pieces.push(self.script.slice(part.range.clone()));
                    (*known, *quoted) = (false, *quoted || part.quoted);
                }
            }
        }
        close(&mut open, &mut words);
        words.truncate(MAX_WORDS);
        words
    }
}

/// The words of a text, split at blanks.
fn split(text: &str) -> Vec<Range<usize>> {
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_ascii_whitespace().map(|word| at(word)..at(word) + word.len()).collect()
}
