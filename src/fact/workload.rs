//! What Kubernetes runs: objects with a pod spec, their containers, probes and resources, and Spark's custom resources.

use super::quantity::Quantity;
use crate::source::{Span, Spanned, Traced};

/// A value that is in force, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an effective value comes from. A default has no place, and labels know that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A field of the object.
    Field(Span),
    /// A Spark setting.
    Conf(Span),
    /// Nobody said anything; the documentation says why this value holds.
    Default(&'static str),
}

impl<T> Effective<T> {
    /// The field's value, or the default.
    pub fn or_default(field: Option<Spanned<T>>, default: T, why: &'static str) -> Self {
        match field {
            Some(Spanned { value, span }) => Self { value, origin: Origin::Field(span) },
            None => Self { value: default, origin: Origin::Default(why) },
        }
    }

    /// The place, where there is one.
    pub fn span(&self) -> Option<Span> {
        match self.origin {
            Origin::Field(span) | Origin::Conf(span) => Some(span),
            Origin::Default(_) => None,
        }
    }
}

impl<T> From<&Effective<T>> for crate::finding::Place {
    fn from(value: &Effective<T>) -> Self {
        Self(value.span())
    }
}

/// A Kubernetes object that holds a pod spec, of whatever kind.
#[derive(Debug, Clone)]
pub struct Workload {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// The namespace, where written.
    pub namespace: Option<String>,
    /// `metadata.name`; the text `?` where a template makes it.
    pub name: String,
    /// Its containers, init containers included.
    pub containers: Vec<Container>,
}

/// One container of a pod.
#[derive(Debug, Clone)]
pub struct Container {
    /// Its name; `?` where a template makes it.
    pub name: String,
    /// What kind of container it is.
    pub role: ContainerRole,
    /// Its first key or value: where it is declared.
    pub span: Span,
    /// Its probes.
    pub probes: Vec<Probe>,
    /// Its requests and limits by resource name, in the order written.
    pub resources: Vec<Resource>,
}

/// How a container takes part in its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerRole {
    /// Runs as long as the pod.
    Main,
    /// Runs to its end before the main ones start.
    Init,
    /// An init container with `restartPolicy: Always`: runs beside the main ones.
    Sidecar,
}

/// The three probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "Kubernetes' own names")]
pub enum ProbeKind {
    Liveness,
    Readiness,
    Startup,
}

impl ProbeKind {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Liveness => "livenessProbe",
            Self::Readiness => "readinessProbe",
            Self::Startup => "startupProbe",
        }
    }
}

/// A probe with its times in seconds, defaults filled in.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Which one.
    pub kind: ProbeKind,
    /// The probe's own key.
    pub span: Span,
    /// `periodSeconds`, 10 by default.
    pub period: Effective<i64>,
    /// `timeoutSeconds`, 1 by default.
    pub timeout: Effective<i64>,
    /// `failureThreshold`, 3 by default.
    pub failure_threshold: Effective<i64>,
    /// `initialDelaySeconds`, 0 by default.
    pub initial_delay: Effective<i64>,
    /// Not all of it is known: a template decides a field or may add one, or it is a patch of another probe. Not to be judged.
    pub partial: bool,
}

/// A resource's request and limit.
#[derive(Debug, Clone)]
pub struct Resource {
    /// `cpu`, `memory`, `ephemeral-storage`, `nvidia.com/gpu`.
    pub name: String,
    /// What the pod asks for.
    pub request: Option<Amount>,
    /// What it may use at most.
    pub limit: Option<Amount>,
}

/// A quantity and the text that says it.
#[derive(Debug, Clone)]
pub struct Amount {
    /// As written.
    pub text: Traced,
    /// As a number.
    pub quantity: Quantity,
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
    /// Containers of its pod templates.
    pub containers: Vec<Container>,
}
