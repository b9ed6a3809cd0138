//! See `rules/kubernetes/heap-exceeds-limit.md`.

use crate::fact::PartKind;
use crate::fact::container::runtime::HeapSize;
use crate::finding::Level;
use crate::project::effective::{Amount, Launch, SparkPod};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

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
    let services = case.project.facts.parts.iter().filter_map(|part| match &part.kind {
        PartKind::Workload(workload) => Some((part, workload.service.as_deref()?)),
        _ => None,
    });
    for (part, container) in case.project.containers().chain(services) {
        let limit = container.resource("memory").and_then(|memory| memory.limit.as_ref());
        let Some(limit) = limit else { continue };
        if let Some(offered) = container.offered().filter(|(quantity, _)| *quantity >= limit.quantity) {
            worker(&offered.1, &limit.text, format!("{}/{}/worker", part.name, container.name), findings);
        }
        let Some(heap) = container.heap() else { continue };
        let message = match heap.size {
            HeapSize::Bytes(heap) if heap >= limit.quantity => {
                format!("the heap may grow to {}, and the limit is `{}`", heap.memory(), limit.text)
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
    for launch in case.launches {
        for pod in &launch.pods {
            application(launch, pod, findings);
        }
    }
}

/// The limit that an operator puts over what Spark asks for: heap, overhead and what else it counts.
fn application(launch: &Launch<'_>, pod: &SparkPod, findings: &mut Findings) {
    let Some(limit) = &pod.memory_limit else { return };
    let role = pod.role;
    if !pod.asked {
        if let Some(Amount { text: Some(offered), quantity, .. }) = &pod.offered
            && *quantity >= limit.quantity
            && let Some(most) = &limit.text
        {
            worker(offered, most, launch.subject("worker memory"), findings);
        }
        if let Some(heap) = pod.heap.as_ref().filter(|heap| heap.sure && heap.quantity >= limit.quantity) {
            process(launch, role, heap, limit, findings);
        }
        return;
    }
    let Some((needs, true)) = pod.memory() else { return };
    if limit.quantity >= needs {
        return;
    }
    let message =
        format!("the {role} is limited to `{}`, but Spark asks for {}: {}", limit.memory(), needs.memory(), pod.sum());
    let finding = findings.report(limit, message);
    finding
        .subject(launch.subject(role))
        .help("take the limit away, or raise it: it does not change the heap")
        .source("https://spark.apache.org/docs/latest/configuration.html#application-properties");
    if let Some(heap) = &pod.heap {
        finding.label(heap, "the heap");
    }
    if let Some(overhead) = &pod.overhead {
        finding.label(&overhead.amount, "the overhead");
    }
}

/// A worker that gives executors, which run in its own container, all that the container may use.
fn worker(offered: &Traced, limit: &Traced, subject: String, findings: &mut Findings) {
    findings
        .report(offered, format!("the worker gives executors `{offered}`, and the limit is `{limit}`"))
        .subject(subject)
        .label(limit, "above this the container is killed, and executors run in it")
        .help("give executors less than the limit: the worker itself and what a JVM needs beside its heap come on top")
        .source("https://spark.apache.org/docs/latest/spark-standalone.html");
}

/// A driver or server in a container of its own: its heap alone reaches the limit.
fn process(launch: &Launch<'_>, role: &str, heap: &Amount, limit: &Amount, findings: &mut Findings) {
    let (grows, most) = (heap.memory(), limit.memory());
    let finding = if heap.text.is_some() {
        findings.report(heap, format!("the {role}'s heap may grow to {grows}, and the limit is `{most}`"))
    } else {
        findings.report(limit, format!("the {role} is limited to `{most}`, but its heap may grow to {grows} by default"))
    };
    finding
        .subject(launch.subject(role))
        .label(limit, "above this the container is killed")
        .help("leave a quarter of the limit for what a JVM needs beside its heap: metaspace, threads, buffers")
        .source(SOURCE);
}
