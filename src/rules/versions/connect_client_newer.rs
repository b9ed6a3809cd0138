//! See `rules/versions/connect-client-newer.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::connect::Connection;
use crate::rule::{Case, Findings, Group, Rule};
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "connect-client-newer",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["client-lock-broken"],
    page: include_str!("../../../rules/versions/connect-client-newer.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for connection in case.project.connections(case.tables) {
        let Connection { client, speaks, server, because } = &connection;
        if !is_newer(speaks, &server.versions) {
            continue;
        }
        let runs = server.says();
        let spoken = if client.versions == *speaks { String::new() } else { format!(", which speaks Spark {speaks}") };
        let message = format!("the client `{}` {}{spoken} is newer than its server, which runs Spark {runs}", client.by, client.says());
        let finding = findings.report(&client.text, message);
        finding
            .subject(case.project.subject(client))
            .label(&server.text, format!("the server: {}", server.phrase()))
            .because(because.clone())
            .help(format!("use a client of Spark {} or older: a server answers older clients, not newer ones", server.versions.lines(2)))
            .source("https://spark.apache.org/docs/latest/spark-connect-overview.html")
            .unverified(server.unverified)
            .fix(Safety::Unsafe, mended(client, server));
        // Every client of Python's is the same code, and the rows about it are what was run.
        let python = VersionClaim { component: Component::named("pyspark-client"), distribution: None, ..(*client).clone() };
        let is_python = client.by.starts_with("pyspark");
        match case.tables.contradiction_of(&python, Component::Spark, &server.versions, false).filter(|_| is_python) {
            Some(row) => row.cite(finding),
            None => {
                finding.at_most(Level::Warning);
            }
        }
    }
}

/// Whether the oldest Spark that is spoken is of a later minor than the one that runs.
fn is_newer(speaks: &VersionSet, runs: &VersionSet) -> bool {
    let minor = |set: &VersionSet| set.low().map(|version| version.numbers(2));
    !speaks.lines(2).meets(&runs.lines(2)) && minor(runs).is_some_and(|runs| minor(speaks).is_some_and(|s| s > runs))
}

/// The server's own release as the client's: where it is known, and the client is published under its name for it.
fn mended(client: &VersionClaim, server: &VersionClaim) -> Option<Edit> {
    let release = server.versions.exact()?;
    let published = match client.by.as_str() {
        "pyspark-client" | "pyspark-connect" => release.numbers(1) >= vec![4],
        by => by == "pyspark" || by.starts_with("org.apache.spark:spark-connect-client-jvm"),
    };
    let pinned = published && client.versions.exact().is_some();
    pinned.then(|| Edit::replace(&client.text, release.to_string())).flatten()
}
