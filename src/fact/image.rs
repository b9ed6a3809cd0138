//! Container images: their names, what builds them, what is copied into them.

use super::PartId;
use crate::source::{Span, Traced};

/// An image that a part is based on or runs.
#[derive(Debug, Clone)]
pub struct Image {
    /// Whose image.
    pub part: PartId,
    /// The whole reference as it resolves: `docker.io/apache/spark:3.5.1`.
    pub reference: Traced,
    /// Registry and repository, normalised: `apache/spark`, `spark` (official), `gcr.io/spark-operator/spark`.
    pub name: String,
    /// The tag.
    pub tag: Option<Traced>,
    /// The digest, `sha256:…`.
    pub digest: Option<Traced>,
    /// What it is used for.
    pub usage: ImageUse,
}

/// What an image is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageUse {
    /// A stage is based on it: the stage's number, and whether it is the final one.
    Base {
        /// The stage.
        stage: usize,
        /// Whether its content ends up in the image that is built by default.
        last: bool,
    },
    /// A container runs it.
    Runs {
        /// The container's name; None for what an application as a whole runs, its driver and executors.
        slot: Option<String>,
    },
}

impl ImageUse {
    /// The container that runs it, where it is one of a pod's.
    pub fn slot(&self) -> Option<String> {
        match self {
            Self::Runs { slot } => slot.clone(),
            Self::Base { .. } => None,
        }
    }
}

/// Splits a reference into name, tag and digest. The name keeps its registry unless that is Docker Hub; `library/` goes.
pub fn parse_reference(reference: &Traced) -> (String, Option<Traced>, Option<Traced>) {
    let text = reference.as_str();
    let (before, digest) = match text.find('@') {
        Some(at) => (at, Some(reference.slice(at + 1..text.len()))),
        None => (text.len(), None),
    };
    let name_start = text[..before].rfind('/').map_or(0, |slash| slash + 1);
    let colon = text[name_start..before].find(':').map(|c| name_start + c);
    let tag = colon.map(|c| reference.slice(c + 1..before)).filter(|t| !t.as_str().is_empty());
    (normal_name(&text[..colon.unwrap_or(before)]), tag, digest)
}

fn normal_name(name: &str) -> String {
    let hub = ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"];
    let name = hub.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name).to_ascii_lowercase()
}

impl Image {
    /// The last path segment of its name: what images keep when registries and tags are variables.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}

/// Tags that move with every release or every night, alone or before a variant (`lts-alpine`). `dev` and the like are as often the
/// name of a local build.
pub fn is_moving_tag(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or(tag);
    matches!(first, "current" | "edge" | "latest" | "lts" | "mainline" | "nightly" | "rolling" | "stable")
}

/// The recipe of an image: a Dockerfile's stages.
#[derive(Debug, Clone, Default)]
pub struct ImageBuild {
    /// Its stages, in order.
    pub stages: Vec<Stage>,
}

impl ImageBuild {
    /// The numbers of the stages whose content ends up in the final image: the last one and those it is `FROM`.
    pub fn final_stages(&self) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut next = self.stages.len().checked_sub(1);
        while let Some(stage) = next {
            chain.push(stage);
            // A stage can only be based on an earlier one, so this ends.
            next = self.stages[stage].base_stage.filter(|base| *base < stage);
        }
        chain
    }
}

/// One stage of an image build.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name after `AS`.
    pub name: Option<Traced>,
    /// Its base image, arguments filled in; None where an argument is unknown.
    pub base: Option<Traced>,
    /// The earlier stage it is based on, where its base names one.
    pub base_stage: Option<usize>,
    /// The whole `FROM` instruction.
    pub span: Span,
    /// `FROM --platform`.
    pub platform: Option<Traced>,
    /// What its commands leave behind that only they needed.
    pub leftovers: Vec<Leftover>,
    /// What is copied or added into it.
    pub copies: Vec<Copy>,
    /// What is run in it.
    pub runs: Vec<Run>,
    /// The environment variables that it sets, arguments filled in, in order.
    pub env: Vec<(Traced, Traced)>,
    /// Files of requirements that are installed in it, as its commands name them.
    pub requirements: Vec<Traced>,
    /// The last `WORKDIR` of the stage.
    pub workdir: Option<String>,
    /// The last `USER` of the stage.
    pub user: Option<Traced>,
    /// The last `ENTRYPOINT` and `CMD`.
    pub commands: Vec<Run>,
}

impl Stage {
    /// A stage as a `FROM` begins it.
    pub fn from(base: Option<Traced>, span: Span) -> Self {
        Self {
            name: None,
            base,
            base_stage: None,
            span,
            platform: None,
            leftovers: Vec::new(),
            copies: Vec::new(),
            runs: Vec::new(),
            env: Vec::new(),
            requirements: Vec::new(),
            workdir: None,
            user: None,
            commands: Vec::new(),
        }
    }
}

/// A `COPY` or `ADD`.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The stage it copies from; None is the build context.
    pub from: Option<CopyFrom>,
    /// What is copied, arguments filled in.
    pub sources: Vec<Traced>,
    /// Where to.
    pub target: Traced,
    /// The whole instruction.
    pub span: Span,
}

/// Where a `COPY --from` takes its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyFrom {
    /// An earlier stage of the same Dockerfile.
    Stage(usize),
    /// Another image.
    Image(String),
}

/// A command line: `RUN`, `ENTRYPOINT`, `CMD`.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its text with arguments filled in where they are known, heredocs included.
    pub text: Traced,
    /// The whole instruction.
    pub span: Span,
}

/// Files that stay in the layer of the command that made them.
#[derive(Debug, Clone)]
pub struct Leftover {
    /// The command's word, or the name of the file.
    pub at: Span,
    /// What stays.
    pub what: String,
    /// What would take it away, or not make it.
    pub cure: &'static str,
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
    /// The platforms it is built for, where that is said: `linux/amd64,linux/arm64`.
    pub platforms: Option<Traced>,
    /// Prose says so, not what is run: a folder of the same name is better evidence.
    pub in_prose: bool,
}

/// A build of an image, with the arguments that it is given.
#[derive(Debug, Clone)]
pub struct PassedArguments {
    /// Where its Dockerfile may lie, below the root; empty where that is not known.
    pub paths: Vec<String>,
    /// Names and values; a value that is not known is none.
    pub arguments: Vec<(String, Option<Traced>)>,
    /// A readme file says so, not what is run.
    pub in_prose: bool,
}
