//! See `rules/spark/dynamic-allocation-unsafe.md`.

use crate::finding::Level;
use crate::project::effective::{Launch, Master};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "dynamic-allocation-unsafe",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/dynamic-allocation-unsafe.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/job-scheduling.html#dynamic-resource-allocation";
const SERVICE: &str = "spark.shuffle.service.enabled";
const TRACKING: &str = "spark.dynamicAllocation.shuffleTracking.enabled";

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches {
        if let Ok(Some((true, enabled))) = launch.settings.truth("spark.dynamicAllocation.enabled") {
            if launch.master == Master::Kubernetes && !shuffles_elsewhere(launch) {
                shuffle(launch, enabled, findings);
            }
            bounds(launch, findings);
        }
    }
}

/// Whether another shuffle than Spark's own keeps the data, or a test turns the checks off.
fn shuffles_elsewhere(launch: &Launch<'_>) -> bool {
    let manager = launch.settings.find("spark.shuffle.manager").text();
    let own = manager.is_none_or(|manager| matches!(manager.as_str(), "sort" | "tungsten-sort"));
    let told = |key: &str| launch.settings.is_told(key);
    (told("spark.shuffle.manager") && !(own && manager.is_some()))
        || told("spark.shuffle.sort.io.plugin.class")
        || told("spark.dynamicAllocation.testing")
}

/// What keeps the shuffle's data when an executor goes.
fn shuffle(launch: &Launch<'_>, enabled: &Traced, findings: &mut Findings) {
    let settings = &launch.settings;
    let (Ok(service), Ok(tracking)) = (settings.truth(SERVICE), settings.truth(TRACKING)) else { return };
    if let Some((true, service)) = service {
        findings
            .report(service, "there is no external shuffle service on Kubernetes: executors cannot register with it")
            .subject(launch.subject("shuffle"))
            .label(enabled, "dynamic allocation is on")
            .help(format!("take it away, and set `{TRACKING}` to true"))
            .source("https://spark.apache.org/docs/latest/running-on-kubernetes.html#future-work");
        return;
    }
    // Tracking and the moving of blocks are on by themselves since Spark 3.4.
    let since = launch.is_spark(">=3.4");
    let Some(tracks) = tracking.map(|(on, _)| on).or(since) else { return };
    if tracks {
        return;
    }
    let Ok(decommission) = settings.truth("spark.decommission.enabled") else { return };
    let Ok(moves) = settings.truth("spark.storage.decommission.shuffleBlocks.enabled") else { return };
    let moves = moves.map(|(on, _)| on).or(since);
    if decommission.is_some_and(|(on, _)| on) && moves != Some(false) {
        return;
    }
    let finding = findings.report(
        enabled,
        "dynamic allocation is refused: nothing keeps the shuffle's data when an executor is taken away",
    );
    finding
        .subject(launch.subject("shuffle"))
        .help(format!("set `{TRACKING}` to true, or let executors hand their blocks over (`spark.decommission.enabled`)"))
        .source(SOURCE);
    match tracking {
        Some((_, off)) => finding.label(off, "shuffle tracking is off"),
        None => finding.because("shuffle tracking is off by default before Spark 3.4"),
    };
}

/// Bounds that cannot hold.
fn bounds(launch: &Launch<'_>, findings: &mut Findings) {
    let number = |key: &str| {
        let text = launch.settings.find(&format!("spark.dynamicAllocation.{key}")).text()?;
        Some((text.as_str().trim().parse::<i64>().ok()?, text))
    };
    let (least, first, most) = (number("minExecutors"), number("initialExecutors"), number("maxExecutors"));
    let mut report = |at: &Traced, message: String, other: Option<(&Traced, &str)>| {
        let finding = findings.report(at, message);
        finding.subject(launch.subject("bounds")).help("let min ≤ initial ≤ max, with max at least 1").source(SOURCE);
        if let Some((other, words)) = other {
            finding.label(other, words);
        }
    };
    for (number, text) in [least, first].into_iter().flatten().filter(|(number, _)| *number < 0) {
        report(text, format!("`{number}` executors are none: Spark refuses the bound"), None);
    }
    let Some((max, most)) = most else { return };
    if max < 1 {
        return report(most, format!("at most `{max}` executors: Spark refuses the bound"), None);
    }
    if let Some((min, least)) = least.filter(|(min, _)| *min > max) {
        return report(least, format!("at least `{min}` executors, but at most `{max}`: Spark refuses that"), Some((most, "the upper bound")));
    }
    if let Some((initial, first)) = first.filter(|(initial, _)| *initial > max) {
        report(first, format!("`{initial}` executors to begin with, but at most `{max}`"), Some((most, "the upper bound")));
    }
}
