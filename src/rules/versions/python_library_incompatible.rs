//! See `rules/versions/python-library-incompatible.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::compat::misfits;
use crate::project::conflict::{Odd, by_left, conflicts, different_lines};
use crate::project::python::Connecting;
use crate::project::{Project, Unit};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::{Row, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    id: "python-library-incompatible",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &["spark-runtime-mismatch"],
    page: include_str!("../../../rules/versions/python-library-incompatible.md"),
    check,
};

/// What `PySpark` needs only to talk to a Spark Connect server: others may pin it for purposes of their own.
const OF_CONNECT: [&str; 5] = ["googleapis-common-protos", "grpcio", "grpcio-status", "protobuf", "zstandard"];

fn check(case: &Case, findings: &mut Findings) {
    let (project, tables) = (case.project, case.tables);
    let (connecting, client) = (Connecting::of(project), Component::named("pyspark-client"));
    for unit in &project.units {
        if !project.claims(unit).any(is_library) {
            continue;
        }
        let connects = connecting.unit(unit).is_some();
        let row = |library: &VersionClaim, user: &VersionClaim| {
            let of_connect = OF_CONNECT.contains(&library.component.subject());
            if !of_connect || !(user.component == Component::Spark || user.component == client) {
                return tables.contradiction(user, library.component, &library.versions);
            }
            // What only a client imports is a fact about PySpark as a client.
            let as_client = VersionClaim { component: Component::named("pyspark-connect"), ..user.clone() };
            let row = tables.contradiction(&as_client, library.component, &library.versions);
            row.filter(|_| connects || user.component == client)
        };
        let contradict = |library: &VersionClaim, user: &VersionClaim| {
            let other_fits = || {
                let same = |c: &VersionClaim| runs_python(c) && c.component == user.component && different_lines(c, user);
                project.claims(unit).any(|c| same(c) && row(library, c).is_none())
            };
            library.component != user.component && row(library, user).is_some() && !other_fits()
        };
        for odd in by_left(&conflicts(project, unit, is_library, runs_python, contradict)) {
            if let Some(row) = odd.others.first().and_then(|user| row(odd.claim, user)) {
                report(project, unit, &odd, row, findings);
            }
        }
        for misfit in misfits(project, unit, tables, is_library, Component::Spark) {
            if misfit.others.iter().all(|spark| runs_python(spark)) {
                findings.misfit(case, unit, &misfit);
            }
        }
    }
}

fn report(project: &Project, unit: &Unit, odd: &Odd, row: &Row, findings: &mut Findings) {
    let Odd { claim, others, .. } = odd;
    let Some(user) = others.first() else { return };
    let name = if user.component == Component::Spark { "PySpark" } else { user.component.name() };
    let range = &row.relation.text;
    let (verb, help) = if row.relation.is_needs() {
        ("needs", format!("use {} {range}", claim.component))
    } else {
        let verb = if row.verdict == Verdict::Breaks { "does not work with" } else { "fails in part with" };
        (verb, format!("use a {} outside of `{range}`", claim.component))
    };
    // The oldest release that is good is one that the range names.
    let oldest = row.relation.is_needs().then(|| range.split(',').next().and_then(|low| low.strip_prefix(">="))).flatten();
    let fix = oldest.filter(|_| claim.versions.exact().is_some()).and_then(|low| Edit::replace(&claim.text, low.trim()));
    let message = format!("{}, but {name} {} {verb} {} {range}", claim.phrase(), user.says(), claim.component);
    let finding = findings.report(&claim.text, message);
    finding
        .subject(project.subject(claim))
        .because(project.because(unit, claim.part, user.part))
        .help(help)
        .unverified(claim.unverified || others.iter().all(|user| user.unverified))
        .fix(Safety::Unsafe, fix);
    row.cite(finding);
    for user in others {
        finding.label(&user.text, user.phrase());
    }
}

fn is_library(claim: &VersionClaim) -> bool {
    matches!(claim.component, Component::Library(_)) && claim.how == How::Pin
}

/// Whether a claim is about a package, or the Spark of an image: what a build for the JVM uses has no part in this.
fn runs_python(claim: &VersionClaim) -> bool {
    match claim.component {
        Component::Spark => claim.how == How::Pin || (claim.how.is_runtime() && claim.how != How::Label),
        Component::Library(_) => claim.how == How::Pin,
        _ => false,
    }
}
