//! See `rules/spark/stream-without-rate-limit.md`.

use crate::fact::stream::StreamSource;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "stream-without-rate-limit",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/stream-without-rate-limit.md"),
    check,
};

const KAFKA: &str = "https://spark.apache.org/docs/latest/streaming/structured-streaming-kafka-integration.html";
const FILES: &str = "https://spark.apache.org/docs/latest/streaming/apis-on-dataframes-and-datasets.html";
const DSTREAM: &str = "https://spark.apache.org/docs/3.5.1/streaming-programming-guide.html";

/// What limits `DStreams`: the first where it is on, the others where they are set at all.
const SWITCH: &str = "spark.streaming.backpressure.enabled";
const RATES: [&str; 2] = ["spark.streaming.kafka.maxRatePerPartition", "spark.streaming.receiver.maxRate"];

fn check(case: &Case, findings: &mut Findings) {
    let is_limited = case.project.facts.settings.iter().any(|setting| {
        let is_on = setting.value.as_ref().is_none_or(|value| !value.as_str().trim().eq_ignore_ascii_case("false"));
        let key = setting.key.as_str();
        RATES.contains(&key) || (key == SWITCH && is_on)
    });
    for read in &case.project.facts.unlimited {
        let (message, help, source) = match read.source {
            StreamSource::Kafka => (
                "one batch takes all that waits in Kafka",
                "set the option `maxOffsetsPerTrigger` of this source to what one batch can bear",
                KAFKA,
            ),
            StreamSource::Files => (
                "one batch takes all files that wait",
                "set the option `maxFilesPerTrigger` of this source to what one batch can bear",
                FILES,
            ),
            StreamSource::Dstream if is_limited => continue,
            StreamSource::Dstream => (
                "nothing limits what a batch of this DStream takes from Kafka",
                "set `spark.streaming.backpressure.enabled`, and `spark.streaming.kafka.maxRatePerPartition` for the first batch",
                DSTREAM,
            ),
        };
        findings.report(read.span, message).subject(&read.subject).help(help).source(source);
    }
}
