//! See `rules/code/tls-unverified.md`.

use crate::fact::CodeSite;
use crate::fact::code::{Deed, Value};
use crate::fact::tls::Unverified;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "tls-unverified",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/tls-unverified.md"),
    check,
};

const CONFIG: &str = "crypto/tls.Config";
const SWITCH: &str = "crypto/tls.Config.InsecureSkipVerify";
const OWN_CHECKS: [&str; 2] = ["VerifyPeerCertificate", "VerifyConnection"];

fn check(case: &Case, findings: &mut Findings) {
    for code in case.project.facts.code_sites().filter(|code| !code.site.around.chosen) {
        let site = &code.site;
        let off = match site.deed {
            Deed::Literal if &*site.path == CONFIG => site.field("InsecureSkipVerify"),
            Deed::Set if &*site.path == SWITCH => site.arguments.first(),
            _ => None,
        };
        // Beside the careful one, under a name that says what it is: somebody chooses between them.
        let is_named = site.on.as_deref().is_some_and(|on| on.to_ascii_lowercase().contains("insecure"));
        let Some(off) = off.filter(|off| off.value == Value::Bool(true) && !is_named) else { continue };
        let checks = |other: &CodeSite| {
            let set = OWN_CHECKS.iter().any(|name| other.site.path.strip_prefix(CONFIG) == Some(&format!(".{name}")));
            let literal = &*other.site.path == CONFIG && OWN_CHECKS.iter().any(|name| other.site.field(name).is_some());
            other.is_beside(code) && (set || literal) && other.site.on == site.on
        };
        if OWN_CHECKS.iter().any(|name| site.field(name).is_some()) || case.project.facts.code_sites().any(checks) {
            continue;
        }
        findings
            .report(off.span, "the server's certificate is not verified: anyone on the way can read and change what is sent")
            .subject(code.subject())
            .help("trust the server's authority with `RootCAs`, and name the server with `ServerName` where the names differ")
            .source("https://pkg.go.dev/crypto/tls#Config");
    }
    for Unverified { span, by, verifier, subject } in &case.project.facts.unverified {
        let what = if by.contains("hostname") { "the name in the server's certificate" } else { "the server's certificate" };
        let finding = findings.report(*span, format!("{what} is not verified: anyone on the way can read and change what is sent"));
        finding
            .subject(subject)
            .help("add the server's authority to the client's root certificates, or let a setting decide")
            .source("https://docs.rs/reqwest/latest/reqwest/struct.ClientBuilder.html");
        if let Some(verifier) = verifier {
            finding.label(*verifier, "this verifier accepts whatever it is shown");
        }
    }
}
