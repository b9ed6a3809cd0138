//! What cannot be had: releases that never were, images and downloads that are gone, archives that were never made.

use super::rows::{Verdict, verdict};
use crate::read::keyed::Keyed;
use crate::read::tree::Node;
use crate::source::Traced;
use crate::version::{Version, VersionSet};
use regex::Regex;

/// A version that should not be named.
#[derive(Debug, Clone)]
pub struct Release {
    /// Of what, in the tables' words.
    pub subject: String,
    /// Which versions.
    pub versions: VersionSet,
    /// Why not.
    pub kind: Withdrawal,
    /// What to use.
    pub instead: Option<String>,
    /// Who says so.
    pub source: String,
}

/// Why a version should not be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Withdrawal {
    NeverReleased,
    Preview,
    Yanked,
    Unusable,
}

impl Withdrawal {
    /// The clause that stands behind "Spark 3.1.0".
    pub fn says(self) -> &'static str {
        match self {
            Self::NeverReleased => "was never released",
            Self::Preview => "is a preview, not a release",
            Self::Yanked => "was withdrawn by its maintainers",
            Self::Unusable => "cannot be used",
        }
    }
}

/// An image that can no longer be pulled, or gets nothing new.
#[derive(Debug, Clone)]
pub struct Gone {
    /// The normalised repository.
    pub what: String,
    tags: Option<Regex>,
    /// The day it went.
    pub since: String,
    /// What to use.
    pub instead: Option<String>,
    /// `breaks`: the pull fails; `unsupported`: it works and gets nothing new.
    pub verdict: Verdict,
    /// Who says so.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
}

impl Gone {
    /// Whether an image of this name and tag is meant; without a tag it is `latest`.
    pub fn means(&self, name: &str, tag: Option<&str>) -> bool {
        self.what == name && self.tags.as_ref().is_none_or(|tags| tags.is_match(tag.unwrap_or("latest")))
    }
}

/// Which archives a line of Spark has.
#[derive(Debug, Clone)]
pub struct Tarballs {
    /// The releases.
    pub spark: VersionSet,
    /// What completes `spark-<version>-`.
    pub names: Vec<String>,
    /// The Scala of an archive whose name does not say.
    pub scala: Option<Version>,
    /// Who says so.
    pub source: String,
}

/// Download sites that keep only the newest releases.
#[derive(Debug, Clone)]
pub struct Mirror {
    /// Hosts with their path prefix.
    pub hosts: Vec<String>,
    /// Where everything stays.
    pub archive: String,
    /// What the sites held on the day `as_of`.
    pub newest: Vec<Version>,
    /// Releases that were seen to be gone, or whose line had ended before.
    pub surely: VersionSet,
    /// The day.
    pub as_of: String,
    /// Who says so.
    pub source: String,
    /// No primary source was read.
    pub unverified: bool,
}

impl Mirror {
    /// Whether a release had to make room for a newer one.
    pub fn has_dropped(&self, version: &Version) -> bool {
        let of_line = self.newest.iter().find(|newest| newest.numbers(2) == version.numbers(2));
        of_line.or_else(|| self.newest.iter().max()).is_some_and(|newest| version < newest)
    }
}

/// Everything of the kind.
#[derive(Debug, Clone, Default)]
pub struct Withdrawn {
    /// `[[release]]`
    pub releases: Vec<Release>,
    /// `[[gone]]`
    pub gone: Vec<Gone>,
    /// `[[tarball]]`
    pub tarballs: Vec<Tarballs>,
    /// `[[mirror]]`
    pub mirrors: Vec<Mirror>,
}

impl Withdrawn {
    /// The entry about a version, where one says that it should not be named.
    pub fn release(&self, subject: &str, versions: &VersionSet) -> Option<&Release> {
        let about = |release: &&Release| release.subject == subject && versions.is_subset(&release.versions);
        self.releases.iter().filter(|_| !versions.is_empty()).find(about)
    }

    /// The site that an address lies on which keeps only the newest releases, and where the address names it.
    pub fn mirror_of(&self, address: &str) -> Option<(&Mirror, std::ops::Range<usize>)> {
        let names = |host: &String| {
            let at = address.find(host.as_str())?;
            address.get(..at)?.ends_with("//").then(|| at..at + host.len())
        };
        self.mirrors.iter().find_map(|mirror| Some((mirror, mirror.hosts.iter().find_map(names)?)))
    }

    /// The archives of a release.
    pub fn tarballs(&self, spark: &Version) -> Option<&Tarballs> {
        self.tarballs.iter().find(|line| !spark.is_pre_release() && line.spark.contains(spark))
    }

    /// Adds those of another table before these: the user's own speaks first.
    pub fn extend(&mut self, mut other: Self) {
        other.releases.append(&mut self.releases);
        other.gone.append(&mut self.gone);
        other.tarballs.append(&mut self.tarballs);
        other.mirrors.append(&mut self.mirrors);
        *self = other;
    }
}

/// Reads what a table says. Everything that is right is returned, every fault as well.
pub fn read(keyed: &mut Keyed, root: Node<'_>) -> Withdrawn {
    let all = |keyed: &mut Keyed, key: &str| keyed.tables(root, key);
    Withdrawn {
        releases: all(keyed, "release").into_iter().filter_map(|table| release(keyed, table)).collect(),
        gone: all(keyed, "gone").into_iter().filter_map(|table| gone(keyed, table)).collect(),
        tarballs: all(keyed, "tarball").into_iter().filter_map(|table| tarball(keyed, table)).collect(),
        mirrors: all(keyed, "mirror").into_iter().filter_map(|table| mirror(keyed, table)).collect(),
    }
}

fn owned(text: Option<&Traced>) -> Option<String> {
    text.map(ToString::to_string)
}

fn range(keyed: &mut Keyed, table: Node<'_>, what: &str, key: &str) -> Option<VersionSet> {
    let text = keyed.required(table, what, key)?;
    VersionSet::parse(text.as_str()).map_err(|message| keyed.fault(text.span(), message, None)).ok()
}

fn release(keyed: &mut Keyed, table: Node<'_>) -> Option<Release> {
    const WHAT: &str = "a release";
    keyed.only(table, WHAT, &["subject", "versions", "kind", "instead", "source", "note", "unverified"]);
    let kind = keyed.required(table, WHAT, "kind")?;
    let known = [
        ("never-released", Withdrawal::NeverReleased),
        ("preview", Withdrawal::Preview),
        ("yanked", Withdrawal::Yanked),
        ("unusable", Withdrawal::Unusable),
    ];
    let Some((_, of)) = known.iter().find(|(name, _)| *name == kind.as_str()) else {
        keyed.fault(kind.span(), format!("`{kind}` is no kind of release"), None);
        return None;
    };
    Some(Release {
        subject: owned(keyed.required(table, WHAT, "subject"))?,
        versions: range(keyed, table, WHAT, "versions")?,
        kind: *of,
        instead: owned(keyed.text(table, "instead")),
        source: owned(keyed.required(table, WHAT, "source"))?,
    })
}

fn gone(keyed: &mut Keyed, table: Node<'_>) -> Option<Gone> {
    const WHAT: &str = "something gone";
    let keys = ["kind", "what", "tags", "since", "instead", "verdict", "source", "note", "unverified"];
    keyed.only(table, WHAT, &keys);
    let kind = keyed.required(table, WHAT, "kind")?;
    if kind.as_str() != "image" {
        keyed.fault(kind.span(), format!("`{kind}` is nothing that can be gone: write `image`"), None);
        return None;
    }
    let tags = keyed.text(table, "tags");
    let pattern = match tags.map(|tags| (tags, Regex::new(tags.as_str()))) {
        Some((tags, Err(_))) => {
            keyed.fault(tags.span(), "this is no regular expression", None);
            return None;
        }
        Some((_, Ok(pattern))) => Some(pattern),
        None => None,
    };
    Some(Gone {
        what: owned(keyed.required(table, WHAT, "what"))?,
        tags: pattern,
        since: owned(keyed.required(table, WHAT, "since"))?,
        instead: owned(keyed.text(table, "instead")),
        verdict: verdict(keyed, table, WHAT)?,
        source: owned(keyed.required(table, WHAT, "source"))?,
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
    })
}

fn tarball(keyed: &mut Keyed, table: Node<'_>) -> Option<Tarballs> {
    const WHAT: &str = "a line of archives";
    keyed.only(table, WHAT, &["spark", "names", "scala", "source", "note", "unverified"]);
    let names = keyed.texts(table, "names").into_iter().map(ToString::to_string).collect();
    Some(Tarballs {
        spark: range(keyed, table, WHAT, "spark")?,
        names,
        scala: keyed.text(table, "scala").and_then(|text| Version::parse(text.as_str())),
        source: owned(keyed.required(table, WHAT, "source"))?,
    })
}

fn mirror(keyed: &mut Keyed, table: Node<'_>) -> Option<Mirror> {
    const WHAT: &str = "a mirror";
    let keys = ["hosts", "archive", "finds_all", "newest", "surely", "as_of", "source", "note", "unverified"];
    keyed.only(table, WHAT, &keys);
    let hosts = keyed.texts(table, "hosts").into_iter().map(ToString::to_string).collect();
    let newest = keyed.texts(table, "newest").into_iter().filter_map(|v| Version::parse(v.as_str())).collect();
    Some(Mirror {
        hosts,
        archive: owned(keyed.required(table, WHAT, "archive"))?,
        newest,
        surely: range(keyed, table, WHAT, "surely")?,
        as_of: owned(keyed.required(table, WHAT, "as_of"))?,
        source: owned(keyed.required(table, WHAT, "source"))?,
        unverified: keyed.switch(table, "unverified").unwrap_or(false),
    })
}
