//! See `rules/kubernetes/spark-port-exposed.md`.

use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-port-exposed",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/spark-port-exposed.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/security.html";

fn check(case: &Case, findings: &mut Findings) {
    for (object, service, port, name) in case.project.spark_ports() {
        let Some(kind) = service.service_type.as_ref().filter(|t| ["LoadBalancer", "NodePort"].contains(&t.as_str())) else { continue };
        if object.is_internal() || service.has_source_ranges || case.project.has_spark_authentication(&object.folder) {
            continue;
        }
        findings
            .report(port.port.span, format!("the Service `{}` shows {name} outside of the cluster", object.name))
            .subject(format!("{}/{}", object.title(), port.port.value))
            .label(kind, "reachable from outside")
            .help("use `ClusterIP`, and put something before it that asks who calls and speaks TLS")
            .source(SOURCE);
    }
    for (object, ingress, backend, name) in case.project.spark_ingresses() {
        if ingress.has_tls || object.asks_who_calls() || case.project.has_spark_authentication(&object.folder) {
            continue;
        }
        findings
            .report(backend, format!("the Ingress `{}` shows {name} without TLS and without asking who calls", object.name))
            .subject(format!("{}/{backend}", object.title()))
            .help("add `spec.tls` and an authenticating proxy, or take the path away")
            .source(SOURCE);
    }
}
