//! Bodies of requests that start jobs, by what sends them: `curl` in scripts, `net/http` in Go, `requests` in Python, Airflow's operator. A JSON file is such
//! a body where a command sends it.

mod code;
mod go;
mod shell;

use crate::fact::payload::{Api, Payload, PayloadValue, Sent};
use crate::read::json;
use crate::read::tree::{Kind, Node, Style};
use crate::read::{Body, Document};
use crate::source::{FileId, Sources, Span, Traced};
pub use code::claim as claim_code;
pub use go::claim as claim_go;
pub use shell::claim as claim_scripts;
pub use shell::claim_tree;

/// Whom a request goes to, by its address.
pub fn api_of(address: &str) -> Option<Api> {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let lower = path.to_ascii_lowercase();
    if lower.ends_with("/run") && lower.contains("/jars/") {
        return Some(Api::Jar);
    }
    if lower.ends_with("/v1/submissions/create") {
        return Some(Api::Submission);
    }
    // Others have batches and sessions as well.
    let is_livy = lower.contains("livy") || lower.contains(":8998");
    match lower.rsplit('/').next() {
        Some("batches") if is_livy => Some(Api::Batch),
        Some("sessions") if is_livy => Some(Api::Session),
        _ => None,
    }
}

/// The bodies of the files that commands send.
pub fn link(sources: &Sources, documents: &[Document], sent: &[Sent]) -> Vec<Payload> {
    let mut found = Vec::new();
    for one in sent {
        let document = one.paths.iter().find_map(|path| documents.iter().find(|d| sources.path(d.file) == path));
        let Some(Body::Json(tree)) = document.map(|document| &document.body) else { continue };
        found.extend(of_node(one.api, tree.root(), one.sender, sources.path(tree.root().span().file).to_owned()));
    }
    found
}

/// A body in JSON; nothing where it is no mapping.
pub fn of_node(api: Api, root: Node<'_>, sender: Span, subject: String) -> Option<Payload> {
    let PayloadValue::Map(fields, span) = value(root, 0) else { return None };
    // The bracket stands for all of it.
    let first = Span { end: (span.start + 1).min(span.end), ..span };
    Some(Payload { api, fields, is_open: root.is_open(), span: first, sender, subject })
}

/// A body in JSON that stands in a text.
fn of_text(api: Api, body: &Traced, sender: Span, subject: String) -> Option<Payload> {
    let tree = json::read(FileId(0), body.as_str()).body?;
    let place = |span: Span| body.slice(span.range()).span();
    let inner = |text: &Traced| {
        let part = body.slice(text.span().range());
        if part.as_str() == text.as_str() { part } else { Traced::made(text.as_str(), part.span()) }
    };
    let payload = of_node(api, tree.moved(place, inner).root(), sender, subject)?;
    // The brackets of a word with escapes have no place of their own.
    Some(Payload { span: sender, ..payload })
}

fn value(node: Node<'_>, depth: usize) -> PayloadValue {
    let span = node.span();
    if depth > 8 || node.is_templated() {
        return PayloadValue::Unknown(span);
    }
    match node.kind() {
        Kind::Mapping { .. } => {
            let entries = node.entries().map(|(entry, inner)| (entry.key.clone(), value(inner, depth + 1)));
            PayloadValue::Map(entries.collect(), span)
        }
        Kind::Sequence { .. } => PayloadValue::List(node.items().map(|item| value(item, depth + 1)).collect(), span),
        Kind::Scalar { text, style: Style::Plain } => match text.as_str() {
            "true" | "false" => PayloadValue::Truth(span),
            "null" => PayloadValue::Nothing(span),
            _ => PayloadValue::Number(text.clone()),
        },
        Kind::Scalar { text, .. } => PayloadValue::Text(text.clone()),
        Kind::Alias(_) => PayloadValue::Unknown(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_who_takes_a_body() {
        for (address, api) in [
            ("http://livy:8998/batches", Some(Api::Batch)),
            ("$LIVY_URL/batches/", Some(Api::Batch)),
            ("http://h:8998/sessions?doAs=x", Some(Api::Session)),
            ("http://flink:8081/jars/a.jar/run", Some(Api::Jar)),
            ("http://flink:8081/v1/jars/${id}/run?parallelism=2", Some(Api::Jar)),
            ("http://shop/batches", None),
            ("http://spark:6066/v1/submissions/create", Some(Api::Submission)),
            ("http://spark:6066/v1/submissions/kill/driver-1", None),
            ("http://livy:8998/batches/3/log", None),
            ("http://livy:8998/sessions/0/statements", None),
            ("http://flink:8081/jars/upload", None),
        ] {
            assert_eq!(api_of(address), api, "{address}");
        }
    }
}
