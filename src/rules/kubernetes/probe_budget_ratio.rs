//! See `rules/kubernetes/probe-budget-ratio.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::ProbeKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-budget-ratio",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "ratio",
        default: DefaultValue::Float(3.0),
        help: "how many times longer than the readiness probe the liveness probe has to wait",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-budget-ratio.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let ratio = case.options.number("ratio");
    for (part, container) in case.project.containers() {
        let known = |kind| container.probe(kind).filter(|probe| !probe.partial);
        let (Some(liveness), Some(readiness)) = (known(ProbeKind::Liveness), known(ProbeKind::Readiness)) else { continue };
        let (alive, ready) = (liveness.budget(), readiness.budget());
        #[allow(clippy::cast_precision_loss, reason = "seconds are small numbers")]
        let (patience, wanted) = (alive as f64, ready as f64 * ratio);
        if patience >= wanted {
            continue;
        }
        findings
            .report(
                liveness.span,
                format!("the liveness probe gives up after {alive} s, less than {ratio} times the {ready} s of the readiness probe"),
            )
            .subject(format!("{}/{}", part.name, container.name))
            .label(readiness.span, format!("after {ready} s the pod gets no more requests"))
            .help(format!(
                "let the liveness probe wait at least {} s: raise its `failureThreshold` or `periodSeconds`",
                wanted.ceil()
            ))
            .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/");
    }
}
