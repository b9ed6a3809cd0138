//! See `rules/code/resource-unreleased.md`.

use crate::fact::code::TroubleKind;
use crate::fact::{CodeTrouble, Component, How, VersionClaim};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::version::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "resource-unreleased",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/resource-unreleased.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for code in &case.project.facts.troubles {
        let TroubleKind::Unreleased(held) = &code.trouble.kind else { continue };
        if held.release == "Stop" && collects_tickers(case, code) {
            continue;
        }
        let name = held.path.rsplit('/').next().unwrap_or(&held.path).replace(['(', ')', '*'], "");
        let variable = &held.variable;
        let (release, advice) = match held.release {
            "C.free" => ("`C.free`".to_owned(), format!("write `defer C.free(unsafe.Pointer({variable}))`")),
            "release" => (format!("`{variable}.release`"), format!("call `{variable}.release(&{variable})` on each way out")),
            jni if is_of_jni(jni) => (format!("`{jni}`"), format!("call `{jni}` for `{variable}` on each way out")),
            method => (format!("`{variable}.{method}`"), format!("write `defer {variable}.{method}()`")),
        };
        let message = match held.way_out {
            None => format!("what `{name}` gives is never given back: nothing calls {release}"),
            Some(_) => format!("what `{name}` gives is not given back on every way: one returns before {release}"),
        };
        let finding = findings.report(code.trouble.span, message);
        finding.subject(format!("{}/{}/{name}", code.package, code.function)).help(advice);
        if let Some(way_out) = held.way_out {
            finding.label(way_out, "it returns here");
        }
        finding.source(match held.release {
            "C.free" => "https://pkg.go.dev/cmd/cgo#hdr-Go_references_to_C",
            "Stop" => "https://go.dev/doc/go1.23#timer-changes",
            "release" => "https://arrow.apache.org/docs/format/CStreamInterface.html",
            jni if is_of_jni(jni) => "https://web.mit.edu/javadev/doc/tutorial/native1.1/implementing/string.html",
            _ => "https://pkg.go.dev/github.com/apache/arrow-go/v18/arrow#hdr-Memory_Management",
        });
    }
}

/// Whether the JVM takes it back: `ReleaseStringUTFChars`, `DeleteGlobalRef`; Arrow's method in Go is `Release` alone.
fn is_of_jni(release: &str) -> bool {
    release.starts_with("Delete") || release.strip_prefix("Release").is_some_and(|what| !what.is_empty())
}

/// From Go 1.23 on, a ticker that nobody holds is collected; a module without a directive is not known to be older.
fn collects_tickers(case: &Case, code: &CodeTrouble) -> bool {
    let module = case.project.go_module_of(code.trouble.span.file);
    let is_go = |claim: &&VersionClaim| claim.component == Component::named("go") && claim.how == How::Compiler;
    let mut claims = case.project.facts.versions.iter().filter(|claim| Some(claim.part) == module);
    let version = claims.find(is_go).and_then(|claim| claim.versions.exact());
    version.is_none_or(|version| Version::parse("1.23").is_none_or(|collected| *version >= collected))
}
