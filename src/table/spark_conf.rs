//! Spark's settings: which keys there are, since when and until when, what their values may be, and what became of those that are gone.
//!
//! The keys are a list of their own format, written by `tools/spark-conf`; what is beside them is told in `spark-conf.toml`. Both are
//! read when the first setting is judged.

pub mod changes;
pub mod family;
pub mod kind;
pub mod nearest;

use super::Tables;
use crate::read::keyed::{Fault, Keyed};
use crate::source::FileId;
use crate::version::VersionSet;
pub use changes::{Change, Fate};
use family::Families;
pub use family::Gone;
pub use nearest::Meant;
use std::sync::LazyLock;

/// The keys of all releases.
const KEYS: &str = include_str!("../../rules/tables/spark-conf.tsv");

/// What changed, and which families of keys there are.
const TEXT: &str = include_str!("../../rules/tables/spark-conf.toml");

static BUILT_IN: LazyLock<SparkConf> = LazyLock::new(|| read(FileId(u32::MAX), TEXT).0);

impl Tables {
    /// What is known of Spark's settings.
    pub fn spark_conf(&self) -> &'static SparkConf {
        &BUILT_IN
    }
}

/// What is known of Spark's settings.
#[derive(Debug, Default)]
pub struct SparkConf {
    /// In the order of their names.
    keys: Vec<Key>,
    /// In the order of their keys.
    changes: Vec<Change>,
    /// The minors that were looked at, oldest first.
    minors: Vec<&'static str>,
    families: Families,
}

/// A key that some release reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// `spark.executor.memory`.
    pub name: &'static str,
    /// The minor that brought it; none where that was before the oldest release looked at.
    pub since: Option<&'static str>,
    /// The last minor that has it; none where the newest one does.
    pub until: Option<&'static str>,
    /// How much of a setting it is.
    pub standing: Standing,
    /// What its values are, in the list's own words; empty where any text will do.
    kind: &'static str,
}

/// How much of a setting a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Meant for users.
    Public,
    /// Declared, but not documented.
    Entry,
    /// Text in the code: known, and no more than that.
    Literal,
}

/// Keys that stand in Spark's code as texts alone, and are documented all the same.
const DOCUMENTED: [&str; 12] = [
    "spark.app.name",
    "spark.driver.defaultJavaOptions",
    "spark.executor.defaultJavaOptions",
    "spark.files.overwrite",
    "spark.graphx.pregel.checkpointInterval",
    "spark.hadoop.cloneConf",
    "spark.hadoop.validateOutputSpecs",
    "spark.home",
    "spark.local.dir",
    "spark.logConf",
    "spark.master",
    "spark.port.maxRetries",
];

impl SparkConf {
    /// A key by its name.
    pub fn key(&self, name: &str) -> Option<&Key> {
        let at = self.keys.binary_search_by(|key| key.name.cmp(name)).ok()?;
        self.keys.get(at)
    }

    /// What became of a key.
    pub fn changes(&self, name: &str) -> &[Change] {
        let start = self.changes.partition_point(|change| change.key.as_str() < name);
        let end = start + self.changes.iter().skip(start).take_while(|change| change.key == name).count();
        self.changes.get(start..end).unwrap_or_default()
    }

    /// The part of Spark that reads a key and that is gone.
    pub fn gone(&self, name: &str) -> Option<&Gone> {
        self.families.gone(name)
    }

    /// All releases from a minor on.
    pub fn since(minor: &str) -> VersionSet {
        VersionSet::parse(&format!(">={minor}")).unwrap_or_else(|_| VersionSet::none())
    }

    /// The first minor after one.
    pub fn after(&self, minor: &str) -> Option<&'static str> {
        let at = self.minors.iter().position(|one| *one == minor)?;
        self.minors.get(at + 1).copied()
    }

    /// Whether something is known to read a key.
    pub fn is_known(&self, name: &str) -> bool {
        self.key(name).is_some() || !self.changes(name).is_empty() || self.families.hold(name)
    }

    /// The keys that people may have meant.
    fn meant(&self) -> impl Iterator<Item = &Key> {
        let is_real = |key: &&Key| key.standing != Standing::Literal || DOCUMENTED.contains(&key.name);
        self.keys.iter().filter(is_real)
    }
}

/// Reads both lists.
fn read(file: FileId, text: &str) -> (SparkConf, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let keys = KEYS.lines().filter_map(key).collect();
    let mut conf = SparkConf { keys, minors: minors(), ..SparkConf::default() };
    let Some(tree) = tree else { return (conf, keyed.faults) };
    keyed.only(tree.root(), "a list of settings", &["deprecated", "removed", "gone", "family", "namespace"]);
    conf.changes = changes::read(&mut keyed, tree.root());
    conf.changes.sort_by(|a, b| a.key.cmp(&b.key));
    conf.families = family::read(&mut keyed, tree.root());
    (conf, keyed.faults)
}

/// The minors of the list's second line, which names the releases looked at.
fn minors() -> Vec<&'static str> {
    let releases = KEYS.lines().nth(1).unwrap_or_default().split_whitespace();
    releases.filter_map(|release| Some(release.rsplit_once('.')?.0)).collect()
}

/// `key since until standing kind`, with tabs between them.
fn key(line: &'static str) -> Option<Key> {
    let mut fields = line.split('\t');
    let name = fields.next().filter(|name| name.starts_with("spark."))?;
    let mut minor = || fields.next().filter(|minor| !minor.is_empty());
    let (since, until) = (minor(), minor());
    let standing = match fields.next()? {
        "public" => Standing::Public,
        "entry" => Standing::Entry,
        _ => Standing::Literal,
    };
    Some(Key { name, since, until, standing, kind: fields.next().unwrap_or_default() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
