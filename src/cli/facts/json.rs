//! For programs: version 1 of the facts.

use super::Seen;
use crate::fact::PartId;
use crate::project::Project;
use crate::source::Traced;
use serde_json::{Value, json};

pub(super) fn write(seen: &Seen<'_>) -> String {
    let project = seen.project;
    let facts = &project.facts;
    let part = |id: PartId| {
        let part = project.part(id);
        json!({ "kind": part.kind.name(), "name": part.name, "path": project.path(part.span.file) })
    };
    let parts: Vec<Value> = facts.parts().map(|(id, _)| part(id)).collect();
    let edges = project.edges.iter().map(|edge| {
        json!({ "kind": edge.kind.name(), "from": edge.from.0, "to": edge.to.0, "from-path": path(project, edge.from),
            "to-path": path(project, edge.to), "because": edge.evidence, "at": project.place(edge.span) })
    });
    let versions = facts.versions.iter().map(|claim| {
        json!({ "part": claim.part.0, "component": claim.component.name(), "versions": claim.versions.to_string(), "text": claim.text.as_str(),
            "by": claim.by, "how": claim.how.to_string(), "at": project.place(claim.text.span()), "unverified": claim.unverified })
    });
    let dependencies = facts.dependencies.iter().map(|dependency| {
        json!({ "part": dependency.part.0, "coordinate": dependency.coordinate(),
            "version": dependency.version.as_ref().map(Traced::as_str), "scope": format!("{:?}", dependency.scope).to_lowercase(),
            "at": project.place(dependency.span) })
    });
    let units = project
        .units
        .iter()
        .map(|unit| json!({ "root": unit.root.0, "members": unit.members.iter().map(|m| m.0).collect::<Vec<_>>() }));
    let losses =
        project.coverage.partial.iter().map(|loss| json!({ "at": project.place(loss.span), "message": loss.message }));
    let unresolved = facts.unresolved.iter().map(|u| json!({ "at": project.place(u.span), "why": u.why }));
    let coverage = &project.coverage;
    let formats: serde_json::Map<String, Value> =
        coverage.formats.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
    let value = json!({
        "version": 1,
        "parts": parts,
        "edges": edges.collect::<Vec<_>>(),
        "units": units.collect::<Vec<_>>(),
        "versions": versions.collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
        "spark": super::spark::json(project),
        "coverage": { "files": coverage.files, "parsed": coverage.parsed, "formats": formats, "partial": losses.collect::<Vec<_>>(),
            "unresolved": unresolved.collect::<Vec<_>>(), "ambiguous": coverage.ambiguous, "skipped": coverage.skipped, "passed-over": seen.passed_over },
    });
    crate::report::json::text(&value)
}

fn path(project: &Project, part: PartId) -> &str {
    project.path(project.part(part).span.file)
}
