//! See `rules/code/broadcast-decoded-per-task.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "broadcast-decoded-per-task",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/broadcast-decoded-per-task.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/rdd-programming-guide.html#broadcast-variables";

fn check(case: &Case, findings: &mut Findings) {
    for decoding in case.project.facts.decodings.iter().filter(|decoding| !decoding.in_test) {
        let (name, by, entry) = (&decoding.name, &decoding.by, &decoding.entry);
        let often = if entry.per_row { "for every row" } else { "in every task" };
        let finding = findings.report(decoding.span, format!("`{by}` decodes what `{name}` brings again {often}"));
        finding
            .subject(format!("{}/{name}/{by}", decoding.function))
            .label(entry.span, format!("`{}` runs in tasks: {}", entry.function, entry.why))
            .label(decoding.value, "the value is sent once and kept by each worker")
            .help("decode it on the driver and broadcast what comes out: workers unpickle a broadcast value once")
            .source(SOURCE);
        for hop in decoding.path.iter() {
            finding.label(hop.span, format!("`{}` leads to `{}`", hop.from, hop.to));
        }
    }
}
