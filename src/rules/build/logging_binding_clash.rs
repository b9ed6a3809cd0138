//! See `rules/build/logging-binding-clash.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::Level;
use crate::project::Unit;
use crate::project::conflict::{Odd, by_left, conflicts, is};
use crate::rule::{Case, Findings, Group, Rule};
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "logging-binding-clash",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/logging-binding-clash.md"),
    check,
};

const SOURCE: &str = "https://www.slf4j.org/codes.html#ignoredBindings";

/// Libraries that bind slf4j, and from which release on they bind slf4j 2; None is never.
const BINDINGS: [(&str, Option<&str>); 4] =
    [("log4j-slf4j-impl", None), ("log4j-slf4j2-impl", Some("2")), ("logback", Some("1.3")), ("slf4j-bindings", Some("2"))];

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        for (name, since) in BINDINGS {
            let binding = |claim: &VersionClaim| {
                is(Component::named(name))(claim) && claim.travels && claim.how == How::Dependency
            };
                        let own_api = project.claims(unit).any(is_slf4j_1);
            if own_api {
                continue;
            }
            let found = conflicts(project, unit, binding, VersionClaim::is_spark, |claim, spark| clashes(case, claim, since, spark));
            for Odd { claim, others, .. } in by_left(&found) {
                report(case, unit, claim, &others, since, findings);
            }
        }
    }
}

/// A binding that is bundled beside the one that Spark has clashes with it; that it binds another slf4j makes it worse.
fn clashes(case: &Case, binding: &VersionClaim, since: Option<&str>, spark: &VersionClaim) -> bool {
    let own = case.tables.needs(spark, Component::named("slf4j-api"));
    let is_two = own.is_some_and(|row| row.relation.versions.is_subset(&range(">=2")));
    let binds_two = since.is_some_and(|since| binding.versions.is_subset(&range(&format!(">={since}"))));
    // A build that runs Spark by itself may well choose its own binding, and its own slf4j.
    own.is_some() && (is_two != binds_two || (spark.how.is_runtime() && !is_own(binding, spark)))
}

/// Whether Spark has the very binding: log4j 1's up to 3.2, log4j 2's for slf4j 1 in 3.3, for slf4j 2 from 3.4 on.
fn is_own(binding: &VersionClaim, spark: &VersionClaim) -> bool {
    let of_log4j_1 = ["slf4j-log4j12", "slf4j-reload4j"].iter().any(|name| binding.by.contains(name));
    match binding.component.subject() {
        "log4j-slf4j-impl" => spark.versions.is_subset(&range("3.3")),
        "log4j-slf4j2-impl" => spark.versions.is_subset(&range(">=3.4")),
        _ => of_log4j_1 && spark.versions.is_subset(&range("<3.3")),
    }
}

fn is_slf4j_1(claim: &VersionClaim) -> bool {
    is(Component::named("slf4j-api"))(claim) && claim.versions.is_subset(&range("<2"))
}

fn range(text: &str) -> VersionSet {
    VersionSet::parse(text).unwrap_or(VersionSet::none())
}

fn report(case: &Case, unit: &Unit, claim: &VersionClaim, others: &[&VersionClaim], since: Option<&str>, findings: &mut Findings) {
    let Some(spark) = others.first() else { return };
    let own = case.tables.needs(spark, Component::named("slf4j-api")).map(|row| row.relation.text.as_str());
    let binds = if since.is_some_and(|since| claim.versions.is_subset(&range(&format!(">={since}")))) { 2 } else { 1 };
    let message = format!(
        "`{}` {} binds slf4j {binds}, but {}, which has slf4j {} and a binding of its own",
        claim.by,
        claim.text,
        spark.phrase(),
        own.unwrap_or("?")
    );
    let finding = findings.report(&claim.text, message);
    finding
        .subject(case.project.subject(claim))
        .because(case.project.because(unit, claim.part, spark.part))
        .help("leave the binding to Spark: make it `provided` or `test`, or exclude it")
        .source(SOURCE)
        .unverified(spark.unverified);
    for other in others {
        finding.label(&other.text, other.phrase());
    }
}
