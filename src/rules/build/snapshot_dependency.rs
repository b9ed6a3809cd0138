//! See `rules/build/snapshot-dependency.md`.

use crate::fact::{Dependency, PartId, PartKind, Release};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::{HashMap, HashSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "snapshot-dependency",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/snapshot-dependency.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let facts = &case.project.facts;
    let mut releases: HashMap<PartId, &Release> = HashMap::new();
    for release in &facts.releases {
        // A version that is one in no evaluation, or in some only, is no release.
        if !is_snapshot(release.version.as_str()) && is_version(release.version.as_str()) {
            releases.insert(release.part, release);
        }
    }
    for release in facts.releases.iter().filter(|release| is_snapshot(release.version.as_str())) {
        releases.remove(&release.part);
    }
    let ours: HashSet<&str> = facts.parts.iter().filter(|p| matches!(p.kind, PartKind::Module(_))).map(|p| p.name.as_str()).collect();
    let mut seen = HashSet::new();
    for dependency in facts.dependencies.iter().filter(|d| d.scope.is_on_class_path()) {
        let snapshot = dependency.version.as_ref().filter(|version| is_snapshot(version.as_str()));
        let (Some(version), Some(release)) = (snapshot, releases.get(&dependency.part)) else { continue };
        if ours.contains(plain_name(dependency).as_str()) || !seen.insert(version.span()) {
            continue;
        }
        findings
            .report(version, format!("`{}` is the snapshot `{version}`, another one each day", dependency.coordinate()))
            .subject(format!("{}/{}", case.project.part(dependency.part).name, dependency.coordinate()))
            .label(&release.version, format!("this is built as the release `{}`", release.version))
            .help("depend on a released version: snapshots change and are deleted")
            .source("https://maven.apache.org/guides/getting-started/index.html#what-is-a-snapshot-version");
    }
}

fn is_snapshot(version: &str) -> bool {
    version.ends_with("-SNAPSHOT") || version.ends_with(".BUILD-SNAPSHOT")
}

/// A version with a number: what only a command knows is none.
fn is_version(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit()) && version != "0" && !version.starts_with("0.0.0")
}

fn plain_name(dependency: &Dependency) -> String {
    let suffix = dependency.scala.as_ref().map_or_else(String::new, |s| format!("_{s}"));
    format!("{}:{}{suffix}", dependency.group, dependency.name)
}
