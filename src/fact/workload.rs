//! What Kubernetes runs: objects with a pod spec, and Spark's custom resources.

use super::container::Container;
use super::field::Field;
use super::pod::{Labels, Pod};
use super::quantity::Quantity;
use crate::source::{Span, Traced};

/// A Kubernetes object that holds a pod spec, of whatever kind.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// The namespace, where written.
    pub namespace: Option<String>,
    /// `metadata.name`; the text `?` where a template makes it.
    pub name: String,
    /// Its pods: one for most kinds, several for operators' resources.
    pub pods: Vec<Pod>,
    /// Its containers, init containers included.
    pub containers: Vec<Container>,
    /// What an operator makes of its fields: Flink's managers.
    pub processes: Vec<Process>,
    /// `spec.replicas`.
    pub replicas: Field<i64>,
    /// `spec.selector.matchLabels`.
    pub selector: Labels,
    /// It is a patch of an object that stands elsewhere, or part of a chart's own tests.
    pub fragment: bool,
}

impl Workload {
    /// Whether its pods run until they are stopped, so that others may call them.
    pub fn serves(&self) -> bool {
        SERVING.contains(&self.kind.as_str())
    }

    /// Whether the kind's pod spec is all there is of its pods: no operator completes it.
    pub fn is_plain(&self) -> bool {
        self.serves() || ["Pod", "Job", "CronJob"].contains(&self.kind.as_str())
    }
}

/// Kinds that keep pods running.
const SERVING: [&str; 7] =
    ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig"];

/// What a Spark operator makes a pod of, as its resource's fields say it.
#[derive(Debug, Clone)]
pub struct Process {
    /// `driver`, `executor`, `server`; Flink's `jobManager`, `taskManager`.
    pub role: &'static str,
    /// The key of its section.
    pub span: Span,
    /// `cores`, `resource.cpu`.
    pub cores: Option<Traced>,
    /// `coreRequest`, a quantity.
    pub core_request: Option<Traced>,
    /// `coreLimit`, a quantity.
    pub core_limit: Option<Traced>,
    /// `memory`, a Spark size.
    pub memory: Option<Traced>,
    /// `memoryOverhead`, a Spark size.
    pub memory_overhead: Option<Traced>,
    /// `memoryLimit`, a quantity that the operator puts over what Spark asks for.
    pub memory_limit: Option<Traced>,
    /// `terminationGracePeriodSeconds`.
    pub grace: Field<i64>,
}

/// What Spark asks for a pod: the heap, and what its processes need beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PodMemory {
    /// The JVM's heap.
    pub heap: Quantity,
    /// Beside the heap.
    pub overhead: Quantity,
}

impl Process {
    /// What Spark asks for this pod by its fields alone: a tenth of the heap as overhead (four tenths beside Python and R), at
    /// least 384 MiB. Nothing where a size cannot be read.
    pub fn pod_memory(&self, application: &SparkApplication) -> Option<PodMemory> {
        let sized = |text: &Option<Traced>| match text {
            Some(text) => Quantity::parse_spark(text.as_str()).map(Some),
            None => Some(None),
        };
        let (heap, written) = (sized(&self.memory)?, sized(&self.memory_overhead)?);
        let heap = heap.unwrap_or(Quantity::of(1 << 30));
        let factor = if application.beside_jvm { 400 } else { 100 };
        let floor = Quantity::of(384 << 20);
        let overhead = written.unwrap_or_else(|| heap.share(factor).floor_mebibytes().max(floor));
        Some(PodMemory { heap, overhead })
    }
}

/// A Spark application, Connect server or cluster as a custom resource.
#[derive(Debug, Clone)]
pub struct SparkApplication {
    /// `sparkoperator.k8s.io/v1beta2`, `spark.apache.org/v1`, …
    pub api_version: String,
    /// `SparkApplication`, `ScheduledSparkApplication`, `SparkConnect`, `SparkCluster`.
    pub kind: String,
    /// The namespace, where written.
    pub namespace: Option<String>,
    /// `metadata.name`; `?` where a template makes it.
    pub name: String,
    /// The Spark version it states.
    pub spark_version: Option<Traced>,
    /// The application's jar or script.
    pub main_file: Option<Traced>,
    /// The pods of its templates.
    pub pods: Vec<Pod>,
    /// Containers of its pod templates.
    pub containers: Vec<Container>,
    /// Driver, executors and server, as its fields describe them.
    pub processes: Vec<Process>,
    /// It runs Python or R, whose processes need memory beside the heap.
    pub beside_jvm: bool,
}
