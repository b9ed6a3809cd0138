//! See `rules/kubernetes/probe-protocol.md`.

use crate::fact::container::{Container, PortName};
use crate::finding::Level;
use crate::finding::Safety;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "probe-protocol",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/probe-protocol.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        for probe in &container.probes {
            let Some(handler) = probe.handler.as_ref().filter(|h| h.key.as_str() == "httpGet" && !h.elsewhere) else { continue };
            let Some(port) = &handler.port else { continue };
            let Some((protocol, why)) = protocol(container, port) else { continue };
            let field = probe.kind.field();
            findings
                .report(&handler.key, format!("the `{field}` speaks HTTP to port `{}`, where {protocol} is spoken", port.text))
                .subject(format!("{}/{}/{field}", part.name, container.name))
                .label(&port.text, why)
                .help("ask whether the port is open: `tcpSocket`")
                .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/")
                .fix(Safety::Safe, handler.as_socket());
        }
    }
}

/// What is spoken on a port, and how that is known. Numbers alone tell nothing: the container has to be Spark's.
fn protocol(container: &Container, port: &PortName) -> Option<(&'static str, String)> {
    let declared = container.ports.iter().find(|own| own.is_called(port));
    let name = declared.and_then(|own| own.name.as_ref()).map(Traced::as_str).or(port.number.is_none().then(|| port.text.as_str()));
    let number = port.number.or_else(|| Some(declared?.number?.value));
    let is_http = container.command.iter().chain(container.env.iter().filter_map(|v| v.value.as_ref())).any(|word| {
        word.as_str().contains("transport.mode") || word.as_str().contains("TRANSPORT_MODE")
    });
    let starts = |server: &str| container.spark_server().is_some_and(|(_, s)| s.contains(server));
    match number {
        Some(15002) if container.mentions("connect") || container.mentions("spark") => {
            Some(("gRPC", "15002 is the port of Spark Connect".to_owned()))
        }
        Some(10000) if !is_http && (starts("hrift") || container.mentions("hiveserver2") || container.mentions("thriftserver")) => {
            Some(("Thrift", "10000 is the port of the Thrift server".to_owned()))
        }
        _ => match name? {
            "grpc" | "spark-connect" if number != Some(4040) => Some(("gRPC", format!("the port is named `{}`", name?))),
            "thrift" if !is_http => Some(("Thrift", "the port is named `thrift`".to_owned())),
            _ => None,
        },
    }
}
