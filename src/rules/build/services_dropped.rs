//! See `rules/build/services-dropped.md`.

use crate::fact::{Assembly, Component, Dependency, Services, VersionClaim};
use crate::finding::{Finding, Level, Safety};
use crate::project::services::Provided;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Kind;

/// The rule.
pub static RULE: Rule = Rule {
    id: "services-dropped",
    group: Group::Build,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/services-dropped.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let mut seen = Vec::new();
    for assembly in &case.project.facts.assemblies {
        let provided = case.project.services(assembly, case.tables);
        // One place, one finding: modules that inherit the plugin share its cause.
        // Where a cluster has a Spark of its own, its jars name what Spark itself brings.
        let mut lost = provided.iter().filter(|provided| !(is_sparks_own(case, provided) && on_cluster(case.project, assembly)));
        let first = lost.find(|provided| match &assembly.services {
            Services::Dropped(_) => true,
            Services::OneKept => provided.by.len() > 1,
            Services::Merged | Services::Unknown => false,
        });
        let Some(first) = first.filter(|_| !seen.contains(&assembly.span)) else { continue };
        seen.push(assembly.span);
        let finding = report(assembly, first, findings);
        finding.subject(format!("{}/{}", case.project.part(assembly.part).name, assembly.by));
        for (dependency, source) in &first.by {
            finding.label(&dependency.name, format!("`{}` has one", dependency.coordinate())).source((*source).to_owned());
        }
    }
}

/// Whether nothing but modules that Spark's distribution holds have the file.
fn is_sparks_own(case: &Case, provided: &Provided) -> bool {
    let own = |d: &Dependency| case.tables.artefact(d).is_some_and(|(artefact, _)| artefact.kind == Kind::Spark);
    provided.by.iter().all(|(dependency, _)| own(dependency))
}

/// Whether something with a Spark of its own runs the jar.
fn on_cluster(project: &Project, assembly: &Assembly) -> bool {
    let runs = |unit: &&Unit| unit.root != assembly.part && unit.members.contains(&assembly.part);
    let spark = |claim: &VersionClaim| {
        claim.component == Component::Spark && claim.how.is_runtime() && claim.part != assembly.part
    };
    project.units.iter().filter(runs).any(|unit| project.claims(unit).any(spark))
}

fn report<'f>(assembly: &Assembly, provided: &Provided, findings: &'f mut Findings) -> &'f mut Finding {
    let (by, file) = (assembly.by, provided.file);
    if let Services::Dropped(text) = &assembly.services {
        let finding = findings.report(text, format!("`{by}` leaves out `META-INF/services/{file}`: what it names cannot be found"));
        return finding.fix(Safety::Safe, assembly.merge.clone()).help("merge the files below `META-INF/services`, do not leave them out");
    }
    let count = provided.by.len();
    let message = format!("`{by}` keeps one of {count} files `META-INF/services/{file}`: what the others name cannot be found");
    let finding = findings.report(assembly.span, message);
    finding.fix(Safety::Safe, assembly.merge.clone()).help(match by {
        "maven-shade-plugin" => "add the `ServicesResourceTransformer`",
        "shadowJar" => "say `mergeServiceFiles()`",
        "sbt-assembly" => "say `MergeStrategy.concat` for `META-INF/services`",
        _ => "merge the files of one name below `META-INF/services`",
    })
}
