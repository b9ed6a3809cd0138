//! See `rules/code/forbidden-call.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::Call;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::{Forbidden, ForbiddenKind};

/// The rule.
pub static RULE: Rule = Rule {
    id: "forbidden-call",
    group: Group::Code,
    level: Level::Error,
    options: &[
        Opt {
            name: "allow",
            default: DefaultValue::List(&[]),
            help: "names that may be used all the same, as the list spells them: `os/exec.LookPath`",
        },
        Opt { name: "tests", default: DefaultValue::Bool(false), help: "look into test code too" },
    ],
    yields_to: &[],
    page: include_str!("../../../rules/code/forbidden-call.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (allow, tests) = (case.options.list("allow"), case.options.on("tests"));
    for call in case.project.facts.calls.iter().filter(|call| tests || !call.in_test) {
        let (Some(entry), Some(row)) = (&call.entry, forbidden(case, call)) else { continue };
        if allow.iter().any(|name| *name == call.callee || *name == row.path) {
            continue;
        }
        let message = format!("the user-defined function `{}` uses `{}`: {}", call.function, call.callee, row.reason);
        let finding = findings.report(call.span, message);
        finding
            .subject(format!("{}/{}", call.function, call.callee))
            .label(entry.span, format!("`{}` is a user-defined function: {}", call.function, entry.why))
            .at_most(row.level);
        match &row.replacement {
            Some(replacement) => finding.help(replacement.clone()),
            None => finding.help("move it out of the function, to the driver or to a service of its own"),
        };
    }
}

/// The row that forbids a name; one for the name itself comes before one for its package.
fn forbidden<'a>(case: &Case<'a>, call: &Call) -> Option<&'a Forbidden> {
    let rows = case.tables.forbidden.iter().filter(|row| row.matches(call));
    rows.min_by_key(|row| row.kind == ForbiddenKind::Package)
}
