//! Clusters and jobs of managed platforms: in Terraform, stacks, bundles, job definitions, and the vendors' commands.
//!
//! A label is recognised by its key and its own form; what is behind it stands in the tables.

use super::packages;
use crate::compose::terraform::Terraform;
use crate::fact::{
    Component, ConfSetting, Dependency, Ecosystem, Facts, How, Part, PartId, PartKind, Platform, Scope, Unresolved,
    VersionClaim, Via,
};
use crate::read::shell::Word;
use crate::read::tree::{Kind, Node, Tree};
use crate::source::{Source, Traced};
use crate::table::Tables;
use crate::version::{Version, VersionSet};
use std::collections::HashMap;

/// The deepest that is walked.
const MAX_DEPTH: usize = 128;

/// Where a job of Databricks describes its cluster, and by which key its tasks name one.
const NEW_CLUSTER: &str = "new_cluster";
const CLUSTER_KEY: &str = "job_cluster_key";

/// Keys under which labels stand, with the platforms that they can be of.
const KEYS: [(&str, &[&str]); 13] = [
    ("release_label", &["emr", "emr-spark"]),
    ("releaseLabel", &["emr", "emr-spark"]),
    ("ReleaseLabel", &["emr", "emr-spark"]),
    ("EmrRelease", &["emr"]),
    ("spark_version", &["databricks", "synapse"]),
    ("sparkVersion", &["databricks"]),
    ("glue_version", &["glue"]),
    ("GlueVersion", &["glue"]),
    ("glueVersion", &["glue"]),
    ("image_version", &["dataproc"]),
    ("imageVersion", &["dataproc"]),
    ("version", &["dataproc-serverless"]),
    ("cluster_version", &["hdinsight"]),
];

/// Flags of the vendors' commands: program, flag, platform.
const FLAGS: [(&str, &str, &str); 4] = [
    ("aws", "--release-label", "emr"),
    ("aws", "--glue-version", "glue"),
    ("gcloud", "--image-version", "dataproc"),
    ("gcloud", "--version", "dataproc-serverless"),
];

/// Adds what a document says of platforms, and gives them the submissions of the same document where there is one of them.
pub fn claim(source: &Source, tree: &Tree, terraform: Option<&Terraform>, facts: &mut Facts) {
    let before = facts.parts.len();
    let mut walk = Walk {
        source,
        terraform,
        facts,
        above: Vec::new(),
        around: Vec::new(),
        shared: HashMap::new(),
        tasks: Vec::new(),
    };
    walk.node(tree.root(), 0);
    walk.tasks();
    let parts = facts.parts.iter().enumerate().skip(before);
    let mut platforms =
        parts.filter(|(_, part)| matches!(part.kind, PartKind::Platform(_))).map(|(i, _)| PartId(i as u32));
    if let (Some(only), None) = (platforms.next(), platforms.next()) {
        for part in &mut facts.parts {
            if let PartKind::Submission(submission) = &mut part.kind {
                submission.within.get_or_insert(only);
            }
        }
    }
}

struct Walk<'a, 't> {
    source: &'a Source,
    terraform: Option<&'a Terraform>,
    facts: &'a mut Facts,
    /// The keys that lead here.
    above: Vec<String>,
    /// The mappings around.
    around: Vec<Node<'t>>,
    /// Clusters that tasks name by a key; None where two have the same.
    shared: HashMap<String, Option<PartId>>,
    /// Tasks that name one.
    tasks: Vec<(String, Node<'t>)>,
}

impl<'t> Walk<'_, 't> {
    fn node(&mut self, node: Node<'t>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if node.is_mapping() {
            self.mapping(node);
        }
        match node.kind() {
            Kind::Mapping { .. } => {
                self.around.push(node);
                for (entry, value) in node.entries() {
                    self.above.push(entry.key.to_string());
                    self.node(value, depth + 1);
                    self.above.pop();
                }
                self.around.pop();
            }
            Kind::Sequence { .. } => node.items().for_each(|item| self.node(item, depth + 1)),
            _ => {}
        }
    }

    fn is_below(&self, names: &[&str]) -> bool {
        self.above.iter().any(|key| names.contains(&key.as_str()))
    }

    /// A value as text, variables of Terraform filled in.
    fn text(&self, node: Node<'_>) -> Option<Traced> {
        match self.terraform {
            Some(terraform) => terraform.fill(self.source.folder(), node),
            None => node.text().cloned(),
        }
    }

    fn mapping(&mut self, node: Node<'t>) {
        if let Some(key) = node.get(CLUSTER_KEY).and_then(Node::str)
            && node.get(NEW_CLUSTER).is_none()
        {
            self.tasks.push((key.to_owned(), node));
        }
        for (key, platforms) in KEYS {
            let Some((name, value)) = node.entry(key) else { continue };
            let Some(label) = self.text(value) else {
                if value.is_templated() && names_a_platform(key) {
                    let why = "the platform's release is only known where it is deployed".to_owned();
                    self.facts.unresolved.push(Unresolved { span: name.span(), why });
                }
                continue;
            };
            let Some(vendor) = platforms.iter().find(|vendor| self.is_label(vendor, key, label.as_str())) else {
                continue;
            };
            let part = self.add(vendor, &label);
            self.beside(node, part);
            self.of_task(part);
        }
    }

    /// A job's cluster is described within the task that runs on it, or beside the key by which tasks name it.
    fn of_task(&mut self, part: PartId) {
        let Some(around) = self.around.last().copied() else { return };
        if self.above.last().is_none_or(|key| key != NEW_CLUSTER) {
            return;
        }
        match around.get(CLUSTER_KEY).and_then(Node::str) {
            Some(key) => {
                self.shared.entry(key.to_owned()).and_modify(|known| *known = None).or_insert(Some(part));
            }
            None => self.libraries(around, part),
        }
    }

    /// The libraries of tasks that name a cluster.
    fn tasks(&mut self) {
        for (key, task) in std::mem::take(&mut self.tasks) {
            if let Some(part) = self.shared.get(&key).copied().flatten() {
                self.libraries(task, part);
            }
        }
    }

    fn add(&mut self, vendor: &'static str, label: &Traced) -> PartId {
        let name =
            self.above.iter().rev().find(|key| !matches!(key.as_str(), "new_cluster" | "Properties" | "Instances"));
        self.facts.add(Part {
            name: format!("{}: {}", self.source.path, name.map_or(vendor, String::as_str)),
            span: label.span(),
            folder: self.source.folder().to_owned(),
            kind: PartKind::Platform(Platform { vendor, label: label.clone() }),
        })
    }

    /// Whether a text is a label of a platform, where it stands.
    fn is_label(&self, vendor: &str, key: &str, text: &str) -> bool {
        let number = text.starts_with(|c: char| c.is_ascii_digit());
        match vendor {
            "emr" => text.starts_with("emr-") && !text.starts_with("emr-spark-"),
            "emr-spark" => text.starts_with("emr-spark-"),
            "databricks" => number && text.contains(".x-"),
            "synapse" => number && self.is_below(&["azurerm_synapse_spark_pool"]),
            "glue" => number,
            "dataproc" => {
                number
                    && self.is_below(&[
                        "software_config",
                        "softwareConfig",
                        "google_dataproc_cluster",
                        "SoftwareConfig",
                    ])
            }
            "dataproc-serverless" => {
                number
                    && key == "version"
                    && self.above.last().is_some_and(|k| k == "runtime_config" || k == "runtimeConfig")
            }
            "hdinsight" => number && self.is_below(&["azurerm_hdinsight_spark_cluster"]),
            _ => false,
        }
    }

    /// Libraries and settings that are declared with the label.
    fn beside(&mut self, node: Node<'_>, part: PartId) {
        for key in ["spark_conf", "sparkConf", "properties", "override_properties"] {
            for (entry, value) in node.get(key).into_iter().flat_map(Node::entries) {
                let name = entry.key.as_str();
                // Dataproc writes the file's name before the key.
                let from = name.strip_prefix("spark:").map_or(0, |rest| name.len() - rest.len());
                let setting = entry.key.slice(from..name.len());
                if setting.as_str().starts_with("spark.") {
                    let value = self.text(value);
                    self.facts.settings.push(ConfSetting { part, key: setting, value, via: Via::Resource, slot: None });
                }
            }
        }
        self.libraries(node, part);
        let arguments =
            ["default_arguments", "DefaultArguments", "defaultArguments"].into_iter().find_map(|key| node.get(key));
        for (entry, value) in arguments.into_iter().flat_map(Node::entries) {
            let Some(text) = self.text(value) else { continue };
            match entry.key.as_str() {
                "--extra-jars" => {
                    let key = Traced::literal("spark.jars", entry.key.span());
                    self.facts.settings.push(ConfSetting {
                        part,
                        key,
                        value: Some(text),
                        via: Via::Resource,
                        slot: None,
                    });
                }
                "--additional-python-modules" => {
                    for (start, item) in items(text.as_str()) {
                        let item = text.slice(start..start + item.len());
                        self.facts.dependencies.extend(requirement(part, &item));
                    }
                }
                _ => {}
            }
        }
    }

    /// Terraform repeats a block, everything else has lists.
    fn libraries(&mut self, node: Node<'_>, part: PartId) {
        let libraries = node.entries().filter(|(entry, _)| matches!(entry.key.as_str(), "library" | "libraries"));
        for (_, list) in libraries {
            let items: Vec<Node<'_>> = if list.is_sequence() { list.items().collect() } else { vec![list] };
            for item in items {
                self.library(item, part);
            }
        }
    }

    fn library(&mut self, item: Node<'_>, part: PartId) {
        if let Some(coordinate) = item.path(&["maven", "coordinates"]).and_then(|node| self.text(node)) {
            self.facts.dependencies.extend(packages::coordinate(part, &coordinate));
        }
        if let Some(package) = item.path(&["pypi", "package"]).and_then(|node| self.text(node)) {
            self.facts.dependencies.extend(requirement(part, &package));
        }
    }
}

/// Whether a value below this key would be a label, whatever else stands around it.
fn names_a_platform(key: &str) -> bool {
    !matches!(key, "version" | "cluster_version" | "image_version" | "imageVersion")
}

/// The items of a list with commas, with where each begins.
fn items(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = |item: &str| item.as_ptr() as usize - text.as_ptr() as usize;
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(move |item| (start(item), item))
}

/// `name==version`.
pub fn requirement(part: PartId, text: &Traced) -> Option<Dependency> {
    let value = text.as_str();
    let (name, version) = value.split_once("==")?;
    let parsed = Version::parse(version.trim())?;
    let name = text.slice(0..name.len()).trim();
    let version = text.slice(value.len() - version.len()..value.len()).trim();
    Some(Dependency {
        versions: VersionSet::exactly(parsed),
        version: Some(version),
        scope: Scope::Runtime,
        ..Dependency::named(part, Ecosystem::PyPi, name, text.span())
    })
}

/// What a vendor's command creates: `aws emr create-cluster --release-label emr-7.8.0`.
pub fn claim_command(source: &Source, words: &[Word], facts: &mut Facts) -> Option<PartId> {
    let (program, rest) = words.split_first()?;
    let mut created = None;
    let name = program.as_str().rsplit('/').next().unwrap_or_default();
    for (of, flag, vendor) in FLAGS {
        let subject = rest.first().map_or("", |word| word.as_str());
        if of != name || !matches!(subject, "emr" | "emr-serverless" | "emr-containers" | "glue" | "dataproc") {
            continue;
        }
        let Some(label) = flag_value(rest, flag) else { continue };
        let part = facts.add(Part {
            name: format!("{}: {name} {subject}", source.path),
            span: label.span(),
            folder: source.folder().to_owned(),
            kind: PartKind::Platform(Platform { vendor, label }),
        });
        if let Some(text) = flag_value(rest, "--properties").filter(|_| name == "gcloud") {
            facts.settings.extend(properties(part, &text));
        }
        created = Some(part);
    }
    created
}

/// The value of a flag, in the next word or behind an equals sign.
pub fn flag_value(words: &[Word], flag: &str) -> Option<Traced> {
    words.iter().enumerate().find_map(|(i, word)| {
        let text = word.as_str();
        if text == flag {
            return words.get(i + 1).and_then(Word::value).cloned();
        }
        let after = text.strip_prefix(flag)?.strip_prefix('=')?;
        word.value().map(|word| word.slice(text.len() - after.len()..text.len()))
    })
}

/// `spark:spark.a=b,spark.c=d`, or `^#^spark.a=b,c#spark.d=e` with a separator of its own.
pub fn properties(part: PartId, text: &Traced) -> Vec<ConfSetting> {
    let whole = text.as_str();
    let own = whole.strip_prefix('^').and_then(|rest| rest.split_once('^')).filter(|(mark, _)| !mark.is_empty());
    let (mark, list) = own.unwrap_or((",", whole));
    let at = |part: &str| part.as_ptr() as usize - whole.as_ptr() as usize;
    let setting = |item: &str| {
        let (key, value) = item.split_once('=')?;
        let key = key.trim().strip_prefix("spark:").unwrap_or(key.trim());
        let slice = |part: &str| text.slice(at(part)..at(part) + part.len());
        let (key, value) = (slice(key), slice(value.trim()));
        let is_spark = key.as_str().starts_with("spark.");
        is_spark.then_some(ConfSetting { part, key, value: Some(value), via: Via::Resource, slot: None })
    };
    list.split(mark).filter_map(setting).collect()
}

/// What is behind the labels, as the tables say.
pub fn versions(facts: &mut Facts, tables: &Tables) {
    let mut claims = Vec::new();
    for (id, part) in facts.parts() {
        let PartKind::Platform(Platform { vendor, label }) = &part.kind else { continue };
        let Some(said) = tables.platforms.read(vendor, label.as_str()) else { continue };
        let Some(version) = label.as_str().get(said.version.clone()).and_then(Version::parse) else { continue };
        let mut claim = |component, versions: VersionSet, text: Traced, unverified| {
            let new = VersionClaim::new(id, component, versions, text, How::Label, titled(vendor, label.as_str()));
            claims.push(VersionClaim { unverified, ..new });
        };
        for (component, at) in &said.names {
            let text = label.slice(at.clone());
            if let Some(version) = Version::parse(text.as_str()) {
                claim(*component, VersionSet::of(&version), text, false);
            }
        }
        for release in tables.platforms.releases(vendor, &version) {
            for (component, held) in &release.holds {
                if said.names.iter().all(|(named, _)| named != component) && is_compared(*component) {
                    claim(*component, held.clone(), label.clone(), release.unverified);
                }
            }
        }
    }
    facts.versions.extend(claims);
}

/// A label as people say it: `emr-6.15.0`, `Glue 4.0`.
fn titled(vendor: &str, label: &str) -> String {
    let name = match vendor {
        "dataproc" => "Dataproc",
        "dataproc-serverless" => "Dataproc Serverless",
        "glue" => "Glue",
        "hdinsight" => "HDInsight",
        "synapse" => "Synapse",
        _ => return label.to_owned(),
    };
    format!("{name} {label}")
}

/// What a platform brings and a job cannot choose. Python's libraries can be installed in other versions.
fn is_compared(component: Component) -> bool {
    matches!(component, Component::Spark | Component::Scala | Component::Java | Component::Python | Component::Hadoop)
}
