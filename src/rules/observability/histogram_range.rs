//! See `rules/observability/histogram-range.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "histogram-range",
    group: Group::Observability,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/observability/histogram-range.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for cut in case.project.facts.cut_histograms() {
        let (end, timeout) = (shown(cut.end), shown(cut.timeout));
        let which = if cut.is_default { "default buckets" } else { "buckets" };
        findings
            .report(cut.span, format!("the {which} of `{}` end at {end}, but what it observes may take {timeout}", cut.name))
            .subject(cut.code.subject())
            .label(cut.limit, format!("given up after {timeout}"))
            .label(cut.observed, "observed here")
            .help(format!("let the last bucket be {timeout} or more: what lies above it is all one"))
            .source("https://prometheus.io/docs/practices/histograms/");
    }
}

/// Seconds, with the places that they need.
fn shown(seconds: f64) -> String {
    let text = format!("{seconds:.3}");
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}
