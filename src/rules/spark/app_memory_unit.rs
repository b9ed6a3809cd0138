//! See `rules/spark/app-memory-unit.md`.

use crate::fact::PartKind;
use crate::fact::quantity::{Quantity, spark_size};
use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-memory-unit",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &["app-overhead-fraction"],
    page: include_str!("../../../rules/spark/app-memory-unit.md"),
    check,
};

/// Sizes by their keys, each with the words for it.
const SIZES: [(&str, &str, &str); 5] = [
    ("driver", "spark.driver.memory", "heap"),
    ("executor", "spark.executor.memory", "heap"),
    ("driver", "spark.driver.memoryOverhead", "overhead"),
    ("executor", "spark.executor.memoryOverhead", "overhead"),
    ("executor", "spark.executor.pyspark.memory", "memory for Python"),
];

/// What is wrong with a size.
enum Wrong {
    /// No unit: what starts the JVM takes it for bytes.
    Bare,
    /// A unit that Spark knows and the JVM does not.
    NotOfJvm,
    /// Spark refuses it.
    Refused,
}

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches {
        if !matches!(launch.part.kind, PartKind::Application(_)) {
            continue;
        }
        for (of, key, what) in SIZES {
            let Some(text) = launch.settings.find(key).text() else { continue };
            let Some(wrong) = wrong(text.as_str(), of, what) else { continue };
            let server = of == "driver" && launch.pods.iter().any(|pod| pod.role == "server");
            let role = if server { "server" } else { of };
            let message = match wrong {
                Wrong::Bare => format!(
                    "the {role}'s heap of `{text}` has no unit: its pod is sized in mebibytes, and its JVM in bytes"
                ),
                Wrong::NotOfJvm => format!("the {role}'s JVM does not start with `-Xmx{text}`: it knows k, m, g and t"),
                Wrong::Refused => format!("Spark reads no size in `{text}`, the {role}'s {what}"),
            };
            let right = match wrong {
                Wrong::Bare => Some(format!("{}m", text.as_str().trim())),
                _ => spark_size(text.as_str()),
            };
            let help = match &right {
                Some(right) => format!("write `{right}`"),
                None => "write whole numbers with k, m, g or t: `1536m`".to_owned(),
            };
            let safety = if matches!(wrong, Wrong::Bare) { Safety::Unsafe } else { Safety::Safe };
            findings
                .report(text, message)
                .subject(format!("{}/{what}", launch.subject(role)))
                .help(help)
                .source("https://spark.apache.org/docs/latest/configuration.html#spark-properties")
                .fix(safety, right.and_then(|right| Edit::replace(text, right)));
        }
    }
}

fn wrong(text: &str, of: &str, what: &str) -> Option<Wrong> {
    if Quantity::parse_spark(text).is_none() {
        return Some(Wrong::Refused);
    }
    let text = text.trim();
    let is_heap = what == "heap";
    if is_heap && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Wrong::Bare);
    }
    (is_heap && of == "driver" && Quantity::parse_jvm(text).is_none()).then_some(Wrong::NotOfJvm)
}
