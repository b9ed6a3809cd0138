//! See `rules/kubernetes/otel-incomplete.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "otel-incomplete",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/otel-incomplete.md"),
    check,
};

const SOURCE: &str = "https://opentelemetry.io/docs/languages/sdk-configuration/";

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        let Some(agent) = container.telemetry_agent() else { continue };
        if container.env_known && !container.names_service() {
            findings
                .report(agent, format!("the OpenTelemetry agent of `{}` has no service name: its traces are those of `unknown_service:java`", container.name))
                .subject(format!("{}/{}/service-name", part.name, container.name))
                .help("set `OTEL_SERVICE_NAME`")
                .source(SOURCE);
        }
        for endpoint in container.telemetry_endpoints().into_iter().filter(|endpoint| is_plaintext(endpoint.as_str())) {
            findings
                .report(&endpoint, format!("the OpenTelemetry agent of `{}` sends to `{endpoint}` in plain text", container.name))
                .subject(format!("{}/{}/endpoint", part.name, container.name))
                .label(agent, "the agent")
                .help("use `https://`, or a collector in the same pod")
                .source(SOURCE);
        }
    }
}

/// An address without TLS that leaves the pod or its node.
fn is_plaintext(endpoint: &str) -> bool {
    let Some(host) = endpoint.strip_prefix("http://") else { return false };
    let is_near = ["localhost", "127.", "[::1]", "0.0.0.0", "$("].iter().any(|near| host.starts_with(near));
    !is_near && !host.starts_with(['$', '{', '<'])
}
