//! See `rules/versions/grpc-incompatible.md`.

use crate::fact::code::Deed;
use crate::fact::{Component, How, VersionClaim};
use crate::finding::{Edit, Level, Safety};
use crate::project::Project;
use crate::project::compat::misfits;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::FileId;
use crate::version::Version;
use std::collections::HashSet;

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
    too_old(case, findings);
    too_new(case, findings);
}

/// Code calls what the required release does not have yet, or no longer.
fn too_old(case: &Case, findings: &mut Findings) {
    let mut told = HashSet::new();
    for code in case.project.facts.sites.iter().filter(|code| code.site.deed == Deed::Call) {
        let Some(name) = code.site.path.strip_prefix("google.golang.org/grpc.") else { continue };
        let symbol = format!("grpc.{name}");
        let Some(milestone) = case.tables.milestones.iter().find(|m| m.subject == "grpc-go" && m.symbol == symbol) else { continue };
        let Some(claim) = required(case.project, code.site.span.file) else { continue };
        let Some(version) = claim.versions.exact() else { continue };
        let early = milestone.since.as_ref().filter(|since| version < *since);
        let late = milestone.removed.as_ref().filter(|removed| version >= *removed);
        let (what, at) = match (early, late) {
            (Some(since), _) => ("came with", since),
            (_, Some(removed)) => ("is gone since", removed),
            _ => continue,
        };
        if !told.insert((claim.text.span(), name)) {
            continue;
        }
        findings
            .report(&claim.text, format!("`{symbol}` is called here, but it {what} {} {at}, and {} is required", claim.by, claim.text))
            .subject(format!("{}/{symbol}", case.project.subject(claim)))
            .label(code.site.span, format!("`{symbol}` is called"))
            .help(if early.is_some() { format!("require at least {at}, or call `grpc.Dial`") } else { format!("require a release before {at}, or call what replaced it") })
            .source(&milestone.source)
            .fix(Safety::Unsafe, early.and_then(|_| Edit::replace(&claim.text, format!("v{at}"))));
    }
}

/// The grpc-go that the module of a file requires, where the module file says all that is built.
fn required(project: &Project, file: FileId) -> Option<&VersionClaim> {
    let module = project.go_module_of(file)?;
    let claims = || project.facts.versions.iter().filter(|claim| claim.part == module);
    let go = claims().find(|claim| claim.component == Component::named("go") && claim.how == How::Compiler)?;
    // Before 1.17, what is required of others may ask for more than is written here.
    go.versions.exact().filter(|go| Version::parse("1.17").is_some_and(|complete| **go >= complete))?;
    claims().find(|claim| claim.component == Component::named("grpc-go") && claim.how == How::Dependency)
}

fn too_new(case: &Case, findings: &mut Findings) {
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
