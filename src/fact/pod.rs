//! Pod specs: what the containers of a pod share.

use super::field::Field;
use crate::source::{Span, Traced};

/// A pod spec, wherever it is embedded.
#[derive(Debug, Clone)]
pub struct Pod {
    /// Its first key: where it is declared.
    pub span: Span,
    /// The labels of its template.
    pub labels: Labels,
    /// `terminationGracePeriodSeconds`.
    pub grace: Field<i64>,
    /// Its volumes, claim templates of a `StatefulSet` included.
    pub volumes: Vec<Volume>,
    /// Whether these are all: nothing that is not read adds one.
    pub volumes_known: bool,
    /// Its own `securityContext`.
    pub security: Security,
    /// What it refers to by name.
    pub references: Vec<Reference>,
    /// `spec.resources`: what the pod as a whole asks for.
    pub resources: Field<()>,
    /// All that is said of this pod stands here: no template adds to it, no patch changes it, no operator completes it.
    pub whole: bool,
}

/// Labels, or a selector's `matchLabels`.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// Names and values as they are known.
    pub pairs: Vec<(String, Traced)>,
    /// Something that is not read may add or decide some.
    pub open: bool,
}

impl Labels {
    /// Whether everything that a selector asks for is here. Nothing is selected by an empty or unknown selector.
    pub fn satisfy(&self, selector: &Labels) -> bool {
        let has = |(name, value): &(String, Traced)| {
            self.pairs.iter().any(|(n, v)| n == name && v.as_str() == value.as_str())
        };
        !selector.open && !selector.pairs.is_empty() && selector.pairs.iter().all(has)
    }
}

/// A volume of a pod.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Its name.
    pub name: Traced,
    /// `configMap`, `secret`, `emptyDir`, …; empty where that is not known.
    pub kind: String,
    /// The key that says the kind.
    pub kind_span: Span,
    /// `defaultMode` of its files.
    pub default_mode: Field<i64>,
    /// The `ConfigMap` whose files it holds.
    pub config_map: Option<MapVolume>,
}

/// The files of a `ConfigMap` as a volume holds them.
#[derive(Debug, Clone)]
pub struct MapVolume {
    /// The `ConfigMap`'s name.
    pub name: Traced,
    /// The keys that it takes and the paths it gives them; without any it takes all as they are called.
    pub items: Vec<(String, String)>,
}

impl MapVolume {
    /// The path of a file below the volume; none where the volume leaves it out.
    pub fn path_of<'a>(&'a self, file: &'a str) -> Option<&'a str> {
        if self.items.is_empty() {
            return Some(file);
        }
        self.items.iter().find(|(key, _)| key == file).map(|(_, path)| path.as_str())
    }
}

/// A `securityContext`, of a pod or of a container.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Its fields, as written.
    pub keys: Vec<Traced>,
    /// `runAsUser`.
    pub user: Field<i64>,
    /// `runAsNonRoot`.
    pub non_root: Field<bool>,
    /// `privileged`.
    pub privileged: Field<bool>,
    /// `allowPrivilegeEscalation`.
    pub escalation: Field<bool>,
    /// `capabilities.add`.
    pub added: Vec<Traced>,
}

/// The kinds that pods refer to by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "Kubernetes' own names")]
pub enum Referent {
    ConfigMap,
    Secret,
    ServiceAccount,
    PersistentVolumeClaim,
}

impl Referent {
    /// The kind's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::ServiceAccount => "ServiceAccount",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
        }
    }
}

/// A name of another object.
#[derive(Debug, Clone)]
pub struct Reference {
    /// What it refers to.
    pub to: Referent,
    /// The name.
    pub name: Traced,
    /// The pod starts without it too.
    pub optional: bool,
}
