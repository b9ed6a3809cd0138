//! Which Kubernetes objects meet: Services and the pods they select, autoscalers and what they scale, policies and pods.
//!
//! Two manifests of one repository need not be for one cluster: objects meet where they lie in one folder, or one in a folder above
//! the other's, and where no two namespaces contradict.

use super::Project;
use super::edge::{Edge, EdgeKind};
use crate::fact::object::{Object, ObjectBody, Service, Target};
use crate::fact::pod::{Labels, Pod, Reference, Referent};
use crate::fact::{Container, Facts, Image, Part, PartKind, Workload};
use crate::source::{Traced, folder_of};
use crate::version::Version;
use std::collections::{HashMap, HashSet};

/// A pod, with what it is part of.
#[derive(Debug, Clone, Copy)]
pub struct PodView<'p> {
    /// The workload or application.
    pub part: &'p Part,
    /// The workload, where it is one.
    pub workload: Option<&'p Workload>,
    /// Its namespace, where written.
    pub namespace: Option<&'p str>,
    /// The pod.
    pub pod: &'p Pod,
    number: usize,
    containers: &'p [Container],
}

impl<'p> PodView<'p> {
    /// Its containers.
    pub fn containers(self) -> impl Iterator<Item = &'p Container> {
        self.containers.iter().filter(move |container| container.pod == self.number)
    }
}

/// How often a node manager reports, and the `ConfigMap` that says so.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat<'p> {
    /// Milliseconds, as written.
    pub value: &'p Traced,
    /// The `ConfigMap`'s name.
    pub config_map: &'p str,
}

impl Heartbeat<'_> {
    /// Milliseconds.
    pub fn millis(&self) -> Option<u64> {
        self.value.as_str().parse().ok()
    }
}

/// Where objects lie, by folder and by what they ask for.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    /// Services and policies, as positions in the facts, by folder and first label of their selector.
    selecting: HashMap<(String, String), Vec<usize>>,
    /// Policies that select everything, by folder.
    selecting_all: HashMap<String, Vec<usize>>,
    /// Folders with a `LimitRange`.
    limit_ranges: HashSet<String>,
    /// Workloads, as positions among the parts, by kind and name.
    workloads: HashMap<(String, String), Vec<usize>>,
}

impl Cluster {
    pub(super) fn of(facts: &Facts) -> Self {
        let mut cluster = Self::default();
        for (i, part) in facts.parts.iter().enumerate() {
            if let PartKind::Workload(w) = &part.kind {
                cluster.workloads.entry((w.kind.clone(), w.name.clone())).or_default().push(i);
            }
        }
        for (i, object) in facts.objects.iter().enumerate() {
            if object.kind == "LimitRange" {
                cluster.limit_ranges.insert(object.folder.clone());
            }
            let selector = match &object.body {
                ObjectBody::Service(service) => &service.selector,
                ObjectBody::NetworkPolicy(Some(labels)) => labels,
                ObjectBody::NetworkPolicy(None) => {
                    cluster.selecting_all.entry(object.folder.clone()).or_default().push(i);
                    continue;
                }
                _ => continue,
            };
            if let Some(pair) = selector.pairs.first().filter(|_| !selector.open) {
                cluster.selecting.entry((object.folder.clone(), label(pair))).or_default().push(i);
            }
        }
        cluster
    }
}

fn label((name, value): &(String, Traced)) -> String {
    format!("{name}={value}")
}

/// A folder and all above it.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)))
}

/// Whether objects of these namespaces can meet: one that is not written is decided when it is applied.
pub(super) fn same_namespace(a: Option<&str>, b: Option<&str>) -> bool {
    a.is_none() || b.is_none() || a == b
}

impl Project {
    /// Every pod of every workload and application.
    pub fn pods(&self) -> impl Iterator<Item = PodView<'_>> {
        self.facts.parts.iter().flat_map(|part| {
            let (workload, namespace, pods, containers): (_, _, &[Pod], &[Container]) = match &part.kind {
                PartKind::Workload(w) => (Some(w), w.namespace.as_deref(), &w.pods, &w.containers),
                PartKind::Application(a) => (None, a.namespace.as_deref(), &a.pods, &a.containers),
                _ => (None, None, &[], &[]),
            };
            pods.iter().enumerate().map(move |(number, pod)| PodView {
                part,
                workload,
                namespace,
                pod,
                number,
                containers,
            })
        })
    }

    /// The Services that select a pod.
    pub fn services_of(&self, pod: PodView<'_>) -> Vec<(&Object, &Service)> {
        let services = self.selecting(pod).into_iter().filter_map(|object| match &object.body {
            ObjectBody::Service(service) => Some((object, service)),
            _ => None,
        });
        services.collect()
    }

    /// Whether a `NetworkPolicy` selects a pod.
    pub fn has_policy(&self, pod: PodView<'_>) -> bool {
        let all = upwards(&pod.part.folder).filter_map(|folder| self.cluster.selecting_all.get(folder)).flatten();
        let all = all.filter_map(|i| self.facts.objects.get(*i));
        let is_policy = |object: &&Object| matches!(object.body, ObjectBody::NetworkPolicy(_));
        all.chain(self.selecting(pod).into_iter().filter(is_policy))
            .any(|object| same_namespace(object.namespace.as_deref(), pod.namespace))
    }

    /// Whether a `LimitRange` gives the containers of a pod what they do not ask for themselves.
    pub fn has_limit_range(&self, pod: PodView<'_>) -> bool {
        upwards(&pod.part.folder).any(|folder| self.cluster.limit_ranges.contains(folder))
    }

    /// Node managers of YARN: pods that mount a `ConfigMap` with their heartbeat.
    pub fn heartbeats(&self) -> Vec<(PodView<'_>, Heartbeat<'_>)> {
        let maps: Vec<(&Object, &Traced)> = self
            .facts
            .objects
            .iter()
            .filter_map(|object| match &object.body {
                ObjectBody::ConfigMap(map) => Some((object, map.heartbeat.as_ref()?)),
                _ => None,
            })
            .collect();
        if maps.is_empty() {
            return Vec::new();
        }
        let mounts = |pod: &PodView<'_>, object: &Object| {
            let named = |r: &Reference| r.to == Referent::ConfigMap && r.name.as_str() == object.name;
            pod.pod.references.iter().any(named)
                && same_namespace(object.namespace.as_deref(), pod.namespace)
                && pod.containers().any(|container| container.mentions("nodemanager"))
        };
        let met = self.pods().flat_map(|pod| {
            let of = maps.iter().filter(move |(object, _)| mounts(&pod, object));
            of.map(move |(object, value)| (pod, Heartbeat { value, config_map: &object.name })).collect::<Vec<_>>()
        });
        met.collect()
    }

    /// Whether what runs is decided somewhere else than at the image's reference: it is built here, a kustomization sets its
    /// tag, a placeholder is filled in later, or it is never pulled.
    pub fn is_decided_elsewhere(&self, image: &Image) -> bool {
        let text = image.reference.as_str();
        let slot = image.usage.slot();
        let is_local = |container: &Container| {
            container.pull_policy.as_deref() == Some("Never")
                && slot.as_deref().is_none_or(|slot| slot == container.name)
        };
        let containers = match &self.part(image.part).kind {
            PartKind::Workload(w) if w.fragment => return true,
            PartKind::Workload(w) => w.containers.as_slice(),
            PartKind::Application(a) => a.containers.as_slice(),
            _ => &[],
        };
        self.is_built_here(image)
            || text.contains(['$', '{', '<', '%', '@', ' ']) && !text.contains("@sha256:")
            || text.contains("://")
            || self.facts.image_overrides.contains(&image.name)
            // Istio puts its own proxy in the place of this word.
            || (text == "auto" && slot.as_deref() == Some("istio-proxy"))
            || containers.iter().any(is_local)
    }

    /// Containers of images that a Dockerfile here builds with a Go that does not see their limits: with that Go, and how
    /// that is known.
    pub fn go_containers(&self) -> Vec<(&Part, &Container, String, String)> {
        let built = self.edges.iter().filter(|edge| edge.kind == EdgeKind::RunsImage);
        let of = |edge: &Edge| {
            let go = self.facts.images.iter().find(|image| image.part == edge.to && image.name == "golang")?;
            let version = go.tag.as_ref()?.as_str().split('-').next()?.to_owned();
            let is_old = matches!(Version::parse(&version)?.numbers(2)[..], [1, minor] if minor < 25);
            let part = self.part(edge.from);
            let PartKind::Workload(workload) = &part.kind else { return None };
            let slot = edge.slot.as_deref()?;
            let container = workload.containers.iter().find(|container| container.name == slot)?;
            is_old.then(|| (part, container, version, edge.evidence.clone()))
        };
        built.filter_map(of).collect()
    }

    fn selecting(&self, pod: PodView<'_>) -> Vec<&Object> {
        let mut found = Vec::new();
        for folder in upwards(&pod.part.folder) {
            for pair in &pod.pod.labels.pairs {
                let key = (folder.to_owned(), label(pair));
                let objects = self.cluster.selecting.get(&key).into_iter().flatten();
                found.extend(objects.filter_map(|i| self.facts.objects.get(*i)));
            }
        }
        let meets = |object: &&Object| {
            let selector: Option<&Labels> = match &object.body {
                ObjectBody::Service(service) => Some(&service.selector),
                ObjectBody::NetworkPolicy(labels) => labels.as_ref(),
                _ => None,
            };
            selector.is_some_and(|s| pod.pod.labels.satisfy(s))
                && same_namespace(object.namespace.as_deref(), pod.namespace)
        };
        found.retain(meets);
        found
    }

    /// The workloads that an autoscaler scales: those of its folder, else the only one of that kind and name.
    pub fn scaled_by(&self, object: &Object, target: &Target) -> Option<(&Part, &Workload)> {
        let key = (target.kind.clone(), target.name.to_string());
        let parts = self.cluster.workloads.get(&key).into_iter().flatten().filter_map(|i| self.facts.parts.get(*i));
        let named = parts.filter_map(|part| match &part.kind {
            PartKind::Workload(w) => Some((part, w)),
            _ => None,
        });
        let met: Vec<_> =
            named.filter(|(_, w)| same_namespace(w.namespace.as_deref(), object.namespace.as_deref())).collect();
        let beside: Vec<_> = met.iter().filter(|(part, _)| part.folder == object.folder).collect();
        match (beside.as_slice(), met.as_slice()) {
            ([one], _) => Some(**one),
            ([], [one]) => Some(*one),
            _ => None,
        }
    }
}
