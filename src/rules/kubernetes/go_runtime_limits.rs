//! See `rules/kubernetes/go-runtime-limits.md`.

use crate::fact::Part;
use crate::fact::container::{Amount, Container};
use crate::fact::quantity::Quantity;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "go-runtime-limits",
    group: Group::Kubernetes,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/go-runtime-limits.md"),
    check,
};

const SOURCE: &str = "https://pkg.go.dev/runtime#hdr-Environment_Variables";

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        let limit = |name: &str| container.resource(name).and_then(|resource| resource.limit.as_ref());
        if let (Some(memory), Some(limit)) = (container.variable("GOMEMLIMIT"), limit("memory")) {
            let most = memory.text().and_then(Quantity::parse_go);
            if let (Some(text), Some(most)) = (&memory.value, most.filter(|most| *most > limit.quantity)) {
                let words = format!("`GOMEMLIMIT` is {}, above the limit of `{}`", most.memory(), limit.text);
                tell(findings, part, container, text, limit, words, "stay a tenth below the limit, or the collector starts too late");
            }
        }
        if let (Some(procs), Some(limit)) = (container.variable("GOMAXPROCS"), limit("cpu")) {
            let most = procs.text().and_then(|text| text.parse().ok()).map(Quantity::of);
            let allowed = limit.quantity.plus(Quantity::of(1));
            if let (Some(text), Some(_)) = (&procs.value, most.filter(|most| *most >= allowed)) {
                let words = format!("`GOMAXPROCS` is {text}, above the limit of `{}` cores", limit.text);
                tell(findings, part, container, text, limit, words, "threads beyond the limit are only throttled: round the limit up");
            }
        }
    }
    unaware(case, findings);
}

fn tell(findings: &mut Findings, part: &Part, container: &Container, at: &Traced, limit: &Amount, words: String, help: &str) {
    findings
        .report(at, words)
        .subject(format!("{}/{}", part.name, container.name))
        .label(&limit.text, "what the container may use")
        .help(help)
        .source(SOURCE);
}

/// Programs that an older Go builds here start as many threads as the node has cores.
fn unaware(case: &Case, findings: &mut Findings) {
    for (part, container, go, because) in case.project.go_containers() {
        let limit = container.resource("cpu").and_then(|resource| resource.limit.as_ref());
        let Some(limit) = limit.filter(|_| container.env_known && container.variable("GOMAXPROCS").is_none()) else { continue };
        findings
            .report(&limit.text, format!("the runtime of Go {go} does not see the limit of `{}` cores: it uses as many threads as the node has cores", limit.text))
            .subject(format!("{}/{}", part.name, container.name))
            .because(because)
            .help("set `GOMAXPROCS`, or build with Go 1.25 and `go 1.25` in `go.mod`")
            .source("https://go.dev/doc/go1.25#runtime");
    }
}
