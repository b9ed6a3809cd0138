//! See `rules/kubernetes/heap-exceeds-limit.md`.

use crate::fact::container::runtime::HeapSize;
use crate::fact::quantity::Quantity;
use crate::fact::workload::{Process, SparkApplication};
use crate::fact::{Part, PartKind};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "heap-exceeds-limit",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/heap-exceeds-limit.md"),
    check,
};

const SOURCE: &str = "https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/";

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        let limit = container.resource("memory").and_then(|memory| memory.limit.as_ref());
        let (Some(limit), Some(heap)) = (limit, container.heap()) else { continue };
        let message = match heap.size {
            HeapSize::Bytes(heap) if heap >= limit.quantity => {
                format!("the heap may grow to {}, the whole limit of `{}`", heap.memory(), limit.text)
            }
            HeapSize::Percent(share) if share >= 100.0 => {
                format!("the heap may grow to {share} % of the limit of `{}`: nothing is left beside it", limit.text)
            }
            _ => continue,
        };
        findings
            .report(&heap.text, message)
            .subject(format!("{}/{}", part.name, container.name))
            .label(&limit.text, "above this the container is killed")
            .help("leave a quarter of the limit for what a JVM needs beside its heap: metaspace, threads, buffers")
            .source(SOURCE);
    }
    for part in &case.project.facts.parts {
        let PartKind::Application(application) = &part.kind else { continue };
        for process in &application.processes {
            applications(part, application, process, findings);
        }
    }
}

/// The operator puts `memoryLimit` over what Spark asks for: heap and overhead.
fn applications(part: &Part, application: &SparkApplication, process: &Process, findings: &mut Findings) {
    let Some(limit) = &process.memory_limit else { return };
    let (Some(most), Some(needs)) = (Quantity::parse(limit.as_str()), process.pod_memory(application)) else { return };
    if most >= needs.heap.plus(needs.overhead) {
        return;
    }
    let role = process.role;
    let finding = findings.report(
        limit,
        format!(
            "the {role} is limited to `{limit}`, but Spark asks for {} of heap and {} of overhead",
            needs.heap.memory(),
            needs.overhead.memory()
        ),
    );
    finding
        .subject(format!("{}/{role}", part.name))
        .help("take `memoryLimit` away, or raise it: it does not change the heap")
        .source("https://spark.apache.org/docs/latest/configuration.html#application-properties");
    if let Some(memory) = &process.memory {
        finding.label(memory, "the heap");
    }
    if let Some(overhead) = &process.memory_overhead {
        finding.label(overhead, "the overhead");
    }
}
