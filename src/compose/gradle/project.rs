//! One project while its scripts are run.

use super::value::{Local, Notation, Text, Value, Why};
use crate::fact::Unresolved;
use crate::finding::Edit;
use crate::read::gradle::Block;
use crate::source::{FileId, Span, Traced};
use std::collections::HashMap;
use std::rc::Rc;

/// A project and what its scripts said so far.
#[derive(Debug, Default)]
pub(super) struct Project<'a> {
    pub(super) name: String,
    /// Where its name is written.
    pub(super) named_at: Option<Traced>,
    pub(super) parent: Option<usize>,
    /// Its folder below the repository's root.
    pub(super) folder: String,
    /// Its script, else the one that configured it first.
    pub(super) file: Option<FileId>,
    pub(super) extra: HashMap<Box<str>, Value<'a>>,
    pub(super) group: Option<Text>,
    pub(super) version: Option<Text>,
    pub(super) plugins: Vec<Plugin>,
    pub(super) declared: Vec<Declared>,
    pub(super) constraints: Vec<Constraint>,
    /// Which configurations each one has the dependencies of.
    pub(super) extends: Vec<(Box<str>, Box<str>)>,
    /// Versions that replace all others: `group:name:version`.
    pub(super) forced: Vec<Rc<Notation>>,
    /// Groups whose versions a rule decides when the build runs.
    pub(super) ruled: Vec<Box<str>>,
    /// What a configuration leaves out: `group:name`, with `*`.
    pub(super) excludes: Vec<(Box<str>, String)>,
    pub(super) java: Vec<(JavaSetting, Text)>,
    pub(super) scala: Option<Text>,
    pub(super) archives: Archives,
    pub(super) jib: Option<Jib>,
    /// What runs when all scripts have run.
    pub(super) later: Vec<&'a Block>,
    pub(super) unresolved: Vec<Unresolved>,
}

/// A plugin that is applied.
#[derive(Debug, Clone)]
pub(super) struct Plugin {
    pub(super) id: Rc<str>,
    pub(super) span: Span,
}

/// The settings that say which Java the classes are for, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum JavaSetting {
    Release,
    Target,
    Source,
    Toolchain,
}

impl JavaSetting {
    /// Its name in scripts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Release => "options.release",
            Self::Target => "targetCompatibility",
            Self::Source => "sourceCompatibility",
            Self::Toolchain => "java.toolchain",
        }
    }
}

/// A dependency as it is declared.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) configuration: Box<str>,
    pub(super) what: What,
    pub(super) exclusions: Vec<String>,
    pub(super) span: Span,
}

/// What is depended on.
#[derive(Debug, Clone)]
pub(super) enum What {
    Library(Rc<Notation>),
    Local(Rc<Local>),
}

/// A version for a library wherever it comes from.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) group: String,
    pub(super) name: String,
    pub(super) version: Result<Traced, Why>,
}

/// The names of what is built, as patterns.
#[derive(Debug, Default, Clone)]
pub(super) struct Archives {
    /// For all of them: `base.archivesName`.
    pub(super) base: Option<String>,
    pub(super) jar: Archive,
    pub(super) shadow: Archive,
    /// `shadowJar { … }` stands somewhere.
    pub(super) shadow_at: Option<Span>,
    pub(super) merges_services: bool,
    pub(super) relocated: Vec<String>,
    /// The edit that makes it merge service files.
    pub(super) merge: Option<Edit>,
    /// `exclude 'META-INF/services/…'` in a fat jar.
    pub(super) drops_services: Option<Traced>,
    /// Where libraries are left out of the fat jar, with `*`: `org.apache.spark:*`.
    pub(super) left_out: Vec<String>,
    /// It keeps only what is named.
    pub(super) includes: bool,
    /// The configurations of which the fat jar is made, where it says so.
    pub(super) configurations: Option<Vec<String>>,
    /// `jar { from(…zipTree…) }`.
    pub(super) fat_jar: Option<Span>,
}

/// The parts of one archive's name.
#[derive(Debug, Default, Clone)]
pub(super) struct Archive {
    pub(super) file: Option<String>,
    pub(super) base: Option<String>,
    pub(super) version: Option<String>,
    pub(super) classifier: Option<String>,
}

/// An image that jib builds.
#[derive(Debug, Default, Clone)]
pub(super) struct Jib {
    pub(super) span: Option<Span>,
    pub(super) from: Option<Traced>,
    pub(super) to: Option<Traced>,
}

impl Project<'_> {
    pub(super) fn applies(&self, id: &str) -> bool {
        self.plugins.iter().any(|plugin| &*plugin.id == id)
    }
}
