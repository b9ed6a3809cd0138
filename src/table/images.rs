//! Image families: what a repository's tags say, and what they leave unsaid.

use crate::fact::Component;
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::source::Traced;
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
    /// Tags that it is known to have.
    pub tags: Vec<Tags>,
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
    without_python: Option<String>,
}

/// What an image holds where its tag does not say.
#[derive(Debug, Clone)]
pub struct ImageDefault {
    /// For which Spark versions; None is every tag of the family.
    pub spark: Option<VersionSet>,
    /// For images with which Java, where its builds stand on different systems; None is every one.
    pub java: Option<String>,
    /// Of what.
    pub component: Component,
    /// Which version.
    pub version: String,
    /// Who says so.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
}

/// Tags that some releases of Spark are known to have.
#[derive(Debug, Clone)]
pub struct Tags {
    /// The releases.
    pub spark: VersionSet,
    /// What follows the version: a regular expression of the whole rest.
    pub endings: String,
    /// Who says so.
    pub source: String,
}

const FAMILY_KEYS: [&str; 10] =
    ["repositories", "family", "tag", "source", "checked", "unverified", "default", "note", "without-python", "tags"];
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
        self.repositories.iter().any(|repository| repository == name)
    }

    /// Whether an image of this tag is known to hold no Python.
    pub fn lacks_python(&self, tag: &str) -> bool {
        let pattern = self.without_python.as_deref().and_then(|pattern| Regex::new(pattern).ok());
        pattern.is_some_and(|pattern| pattern.is_match(tag))
    }

    /// Whether the grammar reads this tag.
    pub fn reads(&self, tag: &str) -> bool {
        self.pattern().is_some_and(|pattern| pattern.is_match(tag))
    }

    /// The list of tags that the release in a tag belongs to, where all of them are known.
    pub fn list_for(&self, tag: &str) -> Option<&Tags> {
        let spark = self.spark_in(tag)?;
        let version = Version::parse(&spark).filter(|version| !version.is_pre_release())?;
        self.tags.iter().find(|tags| tags.spark.contains(&version))
    }

    /// Whether it is known to have this tag.
    pub fn has(&self, tag: &str) -> bool {
        let listed = || {
            let (list, spark) = (self.list_for(tag)?, self.spark_in(tag)?);
            let endings = Regex::new(&format!("^(?:{})$", list.endings)).ok()?;
            tag.strip_prefix(&spark).map(|ending| endings.is_match(ending))
        };
        self.checked.iter().any(|checked| checked == tag) || listed().unwrap_or(false)
    }

    /// The tag that it has for one that it has not: the same with what is left out, else the release alone.
    pub fn nearest(&self, tag: &str) -> Option<String> {
        let endings = ["-ubuntu", "-python3-ubuntu"].iter().map(|ending| format!("{tag}{ending}"));
        endings.chain(self.spark_in(tag)).find(|tag| self.has(tag))
    }

    fn spark_in(&self, tag: &str) -> Option<String> {
        let spark = |(component, text)| (component == Component::Spark).then_some(text);
        self.versions_in(tag).into_iter().find_map(spark)
    }

    /// The components a tag names, as parts of the tag; nothing where the family's grammar does not read it.
    pub fn read_tag(&self, tag: &Traced) -> Vec<(Component, Traced)> {
        let Some(found) = self.pattern().and_then(|pattern| pattern.captures(tag.as_str())) else { return Vec::new() };
        let group = |(name, component): (&str, Component)| found.name(name).map(|m| (component, tag.group(m)));
        COMPONENTS.into_iter().filter_map(group).collect()
    }

    /// The versions that a tag names, as texts.
    pub fn versions_in(&self, tag: &str) -> Vec<(Component, String)> {
        let Some(found) = self.pattern().and_then(|pattern| pattern.captures(tag)) else { return Vec::new() };
        let group = |(name, component): (&str, Component)| Some((component, found.name(name)?.as_str().to_owned()));
        COMPONENTS.into_iter().filter_map(group).collect()
    }

    fn pattern(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }

    /// What an image holds where its tag does not say; `spark` is the version its tag names, `java` the one it has.
    pub fn default_for(
        &self,
        component: Component,
        spark: Option<&Version>,
        java: Option<&str>,
    ) -> Option<&ImageDefault> {
        let holds = |d: &&ImageDefault| {
            d.spark.as_ref().is_none_or(|set| spark.is_some_and(|v| set.contains(v)))
                && d.java.as_ref().is_none_or(|own| java == Some(own.as_str()))
        };
        self.defaults.iter().filter(|d| d.component == component).find(holds)
    }
}

/// The names of official images in a table.
pub fn official(keyed: &mut Keyed, root: Node<'_>) -> Vec<String> {
    let names = root.get("official").map(|list| keyed.texts(list, "names")).unwrap_or_default();
    names.into_iter().map(|name| name.as_str().to_owned()).collect()
}

/// Reads the families; those of a user are checked more closely, since no test has seen them. Every family that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>, from_user: bool) -> Vec<ImageFamily> {
    let tables = keyed.tables(root, "image");
    tables.into_iter().filter_map(|table| family(keyed, table, from_user)).collect()
}

fn family(keyed: &mut Keyed, table: Node<'_>, from_user: bool) -> Option<ImageFamily> {
    keyed.only(table, "an image family", &FAMILY_KEYS);
    let owned = |list: Vec<&Traced>| list.into_iter().map(|t| t.as_str().to_owned()).collect::<Vec<_>>();
    let family = keyed.required(table, "an image family", "family")?.as_str().to_owned();
    let tag = keyed.required(table, "an image family", "tag")?;
    if from_user && let Err(error) = Regex::new(tag.as_str()) {
        let message = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        keyed.fault(tag.span(), format!("this is no regular expression: {message}"), None);
        return None;
    }
    let source = keyed.required(table, "an image family", "source")?.as_str().to_owned();
    Some(ImageFamily {
        family,
        repositories: owned(keyed.texts(table, "repositories")),
        source,
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
        checked: owned(keyed.texts(table, "checked")),
        defaults: keyed.tables(table, "default").into_iter().flat_map(|d| defaults(keyed, d)).collect(),
        tags: keyed.tables(table, "tags").into_iter().filter_map(|t| tags(keyed, t)).collect(),
        pattern: tag.as_str().to_owned(),
        compiled: OnceLock::new(),
        without_python: keyed.text(table, "without-python").map(|text| text.as_str().to_owned()),
    })
}

fn tags(keyed: &mut Keyed, table: Node<'_>) -> Option<Tags> {
    keyed.only(table, "a list of tags", &["spark", "endings", "source", "note"]);
    let spark = keyed.required(table, "a list of tags", "spark")?.clone();
    let spark = VersionSet::parse(spark.as_str()).map_err(|message| keyed.fault(spark.span(), message, None)).ok()?;
    let endings = keyed.required(table, "a list of tags", "endings")?.as_str().to_owned();
    let source = keyed.required(table, "a list of tags", "source")?.as_str().to_owned();
    Some(Tags { spark, endings, source })
}

fn component(keyed: &mut Keyed, key: &Traced) -> Option<Component> {
    let found = COMPONENTS.iter().find(|(name, _)| *name == key.as_str()).map(|(_, c)| *c);
    if found.is_none() {
        keyed.fault(key.span(), format!("`{key}` is no component"), None);
    }
    found
}

fn defaults(keyed: &mut Keyed, table: Node<'_>) -> Vec<ImageDefault> {
    let Some(source) = keyed.required(table, "a default", "source") else { return Vec::new() };
    let spark = keyed.text(table, "spark").map(|text| {
        VersionSet::parse(text.as_str())
            .map_err(|message| keyed.fault(text.span(), message, None))
            .unwrap_or(VersionSet::none())
    });
    let unverified = keyed.switch(table, "unverified").unwrap_or(false);
    let java = keyed.text(table, "with-java").map(|text| text.as_str().to_owned());
    let meta = ["spark", "with-java", "source", "note", "unverified"];
    let values = table.entries().filter(|(e, _)| !meta.contains(&e.key.as_str()));
    let default = |(entry, value): (&crate::read::tree::Entry, Node<'_>)| {
        let component = component(keyed, &entry.key)?;
        let (version, source) = (value.str()?.to_owned(), source.as_str().to_owned());
        Some(ImageDefault { spark: spark.clone(), java: java.clone(), component, version, source, unverified })
    };
    values.filter_map(default).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::table::BUILT_IN;

    #[test]
    fn only_tags_that_were_published_are_had() {
        let has = |name: &str, tag: &str| BUILT_IN.image_family(name, Some(tag)).is_some_and(|family| family.has(tag));
        for tag in ["3.4.1", "3.5.8-java17-python3", "3.5.1-scala2.12-java11-python3-ubuntu", "4.1.2-scala-java17"] {
            assert!(has("apache/spark", tag), "{tag}");
        }
        for tag in ["3.2.4", "3.4.1-java17", "3.5.99", "4.0.1-scala2.13-java11-ubuntu", "4.0.0-java17"] {
            assert!(!has("apache/spark", tag), "{tag}");
        }
        assert!(has("spark", "4.1.2-java21") && !has("spark", "3.3.1"));
        let family = BUILT_IN.image_family("apache/spark", Some("3.5.6")).unwrap();
        assert_eq!(family.nearest("3.5.6-scala2.12-java11").as_deref(), Some("3.5.6-scala2.12-java11-ubuntu"));
        assert!(family.list_for("3.5.9").is_none() && family.list_for("4.0.0-preview1").is_none());
    }
}
