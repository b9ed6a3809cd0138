//! What a repository claims, in the domain's words: typed lists that rules read. Facts own no source text, only small
//! values with the places they came from; [`crate::project`] joins them.

pub mod address;
pub mod assembly;
pub mod call;
pub mod code;
pub mod connect_url;
pub mod container;
pub mod deviation;
pub mod field;
pub mod image;
pub mod kafka;
mod log_layout;
pub mod metric;
pub mod module;
pub mod object;
pub mod payload;
pub mod pod;
pub mod quantity;
pub mod run;
pub mod secret;
pub mod serialized;
pub mod spark;
pub mod stated;
pub mod stream;
pub mod tls;
pub mod version;
pub mod workload;

use crate::read::Loss;
use crate::read::directive::Directive;
use crate::source::{Span, Traced};
pub use assembly::{Assembly, Enforcement, Release, Services};
pub use call::{Call, Capture, Entry, Hop, Language, Schemaless, Usage};
pub use code::{CodeSite, CodeTrouble};
pub use container::{Container, ContainerRole, Probe, ProbeKind, Resource};
pub use deviation::{Deviation, Difference};
pub use field::Field;
pub use image::{Copy, CopyFrom, Image, ImageBuild, ImageName, ImageUse, Leftover, PassedArguments, Run, Stage};
pub use log_layout::LogLayout;
pub use metric::{Client, Metric, MetricKind, NamePart};
pub use module::{Dependency, Ecosystem, LocalModule, Module, Scope, Variants};
pub use object::{Object, ObjectBody};
pub use pod::Pod;
pub use run::{
    Build, Download, Flag, JavaRun, Job, LocalSession, Platform, Reach, Room, ScriptRun, Service, Submission, UpdateBot,
};
pub use version::{Component, How, Lock, VersionClaim};
pub use workload::{SparkApplication, Workload};

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
    /// Kubernetes objects, those with pod specs included.
    pub objects: Vec<Object>,
    /// `ConfigMaps` and `Secrets` that a kustomization makes.
    pub generated: Vec<object::Generated>,
    /// Files of settings in `ConfigMaps`.
    pub map_files: Vec<object::MapFile>,
    /// Values in `ConfigMaps` that containers may take as variables.
    pub map_variables: Vec<object::MapVariables>,
    /// What WebAssembly modules import.
    pub wasm_imports: Vec<crate::read::wasm::Import>,
    /// Profiles of system calls.
    pub seccomp: Vec<object::Seccomp>,
    /// Names of images that a kustomization gives another tag.
    pub image_overrides: Vec<String>,
    /// Where custom resources differ from their definitions.
    pub deviations: Vec<Deviation>,
    /// Whether installations of Kubeflow's operator have its webhook.
    pub webhooks: Vec<object::Webhook>,
    /// Jars that hold the libraries of a module as well.
    pub assemblies: Vec<Assembly>,
    /// Versions that modules have themselves.
    pub releases: Vec<Release>,
    /// What Maven builds are checked for.
    pub enforcements: Vec<Enforcement>,
    /// References to functions and types that some list forbids or a rule asks for.
    pub calls: Vec<Call>,
    /// What code does with the libraries that rules look into.
    pub sites: Vec<CodeSite>,
    /// What is wrong in functions by themselves: no tests, examples or generated files.
    pub troubles: Vec<CodeTrouble>,
    /// What is wrong with Rust functions that C calls.
    pub foreign_flaws: Vec<crate::rust::ffi::Flaw>,
    /// Rust clients that take any certificate.
    pub unverified: Vec<tls::Unverified>,
    /// Consumers of Kafka that commit on their own although something else speaks for their offsets.
    pub auto_commits: Vec<kafka::AutoCommit>,
    /// Files of properties whose consumers of Kafka commit on their own.
    pub kafka_switches: Vec<kafka::Switch>,
    /// Code that loads such files and commits as well.
    pub kafka_commits: Vec<kafka::Committing>,
    /// Fields of Go structs whose tags say something of Spark's columns; no tests, examples or generated files.
    pub columns: Vec<code::Tagged>,
    /// Broadcast values that are decoded in tasks.
    pub decodings: Vec<call::Decoding>,
    /// Imports of packages that do something when they are loaded.
    pub imports: Vec<code::Imported>,
    /// Uses of the driver's own things inside tasks.
    pub captures: Vec<Capture>,
    /// Reads of jobs that leave their schema to the data.
    pub schemaless: Vec<Schemaless>,
    /// Streams that are read without a limit in their own words: no tests or examples.
    pub unlimited: Vec<stream::Unlimited>,
    /// Bodies of requests that start jobs.
    pub payloads: Vec<payload::Payload>,
    /// Files that commands send as such bodies.
    pub sent: Vec<payload::Sent>,
    /// Layouts of logs that lack fields by which lines are found.
    pub log_layouts: Vec<LogLayout>,
    /// What JVM code writes as objects of its own.
    pub written: Vec<serialized::Written>,
    /// Topics and paths that code of other languages reads.
    pub consumed: Vec<serialized::Consumed>,
    /// Metrics that are offered or recorded: no tests, examples or generated code.
    pub metrics: Vec<Metric>,
    /// Names by which parts reach each other.
    pub services: Vec<Service>,
    /// Files that commands fetch.
    pub downloads: Vec<Download>,
    /// Scripts that workloads and CI jobs run.
    pub script_runs: Vec<ScriptRun>,
    /// JVMs that are started without Spark's scripts.
    pub java_runs: Vec<JavaRun>,
    /// Bots that update libraries, and what they are told.
    pub update_bots: Vec<UpdateBot>,
    /// Code that starts Spark in its own process.
    pub local_sessions: Vec<LocalSession>,
    /// Places that open packages to every JVM that is started: `JDK_JAVA_OPTIONS`, `Add-Opens` of a manifest.
    pub opened: Vec<Span>,
    /// Image names that something (a compose file, a CI line, skaffold) says are built from a folder or Dockerfile.
    pub image_names: Vec<ImageName>,
    /// Builds of images, with the arguments that they are given.
    pub passed_arguments: Vec<PassedArguments>,
    /// What a house pairs with the versions of its clients.
    pub locks: Vec<Lock>,
    /// `sparkproof:` comments and annotations.
    pub directives: Vec<Directive>,
    /// What could not be read.
    pub losses: Vec<Loss>,
    /// Values that could not be resolved (a property, an argument, a template) and therefore were not judged.
    pub unresolved: Vec<Unresolved>,
    /// Calls of methods whose receiver's type is not known; nothing is said about them.
    pub unknown_receivers: usize,
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
        other.assemblies.iter_mut().for_each(|a| moved(&mut a.part));
        other.releases.iter_mut().for_each(|r| moved(&mut r.part));
        other.enforcements.iter_mut().for_each(|e| moved(&mut e.part));
        for part in &mut other.parts {
            if let PartKind::Submission(Submission { within: Some(runner), .. }) = &mut part.kind {
                moved(runner);
            }
        }
        other.services.iter_mut().for_each(|s| moved(&mut s.part));
        self.services.append(&mut other.services);
        other.java_runs.iter_mut().for_each(|r| moved(&mut r.part));
        self.java_runs.append(&mut other.java_runs);
        other.script_runs.iter_mut().for_each(|r| moved(&mut r.part));
        self.script_runs.append(&mut other.script_runs);
        self.update_bots.append(&mut other.update_bots);
        self.local_sessions.append(&mut other.local_sessions);
        self.opened.append(&mut other.opened);
        other.downloads.iter_mut().filter_map(|d| d.part.as_mut()).for_each(moved);
        self.downloads.append(&mut other.downloads);
        self.parts.append(&mut other.parts);
        self.dependencies.append(&mut other.dependencies);
        self.versions.append(&mut other.versions);
        self.images.append(&mut other.images);
        self.settings.append(&mut other.settings);
        self.objects.append(&mut other.objects);
        self.generated.append(&mut other.generated);
        for file in &mut other.map_files {
            if let object::MapSettings::Here(part, _) = &mut file.settings {
                moved(part);
            }
        }
        self.map_files.append(&mut other.map_files);
        self.map_variables.append(&mut other.map_variables);
        self.wasm_imports.append(&mut other.wasm_imports);
        self.seccomp.append(&mut other.seccomp);
        self.image_overrides.append(&mut other.image_overrides);
        self.deviations.append(&mut other.deviations);
        self.webhooks.append(&mut other.webhooks);
        self.assemblies.append(&mut other.assemblies);
        self.releases.append(&mut other.releases);
        self.enforcements.append(&mut other.enforcements);
        self.calls.append(&mut other.calls);
        self.sites.append(&mut other.sites);
        self.troubles.append(&mut other.troubles);
        self.foreign_flaws.append(&mut other.foreign_flaws);
        self.unverified.append(&mut other.unverified);
        self.auto_commits.append(&mut other.auto_commits);
        self.kafka_switches.append(&mut other.kafka_switches);
        self.kafka_commits.append(&mut other.kafka_commits);
        self.columns.append(&mut other.columns);
        self.decodings.append(&mut other.decodings);
        self.imports.append(&mut other.imports);
        self.captures.append(&mut other.captures);
        self.schemaless.append(&mut other.schemaless);
        self.metrics.append(&mut other.metrics);
        self.written.append(&mut other.written);
        self.consumed.append(&mut other.consumed);
        self.log_layouts.append(&mut other.log_layouts);
        self.payloads.append(&mut other.payloads);
        self.sent.append(&mut other.sent);
        self.unlimited.append(&mut other.unlimited);
        self.image_names.append(&mut other.image_names);
        self.passed_arguments.append(&mut other.passed_arguments);
        self.locks.append(&mut other.locks);
        self.directives.append(&mut other.directives);
        self.losses.append(&mut other.losses);
        self.unresolved.append(&mut other.unresolved);
        self.unknown_receivers += other.unknown_receivers;
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

impl Part {
    /// Whether it is a Dockerfile: builds of other kinds make images too.
    pub fn is_dockerfile(&self) -> bool {
        let name = self.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        matches!(self.kind, PartKind::ImageBuild(_)) && ["dockerfile", "containerfile"].iter().any(|n| name.contains(n))
    }
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
    /// A command that submits an application or starts a shell: `spark-submit …`.
    Submission(Submission),
    /// A cluster or job of a managed platform that a file describes.
    Platform(Platform),
    /// A CI job.
    Job(Job),
    /// A source file that makes a session of Spark.
    Source,
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
            Self::Submission(_) => "submission",
            Self::Platform(_) => "platform",
            Self::Job(_) => "CI job",
            Self::Source => "source",
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
    /// Which container of a workload it is about; None for a part as a whole.
    pub slot: Option<String>,
}

/// Where a setting was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// A properties file.
    File,
    /// A field of a custom resource (`sparkConf`).
    Resource,
    /// A command line: `--conf`, or a flag that stands for a key (`--packages`).
    Submit,
    /// A call in the application's own code: `.config("…", "…")`.
    Code,
    /// A properties file inside a `ConfigMap`.
    ConfigMap,
}

/// A value that stayed unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// Where it is used.
    pub span: Span,
    /// Why: "the property `spark.version` is defined nowhere in this repository".
    pub why: String,
}
