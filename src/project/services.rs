//! Service files: how libraries make themselves known to Spark and Hadoop, and who has one of the same name.

use super::Project;
use crate::fact::{Assembly, Dependency, Scope};
use crate::table::Tables;
use std::collections::BTreeMap;

/// The service files of one name that a fat jar is made of.
pub struct Provided<'p> {
    /// The name below `META-INF/services`.
    pub file: &'p str,
    /// The libraries in the jar that have one, with the artefact in which it was seen.
    pub by: Vec<(&'p Dependency, &'p str)>,
}

impl Project {
    /// The libraries that a fat jar holds, as far as the module itself names them.
    pub fn held<'p>(&'p self, assembly: &'p Assembly) -> impl Iterator<Item = &'p Dependency> {
        let shipped = |d: &&Dependency| {
            d.part == assembly.part
                && matches!(d.scope, Scope::Compile | Scope::Runtime)
                && d.classifier.is_none()
                && !d.variants.and(assembly.variants).is_empty()
        };
        let artifact = |d: &Dependency| d.scala.as_ref().map_or(d.name.to_string(), |s| format!("{}_{s}", d.name));
        let held = self.facts.dependencies.iter().filter(shipped);
        held.filter(move |d| assembly.holds(&d.group, &artifact(d)))
    }

    /// The service files that a fat jar is made of.
    pub fn services<'p>(&'p self, assembly: &'p Assembly, tables: &'p Tables) -> Vec<Provided<'p>> {
        let held: Vec<&Dependency> = self.held(assembly).collect();
        let mut files: BTreeMap<&str, Vec<(&Dependency, &str)>> = BTreeMap::new();
        for dependency in &held {
            for provider in tables.services.iter().filter(|p| p.is(&dependency.group, dependency.name.as_str())) {
                let by = files.entry(&provider.file).or_default();
                let known =
                    by.iter().any(|(d, _)| d.group == dependency.group && d.name.as_str() == dependency.name.as_str());
                by.extend((!known).then_some((*dependency, provider.source.as_str())));
            }
        }
        // What Spark looks for its data sources in stands before what Hadoop reads.
        let mut found: Vec<Provided<'p>> = files.into_iter().map(|(file, by)| Provided { file, by }).collect();
        found.sort_by_key(|provided| !provided.file.contains("spark"));
        found
    }
}
