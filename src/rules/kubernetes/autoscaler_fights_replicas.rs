//! See `rules/kubernetes/autoscaler-fights-replicas.md`.

use crate::fact::ObjectBody;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "autoscaler-fights-replicas",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/autoscaler-fights-replicas.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for object in &case.project.facts.objects {
        let ObjectBody::Autoscaler(target) = &object.body else { continue };
        let Some((part, workload)) = case.project.scaled_by(object, target) else { continue };
        let Some(replicas) = workload.replicas.set() else { continue };
        findings
            .report(replicas.span, format!("`replicas: {}` undoes what the {} `{}` has scaled, each time this is applied", replicas.value, object.kind, object.name))
            .subject(part.name.clone())
            .label(&target.name, "scales this workload")
            .because(format!("`{}` names `{}` as its target", case.project.place(target.name.span()), part.name))
            .help("take `replicas` away: the autoscaler decides it")
            .source("https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling");
    }
}
