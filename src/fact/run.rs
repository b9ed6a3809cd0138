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

/// A script that a command of a part runs.
#[derive(Debug, Clone)]
pub struct ScriptRun {
    /// The workload or CI job.
    pub part: PartId,
    /// Which of its containers.
    pub slot: Option<String>,
    /// Its path, as the command names it.
    pub path: Traced,
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

/// A CI job, or a script that installs what it goes on to use.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// What its steps build, test or install.
    pub builds: Vec<Build>,
    /// The Python distributions that its own commands install or remove, whatever else asks for them.
    pub installs: Vec<String>,
}

/// What one command of a CI job builds, tests or installs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The folder of the module, or a file of requirements, below the root.
    pub path: String,
    /// Whose tool does it.
    pub ecosystem: Ecosystem,
    /// How far it goes.
    pub reach: Reach,
}

/// Which modules a build tool makes beside the one that it is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// None.
    Alone,
    /// All that it holds together.
    Reactor,
    /// Those that it needs: Maven's `-am`.
    Needs,
    /// The tool only starts from there: what it makes is named beside.
    Start,
}

/// A JVM that runs code without Spark's own scripts, which would tell it what Spark needs: forked tests, a plain `java`.
#[derive(Debug, Clone)]
pub struct JavaRun {
    /// The module whose code runs, or the image that runs it.
    pub part: PartId,
    /// What starts it: `maven-surefire-plugin`, `Test / fork`, `java -jar`.
    pub by: &'static str,
    /// Where that is said.
    pub span: Span,
    /// It runs tests, not the application.
    pub tests: bool,
    /// The options that it is given; None where they are not known.
    pub options: Option<Vec<Traced>>,
    /// Where another option can be written, and between which texts.
    pub room: Option<Room>,
}

/// A place among the options of a JVM where another one fits.
#[derive(Debug, Clone)]
pub struct Room {
    /// The place: an empty range.
    pub at: Span,
    /// What stands before each option that is added.
    pub before: &'static str,
    /// What stands behind each.
    pub after: &'static str,
}

/// What a bot that updates libraries is told about some manifests.
#[derive(Debug, Clone)]
pub struct UpdateBot {
    /// `Dependabot`, `Renovate`.
    pub name: &'static str,
    /// Where it is told.
    pub text: Traced,
    /// The ecosystems it updates.
    pub ecosystems: Vec<Ecosystem>,
    /// The folders whose manifests it updates, as globs below the root; none for all.
    pub folders: Vec<String>,
    /// What it updates together: names with `*`.
    pub groups: Vec<Vec<String>>,
    /// What it leaves alone.
    pub ignored: Vec<String>,
    /// All that it updates, where it says so.
    pub allowed: Vec<String>,
}

impl UpdateBot {
    /// Whether it updates a library by itself.
    pub fn updates(&self, name: &str) -> bool {
        let is_in = |list: &[String]| list.iter().any(|pattern| fits(pattern, name));
        !is_in(&self.ignored) && (self.allowed.is_empty() || is_in(&self.allowed))
    }

    /// Whether it updates these libraries in one step.
    pub fn joins<'a>(&self, mut names: impl Iterator<Item = &'a str> + Clone) -> bool {
        self.groups.iter().any(|group| names.clone().all(|name| group.iter().any(|pattern| fits(pattern, name))))
            || names.next().is_none()
    }
}

/// `*` stands for any run of characters.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern.eq_ignore_ascii_case(text) };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(last)
}

/// Code that starts Spark in its own process.
#[derive(Debug, Clone)]
pub struct LocalSession {
    /// The master (`local[2]`), or the call that makes the session of whatever master.
    pub at: Span,
    /// The master is local, by what is written.
    pub local: bool,
    /// A test does.
    pub tests: bool,
}

/// Names by which a part is reached from others: a compose service's own, its container's, its host's.
#[derive(Debug, Clone)]
pub struct Service {
    /// What is reached.
    pub part: PartId,
    /// By which names.
    pub names: Vec<String>,
}
