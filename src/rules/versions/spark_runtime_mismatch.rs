//! See `rules/versions/spark-runtime-mismatch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{conflicts, different_lines, is, odd_one};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-runtime-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/spark-runtime-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let runs = |claim: &VersionClaim| claim.component == Component::Spark && claim.how.is_runtime();
        let found = conflicts(project, unit, runs, is(Component::Spark), different_lines);
        for conflict in found.iter().filter(|conflict| !serves_several(project, unit, conflict.left)) {
            let (odd, other) = odd_one(project, unit, conflict);
            let message = format!("{} names Spark {}, but {} names Spark {}", odd.how, odd.text, other.how, other.text);
            let fix = other.versions.exact().and_then(|_| Edit::replace(&odd.text, other.text.as_str()));
            findings
                .report(&odd.text, message)
                .subject(project.subject(odd))
                .label(&other.text, format!("Spark {} by {} of `{}`", other.text, other.how, other.by))
                .because(project.because(unit, odd.part, other.part))
                .help("let build, image and resource name the same minor of Spark: code built for one fails on another")
                .source("https://spark.apache.org/versioning-policy.html")
                .unverified(odd.unverified || other.unverified)
                .fix(Safety::Unsafe, fix.filter(|_| odd.how.is_plain()));
        }
    }
}

/// Modules for several Sparks in one image, one of which fits what runs, are there on purpose.
fn serves_several(project: &Project, unit: &Unit, runtime: &VersionClaim) -> bool {
    let built = project.claims(unit).filter(|claim| claim.component == Component::Spark && !claim.how.is_runtime());
    let (stray, fitting): (Vec<_>, Vec<_>) = built.partition(|claim| different_lines(claim, runtime));
    !stray.is_empty() && !fitting.is_empty()
}
