//! What Rust code offers, told by the calls and macros of its client libraries.

use crate::fact::{Client, Metric, MetricKind, NamePart};
use crate::rust::site::{Site, Value};
use crate::source::{Source, Span};
use std::collections::HashSet;

/// The metrics among the sites of a file.
pub fn claim(source: &Source, sites: &[Site]) -> Vec<Metric> {
    let mut seen: HashSet<Span> = HashSet::new();
    let found = sites.iter().filter_map(|site| {
        let mut metric = facade(site).or_else(|| maker(site))?;
        metric.subject = format!("{}/{}", source.name(), metric.name());
        Some(metric)
    });
    // Options may stand alone and within the call that they are for, which says more.
    found.filter(|metric| metric.last().is_some_and(|last| seen.insert(last.span))).collect()
}

/// `metrics::counter!("…")`: whoever exports it is chosen elsewhere.
fn facade(site: &Site) -> Option<Metric> {
    let name = site.path.strip_prefix("metrics::")?.strip_suffix('!')?;
    let kind = match name {
        "counter" | "increment_counter" | "absolute_counter" => MetricKind::Counter,
        "gauge" | "increment_gauge" | "decrement_gauge" => MetricKind::Gauge,
        "histogram" => MetricKind::Histogram,
        _ => return None,
    };
    let name = part(site.arguments.first()?)?;
    // What names cannot hold, the exporter makes `_` of.
    if !name.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let parts = vec![name];
    Some(Metric { kind, client: Client::RustFacade, parts, is_open: false, subject: String::new() })
}

/// `register_int_counter!("…")`, `IntCounter::new("…")`, `HistogramVec::new(HistogramOpts::new("…"))`.
fn maker(site: &Site) -> Option<Metric> {
    let path = site.path.strip_prefix("prometheus::")?;
    let what = if let Some(name) = path.strip_suffix('!') {
        name.strip_prefix("register_").or_else(|| (name == "histogram_opts").then_some(name))?.to_owned()
    } else {
        let (of, function) = path.rsplit_once("::")?;
        let makes = matches!(function, "new" | "with_opts");
        of.rsplit("::").next().filter(|_| makes)?.to_ascii_lowercase()
    };
    let kind = [("counter", MetricKind::Counter), ("gauge", MetricKind::Gauge), ("histogram", MetricKind::Histogram)];
    let (_, kind) = kind.into_iter().find(|(word, _)| what.contains(word))?;
    let is_options = what.starts_with("histogramopts") || what.starts_with("histogram_opts");
    let (parts, is_open) = if is_options { options(site)? } else { named(site.arguments.first()?)? };
    Some(Metric { kind, client: Client::Rust, parts, is_open, subject: String::new() })
}

/// A name, or options that hold one.
fn named(value: &Value) -> Option<(Vec<NamePart>, bool)> {
    match value {
        Value::Made(made) => options(made),
        _ => Some((vec![part(value)?], false)),
    }
}

/// `Opts::new("…", "…").namespace("…")`: the parts of the name, and whether something unknown stands before them.
fn options(made: &Site) -> Option<(Vec<NamePart>, bool)> {
    let is_options = ["Opts::new", "HistogramOpts::new", "opts!", "histogram_opts!"];
    if !is_options.iter().any(|end| made.path.rsplit_once("prometheus::").is_some_and(|(_, path)| path == *end)) {
        return None;
    }
    let name = part(made.arguments.first()?)?;
    let of = |word: &str| made.then.iter().find(|link| link.path == word);
    let before: Vec<Option<NamePart>> =
        [of("namespace"), of("subsystem")].into_iter().flatten().map(|link| part(link.arguments.first()?)).collect();
    let is_open = before.iter().any(Option::is_none);
    let before = before.into_iter().flatten().filter(|_| !is_open);
    Some((before.chain([name]).collect(), is_open))
}

fn part(value: &Value) -> Option<NamePart> {
    let Value::Text(text, span) = value else { return None };
    let is_known = !text.is_empty() && text.len() < 256;
    is_known.then(|| NamePart { text: text.clone(), span: *span })
}
