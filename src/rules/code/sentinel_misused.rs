//! See `rules/code/sentinel-misused.md`.

use crate::fact::code::TroubleKind;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "sentinel-misused",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/sentinel-misused.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for code in &case.project.facts.troubles {
        let (path, is_type) = match &code.trouble.kind {
            TroubleKind::SentinelText(path) => (path, false),
            TroubleKind::SentinelType(path) => (path, true),
            _ => continue,
        };
        // As code names it: without the folders of the package.
        let name = path.rsplit('/').next().unwrap_or(path);
        let message = if is_type {
            format!("`{name}` is an error's value, not a type: this does not compile")
        } else {
            format!("`{name}` is recognised by its text: an error that wraps it, or another wording, is missed")
        };
        let help = format!("write `errors.Is(err, {name})`");
        let finding = findings.report(code.trouble.span, message);
        finding.subject(format!("{}/{}/{name}", code.package, code.function)).help(help).source("https://go.dev/blog/go1.13-errors");
    }
}
