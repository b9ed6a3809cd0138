//! See `rules/kubernetes/reference-dangling.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "reference-dangling",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/reference-dangling.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (pod, reference, near) in case.project.dangling_references() {
        let kind = reference.to.name();
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add the {kind}, or mark the reference as optional if the pod starts without it"),
        };
        findings
            .report(&reference.name, format!("there is no {kind} `{}` in this repository", reference.name))
            .subject(format!("{}/{kind}/{}", pod.part.name, reference.name))
            .because(format!("other objects of this kind lie beside it, in `{}`", folder(&pod.part.folder)))
            .help(help)
            .source("https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/");
    }
    for (object, service) in case.project.dangling_services() {
        let Some((_, value)) = service.selector.pairs.first() else { continue };
        findings
            .report(value, format!("the Service `{}` selects no pod: no template has all of its labels", object.name))
            .subject(object.title())
            .because(format!("workloads without a Service lie beside it, in `{}`", folder(&object.folder)))
            .help("write the labels of the pod template into the selector")
            .source("https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/");
    }
}

fn folder(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}
