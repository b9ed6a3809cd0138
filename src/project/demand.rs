//! What Spark's, Flink's and Trino's processes ask for, whoever writes it down.

use super::Project;
use super::cluster::PodView;
use crate::fact::container::ContainerRole;
use crate::fact::quantity::Quantity;
use crate::fact::workload::{Process, SparkApplication};
use crate::fact::{ObjectBody, Part, PartKind};
use crate::source::Span;

/// What one process asks for; None where it is not known.
#[derive(Debug)]
pub struct Demand<'p> {
    /// Of what it is a part.
    pub part: &'p Part,
    /// `driver`, or the container's name.
    pub role: String,
    /// The memory it may use, and where that is said.
    pub memory: Option<(Quantity, Span)>,
    /// The cores it asks for, and where that is said.
    pub cpu: Option<(Quantity, Span)>,
}

impl Project {
    /// The demands of all processes that compute.
    pub fn demands(&self) -> Vec<Demand<'_>> {
        let mut found = Vec::new();
        for part in &self.facts.parts {
            match &part.kind {
                PartKind::Application(a) => found.extend(a.processes.iter().map(|p| spark(part, a, p))),
                PartKind::Workload(w) => found.extend(w.processes.iter().map(|p| flink(part, p))),
                _ => {}
            }
        }
        let plain = self.pods().filter(|pod| pod.workload.is_some_and(|w| w.is_plain() && !w.fragment));
        found.extend(plain.flat_map(containers));
        found
    }

    /// Parts with pods that compute, which no `NetworkPolicy` selects.
    pub fn computing_without_policy(&self) -> Vec<&Part> {
        let mut found: Vec<&Part> = Vec::new();
        let computing = |pod: &PodView<'_>| pod.containers().any(crate::fact::Container::computes);
        let bare = self.pods().filter(|pod| pod.workload.is_some_and(|w| w.is_plain() && !w.fragment));
        for pod in bare.filter(computing) {
            if !pod.pod.labels.open && !self.has_policy(pod) {
                found.push(pod.part);
            }
        }
        // Operators make the labels of their pods: any policy may be for them.
        if self.facts.objects.iter().any(|object| matches!(object.body, ObjectBody::NetworkPolicy(_))) {
            return found;
        }
        found.extend(self.facts.parts.iter().filter(|part| match &part.kind {
            PartKind::Application(_) => true,
            PartKind::Workload(w) => w.api_version.starts_with("flink.apache.org/"),
            _ => false,
        }));
        found
    }
}

fn spark<'p>(part: &'p Part, application: &SparkApplication, process: &Process) -> Demand<'p> {
    let at = |text: &Option<crate::source::Traced>| text.as_ref().map_or(process.span, crate::source::Traced::span);
    let memory = match &process.memory_limit {
        Some(limit) => Quantity::parse(limit.as_str()).map(|limit_of| (limit_of, limit.span())),
        None => process.pod_memory(application).map(|m| (m.heap.plus(m.overhead), at(&process.memory))),
    };
    let written = process.core_request.as_ref().or(process.cores.as_ref());
    let cpu = match written {
        Some(text) => Quantity::parse(text.as_str()).map(|cores| (cores, text.span())),
        None => Some((Quantity::of(1), process.span)),
    };
    // Connect servers and the operators that use other fields take their defaults elsewhere.
    let known = process.memory.is_some() || process.cores.is_some();
    Demand { part, role: process.role.to_owned(), memory: memory.filter(|_| known), cpu: cpu.filter(|_| known) }
}

fn flink<'p>(part: &'p Part, process: &Process) -> Demand<'p> {
    let size = |text: &str| Quantity::parse_spark(text).or_else(|| Quantity::parse(text));
    let memory = process.memory.as_ref().and_then(|text| Some((size(text.as_str())?, text.span())));
    let cpu = process.cores.as_ref().and_then(|text| Some((Quantity::parse(text.as_str())?, text.span())));
    Demand { part, role: process.role.to_owned(), memory, cpu }
}

fn containers(pod: PodView<'_>) -> Vec<Demand<'_>> {
    let computing = pod.containers().filter(|c| c.role == ContainerRole::Main && c.computes());
    let demand = |container: &crate::fact::Container| {
        let memory = container.resource("memory").and_then(|r| r.limit.as_ref());
        let cpu = container.resource("cpu").and_then(|r| r.request.as_ref().or(r.limit.as_ref()));
        let of = |amount: &crate::fact::container::Amount| (amount.quantity, amount.text.span());
        Demand { part: pod.part, role: container.name.clone(), memory: memory.map(of), cpu: cpu.map(of) }
    };
    computing.map(demand).collect()
}
