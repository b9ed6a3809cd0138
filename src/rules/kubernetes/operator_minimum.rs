//! See `rules/kubernetes/operator-minimum.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::quantity::Quantity;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operator-minimum",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[
        Opt { name: "memory", default: DefaultValue::Text("4Gi"), help: "the least that a process may be limited to" },
        Opt { name: "cpu", default: DefaultValue::Float(2.0), help: "the least number of cores to ask for" },
    ],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/operator-minimum.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (memory_text, cpu) = (case.options.text("memory"), case.options.number("cpu"));
    let Some(memory) = Quantity::parse(memory_text) else { return };
    #[allow(clippy::cast_possible_truncation, reason = "a number of cores")]
    let cores = Quantity::of(1).share((cpu * 1000.0) as i64);
    for demand in case.project.demands(case.launches) {
        let subject = |what: &str| format!("{}/{}/{what}", demand.part.name, demand.role);
        let mut report = |at: Span, what: &str, message: String| {
            findings
                .report(at, message)
                .subject(subject(what))
                .help("raise it, or set the option of this rule where so little is enough")
                .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/");
        };
        if let Some((has, at)) = demand.memory.filter(|(has, _)| *has < memory) {
            report(at, "memory", format!("the {} may use {}, less than `{memory_text}`", demand.role, has.memory()));
        }
        if let Some((has, at)) = demand.cpu.filter(|(has, _)| *has < cores) {
            let unit = if has == Quantity::of(1) { "core" } else { "cores" };
            report(at, "cpu", format!("the {} asks for {has} {unit}, less than {cpu}", demand.role));
        }
    }
}
