//! What a repository claims, in the domain's words: typed lists that rules read. Facts own no source text, only small
//! values with the places they came from; [`crate::project`] joins them.

pub mod image;
pub mod quantity;
pub mod workload;

use crate::read::Loss;
use crate::read::directive::Directive;
use crate::source::{FileId, Span, Traced};
use crate::version::VersionSet;
pub use image::{Copy, CopyFrom, Image, ImageBuild, ImageUse, Run, Stage};
use std::fmt;
pub use workload::{Container, ContainerRole, Probe, ProbeKind, Resource, SparkApplication, Workload};

/// Everything claimed by the files of one run.
#[derive(Debug, Default, Clone)]
pub struct Facts {
    /// Things that are built or run; every other fact belongs to one of them.
    pub parts: Vec<Part>,
    /// Libraries that a part depends on.
    pub dependencies: Vec<Dependency>,
    /// Versions of Spark, Scala, Java … that a part names, in whatever way.
    pub versions: Vec<VersionClaim>,
    /// Container images that a part is based on or runs.
    pub images: Vec<Image>,
    /// Spark settings.
    pub settings: Vec<ConfSetting>,
    /// References to functions and types that some list forbids or a rule asks for.
    pub calls: Vec<Call>,
    /// Image names that something (a compose file, a CI line, skaffold) says are built from a folder or Dockerfile.
    pub image_names: Vec<ImageName>,
    /// `sparkproof:` comments and annotations.
    pub directives: Vec<Directive>,
    /// What could not be read.
    pub losses: Vec<Loss>,
    /// Values that could not be resolved (a property, an argument, a template) and therefore were not judged.
    pub unresolved: Vec<Unresolved>,
}

impl Facts {
    /// Adds another file's facts; its parts get new numbers.
    pub fn append(&mut self, mut other: Facts) {
        let base = self.parts.len() as u32;
        let moved = |part: &mut PartId| part.0 += base;
        other.dependencies.iter_mut().for_each(|d| moved(&mut d.part));
        other.versions.iter_mut().for_each(|v| moved(&mut v.part));
        other.images.iter_mut().for_each(|i| moved(&mut i.part));
        other.settings.iter_mut().for_each(|s| moved(&mut s.part));
        self.parts.append(&mut other.parts);
        self.dependencies.append(&mut other.dependencies);
        self.versions.append(&mut other.versions);
        self.images.append(&mut other.images);
        self.settings.append(&mut other.settings);
        self.calls.append(&mut other.calls);
        self.image_names.append(&mut other.image_names);
        self.directives.append(&mut other.directives);
        self.losses.append(&mut other.losses);
        self.unresolved.append(&mut other.unresolved);
    }

    /// Adds a part and gives its number.
    pub fn add(&mut self, part: Part) -> PartId {
        self.parts.push(part);
        PartId(self.parts.len() as u32 - 1)
    }

    /// The part of a number.
    pub fn part(&self, id: PartId) -> &Part {
        &self.parts[id.0 as usize]
    }

    /// All parts with their numbers.
    pub fn parts(&self) -> impl Iterator<Item = (PartId, &Part)> {
        self.parts.iter().enumerate().map(|(i, part)| (PartId(i as u32), part))
    }
}

/// A number in [`Facts::parts`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartId(pub u32);

/// Something that is built or run: a module, an image, a workload, a Spark application.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its name in the domain's words: `com.acme:etl`, `docker/Dockerfile`, `Deployment/prod/etl`.
    pub name: String,
    /// Where it is declared: the artifactId, the first FROM, the object's name.
    pub span: Span,
    /// Its folder below the root.
    pub folder: String,
    /// What it is.
    pub kind: PartKind,
}

/// What a [`Part`] is.
#[derive(Debug, Clone)]
pub enum PartKind {
    /// A build module.
    Module(Module),
    /// An image's recipe.
    ImageBuild(ImageBuild),
    /// A Kubernetes object with a pod spec.
    Workload(Workload),
    /// A Spark application or Connect server as a custom resource.
    Application(SparkApplication),
    /// A file of Spark settings.
    ConfFile,
}

impl PartKind {
    /// The word used when a part is listed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Module(_) => "module",
            Self::ImageBuild(_) => "image",
            Self::Workload(_) => "workload",
            Self::Application(_) => "application",
            Self::ConfFile => "settings file",
        }
    }
}

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
}

/// Whose rules for names and versions apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the ecosystems' own names")]
pub enum Ecosystem {
    Maven,
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
}

impl Dependency {
    /// The coordinate as people write it: `org.apache.spark:spark-sql_2.12`, `pyspark`.
    pub fn coordinate(&self) -> String {
        let group = if self.group.is_empty() { String::new() } else { format!("{}:", self.group) };
        let suffix = self.scala.as_ref().map_or_else(String::new, |s| format!("_{s}"));
        format!("{group}{}{suffix}", self.name)
    }
}

/// What a version is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the components' own names")]
pub enum Component {
    Spark,
    Scala,
    ScalaLibrary,
    Java,
    Python,
    Hadoop,
}

impl Component {
    /// The name people use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spark => "Spark",
            Self::Scala => "Scala",
            Self::ScalaLibrary => "scala-library",
            Self::Java => "Java",
            Self::Python => "Python",
            Self::Hadoop => "Hadoop",
        }
    }

    /// How many numbers make a compatible line: Spark's minor, Scala's binary version, Java's major.
    pub fn line(self) -> usize {
        if self == Self::Java { 1 } else { 2 }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What makes a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// A library dependency: what the code is *built* against.
    Dependency,
    /// A compiler setting.
    Compiler,
    /// A tag of a Spark image: what *runs*.
    ImageTag,
    /// What the image's family is documented to hold where its tag does not say.
    ImageDefault,
    /// A field of a resource: `spec.sparkVersion`.
    Field(&'static str),
    /// A Python package pin: both the library and, locally, the runtime.
    Pin,
}

impl How {
    /// Which of two claims is more likely the one to change, where nothing else tells: the lower one.
    pub fn authority(self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::ImageTag | Self::ImageDefault => 1,
            Self::Pin => 2,
            Self::Dependency | Self::Compiler => 3,
        }
    }

    /// Whether the claim's text is the whole value, not a part of a longer name that must exist as a whole.
    pub fn is_plain(self) -> bool {
        !matches!(self, Self::ImageTag | Self::ImageDefault)
    }

    /// Whether the claim says what runs, not what code was built against.
    pub fn is_runtime(self) -> bool {
        matches!(self, Self::ImageTag | Self::ImageDefault | Self::Field(_))
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dependency => "a dependency",
            Self::Compiler => "the compiler's setting",
            Self::ImageTag => "the image's tag",
            Self::ImageDefault => "the image's default",
            Self::Field(field) => return write!(f, "the field `{field}`"),
            Self::Pin => "the package's version",
        })
    }
}

/// A version that a part names.
#[derive(Debug, Clone)]
pub struct VersionClaim {
    /// Whose claim.
    pub part: PartId,
    /// Of what.
    pub component: Component,
    /// Which versions it allows.
    pub versions: VersionSet,
    /// The text that says so.
    pub text: Traced,
    /// By which means.
    pub how: How,
    /// The artefact that names it (`org.apache.spark:spark-sql_2.12`, `apache/spark`): tells claims of one part apart.
    pub by: String,
    /// In which evaluations.
    pub variants: Variants,
    /// The stage of an image build it belongs to; only the final stage runs.
    pub stage: Option<usize>,
    /// What the claim rests on was read at no primary source (an image's default): findings are capped at info.
    pub unverified: bool,
}

impl VersionClaim {
    /// The version as people should read it: what is written, or what an image is documented to hold.
    pub fn says(&self) -> String {
        if self.how == How::ImageDefault { self.versions.to_string() } else { self.text.to_string() }
    }

    /// The claim as a clause: "the image `apache/spark` brings Scala 2.12 by default".
    pub fn phrase(&self) -> String {
        let (what, by) = (format!("{} {}", self.component, self.says()), &self.by);
        match self.how {
            How::Dependency if self.component == Component::Scala => format!("`{by}` is built for {what}"),
            How::Dependency => format!("the build uses {what} (`{by}`)"),
            How::Compiler => format!("the build asks for {what} (`{by}`)"),
            How::ImageTag => format!("the image `{by}` brings {what}"),
            How::ImageDefault => format!("the image `{by}` brings {what} by default"),
            How::Field(field) => format!("`{field}` says {what}"),
            How::Pin => format!("`{by}` is pinned to {what}"),
        }
    }
}

/// One Spark setting, wherever it was made.
#[derive(Debug, Clone)]
pub struct ConfSetting {
    /// Whose setting.
    pub part: PartId,
    /// The key.
    pub key: Traced,
    /// The value, where it is known.
    pub value: Option<Traced>,
    /// Where it was made.
    pub via: Via,
}

/// Where a setting was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// A properties file.
    File,
    /// A field of a custom resource (`sparkConf`).
    Resource,
}

/// A reference to a function, method or type, resolved to its full path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which language.
    pub language: Language,
    /// The full path: `os/exec.Command`, `(*net/http.Client).Get`, `std::process::Command::new`.
    pub callee: String,
    /// Called, used as a value, or named as a type.
    pub usage: Usage,
    /// Where.
    pub span: Span,
    /// The function it stands in.
    pub function: String,
    /// The UDF entry it belongs to, where it does.
    pub entry: Option<Entry>,
    /// In a test, a generated file, under a build tag: labels that lists and configuration can use.
    pub in_test: bool,
    /// The file says it is generated.
    pub generated: bool,
}

/// How a call came to be inside a UDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The comment or the function's name.
    pub span: Span,
    /// In words: "marked `sparkproof:udf`", "`udf/**` is configured as UDF code".
    pub why: String,
}

/// The languages whose references are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the languages' own names")]
pub enum Language {
    Go,
    Rust,
}

/// What a reference does with the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Usage {
    Call,
    Value,
    Type,
}

/// Something says that an image of this name is built here.
#[derive(Debug, Clone)]
pub struct ImageName {
    /// The image's name, with registry and tag where written.
    pub name: Traced,
    /// Where its Dockerfile may lie, below the root: the first of these that is one is meant.
    pub paths: Vec<String>,
    /// What says so, in words that stand before "says that": "`docker build` in `Makefile`", "the compose service `web`".
    pub how: String,
    /// Prose says so, not what is run: a folder of the same name is better evidence.
    pub in_prose: bool,
}

/// A value that stayed unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// Where it is used.
    pub span: Span,
    /// Why: "the property `spark.version` is defined nowhere in this repository".
    pub why: String,
}
