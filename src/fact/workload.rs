//! What Kubernetes runs: objects with a pod spec, and Spark's custom resources.

use super::container::Container;
use super::field::Field;
use super::pod::{Labels, Pod};
use super::spark::{Process, Request};
use super::stated::Stated;
use crate::source::Traced;

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
    pub managers: Vec<Manager>,
    /// `spec.replicas`.
    pub replicas: Field<i64>,
    /// `spec.selector.matchLabels`.
    pub selector: Labels,
    /// Files and folders of the repository that a compose file puts into the container: the path below the root, and where to.
    pub binds: Vec<(String, Traced)>,
    /// The container of a compose file's service, as far as it is like one of Kubernetes.
    pub service: Option<Box<Container>>,
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

/// A manager of Flink's, as its resource's fields ask for it.
#[derive(Debug, Clone)]
pub struct Manager {
    /// `jobManager`, `taskManager`.
    pub role: &'static str,
    /// `resource.cpu`.
    pub cores: Option<Traced>,
    /// `resource.memory`.
    pub memory: Option<Traced>,
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
    /// What its fields ask of Spark.
    pub request: Request,
    /// The fields it states, below the application's spec.
    pub stated: Stated,
    /// The API server completes its name: `metadata.generateName`.
    pub generates_name: bool,
    /// Its name stands there as it is: no release's name or value of a chart is part of it.
    pub name_is_literal: bool,
}

impl SparkApplication {
    /// Whether Kubeflow's operator submits it: an application, at once or by a schedule.
    pub fn is_kubeflow(&self) -> bool {
        self.api_version.starts_with("sparkoperator.k8s.io/v1beta2") && self.kind.ends_with("SparkApplication")
    }

    /// The path of a field in the resource, as it is written there.
    pub fn full_path(&self, path: &str) -> String {
        let spec = if self.kind.starts_with("Scheduled") { "spec.template" } else { "spec" };
        format!("{spec}.{path}")
    }
}
