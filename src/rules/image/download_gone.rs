//! See `rules/image/download-gone.md`.

use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::version::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "download-gone",
    group: Group::Image,
    level: Level::Warning,
    options: &[],
    yields_to: &["release-withdrawn", "tarball-unpublished"],
    page: include_str!("../../../rules/image/download-gone.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for download in &case.project.facts.downloads {
        let address = &download.address;
        let Some((mirror, site)) = case.tables.withdrawn.mirror_of(address.as_str()) else { continue };
        let Some(version) = release(address).filter(|version| mirror.has_dropped(version)) else { continue };
        let host = address.slice(site);
        let archive = mirror.archive.trim_start_matches("https://");
        let name = host.as_str().split('/').next().unwrap_or_default().to_owned();
        let part = download.part.map_or_else(String::new, |part| case.project.part(part).name.clone());
        findings
            .report(&host, format!("`{name}` keeps only the newest release of each line, and {version} is none of them"))
            .subject(format!("{part}/{address}"))
            .help(format!("take it from `{archive}`, where every release stays"))
            .source(mirror.source.clone())
            .unverified(mirror.unverified && !mirror.surely.contains(&version))
            .fix(Safety::Safe, Edit::replace(&host, archive));
    }
}

/// The release in `…/spark/spark-3.5.1/…`.
fn release(address: &Traced) -> Option<Version> {
    let after = address.as_str().split("/spark-").nth(1)?;
    Version::parse(after.split('/').next()?).filter(|version| version.precision() == 3 && !version.is_pre_release())
}
