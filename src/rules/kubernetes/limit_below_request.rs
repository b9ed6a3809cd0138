//! See `rules/kubernetes/limit-below-request.md`.

use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "limit-below-request",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/limit-below-request.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        for resource in &container.resources {
            let (Some(request), Some(limit)) = (&resource.request, &resource.limit) else { continue };
            if limit.quantity >= request.quantity {
                continue;
            }
            let name = &resource.name;
            findings
                .report(&limit.text, format!("the {name} limit `{}` is below the request `{}`", limit.text, request.text))
                .subject(format!("{}/{}/{name}", part.name, container.name))
                .label(&request.text, format!("the container asks for `{}`", request.text))
                .help(format!("raise the limit to at least `{}`, or lower the request", request.text))
                .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/")
                .fix(Safety::Unsafe, Edit::replace(&limit.text, request.text.as_str()));
        }
    }
}
