//! See `rules/image/main-file-missing.md`.

use crate::fact::{PartId, PartKind, SparkApplication, Submission};
use crate::finding::Level;
use crate::project::{Edge, EdgeKind, Project};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use std::collections::HashMap;

/// The rule.
pub static RULE: Rule = Rule {
    id: "main-file-missing",
    group: Group::Image,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/main-file-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut runs: HashMap<PartId, Vec<&Edge>> = HashMap::new();
    for edge in project.edges.iter().filter(|edge| edge.kind == EdgeKind::RunsImage && edge.slot.is_none()) {
        runs.entry(edge.from).or_default().push(edge);
    }
    for (id, part) in project.facts.parts() {
        let found = match &part.kind {
            PartKind::Application(app) if !may_mount(app) => app.main_file.as_ref().map(|main| (main, images(&runs, id))),
            PartKind::Submission(submission) => submitted(project, submission),
            _ => None,
        };
        let Some((main, builds)) = found else { continue };
        let Some(path) = main.as_str().strip_prefix("local://").filter(|path| path.starts_with('/')) else { continue };
        let missing: Option<Vec<_>> = builds.iter().map(|(build, _)| case.project.missing_in(*build, path, case.tables)).collect();
        let Some(((build, because), missing)) = builds.first().zip(missing.as_ref().and_then(|all| all.first())) else { continue };
        let dockerfile = &project.part(*build).name;
        let finding = findings.report(main, format!("the image has no `{path}`: `{dockerfile}` does not put it there"));
        finding
            .subject(format!("{}/{path}", part.name))
            .label(project.part(*build).span, "this is the image's recipe")
            .because(because.clone())
            .help("copy the file to this path, or name the path that it is copied to")
            .source("https://spark.apache.org/docs/latest/running-on-kubernetes.html#dependency-management");
        if let Some(elsewhere) = missing.elsewhere {
            finding.label(elsewhere, "a file of that name is copied to here");
        }
    }
}

/// The recipes of the images that an application runs, with how that is known.
fn images(runs: &HashMap<PartId, Vec<&Edge>>, part: PartId) -> Vec<(PartId, String)> {
    let edges = runs.get(&part).into_iter().flatten();
    edges.map(|edge| (edge.to, edge.evidence.clone())).collect()
}

/// Whether something else than the image may bring files: a volume, a template, a container that runs before.
fn may_mount(app: &SparkApplication) -> bool {
    let stated = &app.stated;
    let sections = ["driver.volumeMounts", "driver.template", "driver.initContainers", "driver.configMaps", "driverSpec"];
    let volumes = |field: &&crate::fact::stated::StatedField| field.path.starts_with("sparkConf.spark.kubernetes.driver.volumes.");
    !stated.whole
        || stated.open.iter().any(|open| open.is_empty() || open == "driver")
        || sections.iter().any(|section| stated.get(section).is_some())
        || stated.fields.iter().any(|field| volumes(&field))
}

/// What a command submits in the image that it runs in. In cluster mode another image may be meant.
fn submitted<'p>(project: &'p Project, submission: &'p Submission) -> Option<(&'p Traced, Vec<(PartId, String)>)> {
    let main = submission.main.as_ref()?;
    let within = submission.within?;
    let elsewhere = submission.open || submission.flags.iter().any(|flag| flag.name.as_str() == "--deploy-mode");
    if elsewhere {
        return None;
    }
    match &project.part(within).kind {
        PartKind::ImageBuild(_) => Some((main, vec![(within, String::new())])),
        _ => None,
    }
}
