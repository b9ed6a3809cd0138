//! See `rules/kubernetes/resources-missing.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::container::{Container, ContainerRole};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "resources-missing",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "require-cpu-limit",
        default: DefaultValue::Bool(false),
        help: "ask for a limit of cpu as well: without one a container may use what the others leave",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/resources-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for pod in case.project.pods().filter(|pod| pod.pod.resources.is_absent() && !case.project.has_limit_range(*pod)) {
        for container in pod.containers().filter(|c| c.role != ContainerRole::Init && c.resources_known && (c.whole || c.resources_span.is_some())) {
            let missing = missing(container, case.options.on("require-cpu-limit"));
            if missing.is_empty() {
                continue;
            }
            let at = container.resources_span.unwrap_or(container.span);
            let what = match missing.as_slice() {
                ["memory request", "memory limit", "cpu request", ..] => "no requests and no limits".to_owned(),
                [first @ .., last] if !first.is_empty() => format!("no {} and no {last}", first.join(", no ")),
                all => format!("no {}", all.concat()),
            };
            findings
                .report(at, format!("the container `{}` has {what}", container.name))
                .subject(format!("{}/{}", pod.part.name, container.name))
                .help(help(&missing))
                .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/");
        }
    }
}

/// What is not there. A limit without a request is the request as well.
fn missing(container: &Container, require_cpu_limit: bool) -> Vec<&'static str> {
    let of = |name: &str| container.resource(name).map_or((false, false), |r| (r.request.is_some(), r.limit.is_some()));
    let ((memory, memory_limit), (cpu, cpu_limit)) = (of("memory"), of("cpu"));
    let all = [
        (!memory && !memory_limit, "memory request"),
        (!memory_limit, "memory limit"),
        (!cpu && !cpu_limit, "cpu request"),
        (!cpu_limit && require_cpu_limit, "cpu limit"),
    ];
    all.into_iter().filter_map(|(lacks, name)| lacks.then_some(name)).collect()
}

/// Which of the two mappings lacks something.
fn help(missing: &[&str]) -> &'static str {
    match (missing.iter().any(|m| m.ends_with("request")), missing.iter().any(|m| m.ends_with("limit"))) {
        (true, true) => "write `resources.requests` for cpu and memory, and `resources.limits` for memory",
        (true, false) => "write `resources.requests`: the scheduler goes by them",
        _ => "write `resources.limits`: without one a container may take what its neighbours need",
    }
}
