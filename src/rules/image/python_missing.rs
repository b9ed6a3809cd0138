//! See `rules/image/python-missing.md`.

use crate::fact::{Image, ImageBuild, ImageUse, PartId, PartKind};
use crate::finding::Level;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "python-missing",
    group: Group::Image,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/python-missing.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut told = HashSet::new();
    let without: Vec<&Image> = project.facts.images.iter().filter(|image| lacks_python(case, image)).collect();
    for unit in project.units.iter().filter(|_| !without.is_empty()) {
        let Some((runner, script)) = script(project, unit) else { continue };
        if unit.members.iter().any(|member| brings_python(project, *member)) {
            continue;
        }
        for image in without.iter().filter(|image| unit.members.contains(&image.part)) {
            let Some(tag) = image.tag.as_ref().filter(|_| image.part != unit.root || image.usage.slot() == unit.slot) else {
                continue;
            };
            if !told.insert(tag.span()) {
                continue;
            }
            findings
                .report(tag, format!("`{script}` needs Python, but the image `{}` has none", image.reference))
                .subject(format!("{}/{}", project.part(image.part).name, image.name))
                .label(script, "this script is run")
                .because(project.because(unit, runner, image.part))
                .help("use an image with Python: a tag with `python3` in it, or none of `scala` and `r`")
                .source("https://github.com/apache/spark-docker/blob/master/versions.json");
        }
    }
}

fn lacks_python(case: &Case, image: &Image) -> bool {
    let tag = image.tag.as_ref().map(Traced::as_str);
    let family = tag.and_then(|tag| case.tables.image_family(&image.name, Some(tag)));
    let is_last = !matches!(image.usage, ImageUse::Base { last: false, .. });
    is_last && tag.zip(family).is_some_and(|(tag, family)| family.lacks_python(tag))
}

/// The Python script that a unit runs. A submission in cluster mode runs it elsewhere, unless it names the image.
fn script<'p>(project: &'p Project, unit: &Unit) -> Option<(PartId, &'p Traced)> {
    let is_script = |main: &&Traced| main.as_str().rsplit_once('.').is_some_and(|(_, ending)| ending == "py");
    let of = |member: &PartId| match &project.part(*member).kind {
        PartKind::Application(application) => application.main_file.as_ref().filter(is_script),
        PartKind::Submission(submission) => {
            let names_image = project.facts.images.iter().any(|image| image.part == *member);
            let is_cluster = submission.flags.iter().any(|flag| {
                flag.name.as_str() == "--deploy-mode" && flag.value.as_ref().is_none_or(|mode| mode.as_str() != "client")
            });
            submission.main.as_ref().filter(is_script).filter(|_| names_image || !is_cluster)
        }
        _ => None,
    };
    unit.members.iter().find_map(|member| Some((*member, of(member)?)))
}

/// Whether the recipe of an image may install a Python, or copy one.
fn brings_python(project: &Project, part: PartId) -> bool {
    let PartKind::ImageBuild(ImageBuild { stages }) = &project.part(part).kind else { return false };
    let names = |text: &str| ["python", "conda", "pyenv", "pip"].iter().any(|word| text.contains(word));
    stages.iter().any(|stage| {
        stage.runs.iter().any(|run| names(run.text.as_str()))
            || stage.copies.iter().any(|copy| copy.from.is_some() && copy.sources.iter().any(|s| names(s.as_str())))
    })
}
