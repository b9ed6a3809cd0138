//! See `rules/build/spark-bundled.md`.

use crate::fact::{Component, Dependency, PartId, PartKind, VersionClaim};
use crate::finding::{Level, Safety};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Span;
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
        let Some((unit, runner)) = project.units.iter().filter(runs).find_map(|unit| Some((unit, runner(project, unit, assembly.part)?))) else {
            continue;
        };
        let brought = |d: &&Dependency| case.tables.artefact(d).is_some_and(|(artefact, _)| matches!(artefact.kind, Kind::Spark | Kind::Scala));
        for dependency in project.held(assembly).filter(brought).filter(|d| is_ours(project, d)) {
            let message = format!("`{}` puts `{}` into the jar, but what runs it has its own", assembly.by, dependency.coordinate());
            let safety = if project.is_of_one_part(dependency) { Safety::Safe } else { Safety::Unsafe };
            let finding = findings.report(&dependency.name, message);
            finding
                .subject(format!("{}/{}", project.part(dependency.part).name, dependency.coordinate()))
                .label(runner.at, runner.says.clone())
                .label(assembly.span, format!("`{}` makes the jar", assembly.by))
                .because(project.because(unit, assembly.part, runner.part))
                .help("leave it to the cluster (`provided`, `compileOnly`): two Sparks on one class path shadow each other")
                .source("https://spark.apache.org/docs/latest/submitting-applications.html#bundling-your-applications-dependencies")
                .fix(safety, dependency.provide.clone());
        }
    }
}

/// What runs a jar with a Spark of its own.
struct Runner {
    part: PartId,
    at: Span,
    says: String,
}

/// An image or resource that says which Spark it has; else spark-submit, which has one, whichever it is.
fn runner(project: &Project, unit: &Unit, jar: PartId) -> Option<Runner> {
    let of_spark = |c: &&VersionClaim| c.component == Component::Spark && c.how.is_runtime() && c.part != jar;
    if let Some(spark) = project.claims(unit).find(of_spark) {
        return Some(Runner { part: spark.part, at: spark.text.span(), says: spark.phrase() });
    }
    let PartKind::Submission(submission) = &project.part(unit.root).kind else { return None };
    let program = submission.program.as_str().rsplit('/').next().unwrap_or_default();
    let says = format!("`{program}` brings its own Spark");
    Some(Runner { part: unit.root, at: submission.program.span(), says })
}

/// Told once, at the module that names it, not at all that inherit it.
fn is_ours(project: &Project, dependency: &Dependency) -> bool {
    let part = project.part(dependency.part);
    part.span.file == dependency.span.file || matches!(&part.kind, PartKind::Module(module) if !module.aggregator)
}
