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
    let mut uses: Vec<Use> = Vec::new();
    for call in case.project.facts.calls.iter().filter(|call| call.entry.is_some() && (tests || !call.in_test)) {
        let Some(row) = forbidden(case, call) else { continue };
        if allow.iter().any(|name| *name == call.callee || *name == row.path) {
            continue;
        }
        match uses.iter_mut().rev().find(|known| known.goes_on_in(call, row)) {
            Some(earlier) => earlier.later.push(call),
            None => uses.push(Use { first: call, row, later: Vec::new() }),
        }
    }
    for Use { first, row, later } in uses {
        let Some(entry) = &first.entry else { continue };
        let message = if first.path.is_empty() {
            format!("the user-defined function `{}` uses `{}`: {}", first.function, first.callee, row.reason)
        } else {
            let (entry, here) = (&entry.function, &first.function);
            format!("the user-defined function `{entry}` reaches `{}` in `{here}`: {}", first.callee, row.reason)
        };
        let help = row.replacement.as_deref().unwrap_or("move it out of the function, to the driver or to a service of its own");
        let finding = findings.report(first.span, message);
        finding
            .subject(format!("{}/{}", first.function, first.callee))
            .label(entry.span, format!("`{}` is a user-defined function: {}", entry.function, entry.why))
            .help(help)
            .at_most(row.level);
        for hop in first.path.iter() {
            finding.label(hop.span, format!("`{}` leads to `{}`", hop.from, hop.to));
        }
        for call in later {
            finding.label(call.span, format!("and here `{}`", call.callee));
        }
    }
}

/// A forbidden name and what is then done with what it gave: `Command::new` and the `spawn` that follows are one cause.
struct Use<'a> {
    first: &'a Call,
    row: &'a Forbidden,
    later: Vec<&'a Call>,
}

impl Use<'_> {
    fn goes_on_in(&self, call: &Call, row: &Forbidden) -> bool {
        let here = self.first.span.file == call.span.file && self.first.function == call.function;
        here && self.row.path == row.path && call.is_method()
    }
}

/// The row that forbids a name; one for the name itself comes before one for its package.
fn forbidden<'a>(case: &Case<'a>, call: &Call) -> Option<&'a Forbidden> {
    let rows = case.tables.forbidden.iter().filter(|row| row.matches(call));
    rows.min_by_key(|row| row.kind == ForbiddenKind::Package)
}
