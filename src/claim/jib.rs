//! Images that jib makes of a module, without a Dockerfile.

use crate::fact::image::parse_reference;
use crate::fact::{Copy, Facts, Image, ImageBuild, ImageName, ImageUse, Part, PartKind, Stage};
use crate::source::{Span, Traced};

/// What a build says of the image.
pub struct Jib<'m> {
    /// Where.
    pub span: Span,
    /// The script or POM.
    pub path: &'m str,
    /// The module's folder.
    pub folder: &'m str,
    /// The module's jar, below its folder.
    pub artefact: String,
    /// The base image; jib has a default of its own, a JRE.
    pub from: Option<&'m Traced>,
    /// The image's name.
    pub to: Option<&'m Traced>,
}

/// Adds the image as one that holds the module.
pub fn claim(jib: &Jib<'_>, facts: &mut Facts) {
    let here = Span { end: jib.span.start, ..jib.span };
    let text = |value: &str| Traced::literal(value, here);
    let copy = Copy { from: None, sources: vec![text(&jib.artefact)], target: text("/app"), span: jib.span };
    let stage = Stage { copies: vec![copy], ..Stage::from(jib.from.cloned(), jib.span) };
    let kind = PartKind::ImageBuild(ImageBuild { stages: vec![stage] });
    let name = format!("jib of {}", jib.path);
    let part = facts.add(Part { name, span: jib.span, folder: jib.folder.to_owned(), kind });
    if let Some(reference) =
        jib.from.filter(|from| !from.as_str().contains("://") || from.as_str().starts_with("docker://"))
    {
        let start = reference.as_str().find("://").map_or(0, |at| at + 3);
        let reference = reference.slice(start..reference.as_str().len());
        let (name, tag, digest) = parse_reference(&reference);
        facts.images.push(Image { part, reference, name, tag, digest, usage: ImageUse::Base { stage: 0, last: true } });
    }
    if let Some(name) = jib.to {
        let how = format!("jib in `{}`", jib.path);
        facts.image_names.push(ImageName {
            name: name.clone(),
            paths: vec![jib.path.to_owned()],
            how,
            platforms: None,
            in_prose: false,
        });
    }
}
