//! Metrics for Prometheus: what Go, Rust, Python and JVM code offers, and what files of rules record.

mod code;
mod go;
mod rust;

use super::kubernetes;
use crate::fact::{Client, Dependency, Ecosystem, Facts, Metric, MetricKind, NamePart};
use crate::read::tree::{Node, Tree};
use crate::read::{Body, Document};
use crate::source::Source;
pub use code::claim as claim_code;
pub use go::claim as claim_go;
pub use rust::claim as claim_rust;

/// What hands Rust's facade to Prometheus.
const EXPORTER: &str = "metrics-exporter-prometheus";

/// Metrics of Rust's facade are Prometheus' where something here hands them to it as they are called, and nothing else is known to
/// take them.
pub fn exported(documents: &[Document], facts: &mut Facts) {
    let renames = |document: &Document| {
        let Body::Rust(syntax) = &document.body else { return false };
        syntax.sites.calls.iter().any(|site| site.path == ".with_recommended_naming")
    };
    let has = |start: &str, end: &str| {
        let is_it = |d: &Dependency| {
            d.ecosystem == Ecosystem::Cargo && d.name.as_str().starts_with(start) && d.name.as_str().ends_with(end)
        };
        facts.dependencies.iter().any(is_it)
    };
    if !has(EXPORTER, "") || has("metrics-exporter-", "dogstatsd") || documents.iter().any(renames) {
        facts.metrics.retain(|metric| metric.client != Client::RustFacade);
    }
}

/// What the recording rules of a document record: of a file of rules, or of an object that holds one.
pub fn claim_rules(source: &Source, tree: &Tree) -> Vec<Metric> {
    let files = std::iter::once(tree.root()).filter(|root| !kubernetes::is_object(*root));
    let is_rules = |object: &Node<'_>| matches!(kubernetes::kind(*object).as_str(), "PrometheusRule" | "VMRule");
    let objects = kubernetes::objects(tree).into_iter().filter(is_rules).filter_map(|object| object.get("spec"));
    let groups = files.chain(objects).filter_map(|root| root.get("groups")).flat_map(Node::items);
    let rules = groups.filter_map(|group| group.get("rules")).flat_map(Node::items);
    let records = rules.filter(|rule| rule.get("expr").is_some()).filter_map(|rule| rule.get("record")?.text());
    let metric = |name: &crate::source::Traced| Metric {
        kind: MetricKind::Recorded,
        client: Client::Rules,
        parts: vec![NamePart { text: name.as_str().into(), span: name.span() }],
        is_open: false,
        subject: format!("{}/{name}", source.name()),
    };
    records.map(metric).collect()
}
