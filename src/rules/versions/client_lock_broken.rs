//! See `rules/versions/client-lock-broken.md`.

use crate::fact::{Component, Dependency, Ecosystem, Lock, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::Project;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::table::Kind;
use crate::version::{Version, VersionSet};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "client-lock-broken",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["scala-binary-mismatch", "spark-runtime-mismatch"],
    page: include_str!("../../../rules/versions/client-lock-broken.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for lock in &case.project.facts.locks {
        contradicts_itself(case, lock, findings);
        for client in case.project.facts.dependencies.iter().filter(|d| is_of(case, lock, d)) {
            for (component, wanted) in [(Component::Spark, &lock.spark), (Component::Scala, &lock.scala)] {
                if let Some(wanted) = wanted {
                    broken(case.project, lock, client, component, wanted, findings);
                }
            }
        }
    }
}

/// Whether a dependency is the client that a lock speaks of: a Go or Rust library for Spark, at that version, below the lock's folder.
fn is_of(case: &Case, lock: &Lock, dependency: &Dependency) -> bool {
    let foreign = matches!(dependency.ecosystem, Ecosystem::Go | Ecosystem::Cargo);
    let is_client = || {
        let known = case.tables.artefact(dependency).is_some_and(|(artefact, _)| artefact.kind == Kind::Client);
        known || dependency.name.as_str().rsplit('/').next().is_some_and(|name| name.contains("spark"))
            || dependency.name.as_str().contains("/spark")
    };
    let version = Version::parse(lock.client.as_str());
    foreign
        && version.is_some_and(|version| dependency.versions == VersionSet::exactly(version))
        && below(case.project, lock, dependency.part)
        && is_client()
}

fn below(project: &Project, lock: &Lock, part: crate::fact::PartId) -> bool {
    let folder = &project.part(part).folder;
    lock.folder.is_empty() || *folder == lock.folder || folder.starts_with(&format!("{}/", lock.folder))
}

/// What is built or run below the lock's folder is of other versions, and nothing of the locked one.
fn broken(project: &Project, lock: &Lock, client: &Dependency, component: Component, wanted: &Traced, findings: &mut Findings) {
    let Some(locked) = Version::parse(wanted.as_str()) else { return };
    // Scala is named by its binary version in most places.
    let fits = |claim: &VersionClaim| match component {
        Component::Scala => claim.versions.meets(&locked.line(2)),
        _ => claim.versions.contains(&locked),
    };
    let about = |claim: &&VersionClaim| {
        claim.component == component && !claim.versions.is_empty() && below(project, lock, claim.part)
    };
    let claims: Vec<&VersionClaim> = project.facts.versions.iter().filter(about).collect();
    if claims.iter().any(|claim| fits(claim)) {
        return;
    }
    let mut seen = HashSet::new();
    for claim in claims.into_iter().filter(|claim| seen.insert(claim.text.span())) {
        let fix = (component == Component::Spark && claim.how.is_plain()).then(|| Edit::replace(&claim.text, wanted.as_str())).flatten();
        let gate = lock.gate.as_ref().map(|gate| format!(" ({gate})")).unwrap_or_default();
        let message = format!("{}, but the client `{}` {} is locked to {component} {wanted}", claim.phrase(), client.name, lock.client);
        findings
            .report(&claim.text, message)
            .subject(project.subject(claim))
            .label(wanted, format!("the pair of the client's {}", lock.client))
            .label(client.version.as_ref().map_or(client.span, Traced::span), "this version decides")
            .because(format!("`{}` pairs client and {component}", project.place(lock.client.span())))
            .help(format!("use {component} {wanted}, or the version of the client that goes with {}{gate}", claim.says()))
            .fix(Safety::Unsafe, fix);
    }
}

/// A pair that cannot be true: this Spark was never built with that Scala.
fn contradicts_itself(case: &Case, lock: &Lock, findings: &mut Findings) {
    let (Some(spark), Some(scala)) = (&lock.spark, &lock.scala) else { return };
    let (Some(spark_version), Some(scala_version)) = (Version::parse(spark.as_str()), Version::parse(scala.as_str())) else {
        return;
    };
    let part = crate::fact::PartId(0);
    let by = "version-matrix.json";
    let claim = VersionClaim::new(
        part, Component::Spark, VersionSet::exactly(spark_version), spark.clone(), crate::fact::How::Field(by), by,
    );
    let whole = (scala_version.precision() > 2).then(|| (Component::ScalaLibrary, VersionSet::of(&scala_version)));
    let checks = [Some((Component::Scala, scala_version.line(2))), whole];
    for (component, versions) in checks.into_iter().flatten() {
        let Some(row) = case.tables.contradiction_of(&claim, component, &versions, true) else { continue };
        let message = format!("Spark {spark} is paired with Scala {scala}, but it was built with {}", row.relation.text);
        let finding = findings.report(scala, message);
        finding.subject(format!("{by}/{}", lock.client)).label(spark, format!("Spark {spark}"));
        finding.help(format!("write the Scala of Spark's own build: {}", row.relation.text));
        row.cite(finding);
        return;
    }
}
