//! See `rules/observability/log-fields-missing.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "log-fields-missing",
    group: Group::Observability,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/observability/log-fields-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for layout in &case.project.facts.log_layouts {
        let lacks: Vec<String> = layout.lacks.iter().map(|field| format!("`{field}`")).collect();
        let help = if layout.lacks.contains(&"trace_id") {
            "write the context (`%X`, MDC) that the tracing agent fills, and the service's name as a fixed field"
        } else {
            "write the service's name as a fixed field"
        };
        findings
            .report(layout.span, format!("lines of this `{}` have no {}", layout.kind, lacks.join(", ")))
            .subject(&layout.subject)
            .help(help)
            .source("https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/");
    }
}
