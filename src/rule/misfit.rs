//! How a version that the tables forbid is reported.

use super::{Case, Findings};
use crate::fact::VersionClaim;
use crate::finding::{Edit, Finding, Safety};
use crate::project::Unit;
use crate::project::compat::Misfit;
use crate::project::mend;

impl Findings {
    /// Reports a claim that a row forbids: at the claim about the row's subject, with what it meets as labels, and the newest release that fits.
    pub fn misfit(&mut self, case: &Case, unit: &Unit, misfit: &Misfit) -> Option<&mut Finding> {
        let Misfit { claim, others, row } = misfit;
        let other = others.first()?;
        let fitting = case.tables.releases_for(claim, other.component, &other.versions);
        // What the unit says of it elsewhere, where that fits, else the newest.
        let said =
            case.project.claims(unit).filter(|c| c.component == claim.component && c.text.span() != claim.text.span());
        let said = said.filter_map(|c| c.versions.exact()).find(|version| fitting.contains(version));
        let newest = said.or(fitting.last().copied()).map(ToString::to_string);
        let wanted = newest.as_ref().map_or_else(
            || case.tables.advice(claim, other.component),
            |release| {
                let name = if keeps_name(claim, release) { "delta-core" } else { claim.component.subject() };
                format!("use {name} {release}, which is made for {} {}", other.component, other.says())
            },
        );
        let fix = newest
            .filter(|release| has_own_name(claim) || keeps_name(claim, release))
            .and_then(|release| Edit::replace(&claim.text, release));
        let finding = self.report(&claim.text, format!("{}, but {}", claim.phrase(), other.phrase()));
        finding
            .subject(case.project.subject(claim))
            .because(case.project.because(unit, claim.part, other.part))
            .help(wanted)
            .unverified(claim.unverified || others.iter().all(|other| other.unverified))
            .fix(Safety::Unsafe, fix);
        for other in others {
            finding.label(&other.text, other.phrase());
        }
        row.cite(finding);
        Some(finding)
    }
}

/// Whether a release of Delta has the artefact's name from before 3.0.
fn keeps_name(claim: &VersionClaim, release: &str) -> bool {
    let name = claim.by.rsplit(':').next().unwrap_or(&claim.by);
    name.starts_with("delta-core") && claim.how.is_plain() && mend::is_called_so(claim, release)
}

/// Whether an artefact is still called as its subject is: a release from before a change of names is not mended by another version.
fn has_own_name(claim: &VersionClaim) -> bool {
    let name = claim.by.rsplit(':').next().unwrap_or(&claim.by);
    let name = name.rsplit_once('_').map_or(name, |(name, _)| name);
    name == claim.component.subject() && claim.how.is_plain()
}
