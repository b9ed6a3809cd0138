//! What starts applications: submit commands, managed platforms, CI jobs.

use crate::source::{Span, Traced};

/// A command that submits an application or starts a shell. What its flags say of Spark stands among the settings and
/// dependencies of its part: `--packages` as dependencies, `--conf` and the flags that stand for keys as settings.
#[derive(Debug, Clone)]
pub struct Submission {
    /// `spark-submit`, `pyspark`, `spark-shell`, `spark-sql` …, as written, its folder included.
    pub program: Traced,
    /// The application's jar or script, where one is named.
    pub main: Option<Traced>,
    /// The value of `--class`.
    pub main_class: Option<Traced>,
    /// All flags in order, the repeated ones too.
    pub flags: Vec<Flag>,
    /// The whole command, from its program to its last word.
    pub span: Span,
}

/// A flag of a command line and its value.
#[derive(Debug, Clone)]
pub struct Flag {
    /// With its dashes: `--packages`.
    pub name: Traced,
    /// Its value; None where it has none, or where a variable makes it.
    pub value: Option<Traced>,
}

/// A cluster, job or application of a managed platform.
#[derive(Debug, Clone)]
pub struct Platform {
    /// `emr`, `databricks`, `glue`, `dataproc` …: the tables' word for it.
    pub vendor: &'static str,
    /// The release label: `emr-7.8.0`, `15.4.x-scala2.12`.
    pub label: Traced,
}

/// A CI job: what it sets up, and what it builds.
#[derive(Debug, Clone)]
pub struct Job {
    /// Folders below the root in which its steps build or test something.
    pub builds: Vec<String>,
}
