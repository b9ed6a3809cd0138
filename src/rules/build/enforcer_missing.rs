//! See `rules/build/enforcer-missing.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::{Component, Enforcement, PartId, PartKind};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "enforcer-missing",
    group: Group::Build,
    level: Level::Warning,
    options: &[Opt {
        name: "rules",
        default: DefaultValue::List(&["requireJavaVersion", "requireReleaseDeps", "requireUpperBoundDeps"]),
        help: "the enforcer's rules that a build has to have",
    }],
    yields_to: &[],
    page: include_str!("../../../rules/build/enforcer-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let facts = &case.project.facts;
    let spark: HashSet<PartId> =
        facts.versions.iter().filter(|claim| claim.component == Component::Spark).map(|claim| claim.part).collect();
    for Enforcement { part, rules } in facts.enforcements.iter().filter(|e| spark.contains(&e.part)) {
        let own = case.project.part(*part);
        let inherits = matches!(&own.kind, PartKind::Module(module) if module.parent.is_some());
        let wanted = case.options.list("rules");
        let missing: Vec<String> =
            wanted.iter().filter(|rule| !rules.iter().any(|known| known == *rule)).map(|rule| format!("`{rule}`")).collect();
        // A module that inherits is told of at its parent, which names no Spark itself: once for each build is enough.
        if missing.is_empty() || (inherits && !is_first(case, *part, &spark)) {
            continue;
        }
        findings
            .report(own.span, format!("nothing checks this build for {}", missing.join(", ")))
            .subject(own.name.clone())
            .help("add the maven-enforcer-plugin with these rules: a wrong JDK or version then stops the build, not the job")
            .source("https://maven.apache.org/enforcer/enforcer-rules/index.html");
    }
}

/// Whether a module is the first of its parent's that names Spark.
fn is_first(case: &Case, part: PartId, spark: &HashSet<PartId>) -> bool {
    let parent = |id: PartId| match &case.project.part(id).kind {
        PartKind::Module(module) => module.parent,
        _ => None,
    };
    let own = parent(part);
    let alike = spark.iter().filter(|other| parent(**other) == own);
    alike.min() == Some(&part)
}
