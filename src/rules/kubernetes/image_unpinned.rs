//! See `rules/kubernetes/image-unpinned.md`.

use crate::fact::ImageUse;
use crate::finding::Level;
use crate::rule::unpinned::{REQUIRE_DIGEST, Unpinned, advice, unpinned};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "image-unpinned",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[REQUIRE_DIGEST],
    yields_to: &["image-gone"],
    page: include_str!("../../../rules/kubernetes/image-unpinned.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let require_digest = case.options.on("require-digest");
    let runs = case.project.facts.images.iter().filter(|image| matches!(image.usage, ImageUse::Runs { .. }));
    for image in runs.filter(|image| !case.project.is_decided_elsewhere(image)) {
        let name = &image.reference;
        let (at, message) = match unpinned(image, require_digest) {
            Some(Unpinned::Untagged) => (name, format!("the image `{name}` has no tag, so each pull may bring another one")),
            Some(Unpinned::Moving(tag)) => (tag, format!("the tag `{tag}` is another image after each release")),
            Some(Unpinned::Undigested) => (name, format!("the image `{name}` is not pinned by a digest")),
            None => continue,
        };
        let subject = format!("{}/{}", case.project.part(image.part).name, image.name);
        findings.report(at, message).subject(subject).help(advice(require_digest));
    }
}
