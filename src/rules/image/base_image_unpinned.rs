//! See `rules/image/base-image-unpinned.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::{Image, ImageUse};
use crate::fact::image::is_moving_tag;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "base-image-unpinned",
    group: Group::Image,
    level: Level::Warning,
    options: &[Opt {
        name: "require-digest",
        default: DefaultValue::Bool(false),
        help: "ask for a digest (`@sha256:…`) as well: a tag can be moved to another image",
    }],
    yields_to: &["image-gone"],
    page: include_str!("../../../rules/image/base-image-unpinned.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let require_digest = case.options.on("require-digest");
    let bases = case.project.facts.images.iter().filter(|image| matches!(image.usage, ImageUse::Base { .. }));
    for image in bases.filter(|image| image.digest.is_none() && !case.project.is_built_here(image)) {
        let name = &image.reference;
        let (at, message) = match &image.tag {
            None => (name, format!("the base image `{name}` has no tag, so it is whatever `latest` is on the day of the build")),
            Some(tag) if is_moving_tag(tag.as_str()) => (tag, format!("the tag `{tag}` of the base image is another image after each release")),
            Some(_) if require_digest => (name, format!("the base image `{name}` is not pinned by a digest")),
            Some(_) => continue,
        };
        let finding = findings.report(at, message);
        finding.subject(subject(case, image)).help(if require_digest {
            "add the image's digest: `name:tag@sha256:…`"
        } else {
            "name the release that you tested, `name:1.2.3`, or pin a digest"
        });
        // Whoever builds the image may set the argument: its default is only what happens otherwise.
        if !name.written().contains(at.span()) {
            finding.at_most(Level::Info);
        }
    }
}

fn subject(case: &Case, image: &Image) -> String {
    format!("{}/{}", case.project.part(image.part).name, image.name)
}
