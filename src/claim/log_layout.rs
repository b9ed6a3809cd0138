//! What lines of logs lack, by the layouts that write them as JSON.

use super::kubernetes;
use crate::fact::LogLayout;
use crate::read::log_layout::{self, Layout};
use crate::read::tree::{Node, Tree};
use crate::source::{FileId, Source};

/// What a line needs to be found by its trace and its service, with the names that the tools give it.
const FIELDS: [(&str, &[&str]); 3] = [
    ("trace_id", &["trace_id", "traceid", "trace.id", "trace-id"]),
    ("span_id", &["span_id", "spanid", "span.id", "span-id"]),
    ("service_name", &["service_name", "servicename", "service.name", "service-name", "\"service\"", "service"]),
];

/// The JSON layouts of a file that lack some of these for certain.
pub fn claim(source: &Source, layouts: &[Layout]) -> Vec<LogLayout> {
    let stem = source.name().to_ascii_lowercase();
    if stem.contains("test") || super::session::is_aside(&source.path) {
        return Vec::new();
    }
    let of = |layout: &Layout| {
        let lacks = lacking(layout)?;
        Some(LogLayout {
            span: layout.kind.span(),
            kind: layout.kind.as_str().rsplit('.').next().unwrap_or_default().into(),
            lacks,
            subject: format!("{}/{}", source.name(), layout.kind),
        })
    };
    layouts.iter().filter_map(of).filter(|layout| !layout.lacks.is_empty()).collect()
}

/// The same of a configuration in YAML, and of those that a `ConfigMap` holds.
pub fn claim_tree(source: &Source, tree: &Tree) -> Vec<LogLayout> {
    let mut found = Vec::new();
    if source.name().starts_with("log4j2") {
        found.extend(claim(source, &log_layout::of_tree(tree.root())));
    }
    let maps = kubernetes::objects(tree).into_iter().filter(|object| kubernetes::kind(*object) == "ConfigMap");
    for (entry, value) in maps.filter_map(|map| map.get("data")).flat_map(Node::entries) {
        let name = entry.key.as_str();
        let is_one = ["log4j2", "logback"].iter().any(|start| name.starts_with(start));
        let is_read = [".xml", ".properties"].iter().any(|end| name.ends_with(end));
        let Some(text) = value.text().filter(|_| is_one && is_read && !entry.key_templated && !value.is_templated())
        else {
            continue;
        };
        // The configuration's places are those of a text of its own.
        let own = Source { path: format!("{}/{name}", source.folder()), ..source.clone() };
        let layouts = claim(&own, &log_layout::read(FileId(0), text.as_str()).body);
        let moved = |layout: LogLayout| LogLayout { span: text.slice(layout.span.range()).span(), ..layout };
        found.extend(layouts.into_iter().map(moved));
    }
    found
}

/// The fields that no line can have; nothing where the layout writes what the text does not tell.
fn lacking(layout: &Layout) -> Option<Vec<&'static str>> {
    let told = |name: &str| {
        let own = layout.told.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str())
    };
    let is = |name: &str, value: &str| told(name).is_some_and(|text| text.eq_ignore_ascii_case(value));
    let holds = |name: &str| layout.holds.iter().any(|own| own.eq_ignore_ascii_case(name));
    let texts = || layout.told.iter().map(|(_, value)| value.as_str());
    let kind = layout.kind.as_str().rsplit('.').next().unwrap_or_default();
    match kind {
        // The context is written only where that is asked for.
        "JsonLayout" | "JSONLayout" if !is("properties", "true") => {}
        // A template in a file, and a resolver of the whole context, write what is not seen here.
        "JsonTemplateLayout" if told("eventTemplateUri").is_none() => {
            let template = told("eventTemplate")?;
            let squeezed: String = template.chars().filter(|c| !c.is_whitespace()).collect();
            if squeezed.contains("\"mdc\"}") || squeezed.contains("\"mdc\",\"flatten\"") || template.contains("${") {
                return None;
            }
        }
        "PatternLayout" | "PatternLayoutEncoder" => {
            let pattern = told("pattern")?.trim();
            let is_json = pattern.starts_with('{') && pattern.contains("%m") || pattern.starts_with("{\"");
            let whole_context = ["%X ", "%X,", "%X}", "%X\"", "%mdc ", "%mdc}", "%mdc\"", "%MDC ", "%MDC}", "%K"];
            if !is_json || pattern.ends_with("%X") || whole_context.iter().any(|mark| pattern.contains(mark)) {
                return None;
            }
        }
        "LoggingEventCompositeJsonEncoder" => {
            let open = ["mdc", "arguments", "logstashMarkers", "provider", "context"];
            if !holds("providers") || open.iter().any(|provider| holds(provider)) {
                return None;
            }
        }
        _ => return None,
    }
    // What the file takes from somewhere else may be all of it.
    if texts().any(|text| text.contains("${file:") || text == "${pattern}" || text.starts_with("${")) {
        return None;
    }
    let has = |names: &[&str]| texts().any(|text| names.iter().any(|name| text.to_ascii_lowercase().contains(name)));
    Some(FIELDS.iter().filter(|(_, names)| !has(names)).map(|(field, _)| *field).collect())
}
