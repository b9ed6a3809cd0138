//! For people.

use super::Seen;
use crate::fact::{PartId, PartKind, VersionClaim};
use crate::project::{EdgeKind, Project, Unit};
use crate::report::look::{clean, counted};
use std::fmt::Write as _;

pub(super) fn write(seen: &Seen<'_>) -> String {
    let project = seen.project;
    let mut text = String::new();
    for unit in &project.units {
        let claims = project.claims(unit).count();
        // A part that meets nothing and claims nothing is told in the coverage, not here.
        if unit.members.len() > 1 || claims > 0 {
            write_unit(&mut text, project, unit);
        }
    }
    super::spark::text(&mut text, project);
    let parents = project.edges.iter().filter(|edge| edge.kind == EdgeKind::Parent).count();
    let coverage = &project.coverage;
    let formats: Vec<String> = coverage.formats.iter().map(|(format, n)| format!("{n} {format}")).collect();
    let (parts, edges) = (counted(project.facts.parts.len(), "part"), counted(project.edges.len(), "edge"));
    let _ = writeln!(text, "{parts}, {edges} ({parents} to parents)");
    let _ = writeln!(text, "files: {}", formats.join(", "));
    for loss in &coverage.partial {
        let _ = writeln!(text, "  lost at {}: {}", clean(&project.place(loss.span)), clean(&loss.message));
    }
    for unresolved in &project.facts.unresolved {
        let _ =
            writeln!(text, "  unresolved at {}: {}", clean(&project.place(unresolved.span)), clean(&unresolved.why));
    }
    for folder in seen.passed_over {
        let _ = writeln!(text, "  passed over: {}", clean(folder));
    }
    let _ = writeln!(text, "{}", coverage.line());
    text
}

fn write_unit(text: &mut String, project: &Project, unit: &Unit) {
    let title = |id: PartId| {
        let part = project.part(id);
        format!("{} {} ({})", part.kind.name(), clean(&part.name), clean(&project.place(part.span)))
    };
    let _ = writeln!(text, "unit {}", title(unit.root));
    for member in &unit.members {
        if *member != unit.root {
            let _ = writeln!(text, "  {}", title(*member));
            let _ = writeln!(text, "    because {}", clean(&project.because(unit, unit.root, *member)));
        }
        for claim in project.facts.versions.iter().filter(|claim| claim.part == *member) {
            let place = clean(&project.place(claim.text.span()));
            let _ = writeln!(text, "    {} at {place}{}", clean(&claim.phrase()), evaluations(project, claim));
        }
    }
    text.push('\n');
}

/// In which evaluations of its build a claim is made, where not in all.
fn evaluations(project: &Project, claim: &VersionClaim) -> String {
    let PartKind::Module(module) = &project.part(claim.part).kind else { return String::new() };
    let all = module.evaluations.iter().enumerate();
    let names: Vec<String> = all.filter(|(i, _)| claim.variants.has(*i)).map(|(_, name)| clean(name)).collect();
    match names.len() {
        n if n == module.evaluations.len() => String::new(),
        n if n > 3 => format!(" (in {n} of {} evaluations)", module.evaluations.len()),
        _ => format!(" (in {})", names.join(" and ")),
    }
}
