//! See `rules/versions/grpc-incompatible.md`.

use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::compat::misfits;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "grpc-incompatible",
    group: Group::Versions,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/grpc-incompatible.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let grpc_go = |claim: &VersionClaim| claim.component == Component::named("grpc-go") && claim.how == How::Dependency;
    for unit in &case.project.units {
        for misfit in misfits(case.project, unit, case.tables, grpc_go, Component::named("go")) {
            // The directive is the module's own; one of another module of the unit is judged with that module.
            let own = misfit.others.iter().copied().find(|other| other.part == misfit.claim.part);
            let (Some(go), claim, row) = (own, misfit.claim, misfit.row) else { continue };
            let needs = &row.relation.text;
            let lowest = needs.strip_prefix(">=").map(str::trim);
            let message = format!("the `go` directive says {}, but `{}` {} needs Go {needs}", go.text, claim.by, claim.text);
            let finding = findings.report(&go.text, message);
            finding
                .subject(case.project.subject(go))
                .label(&claim.text, "this release asks for it in its own go.mod")
                .help("raise the directive, or use an older release of grpc-go")
                .fix(Safety::Unsafe, lowest.and_then(|version| Edit::replace(&go.text, version)));
            row.cite(finding);
        }
    }
}
