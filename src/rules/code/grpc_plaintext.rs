//! See `rules/code/grpc-plaintext.md`.

use crate::fact::CodeSite;
use crate::fact::address::is_local;
use crate::fact::code::Value;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "grpc-plaintext",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/grpc-plaintext.md"),
    check,
};

const INSECURE: [&str; 2] =
    ["google.golang.org/grpc/credentials/insecure.NewCredentials", "google.golang.org/grpc.WithInsecure"];

const WITH_CREDENTIALS: &str = "google.golang.org/grpc.WithTransportCredentials";

/// The calls that open a connection, and which of their arguments says where to.
const DIALS: [(&str, usize); 3] = [
    ("google.golang.org/grpc.NewClient", 0),
    ("google.golang.org/grpc.Dial", 0),
    ("google.golang.org/grpc.DialContext", 1),
];

/// Options with which the address does not say where the connection goes.
const DIALERS: [&str; 2] = ["google.golang.org/grpc.WithContextDialer", "google.golang.org/grpc.WithDialer"];

fn check(case: &Case, findings: &mut Findings) {
    for code in case.project.facts.code_sites() {
        let dial = &code.site;
        let Some((_, place)) = DIALS.iter().find(|(path, _)| *path == &*dial.path) else { continue };
        let options = || dial.arguments.iter().skip(place + 1);
        let target = dial.argument(*place);
        let beside: Vec<&CodeSite> = case.project.facts.code_sites().filter(|other| other.is_beside(code)).collect();
        // Options that are collected in a variable are the ones of this function where it makes no others.
        let collected = options().any(|option| option.value == Value::Unknown && option.variable.is_some());
        let alone = beside.iter().filter(|other| &*other.site.path == WITH_CREDENTIALS).count() == 1;
        // Where a branch decides, the plain way is one that somebody chose.
        let insecure = beside.iter().find(|other| {
            let is_one = INSECURE.contains(&&*other.site.path) && !other.site.around.chosen;
            let given = || options().any(|option| option.value.holds_at(&other.site.path, other.site.whole));
            is_one && (collected && alone || given())
        });
        let Some(insecure) = insecure.filter(|_| !dial.around.chosen) else { continue };
        if target.start().is_some_and(is_local) || beside.iter().any(|other| DIALERS.contains(&&*other.site.path)) {
            continue;
        }
        let message = match target.text() {
            Some(target) => format!("the connection to `{target}` is neither encrypted nor authenticated"),
            None => "this gRPC connection is neither encrypted nor authenticated, wherever it goes".to_owned(),
        };
        let finding = findings.report(insecure.site.span, message);
        finding
            .subject(code.subject())
            .label(dial.arguments.get(*place).map_or(dial.span, |a| a.from), "the connection goes here")
            .help("use `credentials.NewTLS`, or let a setting decide and keep the plain way for local servers")
            .source("https://grpc.io/docs/guides/auth/");
    }
}
