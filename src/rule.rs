//! What a rule is: a value with an id, a level, options, a page and one small function.

mod misfit;
pub mod unpinned;

use crate::config::{Opt, Options};
use crate::finding::{Finding, Level, Place};
use crate::project::Project;
use crate::project::effective::Launch;
use crate::source::{FileId, Span};
use crate::table::Tables;
use std::fmt;

/// Where the page of a rule can be read.
const DOCS: &str = "https://github.com/sparkproof/sparkproof/blob/main/rules";

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// A kebab-case noun: the page's name, the module's name, the word in configurations.
    pub id: &'static str,
    /// Its folder.
    pub group: Group,
    /// How loud it is by itself.
    pub level: Level,
    /// What users may set; configuration, `schema`, `explain` and presets derive from it.
    pub options: &'static [Opt],
    /// One cause, one finding: silent where one of these rules speaks on the same place.
    pub yields_to: &'static [&'static str],
    /// The whole page.
    pub page: &'static str,
    /// What it looks for. The machine's own rules (`unused-ignore`) are reported elsewhere and look for nothing here.
    pub check: fn(&Case, &mut Findings),
}

/// The groups of rules: one folder each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the groups' own names")]
pub enum Group {
    Versions,
    Build,
    Kubernetes,
    Spark,
    Image,
    Code,
    Observability,
    Always,
}

impl Group {
    /// The folder's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::Build => "build",
            Self::Kubernetes => "kubernetes",
            Self::Spark => "spark",
            Self::Image => "image",
            Self::Code => "code",
            Self::Observability => "observability",
            Self::Always => "always",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Rule {
    /// What it says, in one sentence: the page's first paragraph.
    pub fn summary(&self) -> &'static str {
        let body = self.page.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
        body.split("\n\n").next().unwrap_or_default().trim()
    }

    /// The text under a `## heading` of its page; empty where there is none.
    pub fn section(&self, heading: &str) -> &'static str {
        let mut rest = self.page;
        while let Some((_, after)) = rest.split_once("\n## ") {
            let (title, body) = after.split_once('\n').unwrap_or((after, ""));
            if title.trim() == heading {
                return body.split("\n## ").next().unwrap_or_default().trim();
            }
            rest = after;
        }
        ""
    }

    /// The page up to its examples: what, why, and what it looks like when it happens.
    pub fn help(&self) -> &'static str {
        self.page.split("\n## Bad").next().unwrap_or_default()
    }

    /// The page's address.
    pub fn docs(&self) -> String {
        format!("{DOCS}/{}/{}.md", self.group, self.id)
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// All facts, joined.
    pub project: &'a Project,
    /// What starts Spark, with what its processes get: found once for all rules.
    pub launches: &'a [Launch<'a>],
    /// What is true.
    pub tables: &'a Tables,
    /// This rule's options.
    pub options: &'a Options,
}

/// The findings of the running rule.
#[derive(Debug)]
pub struct Findings {
    rule: &'static Rule,
    list: Vec<Finding>,
}

impl Findings {
    /// An empty list, bound to a rule.
    pub fn of(rule: &'static Rule) -> Self {
        Self { rule, list: Vec::new() }
    }

    /// Reports something wrong at a place; the answer takes labels, evidence, help and a fix. A place without bytes (a
    /// default) cannot be reported: name the object that has the default instead.
    pub fn report(&mut self, at: impl Into<Place>, message: impl Into<String>) -> &mut Finding {
        let span = at.into().0.unwrap_or(Span { file: FileId(0), start: 0, end: 0 });
        let index = self.list.len();
        self.list.push(Finding::new(self.rule.id, self.rule.level, span, message));
        &mut self.list[index]
    }

    /// The findings, in the order they were reported.
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}
