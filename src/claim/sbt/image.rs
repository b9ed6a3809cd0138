//! Images that sbt makes by itself: a stage on a base image, into which the module's own artefact goes.

use crate::compose::sbt::{Image, Module, Sbt};
use crate::fact::image::parse_reference;
use crate::fact::{self, Copy, Facts, ImageBuild, ImageName, ImageUse, Part, PartKind, Stage};
use crate::source::{FileId, Sources, Traced};
use std::collections::HashMap;

/// Adds the images of all modules.
pub(super) fn claim(sources: &Sources, sbt: &Sbt, facts: &mut Facts) {
    let images = || sbt.modules.iter().filter_map(|module| Some((module, module.image.as_ref()?)));
    let mut in_file: HashMap<FileId, usize> = HashMap::new();
    for (_, image) in images() {
        *in_file.entry(image.span.file).or_default() += 1;
    }
    for (module, image) in images() {
        let path = sources.path(image.span.file);
        let part = facts.add(part(module, image, path));
        if let Some(reference) = &image.base {
            let (name, tag, digest) = parse_reference(reference);
            let usage = ImageUse::Base { stage: 0, last: true };
            facts.images.push(fact::Image { part, reference: reference.clone(), name, tag, digest, usage });
        }
        // A name leads to a file; of several images in one it would not be known which.
        if in_file.get(&image.span.file) == Some(&1) {
            let how = format!("the build in `{path}`");
            let named = |name: &Traced| ImageName {
                name: name.clone(),
                paths: vec![path.to_owned()],
                how: how.clone(),
                platforms: None,
                in_prose: false,
            };
            facts.image_names.extend(image.names.iter().map(named));
        }
    }
}

fn part(module: &Module, image: &Image, path: &str) -> Part {
    let at = image.copies.first().copied().unwrap_or(image.span);
    // Whatever the jar is called: it is the module's own.
    let own = Copy {
        from: None,
        sources: vec![Traced::literal("target/*.jar", at)],
        target: Traced::literal("/", at),
        span: at,
    };
    let stage = Stage { copies: vec![own], ..Stage::from(image.base.clone(), image.span) };
    let kind = PartKind::ImageBuild(ImageBuild { stages: vec![stage] });
    Part { name: format!("{path}#{}", module.id), span: image.span, folder: module.folder.clone(), kind }
}
