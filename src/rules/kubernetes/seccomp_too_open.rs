//! See `rules/kubernetes/seccomp-too-open.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "seccomp-too-open",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[
        Opt {
            name: "forbidden",
            default: DefaultValue::List(&["clone", "openat"]),
            help: "system calls that the sandbox must not make",
        },
        Opt { name: "required", default: DefaultValue::List(&["clock_gettime"]), help: "system calls that it has to make" },
        Opt {
            name: "paths",
            default: DefaultValue::List(&["sandbox", "udf", "wasm"]),
            help: "words in the paths of profiles that are for sandboxes",
        },
    ],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/seccomp-too-open.md"),
    check,
};

const SOURCE: &str = "https://kubernetes.io/docs/tutorials/security/seccomp/";

fn check(case: &Case, findings: &mut Findings) {
    let paths = case.options.list("paths");
    for profile in &case.project.facts.seccomp {
        let path = case.project.path(profile.span.file).to_ascii_lowercase();
        if !paths.iter().any(|word| path.contains(word.as_str())) {
            continue;
        }
        for name in case.options.list("forbidden") {
            let Some(at) = profile.allows(name) else { continue };
            findings
                .report(at, format!("the profile lets the sandbox call `{name}`, which its policy forbids"))
                .subject(name.clone())
                .label(&profile.default, "what holds for everything that is not named")
                .help(format!("take `{name}` out of what is allowed, and deny by default"))
                .source(SOURCE);
        }
        for name in case.options.list("required").iter().filter(|name| profile.allows(name).is_none()) {
            findings
                .report(profile.span, format!("the profile denies `{name}`, without which no program can tell the time"))
                .subject(name.clone())
                .help(format!("allow `{name}`"))
                .source(SOURCE);
        }
    }
}
