//! See `rules/spark/app-service-account-missing.md`.

use crate::fact::{Deviation, Difference};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::HashSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-service-account-missing",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-service-account-missing.md"),
    check,
};

/// The setting that means the same.
const SETTING: &str = "spark.kubernetes.authenticate.driver.serviceAccountName";

/// Whether a field that the definition does not have is called like an account's.
fn names_account(deviation: &Deviation) -> bool {
    matches!(&deviation.what, Difference::Unknown { key, .. } if key.as_str().to_ascii_lowercase().starts_with("serviceaccount"))
}

fn check(case: &Case, findings: &mut Findings) {
    if case.project.binds_default_account() {
        return;
    }
    // Where a field of that name stands in the wrong place, that is the cause, and told.
    let misplaced: HashSet<&str> = case.project.facts.deviations.iter().filter(|one| names_account(one)).map(|one| one.object.as_str()).collect();
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        let stated = &app.stated;
        let absent = |path: &str| stated.is_absent(path);
        let driver = stated.get("driver").filter(|_| absent("driver.serviceAccount") && absent("driver.template"));
        if stated.setting(SETTING).is_some() || !absent("sparkConf.x") || !absent("sparkConfigMap") {
            continue;
        }
        let Some(driver) = driver.filter(|_| !misplaced.contains(part.name.as_str())) else { continue };
        let message = "the driver runs as the service account `default`, which may not create the executors' pods";
        let finding = findings.report(driver.at, message);
        finding
            .subject(part.name.clone())
            .help("name an account that may create pods, Services and ConfigMaps: `serviceAccount: spark`")
            .source("https://spark.apache.org/docs/latest/running-on-kubernetes.html#rbac");
        if let Some(label) = stated.get("driver.labels.serviceAccount") {
            finding.label(label.at, "here it is a label, one level too deep");
        }
    }
}
