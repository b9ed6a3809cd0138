//! See `rules/spark/app-conf-shadowed.md`.

use crate::fact::SparkApplication;
use crate::fact::quantity::Quantity;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-conf-shadowed",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &["app-conf-denied", "app-conf-not-string"],
    page: include_str!("../../../rules/spark/app-conf-shadowed.md"),
    check,
};

/// Fields and the settings that the operator makes of them, behind those of `sparkConf`: the last one counts. Source: the operator's
/// `internal/controller/sparkapplication/submission.go`.
const FIELDS: [(&str, &str); 19] = [
    ("driver.cores", "spark.driver.cores"),
    ("driver.coreRequest", "spark.kubernetes.driver.request.cores"),
    ("driver.coreLimit", "spark.kubernetes.driver.limit.cores"),
    ("driver.memory", "spark.driver.memory"),
    ("driver.memoryOverhead", "spark.driver.memoryOverhead"),
    ("driver.javaOptions", "spark.driver.extraJavaOptions"),
    ("driver.podName", "spark.kubernetes.driver.pod.name"),
    ("executor.cores", "spark.executor.cores"),
    ("executor.coreRequest", "spark.kubernetes.executor.request.cores"),
    ("executor.coreLimit", "spark.kubernetes.executor.limit.cores"),
    ("executor.memory", "spark.executor.memory"),
    ("executor.memoryOverhead", "spark.executor.memoryOverhead"),
    ("executor.javaOptions", "spark.executor.extraJavaOptions"),
    ("executor.instances", "spark.executor.instances"),
    ("executor.deleteOnTermination", "spark.kubernetes.executor.deleteOnTermination"),
    ("dynamicAllocation.enabled", "spark.dynamicAllocation.enabled"),
    ("dynamicAllocation.initialExecutors", "spark.dynamicAllocation.initialExecutors"),
    ("dynamicAllocation.minExecutors", "spark.dynamicAllocation.minExecutors"),
    ("dynamicAllocation.maxExecutors", "spark.dynamicAllocation.maxExecutors"),
];

fn check(case: &Case, findings: &mut Findings) {
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        for (path, field, setting) in pairs(app) {
            if same(field.as_str(), setting.as_str()) {
                continue;
            }
            let full = app.full_path(&path);
            findings
                .report(setting, format!("the setting `{setting}` has no effect: `{full}` says `{field}`, and the field counts"))
                .subject(format!("{}/{path}", part.name))
                .label(field, "this is what holds")
                .help(format!("keep one of the two: remove the setting, or `{full}`"))
                .source("https://github.com/kubeflow/spark-operator/blob/master/internal/controller/sparkapplication/submission.go");
        }
    }
}

/// Each field with its value and the setting that means the same.
fn pairs(app: &SparkApplication) -> Vec<(String, &Traced, &Traced)> {
    let stated = &app.stated;
    let is_off = stated.value("dynamicAllocation.enabled").is_none_or(|on| on.as_str() != "true");
    let mut pairs = Vec::new();
    for (path, key) in FIELDS.into_iter().filter(|(path, _)| !(is_off && path.starts_with("dynamicAllocation"))) {
        if let Some(field) = stated.value(path)
            && let Some(setting) = stated.setting(key).and_then(|setting| setting.value.as_ref())
        {
            pairs.push((path.to_owned(), field, setting));
        }
    }
    for field in stated.fields.iter().filter(|field| field.path.starts_with("hadoopConf.")) {
        let key = field.path.trim_start_matches("hadoopConf.");
        if let Some(value) = &field.value
            && let Some(setting) = stated.setting(&format!("spark.hadoop.{key}")).and_then(|setting| setting.value.as_ref())
        {
            pairs.push((field.path.clone(), value, setting));
        }
    }
    pairs
}

/// Whether two values mean the same: `1g` and `1024m` do, `1` and `1000m`, and texts that only differ in case.
fn same(a: &str, b: &str) -> bool {
    let size = |text: &str| Quantity::parse_spark(text);
    let amount = |text: &str| Quantity::parse(text);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    words(a).eq_ignore_ascii_case(&words(b))
        || size(a).is_some_and(|a| size(b) == Some(a))
        || amount(a).is_some_and(|a| amount(b) == Some(a))
        || [a, b].iter().any(|text| text.contains(['$', '{', '<', '%']))
}
