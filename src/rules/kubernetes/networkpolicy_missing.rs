//! See `rules/kubernetes/networkpolicy-missing.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "networkpolicy-missing",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/networkpolicy-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for part in case.project.computing_without_policy() {
        findings
            .report(part.span, format!("no NetworkPolicy selects the pods of `{}`: whoever is in the cluster may call them", part.name))
            .subject(part.name.clone())
            .help("add a NetworkPolicy that lets in only what submits to them and their own drivers and executors")
            .source("https://kubernetes.io/docs/concepts/services-networking/network-policies/");
    }
}
