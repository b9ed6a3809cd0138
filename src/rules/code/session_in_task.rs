//! See `rules/code/session-in-task.md`.

use crate::fact::Capture;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "session-in-task",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/session-in-task.md"),
    check,
};

const SOURCE: &str = "https://issues.apache.org/jira/browse/SPARK-5063";

fn check(case: &Case, findings: &mut Findings) {
    let may_make = case.project.facts.settings.iter().any(|setting| {
        let value = setting.value.as_ref().map(Traced::as_str);
        setting.key.as_str() == "spark.executor.allowSparkContext" && value.is_none_or(|v| v.eq_ignore_ascii_case("true"))
    });
    // One name in one function is one cause.
    let mut causes: Vec<(&Capture, Vec<&Capture>)> = Vec::new();
    for capture in case.project.facts.captures.iter().filter(|capture| !capture.in_test) {
        if capture.name.is_empty() && may_make {
            continue;
        }
        match causes.last_mut().filter(|(first, _)| is_one(first, capture)) {
            Some((_, later)) => later.push(capture),
            None => causes.push((capture, Vec::new())),
        }
    }
    for (first, later) in causes {
        let (function, entry, kind) = (&first.function, &first.entry, &first.kind);
        let what = if first.name.is_empty() {
            format!("makes {kind}, which only the driver may do")
        } else {
            format!("uses `{}`, {kind}, which only the driver has", first.name)
        };
        let message = if first.path.is_empty() {
            format!("`{function}` runs in tasks and {what}")
        } else {
            format!("`{function}`, which `{}` reaches in tasks, {what}", entry.function)
        };
        let finding = findings.report(first.span, message);
        let name = if first.name.is_empty() { "made" } else { &first.name };
        finding
            .subject(format!("{function}/{name}"))
            .label(entry.span, format!("`{}` runs in tasks: {}", entry.function, entry.why))
            .help("join with the other data, or collect or broadcast on the driver what the function needs")
            .source(SOURCE);
        for hop in first.path.iter() {
            finding.label(hop.span, format!("`{}` leads to `{}`", hop.from, hop.to));
        }
        for capture in later {
            finding.label(capture.span, format!("and here `{}`", capture.name));
        }
    }
}

fn is_one(first: &Capture, other: &Capture) -> bool {
    !other.name.is_empty()
        && first.span.file == other.span.file
        && first.function == other.function
        && first.name == other.name
}
