//! See `rules/kubernetes/probe-timeout-exceeds-period.md`.

use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-timeout-exceeds-period",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-timeout-exceeds-period.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        for probe in container.probes.iter().filter(|probe| !probe.partial) {
            let (timeout, period) = (&probe.timeout, &probe.period);
            // Only a written timeout can be too long: the default of 1 s never outlasts a period of at least 1 s.
            if timeout.value <= period.value || timeout.span().is_none() {
                continue;
            }
            let fix = timeout.span().map(|span| Edit { span, text: period.value.to_string() });
            let default = if period.span().is_none() { " by default" } else { "" };
            let message = format!(
                "`timeoutSeconds: {}` outlasts the period of the `{}`, {} s{default}",
                timeout.value,
                probe.kind.field(),
                period.value
            );
            findings
                .report(timeout, message)
                .subject(format!("{}/{}/{}", part.name, container.name, probe.kind.field()))
                .label(period, format!("a hanging probe is judged every {} s, not every {} s", timeout.value, period.value))
                .help("keep `timeoutSeconds` at or below `periodSeconds`")
                .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/")
                .fix(Safety::Unsafe, fix);
        }
    }
}
