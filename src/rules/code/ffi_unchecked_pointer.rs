//! See `rules/code/ffi-unchecked-pointer.md`.

use crate::rust::ffi::FlawKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ffi-unchecked-pointer",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/ffi-unchecked-pointer.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for flaw in &case.project.facts.foreign_flaws {
        let FlawKind::Unchecked(what) = &flaw.kind else { continue };
        let message = format!("`{}`, which C calls, uses the pointer `{what}` without looking whether it is null", flaw.function);
        findings
            .report(flaw.span, message)
            .subject(format!("{}/{what}", flaw.function))
            .help(format!("return an error if `{what}.is_null()`, or use `{what}.as_ref()`"))
            .source("https://doc.rust-lang.org/std/primitive.pointer.html#method.is_null");
    }
}
