//! Which edits mend a claim, where the unit and the tables know the right value. No value is guessed: what would need a release, a tag or
//! an artefact that nobody is known to have published has no edit.

use super::{Project, Unit};
use crate::fact::{Component, How, PartId, VersionClaim};
use crate::finding::Edit;
use crate::project::conflict::different_lines;
use crate::source::{Span, Traced};
use crate::table::Tables;
use crate::version::{Version, VersionSet};
use std::collections::HashSet;

/// Scala's binary versions that libraries are published for.
const SCALAS: [&str; 4] = ["2.11", "2.12", "2.13", "3"];

/// Makes a claim about Scala say one of the `allowed` binary versions: the only one, or the one that the rest of the unit says, where the
/// library is known to exist for it. A suffix that follows the build's Scala is mended by the release of Scala that the unit's Spark is built with.
pub fn scala(
    project: &Project,
    unit: &Unit,
    tables: &Tables,
    claim: &VersionClaim,
    allowed: &VersionSet,
) -> Option<Edit> {
    let of_line = |line: &str| Version::parse(line).map(|version| VersionSet::of(&version));
    let fits = |line: &&str| {
        of_line(line)
            .is_some_and(|versions| versions.meets(allowed) && is_published(project, unit, tables, claim, &versions))
    };
    let mut lines: Vec<&str> = SCALAS.into_iter().filter(fits).collect();
    if lines.len() > 1 {
        let at = claim.text.span();
        let others: Vec<&VersionClaim> =
            project.claims(unit).filter(|c| c.component == Component::Scala && !c.text.span().overlaps(at)).collect();
        lines.retain(|line| {
            let versions = of_line(line);
            !others.is_empty() && others.iter().all(|other| versions.as_ref().is_some_and(|v| v.meets(&other.versions)))
        });
    }
    let [line] = lines[..] else { return None };
    let Some(whole) = whole_scala(project, claim) else {
        return (claim.how == How::Suffix).then(|| Edit::replace(&claim.text, line)).flatten();
    };
    let versions = of_line(line)?;
    let sparks = project.claims(unit).filter(|c| c.is_spark());
    let mut built_with = sparks.filter_map(|spark| {
        let own = tables.needs(spark, Component::ScalaLibrary)?.relation.versions.intersect(&versions);
        own.exact().cloned()
    });
    Edit::replace(whole, built_with.next()?.to_string())
}

/// Whether all that a suffix belongs to is published for a Scala, as far as rows know.
fn is_published(project: &Project, unit: &Unit, tables: &Tables, claim: &VersionClaim, scala: &VersionSet) -> bool {
    let at = claim.text.span();
    // One text may be the suffix of many libraries.
    let suffixed =
        project.facts.dependencies.iter().filter(|d| d.scala.as_ref().is_some_and(|s| s.span().overlaps(at)));
    let names: HashSet<(PartId, String)> = suffixed.map(|d| (d.part, d.coordinate())).collect();
    let libraries = project.claims(unit).filter(|c| {
        matches!(c.component, Component::Library(_) | Component::Spark) && names.contains(&(c.part, c.by.clone()))
    });
    libraries.into_iter().all(|library| tables.contradiction(library, Component::Scala, scala).is_none())
}

/// The whole version of Scala that a claim's text is a part of, or says.
fn whole_scala<'p>(project: &'p Project, claim: &'p VersionClaim) -> Option<&'p Traced> {
    let at = claim.text.span();
    let holds = |span: Span| span.file == at.file && span.start <= at.start && at.end <= span.end;
    let patch = |text: &str| Version::parse(text).is_some_and(|version| version.precision() >= 3);
    // The tag of an image that brings a Scala says another version.
    let is_scala = |c: &&VersionClaim| {
        matches!(c.component, Component::Scala | Component::ScalaLibrary) && c.how != How::ImageDefault
    };
    let said = project.facts.versions.iter().filter(is_scala);
    said.map(|c| &c.text).find(|text| holds(text.span()) && patch(text.as_str()))
}

/// Whether nothing else in the unit says another line of what a claim is about, once the claim says `versions`.
pub fn agrees(project: &Project, unit: &Unit, claim: &VersionClaim, versions: &VersionSet) -> bool {
    let moved = VersionClaim { versions: versions.clone(), ..claim.clone() };
    let mut others = project.claims(unit).filter(|c| c.text.span() != claim.text.span() && c.is_spark());
    !others.any(|other| different_lines(other, &moved))
}

/// Makes the tag of an image name another Spark, where its family is known to have that tag.
pub fn tag(project: &Project, tables: &Tables, claim: &VersionClaim, wanted: &Version) -> Option<Edit> {
    if claim.how != How::ImageTag {
        return None;
    }
    let at = claim.text.span();
    let of_claim = |tag: &&Traced| tag.span().overlaps(at);
    let image =
        project.facts.images.iter().find(|i| i.part == claim.part && i.tag.as_ref().is_some_and(|t| of_claim(&t)))?;
    let tag = image.tag.as_ref()?.as_str();
    let family = tables.image_family(&image.name, Some(tag))?;
    let new = tag.replacen(claim.text.as_str(), &wanted.to_string(), 1);
    // What this repository uses elsewhere is there as well.
    let used = || {
        project.facts.images.iter().any(|i| i.name == image.name && i.tag.as_ref().is_some_and(|t| t.as_str() == new))
    };
    (family.has(&new) || used()).then(|| Edit::replace(&claim.text, wanted.to_string())).flatten()
}

/// Makes a claim name another version; in a jar's name only where it is downloaded, in all places of its address.
pub fn version(project: &Project, claim: &VersionClaim, wanted: &str) -> Vec<Edit> {
    match claim.how {
        _ if !is_called_so(claim, wanted) => Vec::new(),
        How::Jar => jar(project, claim, wanted),
        how if how.is_plain() => Edit::replace(&claim.text, wanted).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether the library has its name in that version: Delta's jars were `delta-core` before 3.0, and `delta-spark` since.
pub fn is_called_so(claim: &VersionClaim, wanted: &str) -> bool {
    let name = claim.by.rsplit(':').next().unwrap_or(&claim.by);
    let is_new = || Version::parse(wanted).is_some_and(|version| version.numbers(1) >= vec![3]);
    match claim.how {
        How::Pin => true,
        _ if name.starts_with("delta-core") => !is_new(),
        _ if name.starts_with("delta-spark") => is_new(),
        _ => true,
    }
}

/// Whether a module of Spark with a Scala in its name is published in a version for that Scala, as far as rows know.
pub fn has_suffix(project: &Project, tables: &Tables, claim: &VersionClaim, wanted: &str) -> bool {
    let Some(version) = Version::parse(wanted) else { return false };
    let moved = VersionClaim { versions: VersionSet::exactly(version), ..claim.clone() };
    let of_claim = project.facts.dependencies.iter().filter(|d| d.part == claim.part && d.coordinate() == claim.by);
    let mut suffixes = of_claim.filter_map(|d| Version::parse(d.scala.as_ref()?.as_str()));
    suffixes.all(|scala| tables.contradiction(&moved, Component::Scala, &VersionSet::of(&scala)).is_none())
}

fn jar(project: &Project, claim: &VersionClaim, wanted: &str) -> Vec<Edit> {
    let (at, old) = (claim.text.span(), claim.text.as_str());
    let of_part = |part: Option<PartId>| part.is_none_or(|part| part == claim.part);
    let downloads = project.facts.downloads.iter().filter(|d| of_part(d.part));
    // Only the layout of a Maven repository says what the address of another version is.
    let of_claim = |address: &&Traced| address.pieces().any(|(_, span, _)| span.overlaps(at));
    let Some(address) = downloads.map(|d| &d.address).find(of_claim) else { return Vec::new() };
    let name = claim.by.rsplit(':').next().unwrap_or(&claim.by);
    let place = |before: &str, after: &str| {
        let text = format!("{before}{old}{after}");
        let start = address.as_str().rfind(&text)? + before.len();
        Edit::replace(&address.slice(start..start + old.len()), wanted)
    };
    let folder = place(&format!("/{name}/"), "/");
    // Half of the address may be right.
    if folder.is_none() && !address.as_str().contains(&format!("/{name}/{wanted}/")) {
        return Vec::new();
    }
    let Some(file) = place(&format!("/{name}-"), "") else { return Vec::new() };
    let folder = folder.filter(|folder| *folder != file);
    folder.into_iter().chain([file]).collect()
}

/// Makes an artefact whose name says a Spark be the one for the Spark that runs, where its version is known to have one for it.
pub fn named(tables: &Tables, claim: &VersionClaim, library: &VersionClaim, spark: &VersionClaim) -> Option<Edit> {
    let has = tables.needs(library, Component::Spark)?.relation.versions.clone();
    let line = spark.versions.low()?.numbers(2).iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    let fits = claim.text.as_str().matches('.').count() == 1 && spark.versions.lines(2).is_subset(&has);
    // The address of a jar says its name several times, and a file that is copied has to be there.
    (fits && library.how != How::Jar).then(|| Edit::replace(&claim.text, line)).flatten()
}

/// Turns a text into another by the one stretch in which they differ, where that stands in one place.
pub fn rewrite(text: &Traced, into: &str) -> Option<Edit> {
    let old = text.as_str();
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(into.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(head..)?, into.get(head..)?);
    let tail: usize =
        old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (mut start, end) = (head, old.len().checked_sub(tail)?);
    if start == end {
        // A place between two letters belongs to none of them.
        start = old.get(..start)?.char_indices().next_back()?.0;
    }
    Edit::replace(&text.slice(start..end), into.get(start..into.len().checked_sub(tail)?)?)
}
