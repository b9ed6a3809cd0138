//! See `rules/code/cache-unbounded.md`.

use crate::fact::code::TroubleKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "cache-unbounded",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/cache-unbounded.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for code in &case.project.facts.troubles {
        let TroubleKind::Grown(grown) = &code.trouble.kind else { continue };
        let (variable, way) = (&grown.variable, &grown.way);
        let finding = findings.report(
            code.trouble.span,
            format!("`{variable}` only grows: each new key of what `{}` gets stays in it, and nothing takes one out", way.function),
        );
        finding
            .subject(format!("{}/{}/{variable}", code.package, code.function))
            .label(grown.declared, format!("`{variable}` lives as long as the process"))
            .label(way.from, "the keys come in here")
            .help("bound it: an LRU of a fixed size, entries that expire, or keys that are looked up among the known ones first")
            .source("https://pkg.go.dev/github.com/hashicorp/golang-lru/v2");
        for hop in &way.hops {
            finding.label(*hop, "and are handed on here");
        }
    }
}
