//! What the tables answer.

use super::Tables;
use super::artefacts::{self, Artefact, Kind};
use super::images::ImageFamily;
use super::rows::Row;
use crate::fact::{Component, Dependency, Ecosystem, VersionClaim};
use crate::version::{Version, VersionSet, in_words};

impl Tables {
    /// All rows about a subject.
    pub fn rows<'a>(&'a self, subject: &str) -> impl Iterator<Item = &'a Row> {
        self.subjects.get(subject).into_iter().flatten().map(|i| &self.rows[*i])
    }

    /// What is known of a library: its artefact, and what its *name* says of other components' versions.
    pub fn artefact(&self, dependency: &Dependency) -> Option<(&Artefact, artefacts::Said)> {
        if dependency.ecosystem.is_jvm() && dependency.group.is_empty() {
            return self.artefacts.find_named(dependency.name.as_str());
        }
        self.artefacts.find(dependency.ecosystem, &dependency.group, &dependency.normal_name())
    }

    /// The component of which some artefact has this name, without group and Scala suffix.
    pub fn component_called(&self, name: &str) -> Option<Component> {
        let python = || self.artefacts.find(Ecosystem::PyPi, "", name);
        self.artefacts.find_named(name).or_else(python).map(|(artefact, _)| artefact.component)
    }

    /// All rows, in the order of the tables.
    pub fn all_rows(&self) -> &[Row] {
        &self.rows
    }

    /// What kind of library a component is.
    pub fn kind(&self, component: Component) -> Option<Kind> {
        self.artefacts.kind(component)
    }

    /// All artefacts.
    pub fn artefacts(&self) -> impl Iterator<Item = &Artefact> {
        self.artefacts.iter()
    }

    /// The loudest row that says that a subject of these versions cannot meet a component of those. A row about one
    /// release (an exception) stands for the row of its line, and only rows that cover every version claimed of the subject speak.
    pub fn contradiction(&self, subject: &VersionClaim, component: Component, claimed: &VersionSet) -> Option<&Row> {
        loudest(self.speaking(subject, component).into_iter(), claimed)
    }

    /// As [`Self::contradiction`], by the rows that say what is needed or by those that say what fails.
    pub fn contradiction_of(
        &self,
        subject: &VersionClaim,
        component: Component,
        claimed: &VersionSet,
        needs: bool,
    ) -> Option<&Row> {
        loudest(self.speaking(subject, component).into_iter().filter(|row| row.relation.is_needs() == needs), claimed)
    }

    /// What a subject of these versions needs of a component, where a row says so.
    pub fn needs(&self, subject: &VersionClaim, component: Component) -> Option<&Row> {
        self.speaking(subject, component).into_iter().find(|row| row.relation.is_needs())
    }

    /// What to use instead, in words: "use Java 8, 11 or 17".
    pub fn advice(&self, subject: &VersionClaim, component: Component) -> String {
        self.needs(subject, component).map_or_else(
            || format!("use a version of {component} that this {} is documented to support", subject.component),
            |row| format!("use {component} {}", in_words(&row.relation.text)),
        )
    }

    /// Releases of a claim's library that fit these versions of a component, of those that rows were checked with, newest last.
    pub fn releases_for(&self, claim: &VersionClaim, component: Component, versions: &VersionSet) -> Vec<&Version> {
        let about = |row: &&Row| row.relation.component == component && row.relation.is_needs();
        let fits = |release: &&Version| {
            let other = VersionClaim { versions: VersionSet::exactly((*release).clone()), ..claim.clone() };
            self.needs(&other, component).is_some() && self.contradiction(&other, component, versions).is_none()
        };
        let checked = self.rows(claim.component.subject()).filter(about).flat_map(|row| &row.checked);
        let mut releases: Vec<&Version> = checked.filter(fits).collect();
        releases.sort();
        releases.dedup();
        releases
    }

    /// Rows that hold for all claimed versions: those of the claim's own distribution if there are any, an exact release's before its line's.
    fn speaking(&self, subject: &VersionClaim, component: Component) -> Vec<&Row> {
        let versions = &subject.versions;
        // What a preview or snapshot of a line's first release has in its jars was still to change; its Scala and Java are the line's.
        let in_the_making = versions.exact().filter(|v| v.is_pre_release() && v.numbers(3)[2] == 0);
        let settled = !(self.kind(component) == Some(Kind::Bundled) || component == Component::Hadoop);
        let about = |row: &&Row| {
            let known = settled || in_the_making.is_none_or(|preview| row.checked.contains(preview));
            row.relation.component == component && !versions.is_empty() && versions.is_subset(&row.versions) && known
        };
        let of = |distribution: Option<&str>| {
            let rows = self.rows(subject.component.subject()).filter(about);
            rows.filter(|row| row.distribution.as_deref() == distribution).collect::<Vec<&Row>>()
        };
        let own = subject.distribution.map_or_else(Vec::new, |distribution| of(Some(distribution)));
        // What a distribution says of its own stands for the general row of the same kind, unless that is the graver one.
        let stands = |row: &&Row, own: &[&Row]| {
            own.iter().any(|o| o.relation.is_needs() == row.relation.is_needs() && o.verdict <= row.verdict)
        };
        let mut rows = of(None);
        rows.retain(|row| !stands(row, &own));
        rows.extend(own);
        let exact = |row: &Row, kind: bool| row.versions.exact().is_some() && row.relation.is_needs() == kind;
        let overruled = |row: &Row| {
            row.versions.exact().is_none() && rows.iter().any(|other| exact(other, row.relation.is_needs()))
        };
        rows.iter().copied().filter(|row| !overruled(row)).collect()
    }

    /// The family that reads this tag of a normalised repository name; without a tag, the first of that repository.
    pub fn image_family(&self, name: &str, tag: Option<&str>) -> Option<&ImageFamily> {
        self.images.iter().filter(|family| family.matches(name)).find(|family| tag.is_none_or(|tag| family.reads(tag)))
    }

    /// Whether a repository is a public one: an official image, or one that the tables describe. Nobody's own image has that name.
    pub fn is_public_image(&self, name: &str) -> bool {
        self.official.contains(name) || self.images.iter().any(|family| family.matches(name))
    }

    /// The newest release of a component that a row or list speaks of; none where there is too little to tell.
    pub fn newest(&self, component: Component) -> Option<Version> {
        if component != Component::Spark && self.kind(component) != Some(Kind::Connector) {
            return None;
        }
        let subject = component.subject();
        let checked = self.rows(subject).flat_map(|row| &row.checked);
        let mirrored = self.withdrawn.mirrors.iter().flat_map(|mirror| &mirror.newest);
        let released = checked.chain(mirrored.filter(|_| component == Component::Spark));
        released.filter(|version| !version.is_pre_release()).max().cloned()
    }

    /// All image families.
    pub fn images(&self) -> &[ImageFamily] {
        &self.images
    }
}

/// Of the rows that forbid what is claimed, the one that lets a finding be loudest.
fn loudest<'t>(rows: impl Iterator<Item = &'t Row>, claimed: &VersionSet) -> Option<&'t Row> {
    rows.filter(|row| row.relation.contradicts(claimed)).min_by_key(|row| (row.unverified, row.verdict))
}
