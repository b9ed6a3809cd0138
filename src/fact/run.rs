//! What starts applications: submit commands, managed platforms, CI jobs.

use super::{Ecosystem, PartId};
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
    /// More flags may be among its words: a variable holds some.
    pub open: bool,
    /// The whole command, from its program to its last word.
    pub span: Span,
    /// The part that runs it, where the same file says so: an image, a workload, a CI job.
    pub within: Option<PartId>,
    /// Which container of that part.
    pub slot: Option<String>,
    /// The running container that `docker exec` and the like run it in.
    pub container: Option<Traced>,
}

/// A file that a command or an image's recipe fetches.
#[derive(Debug, Clone)]
pub struct Download {
    /// What fetches it, where that is a part.
    pub part: Option<PartId>,
    /// The stage of an image build it is fetched in.
    pub stage: Option<usize>,
    /// Its address; what is not known stands in it as written.
    pub address: Traced,
}

/// A flag of a command line and its value.
#[derive(Debug, Clone)]
pub struct Flag {
    /// With its dashes: `--packages`.
    pub name: Traced,
    /// Its value; None where it has none, or where a variable makes it.
    pub value: Option<Traced>,
    /// What to take out to take out flag and value: from the end of the word before. None where that is not known.
    pub removal: Option<Span>,
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
    /// Folders below the root in which its steps build or test something, and with whose tools.
    pub builds: Vec<(String, Ecosystem)>,
}

/// Names by which a part is reached from others: a compose service's own, its container's, its host's.
#[derive(Debug, Clone)]
pub struct Service {
    /// What is reached.
    pub part: PartId,
    /// By which names.
    pub names: Vec<String>,
}
