//! Build modules, what they depend on, and the evaluations of a build.

use super::{How, PartId};
use crate::finding::Edit;
use crate::source::{FileId, Span, Traced};
use crate::version::VersionSet;
use std::sync::Arc;

/// A build module of any ecosystem.
#[derive(Debug, Clone)]
pub struct Module {
    /// Who builds it.
    pub ecosystem: Ecosystem,
    /// Its coordinate: `group:artifact`, crate, module path or distribution name.
    pub coordinate: String,
    /// The file names it can build, globs for what is not known (`etl-*.jar`); binaries for Go and Rust.
    pub artefacts: Vec<String>,
    /// The module it inherits from, where that file is in the repository.
    pub parent: Option<FileId>,
    /// Modules of the same build by path: workspace members, path dependencies, `<module>` entries.
    pub local: Vec<LocalModule>,
    /// The evaluations its facts' [`Variants`] are numbered by; never empty.
    pub evaluations: Vec<String>,
    /// The evaluations in which the build reaches it at all: a `<module>` of a profile is there only with that profile.
    pub reached: Variants,
    /// Only holds other modules together (Maven packaging `pom`, a virtual workspace): nothing of it runs.
    pub aggregator: bool,
}

/// Another module of the repository that a module names by its place.
#[derive(Debug, Clone)]
pub struct LocalModule {
    /// The named manifest or folder, below the root.
    pub path: String,
    /// Where it is named.
    pub span: Span,
    /// Whether its code ends up in this module (a path dependency) rather than being built beside it.
    pub linked: bool,
    /// In which evaluations.
    pub variants: Variants,
    /// It comes along to what depends on this module: neither optional nor `provided`.
    pub travels: bool,
    /// What of its dependencies does not come with it: `group:artifact`, with `*`.
    pub exclusions: Arc<[String]>,
}

impl LocalModule {
    /// A module that is built beside this one, or whose code ends up in it (`linked`), in every evaluation.
    pub fn always(path: String, span: Span, linked: bool) -> Self {
        Self { path, span, linked, variants: Variants::ALL, travels: linked, exclusions: Arc::default() }
    }
}

/// Whose rules for names and versions apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the ecosystems' own names")]
pub enum Ecosystem {
    Maven,
    Sbt,
    Gradle,
    Cargo,
    Go,
    PyPi,
}

/// When a dependency is on the class path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Compiled against and shipped with the artefact.
    Compile,
    /// Compiled against; the platform brings it.
    Provided,
    /// Shipped, not compiled against.
    Runtime,
    /// For tests alone.
    Test,
    /// Anything else: build tools, `system`, development groups.
    Other,
}

/// Which evaluations of a build (Maven profiles and pairs of them) a fact holds in, as bits; at most 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variants(pub u64);

impl Variants {
    /// Holds in every evaluation; also for facts outside builds.
    pub const ALL: Self = Self(u64::MAX);
    /// Holds in none.
    pub const NONE: Self = Self(0);
    /// The most evaluations a build has.
    pub const MAX: usize = 64;

    /// Only the evaluation of this number.
    pub fn only(index: usize) -> Self {
        Self(1u64.checked_shl(index as u32).unwrap_or(0))
    }

    /// The first `n` evaluations.
    pub fn first(n: usize) -> Self {
        if n >= Self::MAX { Self::ALL } else { Self((1 << n) - 1) }
    }

    /// The evaluations in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The evaluations in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the evaluation of this number is in it.
    pub fn has(self, index: usize) -> bool {
        !self.and(Self::only(index)).is_empty()
    }

    /// The first evaluation it holds in.
    pub fn lowest(self) -> Option<usize> {
        (!self.is_empty()).then(|| self.0.trailing_zeros() as usize)
    }

    /// Whether it holds nowhere.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A Python distribution's name as PEP 503 compares it.
pub fn pypi_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    lower.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// The suffixes by which artefacts say which Scala they are built for: `spark-sql_2.12`.
const SCALA_SUFFIXES: [&str; 5] = ["2.10", "2.11", "2.12", "2.13", "3"];

/// An artefact's name and its Scala suffix, both with their places.
pub fn split_suffix(artifact: &Traced) -> (Traced, Option<Traced>) {
    let text = artifact.as_str();
    match text.rsplit_once('_').filter(|(_, suffix)| SCALA_SUFFIXES.contains(suffix)) {
        Some((name, _)) => (artifact.slice(0..name.len()), Some(artifact.slice(name.len() + 1..text.len()))),
        None => (artifact.clone(), None),
    }
}

/// A library that a part depends on.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// Whose dependency.
    pub part: PartId,
    /// Whose naming rules.
    pub ecosystem: Ecosystem,
    /// Maven's groupId; empty elsewhere.
    pub group: String,
    /// The name without its Scala suffix: `spark-sql`.
    pub name: Traced,
    /// The Scala binary suffix, without the underscore: `2.12`.
    pub scala: Option<Traced>,
    /// The version, resolved. None where it could not be (counted as unresolved) or where there is none.
    pub version: Option<Traced>,
    /// What the version allows, in its ecosystem's own reading.
    pub versions: VersionSet,
    /// When it is on the class path.
    pub scope: Scope,
    /// The whole declaration.
    pub span: Span,
    /// In which evaluations it is there with this version.
    pub variants: Variants,
    /// Maven's classifier, a Cargo feature list: what else tells this artefact from its siblings.
    pub classifier: Option<String>,
    /// By which means it is named: a manifest's `Dependency` or `Pin`, a `Package`, a `Jar`.
    pub how: How,
    /// It comes along to what depends on this part: neither optional nor `provided`.
    pub travels: bool,
    /// A condition (an environment marker) may leave it out.
    pub conditional: bool,
    /// Which container of a workload it is about; None for a part as a whole.
    pub slot: Option<String>,
    /// The stage of an image build it belongs to.
    pub stage: Option<usize>,
    /// The edit that leaves it to the platform: `<scope>provided</scope>`. Only of libraries that Spark brings.
    pub provide: Option<Edit>,
}

impl Ecosystem {
    /// Whether its libraries are named as Maven names them: group, artifact, version.
    pub fn is_jvm(self) -> bool {
        matches!(self, Self::Maven | Self::Sbt | Self::Gradle)
    }
}

impl Scope {
    /// Whether the library is there when the code runs as a job: not for tests or tools alone.
    pub fn is_on_class_path(self) -> bool {
        matches!(self, Self::Compile | Self::Provided | Self::Runtime)
    }
}

impl Dependency {
    /// A library that a manifest asks for in every evaluation, of which only the name is known.
    pub fn named(part: PartId, ecosystem: Ecosystem, name: Traced, span: Span) -> Self {
        Self {
            part,
            ecosystem,
            group: String::new(),
            name,
            scala: None,
            version: None,
            versions: VersionSet::any(),
            scope: Scope::Compile,
            span,
            variants: Variants::ALL,
            classifier: None,
            how: if ecosystem == Ecosystem::PyPi { How::Pin } else { How::Dependency },
            travels: true,
            conditional: false,
            slot: None,
            stage: None,
            provide: None,
        }
    }

    /// The name as its ecosystem compares names: PEP 503 for Python's, as written elsewhere.
    pub fn normal_name(&self) -> String {
        if self.ecosystem == Ecosystem::PyPi { pypi_name(self.name.as_str()) } else { self.name.to_string() }
    }

    /// The coordinate as people write it: `org.apache.spark:spark-sql_2.12`, `pyspark`.
    pub fn coordinate(&self) -> String {
        let group = if self.group.is_empty() { String::new() } else { format!("{}:", self.group) };
        let suffix = self.scala.as_ref().map_or_else(String::new, |s| format!("_{s}"));
        format!("{group}{}{suffix}", self.name)
    }
}
