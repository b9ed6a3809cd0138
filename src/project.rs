//! Which claims meet at run time? Parts, the edges between them with their evidence, and the units they form.

pub mod artefact;
pub mod build;
pub mod cluster;
pub mod compat;
pub mod conf;
mod config_map;
pub mod conflict;
pub mod connect;
pub mod credential;
pub mod demand;
pub mod edge;
pub mod effective;
mod environment;
pub mod exposure;
pub mod extension;
pub mod go_module;
mod host;
pub mod image;
pub mod image_files;
pub mod install;
pub mod java_run;
pub mod job;
pub mod mend;
pub mod message_limit;
pub mod module;
mod mounted;
pub mod profile;
pub mod python;
pub mod reference;
pub mod scala;
pub mod services;
pub mod source;
pub mod submission;
pub mod unit;

use crate::config::UnitDeclaration;
use crate::fact::{Container, Facts, Image, Part, PartId, PartKind, SparkApplication, VersionClaim};
use crate::read::{Body, Document, Extent, Loss};
use crate::source::text::line_of;
use crate::source::{FileId, Format, Sources, Span};
use crate::table::Tables;
pub use edge::{Edge, EdgeKind};
use std::collections::{BTreeMap, HashMap, HashSet};
pub use unit::Unit;

/// All facts, joined.
#[derive(Debug, Default)]
pub struct Project {
    /// What every file claims.
    pub facts: Facts,
    /// Which parts belong together, and how that is known.
    pub edges: Vec<Edge>,
    /// What runs together.
    pub units: Vec<Unit>,
    /// What was read.
    pub coverage: Coverage,
    /// What is remembered of each file, by [`FileId`].
    pub files: Vec<FileNote>,
    /// The Kubernetes minor that the configuration states.
    pub kubernetes: Option<String>,
    /// The release of Kubeflow's operator that the configuration states.
    pub spark_operator: Option<String>,
    /// Which Services, policies and autoscalers meet which pods.
    cluster: cluster::Cluster,
    /// Image references, by their place, that name an image which is built in this repository.
    built_here: HashSet<Span>,
    /// Version claims, as positions in the facts, by the file that their version is written in.
    claims_in: HashMap<FileId, Vec<usize>>,
    /// How many units a part is in.
    units_with: HashMap<PartId, usize>,
}

/// What is remembered of a file once its text is gone.
#[derive(Debug, Default, Clone)]
pub struct FileNote {
    /// Its path below the root.
    pub path: String,
    /// Its text's hash.
    pub hash: u64,
    /// Its text held nothing that concerns us, and was not parsed: code without a user-defined function or a setting.
    pub skipped: bool,
    lines: Box<[u32]>,
}

/// What was read, and what was not: the tool's own honesty.
#[derive(Debug, Default, Clone)]
pub struct Coverage {
    /// Files of each format we read.
    pub formats: Vec<(&'static str, usize)>,
    /// Files of a format we read.
    pub files: usize,
    /// Those read without any loss.
    pub parsed: usize,
    /// Of those, code without a user-defined function or a setting: searched for one, not parsed.
    pub skipped: usize,
    /// What was lost, in order of file and place.
    pub partial: Vec<Loss>,
    /// Values that could not be resolved and were not judged.
    pub unresolved: usize,
    /// Deployment units.
    pub units: usize,
    /// Places where several partners were possible and nothing was linked.
    pub ambiguous: usize,
    /// Calls in code whose receiver's type is not known.
    pub unknown_receivers: usize,
}

/// What is remembered of the documents, before their bodies are dropped.
pub fn file_notes(sources: &Sources, documents: &[Document]) -> Vec<FileNote> {
    let mut notes: Vec<FileNote> =
        sources.iter().map(|(_, source)| FileNote { path: source.path.clone(), ..FileNote::default() }).collect();
    for document in documents {
        if let Some(note) = notes.get_mut(document.file.0 as usize) {
            (note.hash, note.lines) = (document.hash, document.lines.clone());
            let code = matches!(document.format, Format::Go | Format::Rust | Format::Python | Format::Jvm | Format::C);
            note.skipped = code && matches!(document.body, Body::Nothing) && document.losses.is_empty();
        }
    }
    notes
}

/// Joins the facts. A pure function of them: nothing is read here.
pub fn link(facts: Facts, files: Vec<FileNote>, tables: &Tables, declared: &[UnitDeclaration]) -> Project {
    let mut project = Project { facts, files, ..Project::default() };
    environment::fill(&mut project.facts);
    project.cluster = cluster::Cluster::of(&project.facts);
    let mut edges = edge::Edges::default();
    module::link(&project, &mut edges);
    artefact::link(&project, &mut edges);
    install::link(&project, &mut edges);
    project.built_here = image::link(&project, tables, &mut edges);
    submission::link(&project, &mut edges);
    source::link(&project, &mut edges);
    build::link(&project, &mut edges);
    mounted::link(&project, &mut edges);
    job::link(&project, &mut edges);
    unit::declare(&project, declared, &mut edges);
    project.units = unit::units(&project.facts, &edges.list);
    for (i, claim) in project.facts.versions.iter().enumerate() {
        project.claims_in.entry(claim.text.span().file).or_default().push(i);
    }
    for part in project.units.iter().flat_map(|unit| &unit.members) {
        *project.units_with.entry(*part).or_default() += 1;
    }
    project.coverage.ambiguous = edges.ambiguous;
    project.edges = edges.list;
    project
}

impl Coverage {
    /// Counts what was read. `passed_over` files (test data) count as read: they were.
    pub fn count(sources: &Sources, project: &Project) -> Self {
        let mut formats: BTreeMap<Format, usize> = BTreeMap::new();
        sources.iter().for_each(|(_, source)| *formats.entry(source.format).or_default() += 1);
        let partial = project.facts.losses.clone();
        let touched: HashSet<FileId> = partial.iter().map(|loss| loss.span.file).collect();
        Self {
            formats: formats.into_iter().map(|(format, count)| (format.name(), count)).collect(),
            files: sources.len(),
            parsed: sources.len() - touched.len(),
            skipped: project.files.iter().filter(|note| note.skipped).count(),
            partial,
            unresolved: project.facts.unresolved.len(),
            units: project.units.len(),
            ambiguous: project.coverage.ambiguous,
            unknown_receivers: project.facts.unknown_receivers,
        }
    }
}

impl Coverage {
    /// The one line that ends every run: what was read, and what was not.
    pub fn line(&self) -> String {
        let partial = self.files - self.parsed;
        let limits = self.partial.iter().filter(|loss| loss.extent == Extent::Limit).count();
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let skipped = match self.skipped {
            0 => String::new(),
            n => format!(", {n} of them code that does not concern Spark and not parsed"),
        };
        let receivers = match self.unknown_receivers {
            0 => String::new(),
            n => format!(", {}", count(n, "receiver unknown", "receivers unknown")),
        };
        format!(
            "coverage: {} read{skipped}, {partial} with losses, {}, {}, {}, {}{receivers}",
            count(self.files, "file", "files"),
            count(limits, "part not statically readable", "parts not statically readable"),
            count(self.unresolved, "value unresolved", "values unresolved"),
            count(self.units, "unit", "units"),
            count(self.ambiguous, "link ambiguous", "links ambiguous"),
        )
    }
}

impl Project {
    /// A file's path below the root.
    pub fn path(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("?", |note| &note.path)
    }

    /// `path:line` of a place: how evidence names it.
    pub fn place(&self, span: Span) -> String {
        let line = self.files.get(span.file.0 as usize).map_or(1, |note| line_of(&note.lines, span.start));
        format!("{}:{line}", self.path(span.file))
    }

    /// A part by its number.
    pub fn part(&self, id: PartId) -> &Part {
        self.facts.part(id)
    }

    /// Every Spark application, Connect server and cluster that is a custom resource.
    pub fn applications(&self) -> impl Iterator<Item = (&Part, &SparkApplication)> {
        self.facts.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Application(application) => Some((part, application)),
            _ => None,
        })
    }

    /// Every container of every workload and application, with the part it belongs to.
    pub fn containers(&self) -> impl Iterator<Item = (&Part, &Container)> {
        self.facts.parts.iter().flat_map(|part| {
            let containers: &[Container] = match &part.kind {
                PartKind::Workload(workload) => &workload.containers,
                PartKind::Application(application) => &application.containers,
                _ => &[],
            };
            containers.iter().map(move |container| (part, container))
        })
    }

    /// Whether an image is one that this repository builds.
    pub fn is_built_here(&self, image: &Image) -> bool {
        self.built_here.contains(&image.reference.written())
    }

    /// How two parts of a unit are known to meet: the evidence of the edges on the way from one to the other. Empty for one part.
    pub fn because(&self, unit: &Unit, a: PartId, b: PartId) -> String {
        let (to_a, to_b) = (unit.path(self, a), unit.path(self, b));
        // What both ways share says nothing about how the two meet.
        let shared = to_a.iter().zip(&to_b).take_while(|(x, y)| x == y).count();
        let edges = to_a[shared..].iter().chain(&to_b[shared..]);
        let words: Vec<&str> = edges.map(|i| self.edges[*i].evidence.as_str()).collect();
        words.join(", and ")
    }

    /// The version claims of a unit's parts.
    pub fn claims<'a>(&'a self, unit: &'a Unit) -> impl Iterator<Item = &'a VersionClaim> {
        unit.claims.iter().map(|i| &self.facts.versions[*i])
    }
}
