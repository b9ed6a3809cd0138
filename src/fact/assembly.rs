//! Jars that hold a module's libraries as well, and what builds are checked for.

use super::{PartId, Variants};
use crate::finding::Edit;
use crate::source::{Span, Traced};

/// A jar of a module with the libraries it needs in it.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// Whose jar.
    pub part: PartId,
    /// What makes it: `maven-shade-plugin`, `shadowJar`, `sbt-assembly`.
    pub by: &'static str,
    /// Where that is said.
    pub span: Span,
    /// What becomes of `META-INF/services` of several libraries.
    pub services: Services,
    /// Libraries that are left out: `group:artifact`, with `*`.
    pub left_out: Vec<String>,
    /// Packages that get another name in it; `*` where it is not known which.
    pub relocated: Vec<String>,
    /// In which evaluations.
    pub variants: Variants,
    /// The edit that makes it merge them.
    pub merge: Option<Edit>,
}

/// What becomes of files of one name below `META-INF/services`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Services {
    /// They become one file.
    Merged,
    /// One of them is kept.
    OneKept,
    /// All are left out, and where that is said.
    Dropped(Traced),
    /// It is not known.
    Unknown,
}

/// Packages of libraries whose groups are named otherwise.
const PACKAGES: [(&str, &str); 3] = [
    ("com.google.guava", "com.google.common"),
    ("com.fasterxml.jackson.core", "com.fasterxml.jackson.databind"),
    ("org.antlr", "org.antlr.v4"),
];

impl Assembly {
    /// Whether the packages of a library of this group get another name in it: then it does not meet Spark's own.
    pub fn relocates(&self, group: &str) -> bool {
        let packages = PACKAGES.iter().filter(|(of, _)| *of == group).map(|(_, package)| *package).chain([group]);
        let packages: Vec<&str> = packages.collect();
        self.relocated.iter().any(|pattern| {
            let pattern = pattern.trim_end_matches(['*', '.']);
            packages.iter().any(|package| package.starts_with(pattern) || pattern.starts_with(package))
        })
    }

    /// Whether a library is in it, as far as its group and name say.
    pub fn holds(&self, group: &str, artifact: &str) -> bool {
        let fits = |pattern: &str, text: &str| match pattern.split_once('*') {
            None => pattern == text,
            Some((before, after)) => {
                text.len() >= before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
            }
        };
        !self.left_out.iter().any(|out| match out.split_once(':') {
            Some((g, a)) => fits(g, group) && (a.is_empty() || fits(a.split(':').next().unwrap_or(a), artifact)),
            None => fits(out, group),
        })
    }
}

/// The version that a module has itself.
#[derive(Debug, Clone)]
pub struct Release {
    /// Whose version.
    pub part: PartId,
    /// The version.
    pub version: Traced,
    /// In which evaluations.
    pub variants: Variants,
}

/// What a Maven build is checked for before it is built.
#[derive(Debug, Clone)]
pub struct Enforcement {
    /// The build's top module.
    pub part: PartId,
    /// The names of the rules: `requireJavaVersion`; of all its modules.
    pub rules: Vec<String>,
}
