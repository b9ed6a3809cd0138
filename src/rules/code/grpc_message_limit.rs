//! See `rules/code/grpc-message-limit.md`.

use crate::finding::{Edit, Level, Safety};
use crate::project::message_limit::{DEFAULT, Small};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "grpc-message-limit",
    group: Group::Code,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/grpc-message-limit.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for Small { at, subject, limit, server, runs, because, edit } in case.project.small_limits(case.tables) {
        let set = match limit {
            None => format!("keeps gRPC's limit of {} MiB a message", DEFAULT >> 20),
            Some(limit) => format!("takes messages of up to {:.1} MiB", limit / f64::from(1 << 20)),
        };
        let message = format!("this client {set}, and a server of Spark {runs} sends batches of up to 89.6 MiB");
        let finding = findings.report(at, message);
        finding
            .subject(subject)
            .because(because)
            .help(
                "set `grpc.MaxCallRecvMsgSize(134217728)`, in a channel builder of your own where the client has no option, \
                 or lower the server's `spark.connect.grpc.arrow.maxBatchSize` to `4m`",
            )
            .source("https://github.com/apache/spark/pull/48122");
        if let Some(server) = server {
            finding.label(&server.text, format!("the server: {}", server.phrase())).unverified(server.unverified);
        }
        finding.fix(Safety::Safe, edit.map(|(span, text)| Edit { span, text }));
    }
}
