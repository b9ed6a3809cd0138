//! See `rules/spark/conf-wrong-master.md`.

use crate::fact::Via;
use crate::finding::Level;
use crate::project::conf::master::Master;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::spark_conf::Fate;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conf-wrong-master",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &["conf-removed-key", "conf-unknown-key", "app-conf-denied"],
    page: include_str!("../../../rules/spark/conf-wrong-master.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let (project, conf) = (case.project, case.tables.spark_conf());
    let masters = project.masters();
    for setting in &project.facts.settings {
        let key = setting.key.as_str();
        let Some((runs, named)) = masters.get(&setting.part).copied() else { continue };
        let reads = match key {
            // Mesos had the same limit.
            "spark.cores.max" if !matches!(runs, Master::Mesos | Master::Local) => Some(Master::Standalone),
            _ => Master::reading(key),
        };
        let Some(reads) = reads.filter(|reads| *reads != runs) else { continue };
        // Old names that all masters read have their own rule; code that falls back to a local master is run by others as well.
        let renamed = conf.changes(key).iter().any(|change| !matches!(change.fate, Fate::Ignored(_)));
        if renamed || (runs == Master::Local && setting.via == Via::Code) {
            continue;
        }
        let finding = findings.report(&setting.key, format!("only {} reads `{key}`, and this runs on {}", reads.name(), runs.name()));
        finding
            .subject(format!("{}/{key}", project.part(setting.part).name))
            .help("leave it out, or use the setting of this master")
            .source("https://spark.apache.org/docs/latest/configuration.html");
        if let Some(master) = named {
            finding.label(master, format!("the master is `{master}`"));
        }
    }
}
