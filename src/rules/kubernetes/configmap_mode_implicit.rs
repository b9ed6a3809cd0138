//! See `rules/kubernetes/configmap-mode-implicit.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "configmap-mode-implicit",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "mode",
        default: DefaultValue::Text("0644"),
        help: "the mode to propose",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/configmap-mode-implicit.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let mode = case.options.text("mode");
    for pod in case.project.pods() {
        for volume in &pod.pod.volumes {
            if !["configMap", "secret", "projected"].contains(&volume.kind.as_str()) || !volume.default_mode.is_absent() {
                continue;
            }
            findings
                .report(volume.kind_span, format!("the volume `{}` does not say the mode of its files", volume.name))
                .subject(format!("{}/{}", pod.part.name, volume.name))
                .help(format!("write `defaultMode: {mode}` below `{}`", volume.kind))
                .source("https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/");
        }
    }
}
