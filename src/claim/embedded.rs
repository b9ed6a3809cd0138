//! Files inside `ConfigMaps`: settings of Spark that a pod mounts, read with places inside the block scalar.

use super::kubernetes;
use crate::fact::{ConfSetting, Facts, Part, PartId, PartKind, Via};
use crate::read::properties;
use crate::read::tree::Node;
use crate::source::{FileId, Source, Traced};
use regex::Regex;
use std::sync::LazyLock;

/// Names of files that hold Spark's, Flink's or Hadoop's settings.
fn is_settings(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_properties = [".conf", ".properties"].iter().any(|ending| name.ends_with(ending));
    name.contains("spark") && is_properties
}

/// The settings of a `ConfigMap`'s files; nothing where it holds none.
pub fn claim(source: &Source, object: Node<'_>) -> Facts {
    let mut facts = Facts::default();
    if kubernetes::kind(object) != "ConfigMap" {
        return facts;
    }
    let files = object.get("data").into_iter().flat_map(Node::entries);
    let files = files.filter(|(entry, _)| !entry.key_templated && is_settings(entry.key.as_str()));
    for text in files.filter_map(|(_, value)| value.text()) {
        facts.settings.extend(settings(text));
    }
    let Some(first) = facts.settings.first() else { return facts };
    let span = first.key.span();
    facts.add(Part {
        name: kubernetes::title(object),
        span,
        folder: source.folder().to_owned(),
        kind: PartKind::ConfFile,
    });
    facts
}

static HEARTBEAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"yarn\.resourcemanager\.nodemanagers\.heartbeat-interval-ms(?:\s*</name>\s*<value>|\s*[=:]\s*|\s+)\s*([0-9]+)",
    )
    .ok()
});

/// How often YARN's node managers report, where a file of the `ConfigMap` says so.
pub fn heartbeat(object: Node<'_>) -> Option<Traced> {
    let texts = object.get("data").into_iter().flat_map(Node::entries).filter_map(|(_, value)| value.text());
    let mut texts = texts.filter(|text| text.as_str().contains("heartbeat-interval-ms"));
    texts.find_map(|text| Some(text.group(HEARTBEAT.as_ref()?.captures(text.as_str())?.get(1)?)))
}

/// The keys and values of a properties file inside another text.
fn settings(text: &Traced) -> Vec<ConfSetting> {
    let inner = |value: &Traced| {
        let range = value.span().range();
        let part = text.slice(range.clone());
        // A value with escapes or continuation lines is another text than its bytes.
        if part.as_str() == value.as_str() {
            part
        } else {
            Traced::concat(part.span(), [Traced::literal(value.as_str(), part.span())])
        }
    };
    let read = properties::read(FileId(0), text.as_str()).body;
    let ours = read.into_iter().filter(|p| p.key.as_str().starts_with("spark."));
    ours.map(|p| ConfSetting {
        part: PartId(0),
        key: inner(&p.key),
        value: Some(inner(&p.value.trim())),
        via: Via::ConfigMap,
        slot: None,
    })
    .collect()
}
