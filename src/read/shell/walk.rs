//! From tokens to commands, keeping what variables hold: what a branch or loop assigns is unknown behind it.

mod expand;

use super::lexer::{Lexer, PartKind, Raw, Token, is_name};
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
    /// Where the output of the command that is read goes.
    output: Option<Raw>,
    filled: usize,
    depth: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(script: &'a Traced, given: &Given) -> Self {
        let word = |(name, text): (&String, &Traced)| (name.clone(), Value::Text(Word::of(text.clone())));
        let variables = given.iter().map(word).collect();
        let (branches, chain, out) = (Vec::new(), Vec::new(), Vec::new());
        Self { script, variables, branches, chain, out, output: None, filled: 0, depth: 0 }
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
                Token::Output(word) => self.output = Some(word),
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
        let output = self.output.take();
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
        self.simple(raws, output.as_ref(), dialect, chained);
    }

    fn simple(&mut self, raws: &[Raw], output: Option<&Raw>, dialect: Dialect, chained: bool) {
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
                self.out.push(Command { assigned, words: Vec::new(), output: None, span: self.place(whole) });
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
        let output = output.and_then(|raw| self.expand(raw).into_iter().next());
        let span = self.place(words.first().map_or(whole.start, |w| w.range.start)..whole.end);
        self.out.push(Command { assigned, words: expanded, output, span });
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
}
