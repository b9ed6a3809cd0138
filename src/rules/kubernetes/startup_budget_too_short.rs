//! See `rules/kubernetes/startup-budget-too-short.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::ProbeKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "startup-budget-too-short",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "start-seconds",
        default: DefaultValue::Int(30),
        help: "how long a JVM takes until it answers",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/startup-budget-too-short.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let start = case.options.number("start-seconds");
    for (part, container) in case.project.containers() {
        let Some(liveness) = container.probe(ProbeKind::Liveness).filter(|probe| !probe.partial) else { continue };
        let has_patience = liveness.initial_delay.value > 0 || container.probe(ProbeKind::Startup).is_some();
        #[allow(clippy::cast_precision_loss, reason = "seconds are small numbers")]
        let budget = liveness.period.value.saturating_mul(liveness.failure_threshold.value) as f64;
        let Some((at, why)) = container.jvm().filter(|_| container.whole) else { continue };
        if has_patience || budget >= start {
            continue;
        }
        findings
            .report(
                liveness.span,
                format!("the liveness probe kills `{}` {budget} s after its start, before a JVM of {start} s has come up", container.name),
            )
            .subject(format!("{}/{}", part.name, container.name))
            .label(at, format!("a JVM runs here: {why}"))
            .help("add a `startupProbe`: the liveness probe begins when that has succeeded")
            .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes");
    }
}
