//! Which cluster manager a setting is for, and which one runs the application.

use crate::fact::{PartId, PartKind};
use crate::project::Project;
use crate::source::Traced;
use std::collections::HashMap;

/// A cluster manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the managers' own names")]
pub enum Master {
    Kubernetes,
    Yarn,
    Standalone,
    Mesos,
    Local,
}

impl Master {
    /// The manager of a master's address.
    pub fn of(address: &str) -> Option<Self> {
        Some(match address {
            "yarn" | "yarn-client" | "yarn-cluster" => Self::Yarn,
            _ if address.starts_with("k8s://") => Self::Kubernetes,
            _ if address.starts_with("spark://") => Self::Standalone,
            _ if address.starts_with("mesos://") => Self::Mesos,
            _ if address == "local" || address.starts_with("local[") => Self::Local,
            _ => return None,
        })
    }

    /// The one manager whose applications read a key; none where several do.
    pub fn reading(key: &str) -> Option<Self> {
        const STANDALONE: [&str; 3] = ["spark.deploy.", "spark.worker.", "spark.master.rest."];
        Some(match key {
            _ if key.starts_with("spark.kubernetes.") => Self::Kubernetes,
            _ if key.starts_with("spark.yarn.") => Self::Yarn,
            _ if key.starts_with("spark.mesos.") => Self::Mesos,
            _ if STANDALONE.iter().any(|prefix| key.starts_with(prefix)) => Self::Standalone,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "Kubernetes",
            Self::Yarn => "YARN",
            Self::Standalone => "a standalone cluster",
            Self::Mesos => "Mesos",
            Self::Local => "one local process",
        }
    }
}

impl Project {
    /// The managers that parts name themselves, and where: a setting of the master, or a resource that an operator runs. A part that
    /// names several is left out.
    pub fn masters(&self) -> HashMap<PartId, (Master, Option<&Traced>)> {
        let mut found: HashMap<PartId, (Master, Option<&Traced>)> = HashMap::new();
        for (id, part) in self.facts.parts() {
            // A cluster on Kubernetes is a standalone one.
            if matches!(&part.kind, PartKind::Application(application) if application.kind != "SparkCluster") {
                found.insert(id, (Master::Kubernetes, None));
            }
        }
        let mut several = Vec::new();
        for setting in self.facts.settings.iter().filter(|setting| setting.key.as_str() == "spark.master") {
            let Some(master) = setting.value.as_ref().and_then(|value| Master::of(value.as_str())) else {
                several.push(setting.part);
                continue;
            };
            let (known, _) = *found.entry(setting.part).or_insert((master, setting.value.as_ref()));
            if known != master {
                several.push(setting.part);
            }
        }
        found.retain(|part, _| !several.contains(part));
        found
    }
}
