//! Which requirement files does an image install? A command names one by its place in the image; the copy before it brought it there.

use super::Project;
use super::artefact::{contexts, is_apart};
use super::edge::{EdgeKind, Edges};
use crate::fact::{Copy, Ecosystem, ImageBuild, PartId, PartKind, Stage};
use crate::source::{Traced, join};
use std::collections::HashMap;

/// Adds an edge from each image to the requirement files that its commands install.
pub fn link(project: &Project, edges: &mut Edges) {
    let mut by_name: HashMap<&str, Vec<(&str, PartId)>> = HashMap::new();
    for (id, part) in project.facts.parts() {
        if matches!(&part.kind, PartKind::Module(module) if module.ecosystem == Ecosystem::PyPi) {
            let path = project.path(part.span.file);
            by_name.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push((path, id));
        }
    }
    for (id, part) in project.facts.parts() {
        let PartKind::ImageBuild(build) = &part.kind else { continue };
        let commands = || build.stages.iter().flat_map(|stage| &stage.runs).map(|run| run.text.as_str());
        for (stage, named) in installed(build) {
            let name = named.as_str().rsplit('/').next().unwrap_or_default();
            if is_apart(commands(), name) {
                continue;
            }
            let candidates = by_name.get(name).into_iter().flatten();
            let brought: Vec<(usize, &str, PartId)> = candidates
                .filter_map(|(path, module)| Some((distance(build, stage, &part.folder, named, path)?, *path, *module)))
                .collect();
            let nearest = brought.iter().map(|(steps, _, _)| *steps).min();
            let mut nearest = brought.iter().filter(|(steps, _, _)| Some(*steps) == nearest);
            match (nearest.next(), nearest.next()) {
                (Some((_, path, module)), None) => {
                    let at = named.span();
                    let evidence = format!("`{}` installs `{path}`", project.place(at));
                    edges.add(EdgeKind::Copies, id, *module, at, evidence);
                }
                (Some(_), Some(_)) => edges.ambiguous += 1,
                _ => {}
            }
        }
    }
}

/// The files that the stages of an image install, with the stage.
fn installed(build: &ImageBuild) -> impl Iterator<Item = (usize, &Traced)> {
    let stages = build.stages.iter().enumerate();
    stages.flat_map(|(number, stage)| stage.requirements.iter().map(move |path| (number, path)))
}

/// How many folders up the build context is in which some copy brings a file of the repository to the place that is named.
fn distance(build: &ImageBuild, stage: usize, folder: &str, named: &Traced, path: &str) -> Option<usize> {
    let mut found = None;
    let mut next = Some(stage);
    while let Some(stage) = next.and_then(|number| build.stages.get(number)) {
        let here = stage.copies.iter().filter(|copy| copy.from.is_none());
        found =
            found.into_iter().chain(here.filter_map(|copy| brings(copy, stage, folder, named.as_str(), path))).min();
        // A stage can only be based on an earlier one, so this ends.
        next = stage.base_stage.filter(|base| next.is_some_and(|number| *base < number));
    }
    found
}

fn brings(copy: &Copy, stage: &Stage, folder: &str, named: &str, path: &str) -> Option<usize> {
    let by = |source: &Traced| {
        let source = source.as_str().trim_start_matches('/');
        let whole = source.trim_matches(['.', '/']).is_empty();
        contexts(folder, whole).position(|context| {
            let Some(from) = join(context, source) else { return false };
            if let Some((start, end)) = from.split_once('*') {
                return path.starts_with(start) && path.ends_with(end.trim_start_matches('*'));
            }
            let below = if from.is_empty() { Some(path) } else { path.strip_prefix(&from) };
            // What lies below a copied folder keeps its place there: `requirements/prod.txt`.
            path == from
                || below
                    .filter(|rest| from.is_empty() || rest.starts_with('/'))
                    .is_some_and(|rest| lies_at(rest.trim_start_matches('/'), stage, named))
        })
    };
    copy.sources.iter().filter_map(by).min()
}

/// Whether the place that a command names ends in this path, or is this path from some folder of the image on.
fn lies_at(rest: &str, stage: &Stage, named: &str) -> bool {
    let named = named.trim_start_matches("./");
    let ends =
        |long: &str, short: &str| long == short || long.strip_suffix(short).is_some_and(|before| before.ends_with('/'));
    ends(named, rest) || (ends(rest, named) && (rest == named || stage.workdir.is_some()))
}
