//! See `rules/build/spark-bundled.md`.

use crate::fact::{Component, Dependency, PartKind};
use crate::finding::{Level, Safety};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-bundled",
    group: Group::Build,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/spark-bundled.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for assembly in &project.facts.assemblies {
        // Only where something with a Spark of its own runs the jar: a local application must bring its own.
        let runs = |unit: &&Unit| unit.root != assembly.part && unit.members.contains(&assembly.part);
        let cluster = project.units.iter().filter(runs).find_map(|unit| {
            let of_spark = |claim: &&crate::fact::VersionClaim| {
                claim.component == Component::Spark && claim.how.is_runtime() && claim.part != assembly.part
            };
            Some((unit, project.claims(unit).find(of_spark)?))
        });
        let Some((unit, spark)) = cluster else { continue };
        let brought = |d: &&Dependency| case.tables.artefact(d).is_some_and(|(artefact, _)| matches!(artefact.kind, Kind::Spark | Kind::Scala));
        for dependency in project.held(assembly).filter(brought).filter(|d| is_ours(project, d)) {
            let message = format!("`{}` puts `{}` into the jar, but what runs it has its own", assembly.by, dependency.coordinate());
            let safety = if project.is_of_one_part(dependency) { Safety::Safe } else { Safety::Unsafe };
            let finding = findings.report(&dependency.name, message);
            finding
                .subject(format!("{}/{}", project.part(dependency.part).name, dependency.coordinate()))
                .label(&spark.text, spark.phrase())
                .label(assembly.span, format!("`{}` makes the jar", assembly.by))
                .because(project.because(unit, assembly.part, spark.part))
                .help("leave it to the cluster (`provided`, `compileOnly`): two Sparks on one class path shadow each other")
                .source("https://spark.apache.org/docs/latest/submitting-applications.html#bundling-your-applications-dependencies")
                .fix(safety, dependency.provide.clone());
        }
    }
}

/// Told once, at the module that names it, not at all that inherit it.
fn is_ours(project: &Project, dependency: &Dependency) -> bool {
    let part = project.part(dependency.part);
    part.span.file == dependency.span.file || matches!(&part.kind, PartKind::Module(module) if !module.aggregator)
}
