//! See `rules/kubernetes/image-unpinned.md`.

use crate::config::{DefaultValue, Opt};
use crate::fact::ImageUse;
use crate::fact::image::is_moving_tag;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "image-unpinned",
    group: Group::Kubernetes,
    level: Level::Warning,
    options: &[Opt {
        name: "require-digest",
        default: DefaultValue::Bool(false),
        help: "ask for a digest (`@sha256:…`) as well: a tag can be moved to another image",
    }],
    yields_to: &["image-gone"],
    page: include_str!("../../../rules/kubernetes/image-unpinned.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let require_digest = case.options.on("require-digest");
    let runs = case.project.facts.images.iter().filter(|image| matches!(image.usage, ImageUse::Runs { .. }));
    for image in runs.filter(|image| image.digest.is_none() && !case.project.is_decided_elsewhere(image)) {
        let name = &image.reference;
        let (at, message) = match &image.tag {
            None => (name, format!("the image `{name}` has no tag, so each pull may bring another one")),
            Some(tag) if is_moving_tag(tag.as_str()) => (tag, format!("the tag `{tag}` is another image after each release")),
            Some(_) if require_digest => (name, format!("the image `{name}` is not pinned by a digest")),
            Some(_) => continue,
        };
        findings.report(at, message).subject(format!("{}/{}", case.project.part(image.part).name, image.name)).help(
            if require_digest {
                "add the image's digest: `name:tag@sha256:…`"
            } else {
                "name the release that you tested, `name:1.2.3`, or pin a digest"
            },
        );
    }
}
