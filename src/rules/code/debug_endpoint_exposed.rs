//! See `rules/code/debug-endpoint-exposed.md`.

use crate::fact::address::is_local;
use crate::fact::code::{Argument, Deed, Site, Value};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "debug-endpoint-exposed",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/debug-endpoint-exposed.md"),
    check,
};

const PPROF: &str = "net/http/pprof";

fn check(case: &Case, findings: &mut Findings) {
    for import in case.project.facts.imports.iter().filter(|i| i.path == PPROF && i.blank && !i.is_test) {
        let here = case.project.facts.code_sites().filter(|code| code.package == import.package);
        for code in here.filter(|code| !code.site.around.chosen) {
            let Some((address, handler)) = served(&code.site) else { continue };
            let default = handler.is_none_or(|h| h.value == Value::Nil || h.value.holds("net/http.DefaultServeMux"));
            let Some(text) = address.value.text().filter(|text| default && !is_local(text)) else { continue };
            findings
                .report(address.span, format!("`{text}` serves the profiles of `{PPROF}` to everyone who reaches this port"))
                .subject(code.subject())
                .label(import.span, "this import adds `/debug/pprof/` to the default mux, which is served there")
                .label(address.from, "the address")
                .help("serve the default mux on `localhost` only, and everything else with a mux of its own")
                .source("https://pkg.go.dev/net/http/pprof");
        }
    }
}

/// Where something is served, and with what; no handler stands for the default mux.
fn served(site: &Site) -> Option<(&Argument, Option<&Argument>)> {
    match &*site.path {
        "net/http.ListenAndServe" => Some((site.arguments.first()?, site.arguments.get(1))),
        "net/http.ListenAndServeTLS" => Some((site.arguments.first()?, site.arguments.get(3))),
        "net/http.Server" if site.deed == Deed::Literal => Some((site.field("Addr")?, site.field("Handler"))),
        _ => None,
    }
}
