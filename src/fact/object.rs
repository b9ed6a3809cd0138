//! Kubernetes objects around the pods: what calls them, scales them, protects them, and what they refer to.

use super::PartId;
use super::container::PortName;
use super::pod::Labels;
use crate::source::{Span, Spanned, Traced};

/// What a chart's release is called as long as nobody installs it: a name with this in it is known only in part.
pub const RELEASE: &str = "release-name";

/// Any Kubernetes object.
#[derive(Debug, Clone)]
pub struct Object {
    /// `apps/v1`, where it is known.
    pub api_version: Option<Traced>,
    /// `Service`.
    pub kind: String,
    /// `metadata.name`; `?` where a template makes it.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// `metadata.namespace`, where it is written.
    pub namespace: Option<String>,
    /// Its folder below the root.
    pub folder: String,
    /// `metadata.annotations`, those that are known.
    pub annotations: Vec<(Traced, Traced)>,
    /// Whether these are all.
    pub annotations_known: bool,
    /// It stands among the templates of a chart.
    pub in_chart: bool,
    /// Its template asks the cluster what it knows.
    pub asks_cluster: bool,
    /// Names of objects that a custom resource makes: certificates and external secrets say them.
    pub makes: Vec<String>,
    /// What it says.
    pub body: ObjectBody,
}

impl Object {
    /// How it is called in messages: `Service/prod/ui`.
    pub fn title(&self) -> String {
        let parts = [Some(self.kind.as_str()), self.namespace.as_deref(), Some(self.name.as_str())];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }

    /// Whether a condition that cannot be seen may hold it back from a cluster that does not know its API: the template asks the
    /// cluster, or it is a policy of pods, which charts make only where the values want one.
    pub fn may_be_guarded(&self) -> bool {
        self.asks_cluster || (self.in_chart && self.kind == "PodSecurityPolicy")
    }

    /// Whether its name says that it is there for monitoring alone: `operator-metrics`, `operator-metrics-service`.
    pub fn is_called_for_metrics(&self) -> bool {
        let name = self.name.strip_suffix("-service").or_else(|| self.name.strip_suffix("-svc")).unwrap_or(&self.name);
        name.ends_with("-metrics")
    }

    /// Whether it is a kind of Kubernetes' own.
    pub fn is_core(&self) -> bool {
        let group = self.api_version.as_ref().map_or("", |api| api.as_str().split('/').next().unwrap_or_default());
        !group.contains('.') || group.ends_with(".k8s.io")
    }

    /// Whether a load balancer is asked for that only the own network can reach.
    pub fn is_internal(&self) -> bool {
        self.annotations.iter().any(|(key, value)| {
            let (key, value) = (key.as_str(), value.as_str().to_ascii_lowercase());
            (key.contains("internal") && value != "false")
                || (key.contains("load-balancer") && value.contains("internal"))
        })
    }

    /// Whether annotations of an Ingress ask who calls, let in only some, or bring TLS of their own.
    pub fn asks_who_calls(&self) -> bool {
        const WORDS: [&str; 9] =
            ["auth", "middlewares", "whitelist", "allowlist", "certificate", "ssl", "cert-manager", "oidc", "plugins"];
        let says = |key: &str| WORDS.iter().any(|word| key.contains(word));
        self.is_internal()
            || self.annotations.iter().any(|(key, value)| says(key.as_str()) || value.as_str() == "internal")
    }

    /// The value of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&Traced> {
        self.annotations.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }
}

/// What an object says, by kind.
#[derive(Debug, Clone)]
pub enum ObjectBody {
    /// A Service.
    Service(Service),
    /// An Ingress, whatever its API version.
    Ingress(Ingress),
    /// A `HorizontalPodAutoscaler`, or KEDA's `ScaledObject`.
    Autoscaler(Target),
    /// A `NetworkPolicy`: the pods it selects; None for all of its namespace.
    NetworkPolicy(Option<Labels>),
    /// A Rollout's weights: `setWeight`.
    Weights(Vec<Spanned<i64>>),
    /// A `ConfigMap`.
    ConfigMap(ConfigMap),
    /// Anything else.
    Other,
}

/// A Service.
#[derive(Debug, Clone)]
pub struct Service {
    /// `spec.type` where it is written.
    pub service_type: Option<Traced>,
    /// `spec.selector`.
    pub selector: Labels,
    /// Its ports.
    pub ports: Vec<ServicePort>,
    /// `loadBalancerSourceRanges` is there.
    pub has_source_ranges: bool,
}

impl Service {
    /// Whether it is there for monitoring alone: whoever asks for metrics is not served by the program.
    pub fn is_for_metrics(&self) -> bool {
        !self.ports.is_empty() && self.ports.iter().all(ServicePort::is_for_metrics)
    }
}

impl ServicePort {
    /// Whether an Ingress means this port, by its number or its name.
    pub fn is_called(&self, port: &PortName) -> bool {
        match port.number {
            Some(number) => self.port.value == number,
            None => self.name.as_ref().is_some_and(|own| own.as_str() == port.text.as_str()),
        }
    }

    /// Whether it is there for monitoring.
    pub fn is_for_metrics(&self) -> bool {
        let name = self.name.as_ref().map_or("", Traced::as_str);
        ["metrics", "prometheus", "monitoring", "exporter"].iter().any(|word| name.contains(word))
    }
}

/// A port of a Service.
#[derive(Debug, Clone)]
pub struct ServicePort {
    /// Its name.
    pub name: Option<Traced>,
    /// `port`.
    pub port: Spanned<i64>,
    /// `targetPort`, where it is written.
    pub target: Option<PortName>,
}

/// An Ingress.
#[derive(Debug, Clone)]
pub struct Ingress {
    /// `spec.tls` holds something, or may.
    pub has_tls: bool,
    /// Each backend's Service and port.
    pub backends: Vec<(Traced, Option<PortName>)>,
}

/// A `ConfigMap`.
#[derive(Debug, Clone, Default)]
pub struct ConfigMap {
    /// How often YARN's node managers report, in milliseconds, where one of its files says so.
    pub heartbeat: Option<Traced>,
}

/// A file of settings in a `ConfigMap`, which pods may mount.
#[derive(Debug, Clone)]
pub struct MapFile {
    /// The `ConfigMap`'s name.
    pub map: String,
    /// Its namespace, where written.
    pub namespace: Option<String>,
    /// The folder of the file that makes it.
    pub folder: String,
    /// The file's name in it.
    pub name: String,
    /// What its settings are.
    pub settings: MapSettings,
}

/// Where the settings of a `ConfigMap`'s file are.
#[derive(Debug, Clone)]
pub enum MapSettings {
    /// In the `ConfigMap` itself; with it whether all of its text is known.
    Here(PartId, bool),
    /// In a file of the repository, by its path.
    File(String),
}

/// A `ConfigMap` or `Secret` that a kustomization makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generated {
    /// The kustomization's folder.
    pub folder: String,
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its name, without what is put before and behind it.
    pub name: String,
}

/// The values of a `ConfigMap` that containers may take as variables.
#[derive(Debug, Clone)]
pub struct MapVariables {
    /// The `ConfigMap`'s name.
    pub map: String,
    /// Its namespace, where written.
    pub namespace: Option<String>,
    /// The folder of the file that makes it.
    pub folder: String,
    /// Keys and values, those of one line.
    pub variables: Vec<(Traced, Traced)>,
}

/// Whether an installation of Kubeflow's operator has its webhook.
#[derive(Debug, Clone, Copy)]
pub struct Webhook {
    /// What says so.
    pub at: Span,
    /// It has.
    pub enabled: bool,
}

/// A profile of system calls that a container may make.
#[derive(Debug, Clone)]
pub struct Seccomp {
    /// Where it is declared.
    pub span: Span,
    /// `defaultAction`.
    pub default: Traced,
    /// Each named call and its action, in the order written.
    pub calls: Vec<(Traced, String)>,
}

impl Seccomp {
    /// Where the profile lets a call through; None where it does not.
    pub fn allows(&self, name: &str) -> Option<Span> {
        let lets = |action: &str| matches!(action, "SCMP_ACT_ALLOW" | "SCMP_ACT_LOG");
        let mut named = self.calls.iter().filter(|(call, _)| call.as_str() == name).peekable();
        if named.peek().is_none() {
            return lets(self.default.as_str()).then(|| self.default.span());
        }
        named.find(|(_, action)| lets(action)).map(|(call, _)| call.span())
    }
}

/// What an autoscaler scales.
#[derive(Debug, Clone)]
pub struct Target {
    /// The kind, `Deployment` where none is written.
    pub kind: String,
    /// The name.
    pub name: Traced,
}
