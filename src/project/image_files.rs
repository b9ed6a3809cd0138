//! Which files an image holds, as far as its recipe says it. What a base image of somebody else's brings is not known, so a
//! file is missing only where every base is a public one that is known to hold no application.

use super::{EdgeKind, Project};
use crate::fact::{Copy, CopyFrom, ImageBuild, ImageUse, PartId, PartKind, Stage};
use crate::source::{Span, extension_of};
use crate::table::Tables;

/// Folders of Spark's own images that hold Spark.
const OF_SPARK: [&str; 9] = ["jars", "examples", "python", "bin", "sbin", "R", "data", "tests", "licenses"];

/// How many images may stand on each other.
const MAX_BASES: usize = 16;

/// A file that an image does not hold.
#[derive(Debug, Clone, Copy)]
pub struct MissingFile {
    /// Where a file of the same name is copied to another place.
    pub elsewhere: Option<Span>,
}

impl Project {
    /// Whether an image surely does not hold a file; None where it does, or may.
    pub fn missing_in(&self, build: PartId, path: &str, tables: &Tables) -> Option<MissingFile> {
        let is_of_spark = path.strip_prefix("/opt/spark/").and_then(|rest| rest.split('/').next());
        if is_of_spark.is_some_and(|folder| OF_SPARK.contains(&folder)) || path.contains(['$', '{', '*', '<']) {
            return None;
        }
        let (mut open, mut elsewhere) = (vec![build], None);
        for _ in 0..MAX_BASES {
            let Some(id) = open.pop() else { return Some(MissingFile { elsewhere }) };
            let part = self.part(id);
            let PartKind::ImageBuild(recipe) = &part.kind else { return None };
            let bases = || self.edges.iter().filter(|edge| edge.kind == EdgeKind::Base && edge.from == id);
            let is_based = bases().next().is_some();
            if !part.is_dockerfile() || !(is_based || self.is_public(id, tables)) || may_hold(recipe, path) {
                return None;
            }
            elsewhere = elsewhere.or_else(|| copied_elsewhere(recipe, path));
            open.extend(bases().map(|edge| edge.to));
        }
        None
    }

    /// Whether what a recipe is based on is a public image, or nothing at all.
    fn is_public(&self, build: PartId, tables: &Tables) -> bool {
        let last = |usage: &ImageUse| matches!(usage, ImageUse::Base { last: true, .. });
        let mut bases = self.facts.images.iter().filter(|image| image.part == build && last(&image.usage)).peekable();
        bases.peek().is_some() && bases.all(|base| tables.is_public_image(&base.name))
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether one of the stages may bring a file to a path. Any of them may be the one that is built.
fn may_hold(recipe: &ImageBuild, path: &str) -> bool {
    recipe.stages.iter().any(|stage| {
        stage.base.is_none()
            || stage.copies.iter().any(|copy| may_copy(copy, path))
            || stage.runs.iter().any(|run| may_make(stage, run.text.as_str(), path))
    })
}

/// Whether a copy may bring the file: it is its target, or lies below it and no source says otherwise.
fn may_copy(copy: &Copy, path: &str) -> bool {
    let target = copy.target.as_str();
    let could_bring = |source: &str| {
        let name = file_name(source);
        // A folder, a pattern, or something that is filled in later.
        name == file_name(path) || extension_of(source).is_empty() || name.contains(['*', '?', '$', '[', '{'])
    };
    let from_image = matches!(copy.from, Some(CopyFrom::Image(_)));
    let any = from_image || copy.sources.is_empty() || copy.sources.iter().any(|source| could_bring(source.as_str()));
    if target.contains('$') || !target.starts_with('/') {
        return any || file_name(target) == file_name(path);
    }
    let target = target.trim_end_matches('/');
    path == target || path.strip_prefix(target).is_some_and(|rest| rest.starts_with('/')) && any
}

/// Whether a command may make the file: it names it, or a folder that it lies in.
fn may_make(stage: &Stage, text: &str, path: &str) -> bool {
    let folders =
        || std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/')).map(|(f, _)| f);
    let names = |folder: &str| {
        let ends =
            |at: usize| !text[at + folder.len()..].starts_with(|c: char| c.is_alphanumeric() || "_-./".contains(c));
        text.match_indices(folder).any(|(at, _)| ends(at) || text[at + folder.len()..].starts_with("/ "))
    };
    let tools = ["git ", "tar ", "unzip", "mvn", "sbt", "gradle", "cp ", "mv ", "pip", "curl", "wget"];
    let works_there = stage.workdir.as_deref().is_some_and(|folder| folder.contains('$') || path.starts_with(folder));
    text.contains(file_name(path))
        || folders().filter(|folder| folder.len() > 1).any(names)
        || works_there && tools.iter().any(|tool| text.contains(tool))
}

/// Where a file of that name is copied to another path.
fn copied_elsewhere(recipe: &ImageBuild, path: &str) -> Option<Span> {
    let copies = recipe.stages.iter().flat_map(|stage| &stage.copies);
    let of_name = |copy: &&Copy| {
        copy.sources.iter().any(|source| file_name(source.as_str()) == file_name(path))
            || file_name(copy.target.as_str()) == file_name(path)
    };
    copies.filter(of_name).map(|copy| copy.target.span()).next()
}
