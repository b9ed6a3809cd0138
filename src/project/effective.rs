//! What Spark's processes get: field, else setting, else default, in the order of the operator or command that starts them.
//!
//! The sums are Spark's own (`BasicDriverFeatureStep`, `BasicExecutorFeatureStep`, `ResourceProfile`); `tools/spark-pods` compares.

mod lookup;
mod memory;
mod pod;
mod server;

use super::Project;
use super::edge::{Edge, EdgeKind};
use crate::fact::field::Origin;
use crate::fact::object::{MapFile, MapSettings};
use crate::fact::quantity::Quantity;
use crate::fact::spark::{Language, Operator};
use crate::fact::{Component, ConfSetting, Container, Part, PartId, PartKind, Submission, Via};
use crate::source::{Span, Traced};
use crate::version::VersionSet;
pub use lookup::{Found, Settings};
use lookup::{Layer, ordered};
pub use pod::{CpuLimit, Overhead, SparkPod};
use std::collections::HashMap;

/// An amount in force, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// As a number.
    pub quantity: Quantity,
    /// As written, where it is.
    pub text: Option<Traced>,
    /// Where it comes from.
    pub origin: Origin,
    /// Nothing that is not read can change it. A default is not sure where settings may stand elsewhere.
    pub sure: bool,
}

impl Amount {
    /// As it is told to people: what is written, else the sum.
    pub fn memory(&self) -> String {
        self.text.as_ref().map_or_else(|| self.quantity.memory(), ToString::to_string)
    }

    /// The place, where there is one.
    pub fn span(&self) -> Option<Span> {
        match self.origin {
            Origin::Field(span) | Origin::Conf(span) => Some(span),
            Origin::Default(_) => None,
        }
    }
}

impl From<&Amount> for crate::finding::Place {
    fn from(amount: &Amount) -> Self {
        Self(amount.span())
    }
}

/// What an application is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "Spark's own names")]
pub enum Master {
    Kubernetes,
    Yarn,
    Standalone,
    Local,
    Unknown,
}

impl Master {
    fn of(url: &str) -> Self {
        let starts = |prefix: &str| url.starts_with(prefix);
        match url {
            _ if starts("k8s") => Self::Kubernetes,
            _ if starts("yarn") => Self::Yarn,
            _ if starts("spark:") => Self::Standalone,
            _ if starts("local") => Self::Local,
            _ => Self::Unknown,
        }
    }
}

/// An application, server or shell as something starts it.
#[derive(Debug)]
pub struct Launch<'p> {
    /// The resource, command or file of settings.
    pub part: &'p Part,
    /// Its number.
    pub id: PartId,
    /// Where it is sent.
    pub master: Master,
    /// Its driver runs in the cluster, not where it is started; none where that is not known.
    pub cluster_mode: Option<bool>,
    /// What its own processes run.
    pub language: Language,
    /// The Sparks that it may run on.
    pub spark: VersionSet,
    /// The container that starts it, where that is known.
    pub container: Option<&'p Container>,
    /// What it is told.
    pub settings: Settings<'p>,
    /// The pods that it asks for, or the processes that it starts.
    pub pods: Vec<SparkPod>,
}

impl Launch<'_> {
    /// Whether its Spark is surely of a version, or surely not; none where that is not known.
    pub fn is_spark(&self, range: &str) -> Option<bool> {
        let range = VersionSet::parse(range).ok()?;
        if self.spark.is_empty() {
            return None;
        }
        if self.spark.is_subset(&range) {
            return Some(true);
        }
        (!self.spark.meets(&range)).then_some(false)
    }

    /// Whether it uses the settings by which Spark's own tests forget how much memory it needs.
    pub fn is_test(&self) -> bool {
        ["spark.testing.memory", "spark.testing.reservedMemory"].iter().any(|key| self.settings.is_told(key))
    }

    /// What it is called in findings: the part's name and a process.
    pub fn subject(&self, role: &str) -> String {
        format!("{}/{role}", self.part.name)
    }
}

impl Project {
    /// Everything that starts Spark, with its effective values.
    pub fn launches(&self) -> Vec<Launch<'_>> {
        let index = Index::new(self);
        let parts = self.facts.parts();
        let mut launches: Vec<Launch<'_>> = parts.filter_map(|(id, part)| index.launch(id, part)).collect();
        for launch in &mut launches {
            launch.pods = pod::pods(launch);
            launch.pods.extend(server::pods(launch));
        }
        launches
    }
}

/// Settings, links and versions by part.
struct Index<'p> {
    project: &'p Project,
    settings: HashMap<PartId, Vec<&'p ConfSetting>>,
    /// What a part runs or reads, by edges that lead to settings.
    below: HashMap<PartId, Vec<&'p Edge>>,
    /// Files of mounted `ConfigMaps`.
    mounted: HashMap<PartId, &'p MapFile>,
    versions: HashMap<PartId, VersionSet>,
    /// Files of settings that something reads.
    read: Vec<PartId>,
}

impl<'p> Index<'p> {
    fn new(project: &'p Project) -> Self {
        let mut index = Self {
            project,
            settings: HashMap::new(),
            below: HashMap::new(),
            mounted: HashMap::new(),
            versions: HashMap::new(),
            read: Vec::new(),
        };
        for setting in &project.facts.settings {
            index.settings.entry(setting.part).or_default().push(setting);
        }
        for file in &project.facts.map_files {
            if let MapSettings::Here(part, _) = file.settings {
                index.mounted.insert(part, file);
            }
        }
        for edge in &project.edges {
            if matches!(edge.kind, EdgeKind::Configures | EdgeKind::RunsImage | EdgeKind::Base | EdgeKind::Loads) {
                index.below.entry(edge.from).or_default().push(edge);
            }
            if edge.kind == EdgeKind::Configures {
                index.read.push(edge.to);
            }
        }
        index.read.sort_unstable();
        index.run_versions();
        index
    }

    /// The Spark that each application and command of a unit runs on.
    fn run_versions(&mut self) {
        let starts =
            |id: PartId| matches!(self.project.part(id).kind, PartKind::Application(_) | PartKind::Submission(_));
        for unit in &self.project.units {
            let started: Vec<PartId> = unit.members.iter().copied().filter(|id| starts(*id)).collect();
            if started.is_empty() {
                continue;
            }
            let claims = self.project.claims(unit).filter(|claim| claim.is_spark() && claim.how.is_runtime());
            let claims = claims.filter(|claim| claim.component == Component::Spark);
            let Some(all) = claims.map(|claim| claim.versions.clone()).reduce(|a, b| a.union(&b)) else { continue };
            for id in started {
                let known = self.versions.entry(id).or_insert_with(VersionSet::none);
                *known = known.union(&all);
            }
        }
    }

    fn launch(&self, id: PartId, part: &'p Part) -> Option<Launch<'p>> {
        match &part.kind {
            PartKind::Application(application) => {
                let request = &application.request;
                let operator = request.operator;
                let (fields, conf) = (Layer::Fields(request), Layer::Conf(self.conf(id)));
                let layers = if operator == Operator::Stackable { vec![conf, fields] } else { vec![fields, conf] };
                // Stackable merges templates that the application does not name field by field.
                let open = request.conf_open || operator == Operator::Stackable;
                let mut settings = Settings { layers, open };
                if operator == Operator::Connect {
                    self.mounted(id, None, &mut settings);
                }
                let cluster_mode = Some(operator != Operator::Connect);
                let master = if operator == Operator::Other { Master::Standalone } else { Master::Kubernetes };
                Some(self.launch_of(id, part, master, cluster_mode, request.language, settings))
            }
            PartKind::Submission(submission) => Some(self.submission(id, part, submission)),
            // What reads a file of settings is judged with it.
            PartKind::ConfFile if self.read.binary_search(&id).is_err() => {
                let settings = Settings { layers: vec![Layer::Conf(self.conf(id))], open: true };
                let (master, cluster_mode) = started(&settings);
                Some(self.launch_of(id, part, master, cluster_mode, Language::Unknown, settings))
            }
            PartKind::Source => {
                let settings = Settings { layers: vec![Layer::Conf(self.conf(id))], open: true };
                let (master, _) = started(&settings);
                Some(self.launch_of(id, part, master, None, Language::Unknown, settings))
            }
            _ => None,
        }
    }

    fn launch_of(
        &self,
        id: PartId,
        part: &'p Part,
        master: Master,
        cluster_mode: Option<bool>,
        language: Language,
        settings: Settings<'p>,
    ) -> Launch<'p> {
        let spark = self.versions.get(&id).cloned().unwrap_or_else(VersionSet::none);
        Launch { part, id, master, cluster_mode, language, spark, container: None, settings, pods: Vec::new() }
    }

    fn submission(&self, id: PartId, part: &'p Part, submission: &'p Submission) -> Launch<'p> {
        let mut layers = vec![Layer::Conf(ordered(self.conf(id)))];
        let named = submission.flags.iter().any(|flag| flag.name.as_str() == "--properties-file");
        let file = self.configures(id).next();
        let open = submission.open || (named && file.is_none());
        if let Some(file) = file {
            layers.push(Layer::Conf(self.conf(file)));
        }
        // The session of a script may say otherwise.
        let loads = self.below.get(&id).into_iter().flatten().any(|edge| edge.kind == EdgeKind::Loads);
        let mut settings = Settings { layers, open };
        if file.is_none() && !named {
            self.surrounding(submission, &mut settings);
        }
        settings.open |= loads;
        let (master, mode) = started(&settings);
        // What a variable holds may say the mode.
        let cluster_mode = mode.filter(|_| !submission.open || settings.is_told("spark.submit.deployMode"));
        let main = submission.main.as_ref().map(|main| Language::of_main(main.as_str()));
        let program = submission.program.as_str();
        let language = match main {
            Some(language) if language != Language::Unknown => language,
            _ if program.contains("pyspark") => Language::Python,
            _ if program.ends_with("sparkR") => Language::R,
            _ if program.contains("start-") || submission.main_class.is_some() => Language::Jvm,
            _ => Language::Unknown,
        };
        let container = self.container(submission);
        Launch { container, ..self.launch_of(id, part, master, cluster_mode, language, settings) }
    }

    /// The workload's container that holds a command.
    fn container(&self, submission: &Submission) -> Option<&'p Container> {
        let PartKind::Workload(workload) = &self.project.part(submission.within?).kind else { return None };
        let mut containers = workload.containers.iter();
        match &submission.slot {
            Some(slot) => containers.find(|container| container.name == *slot),
            None => workload.service.as_deref(),
        }
    }

    fn conf(&self, id: PartId) -> Vec<&'p ConfSetting> {
        self.settings.get(&id).cloned().unwrap_or_default()
    }

    fn configures(&self, id: PartId) -> impl Iterator<Item = PartId> + '_ {
        let below = self.below.get(&id).into_iter().flatten();
        below.filter(|edge| edge.kind == EdgeKind::Configures).map(|edge| edge.to)
    }

    /// What a command without a file of its own reads where it runs.
    fn surrounding(&self, submission: &Submission, settings: &mut Settings<'p>) {
        let Some(within) = submission.within else {
            settings.open = true;
            return;
        };
        if self.mounted(within, submission.slot.as_deref(), settings) {
            return;
        }
        // The image that it runs in may hold a file that is not seen.
        settings.open = true;
        let file = self.image_conf(within, submission.slot.as_deref());
        settings.layers.extend(file.map(|file| Layer::Conf(self.conf(file))));
    }

    /// Adds what is mounted where Spark looks for settings, its own file before the variables of `spark-env.sh`. Gives whether that
    /// file is there: nothing of the image is read beside it.
    fn mounted(&self, part: PartId, slot: Option<&str>, settings: &mut Settings<'p>) -> bool {
        let edges = self.below.get(&part).into_iter().flatten();
        let edges = edges.filter(|edge| edge.kind == EdgeKind::Configures && edge.slot.as_deref() == slot);
        let files: Vec<(PartId, &MapFile)> =
            edges.filter_map(|edge| Some((edge.to, *self.mounted.get(&edge.to)?))).collect();
        let is_beside =
            |file: &MapFile| file.name == "spark-env.sh" || crate::source::extension_of(&file.name) == "xml";
        let (beside, own): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, file)| is_beside(file));
        settings.open |= own.iter().any(|(_, file)| !matches!(file.settings, MapSettings::Here(_, true)));
        settings.layers.extend(own.iter().chain(&beside).map(|(part, _)| Layer::Conf(self.conf(*part))));
        !own.is_empty()
    }

    /// The file of settings of the image that a command runs in, where there is one such image.
    fn image_conf(&self, within: PartId, slot: Option<&str>) -> Option<PartId> {
        let mut at = within;
        // Images stand on images; a circle ends here.
        for _ in 0..8 {
            if let Some(file) = self.configures(at).find(|file| !self.mounted.contains_key(file)) {
                return Some(file);
            }
            let mut images = self.below.get(&at)?.iter().filter(|edge| {
                let own = at != within || slot.is_none() || edge.slot.is_none() || edge.slot.as_deref() == slot;
                own && matches!(edge.kind, EdgeKind::RunsImage | EdgeKind::Base)
            });
            let (first, other) = (images.next()?, images.next());
            if other.is_some() {
                return None;
            }
            at = first.to;
        }
        None
    }
}

/// Where settings send an application, and whether its driver runs there.
fn started(settings: &Settings<'_>) -> (Master, Option<bool>) {
    let master = match settings.find("spark.master") {
        Found::Is(text, _) => Master::of(text.as_str()),
        _ => Master::Unknown,
    };
    let cluster = match settings.find("spark.submit.deployMode") {
        Found::Is(text, _) => Some(text.as_str() == "cluster"),
        Found::Absent | Found::Open => Some(false),
        Found::Unknown => None,
    };
    (master, cluster)
}

/// Whether a setting was made on a command line by a flag of its own, which is stronger than `--conf`.
fn is_flag(setting: &ConfSetting) -> bool {
    setting.via == Via::Submit && !setting.key.is_literal()
}
