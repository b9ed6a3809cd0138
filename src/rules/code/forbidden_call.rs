//! See `rules/code/forbidden-call.md`.

use crate::config::{DefaultValue, Opt};
use crate::discover::glob_set;
use crate::fact::{Call, Language};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;
use crate::table::{Forbidden, ForbiddenKind};
use globset::GlobSet;
use std::collections::{HashMap, HashSet};

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
    let mut list = List::of(case);
    let mut allowed: HashSet<&str> = HashSet::new();
    let mut uses: Vec<Use> = Vec::new();
    let has_host = case.project.calls_native_functions();
    // A library for whatever program holds no functions of a query.
    let is_run = |call: &&Call| call.entry.as_ref().is_some_and(|entry| has_host || !entry.exported);
    for call in case.project.facts.calls.iter().filter(is_run) {
        let Some(row) = list.row(call).filter(|row| tests || row.tests || !call.in_test) else { continue };
        if !list.concerns(case, row, call) {
            continue;
        }
        if let Some(name) = allow.iter().find(|name| **name == call.callee || **name == row.path) {
            allowed.insert(name);
            continue;
        }
        match uses.iter_mut().rev().find(|known| known.goes_on_in(call, row)) {
            Some(earlier) => earlier.later.push(call),
            // What a forbidden call gave may be used anywhere: the call itself is told where it stands.
            None if call.language == Language::Python && call.is_method() && row.kind == ForbiddenKind::Package => {}
            None => uses.push(Use { first: call, row, later: Vec::new() }),
        }
    }
    list.tell_unused(findings);
    let unused = allow.iter().filter(|name| !allowed.contains(name.as_str()));
    if let Some(span) = case.options.place("allow") {
        for name in unused {
            let finding = findings.report(span, format!("`allow` names `{name}`, which no user-defined function uses"));
            finding.subject(format!("allow/{name}")).help("take it out of the list").at_most(Level::Warning);
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
            .unverified(entry.unverified)
            .at_most(row.level.unwrap_or(Level::Error));
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

/// The rows in force, and what was found out about them.
struct List<'a> {
    rows: &'a [Forbidden],
    /// The row of each name; one for the name itself comes before one for its package.
    known: HashMap<(Language, &'a str), Option<&'a Forbidden>>,
    globs: HashMap<&'a str, GlobSet>,
    /// Allowed places that something was found in.
    used: HashSet<Span>,
}

impl<'a> List<'a> {
    fn of(case: &Case<'a>) -> Self {
        let rows = case.tables.forbidden.as_slice();
        Self { rows, known: HashMap::new(), globs: HashMap::new(), used: HashSet::new() }
    }

    fn row(&mut self, call: &'a Call) -> Option<&'a Forbidden> {
        let rows = self.rows;
        *self.known.entry((call.language, call.callee.as_str())).or_insert_with(|| {
            let fitting = rows.iter().filter(|row| row.matches(call));
            fitting.min_by_key(|row| (row.kind == ForbiddenKind::Package, row.from_user.is_none()))
        })
    }

    fn glob(&mut self, pattern: &'a str, path: &str) -> bool {
        let set = self.globs.entry(pattern).or_insert_with(|| glob_set(&[pattern.to_owned()]));
        set.is_match(path)
    }

    /// Whether a row speaks of the entry that a call is reached from, and does not allow the place.
    fn concerns(&mut self, case: &Case, row: &'a Forbidden, call: &Call) -> bool {
        if row.per_row && call.entry.as_ref().is_some_and(|entry| !entry.per_row) {
            return false;
        }
        // What C calls takes and gives what C has.
        let foreign = call.entry.as_ref().is_some_and(|entry| entry.foreign);
        let is_boundary = row.path == "C"
            || row.path.starts_with("unsafe")
            || call.language == Language::Rust && row.capability == "unsafe";
        if foreign && is_boundary && row.from_user.is_none() {
            return false;
        }
        let entry = call.entry.as_ref().map_or("", |entry| case.project.path(entry.span.file));
        if !row.reachable_from.is_empty() && !row.reachable_from.iter().any(|pattern| self.glob(pattern, entry)) {
            return false;
        }
        let here = case.project.path(call.span.file);
        let allowed = row.allow.iter().find(|allow| {
            let in_path = allow.path.as_deref().is_none_or(|pattern| self.glob(pattern, here));
            in_path && allow.means_package(&call.package)
        });
        self.used.extend(allowed.map(|allow| allow.span));
        allowed.is_none()
    }

    /// Allowed places of the user's in which nothing was found.
    fn tell_unused(&self, findings: &mut Findings) {
        for row in self.rows.iter().filter(|row| row.from_user.is_some()) {
            for allow in row.allow.iter().filter(|allow| !self.used.contains(&allow.span)) {
                let message = format!("nothing in this place uses `{}`, which is allowed here", row.path);
                let place = allow.path.as_ref().or(allow.package.as_ref()).map_or("", String::as_str);
                let finding = findings.report(allow.span, message);
                finding.subject(format!("allow/{}/{place}", row.path)).help("take it out of the list");
                finding.at_most(Level::Warning);
            }
        }
    }
}
