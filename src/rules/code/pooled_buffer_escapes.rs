//! See `rules/code/pooled-buffer-escapes.md`.

use crate::fact::code::TroubleKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "pooled-buffer-escapes",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/pooled-buffer-escapes.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for code in &case.project.facts.troubles {
        let TroubleKind::Pooled(pooled) = &code.trouble.kind else { continue };
        let variable = &pooled.variable;
        let (done, when) = match (pooled.is_returned, pooled.is_deferred) {
            (true, true) => ("returned", "by the time the caller has it"),
            (true, false) => ("returned", "before that"),
            (false, _) => ("used", "before that"),
        };
        findings
            .report(code.trouble.span, format!("memory of `{variable}` is {done} here, but lies in its pool again {when}"))
            .subject(format!("{}/{}/{variable}", code.package, code.function))
            .label(pooled.put, "this puts it back")
            .help("copy what outlives it first: `bytes.Clone(…)`, `string(…)`, `append([]byte(nil), …...)`")
            .source("https://pkg.go.dev/sync#Pool");
    }
}
