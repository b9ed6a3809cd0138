//! The Spark that an application is started with, where it is one that everybody can have: an image as it is published, or the package of `PyPI`.

use crate::fact::{Component, How, PartKind, VersionClaim};
use crate::project::{Project, Unit};

impl Project {
    /// What runs in a unit, where that is Spark as it is published, and no managed platform.
    pub fn published_spark<'p>(&'p self, unit: &'p Unit) -> Option<&'p VersionClaim> {
        let of_spark = |claim: &&VersionClaim| claim.component == Component::Spark && claim.is_spark();
        let published = |claim: &&VersionClaim| matches!(claim.how, How::ImageTag | How::ImageDefault | How::Pin);
        // Most units have no such claim, and all parts are many.
        let claim = self.claims(unit).filter(of_spark).find(published)?;
        let managed = |kind: &PartKind| matches!(kind, PartKind::Platform(_));
        (!self.facts.parts.iter().any(|part| managed(&part.kind))).then_some(claim)
    }

    /// Whether the recipes of a unit's images speak of one of these words: in what they copy, run or set.
    pub fn recipe_names(&self, unit: &Unit, words: &[&str]) -> bool {
        let names = |text: &str| {
            let text = text.to_ascii_lowercase();
            words.iter().any(|word| text.contains(word))
        };
        unit.members.iter().any(|member| {
            let PartKind::ImageBuild(build) = &self.part(*member).kind else { return false };
            build.stages.iter().any(|stage| {
                let copied = stage.copies.iter().flat_map(|copy| copy.sources.iter().chain([&copy.target]));
                let run = stage.runs.iter().chain(&stage.commands).map(|run| &run.text);
                let set = stage.env.iter().flat_map(|(name, value)| [name, value]);
                copied.chain(run).chain(set).any(|text| names(text.as_str()))
            })
        })
    }
}
