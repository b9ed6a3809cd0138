//! Which Spark reads a setting?

pub mod master;
pub mod runtime;

use super::{EdgeKind, Project};
use crate::fact::{Part, PartId, PartKind, VersionClaim};
use crate::version::VersionSet;
use std::collections::{HashMap, HashSet};

/// The Sparks that read the settings of parts.
#[derive(Debug)]
pub struct Readers<'p> {
    project: &'p Project,
    units: HashMap<PartId, Vec<usize>>,
    /// Every Spark that anything here names.
    all: Vec<&'p VersionClaim>,
    /// What is set where.
    keys: HashSet<(PartId, &'p str)>,
}

/// A Spark that reads a setting.
#[derive(Debug)]
pub struct Reader<'p> {
    /// What says so; none where no file names a Spark, and what is asked holds for every release.
    pub spark: Option<&'p VersionClaim>,
    /// How it is known to read the setting.
    pub because: String,
}

/// The oldest line that is looked at: what holds from there on holds for every Spark.
const OLDEST: &str = ">=2.4";

impl<'p> Readers<'p> {
    /// Looks through a project.
    pub fn of(project: &'p Project) -> Self {
        let mut units: HashMap<PartId, Vec<usize>> = HashMap::new();
        for (i, unit) in project.units.iter().enumerate() {
            unit.members.iter().for_each(|member| units.entry(*member).or_default().push(i));
        }
        let all =
            project.facts.versions.iter().filter(|claim| claim.is_spark() && !claim.versions.is_empty()).collect();
        let keys = project.facts.settings.iter().map(|setting| (setting.part, setting.key.as_str())).collect();
        Self { project, units, all, keys }
    }

    /// Whether a part sets a key.
    pub fn sets(&self, part: PartId, key: &str) -> bool {
        self.keys.contains(&(part, key))
    }

    /// The Spark that reads a part's settings, where every one that may do so is among these versions: those of the units it is in;
    /// where they name none, all that the repository names.
    pub fn within(&self, part: PartId, versions: &VersionSet) -> Option<Reader<'p>> {
        let mut first = None;
        for unit in self.units.get(&part).into_iter().flatten().filter_map(|i| self.project.units.get(*i)) {
            let sparks = || self.project.claims(unit).filter(|claim| claim.is_spark() && !claim.versions.is_empty());
            let runs = |claim: &&VersionClaim| claim.how.is_loaded();
            let any_runs = sparks().any(|claim| runs(&claim));
            for claim in sparks().filter(|claim| !any_runs || runs(claim)) {
                if !claim.versions.is_subset(versions) {
                    return None;
                }
                first.get_or_insert_with(|| Reader {
                    spark: Some(claim),
                    because: self.project.because(unit, part, claim.part),
                });
            }
        }
        first.or_else(|| self.anywhere(versions))
    }

    fn anywhere(&self, versions: &VersionSet) -> Option<Reader<'p>> {
        let Some(spark) = self.all.first() else {
            let every = VersionSet::parse(OLDEST).is_ok_and(|every| every.is_subset(versions));
            return every.then(|| Reader { spark: None, because: String::new() });
        };
        let fits = self.all.iter().all(|claim| claim.versions.is_subset(versions));
        fits.then(|| Reader {
            spark: Some(spark),
            because: "every Spark that this repository names is one of these".to_owned(),
        })
    }
}

/// Files of settings of which nothing in the repository shows that Spark reads them: not under its own name for them, and named by nobody.
pub fn unread_files(project: &Project) -> HashSet<PartId> {
    let read: HashSet<PartId> = project.edges.iter().filter(|e| e.kind == EdgeKind::Configures).map(|e| e.to).collect();
    let files = project.facts.parts().filter(|(_, part)| matches!(part.kind, PartKind::ConfFile));
    let own_name = |part: &Part| project.path(part.span.file).ends_with("spark-defaults.conf");
    files.filter(|(id, part)| !read.contains(id) && !own_name(part)).map(|(id, _)| id).collect()
}
