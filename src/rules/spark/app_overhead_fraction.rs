//! See `rules/spark/app-overhead-fraction.md`.

use crate::fact::PartKind;
use crate::fact::quantity::Quantity;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-overhead-fraction",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-overhead-fraction.md"),
    check,
};

const SIZES: [(&str, &str); 4] = [
    ("driver", "spark.driver.memoryOverhead"),
    ("executor", "spark.executor.memoryOverhead"),
    ("driver", "spark.driver.minMemoryOverhead"),
    ("executor", "spark.executor.minMemoryOverhead"),
];

const FACTORS: [(&str, &str); 3] = [
    ("driver", "spark.driver.memoryOverheadFactor"),
    ("executor", "spark.executor.memoryOverheadFactor"),
    ("all", "spark.kubernetes.memoryOverheadFactor"),
];

fn check(case: &Case, findings: &mut Findings) {
    for launch in case.launches {
        if !matches!(launch.part.kind, PartKind::Application(_)) {
            continue;
        }
        let mut report = |text: &Traced, role: &str, message: String, help: &str| {
            findings
                .report(text, message)
                .subject(launch.subject(role))
                .help(help)
                .source("https://spark.apache.org/docs/latest/configuration.html#application-properties");
        };
        for (role, key) in SIZES {
            let text = launch.settings.find(key).text().filter(|text| is_fraction(text.as_str()));
            if let Some(text) = text {
                let message = format!("the {role}'s overhead must be a size, and `{text}` is a share of the heap");
                report(text, role, message, "write a size (`512m`), or say the share as `memoryOverheadFactor`");
            }
        }
        for (role, key) in FACTORS {
            let text = launch.settings.find(key).text().filter(|text| text.as_str().trim().parse::<f64>().is_err());
            if let Some(text) = text {
                let message = format!("the factor of the overhead must be a number, not `{text}`");
                report(text, role, message, "write the share of the heap (`0.2`), or a size as `memoryOverhead`");
            }
        }
    }
}

/// A number with a point, or hundredths: what nobody writes for a size.
fn is_fraction(text: &str) -> bool {
    let text = text.trim();
    let number = text.strip_suffix('%').unwrap_or(text);
    number.parse::<f64>().is_ok() && Quantity::parse_spark(text).is_none()
}
