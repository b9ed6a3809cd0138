//! `sparkproof facts`: what was seen, and why it was joined.

mod json;
mod mermaid;
mod spark;
mod text;

use super::terminal::{on_threads, wishes};
use super::{Answer, FactsArgs, FactsFormat, print};
use crate::project::Project;
use crate::session;

/// A project and what was passed over, for the three formats.
struct Seen<'a> {
    project: &'a Project,
    passed_over: &'a [String],
}

pub(super) fn run(args: &FactsArgs) -> Answer {
    let wishes = wishes(&args.scope)?;
    on_threads(&args.scope, || {
        let prepared = session::prepare(&wishes)?;
        let project = crate::analyse(&prepared.scope, &prepared.sources, &prepared.settings, &prepared.tables);
        let seen = Seen { project: &project, passed_over: &prepared.passed_over };
        let text = match args.format {
            FactsFormat::Text => text::write(&seen),
            FactsFormat::Json => json::write(&seen),
            FactsFormat::Mermaid => mermaid::write(&project),
        };
        print(text.as_bytes())
    })?
}
