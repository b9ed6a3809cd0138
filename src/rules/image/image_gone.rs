//! See `rules/image/image-gone.md`.

use crate::fact::Image;
use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::table::withdrawn::Gone;
use crate::version::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "image-gone",
    group: Group::Image,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/image/image-gone.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    // A digest can be pulled as long as anybody keeps it.
    let named = case.project.facts.images.iter().filter(|image| image.digest.is_none());
    for image in named.filter(|image| !case.project.is_built_here(image)) {
        let tag = image.tag.as_ref().map(Traced::as_str);
        let Some(gone) = case.tables.withdrawn.gone.iter().find(|gone| gone.means(&image.name, tag)) else { continue };
        let cap = gone.verdict.cap();
        let what = if cap == Level::Error { "can no longer be pulled" } else { "gets no updates" };
        let help = gone.instead.as_ref().map(|instead| format!("use `{instead}`, and look up what its tags are called"));
        // Of a template, only what it makes is worth telling.
        let known = !image.reference.as_str().contains("{{");
        let shown = if known { image.reference.as_str() } else { &image.name };
        let message = format!("the image `{shown}` {what} since {}", gone.since);
        findings
            .report(&image.reference, message)
            .subject(format!("{}/{}", case.project.part(image.part).name, image.name))
            .help(help.unwrap_or_else(|| "use another image".to_owned()))
            .source(gone.source.clone())
            .at_most(cap)
            .unverified(gone.unverified)
            .fix(Safety::Unsafe, successor(gone, image).filter(|_| known).and_then(|new| Edit::replace(&image.reference, new)));
    }
}

/// The image to use instead, where it has a tag that means the same.
fn successor(gone: &Gone, image: &Image) -> Option<String> {
    let instead = gone.instead.as_ref()?;
    let tag = image.tag.as_ref()?.as_str();
    if instead != "apache/spark" {
        // The same publisher elsewhere: another one has tags of its own.
        let moved = instead.strip_suffix(gone.what.as_str()).is_some_and(|registry| registry.ends_with('/'));
        return moved.then(|| format!("{instead}:{tag}"));
    }
    // Apache's own images begin with 3.3.0, under tags that are the version alone.
    let version = tag.trim_start_matches('v').split('-').next()?;
    let known = Version::parse(version).filter(|v| v.precision() == 3 && v.numbers(2) >= vec![3, 3])?;
    (!known.is_pre_release()).then(|| format!("{instead}:{version}"))
}
