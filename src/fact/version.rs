//! Claims about versions: of what, which, and by which means.

use super::{PartId, Variants};
use crate::source::Traced;
use crate::version::{Version, VersionSet};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

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
    /// Any other library that tables speak about, by its subject: `delta-spark`, `pandas`.
    Library(&'static str),
}

/// Components with rules of their own, by the names that tables give them.
const NAMED: [(&str, Component); 6] = [
    ("hadoop", Component::Hadoop),
    ("java", Component::Java),
    ("python", Component::Python),
    ("scala", Component::Scala),
    ("scala-library", Component::ScalaLibrary),
    ("spark", Component::Spark),
];

/// The subjects of tables, each kept once for the whole run: built-in tables name a few hundred, a user's own a few more.
static SUBJECTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Component {
    /// The component that tables call so.
    pub fn named(subject: &str) -> Self {
        if let Some((_, known)) = NAMED.iter().find(|(name, _)| *name == subject) {
            return *known;
        }
        let mut subjects = SUBJECTS.lock().unwrap_or_else(PoisonError::into_inner);
        let known = subjects.get(subject).copied().unwrap_or_else(|| {
            let name: &'static str = Box::leak(subject.into());
            subjects.insert(name);
            name
        });
        Self::Library(known)
    }

    /// The name that tables give it.
    pub fn subject(self) -> &'static str {
        match self {
            Self::Library(subject) => subject,
            other => NAMED.iter().find(|(_, component)| *component == other).map_or("", |(name, _)| *name),
        }
    }

    /// The name people use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spark => "Spark",
            Self::Scala => "Scala",
            Self::ScalaLibrary => "scala-library",
            Self::Java => "Java",
            Self::Python => "Python",
            Self::Hadoop => "Hadoop",
            Self::Library(subject) => subject,
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
    /// The suffix of a library's name that says which Scala it is built for.
    Suffix,
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
    /// A library that the submission itself loads: `--packages`, `spark.jars.packages`.
    Package,
    /// The name of a jar file: `--jars`, a `COPY` or download into the image.
    Jar,
    /// The name of an artefact that is made for one version: the `3.5` of `iceberg-spark-runtime-3.5`.
    Name,
    /// A command that installs it: `apt-get install openjdk-17-jre`, a tarball that is unpacked.
    Install,
    /// The release label of a managed platform: `emr-7.8.0`, `15.4.x-scala2.12`.
    Label,
    /// What builds or tests are run with: a toolchain, a CI job's setup step.
    Toolchain,
}

impl How {
    fn authority(self) -> u8 {
        match self {
            Self::Field(_) | Self::Toolchain => 0,
            Self::Package | Self::Jar => 1,
            Self::ImageTag | Self::ImageDefault | Self::Install | Self::Label => 2,
            Self::Pin => 3,
            Self::Dependency | Self::Suffix | Self::Name | Self::Compiler => 4,
        }
    }

    /// Whether the claim's text is the whole value, not a part of a longer name that must exist as a whole.
    pub fn is_plain(self) -> bool {
        !matches!(self, Self::ImageTag | Self::ImageDefault | Self::Jar | Self::Install | Self::Label)
    }

    /// Whether the claim says what a library was built against.
    pub fn is_built(self) -> bool {
        matches!(self, Self::Dependency | Self::Suffix | Self::Name)
    }

    /// Whether the claim says what runs, not what code was built against.
    pub fn is_runtime(self) -> bool {
        matches!(self, Self::ImageTag | Self::ImageDefault | Self::Field(_) | Self::Install | Self::Label)
    }

    /// Whether the claim is about something that is loaded together with all that runs, whatever module it came from.
    pub fn is_loaded(self) -> bool {
        self.is_runtime() || matches!(self, Self::Pin | Self::Package | Self::Jar)
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dependency => "a dependency",
            Self::Suffix => "the suffix of a dependency",
            Self::Compiler => "the compiler's setting",
            Self::ImageTag => "the image's tag",
            Self::ImageDefault => "the image's default",
            Self::Field(field) => return write!(f, "the field `{field}`"),
            Self::Pin => "the package's version",
            Self::Package => "a package that is submitted along",
            Self::Jar => "the name of a jar",
            Self::Name => "the name of a dependency",
            Self::Install => "an installation",
            Self::Label => "the platform's label",
            Self::Toolchain => "the toolchain",
        })
    }
}

/// What a house says of one version of its client: which Spark and Scala it goes with.
#[derive(Debug, Clone)]
pub struct Lock {
    /// The client's version.
    pub client: Traced,
    /// The Spark that it needs.
    pub spark: Option<Traced>,
    /// The Scala that it needs.
    pub scala: Option<Traced>,
    /// What must be done before this version may be used, in the house's words.
    pub gate: Option<String>,
    /// The folder that the pairs hold for, below the root.
    pub folder: String,
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
    /// Which container of a workload it is about; None for a part as a whole.
    pub slot: Option<String>,
    /// What the claim rests on was read at no primary source (an image's default): findings are capped at info.
    pub unverified: bool,
    /// Which of a release's builds it is, where tables tell them apart: `pypi`, `scala-2.12`, or `unsuffixed` for another jar
    /// whose name says no Spark.
    pub distribution: Option<&'static str>,
    /// A module of Spark that the distribution leaves out makes the claim: what runs is told by others.
    pub module: bool,
    /// It holds for what depends on the part as well: not so for `provided` and optional libraries.
    pub travels: bool,
}

impl VersionClaim {
    /// A claim of a part as a whole, in every evaluation.
    pub fn new(
        part: PartId,
        component: Component,
        versions: VersionSet,
        text: Traced,
        how: How,
        by: impl Into<String>,
    ) -> Self {
        let (variants, by) = (Variants::ALL, by.into());
        let (stage, slot, unverified, travels) = (None, None, false, true);
        let distribution = (how == How::Pin).then_some("pypi");
        let module = false;
        Self {
            part,
            component,
            versions,
            text,
            how,
            by,
            variants,
            stage,
            slot,
            unverified,
            distribution,
            module,
            travels,
        }
    }

    /// The version as people should read it: what is written, or what an image is documented to hold.
    pub fn says(&self) -> String {
        // What an archive or label is known to hold is not what it is called.
        let named = || Version::parse(self.text.as_str()).is_some_and(|version| self.versions.contains(&version));
        let holds = match self.how {
            How::ImageDefault => true,
            How::Install | How::Label => !named(),
            _ => false,
        };
        if holds { self.versions.to_string() } else { self.text.to_string() }
    }

    /// Which of two claims is more likely the one to change, where nothing else tells: the lower one. What follows Spark
    /// (a connector, another library) comes before Spark itself.
    pub fn authority(&self) -> (u8, bool) {
        // No one wrote down what comes by default: what is written beside it can be changed.
        let by_default = self.how == How::ImageDefault && self.component == Component::Scala;
        let how = if by_default { u8::MAX } else { self.how.authority() };
        (how, self.is_of_spark() && !self.module)
    }

    /// Whether an artefact of Spark itself makes the claim.
    pub fn is_of_spark(&self) -> bool {
        self.by.starts_with("org.apache.spark:")
    }

    /// Whether it says which Spark is built against or runs: not a module loaded beside it, nor an artefact made for one.
    pub fn is_spark(&self) -> bool {
        self.component == Component::Spark && self.how != How::Name && !self.is_added()
    }

    /// Whether it is a module that is added to a Spark: what runs is told by others.
    pub fn is_added(&self) -> bool {
        self.component == Component::Spark && matches!(self.how, How::Package | How::Jar)
    }

    /// The claim as a clause: "the image `apache/spark` brings Scala 2.12 by default".
    pub fn phrase(&self) -> String {
        let (what, by) = (format!("{} {}", self.component, self.says()), &self.by);
        match self.how {
            How::Suffix | How::Name => format!("`{by}` is built for {what}"),
            How::Dependency if self.component == Component::Scala && !by.ends_with("-library") => {
                format!("`{by}` is built for {what}")
            }
            How::Dependency if matches!(self.component, Component::Library(_)) => {
                format!("the build uses `{by}` {}", self.says())
            }
            How::Dependency => format!("the build uses {what} (`{by}`)"),
            How::Package | How::Jar if self.component == Component::Spark => {
                format!("`{by}` {} is loaded, a module of that Spark", self.says())
            }
            How::Package | How::Jar => format!("`{by}` {} is loaded", self.says()),
            How::Install => format!("`{by}` installs {what}"),
            How::Label => format!("`{by}` runs {what}"),
            How::Toolchain => format!("`{by}` sets up {what}"),
            How::Compiler => format!("the build asks for {what} (`{by}`)"),
            How::ImageTag => format!("the image `{by}` brings {what}"),
            How::ImageDefault => format!("the image `{by}` brings {what} by default"),
            How::Field(field) => format!("`{field}` says {what}"),
            How::Pin if matches!(self.component, Component::Library(_)) => {
                format!("`{by}` is pinned to {}", self.says())
            }
            How::Pin => format!("`{by}` is pinned to {what}"),
        }
    }
}
