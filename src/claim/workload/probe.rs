//! Probes: how a container is asked whether it is well.

use super::super::kubernetes::port_name;
use crate::fact::container::{Handler, Probe, ProbeKind};
use crate::fact::field::Effective;
use crate::read::tree::{Kind, Node};
use crate::source::{Span, Spanned};

const HANDLERS: [&str; 4] = ["httpGet", "exec", "tcpSocket", "grpc"];

/// The probes that a container has.
pub(super) fn probes(container: Node<'_>) -> Vec<Probe> {
    let kinds = [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup];
    kinds
        .into_iter()
        .filter_map(|kind| {
            let (key, node) = container.entry(kind.field())?;
            node.is_mapping().then(|| probe(kind, key.span(), node))
        })
        .collect()
}

/// Kubernetes fills in a default where a field is missing or 0 (`pkg/apis/core/v1/defaults.go`, `SetDefaults_Probe`).
fn probe(kind: ProbeKind, span: Span, node: Node<'_>) -> Probe {
    const WHY: &str = "the API server's default";
    let field = |key: &str, default: i64| {
        let written = node.get(key).and_then(|n| Some(Spanned::new(n.int()?, n.span())));
        Effective::or_default(written.filter(|w| w.value != 0), default, WHY)
    };
    let fields = ["periodSeconds", "timeoutSeconds", "failureThreshold", "initialDelaySeconds", "successThreshold"];
    let unknown = |key: &&str| node.get(key).is_some_and(|n| n.int().is_none());
    // Without a handler it is a patch of a probe that stands elsewhere: what it leaves out is not the default.
    let handler = HANDLERS.iter().find_map(|key| node.entry(key).filter(|(_, value)| value.is_mapping()));
    let has_handler = HANDLERS.iter().any(|key| node.get(key).is_some());
    let is_patch = !has_handler && ["periodSeconds", "timeoutSeconds"].iter().any(|key| node.get(key).is_none());
    Probe {
        kind,
        span,
        handler: handler.map(|(key, value)| Handler {
            key: key.clone(),
            port: value.get("port").and_then(port_name),
            elsewhere: value.get("host").is_some(),
            content: format!("{key}{}", content(value, 0)),
            body: Spanned::new(is_flow(value), value.span()),
        }),
        period: field("periodSeconds", 10),
        timeout: field("timeoutSeconds", 1),
        failure_threshold: field("failureThreshold", 3),
        success_threshold: field("successThreshold", 1),
        initial_delay: field("initialDelaySeconds", 0),
        partial: is_patch || node.is_open() || node.is_templated() || fields.iter().any(unknown),
    }
}

/// In braces: the mapping begins before its first key.
fn is_flow(mapping: Node<'_>) -> bool {
    mapping.entries().next().is_none_or(|(entry, _)| mapping.span().start < entry.key.written().start)
}

/// What a value says, written in one form; deep values are cut.
fn content(node: Node<'_>, depth: usize) -> String {
    let node = node.follow();
    match node.kind() {
        _ if depth > 8 => "…".to_owned(),
        Kind::Scalar { text, .. } => format!("{:?}", text.as_str()),
        Kind::Sequence { .. } => {
            let items: Vec<String> = node.items().map(|item| content(item, depth + 1)).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Mapping { .. } => {
            let mut entries: Vec<String> = node
                .entries()
                .map(|(e, value)| format!("{:?}:{}", e.key.as_str(), content(value, depth + 1)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Kind::Alias(_) => "*".to_owned(),
    }
}
