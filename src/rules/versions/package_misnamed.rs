//! See `rules/versions/package-misnamed.md`.

use crate::fact::{Dependency, Ecosystem, PartId};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Misnamed;
use std::collections::HashMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "package-misnamed",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/package-misnamed.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut parts: HashMap<PartId, Vec<(&Dependency, String)>> = HashMap::new();
    let of_python = |d: &&Dependency| d.ecosystem == Ecosystem::PyPi && d.scope.is_on_class_path();
    for dependency in project.facts.dependencies.iter().filter(of_python) {
        parts.entry(dependency.part).or_default().push((dependency, dependency.normal_name()));
    }
    let mut order: Vec<_> = parts.into_iter().collect();
    order.sort_unstable_by_key(|(part, _)| *part);
    for (part, packages) in &order {
        for (dependency, name) in packages {
            // Whoever has the right package as well gains nothing by the other, and loses nothing.
            let has_right = |m: &Misnamed| m.beside.is_none() && packages.iter().any(|(_, other)| *other == m.instead);
            let meant = |m: &&Misnamed| m.name == *name && has_reason(m, packages) && !has_right(m);
            let Some(misnamed) = case.tables.misnamed.iter().find(meant) else { continue };
            let beside = misnamed.beside.as_ref().and_then(|name| packages.iter().find(|(_, other)| other == name));
            let message = match beside {
                Some((other, _)) => format!("`{}` cannot stand beside `{}`", dependency.name, other.name),
                None => format!("`{}` is not the package `{}`", dependency.name, misnamed.instead),
            };
            let finding = findings.report(&dependency.name, message);
            let note = misnamed.note.as_deref().map_or_else(String::new, |note| format!(": {}", lowered(note)));
            finding
                .subject(format!("{}/{name}", project.part(*part).name))
                .help(format!("use `{}`{note}", misnamed.instead))
                .source(misnamed.source.clone());
            if let Some((other, _)) = beside {
                finding.label(&other.name, format!("`{}` is asked for as well", other.name));
            }
        }
    }
}

/// A name alone proves nothing: other people have a use for a parser of durations. Beside Spark's own packages it was meant otherwise.
fn has_reason(misnamed: &Misnamed, packages: &[(&Dependency, String)]) -> bool {
    match &misnamed.beside {
        Some(beside) => *beside != misnamed.name && packages.iter().any(|(_, name)| name == beside),
        None => packages.iter().any(|(_, name)| {
            *name != misnamed.name
                && ["pyspark", "pyspark-client", "pyspark-connect", "databricks-connect", "delta-spark", "findspark"]
                    .contains(&name.as_str())
        }),
    }
}

/// A sentence as the end of another one.
fn lowered(note: &str) -> String {
    let note = note.trim_end_matches('.');
    let mut chars = note.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
