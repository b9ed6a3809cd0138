//! See `rules/code/kafka-auto-commit.md`.

use crate::fact::kafka::Against;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "kafka-auto-commit",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/kafka-auto-commit.md"),
    check,
};

const OFFSETS: &str = "https://kafka.apache.org/documentation/#consumerconfigs_enable.auto.commit";
const SPRING: &str = "https://docs.spring.io/spring-kafka/reference/kafka/receiving-messages/message-listener-container.html";
const SPARK: &str = "https://spark.apache.org/docs/latest/streaming/structured-streaming-kafka-integration.html#kafka-specific-configurations";

fn check(case: &Case, findings: &mut Findings) {
    for found in &case.project.facts.auto_commits {
        let on = if found.by_default { "this consumer commits offsets on its own, as it does by default" } else { "offsets are committed on their own" };
        let (message, help, source) = match &found.against {
            Against::Commit(_, by) => (
                format!("{on}, and `{by}` commits them as well: what is read is committed before it is done"),
                "turn auto-commit off where the code commits, or leave all of it to the consumer",
                OFFSETS,
            ),
            Against::Transaction(_, by) => (
                format!("{on}, and `{by}` makes them part of a transaction: one that is aborted has its offsets committed"),
                "turn auto-commit off: exactly once holds only where nothing but the transaction commits",
                OFFSETS,
            ),
            Against::Acknowledged(_, mode) => (
                format!("offsets are committed on their own, but the listeners acknowledge by hand (`{mode}`): Spring starts none of them"),
                "turn auto-commit off: a listener that acknowledges by hand commits itself",
                SPRING,
            ),
            Against::Spark => (
                "Spark refuses this option, whatever its value: it keeps the offsets in its checkpoint".to_owned(),
                "take the option away; a query's `checkpointLocation` holds what was read",
                SPARK,
            ),
        };
        let finding = findings.report(found.span, message);
        finding.subject(found.subject.clone()).help(help).source(source);
        match &found.against {
            Against::Commit(by, _) | Against::Transaction(by, _) => {
                finding.label(*by, "commits here");
            }
            Against::Acknowledged(mode, _) => {
                finding.label(*mode, "says when listeners commit");
            }
            Against::Spark => {}
        }
    }
}
