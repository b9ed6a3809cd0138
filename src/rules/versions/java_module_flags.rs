//! See `rules/versions/java-module-flags.md`.

use crate::finding::{Edit, Level, Safety};
use crate::project::java_run::Closed;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "java-module-flags",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &["java-unsupported"],
    page: include_str!("../../../rules/versions/java-module-flags.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let mut told = Vec::new();
    for closed in case.project.closed(case.tables) {
        let Closed { run, spark, version, java, session, needs, missing, because } = &closed;
        let place = closed.place();
        if told.contains(&place) {
            continue;
        }
        told.push(place);
        let what = if run.tests { "tests start" } else { "it starts" };
        let message = format!("`{}` runs Java without the packages that Spark {version} needs open: {what} Spark in it", run.by);
        let first = missing.first().copied().unwrap_or_default();
        let finding = findings.report(place, message);
        finding
            .subject(format!("{}/{}", case.project.part(run.part).name, run.by))
            .label(&spark.name, format!("Spark {version} is loaded"))
            .label(&java.text, java.phrase())
            .because(because.clone())
            .help(format!(
                "give it `--add-opens={first}=ALL-UNNAMED` and the same for the {} other packages that spark-submit opens",
                missing.len().saturating_sub(1)
            ))
            .source(needs.source.clone())
            .at_most(needs.verdict.cap());
        if let Some(session) = session {
            finding.label(session.at, "starts Spark in its own process");
        }
        if let Some(room) = &run.room {
            let option = |package: &&str| format!("{}--add-opens={package}=ALL-UNNAMED{}", room.before, room.after);
            let text: String = missing.iter().map(option).collect();
            finding.fix(Safety::Unsafe, [Edit { span: room.at, text }]);
        }
    }
}
