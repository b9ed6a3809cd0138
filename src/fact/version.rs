//! Claims about versions: of what, which, and by which means.

use super::{PartId, Variants};
use crate::source::Traced;
use crate::version::VersionSet;
use std::fmt;

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
}

impl How {
    fn authority(self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::ImageTag | Self::ImageDefault => 1,
            Self::Pin => 2,
            Self::Dependency | Self::Suffix | Self::Compiler => 3,
        }
    }

    /// Whether the claim's text is the whole value, not a part of a longer name that must exist as a whole.
    pub fn is_plain(self) -> bool {
        !matches!(self, Self::ImageTag | Self::ImageDefault)
    }

    /// Whether the claim says what a library was built against.
    pub fn is_built(self) -> bool {
        matches!(self, Self::Dependency | Self::Suffix)
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
            Self::Suffix => "the suffix of a dependency",
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
    /// Which container of a workload it is about; None for a part as a whole.
    pub slot: Option<String>,
    /// What the claim rests on was read at no primary source (an image's default): findings are capped at info.
    pub unverified: bool,
    /// It holds for what depends on the part as well: not so for `provided` and optional libraries.
    pub travels: bool,
}

impl VersionClaim {
    /// The version as people should read it: what is written, or what an image is documented to hold.
    pub fn says(&self) -> String {
        if self.how == How::ImageDefault { self.versions.to_string() } else { self.text.to_string() }
    }

    /// Which of two claims is more likely the one to change, where nothing else tells: the lower one. What follows Spark
    /// (a connector, another library) comes before Spark itself.
    pub fn authority(&self) -> (u8, bool) {
        (self.how.authority(), self.is_of_spark())
    }

    /// Whether an artefact of Spark itself makes the claim.
    pub fn is_of_spark(&self) -> bool {
        self.by.starts_with("org.apache.spark:")
    }

    /// The claim as a clause: "the image `apache/spark` brings Scala 2.12 by default".
    pub fn phrase(&self) -> String {
        let (what, by) = (format!("{} {}", self.component, self.says()), &self.by);
        match self.how {
            How::Suffix | How::Dependency if self.component == Component::Scala => {
                format!("`{by}` is built for {what}")
            }
            How::Suffix | How::Dependency => format!("the build uses {what} (`{by}`)"),
            How::Compiler => format!("the build asks for {what} (`{by}`)"),
            How::ImageTag => format!("the image `{by}` brings {what}"),
            How::ImageDefault => format!("the image `{by}` brings {what} by default"),
            How::Field(field) => format!("`{field}` says {what}"),
            How::Pin => format!("`{by}` is pinned to {what}"),
        }
    }
}
