//! See `rules/always/table-row-invalid.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "table-row-invalid",
    group: Group::Always,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/always/table-row-invalid.md"),
    check,
};

/// The machine itself reports it, where it happens: there is nothing to look for in the project.
fn check(_case: &Case, _findings: &mut Findings) {}
