//! What Spark's, Flink's and Trino's processes ask for, whoever writes it down.

use super::Project;
use super::cluster::PodView;
use super::effective::{Amount, Launch};
use crate::fact::container::ContainerRole;
use crate::fact::quantity::Quantity;
use crate::fact::workload::Manager;
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
    /// The demands of all processes that compute, of which `launches` are what [`Project::launches`] gives.
    pub fn demands<'p>(&'p self, launches: &[Launch<'p>]) -> Vec<Demand<'p>> {
        let mut found = Vec::new();
        found.extend(launches.iter().filter(|l| matches!(l.part.kind, PartKind::Application(_))).flat_map(spark));
        for part in &self.facts.parts {
            if let PartKind::Workload(workload) = &part.kind {
                found.extend(workload.managers.iter().map(|manager| flink(part, manager)));
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

/// Of a Spark application those pods that Spark asks for, where something sizes them.
fn spark<'p>(launch: &Launch<'p>) -> impl Iterator<Item = Demand<'p>> {
    let part = launch.part;
    let pods = launch.pods.iter().filter(|pod| pod.asked && pod.is_sized());
    pods.map(move |pod| {
        let at = |amount: Option<&Amount>| amount.and_then(Amount::span).unwrap_or(pod.span);
        let sum = pod.memory().filter(|(_, sure)| *sure).map(|(sum, _)| (sum, at(pod.heap.as_ref())));
        let memory = pod.memory_limit.as_ref().map(|limit| (limit.quantity, at(Some(limit)))).or(sum);
        let cpu = pod.cpu_request.as_ref().filter(|cpu| cpu.sure);
        let cpu = cpu.map(|cpu| (cpu.quantity, at(Some(cpu))));
        Demand { part, role: pod.role.to_owned(), memory, cpu }
    })
}

fn flink<'p>(part: &'p Part, manager: &Manager) -> Demand<'p> {
    let size = |text: &str| Quantity::parse_spark(text).or_else(|| Quantity::parse(text));
    let memory = manager.memory.as_ref().and_then(|text| Some((size(text.as_str())?, text.span())));
    let cpu = manager.cores.as_ref().and_then(|text| Some((Quantity::parse(text.as_str())?, text.span())));
    Demand { part, role: manager.role.to_owned(), memory, cpu }
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
