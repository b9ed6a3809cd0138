//! See `rules/image/image-unpublished.md`.

use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "image-unpublished",
    group: Group::Image,
    level: Level::Error,
    options: &[],
    yields_to: &["image-gone", "release-withdrawn"],
    page: include_str!("../../../rules/image/image-unpublished.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    // A digest names an image by itself.
    let named = project.facts.images.iter().filter(|image| image.digest.is_none());
    for image in named.filter(|image| !project.is_built_here(image)) {
        let Some(tag) = &image.tag else { continue };
        let Some(family) = tables.image_family(&image.name, Some(tag.as_str())) else { continue };
        let Some(list) = family.list_for(tag.as_str()).filter(|_| !family.has(tag.as_str())) else { continue };
        let near = family.nearest(tag.as_str());
        let help = near.as_ref().map(|near| format!("`{near}` is one"));
        findings
            .report(tag, format!("the image `{}` was never published with the tag `{tag}`", image.name))
            .subject(format!("{}/{}", project.part(image.part).name, image.name))
            .help(help.unwrap_or_else(|| "take a tag of the publisher's list".to_owned()))
            .source(list.source.clone())
            .fix(Safety::Unsafe, near.and_then(|near| Edit::replace(tag, near)));
    }
}
