//! How the modules of a build say which Scala they are for: by a version, by suffixes that follow from it, and by suffixes that are
//! written out.

use super::Project;
use crate::fact::{Component, Dependency, Ecosystem, How, PartId, PartKind, Variants, VersionClaim};
use crate::project::conflict::different_lines;
use crate::source::Span;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A suffix that is written out, beside suffixes that follow the build's Scala.
#[derive(Debug)]
pub struct Fixed<'p> {
    /// The suffix that stays as it is.
    pub claim: &'p VersionClaim,
    /// A suffix that follows, where it is another.
    pub follows: &'p VersionClaim,
    /// The evaluation in which the two meet.
    pub evaluation: &'p str,
}

/// Whether two claims are the two texts of one build that must agree: the Scala version, and the binary version in the names of
/// libraries. Each stands in a place of its own that the build's declarations refer to.
pub fn are_of_one_build(a: &VersionClaim, b: &VersionClaim) -> bool {
    let says_version = |claim: &VersionClaim| matches!(claim.how, How::Compiler | How::Dependency);
    let says_suffix = |claim: &VersionClaim| claim.how == How::Suffix;
    let shared = |claim: &VersionClaim| !claim.text.is_literal();
    a.part == b.part
        && shared(a)
        && shared(b)
        && (says_version(a) && says_suffix(b) || says_suffix(a) && says_version(b))
}

/// Suffixes that are right in the default evaluation of an sbt build and wrong in another: they do not follow.
pub fn fixed(project: &Project) -> Vec<Fixed<'_>> {
    let mut suffixes: BTreeMap<PartId, Vec<&VersionClaim>> = BTreeMap::new();
    for claim in project.facts.versions.iter().filter(|c| c.component == Component::Scala && c.how == How::Suffix) {
        suffixes.entry(claim.part).or_default().push(claim);
    }
    let mut found = Vec::new();
    for (part, claims) in suffixes {
        // What a Maven profile does not reach is a conflict of that profile.
        let PartKind::Module(module) = &project.part(part).kind else { continue };
        if module.ecosystem != Ecosystem::Sbt {
            continue;
        }
        let all = Variants::first(module.evaluations.len()).and(module.reached);
        let Some(default) = all.lowest() else { continue };
        let (literal, following): (Vec<&VersionClaim>, Vec<&VersionClaim>) =
            claims.into_iter().partition(|claim| claim.text.is_literal());
        for claim in literal {
            let meet = |other: &VersionClaim| claim.variants.and(other.variants).and(all);
            let agrees = following.iter().any(|other| meet(other).has(default) && !different_lines(claim, other));
            let strays = following.iter().filter(|other| different_lines(claim, other) && !meet(other).is_empty());
            let Some(follows) = strays.min_by_key(|other| meet(other).lowest()).filter(|_| agrees) else { continue };
            let evaluation = meet(follows).lowest().and_then(|index| module.evaluations.get(index));
            found.extend(evaluation.map(|evaluation| Fixed { claim, follows, evaluation }));
        }
    }
    found
}

/// The place of the Scala suffix of each library, by part and coordinate. Libraries that share a suffix share a place.
pub fn suffix_places(project: &Project) -> HashMap<(PartId, String), Span> {
    let suffixed = project.facts.dependencies.iter().filter_map(|d| Some((d, d.scala.as_ref()?)));
    suffixed.map(|(d, suffix)| ((d.part, d.coordinate()), suffix.span())).collect()
}

/// Names that are only published with a Scala suffix.
const ALWAYS_SUFFIXED: [(&str, &[&str]); 2] = [
    (
        "org.apache.spark",
        &[
            "spark-avro",
            "spark-catalyst",
            "spark-connect",
            "spark-connect-client-jvm",
            "spark-core",
            "spark-graphx",
            "spark-hadoop-cloud",
            "spark-hive",
            "spark-hive-thriftserver",
            "spark-kubernetes",
            "spark-launcher",
            "spark-mllib",
            "spark-mllib-local",
            "spark-protobuf",
            "spark-repl",
            "spark-sql",
            "spark-sql-api",
            "spark-sql-kafka-0-10",
            "spark-streaming",
            "spark-streaming-kafka-0-10",
            "spark-tags",
            "spark-unsafe",
            "spark-yarn",
        ],
    ),
    ("io.delta", &["delta-core", "delta-spark"]),
];

/// Libraries of Maven and sbt builds that lack the Scala suffix without which they do not exist.
pub fn without_suffix(project: &Project) -> impl Iterator<Item = &Dependency> {
    // A suffix that is not known is none that is not written.
    let unknown: HashSet<Span> = project.facts.unresolved.iter().map(|unresolved| unresolved.span).collect();
    let own: HashSet<&str> = project
        .facts
        .parts
        .iter()
        .filter_map(|part| match &part.kind {
            PartKind::Module(module) => Some(module.coordinate.as_str()),
            _ => None,
        })
        .collect();
    project.facts.dependencies.iter().filter(move |dependency| {
        let suffixed = ALWAYS_SUFFIXED
            .iter()
            .any(|(group, names)| *group == dependency.group && names.contains(&dependency.name.as_str()));
        suffixed
            && dependency.scala.is_none()
            && dependency.how == How::Dependency
            && matches!(dependency.ecosystem, Ecosystem::Maven | Ecosystem::Sbt)
            && !unknown.contains(&dependency.span)
            && !own.contains(format!("{}:{}", dependency.group, dependency.name).as_str())
    })
}
