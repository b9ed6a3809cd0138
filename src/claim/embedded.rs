//! Files inside `ConfigMaps`: settings of Spark that a pod mounts, read with places inside the block scalar.

use super::kubernetes;
use crate::fact::object::{MapFile, MapSettings, MapVariables};
use crate::fact::{ConfSetting, Facts, Part, PartId, PartKind, Via};
use crate::read::properties;
use crate::read::tree::Node;
use crate::source::{FileId, Source, Traced};
use regex::Regex;
use std::sync::LazyLock;

/// How a file of a `ConfigMap` says Spark's settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// `spark-defaults.conf` and files like it.
    Properties,
    /// `spark-env.sh`: variables, some of which stand for keys.
    Variables,
    /// `core-site.xml` and its kin: Hadoop's properties.
    Hadoop,
}

impl Notation {
    fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let is_properties = [".conf", ".properties"].iter().any(|ending| name.ends_with(ending));
        match name.as_str() {
            "spark-env.sh" => Some(Self::Variables),
            "core-site.xml" | "hdfs-site.xml" | "hive-site.xml" => Some(Self::Hadoop),
            _ => (name.contains("spark") && is_properties).then_some(Self::Properties),
        }
    }
}

/// The settings of a `ConfigMap`'s files, each file a part of its own; nothing where it holds none.
pub fn claim(source: &Source, object: Node<'_>) -> Facts {
    let mut facts = Facts::default();
    if kubernetes::kind(object) != "ConfigMap" {
        return facts;
    }
    let title = kubernetes::title(object);
    facts.map_variables.extend(map_variables(source, object));
    for (entry, value) in object.get("data").into_iter().flat_map(Node::entries).filter(|(e, _)| !e.key_templated) {
        let name = entry.key.as_str();
        let (Some(notation), Some(text)) = (Notation::of(name), value.text()) else { continue };
        let settings = match notation {
            Notation::Properties => settings(text),
            Notation::Variables => variables(text),
            Notation::Hadoop => hadoop(text),
        };
        let Some(first) = settings.first() else { continue };
        let part = facts.add(Part {
            // The file by which Spark's settings are known is what the object is there for.
            name: if name == DEFAULTS { title.clone() } else { format!("{title}/{name}") },
            span: first.key.span(),
            folder: source.folder().to_owned(),
            kind: PartKind::ConfFile,
        });
        facts.settings.extend(settings.into_iter().map(|setting| ConfSetting { part, ..setting }));
        let is_known = !text.as_str().contains("{{");
        facts.map_files.push(MapFile {
            map: kubernetes::name(object).value,
            namespace: kubernetes::namespace(object),
            folder: source.folder().to_owned(),
            name: name.to_owned(),
            settings: MapSettings::Here(part, is_known),
        });
    }
    facts
}

/// The values that containers may take as variables: those of one line, under keys that are names.
fn map_variables(source: &Source, object: Node<'_>) -> Option<MapVariables> {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    let is_value = |text: &str| text.len() <= MAX_VALUE && !text.contains(['\n', '{']);
    let entries = object.get("data")?.entries().filter(|(entry, _)| !entry.key_templated);
    let pairs = entries.filter_map(|(entry, value)| Some((entry.key.clone(), value.text()?.clone())));
    let pairs = pairs.filter(|(key, value)| is_name(key.as_str()) && is_value(value.as_str()));
    let variables: Vec<_> = pairs.take(MAX_VARIABLES).collect();
    (!variables.is_empty()).then(|| MapVariables {
        map: kubernetes::name(object).value,
        namespace: kubernetes::namespace(object),
        folder: source.folder().to_owned(),
        variables,
    })
}

/// Longer values and more of them no environment has.
const MAX_VALUE: usize = 4096;
const MAX_VARIABLES: usize = 1024;

/// What Spark calls its file of settings.
const DEFAULTS: &str = "spark-defaults.conf";

/// Variables that `SparkSubmitArguments` takes where no setting says otherwise.
const KEYS: [(&str, &str); 4] = [
    ("SPARK_DRIVER_MEMORY", "spark.driver.memory"),
    ("SPARK_EXECUTOR_MEMORY", "spark.executor.memory"),
    ("SPARK_EXECUTOR_CORES", "spark.executor.cores"),
    ("MASTER", "spark.master"),
];

/// What `spark-env.sh` exports in so many words.
fn variables(text: &Traced) -> Vec<ConfSetting> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.as_str().split_inclusive('\n') {
        let from = start;
        start += line.len();
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim().strip_prefix("export ").unwrap_or(name).trim();
        let Some((_, key)) = KEYS.iter().find(|(variable, _)| *variable == name) else { continue };
        let at = from + line.len() - value.len();
        let value = text.slice(at..at + value.len()).trim();
        let quoted = |quote: char| value.as_str().strip_prefix(quote)?.strip_suffix(quote).map(str::len);
        let value = match quoted('"').or_else(|| quoted('\'')) {
            Some(len) => value.slice(1..len + 1),
            None => value,
        };
        let bare = |c: char| c.is_ascii_alphanumeric() || "._:/-".contains(c);
        let value = value.as_str().chars().all(bare).then_some(value);
        let at = from + line.find(name).unwrap_or_default();
        let key = Traced::made(*key, text.slice(at..at + name.len()).span());
        found.push(ConfSetting { part: PartId(0), key, value, via: Via::ConfigMap, slot: None });
    }
    found
}

static PROPERTY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<name>\s*([A-Za-z0-9._-]+)\s*</name>\s*<value>([^<]*)</value>").ok());

/// Hadoop's properties, as Spark's settings of the same meaning.
fn hadoop(text: &Traced) -> Vec<ConfSetting> {
    let found = PROPERTY.as_ref().into_iter().flat_map(|property| property.captures_iter(text.as_str()));
    let of = |captures: regex::Captures<'_>| {
        let key = text.group(captures.get(1)?);
        let key = Traced::concat(key.span(), [Traced::made("spark.hadoop.", key.span()), key]);
        let value = Some(text.group(captures.get(2)?).trim());
        Some(ConfSetting { part: PartId(0), key, value, via: Via::ConfigMap, slot: None })
    };
    found.filter_map(of).collect()
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
