//! See `rules/kubernetes/volume-mount-undefined.md`.

use crate::finding::Level;
use crate::read::keyed::nearest;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "volume-mount-undefined",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/volume-mount-undefined.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for pod in case.project.pods().filter(|pod| pod.pod.volumes_known) {
        let names: Vec<&str> = pod.pod.volumes.iter().map(|volume| volume.name.as_str()).collect();
        for container in pod.containers() {
            for mount in container.mounts.iter().map(|mount| &mount.volume).filter(|mount| !names.contains(&mount.as_str())) {
                let help = match nearest(mount.as_str(), names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "define it below `volumes`".to_owned(),
                };
                findings
                    .report(mount, format!("the container `{}` mounts the volume `{mount}`, which the pod does not have", container.name))
                    .subject(format!("{}/{}/{mount}", pod.part.name, container.name))
                    .help(help)
                    .source("https://kubernetes.io/docs/concepts/storage/volumes/");
            }
        }
    }
}
