//! Containers: what runs in a pod, how it is asked whether it is well, and what it may use.

pub mod runtime;

use super::field::Effective;
use super::pod::Security;
use super::quantity::Quantity;

use crate::finding::Edit;
use crate::source::{Span, Spanned, Traced};

/// One container of a pod.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each says whether one list is all there is")]
pub struct Container {
    /// Its name; `?` where a template makes it.
    pub name: String,
    /// What kind of container it is.
    pub role: ContainerRole,
    /// Its first key or value: where it is declared.
    pub span: Span,
    /// Which of the pods of its workload it belongs to.
    pub pod: usize,
    /// The image, where it is known.
    pub image: Option<Traced>,
    /// `imagePullPolicy`, where it is known.
    pub pull_policy: Option<String>,
    /// The words of `command`, then of `args`; those that are known.
    pub command: Vec<Traced>,
    /// Its environment variables.
    pub env: Vec<Variable>,
    /// `ConfigMaps` whose keys become variables, in order: `envFrom`.
    pub env_from: Vec<EnvFrom>,
    /// Whether these are all: nothing that is not read adds one.
    pub env_known: bool,
    /// Its declared ports.
    pub ports: Vec<Port>,
    /// Whether these are all.
    pub ports_known: bool,
    /// The volumes it mounts.
    pub mounts: Vec<Mount>,
    /// Its own `securityContext`.
    pub security: Security,
    /// What it does before it is stopped, as far as it only waits.
    pub pre_stop: Option<PreStop>,
    /// Its probes.
    pub probes: Vec<Probe>,
    /// Its requests and limits by resource name, in the order written.
    pub resources: Vec<Resource>,
    /// Whether these are all.
    pub resources_known: bool,
    /// The key `resources`, where it is written.
    pub resources_span: Option<Span>,
    /// Amounts that are no quantities, by resource name.
    pub unreadable: Vec<(String, Traced)>,
    /// All that is said of this container stands here: no template adds to it, no patch changes it, no operator completes it.
    pub whole: bool,
}

impl Container {
    /// A probe of a kind.
    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.kind == kind)
    }

    /// A resource by its name.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }

    /// A variable by its name: the last one counts.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.env.iter().rev().find(|variable| variable.name.as_str() == name)
    }

    /// Whether it declares a port of this name or number.
    pub fn has_port(&self, port: &PortName) -> bool {
        self.ports.iter().any(|own| own.is_called(port))
    }

    /// Whether the ports of this name or number are all for UDP or SCTP.
    pub fn is_datagram(&self, port: &PortName) -> bool {
        let mut called = self.ports.iter().filter(|own| own.is_called(port)).peekable();
        called.peek().is_some() && called.all(|own| own.is_datagram)
    }

    /// Whether one of these words stands in its command, also in a shell's line there.
    pub fn says(&self, words: &[&str]) -> bool {
        let ends = |c: char| c.is_whitespace() || "\"';&".contains(c);
        self.command.iter().flat_map(|text| text.as_str().split(ends)).any(|word| words.contains(&word))
    }

    /// Whether one of its words or its image holds a text, in any letter case. `word` is written small.
    pub fn mentions(&self, word: &str) -> bool {
        let holds = |text: &Traced| text.as_str().to_ascii_lowercase().contains(word);
        self.image.as_ref().is_some_and(holds)
            || self.command.iter().any(holds)
            || self.name.to_ascii_lowercase().contains(word)
    }
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

/// An environment variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Traced,
    /// Its value, where it is written and known.
    pub value: Option<Traced>,
    /// The `ConfigMap` and its key that hold the value: `configMapKeyRef`.
    pub key: Option<(Traced, String)>,
}

/// A `ConfigMap` whose keys become variables.
#[derive(Debug, Clone)]
pub struct EnvFrom {
    /// The `ConfigMap`'s name.
    pub map: Traced,
    /// What is put before each key.
    pub prefix: String,
}

/// A volume in a container.
#[derive(Debug, Clone)]
pub struct Mount {
    /// The volume's name.
    pub volume: Traced,
    /// `mountPath`, where it is known.
    pub path: Option<Traced>,
    /// `subPath`: the one file or folder of the volume that stands there; empty where that is the volume itself.
    pub sub_path: String,
}

impl Mount {
    /// Where a file of the volume stands in the container.
    pub fn path_of(&self, file: &str) -> Option<String> {
        let path = self.path.as_ref()?.as_str().trim_end_matches('/');
        let sub_path = self.sub_path.trim_matches('/');
        if sub_path.is_empty() {
            return Some(format!("{path}/{file}"));
        }
        match file.strip_prefix(sub_path)? {
            "" => Some(path.to_owned()),
            rest => rest.starts_with('/').then(|| format!("{path}{rest}")),
        }
    }
}

/// A declared port.
#[derive(Debug, Clone)]
pub struct Port {
    /// Its name.
    pub name: Option<Traced>,
    /// `containerPort`.
    pub number: Option<Spanned<i64>>,
    /// It is for UDP or SCTP, which no probe speaks.
    pub is_datagram: bool,
}

impl Port {
    /// Whether a name or number means this port.
    pub fn is_called(&self, port: &PortName) -> bool {
        match port.number {
            Some(number) => self.number.is_some_and(|own| own.value == number),
            None => self.name.as_ref().is_some_and(|own| own.as_str() == port.text.as_str()),
        }
    }
}

/// A port that is referred to: by number or by name.
#[derive(Debug, Clone)]
pub struct PortName {
    /// As written.
    pub text: Traced,
    /// The number, where it is one.
    pub number: Option<i64>,
}

/// What a container does before it is stopped, as far as it only waits.
#[derive(Debug, Clone)]
pub struct PreStop {
    /// The time that it waits at least.
    pub seconds: f64,
    /// Where that stands.
    pub text: Traced,
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
    /// How it asks.
    pub handler: Option<Handler>,
    /// `periodSeconds`, 10 by default.
    pub period: Effective<i64>,
    /// `timeoutSeconds`, 1 by default.
    pub timeout: Effective<i64>,
    /// `failureThreshold`, 3 by default.
    pub failure_threshold: Effective<i64>,
    /// `successThreshold`, 1 by default.
    pub success_threshold: Effective<i64>,
    /// `initialDelaySeconds`, 0 by default.
    pub initial_delay: Effective<i64>,
    /// Not all of it is known: a template decides a field or may add one, or it is a patch of another probe. Not to be judged.
    pub partial: bool,
}

impl Probe {
    /// How long a container may fail before the probe gives up on it: the periods, and the last answer's time.
    pub fn budget(&self) -> i64 {
        self.period.value.saturating_mul(self.failure_threshold.value).saturating_add(self.timeout.value)
    }
}

/// How a probe asks.
#[derive(Debug, Clone)]
pub struct Handler {
    /// `httpGet`, `tcpSocket`, `grpc` or `exec`.
    pub key: Traced,
    /// The port it asks.
    pub port: Option<PortName>,
    /// It asks another host than the pod.
    pub elsewhere: bool,
    /// All it says, in one form for equal contents.
    pub content: String,
    /// From the handler's first byte to its last, and whether it stands in braces.
    pub body: Spanned<bool>,
}

impl Handler {
    /// The edits that make it ask only whether its port is open; none where it is not written in one piece.
    pub fn as_socket(&self) -> Vec<Edit> {
        let Some(port) = self.port.as_ref().filter(|port| port.text.is_literal()) else { return Vec::new() };
        let Some(key) = Edit::replace(&self.key, "tcpSocket") else { return Vec::new() };
        let words = if self.body.value { format!("{{ port: {} }}", port.text) } else { format!("port: {}", port.text) };
        vec![key, Edit { span: self.body.span, text: words }]
    }
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
