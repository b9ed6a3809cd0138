//! JVMs that run Spark in their own process and were not told what Spark needs of them.

use super::Project;
use crate::fact::{
    Component, Dependency, Ecosystem, How, JavaRun, LocalSession, PartId, PartKind, Scope, VersionClaim,
};
use crate::source::{Span, Traced};
use crate::table::{JvmOptions, Tables};
use crate::version::Version;
use std::collections::HashMap;

/// A JVM that lacks what Spark needs.
#[derive(Debug)]
pub struct Closed<'p> {
    /// The JVM.
    pub run: &'p JavaRun,
    /// The Spark that it loads.
    pub spark: &'p Dependency,
    /// Spark's version.
    pub version: &'p Traced,
    /// What says which Java it is.
    pub java: &'p VersionClaim,
    /// The code that starts Spark in it; None where the jar is run and no code of its module is in the repository.
    pub session: Option<&'p LocalSession>,
    /// What the table asks for.
    pub needs: &'p JvmOptions,
    /// The packages that are not opened to it.
    pub missing: Vec<&'p str>,
    /// How Java and JVM are known to meet.
    pub because: String,
}

/// The package that every Spark context touches, whatever it is asked to do: where that one is open, somebody has thought about the rest.
const FIRST: &str = "java.base/sun.nio.ch";

impl Project {
    /// Every JVM that lacks what Spark needs.
    pub fn closed<'p>(&'p self, tables: &'p Tables) -> Vec<Closed<'p>> {
        // What opens packages to every JVM is not followed to where it holds: one place is enough to say nothing.
        if !self.facts.opened.is_empty() || self.facts.java_runs.is_empty() {
            return Vec::new();
        }
        let sessions = self.sessions();
        let of = |run: &'p JavaRun| {
            let options = run.options.as_ref()?;
            if options.iter().any(|option| option.as_str().contains(FIRST)) {
                return None;
            }
            self.loaded(run).into_iter().find_map(|(module, java, because)| {
                let session = match sessions.get(&module) {
                    Some(sessions) => Some(*sessions.iter().find(|s| s.tests == run.tests && (s.local || !s.tests))?),
                    None => None,
                };
                if session.is_none() && run.tests {
                    return None;
                }
                let (spark, version) = self.spark_of(module, run)?;
                let number = Version::parse(version.as_str())?;
                let jvm = java.versions.low()?;
                let needs = tables.jvm_options.iter().find(|o| o.spark.contains(&number) && o.java.contains(jvm))?;
                let given = |package: &str| options.iter().any(|option| option.as_str().contains(package));
                let missing = needs.opens.iter().map(String::as_str).filter(|package| !given(package)).collect();
                Some(Closed { run, spark, version, java, session, needs, missing, because })
            })
        };
        self.facts.java_runs.iter().filter_map(of).collect()
    }

    /// The modules whose code a JVM runs, each with what says which Java that is.
    fn loaded<'p>(&'p self, run: &'p JavaRun) -> Vec<(PartId, &'p VersionClaim, String)> {
        if !matches!(self.part(run.part).kind, PartKind::Module(_)) {
            let mut found = Vec::new();
            for unit in self.units.iter().filter(|unit| unit.members.contains(&run.part)) {
                let java = |claim: &&VersionClaim| claim.component == Component::Java && claim.how.is_runtime();
                let javas: Vec<&VersionClaim> = self.claims(unit).filter(java).collect();
                let Some(first) = javas.first().filter(|_| javas.iter().all(|java| is_17(java))) else { continue };
                let modules =
                    unit.members.iter().filter(|member| matches!(self.part(**member).kind, PartKind::Module(_)));
                found.extend(modules.map(|module| (*module, *first, self.because(unit, run.part, *module))));
            }
            return found;
        }
        let of_module = |claim: &&VersionClaim| claim.part == run.part && claim.component == Component::Java;
        let compiled =
            self.facts.versions.iter().filter(of_module).find(|claim| claim.how == How::Compiler && is_17(claim));
        let set_up = || {
            self.units.iter().filter(|unit| unit.members.contains(&run.part)).find_map(|unit| {
                let java = |claim: &&VersionClaim| claim.component == Component::Java && claim.how == How::Toolchain;
                let javas: Vec<&VersionClaim> = self.claims(unit).filter(java).collect();
                let first = *javas.first().filter(|_| javas.iter().all(|java| is_17(java)))?;
                Some((run.part, first, self.because(unit, run.part, first.part)))
            })
        };
        compiled.map(|claim| (run.part, claim, String::new())).or_else(set_up).into_iter().collect()
    }

    /// The Spark on a module's class path: for its tests, or in the jar that is run.
    fn spark_of<'p>(&'p self, module: PartId, run: &JavaRun) -> Option<(&'p Dependency, &'p Traced)> {
        let counts = |scope: Scope| match scope {
            Scope::Compile | Scope::Runtime => true,
            Scope::Provided | Scope::Test => run.tests,
            Scope::Other => false,
        };
        let all = self.facts.dependencies.iter().filter(|d| d.part == module && d.group == "org.apache.spark");
        let spark =
            all.filter(|d| matches!(d.name.as_str(), "spark-core" | "spark-sql" | "spark-streaming" | "spark-mllib"));
        let mut known = spark.filter(|d| counts(d.scope)).map(|d| d.version.as_ref().map(|version| (d, version)));
        let first = known.next()??;
        // Builds for several Sparks know themselves which of them needs what.
        known.all(|other| other.is_some_and(|(_, version)| version.as_str() == first.1.as_str())).then_some(first)
    }

    /// Code that starts Spark in its own process, by the nearest module of its language; an empty list where a module has code, but none that does.
    fn sessions(&self) -> HashMap<PartId, Vec<&LocalSession>> {
        let mut modules: HashMap<&str, Vec<PartId>> = HashMap::new();
        for (id, part) in self.facts.parts() {
            let jvm = [Ecosystem::Maven, Ecosystem::Sbt, Ecosystem::Gradle];
            if matches!(&part.kind, PartKind::Module(module) if jvm.contains(&module.ecosystem) && !module.aggregator) {
                modules.entry(part.folder.as_str()).or_default().push(id);
            }
        }
        let module_of = |path: &str| {
            let is_jvm = ["java", "scala", "kt"].contains(&path.rsplit('.').next().unwrap_or_default());
            let mut folders = super::cluster::upwards(crate::source::folder_of(path));
            let nearest = folders.find_map(|folder| modules.get(folder).filter(|_| is_jvm));
            if let Some([module]) = nearest.map(Vec::as_slice) { Some(*module) } else { None }
        };
        let mut found: HashMap<PartId, Vec<&LocalSession>> =
            self.files.iter().filter_map(|note| module_of(&note.path)).map(|module| (module, Vec::new())).collect();
        for session in &self.facts.local_sessions {
            if let Some(module) = module_of(self.path(session.at.file)) {
                found.entry(module).or_default().push(session);
            }
        }
        // A local master says most.
        for sessions in found.values_mut() {
            sessions.sort_by_key(|session| !session.local);
        }
        found
    }
}

fn is_17(claim: &VersionClaim) -> bool {
    claim.versions.low().is_some_and(|low| low.numbers(1) >= vec![17])
}

impl Closed<'_> {
    /// Where it is to be told: beside what starts the JVM, else at the Spark that needs it.
    pub fn place(&self) -> Span {
        if self.run.span.start == self.run.span.end { self.spark.name.span() } else { self.run.span }
    }
}
