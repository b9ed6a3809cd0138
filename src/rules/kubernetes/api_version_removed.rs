//! See `rules/kubernetes/api-version-removed.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::finding::{Edit, Safety};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "api-version-removed",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[Opt {
        name: "kubernetes",
        default: DefaultValue::Text("1.32"),
        help: "the minor that is deployed to, where `[target]` does not name one",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/api-version-removed.md"),
    check,
};

/// Kinds whose fields moved when their version went: another version alone makes an object that no cluster takes.
const RESHAPED: [&str; 6] = [
    "CertificateSigningRequest",
    "CustomResourceDefinition",
    "Event",
    "Ingress",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

fn check(case: &Case, findings: &mut Findings) {
    let (stated, how) = match &case.project.kubernetes {
        Some(stated) => (stated.as_str(), "which the configuration names"),
        None => (case.options.text("kubernetes"), "and every later one"),
    };
    let Some(stated) = minor(stated) else { return };
    for object in &case.project.facts.objects {
        let Some(api) = object.api_version.as_ref().filter(|_| !object.may_be_guarded()) else { continue };
        let Some(removed) = case.tables.removed(api.as_str(), &object.kind) else { continue };
        if minor(&removed.gone).is_none_or(|gone| gone > stated) {
            continue;
        }
        let finding = findings.report(
            api,
            format!("`{api}` has no `{}` any more from Kubernetes {} on; 1.{stated}, {how}, does not know it", object.kind, removed.gone),
        );
        finding.subject(object.title()).source(removed.source.clone());
        match &removed.instead {
            Some(instead) if RESHAPED.contains(&object.kind.as_str()) => {
                finding.help(format!("use `{instead}`, whose fields are others: see the source"))
            }
            Some(instead) => finding.help(format!("use `{instead}`: its fields may differ")).fix(Safety::Unsafe, Edit::replace(api, instead)),
            None => finding.help("there is nothing in its place: see the source"),
        };
    }
}

/// The 30 of `1.30`, `v1.30.4`.
fn minor(version: &str) -> Option<u32> {
    version.trim_start_matches('v').strip_prefix("1.")?.split('.').next()?.trim_end_matches('+').parse().ok()
}
