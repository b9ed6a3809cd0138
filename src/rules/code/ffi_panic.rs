//! See `rules/code/ffi-panic.md`.

use crate::rust::ffi::FlawKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "ffi-panic",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/ffi-panic.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for flaw in &case.project.facts.foreign_flaws {
        let FlawKind::Panic(what) = &flaw.kind else { continue };
        let message = format!("`{}`, which C calls, may panic here (`{what}`): that ends the whole process, the JVM with it", flaw.function);
        findings
            .report(flaw.span, message)
            .subject(format!("{}/{what}", flaw.function))
            .help("return an error code, or run the body in `std::panic::catch_unwind`")
            .source("https://doc.rust-lang.org/nomicon/ffi.html#ffi-and-unwinding");
    }
}
