//! See `rules/kubernetes/probe-identical.md`.

use crate::fact::{Probe, ProbeKind};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-identical",
    group: Group::Kubernetes,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-identical.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        let known = |kind| container.probe(kind).filter(|probe| !probe.partial);
        let (Some(liveness), Some(readiness)) = (known(ProbeKind::Liveness), known(ProbeKind::Readiness)) else { continue };
        if !is_same(liveness, readiness) {
            continue;
        }
        findings
            .report(liveness.span, "the liveness probe is the readiness probe once more: a pod that is too busy to serve is killed")
            .subject(format!("{}/{}", part.name, container.name))
            .label(readiness.span, "asks the same at the same times")
            .help("ask less in the liveness probe, or let it wait several times as long")
            .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/");
    }
}

fn is_same(a: &Probe, b: &Probe) -> bool {
    let content = |probe: &Probe| probe.handler.as_ref().map(|handler| handler.content.clone());
    let times = |p: &Probe| [p.period.value, p.timeout.value, p.failure_threshold.value, p.initial_delay.value];
    content(a).is_some() && content(a) == content(b) && times(a) == times(b)
}
