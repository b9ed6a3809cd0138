//! See `rules/versions/aws-sdk-mismatch.md`.

use crate::fact::{Component, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::compat::misfits;
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::Verdict;
use crate::version::VersionSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-sdk-mismatch",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/aws-sdk-mismatch.md"),
    check,
};

/// The SDKs that `hadoop-aws` is built with: the second one from Hadoop 3.4 on.
const SDKS: [&str; 2] = ["aws-java-sdk-bundle", "awssdk-bundle"];

fn check(case: &Case, findings: &mut Findings) {
    let hadoop_aws = |claim: &VersionClaim| claim.component == Component::named("hadoop-aws");
    for unit in &case.project.units {
        for sdk in SDKS.map(Component::named) {
            for misfit in misfits(case.project, unit, case.tables, hadoop_aws, sdk) {
                let (hadoop, row) = (misfit.claim, misfit.row);
                for claim in misfit.others.iter().filter(|claim| row.verdict == Verdict::Breaks || !does(claim, &row.relation.versions)) {
                    let needs = &row.relation.versions;
                    let fix = needs.exact().and_then(|version| Edit::replace(&claim.text, version.to_string()));
                    let message = format!("{}, but `{}` {} is built with {needs}", claim.phrase(), hadoop.by, hadoop.text);
                    let finding = findings.report(&claim.text, message);
                    finding
                        .subject(case.project.subject(claim))
                        .label(&hadoop.text, hadoop.phrase())
                        .because(case.project.because(unit, claim.part, hadoop.part))
                        .help(format!("use `{}` {needs}, or leave it out: `hadoop-aws` brings it", claim.by))
                        .fix(Safety::Unsafe, fix.filter(|_| claim.how.is_plain()));
                    row.cite(finding);
                }
            }
        }
    }
}

/// A newer SDK that is known to do: of the same minor, or any of the second line, which Spark's own build raises as well.
fn does(claim: &VersionClaim, needs: &VersionSet) -> bool {
    let (Some(version), Some(built)) = (claim.versions.low(), needs.low()) else { return true };
    let second_line = built.numbers(1) >= vec![2] && version.numbers(1) == built.numbers(1);
    version.numbers(2) == built.numbers(2) || (second_line && version > built)
}
