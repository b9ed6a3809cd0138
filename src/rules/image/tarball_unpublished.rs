//! See `rules/image/tarball-unpublished.md`.

use crate::claim::install::Archive;
use crate::finding::{Level, Safety};
use crate::project::mend;
use crate::read::keyed::nearest;
use crate::rule::{Case, Findings, Group, Rule};
use crate::version::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "tarball-unpublished",
    group: Group::Image,
    level: Level::Error,
    options: &[],
    yields_to: &["release-withdrawn"],
    page: include_str!("../../../rules/image/tarball-unpublished.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for download in case.project.facts.downloads.iter().filter(|d| is_apache(d.address.as_str())) {
        let Some(archive) = Archive::read(&download.address) else { continue };
        let Some(version) = Version::parse(archive.spark.as_str()) else { continue };
        let Some(line) = case.tables.withdrawn.tarballs(&version) else { continue };
        if line.names.iter().any(|name| *name == archive.name.as_str()) {
            continue;
        }
        let known: Vec<String> = line.names.iter().map(|name| format!("`{name}`")).collect();
        let near = nearest(archive.name.as_str(), line.names.iter().map(String::as_str));
        let part = download.part.map_or_else(String::new, |part| case.project.part(part).name.clone());
        let finding = findings.report(&archive.name, format!("Spark {version} was never published as `{}`", archive.file));
        finding
            .subject(format!("{part}/{}", archive.file))
            .help(format!("this line has {}", known.join(", ")))
            .source(line.source.clone())
            .fix(Safety::Unsafe, near.and_then(|name| mend::rewrite(&archive.name, name)));
        for (at, span, _) in archive.name.pieces() {
            finding.label(span, format!("says `{}`", archive.name.slice(at)));
        }
    }
}

/// Whether an address is one of Apache's, or laid out like its mirrors: others may build archives of their own.
fn is_apache(address: &str) -> bool {
    let host = address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    host == "apache.org" || host.ends_with(".apache.org") || address.contains("/spark/spark-")
}
