//! See `rules/code/http-without-timeout.md`.

use crate::fact::code::http::{Endless, Waits};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "http-without-timeout",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &["forbidden-call"],
    page: include_str!("../../../rules/code/http-without-timeout.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for Endless { code, span, what } in case.project.facts.endless_http() {
        let name = code.site.path.trim_start_matches("net/");
        let (message, help) = match what {
            Waits::DefaultClient => (
                "the default HTTP client waits for an answer without end".to_owned(),
                "use a client of your own with a `Timeout`, or a request with a context that ends",
            ),
            Waits::Client => (
                "this HTTP client waits for an answer without end".to_owned(),
                "give it a `Timeout`, or give every request a context that ends",
            ),
            Waits::Serving => (
                format!("`{name}` serves without any timeout: slow clients keep their connections for ever"),
                "use an `http.Server` with `ReadHeaderTimeout` and `IdleTimeout`",
            ),
            Waits::Server => (
                "this HTTP server waits for headers without end: slow clients keep their connections for ever".to_owned(),
                "set `ReadHeaderTimeout`, or `ReadTimeout` where whole requests are short",
            ),
        };
        let finding = findings.report(span, message);
        finding.subject(code.subject()).help(help).source("https://pkg.go.dev/net/http");
    }
}
