//! See `rules/code/goroutine-without-end.md`.

use crate::fact::code::TroubleKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "goroutine-without-end",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/goroutine-without-end.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for code in &case.project.facts.troubles {
        let TroubleKind::Endless(start) = code.trouble.kind else { continue };
        findings
            .report(code.trouble.span, "this goroutine never ends: nothing in its loop returns, breaks or waits for a word to stop")
            .subject(format!("{}/{}", code.package, code.function))
            .label(start, "the loop")
            .help("pass a `context.Context` and return when it is done, or close a channel that the loop selects on")
            .source("https://go.dev/blog/pipelines");
    }
}
