//! Metrics for Prometheus: what Go, Python and JVM code offers, and what files of rules record.

mod code;
mod go;

use super::kubernetes;
use crate::fact::{Client, Metric, MetricKind, NamePart};
use crate::read::tree::{Node, Tree};
use crate::source::Source;
pub use code::claim as claim_code;
pub use go::claim as claim_go;

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
