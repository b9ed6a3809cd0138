//! See `rules/kubernetes/request-limit-gap.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-limit-gap",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "percent",
        default: DefaultValue::Int(20),
        help: "how much of a limit may lie above the request, in percent of the limit",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/request-limit-gap.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let allowed = case.options.number("percent");
    for (part, container) in case.project.containers() {
        for resource in container.resources.iter().filter(|r| ["cpu", "memory"].contains(&r.name.as_str())) {
            let (Some(request), Some(limit)) = (&resource.request, &resource.limit) else { continue };
            let Some(share) = request.quantity.ratio(limit.quantity) else { continue };
            let gap = (1.0 - share) * 100.0;
            if gap <= allowed + 1e-9 {
                continue;
            }
            let name = &resource.name;
            findings
                .report(
                    &limit.text,
                    format!("{gap:.0} % of the {name} limit `{}` lie above the request `{}`, more than {allowed} %", limit.text, request.text),
                )
                .subject(format!("{}/{}/{name}", part.name, container.name))
                .label(&request.text, "only this much is set aside")
                .help("bring request and limit closer together: what is not requested may not be there when it is needed")
                .source("https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/");
        }
    }
}
