//! What operators and commands hand to Spark: its own keys, with the fields and words that make them.

use super::field::Field;
use crate::source::{Span, Traced};

/// What is known of a text that may be written somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Given {
    /// Nothing writes it.
    Absent,
    /// Something that is not read decides it.
    #[default]
    Unknown,
    /// It is written.
    Is(Traced),
}

impl Given {
    /// The written text.
    pub fn text(&self) -> Option<&Traced> {
        match self {
            Self::Is(text) => Some(text),
            Self::Absent | Self::Unknown => None,
        }
    }
}

/// Who makes pods of a custom resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Kubeflow's `SparkApplication` and `ScheduledSparkApplication`: `spark-submit` in cluster mode, fields after `sparkConf`.
    Kubeflow,
    /// Kubeflow's `SparkConnect`: the operator makes the server's pod of a template, and Spark in it the executors.
    Connect,
    /// Apache's `SparkApplication`: Spark's own driver builder, `sparkConf` alone.
    Apache,
    /// Apache's `SparkCluster`, Stackable's servers: what they run is not asked of Spark.
    Other,
    /// Stackable's `SparkApplication`: `spark-submit` in cluster mode, `sparkConf` after fields.
    Stackable,
}

/// The language that an application's own processes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the languages' own names")]
pub enum Language {
    Jvm,
    Python,
    R,
    /// Nothing that is read says it.
    #[default]
    Unknown,
}

impl Language {
    /// The language of an application by the ending of its jar or script, as `spark-submit` decides it.
    pub fn of_main(path: &str) -> Self {
        match crate::source::extension_of(path) {
            "py" => Self::Python,
            "R" | "r" => Self::R,
            "jar" => Self::Jvm,
            _ => Self::Unknown,
        }
    }

    /// Whether its processes need memory beside the JVM's.
    pub fn is_beside_jvm(self) -> bool {
        matches!(self, Self::Python | Self::R)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jvm => "the JVM",
            Self::Python => "Python",
            Self::R => "R",
            Self::Unknown => "?",
        }
    }
}

/// How a resource's fields ask Spark for pods.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose resource it is.
    pub operator: Operator,
    /// Keys of Spark and what the resource's fields make them, the first of a key first. [`MEMORY_LIMIT`] and its kin stand for what
    /// is no key of Spark.
    pub fields: Vec<(String, Given)>,
    /// Settings may stand beside those that are seen: a template or a patch adds to `sparkConf`.
    pub conf_open: bool,
    /// What runs in the processes that Spark starts.
    pub language: Language,
}

impl Request {
    /// What the fields make of a key; absent where none is for it.
    pub fn field(&self, key: &str) -> &Given {
        let of_key = self.fields.iter().filter(|(own, _)| own == key);
        let mut given = of_key.map(|(_, given)| given).filter(|given| **given != Given::Absent);
        given.next().unwrap_or(&Given::Absent)
    }
}

/// In place of a key: the memory limit that the operator or the server's own pod puts over what Spark asks for.
pub const MEMORY_LIMIT: &str = "memory-limit";

/// In place of a key: the memory of a whole pod, of which the operator makes heap and overhead.
pub const POD_MEMORY: &str = "pod-memory";

/// In place of a key: the CPU limit that a pod template leaves where Spark sets none.
pub const CPU_LIMIT: &str = "template-cpu-limit";

/// In place of a key: the heap of a server that Spark does not ask for, `SPARK_DAEMON_MEMORY`.
pub const DAEMON_MEMORY: &str = "daemon-memory";

/// In place of a key: what a worker gives to executors, `SPARK_WORKER_MEMORY`.
pub const WORKER_MEMORY: &str = "worker-memory";

/// In place of a key: the CPU that a server's own pod asks for.
pub const CPU_REQUEST: &str = "pod-cpu-request";

/// The process whose fields an entry in [`Request::fields`] is about: `driver/memory-limit`.
pub fn of_role(role: &str, what: &str) -> String {
    format!("{role}/{what}")
}

/// What a Spark operator makes a pod of, as its resource's fields say it.
#[derive(Debug, Clone)]
pub struct Process {
    /// `driver`, `executor`, `server`, `master`, `worker`, `history server`.
    pub role: &'static str,
    /// The key of its section.
    pub span: Span,
    /// `terminationGracePeriodSeconds`.
    pub grace: Field<i64>,
}
