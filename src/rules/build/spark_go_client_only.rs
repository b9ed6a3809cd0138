//! See `rules/build/spark-go-client-only.md`.

use crate::fact::Ecosystem;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "spark-go-client-only",
    group: Group::Build,
    level: Level::Info,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/build/spark-go-client-only.md"),
    check,
};

/// Names under which modules promise Spark in Go.
const NAMES: [&str; 5] = ["go-spark", "go-spark-launcher", "go-spark-submit", "gospark", "spark-go"];

fn check(case: &Case, findings: &mut Findings) {
    let go = case.project.facts.dependencies.iter().filter(|d| d.ecosystem == Ecosystem::Go && d.scope.is_on_class_path());
    for dependency in go {
        let words = dependency.name.as_str().rsplit('/');
        let name = words.map(|word| word.split('.').next().unwrap_or(word)).find(|word| !is_major(word));
        if !name.is_some_and(|name| NAMES.contains(&name.to_ascii_lowercase().as_str())) {
            continue;
        }
        findings
            .report(&dependency.name, format!("`{}` runs no Go in Spark: it can only submit jobs or call a server", dependency.name))
            .subject(format!("{}/{}", case.project.part(dependency.part).name, dependency.name))
            .help("write the job in a language that Spark runs, or use a Spark Connect client for queries")
            .source("https://spark.apache.org/docs/latest/");
    }
}

fn is_major(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok())
}
