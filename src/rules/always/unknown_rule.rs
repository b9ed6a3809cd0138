//! See `rules/always/unknown-rule.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unknown-rule",
    group: Group::Always,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/always/unknown-rule.md"),
    check,
};

/// The machine itself reports it, where it happens: there is nothing to look for in the project.
fn check(_case: &Case, _findings: &mut Findings) {}
