//! See `rules/observability/metric-name.md`.

use crate::fact::metric::Flaw;
use crate::fact::{Client, Metric, NamePart};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "metric-name",
    group: Group::Observability,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/observability/metric-name.md"),
    check,
};

const NAMING: &str = "https://prometheus.io/docs/practices/naming/";
const RULES: &str = "https://prometheus.io/docs/practices/rules/";

fn check(case: &Case, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for metric in &case.project.facts.metrics {
        // One name is one finding, at what is worst.
        let flaws = metric.flaws();
        let Some(first) = flaws.first() else { continue };
        let (part, message, help) = told(metric, first);
        if !seen.insert(part.span) {
            continue;
        }
        let source = if metric.client == Client::Rules { RULES } else { NAMING };
        let finding = findings.report(part.span, message).subject(&metric.subject).help(help).source(source);
        // Whatever it is called, a recording rule works.
        if matches!(first, Flaw::Level(_)) {
            finding.at_most(Level::Info);
        }
        for flaw in flaws.iter().skip(1) {
            let (part, message, _) = told(metric, flaw);
            finding.label(part.span, message);
        }
    }
}

fn told<'m>(metric: &Metric, flaw: &Flaw<'m>) -> (&'m NamePart, String, String) {
    let (kind, name) = (metric.kind.phrase(), metric.name());
    match flaw {
        Flaw::Character(part, c) => (
            part,
            format!("the name `{}` holds `{c}` where a metric cannot have it", part.text),
            "names begin with a letter and go on with letters, digits and `_`".to_owned(),
        ),
        Flaw::Colon(part) => (
            part,
            format!("`{}` has a colon, which is for recording rules", part.text),
            "join words with `_`".to_owned(),
        ),
        Flaw::Case(part) => {
            (part, format!("`{}` is not snake_case", part.text), "join lower-case words with `_`".to_owned())
        }
        Flaw::NoTotal(part) => {
            (part, format!("`{name}` is a counter without `_total`"), format!("call it `{}_total`", part.text))
        }
        Flaw::Total(part) => (
            part,
            format!("`{name}` ends with `_total`, but is {kind}"),
            "leave `_total` to counters, which only go up".to_owned(),
        ),
        Flaw::Reserved(part, ending) => (
            part,
            format!("`{name}` ends with `{ending}`, which histograms and summaries give to their own series"),
            format!("leave out `{ending}`"),
        ),
        Flaw::Unit(part, word, base) => (
            part,
            format!("`{name}` is in `{word}`, not in the base unit"),
            format!("measure in {base} and say so: `_{base}`"),
        ),
        Flaw::Level(part) => (
            part,
            format!("the recording rule `{name}` is not named `level:metric:operations`"),
            "say what it is aggregated by, of what, and how: `job:requests:rate5m`".to_owned(),
        ),
    }
}
