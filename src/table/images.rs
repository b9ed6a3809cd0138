//! Image families: what a repository's tags say, and what they leave unsaid.

use crate::fact::Component;
use crate::read::keyed::{Fault, Keyed};
use crate::read::tree::Node;
use crate::source::{FileId, Traced};
use crate::version::{Version, VersionSet};
use regex::Regex;
use std::sync::OnceLock;

/// A family of images with one grammar of tags.
#[derive(Debug, Clone)]
pub struct ImageFamily {
    /// Its name: `apache-spark`.
    pub family: String,
    /// Normalised repository names; `*` ends a prefix.
    pub repositories: Vec<String>,
    /// Where the grammar is documented.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
    /// Tags of the source's own list that the grammar must read (tested).
    pub checked: Vec<String>,
    /// What a tag leaves unsaid.
    pub defaults: Vec<ImageDefault>,
    /// Says the same for every tag: the Java major of `distroless/java17`.
    pub fixed: Vec<(Component, String)>,
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

/// What an image of these Spark versions holds where its tag does not say.
#[derive(Debug, Clone)]
pub struct ImageDefault {
    /// For which Spark versions.
    pub spark: VersionSet,
    /// Of what.
    pub component: Component,
    /// Which version.
    pub version: String,
    /// Who says so.
    pub source: String,
}

/// What a tag says.
#[derive(Debug, Clone, Default)]
pub struct TagFacts {
    /// The components the tag names, as parts of the tag.
    pub named: Vec<(Component, Traced)>,
}

const FAMILY_KEYS: [&str; 9] =
    ["repositories", "family", "tag", "source", "checked", "unverified", "default", "fixed", "note"];
const COMPONENTS: [(&str, Component); 5] = [
    ("spark", Component::Spark),
    ("scala", Component::Scala),
    ("java", Component::Java),
    ("python", Component::Python),
    ("hadoop", Component::Hadoop),
];

impl ImageFamily {
    /// Whether a normalised repository name belongs to it.
    pub fn matches(&self, name: &str) -> bool {
        self.repositories.iter().any(|r| r.strip_suffix('*').map_or(r == name, |prefix| name.starts_with(prefix)))
    }

    /// What a tag says; nothing where the family's grammar does not read it.
    pub fn read_tag(&self, tag: &Traced) -> TagFacts {
        let Some(pattern) = self.compiled.get_or_init(|| Regex::new(&self.pattern).ok()) else {
            return TagFacts::default();
        };
        let Some(found) = pattern.captures(tag.as_str()) else { return TagFacts::default() };
        let group = |(name, component): (&str, Component)| found.name(name).map(|m| (component, tag.group(m)));
        TagFacts { named: COMPONENTS.into_iter().filter_map(group).collect() }
    }

    /// What an image of this Spark version holds where its tag does not say.
    pub fn default_for(&self, component: Component, spark: &Version) -> Option<&ImageDefault> {
        self.defaults.iter().find(|d| d.component == component && d.spark.contains(spark))
    }
}

/// Reads the families. Every family that is right is returned, every fault as well.
pub fn read(file: FileId, text: &str) -> (Vec<ImageFamily>, Vec<Fault>) {
    let (mut keyed, tree) = Keyed::open(file, text);
    let Some(tree) = tree else { return (Vec::new(), keyed.faults) };
    keyed.only(tree.root(), "the image table", &["image"]);
    let tables = keyed.tables(tree.root(), "image");
    let families = tables.into_iter().filter_map(|table| family(&mut keyed, table)).collect();
    (families, keyed.faults)
}

fn family(keyed: &mut Keyed, table: Node<'_>) -> Option<ImageFamily> {
    keyed.only(table, "an image family", &FAMILY_KEYS);
    let owned = |list: Vec<&Traced>| list.into_iter().map(|t| t.as_str().to_owned()).collect::<Vec<_>>();
    let family = keyed.required(table, "an image family", "family")?.as_str().to_owned();
    let tag = keyed.required(table, "an image family", "tag")?;
    let source = keyed.required(table, "an image family", "source")?.as_str().to_owned();
    let fixed = table.get("fixed").map(|node| {
        node.entries().filter_map(|(e, v)| Some((component(keyed, &e.key)?, v.str()?.to_owned()))).collect::<Vec<_>>()
    });
    Some(ImageFamily {
        family,
        repositories: owned(keyed.texts(table, "repositories")),
        source,
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
        checked: owned(keyed.texts(table, "checked")),
        defaults: keyed.tables(table, "default").into_iter().flat_map(|d| defaults(keyed, d)).collect(),
        fixed: fixed.unwrap_or_default(),
        pattern: tag.as_str().to_owned(),
        compiled: OnceLock::new(),
    })
}

fn component(keyed: &mut Keyed, key: &Traced) -> Option<Component> {
    let found = COMPONENTS.iter().find(|(name, _)| *name == key.as_str()).map(|(_, c)| *c);
    if found.is_none() {
        keyed.fault(key.span(), format!("`{key}` is no component"), None);
    }
    found
}

fn defaults(keyed: &mut Keyed, table: Node<'_>) -> Vec<ImageDefault> {
    let Some(spark) = keyed.required(table, "a default", "spark") else { return Vec::new() };
    let Some(source) = keyed.required(table, "a default", "source") else { return Vec::new() };
    let set = VersionSet::parse(spark.as_str()).map_err(|message| keyed.fault(spark.span(), message, None));
    let Ok(set) = set else { return Vec::new() };
    let values = table.entries().filter(|(e, _)| !["spark", "source", "note"].contains(&e.key.as_str()));
    let default = |(entry, value): (&crate::read::tree::Entry, Node<'_>)| {
        let component = component(keyed, &entry.key)?;
        let version = value.str()?.to_owned();
        Some(ImageDefault { spark: set.clone(), component, version, source: source.as_str().to_owned() })
    };
    values.filter_map(default).collect()
}

/// Whether every pattern compiles: asked by the test that reads all tables, since a family with a bad one reads no tag.
pub fn pattern_faults(families: &[ImageFamily]) -> Vec<String> {
    families.iter().filter_map(|f| Regex::new(&f.pattern).err().map(|e| format!("{}: {e}", f.family))).collect()
}
