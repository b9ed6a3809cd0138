//! See `rules/kubernetes/security-field-misplaced.md`.

use crate::fact::pod::Security;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-field-misplaced",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/security-field-misplaced.md"),
    check,
};

/// Fields that only a container's `securityContext` has, and those that only a pod's has.
const CONTAINER: [&str; 5] = ["allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem"];
const POD: [&str; 5] = ["fsGroup", "fsGroupChangePolicy", "supplementalGroups", "supplementalGroupsPolicy", "sysctls"];

fn check(case: &Case, findings: &mut Findings) {
    for pod in case.project.pods() {
        let mut report = |security: &Security, wrong: &[&str], here: &str, there: &str, name: &str| {
            for key in security.keys.iter().filter(|key| wrong.contains(&key.as_str())) {
                findings
                    .report(key, format!("`{key}` has no place in the `securityContext` of {here}"))
                    .subject(format!("{}/{name}/{key}", pod.part.name))
                    .help(format!("move it to the `securityContext` of {there}"))
                    .source("https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context");
            }
        };
        report(&pod.pod.security, &CONTAINER, "a pod", "each container", "pod");
        for container in pod.containers() {
            report(&container.security, &POD, "a container", "the pod", &container.name);
        }
    }
}
