//! What the managed platforms hold behind their labels.

use crate::fact::Component;
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::source::Traced;
use crate::version::{Version, VersionSet};
use regex::Regex;
use std::ops::Range;

/// How a platform's releases are named.
#[derive(Debug, Clone)]
pub struct Label {
    /// The platform: `emr`, `databricks`.
    pub platform: String,
    form: Regex,
    /// Who says so.
    pub source: String,
}

/// What is behind some releases of a platform.
#[derive(Debug, Clone)]
pub struct Release {
    /// The platform.
    pub platform: String,
    /// Its releases.
    pub versions: VersionSet,
    /// What they hold.
    pub holds: Vec<(Component, VersionSet)>,
    /// Who says so.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
}

/// All platforms.
#[derive(Debug, Clone, Default)]
pub struct Platforms {
    labels: Vec<Label>,
    releases: Vec<Release>,
}

/// What a label says: its version, and components that it names itself.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The platform's own version.
    pub version: Range<usize>,
    /// Components with the bytes that name their versions.
    pub names: Vec<(Component, Range<usize>)>,
}

/// Keys of a `[[platform]]` that are no components.
const META: [&str; 7] = ["platform", "versions", "vendor", "source", "unverified", "note", "checked"];

impl Platforms {
    /// What a label of a platform says; none where the platform has no such label.
    pub fn read(&self, platform: &str, label: &str) -> Option<Said> {
        let known = self.labels.iter().filter(|known| known.platform == platform);
        let captures = known.into_iter().find_map(|known| known.form.captures(label))?;
        let group = |name: &str| captures.name(name).map(|found| found.range());
        let groups = [("scala", Component::Scala), ("java", Component::Java)];
        let names = groups.into_iter().filter_map(|(name, component)| Some((component, group(name)?))).collect();
        Some(Said { version: group("version")?, names })
    }

    /// What is known of a release.
    pub fn releases<'a>(&'a self, platform: &str, version: &'a Version) -> impl Iterator<Item = &'a Release> {
        let platform = platform.to_owned();
        self.releases.iter().filter(move |r| r.platform == platform && r.versions.contains(version))
    }

    /// Adds those of another table before these.
    pub fn extend(&mut self, mut other: Self) {
        other.labels.append(&mut self.labels);
        other.releases.append(&mut self.releases);
        *self = other;
    }
}

/// Reads what a table says. Everything that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Platforms {
    let (labels, releases) = (keyed.tables(root, "label"), keyed.tables(root, "platform"));
    Platforms {
        labels: labels.into_iter().filter_map(|table| label(keyed, table)).collect(),
        releases: releases.into_iter().filter_map(|table| release(keyed, table)).collect(),
    }
}

fn label(keyed: &mut Keyed, table: Node<'_>) -> Option<Label> {
    const WHAT: &str = "a label";
    keyed.only(table, WHAT, &["platform", "form", "fields", "source", "note", "unverified"]);
    let form = keyed.required(table, WHAT, "form")?;
    let Ok(pattern) = Regex::new(form.as_str()) else {
        keyed.fault(form.span(), "this is no regular expression", None);
        return None;
    };
    let _ = keyed.texts(table, "fields");
    Some(Label {
        platform: keyed.required(table, WHAT, "platform")?.to_string(),
        form: pattern,
        source: keyed.required(table, WHAT, "source")?.to_string(),
    })
}

fn release(keyed: &mut Keyed, table: Node<'_>) -> Option<Release> {
    const WHAT: &str = "a platform";
    let range = |keyed: &mut Keyed, text: &Traced| {
        VersionSet::parse(text.as_str()).map_err(|message| keyed.fault(text.span(), message, None)).ok()
    };
    let versions = keyed.required(table, WHAT, "versions")?;
    let versions = range(keyed, versions)?;
    let mut holds = Vec::new();
    for (entry, value) in table.entries().filter(|(entry, _)| !META.contains(&entry.key.as_str())) {
        let Some(text) = value.text() else { continue };
        holds.extend(range(keyed, text).map(|set| (Component::named(entry.key.as_str()), set)));
    }
    Some(Release {
        platform: keyed.required(table, WHAT, "platform")?.to_string(),
        versions,
        holds,
        source: keyed.required(table, WHAT, "source")?.to_string(),
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
    })
}
