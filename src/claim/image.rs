//! What an image's name and tag claim: versions of Spark, Scala, Java … by the grammar of its family, and by nothing else.
//!
//! The first `x.y.z` of any tag would often be the application's own version, so an image of no known family claims nothing.

use crate::fact::image::parse_reference;
use crate::fact::{Component, CopyFrom, Facts, How, Image, ImageUse, PartId, PartKind, VersionClaim};
use crate::source::Traced;
use crate::table::Tables;
use crate::version::{Version, VersionSet};
use regex::Regex;
use std::sync::LazyLock;

/// Adds an image that a container runs, or an application as a whole (no slot).
pub fn runs(facts: &mut Facts, part: PartId, slot: Option<String>, reference: &Traced) {
    let (name, tag, digest) = parse_reference(reference);
    // Empty values of a template leave no name.
    if name.is_empty() || name.ends_with('/') {
        return;
    }
    let usage = ImageUse::Runs { slot };
    facts.images.push(Image { part, reference: reference.clone(), name, tag, digest, usage });
}

/// Adds an image of which only the name is known, written as a template.
pub fn runs_untagged(facts: &mut Facts, part: PartId, slot: Option<String>, written: &Traced, name: &Traced) {
    let (normal, _, _) = parse_reference(name);
    let (reference, usage) = (written.clone(), ImageUse::Runs { slot });
    facts.images.push(Image { part, reference, name: normal, tag: None, digest: None, usage });
}

/// The version claims of all images of some facts. Builder stages claim nothing: what is in them does not run.
pub fn version_claims(facts: &Facts, tables: &Tables) -> Vec<VersionClaim> {
    let of = |image: &Image| {
        let mut claims = of_image(image, tables);
        if brings(facts, image, &JAVA) {
            claims.retain(|claim| claim.component != Component::Java);
        }
        if takes_spark_out(facts, image) {
            claims.retain(|c| !matches!(c.component, Component::Spark | Component::Scala | Component::Hadoop));
        }
        let installs =
            |c: &VersionClaim| c.part == image.part && c.component == Component::Python && c.how == How::Install;
        if facts.versions.iter().any(installs) {
            claims.retain(|claim| claim.component != Component::Python);
        }
        if brings(facts, image, &PYTHON) {
            claims.retain(|claim| claim.component != Component::Python || claim.how != How::ImageDefault);
        }
        claims
    };
    facts.images.iter().flat_map(of).collect()
}

/// Installs or copies of a JDK: after them, the Java of the base image need not be the one that runs.
static JAVA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(openjdk|temurin|corretto|zulu|semeru|liberica|graalvm|\bjdk|\bjre|java-\d|\bsdkman|\bsdk install)",
    )
    .ok()
});

/// Commands that remove Spark's folder.
static REMOVAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\brm\s+-\w*r\w*\s+(?:[^;&|]*\s)?"?(?:\$\{?SPARK_HOME\}?|/opt/spark)/?"?(?:\s|;|&|\||$)"#).ok()
});

/// Whether an image removes the Spark of its base, to have another one.
fn takes_spark_out(facts: &Facts, image: &Image) -> bool {
    let PartKind::ImageBuild(build) = &facts.part(image.part).kind else { return false };
    let mut runs = build.final_stages().into_iter().flat_map(|stage| &build.stages[stage].runs);
    runs.any(|run| REMOVAL.as_ref().is_some_and(|removal| removal.is_match(run.text.as_str())))
}

/// Installs or copies of a Python that is not the system's: after them, the one that the image has by default need not run.
static PYTHON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let own = r"(?i)(python-?3\.\d|python-3|/python\b|^python\b|pyenv|conda|mamba|deadsnakes|\buv\b|virtualenv|update-alternatives)";
    Regex::new(own).ok()
});

/// Whether an image's recipe installs or copies something of its own of this kind.
fn brings(facts: &Facts, image: &Image, kind: &LazyLock<Option<Regex>>) -> bool {
    let PartKind::ImageBuild(build) = &facts.part(image.part).kind else { return false };
    let names = |text: &str| kind.as_ref().is_some_and(|kind| kind.is_match(text));
    build.final_stages().into_iter().map(|i| &build.stages[i]).any(|stage| {
        let installs = stage.runs.iter().any(|run| run.text.as_str().contains("install") && names(run.text.as_str()));
        let copies = stage.copies.iter().any(|copy| match &copy.from {
            Some(CopyFrom::Image(name)) => names(name),
            Some(CopyFrom::Stage(_)) => copy.sources.iter().any(|source| names(source.as_str())),
            None => false,
        });
        installs || copies
    })
}

pub(super) fn of_image(image: &Image, tables: &Tables) -> Vec<VersionClaim> {
    let stage = match image.usage {
        ImageUse::Base { last: false, .. } => return Vec::new(),
        ImageUse::Base { stage, .. } => Some(stage),
        ImageUse::Runs { .. } => None,
    };
    let tag = image.tag.as_ref();
    // Which release a digest alone stands for, only the registry knows.
    if tag.is_none() && image.digest.is_some() {
        return Vec::new();
    }
    let Some(family) = tables.image_family(&image.name, tag.map(Traced::as_str)) else { return Vec::new() };
    let claim = |component, versions, text: &Traced, how, unverified| VersionClaim {
        stage,
        slot: image.usage.slot(),
        unverified,
        ..VersionClaim::new(image.part, component, versions, text.clone(), how, image.name.clone())
    };
    let named = tag.map_or_else(Vec::new, |tag| family.read_tag(tag));
    let told = |component| named.iter().find(|(named, _)| *named == component).map(|(_, text)| text);
    let spark = told(Component::Spark);
    let version = spark.and_then(|text| Version::parse(text.as_str()));
    let usual = |component, java: Option<&str>| family.default_for(component, version.as_ref(), java);
    let java = told(Component::Java).map(Traced::as_str);
    let java = java.or_else(|| usual(Component::Java, None).map(|default| default.version.as_str()));
    let has_python = !tag.is_some_and(|tag| family.lacks_python(tag.as_str()));
    let mut claims = Vec::new();
    for component in [Component::Spark, Component::Scala, Component::Java, Component::Python, Component::Hadoop] {
        if let Some(text) = told(component) {
            let versions = Version::parse(text.as_str()).map(|v| line(component, &v));
            claims.extend(versions.map(|v| claim(component, v, text, How::ImageTag, family.unverified)));
        } else if let Some(default) = usual(component, java).filter(|_| component != Component::Python || has_python) {
            let text = spark.or(tag).unwrap_or(&image.reference);
            let unverified = family.unverified || default.unverified;
            let versions = VersionSet::parse(&default.version).ok();
            claims.extend(versions.map(|v| claim(component, v, text, How::ImageDefault, unverified)));
        }
    }
    claims
}

/// What a version in a tag means: a Java version is its major (`1.8` and `8u402` are 8), all others are read as written.
fn line(component: Component, version: &Version) -> VersionSet {
    if component == Component::Java { java_line(version) } else { VersionSet::of(version) }
}

/// The releases of a Java major: `17.0.9` is 17, `1.8` is 8.
pub fn java_line(version: &Version) -> VersionSet {
    match version.numbers(2)[..] {
        [1, minor] if minor >= 2 => Version::parse(&minor.to_string()).map_or_else(VersionSet::any, |v| v.line(1)),
        _ => version.line(1),
    }
}
