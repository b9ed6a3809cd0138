//! See `rules/spark/conf-invalid-value.md`.

use crate::fact::{ConfSetting, Via};
use crate::finding::Level;
use crate::project::conf::unread_files;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use crate::table::spark_conf::SparkConf;

/// The rule.
pub static RULE: Rule = Rule {
    id: "conf-invalid-value",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["app-conf-not-string", "app-cores-fractional", "app-memory-unit", "app-overhead-fraction"],
    page: include_str!("../../../rules/spark/conf-invalid-value.md"),
    check,
};

/// Options of streaming sources, which people set as if they were settings of Spark.
const OPTIONS: [&str; 6] =
    ["maxOffsetsPerTrigger", "minOffsetsPerTrigger", "maxFilesPerTrigger", "maxBytesPerTrigger", "startingOffsets", "failOnDataLoss"];

fn check(case: &Case, findings: &mut Findings) {
    let (project, conf) = (case.project, case.tables.spark_conf());
    let unread = unread_files(project);
    for setting in &project.facts.settings {
        let Some((at, message, help)) = fault(conf, setting) else { continue };
        let finding = findings.report(at, message);
        finding
            .subject(format!("{}/{}", project.part(setting.part).name, setting.key))
            .help(help)
            .source("https://spark.apache.org/docs/latest/configuration.html");
        // Notes in the form of settings stop nothing.
        if setting.via == Via::File && unread.contains(&setting.part) {
            finding.at_most(Level::Warning);
        }
    }
}

/// What is wrong with a value, where, and what to do.
fn fault<'s>(conf: &SparkConf, setting: &'s ConfSetting) -> Option<(&'s Traced, String, String)> {
    let (name, value) = (setting.key.as_str(), setting.value.as_ref());
    if let Some(option) = name.rsplit('.').next().filter(|last| OPTIONS.contains(last) && !conf.is_known(name)) {
        let message = format!("`{option}` is an option of a streaming source, and no setting: nothing reads `{name}`");
        return Some((&setting.key, message, format!("write `.option(\"{option}\", …)` where the stream is read")));
    }
    let value = value.filter(|value| is_whole(value.as_str()) && !value.as_str().is_empty())?;
    if name.ends_with("xtraJavaOptions") || name.ends_with("defaultJavaOptions") {
        return java_option(name, value, setting.via);
    }
    let number = value.as_str().trim_end_matches(['L', 'l']).replace('_', "");
    // In code a number has a literal's own letters.
    if setting.via == Via::Code && number.parse::<f64>().is_ok() {
        return None;
    }
    // Databricks has a value of its own.
    if name == "spark.sql.shuffle.partitions" && value.as_str().eq_ignore_ascii_case("auto") {
        return None;
    }
    let wanted = conf.key(name)?.refuses(value.as_str())?;
    let message = format!("`{name}` cannot be `{value}`: Spark stops where it reads it");
    Some((value, message, format!("it takes {wanted}")))
}

/// `-Xmx` and `-Dspark…` among the options of a JVM.
fn java_option<'s>(name: &str, value: &'s Traced, via: Via) -> Option<(&'s Traced, String, String)> {
    let has = |start: &str| value.as_str().split_whitespace().any(|word| word.trim_matches(['"', '\'']).starts_with(start));
    let role = if name.starts_with("spark.executor.") { "executor" } else { "driver" };
    // The launcher looks at a driver's options, and does not see what code sets.
    let looked_at = name.starts_with("spark.executor.") || (name.starts_with("spark.driver.") && via != Via::Code);
    if has("-Xmx") && looked_at {
        let message = format!("`{name}` must not set the heap: Spark refuses `-Xmx` here");
        return Some((value, message, format!("set `spark.{role}.memory` instead")));
    }
    (has("-Dspark") && role == "executor" && looked_at).then(|| {
        let message = format!("`{name}` must not set what begins with `spark`: Spark refuses `-Dspark` here");
        (value, message, "write it as a setting of its own".to_owned())
    })
}

/// Whether a value is all there: no variable, no template.
fn is_whole(value: &str) -> bool {
    !value.contains(['$', '{', '}', '<', '>', '%', '`'])
}
