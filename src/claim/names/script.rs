//! `docker build` lines of shell scripts. Not a shell: words, quotes, `cd`, assignments, and what separates commands.

use super::expression::{self, Variables};
use super::{Place, place};
use crate::source::Traced;
use std::ops::Range;

/// How many names one build may give.
const MAX_NAMES: usize = 64;

/// Flags of the build commands that take the next word.
const WITH_VALUE: [&str; 34] = [
    "--add-host",
    "--allow",
    "--annotation",
    "--arch",
    "--attest",
    "--authfile",
    "--build-arg",
    "--build-context",
    "--builder",
    "--cache-from",
    "--cache-to",
    "--creds",
    "--format",
    "--iidfile",
    "--isolation",
    "--jobs",
    "--label",
    "--memory",
    "--metadata-file",
    "--network",
    "--os",
    "--output",
    "--platform",
    "--progress",
    "--runtime",
    "--secret",
    "--shm-size",
    "--ssh",
    "--target",
    "--ulimit",
    "--volume",
    "-m",
    "-o",
    "-v",
];

/// Whether a script can hold a build at all.
pub(super) fn may_build(text: &str) -> bool {
    text.contains("build") || text.contains("buildah bud")
}

/// A build that a script runs.
pub(super) struct Build {
    pub(super) program: String,
    pub(super) names: Vec<Traced>,
    pub(super) place: Place,
    pub(super) platforms: Option<Traced>,
    /// What `--build-arg` gives; a value that is not known is none.
    pub(super) arguments: Vec<(String, Option<Traced>)>,
}

/// What a script has done so far.
pub(super) struct Shell<'t> {
    pub(super) variables: Variables<'t>,
    /// The current folder; None where it is not known.
    folder: Option<String>,
    /// The folders to go back to where a subshell ends.
    outer: Vec<Option<String>>,
    /// How many bytes may still be looked at: each name, path and value is cut from the whole script.
    pub(super) budget: usize,
}

/// A word: its text without quotes, and the parts of the script it is made of.
#[derive(Default)]
struct Word {
    value: String,
    parts: Vec<Range<usize>>,
}

impl Word {
    fn push(&mut self, text: &str, range: Range<usize>) {
        self.value.push_str(text.get(range.clone()).unwrap_or_default());
        match self.parts.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.parts.push(range),
        }
    }

    /// The word from the byte `from` of its value on.
    fn traced(&self, script: &Traced, from: usize) -> Traced {
        let slices: Vec<_> = self.parts.iter().map(|range| script.slice(range.clone())).collect();
        let place = slices.first().map_or(script.written(), Traced::span);
        let place = slices.iter().fold(place, |whole, slice| whole.cover(slice.span()));
        let whole = Traced::concat(place, slices);
        whole.slice(from..whole.as_str().len())
    }
}

/// What stands in a script: words, and what ends a command.
enum Token {
    Word(Word),
    End,
    Open,
    Close,
}

impl<'t> Shell<'t> {
    pub(super) fn new(folder: Option<String>, variables: Variables<'t>, budget: usize) -> Self {
        Self { variables, folder, outer: Vec::new(), budget }
    }

    /// Runs over a script, and tells what it builds.
    pub(super) fn builds(&mut self, script: &Traced) -> Vec<Build> {
        let mut found = Vec::new();
        let mut words = Vec::new();
        for token in tokens(script.as_str()) {
            match token {
                Token::Word(word) => words.push(word),
                end => {
                    found.extend(self.command(script, &std::mem::take(&mut words)));
                    match end {
                        Token::Open => self.outer.push(self.folder.clone()),
                        Token::Close => self.folder = self.outer.pop().unwrap_or_else(|| self.folder.take()),
                        _ => {}
                    }
                }
            }
        }
        found.extend(self.command(script, &words));
        found
    }

    /// Whether so many words may be cut from a script; that is then counted.
    fn afford(&mut self, script: &Traced, words: &[Word]) -> bool {
        let parts: usize = words.iter().map(|word| word.parts.len()).sum();
        let left = self.budget.checked_sub(parts.saturating_mul(script.as_str().len()));
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    fn command(&mut self, script: &Traced, words: &[Word]) -> Option<Build> {
        // `$` is the prompt that readme files show; make's `@` and `-` stand before a recipe's program.
        const BEFORE: [&str; 12] = ["sudo", "env", "time", "exec", "if", "then", "else", "do", "!", "export", "{", "$"];
        if let [name, operator, value] = words
            && matches!(operator.value.as_str(), "=" | ":=" | "?=" | "::=")
        {
            // A Makefile's variable.
            if self.afford(script, std::slice::from_ref(value)) {
                self.variables.assign(&name.value, &value.traced(script, 0));
            }
            return None;
        }
        let is_prefix = |w: &&Word| BEFORE.contains(&w.value.as_str()) || assignment(&w.value).is_some();
        let prefix = words.iter().take_while(is_prefix).count();
        let (before, words) = words.split_at_checked(prefix)?;
        let [program, rest @ ..] = words else {
            for word in before {
                if let Some(name) = assignment(&word.value).filter(|_| self.afford(script, std::slice::from_ref(word)))
                {
                    let from = word.value.find('=').map_or(0, |equals| equals + 1);
                    self.variables.assign(name, &word.traced(script, from));
                }
            }
            return None;
        };
        match program.value.trim_start_matches(['@', '-']).rsplit('/').next().unwrap_or_default() {
            "cd" | "pushd" => {
                let to = rest.first().filter(|_| self.afford(script, rest));
                self.folder = to.and_then(|to| {
                    let to = to.traced(script, 0);
                    place(self.folder.as_deref(), &to, &self.variables).known().map(str::to_owned)
                });
                None
            }
            name if is_tool(name) => {
                let subs =
                    rest.iter().take_while(|w| matches!(w.value.as_str(), "buildx" | "image" | "builder")).count();
                let [verb, arguments @ ..] = rest.get(subs..)? else { return None };
                let is_build = matches!(verb.value.as_str(), "build" | "bud");
                (is_build && self.afford(script, arguments)).then(|| self.build(script, name, arguments))
            }
            _ => None,
        }
    }

    fn build(&mut self, script: &Traced, program: &str, arguments: &[Word]) -> Build {
        let (mut names, mut file, mut context, mut platforms) = (Vec::new(), None, None, None);
        let mut passed = Vec::new();
        // What a branch assigns may not hold.
        let branches = ["if ", "case ", "for ", "while "].iter().any(|word| script.as_str().contains(word));
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (flag, value) = match word.value.split_once('=') {
                Some((flag, _)) if flag.starts_with('-') => (flag, Some(word.traced(script, flag.len() + 1))),
                _ => (word.value.as_str(), None),
            };
            let mut next = || value.clone().or_else(|| words.next().map(|w| w.traced(script, 0)));
            match flag {
                "-t" | "--tag" if names.len() < MAX_NAMES => names.extend(next()),
                "-f" | "--file" => file = next(),
                "--platform" => platforms = next(),
                "--build-arg" => {
                    let certain = |value: &Traced| !(branches && value.as_str().contains('$'));
                    let value = |value: &Traced| self.variables.sure(value).filter(|_| certain(value));
                    passed.extend(next().map(|text| super::argument(&text, value)));
                }
                ">" | "<" | ">>" => drop(next()),
                _ if flag.starts_with(['>', '<']) => {}
                _ if WITH_VALUE.contains(&flag) => drop(next()),
                _ if flag.len() > 1 && flag.starts_with('-') => {}
                _ if context.is_none() => context = Some(word.traced(script, 0)),
                _ => {}
            }
        }
        let path = file.or(context);
        let place = match path {
            Some(path) => place(self.folder.as_deref(), &path, &self.variables),
            None => self.folder.clone().map_or(Place::Unknown, Place::Path),
        };
        Build { program: program.to_owned(), names, place, platforms, arguments: passed }
    }
}

/// The tools whose `build` makes images, and the variables that build files keep them in: `$(DOCKER)`, `${CONTAINER_TOOL}`.
fn is_tool(program: &str) -> bool {
    let variable = program.strip_prefix('$').map(|name| name.trim_matches(|c| "(){}".contains(c)));
    let names_tool = |name: &str| ["DOCKER", "PODMAN", "CONTAINER"].iter().any(|tool| name.starts_with(tool));
    matches!(program, "docker" | "podman" | "nerdctl" | "buildah") || variable.is_some_and(names_tool)
}

/// The name in `NAME=value`; in a Makefile also `NAME?=value` and `NAME:=value`.
fn assignment(word: &str) -> Option<&str> {
    let name = word.split_once('=')?.0.trim_end_matches(['?', ':']);
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
    is_name.then_some(name)
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut word, mut at, mut quote) = (None::<Word>, 0, None);
    while let Some(&byte) = bytes.get(at) {
        let length = match (quote, byte) {
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') => {
                quote = None;
                1
            }
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                word.get_or_insert_default();
                1
            }
            (None, b'\\') if bytes.get(at + 1) == Some(&b'\n') => {
                tokens.extend(word.take().map(Token::Word));
                2
            }
            (None, b' ' | b'\t' | b'\r') => {
                tokens.extend(word.take().map(Token::Word));
                1
            }
            (None, b'\n' | b';' | b'&' | b'|' | b'(' | b')') => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(match byte {
                    b'(' => Token::Open,
                    b')' => Token::Close,
                    _ => Token::End,
                });
                1
            }
            (None, b'#') if word.is_none() => {
                memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).unwrap_or(bytes.len() - at)
            }
            (None | Some(b'"'), b'$' | b'`' | b'{') => {
                let expression = expression::len(text.get(at..).unwrap_or_default()).max(1);
                word.get_or_insert_default().push(text, at..at + expression);
                expression
            }
            _ => {
                let character = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                word.get_or_insert_default().push(text, at..at + character);
                character
            }
        };
        at += length;
    }
    tokens.extend(word.map(Token::Word));
    tokens
}
