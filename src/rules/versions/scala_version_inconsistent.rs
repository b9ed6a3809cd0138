//! See `rules/versions/scala-version-inconsistent.md`.

use crate::fact::{Component, Dependency, Ecosystem, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::conflict::{Odd, by_odd_one, conflicts, different_lines, is};
use crate::project::scala::{Fixed, are_of_one_build, fixed, without_suffix};
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "scala-version-inconsistent",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["scala-binary-mismatch"],
    page: include_str!("../../../rules/versions/scala-version-inconsistent.md"),
    check,
};

const SCALA: &str = "https://docs.scala-lang.org/overviews/core/binary-compatibility-of-scala-releases.html";
const LINKING: &str = "https://spark.apache.org/docs/latest/rdd-programming-guide.html#linking-with-spark";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    for unit in &project.units {
        let disagree = |a: &VersionClaim, b: &VersionClaim| are_of_one_build(a, b) && different_lines(a, b);
        let found = conflicts(project, unit, is(Component::Scala), is(Component::Scala), disagree);
        for odd in by_odd_one(project, unit, &found) {
            disagreeing(project, unit, &odd, findings);
        }
    }
    for Fixed { claim, follows, evaluation } in fixed(project) {
        let message = format!("{} whatever the build is for, and in `{evaluation}` {}", claim.phrase(), follows.phrase());
        findings
            .report(&claim.text, message)
            .subject(project.subject(claim))
            .label(&follows.text, follows.phrase())
            .help("let its suffix follow the build's Scala as well: write `%%` and leave the suffix out")
            .source(SCALA);
    }
    for dependency in without_suffix(project) {
        suffixless(project, dependency, findings);
    }
}

fn disagreeing(project: &Project, unit: &Unit, odd: &Odd, findings: &mut Findings) {
    let Some(other) = odd.others.first() else { return };
    let claim = odd.claim;
    let binary = other.versions.low().map(|low| low.numbers(2)).filter(|numbers| numbers[..1] == [2]);
    let binary = binary.filter(|_| claim.how == How::Suffix).map(|numbers| format!("2.{}", numbers[1]));
    let fix = binary.and_then(|binary| Edit::replace(&claim.text, binary));
    let safe = odd.outvoted && project.is_of_one_unit(claim);
    let finding = findings.report(&claim.text, format!("{}, but {}", claim.phrase(), other.phrase()));
    finding
        .subject(project.subject(claim))
        .because(project.because(unit, claim.part, other.part))
        .help("the binary version in the names of libraries is the first two numbers of the Scala version")
        .source(SCALA)
        .fix(if safe { Safety::Safe } else { Safety::Unsafe }, fix);
    for other in &odd.others {
        finding.label(&other.text, other.phrase());
    }
}

fn suffixless(project: &Project, dependency: &Dependency, findings: &mut Findings) {
    let name = &dependency.name;
    let help = if dependency.ecosystem == Ecosystem::Sbt {
        "write `%%` before the name: sbt then adds the suffix of its `scalaVersion`".to_owned()
    } else {
        format!("add the suffix of the Scala that the module is built for: `{name}_2.13`")
    };
    findings
        .report(name, format!("there is no `{}`: its name ends in the Scala that it is built for", dependency.coordinate()))
        .subject(format!("{}/{}", project.part(dependency.part).name, dependency.coordinate()))
        .help(help)
        .source(LINKING);
}
