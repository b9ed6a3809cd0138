//! See `rules/kubernetes/container-root.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::Container;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "container-root",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "require-non-root",
        default: DefaultValue::Bool(false),
        help: "ask every container to say that it does not run as root",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/container-root.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let require = case.options.on("require-non-root");
    for pod in case.project.pods() {
        for container in pod.containers() {
            let subject = |field: &str| format!("{}/{}/{field}", pod.part.name, container.name);
            let own = &container.security;
            let mut report = |at: Span, field: &str, message: String, help: &str| {
                findings
                    .report(at, message)
                    .subject(subject(field))
                    .help(help)
                    .source("https://kubernetes.io/docs/concepts/security/pod-security-standards/");
            };
            for (at, field, message, help) in explicit(container) {
                report(at, field, message, help);
            }
            let user = if own.user.is_absent() { &pod.pod.security.user } else { &own.user };
            let non_root = if own.non_root.is_absent() { &pod.pod.security.non_root } else { &own.non_root };
            let denied = non_root.set().filter(|set| !set.value);
            if require && user.is_absent() && (non_root.is_absent() || denied.is_some()) {
                let message = format!("nothing says that the container `{}` does not run as root", container.name);
                let at = denied.map_or(container.span, |set| set.span);
                report(at, "runAsNonRoot", message, "write `runAsNonRoot: true` and a `runAsUser` in its `securityContext`");
            }
        }
        let security = &pod.pod.security;
        let is_used = || pod.containers().any(|container| !container.security.user.is_set());
        if let Some(user) = security.user.set().filter(|user| user.value == 0 && is_used()) {
            findings
                .report(user.span, "the containers of the pod run as root: `runAsUser` is 0")
                .subject(format!("{}/runAsUser", pod.part.name))
                .help("name another user, and write `runAsNonRoot: true`")
                .source("https://kubernetes.io/docs/concepts/security/pod-security-standards/");
        }
    }
}

/// What a container's own fields give it.
fn explicit(container: &Container) -> Vec<(Span, &'static str, String, &'static str)> {
    let (own, name) = (&container.security, &container.name);
    let mut found = Vec::new();
    if let Some(user) = own.user.set().filter(|user| user.value == 0) {
        let message = format!("the container `{name}` runs as root: `runAsUser` is 0");
        found.push((user.span, "runAsUser", message, "name another user, and write `runAsNonRoot: true`"));
    }
    if let Some(set) = own.privileged.set().filter(|set| set.value) {
        let message = format!("the container `{name}` is privileged: it is root on its node");
        found.push((set.span, "privileged", message, "take `privileged` away, and add the single capability that is needed"));
    } else if let Some(set) = own.escalation.set().filter(|set| set.value) {
        let message = format!("processes of the container `{name}` may gain more privileges than it has");
        found.push((set.span, "allowPrivilegeEscalation", message, "write `allowPrivilegeEscalation: false`"));
    }
    found
}
