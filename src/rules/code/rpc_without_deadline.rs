//! See `rules/code/rpc-without-deadline.md`.

use crate::fact::code::{Site, Value};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "rpc-without-deadline",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/rpc-without-deadline.md"),
    check,
};

/// Without end, and only replaced later.
const ENDLESS: [&str; 2] = ["context.Background", "context.TODO"];

/// What adds to a context without bounding it.
const ADDING: [&str; 4] = [
    "context.WithValue",
    "context.WithoutCancel",
    "google.golang.org/grpc/metadata.AppendToOutgoingContext",
    "google.golang.org/grpc/metadata.NewOutgoingContext",
];

/// With these a connection may bound its calls itself.
const BOUNDING: [&str; 3] = [
    "google.golang.org/grpc.WithChainUnaryInterceptor",
    "google.golang.org/grpc.WithDefaultServiceConfig",
    "google.golang.org/grpc.WithUnaryInterceptor",
];

fn check(case: &Case, findings: &mut Findings) {
    if case.project.facts.sites.iter().any(|code| BOUNDING.contains(&&*code.site.path)) {
        return;
    }
    for code in case.project.facts.code_sites().filter(|code| &*code.site.path == Site::REMOTE) {
        let Some(context) = code.site.arguments.first().filter(|context| is_endless(&context.value)) else { continue };
        let method = code.site.on.as_deref().unwrap_or_default().rsplit('.').next().unwrap_or_default();
        findings
            .report(context.span, "this call waits for its answer as long as the server likes: its context never ends")
            .subject(format!("{}/{}/{method}", code.package, code.function))
            .label(context.from, "the context is made here")
            .help("use `context.WithTimeout`, or the context of what asks for this call")
            .source("https://grpc.io/docs/guides/deadlines/");
    }
}

fn is_endless(context: &Value) -> bool {
    let Value::Made(made) = context else { return false };
    ENDLESS.contains(&&*made.path)
        || ADDING.contains(&&*made.path) && made.arguments.first().is_some_and(|inner| is_endless(&inner.value))
}
