//! See `rules/kubernetes/wasm-import-forbidden.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "wasm-import-forbidden",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[
        Opt {
            name: "forbidden",
            default: DefaultValue::List(&["fd_pread", "fd_pwrite", "fd_read", "fd_readdir", "fd_write", "path_*", "sock_*"]),
            help: "imports that the sandbox does not give; `*` at the end stands for anything",
        },
        Opt {
            name: "paths",
            default: DefaultValue::List(&["sandbox", "udf"]),
            help: "words in the paths of modules that are for sandboxes",
        },
    ],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/wasm-import-forbidden.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (forbidden, paths) = (case.options.list("forbidden"), case.options.list("paths"));
    for import in &case.project.facts.wasm_imports {
        let path = case.project.path(import.name.span().file).to_ascii_lowercase();
        let name = import.name.as_str();
        let is_meant = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        };
        if !paths.iter().any(|word| path.contains(word.as_str())) || !forbidden.iter().any(is_meant) {
            continue;
        }
        findings
            .report(&import.name, format!("the module imports `{name}` of `{}`, which its sandbox forbids", import.module))
            .subject(format!("{}.{name}", import.module))
            .help("build it without files and sockets, or hand it what it needs as arguments")
            .source("https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md");
    }
}
