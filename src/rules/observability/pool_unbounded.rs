//! See `rules/observability/pool-unbounded.md`.

use crate::fact::CodeSite;
use crate::fact::code::Fate;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "pool-unbounded",
    group: Group::Observability,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/observability/pool-unbounded.md"),
    check,
};

const OPEN: [&str; 4] = [
    "database/sql.Open",
    "database/sql.OpenDB",
    "github.com/jmoiron/sqlx.Connect",
    "github.com/jmoiron/sqlx.Open",
];
const BOUND: &str = "(*database/sql.DB).SetMaxOpenConns";

fn check(case: &Case, findings: &mut Findings) {
    let bounds: Vec<&CodeSite> = case.project.facts.sites.iter().filter(|code| &*code.site.path == BOUND).collect();
    let opens = case.project.facts.code_sites().filter(|code| OPEN.contains(&&*code.site.path));
    for code in opens {
        let site = &code.site;
        // A file or memory has no server that could run out of connections.
        let is_file = site.argument(0).start().is_some_and(|driver| driver.contains("sqlite") || driver.contains("duckdb"));
        // What leaves the function may be bounded by whoever gets it.
        let stays = matches!(site.fate, Fate::Bound | Fate::Dropped | Fate::Used(_)) && !code.is_global;
        let is_bounded = bounds.iter().any(|bound| bound.package == code.package || !stays);
        if is_file || is_bounded || site.fate == Fate::Dropped {
            continue;
        }
        findings
            .report(site.span, "this pool opens as many connections as are asked for at once: nothing sets its bounds")
            .subject(code.subject())
            .help("call `SetMaxOpenConns`, `SetMaxIdleConns` and `SetConnMaxLifetime` on it")
            .source("https://go.dev/doc/database/manage-connections");
    }
}
