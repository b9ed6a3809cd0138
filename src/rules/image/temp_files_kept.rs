//! See `rules/image/temp-files-kept.md`.

use crate::fact::PartKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "temp-files-kept",
    group: Group::Image,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/temp-files-kept.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for part in &case.project.facts.parts {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        let stages = || build.final_stages().into_iter().rev().filter_map(|number| build.stages.get(number));
        let keeps_none = stages().flat_map(|stage| &stage.env).any(|(name, value)| name.as_str() == "PIP_NO_CACHE_DIR" && !value.as_str().is_empty());
        for leftover in stages().flat_map(|stage| &stage.leftovers) {
            if keeps_none && leftover.cure.contains("--no-cache-dir") {
                continue;
            }
            findings
                .report(leftover.at, leftover.what.clone())
                .subject(part.name.clone())
                .help(leftover.cure)
                .source("https://docs.docker.com/build/building/best-practices/#run");
        }
    }
}
