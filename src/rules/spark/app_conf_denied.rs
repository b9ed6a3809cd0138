//! See `rules/spark/app-conf-denied.md`.

use crate::fact::SparkApplication;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::version::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-conf-denied",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["app-conf-not-string"],
    page: include_str!("../../../rules/spark/app-conf-denied.md"),
    check,
};

/// The first release of the operator that refuses these keys.
const SINCE: [u64; 3] = [2, 5, 2];

/// What the operator sets itself; nothing in the resource stands for it.
const OWN: &str = "";

/// The keys, and the field that is for it. Source: the operator's `internal/webhook/sparkconf_validator.go`.
const DENIED: [(&str, &str); 13] = [
    ("spark.master", OWN),
    ("spark.kubernetes.driver.master", OWN),
    ("spark.kubernetes.container.image", "image"),
    ("spark.kubernetes.driver.container.image", "driver.image"),
    ("spark.kubernetes.executor.container.image", "executor.image"),
    ("spark.kubernetes.authenticate.driver.serviceAccountName", "driver.serviceAccount"),
    ("spark.kubernetes.authenticate.executor.serviceAccountName", "executor.serviceAccount"),
    ("spark.kubernetes.authenticate.oauthToken", OWN),
    ("spark.kubernetes.authenticate.oauthTokenFile", OWN),
    ("spark.kubernetes.authenticate.driver.oauthToken", OWN),
    ("spark.kubernetes.authenticate.driver.oauthTokenFile", OWN),
    ("spark.kubernetes.authenticate.executor.oauthToken", OWN),
    ("spark.kubernetes.authenticate.executor.oauthTokenFile", OWN),
];

fn check(case: &Case, findings: &mut Findings) {
    let stated = case.project.spark_operator.as_deref().and_then(Version::parse);
    let refuses = stated.as_ref().map(|version| version.numbers(3) >= SINCE.to_vec());
    if refuses == Some(false) {
        return;
    }
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        for field in app.stated.fields.iter().filter(|field| field.path.starts_with("sparkConf.")) {
            let key = field.path.trim_start_matches("sparkConf.");
            let Some(help) = help(app, key, field.value.as_ref().map(Traced::as_str)) else { continue };
            let finding = findings.report(field.at, format!("the operator refuses `{key}` in `sparkConf`, from release 2.5.2 on"));
            finding
                .subject(format!("{}/{key}", part.name))
                .help(help)
                .source("https://github.com/kubeflow/spark-operator/pull/3043");
            if refuses.is_none() {
                finding.at_most(Level::Warning);
            }
        }
    }
}

/// What to do instead; None where the key is allowed.
fn help(app: &SparkApplication, key: &str, value: Option<&str>) -> Option<String> {
    if key == "spark.kubernetes.namespace" {
        let namespace = app.namespace.as_deref()?;
        let differs = value.is_some_and(|value| value != namespace && !value.contains(['$', '{', '<']));
        return differs.then(|| format!("it runs in the resource's own namespace, `{namespace}`: remove the setting"));
    }
    let (_, field) = DENIED.iter().find(|(denied, _)| *denied == key)?;
    Some(if *field == OWN { "remove it: the operator sets it".to_owned() } else { format!("use `{}`", app.full_path(field)) })
}
