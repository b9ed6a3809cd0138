//! What Go code offers, told by the options that its metrics are made with.

use crate::fact::code::{Argument, Deed, Value};
use crate::fact::{Client, CodeSite, Metric, MetricKind, NamePart};

/// The client library, and the one that wraps it for Kubernetes.
const CLIENTS: [&str; 2] = ["github.com/prometheus/client_golang/prometheus.", "k8s.io/component-base/metrics."];

/// The metrics among the sites.
pub fn claim(sites: &[CodeSite]) -> Vec<Metric> {
    sites.iter().filter(|code| !code.is_aside).filter_map(metric).collect()
}

fn metric(code: &CodeSite) -> Option<Metric> {
    let site = &code.site;
    let name = CLIENTS.iter().find_map(|client| site.path.strip_prefix(client))?;
    let (kind, known) = match (site.deed, name) {
        (Deed::Literal, "CounterOpts") => (MetricKind::Counter, of_fields(code)?),
        (Deed::Literal, "GaugeOpts") => (MetricKind::Gauge, of_fields(code)?),
        (Deed::Literal, "HistogramOpts") => (MetricKind::Histogram, of_fields(code)?),
        (Deed::Literal, "SummaryOpts") => (MetricKind::Summary, of_fields(code)?),
        (Deed::Call, "NewDesc") => (MetricKind::Unknown, of_name(site.arguments.first()?)?),
        _ => return None,
    };
    let Known { parts, is_open } = known;
    Some(Metric { kind, client: Client::Go, parts, is_open, subject: code.subject() })
}

/// What is known of a name.
struct Known {
    parts: Vec<NamePart>,
    /// Something that is not known stands before it.
    is_open: bool,
}

fn of_fields(code: &CodeSite) -> Option<Known> {
    let field = |name: &str| code.site.field(name);
    joined([field("Namespace"), field("Subsystem")], field("Name")?)
}

/// A whole name, or one that is built of parts.
fn of_name(argument: &Argument) -> Option<Known> {
    match &argument.value {
        Value::Made(made) if made.path.ends_with("/prometheus.BuildFQName") => match made.arguments.as_slice() {
            [space, subsystem, name] => joined([Some(space), Some(subsystem)], name),
            _ => None,
        },
        _ => joined([None, None], argument),
    }
}

/// The parts of a name; nothing where its last one is not known, and that one alone where something before it is not.
fn joined(first: [Option<&Argument>; 2], last: &Argument) -> Option<Known> {
    let part = |argument: &Argument| {
        let text = argument.value.text().filter(|text| !text.is_empty() && !text.contains('\\'))?;
        Some(NamePart { text: text.into(), span: argument.from })
    };
    let last = part(last)?;
    let is_open = first.iter().flatten().any(|argument| argument.value.text().is_none());
    let before = first.into_iter().flatten().filter(|_| !is_open);
    Some(Known { parts: before.filter_map(part).chain([last]).collect(), is_open })
}
