//! See `rules/image/base-image-unpinned.md`.

use crate::fact::{Image, ImageUse};
use crate::finding::Level;
use crate::rule::unpinned::{REQUIRE_DIGEST, Unpinned, advice, unpinned};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "base-image-unpinned",
    group: Group::Image,
    level: Level::Warning,
    options: &[REQUIRE_DIGEST],
    yields_to: &["image-gone"],
    page: include_str!("../../../rules/image/base-image-unpinned.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let require_digest = case.options.on("require-digest");
    let bases = case.project.facts.images.iter().filter(|image| matches!(image.usage, ImageUse::Base { .. }));
    for image in bases.filter(|image| !case.project.is_built_here(image)) {
        let name = &image.reference;
        let (at, message) = match unpinned(image, require_digest) {
            Some(Unpinned::Untagged) => (name, format!("the base image `{name}` has no tag, so it is whatever `latest` is on the day of the build")),
            Some(Unpinned::Moving(tag)) => (tag, format!("the tag `{tag}` of the base image is another image after each release")),
            Some(Unpinned::Undigested) => (name, format!("the base image `{name}` is not pinned by a digest")),
            None => continue,
        };
        let finding = findings.report(at, message);
        finding.subject(subject(case, image)).help(advice(require_digest));
        // Whoever builds the image may set the argument: its default is only what happens otherwise.
        if !name.written().contains(at.span()) {
            finding.at_most(Level::Info);
        }
    }
}

fn subject(case: &Case, image: &Image) -> String {
    format!("{}/{}", case.project.part(image.part).name, image.name)
}
