//! What an image's recipe installs beside what its base brings: Spark's own archives, a JDK of a package manager.

use super::image::{java_line, of_image};
use crate::fact::{Component, CopyFrom, Facts, How, ImageBuild, ImageUse, PartId, PartKind, Unresolved, VersionClaim};
use crate::read::shell::{self, Command, Dialect, Given};
use crate::source::Traced;
use crate::table::Tables;
use crate::version::{Version, VersionSet};
use regex::Regex;
use std::sync::LazyLock;

/// An archive of Spark: its version, and what completes its name.
static ARCHIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"spark-(?<spark>\d+\.\d+\.\d+(?:-preview\d*)?)-(?<name>bin-[A-Za-z0-9.-]+?)\.(?:tgz|tar\.gz)").ok()
});

/// The folder that an archive of Spark unpacks to, as the last part of a path.
static COPIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|/)spark-(?<spark>\d+\.\d+\.\d+)-(?<name>bin-(?:hadoop[0-9.]+|without-hadoop)(?:-scala2\.1[23])?)/?$",
    )
    .ok()
});

/// The folder that an archive of Spark unpacks to.
static FOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"spark-(?<spark>\d+\.\d+\.\d+)-bin-(?:hadoop[0-9.]+|without-hadoop)(?:-scala(?<scala>2\.1[23]))?/").ok()
});

/// Packages that are a JDK, with its major where the name says it.
static JDK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = [
        r"openjdk-?(?<a>\d+)?(?:-(?:jdk|jre|dbg|source).*)?",
        r"openjdk=+(?<b>\d+).*",
        r"java-(?<c>1\.8|\d+)(?:\.\d+)*-(?:openjdk|amazon-corretto|ibm-semeru).*",
        r"(?:temurin|adoptopenjdk|msopenjdk|zulu|bellsoft-java|sapmachine|corretto)-?(?<d>\d+)?(?:-.*)?",
        r"default-(?:jdk|jre).*",
    ];
    Regex::new(&format!(r"^(?:{})$", names.join("|"))).ok()
});

/// The versions that images install.
pub fn claim(facts: &mut Facts, tables: &Tables) {
    let mut claims = Vec::new();
    let mut unresolved = Vec::new();
    for (id, part) in facts.parts() {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        let Some(last) = build.stages.len().checked_sub(1) else { continue };
        spark(facts, tables, id, build, last, &mut claims, &mut unresolved);
        if !base_has_java(facts, tables, id) {
            claims.extend(java(build, id, last));
        }
    }
    claims.extend(unpacked(facts, tables));
    facts.versions.extend(claims);
    facts.unresolved.extend(unresolved);
}

/// What runs where a submission's program lies in the folder that an archive of Spark unpacks to.
fn unpacked(facts: &Facts, tables: &Tables) -> Vec<VersionClaim> {
    let mut claims = Vec::new();
    for (id, part) in facts.parts() {
        let PartKind::Submission(submission) = &part.kind else { continue };
        let text = &submission.program;
        let Some(found) = FOLDER.as_ref().and_then(|folder| folder.captures(text.as_str())) else { continue };
        let (Some(whole), Some(spark)) = (found.get(0), found.name("spark")) else { continue };
        let Some(version) = Version::parse(spark.as_str()) else { continue };
        let (spark, by) = (text.group(spark), whole.as_str().trim_end_matches('/'));
        let new = |component, versions, text| VersionClaim::new(id, component, versions, text, How::Install, by);
        claims.push(new(Component::Spark, VersionSet::exactly(version.clone()), spark.clone()));
        let named = found.name("scala").map(|scala| text.group(scala));
        let usual = || tables.withdrawn.tarballs(&version).and_then(|line| line.scala.as_ref());
        if let Some(scala) = named {
            claims.extend(
                Version::parse(scala.as_str()).map(|v| new(Component::Scala, VersionSet::of(&v), scala.clone())),
            );
        } else if let Some(scala) = usual() {
            claims.push(new(Component::Scala, VersionSet::of(scala), spark));
        }
    }
    claims
}

/// The stages whose Spark ends up in the image: the final ones, and those that it is copied from.
fn sources_of_spark(build: &ImageBuild) -> Vec<usize> {
    let mut stages = build.final_stages();
    let copied: Vec<usize> = stages
        .iter()
        .filter_map(|i| build.stages.get(*i))
        .flat_map(|stage| &stage.copies)
        .filter_map(|copy| match copy.from {
            Some(CopyFrom::Stage(from)) => Some((from, copy)),
            _ => None,
        })
        .filter(|(_, copy)| copy.sources.iter().any(|source| source.as_str().to_ascii_lowercase().contains("spark")))
        .map(|(from, _)| from)
        .collect();
    for stage in copied {
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    stages
}

fn spark(
    facts: &Facts,
    tables: &Tables,
    id: PartId,
    build: &ImageBuild,
    last: usize,
    claims: &mut Vec<VersionClaim>,
    unresolved: &mut Vec<Unresolved>,
) {
    let stages = sources_of_spark(build);
    let fetched = facts.downloads.iter().filter(|d| d.part == Some(id) && d.stage.is_some_and(|s| stages.contains(&s)));
    let copied = stages.iter().filter_map(|i| build.stages.get(*i)).flat_map(|stage| &stage.copies);
    let copied = copied.filter(|copy| copy.from.is_none()).flat_map(|copy| &copy.sources);
    let mut archives: Vec<Archive> = Vec::new();
    let read = fetched.filter_map(|d| Archive::read(&d.address)).chain(copied.filter_map(Archive::copied));
    for archive in read {
        if archives.iter().all(|known| known.spark.as_str() != archive.spark.as_str()) {
            archives.push(archive);
        }
    }
    let [archive] = archives.as_slice() else {
        if let [first, ..] = archives.as_slice() {
            let why = "several releases of Spark are installed".to_owned();
            unresolved.push(Unresolved { span: first.spark.span(), why });
        }
        return;
    };
    let Some(version) = Version::parse(archive.spark.as_str()) else { return };
    let mut claim = |component, versions: VersionSet, text: &Traced, unverified| {
        let new = VersionClaim::new(id, component, versions, text.clone(), How::Install, archive.file.as_str());
        claims.push(VersionClaim { stage: Some(last), unverified, ..new });
    };
    claim(Component::Spark, VersionSet::exactly(version.clone()), &archive.spark, false);
    // What somebody else built under a name of its own may hold any Scala and any Hadoop.
    let line = tables.withdrawn.tarballs(&version);
    let is_own_build = line.is_some_and(|line| !line.names.iter().any(|name| *name == archive.name.as_str()));
    if let Some(scala) = &archive.scala {
        if let Some(version) = Version::parse(scala.as_str()) {
            claim(Component::Scala, VersionSet::of(&version), scala, false);
        }
    } else if let Some(scala) = line.and_then(|line| line.scala.as_ref()).filter(|_| !is_own_build) {
        claim(Component::Scala, VersionSet::of(scala), &archive.spark, false);
    }
    if is_own_build {
        return claim(Component::Hadoop, VersionSet::any(), &archive.spark, false);
    }
    // From 3.2 on the name says less than what is inside: `bin-hadoop3.2` of Spark 3.2 holds Hadoop 3.3.
    let says = version.numbers(2) < vec![3, 2];
    if let Some(hadoop) = archive.hadoop.as_ref().filter(|_| says)
        && let Some(versions) = Version::parse(hadoop.as_str()).map(|v| VersionSet::of(&v))
    {
        claim(Component::Hadoop, versions, hadoop, false);
    }
}

/// An archive of Spark by its name.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The whole file's name.
    pub file: Traced,
    /// Its version.
    pub spark: Traced,
    /// What completes the name: `bin-hadoop3`.
    pub name: Traced,
    /// The Scala that the name says.
    pub scala: Option<Traced>,
    /// The Hadoop that the name says.
    pub hadoop: Option<Traced>,
}

impl Archive {
    /// The archive, or the folder that it unpacks to, that a path into an image ends in.
    pub fn copied(path: &Traced) -> Option<Self> {
        Self::read(path).or_else(|| Self::find(COPIED.as_ref()?, path))
    }

    /// The archive that an address, path or file name ends in.
    pub fn read(text: &Traced) -> Option<Self> {
        Self::find(ARCHIVE.as_ref()?, text)
    }

    fn find(pattern: &Regex, text: &Traced) -> Option<Self> {
        let found = pattern.captures(text.as_str())?;
        let (whole, spark, name) = (found.get(0)?, found.name("spark")?, found.name("name")?);
        let after = |mark: &str| {
            let at = name.as_str().find(mark)? + mark.len();
            let rest = name.as_str().get(at..)?;
            let len = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let from = name.start() + at;
            (len > 0).then(|| text.slice(from..from + len))
        };
        let hadoop = after("hadoop").filter(|hadoop| hadoop.as_str().contains('.'));
        let scala = after("-scala").or_else(|| after("-scala-"));
        Some(Self { file: text.group(whole), spark: text.group(spark), name: text.group(name), scala, hadoop })
    }
}

/// Whether the base image brings a Java of its own: which of two is used then is `JAVA_HOME`'s choice.
fn base_has_java(facts: &Facts, tables: &Tables, part: PartId) -> bool {
    let bases = facts.images.iter().filter(|image| image.part == part);
    let mut last = bases.filter(|image| matches!(image.usage, ImageUse::Base { last: true, .. }));
    last.any(|image| of_image(image, tables).iter().any(|claim| claim.component == Component::Java))
}

/// The one JDK that the final stages install.
fn java(build: &ImageBuild, id: PartId, last: usize) -> Option<VersionClaim> {
    let runs = build.final_stages().into_iter().filter_map(|i| build.stages.get(i)).flat_map(|stage| &stage.runs);
    let mut found: Vec<(Traced, Option<Traced>)> = Vec::new();
    for run in runs.filter(|run| may_install(run.text.as_str())) {
        for command in shell::commands(&run.text, Dialect::Shell, &Given::new()) {
            found.extend(jdks(&command));
        }
    }
    let majors: Vec<Option<VersionSet>> =
        found.iter().map(|(_, v)| v.as_ref().and_then(|v| Some(java_line(&Version::parse(v.as_str())?)))).collect();
    let first = majors.first()?.clone()?;
    let same = majors.iter().all(|major| major.as_ref() == Some(&first));
    let (package, version) = found.first()?;
    let claim = VersionClaim::new(id, Component::Java, first, version.clone()?, How::Install, package.as_str());
    same.then_some(VersionClaim { stage: Some(last), ..claim })
}

fn may_install(text: &str) -> bool {
    text.contains("jdk")
        || text.contains("java")
        || text.contains("jre")
        || text.contains("temurin")
        || text.contains("zulu")
}

/// The JDKs that a command installs, each with its version where the name says it.
pub fn jdks(command: &Command) -> Vec<(Traced, Option<Traced>)> {
    const MANAGERS: [&str; 15] = [
        "apt-get",
        "apt",
        "aptitude",
        "apk",
        "yum",
        "dnf",
        "microdnf",
        "tdnf",
        "zypper",
        "brew",
        "conda",
        "mamba",
        "micromamba",
        "install_packages",
        "clean-install",
    ];
    let words: Vec<_> = command.words.iter().skip_while(|word| word.as_str() == "sudo").collect();
    let Some((program, rest)) = words.split_first() else { return Vec::new() };
    let name = program.as_str().rsplit('/').next().unwrap_or_default();
    let installs = rest.iter().any(|word| matches!(word.as_str(), "install" | "add" | "create"));
    if name == "sdk" && installs {
        let java = rest.iter().skip_while(|word| word.as_str() != "java").nth(1);
        return java
            .into_iter()
            .map(|word| {
                let digits = word.as_str().bytes().take_while(u8::is_ascii_digit).count();
                (word.text.clone(), (digits > 0).then(|| word.text.slice(0..digits)))
            })
            .collect();
    }
    if !(MANAGERS.contains(&name) && (installs || name.contains("install"))) {
        return Vec::new();
    }
    let package = |word: &&&shell::Word| {
        let text = word.as_str();
        // `openjdk-17-jdk=17.0.1+12-1`, `java-17-openjdk-devel-17.0.1`: the name comes first.
        let name = if text.starts_with("openjdk=") { text } else { text.split(['=', '~', '/', ':']).next()? };
        let found = JDK.as_ref()?.captures(name)?;
        let version = ["a", "b", "c", "d"].into_iter().find_map(|group| found.name(group));
        // Debian's own tools that are named after a JDK are none.
        (!name.ends_with("-source") && !name.ends_with("-dbg"))
            .then(|| (word.text.slice(0..name.len()), version.map(|v| word.text.group(v))))
    };
    rest.iter().filter_map(|word| package(&word)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn text(value: &str) -> Traced {
        Traced::literal(value, Span::new(FileId(0), 0..value.len()))
    }

    fn installed(command: &str) -> Vec<String> {
        let commands = shell::commands(&text(command), Dialect::Shell, &Given::new());
        let shown = |(_, version): (Traced, Option<Traced>)| version.map_or_else(|| "?".to_owned(), |v| v.to_string());
        commands.iter().flat_map(jdks).map(shown).collect()
    }

    #[test]
    fn archives_say_their_versions() {
        let archive =
            Archive::read(&text("https://x/spark/spark-3.5.1/spark-3.5.1-bin-hadoop3-scala2.13.tgz")).unwrap();
        assert_eq!(archive.file.as_str(), "spark-3.5.1-bin-hadoop3-scala2.13.tgz");
        assert_eq!((archive.spark.as_str(), archive.name.as_str()), ("3.5.1", "bin-hadoop3-scala2.13"));
        assert_eq!((archive.scala.unwrap().as_str(), archive.hadoop.is_none()), ("2.13", true));
        let old = Archive::read(&text("spark-3.1.2-bin-hadoop2.7.tgz")).unwrap();
        assert_eq!(old.hadoop.unwrap().as_str(), "2.7");
        for none in ["spark-3.5.1.tgz", "spark-${V}-bin-hadoop3.tgz", "spark-3.5-bin-hadoop3.tgz", "x-bin-hadoop3.tgz"]
        {
            assert!(Archive::read(&text(none)).is_none(), "{none}");
        }
    }

    #[test]
    fn packages_of_all_managers() {
        for (command, version) in [
            ("apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless curl", "17"),
            ("apk add --no-cache openjdk11-jre bash", "11"),
            ("sudo yum install -y java-1.8.0-openjdk-devel", "1.8"),
            ("dnf install java-17-amazon-corretto-headless", "17"),
            ("apt install temurin-21-jdk", "21"),
            ("bash x; sdk install java 17.0.9-tem", "17"),
            ("conda install -y openjdk=11 pip", "11"),
            ("apt-get install openjdk-8-jdk=8u312*", "8"),
            ("apt-get install -y default-jdk", "?"),
            ("apt-get install openjdk-${V}-jdk", ""),
        ] {
            assert_eq!(installed(command).join(" "), version, "{command}");
        }
        assert!(
            installed("apt-get remove openjdk-8-jdk; pip install openjdk-17; echo install openjdk-17-jdk").is_empty()
        );
    }
}
