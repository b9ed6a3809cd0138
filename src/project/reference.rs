//! Names that lead nowhere. What is not in the repository may well be in the cluster, so only names are doubted whose kind is
//! kept beside them.

use super::Project;
use super::cluster::{PodView, same_namespace, upwards};
use crate::compose::kustomize::made_in;
use crate::fact::object::{Object, ObjectBody, RELEASE, Service};
use crate::fact::pod::{Labels, Reference};
use crate::read::keyed::nearest;
use crate::source::folder_of;
use std::collections::{HashMap, HashSet};

/// Kinds beyond Kubernetes' own whose pods a Service finds by the labels of their template, as those of a Deployment.
const PLAIN_KINDS: [&str; 2] = ["DeploymentConfig", "Rollout"];

impl Project {
    /// References of pods to objects that nothing here defines or makes, where an object of that kind in the same folder is called
    /// almost so, or is used by nobody; with the nearest of those names.
    pub fn dangling_references(&self) -> Vec<(PodView<'_>, &Reference, Option<&str>)> {
        let objects = &self.facts.objects;
        let defined: HashSet<(&str, &str)> = objects.iter().map(|o| (o.kind.as_str(), o.name.as_str())).collect();
        let mut beside: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
        for object in objects.iter().filter(|object| object.name != "?") {
            beside.entry((object.folder.as_str(), object.kind.as_str())).or_default().push(&object.name);
        }
        // What a kustomization generates lies beside what it makes.
        let made_folders: Vec<String> = self.facts.generated.iter().map(|one| made_in(&one.folder)).collect();
        for (one, folder) in self.facts.generated.iter().zip(&made_folders) {
            beside.entry((folder.as_str(), one.kind)).or_default().push(&one.name);
        }
        let names = self.facts.generated.iter().map(|one| &one.name);
        let made: HashSet<&str> =
            objects.iter().flat_map(|object| &object.makes).chain(names).map(String::as_str).collect();
        let owners: Vec<&str> =
            objects.iter().filter(|o| !o.is_core() && !watches(&o.kind)).map(|o| o.name.as_str()).collect();
        let of_kind = |o: &'_ Object| (o.folder.clone(), o.kind.clone());
        let unknown: HashSet<(String, String)> = objects.iter().filter(|o| o.name == "?").map(of_kind).collect();
        // Which release it is only whoever installs the chart knows.
        let released: HashSet<(String, String)> =
            objects.iter().filter(|o| o.name.contains(RELEASE)).map(of_kind).collect();
        let references = self.pods().flat_map(|pod| &pod.pod.references);
        let used: HashSet<(&str, &str)> = references.map(|r| (r.to.name(), r.name.as_str())).collect();
        // A file that cannot be read may define anything.
        let lost: HashSet<&str> = self.facts.losses.iter().map(|loss| around(self.path(loss.span.file))).collect();
        let mut found: Vec<(PodView<'_>, &Reference, Option<&str>)> = Vec::new();
        for pod in self.pods().filter(|pod| pod.workload.is_some_and(|w| w.is_plain() && !w.fragment)) {
            // With every switch on, a chart may need more than its values say.
            let is_switched_on = crate::source::is_switched_on(&pod.part.folder);
            if is_switched_on || lost.contains(around(self.path(pod.part.span.file))) {
                continue;
            }
            for reference in pod.pod.references.iter().filter(|reference| !reference.optional) {
                let (kind, name) = (reference.to.name(), reference.name.as_str());
                let folder = pod.part.folder.as_str();
                let Some(names) = beside.get(&(folder, kind)) else { continue };
                let near = nearest(name, names.iter().copied());
                let is_mistaken =
                    near.is_some() || (kind != "Secret" && names.iter().any(|n| !used.contains(&(kind, n))));
                let is_known = defined.contains(&(kind, name)) || made.contains(name) || WELL_KNOWN.contains(&name);
                let is_owned = || owners.iter().any(|owner| *owner != "?" && name.starts_with(owner));
                let is_filled = name.contains(['$', '{', '<', '%']);
                let key = (folder.to_owned(), kind.to_owned());
                let is_filled =
                    is_filled || unknown.contains(&key) || (released.contains(&key) && !name.contains(RELEASE));
                if !is_mistaken || is_known || is_filled || is_owned() {
                    continue;
                }
                if found.iter().all(|(p, r, _)| !std::ptr::eq(p.part, pod.part) || r.name.as_str() != name) {
                    found.push((pod, reference, near));
                }
            }
        }
        one_by_one(found)
    }

    /// Whether a role is given to service accounts called `default`.
    pub fn binds_default_account(&self) -> bool {
        let bindings = self.facts.objects.iter().filter(|object| object.kind.ends_with("RoleBinding"));
        bindings.into_iter().any(|binding| binding.makes.iter().any(|name| name == "default"))
    }

    /// Services that select no pod, in folders with workloads that no Service selects.
    pub fn dangling_services(&self) -> Vec<(&Object, &Service)> {
        let mut by_folder: HashMap<&str, Vec<PodView<'_>>> = HashMap::new();
        let mut by_label: HashMap<String, Vec<PodView<'_>>> = HashMap::new();
        let mut opaque: HashSet<&str> = HashSet::new();
        for pod in self.pods() {
            let serves = pod.workload.is_some_and(|w| w.serves() && !w.fragment);
            if serves && !pod.pod.labels.open {
                by_folder.entry(&pod.part.folder).or_default().push(pod);
            } else if !serves || pod.pod.labels.open {
                opaque.insert(&pod.part.folder);
            }
            for (name, value) in &pod.pod.labels.pairs {
                by_label.entry(format!("{name}={value}")).or_default().push(pod);
            }
        }
        // What an operator runs has labels that nobody writes down.
        let is_plain = |object: &Object| object.is_core() || PLAIN_KINDS.contains(&object.kind.as_str());
        opaque.extend(self.facts.objects.iter().filter(|o| !is_plain(o)).map(|o| o.folder.as_str()));
        let selects_none = |object: &Object, selector: &Labels| {
            let Some((name, value)) = selector.pairs.first() else { return false };
            let candidates = by_label.get(&format!("{name}={value}")).into_iter().flatten();
            candidates
                .filter(|pod| same_namespace(object.namespace.as_deref(), pod.namespace))
                .all(|pod| !pod.pod.labels.satisfy(selector) && !pod.pod.labels.open)
        };
        let mut found = Vec::new();
        for object in &self.facts.objects {
            let ObjectBody::Service(service) = &object.body else { continue };
            let known = !service.selector.open && !object.in_chart && object.name != "?";
            let beside = by_folder.get(object.folder.as_str()).into_iter().flatten();
            let beside = beside.filter(|pod| same_namespace(object.namespace.as_deref(), pod.namespace));
            let mut unserved = beside.filter(|pod| self.services_of(**pod).is_empty());
            if known
                && !upwards(&object.folder).any(|folder| opaque.contains(folder))
                && selects_none(object, &service.selector)
                && unserved.any(|pod| is_alike(object, service, *pod))
            {
                found.push((object, service));
            }
        }
        found
    }
}

/// The folder of a file; all templates of a chart lie in one.
fn around(path: &str) -> &str {
    path.rfind("templates/").and_then(|at| path.get(..at)).unwrap_or_else(|| folder_of(path))
}

/// Whether a custom resource only says how others are watched or reached: its controller makes nothing that a pod refers to.
fn watches(kind: &str) -> bool {
    ["Monitor", "Rule", "Rules", "Probe", "Route", "Constraints", "Policy", "Gateway"]
        .iter()
        .any(|end| kind.ends_with(end))
}

/// Names that every cluster has, or that what serves the cluster writes into each namespace.
const WELL_KNOWN: [&str; 4] = ["default", "kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"];

/// Whether a Service is meant for a pod, as far as names tell: they have a label's name in common, and one is called like the other.
fn is_alike(object: &Object, service: &Service, pod: PodView<'_>) -> bool {
    let shares = service.selector.pairs.iter().any(|(name, _)| pod.pod.labels.pairs.iter().any(|(own, _)| own == name));
    let name = pod.workload.map_or("", |w| w.name.as_str());
    shares && (name.starts_with(object.name.as_str()) || object.name.starts_with(name))
}
/// An object that nobody uses may be what one name means. Where several are missing in a folder, they are somebody else's.
fn one_by_one<'p>(
    mut found: Vec<(PodView<'p>, &'p Reference, Option<&'p str>)>,
) -> Vec<(PodView<'p>, &'p Reference, Option<&'p str>)> {
    let mut far: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for (pod, reference, _) in found.iter().filter(|(.., near)| near.is_none()) {
        let key = (pod.part.folder.as_str(), reference.to.name());
        far.entry(key).or_default().insert(reference.name.as_str());
    }
    found.retain(|(pod, reference, near)| {
        let key = (pod.part.folder.as_str(), reference.to.name());
        near.is_some() || far.get(&key).is_none_or(|names| names.len() < 2)
    });
    found
}
