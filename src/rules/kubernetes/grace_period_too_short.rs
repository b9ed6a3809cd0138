//! See `rules/kubernetes/grace-period-too-short.md`.

use crate::config::{DefaultValue, Opt};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "grace-period-too-short",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[Opt {
        name: "heartbeats",
        default: DefaultValue::Int(2),
        help: "how many heartbeats of YARN's node managers the grace period has to last",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/grace-period-too-short.md"),
    check,
};

/// What Kubernetes gives a pod that says nothing (`SetDefaults_PodSpec`).
const DEFAULT: i64 = 30;

fn check(case: &Case, findings: &mut Findings) {
    for pod in case.project.pods() {
        let Some(grace) = pod.pod.grace.or(DEFAULT) else { continue };
        for container in pod.containers() {
            let Some(stop) = &container.pre_stop else { continue };
            #[allow(clippy::cast_precision_loss, reason = "seconds are small numbers")]
            if stop.seconds < grace as f64 {
                continue;
            }
            let default = if pod.pod.grace.is_set() { "" } else { " that a pod has by default" };
            findings
                .report(
                    &stop.text,
                    format!("the preStop hook waits {} s, but the pod is killed after the {grace} s{default}", stop.seconds),
                )
                .subject(format!("{}/{}", pod.part.name, container.name))
                .label(&pod.pod.grace, "the hook's time counts against this")
                .help(format!(
                    "set `terminationGracePeriodSeconds` to the {} s of the hook and the time that the program needs to stop",
                    stop.seconds
                ))
                .source("https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution");
        }
    }
    heartbeats(case, findings);
}

/// A node manager that stops between two heartbeats is still given work.
fn heartbeats(case: &Case, findings: &mut Findings) {
    let factor = case.options.number("heartbeats");
    for (pod, beat) in case.project.heartbeats() {
        let (Some(grace), Some(millis)) = (pod.pod.grace.or(DEFAULT), beat.millis()) else { continue };
        #[allow(clippy::cast_precision_loss, reason = "seconds are small numbers")]
        let (grace_seconds, wanted) = (grace as f64, millis as f64 * factor / 1000.0);
        if grace_seconds >= wanted {
            continue;
        }
        let default = if pod.pod.grace.is_set() { "" } else { ", the default," };
        findings
            .report(
                pod.pod.grace.span().unwrap_or(pod.pod.span),
                format!("the grace period of {grace} s{default} is shorter than {factor} heartbeats of {millis} ms"),
            )
            .subject(pod.part.name.clone())
            .label(beat.value, "the resource manager hears of a node this often")
            .because(format!("the pod mounts the ConfigMap `{}`", beat.config_map))
            .help(format!("set `terminationGracePeriodSeconds` to at least {}", wanted.ceil()))
            .source("https://hadoop.apache.org/docs/stable/hadoop-yarn/hadoop-yarn-common/yarn-default.xml");
    }
}
