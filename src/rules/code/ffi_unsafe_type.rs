//! See `rules/code/ffi-unsafe-type.md`.

use crate::rust::ffi::FlawKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ffi-unsafe-type",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/ffi-unsafe-type.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for flaw in &case.project.facts.foreign_flaws {
        let FlawKind::Type(what) = &flaw.kind else { continue };
        let message = format!("`{}` is called by C, which knows no `{what}`: its layout is Rust's own", flaw.function);
        findings
            .report(flaw.span, message)
            .subject(format!("{}/{what}", flaw.function))
            .help("pass a pointer and a length, a `#[repr(C)]` struct, or a pointer from `CString::into_raw`")
            .source("https://doc.rust-lang.org/nomicon/other-reprs.html");
    }
}
