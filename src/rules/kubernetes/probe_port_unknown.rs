//! See `rules/kubernetes/probe-port-unknown.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-port-unknown",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-port-unknown.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers().filter(|(_, c)| c.ports_known) {
        for probe in container.probes.iter().filter(|probe| !probe.partial) {
            let Some(port) = probe.handler.as_ref().and_then(|handler| handler.port.as_ref()) else { continue };
            let is_silent = port.number.is_some() && (container.ports.is_empty() || probe.handler.as_ref().is_some_and(|h| h.elsewhere));
            let is_datagram = container.is_datagram(port) && port.number.is_none();
            if is_silent || (container.has_port(port) && !is_datagram) {
                continue;
            }
            let field = probe.kind.field();
            let text = port.text.as_str();
            let message = match port.number {
                Some(_) => format!("the `{field}` asks port {text}, which the container `{}` does not declare", container.name),
                None if text.bytes().all(|b| b.is_ascii_digit()) => {
                    format!("the `{field}` asks a port that is named `\"{text}\"`: in quotes, a number is a name")
                }
                None if is_datagram => format!("the `{field}` asks the port `{text}`, which is not for TCP"),
                None => format!("the `{field}` asks the port `{text}`, which the container `{}` does not name", container.name),
            };
            let finding = findings.report(&port.text, message);
            finding.subject(format!("{}/{}/{field}", part.name, container.name)).source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/");
            if port.number.is_some() {
                finding.at_most(Level::Info).help("declare the port, or ask the one that is served");
                continue;
            }
            let names: Vec<&str> = container.ports.iter().filter_map(|own| Some(own.name.as_ref()?.as_str())).collect();
            let known = if names.is_empty() { "it names none".to_owned() } else { format!("it names `{}`", names.join("`, `")) };
            finding.help(format!("name a port of the container: {known}"));
        }
    }
}
