//! See `rules/always/unreadable-file.md`.

use crate::finding::Level;
use crate::read::{Extent, Loss};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unreadable-file",
    group: Group::Always,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/always/unreadable-file.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let losses = case.project.facts.losses.iter().filter(|loss| loss.extent > Extent::Limit);
    for of_file in losses.collect::<Vec<_>>().chunk_by(|a, b| a.span.file == b.span.file) {
        let Some((first, others)) = of_file.split_first() else { continue };
        let more = match others.len() {
            0 => String::new(),
            1 => ", and 1 more place".to_owned(),
            n => format!(", and {n} more places"),
        };
        let what = if first.extent == Extent::Whole { "this file could not be read" } else { "a part of this file could not be read" };
        let finding = findings.report(first.span, format!("{what}: {}{more}", first.message));
        finding.subject("unreadable").help("mend the place; until then nothing in the lost part is checked");
        if !first.grave {
            finding.at_most(Level::Warning);
        }
        for Loss { span, message, .. } in others.iter().take(4) {
            finding.label(*span, message.clone());
        }
    }
}
