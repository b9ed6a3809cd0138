//! Dockerfiles, read line by line as Docker's own reader does: continuations, comments between them, heredocs, the
//! `escape` directive, quotes and variables. Nothing is substituted here; each value remembers its bytes.

mod exec;
mod instruction;
mod lines;
mod text;
mod word;

use super::{Loss, Reading};
use crate::source::{FileId, Span, Traced};
use instruction::Outcome;
use lines::Lines;
pub use text::Text;
pub use word::{Form, Variable, Word};

/// A Dockerfile as written.
#[derive(Debug, Clone, Default)]
pub struct Dockerfile {
    /// Its instructions, in order.
    pub instructions: Vec<Instruction>,
}

/// One instruction.
#[derive(Debug, Clone)]
pub struct Instruction {
    /// Its own word: `FROM`.
    pub keyword: Span,
    /// From its word to the end of its last line, heredocs included.
    pub span: Span,
    /// What it says.
    pub kind: Kind,
}

/// What an instruction says.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Begins a stage.
    From {
        /// `--platform`.
        platform: Option<Word>,
        /// The image or an earlier stage; None where it is missing or malformed.
        image: Option<Word>,
        /// The stage's name after `AS`.
        name: Option<Traced>,
    },
    /// Declares arguments.
    Arg(Vec<Argument>),
    /// Sets environment variables.
    Env(Vec<Setting>),
    /// `COPY` or `ADD`.
    Copy(Transfer),
    /// Runs a command in the build.
    Run(Command),
    /// The image's program.
    Entrypoint(Command),
    /// The image's command.
    Cmd(Command),
    /// The working directory from here on.
    Workdir(Word),
    /// The user from here on.
    User(Word),
    /// An instruction that says nothing we need.
    Other,
}

/// An `ARG`'s name and default.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Its name.
    pub name: Traced,
    /// Its default; empty and none are not the same.
    pub default: Option<Word>,
}

/// An `ENV`'s name and value.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its name.
    pub name: Traced,
    /// Its value.
    pub value: Word,
}

/// A `COPY` or `ADD`.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Whether it is an `ADD`, which also fetches and unpacks.
    pub add: bool,
    /// `--from`.
    pub from: Option<Word>,
    /// What is copied; heredocs are left out.
    pub sources: Vec<Word>,
    /// Where to.
    pub target: Word,
}

/// A command.
#[derive(Debug, Clone)]
pub struct Command {
    /// As a shell reads it: the exec form becomes words, `["sh", "-c", "…"]` its script. Only variables that Docker may
    /// have set and that the command itself does not assign are listed.
    pub text: Word,
    /// Whether it was written as a JSON array.
    pub exec: bool,
    /// A cache or a file system in memory is mounted while it runs: `--mount=type=cache,…`.
    pub mounts_cache: bool,
}

/// Reads the text.
pub fn read(file: FileId, text: &str) -> Reading<Dockerfile> {
    let mut lines = Lines::new(file, text);
    let mut instructions = Vec::new();
    let mut unknown: Option<Unknown> = None;
    while let Some(logical) = lines.next_logical() {
        let span = Span::new(file, logical.range.clone());
        match instruction::read(text, &mut lines, logical, span) {
            Outcome::Read(instruction) => {
                close(&mut unknown, &mut lines);
                instructions.push(*instruction);
            }
            Outcome::Lost => close(&mut unknown, &mut lines),
            Outcome::Unknown { keyword, name } => match &mut unknown {
                Some(run) => run.more += 1,
                None => unknown = Some(Unknown { keyword, name, more: 0 }),
            },
        }
    }
    close(&mut unknown, &mut lines);
    let dockerfile = Dockerfile { instructions };
    dockerfile.check_order(&mut lines);
    let mut losses = lines.losses;
    losses.sort_by_key(|loss| (loss.span.start, loss.span.end));
    Reading { body: dockerfile, comments: lines.comments, losses }
}

/// Lines one after another that are no instructions: one loss, since the first is usually the cause of the others.
struct Unknown {
    keyword: Span,
    name: String,
    more: usize,
}

fn close(unknown: &mut Option<Unknown>, lines: &mut Lines<'_>) {
    let Some(Unknown { keyword, name, more }) = unknown.take() else { return };
    let rest = match more {
        0 => String::new(),
        1 => ", nor does the next line begin with one".into(),
        n => format!(", nor do the next {n} lines begin with one"),
    };
    let message = format!("`{}` is no instruction{rest}", shortened(&name));
    // A template or a frontend of the file's own may know the word.
    let known_elsewhere = lines.templated || lines.foreign_syntax;
    lines.losses.push(if known_elsewhere { Loss::limit(keyword, message) } else { Loss::part(keyword, message) });
}

/// Enough of a word to recognise it.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 40;
    if name.chars().count() <= LONGEST { name.to_owned() } else { name.chars().take(LONGEST).chain(['…']).collect() }
}

impl Dockerfile {
    /// A stage must begin before anything but arguments.
    fn check_order(&self, lines: &mut Lines<'_>) {
        let is_from = |i: &&Instruction| matches!(i.kind, Kind::From { .. });
        let early = |i: &&Instruction| !matches!(i.kind, Kind::From { .. } | Kind::Arg(_));
        let Some(first) = self.instructions.first() else { return };
        let loss = if self.instructions.iter().any(|i| is_from(&i)) {
            let before = self.instructions.iter().take_while(|i| !is_from(i)).find(early);
            before.map(|i| (i.keyword, "this instruction stands before the first `FROM`"))
        } else {
            Some((first.keyword, "no `FROM` instruction stands in this file"))
        };
        let Some((span, message)) = loss else { return };
        lines.losses.push(if lines.templated { Loss::limit(span, message) } else { Loss::part(span, message) });
    }
}

#[cfg(test)]
mod tests;
