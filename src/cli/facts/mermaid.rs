//! As a diagram that GitHub and GitLab draw.

use crate::fact::{PartId, PartKind};
use crate::project::Project;
use crate::report::look::clean;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) fn write(project: &Project) -> String {
    let mut text = String::from("flowchart LR\n");
    let joined: BTreeSet<PartId> = project.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    for id in joined {
        let part = project.part(id);
        let (open, close) = match part.kind {
            PartKind::Module(_) => ("[", "]"),
            PartKind::ImageBuild(_) => ("[(", ")]"),
            PartKind::Workload(_) | PartKind::Application(_) | PartKind::Platform(_) => ("([", "])"),
            PartKind::Submission(_) | PartKind::Job(_) => ("{{", "}}"),
            PartKind::ConfFile | PartKind::Source => (">", "]"),
        };
        let _ = writeln!(
            text,
            "  p{}{open}\"{}<br/>{}\"{close}",
            id.0,
            label(&part.name),
            label(project.path(part.span.file))
        );
    }
    for edge in &project.edges {
        let _ = writeln!(text, "  p{} -->|{}| p{}", edge.from.0, edge.kind.name(), edge.to.0);
    }
    text
}

/// Mermaid's labels take HTML entities; everything that could end one is written as such.
fn label(text: &str) -> String {
    clean(text)
        .chars()
        .map(|c| if c.is_alphanumeric() || "-_./: *".contains(c) { c.to_string() } else { format!("#{};", c as u32) })
        .collect()
}
