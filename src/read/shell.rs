//! Commands as a shell reads them: words with quotes, continuations and variables resolved as far as the text alone tells,
//! each word remembering its bytes. Nothing is run; what only running would tell is unknown.

mod dialect;
mod lexer;
mod walk;

use crate::source::{Span, Traced};
use std::collections::HashMap;

/// Whose notation a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A POSIX shell or bash.
    Shell,
    /// A Makefile: recipes are shell, variables are make's.
    Make,
    /// A justfile.
    Just,
    /// A Groovy pipeline: the strings of its `sh` steps are shell.
    Groovy,
}

impl Dialect {
    /// The notation of a file, by its name.
    pub fn of(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "makefile" | "gnumakefile" => Self::Make,
            "justfile" => Self::Just,
            _ if lower.starts_with("jenkinsfile") => Self::Groovy,
            _ => match lower.rsplit_once('.') {
                Some((_, "mk")) => Self::Make,
                Some((_, "groovy" | "jenkinsfile")) => Self::Groovy,
                _ => Self::Shell,
            },
        }
    }
}

/// A word of a command.
#[derive(Debug, Clone)]
pub struct Word {
    /// Its text without quotes; what is not known stands in it as written.
    pub text: Traced,
    /// Whether all of it is known.
    pub known: bool,
    /// Whether some of it stood in quotes: a blank or comma in it is meant.
    pub quoted: bool,
}

impl Word {
    /// A word that is known.
    pub fn of(text: Traced) -> Self {
        Self { text, known: true, quoted: true }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The text, if all of it is known.
    pub fn value(&self) -> Option<&Traced> {
        self.known.then_some(&self.text)
    }
}

/// `NAME=value` before a command, or alone.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The variable.
    pub name: Traced,
    /// Its value.
    pub value: Word,
}

/// One simple command: what stands between two separators.
#[derive(Debug, Clone)]
pub struct Command {
    /// What it assigns, for itself or, where it has no words, for what follows.
    pub assigned: Vec<Assignment>,
    /// Its words; the first is what is run.
    pub words: Vec<Word>,
    /// The file that its output goes to.
    pub output: Option<Word>,
    /// From its first byte to its last.
    pub span: Span,
}

/// Variables that are known before a script begins.
pub type Given = HashMap<String, Traced>;

/// The commands of a text, in the order written.
pub fn commands(text: &Traced, dialect: Dialect, given: &Given) -> Vec<Command> {
    let mut walk = walk::Walk::new(text, given);
    dialect::scripts(text.as_str(), dialect, &mut walk);
    walk.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
