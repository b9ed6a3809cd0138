//! Spark applications that stand as text in another resource: workflows of Argo create them from `resource.manifest`.

use super::{kubernetes, spark_application};
use crate::compose::Composed;
use crate::fact::image::parse_reference;
use crate::fact::{Facts, PartKind};
use crate::read::tree::Node;
use crate::read::yaml;
use crate::source::{FileId, Source, Span, Traced};

/// No resource that a person wrote holds more of them.
const MAX_MANIFESTS: usize = 64;

/// The applications inside an object.
pub fn claim(source: &Source, object: Node<'_>, composed: &Composed) -> Facts {
    let mut facts = Facts::default();
    if !kubernetes::kind(object).ends_with("Workflow") && !kubernetes::kind(object).ends_with("WorkflowTemplate") {
        return facts;
    }
    let mappings = kubernetes::mappings(object).into_iter();
    let texts = mappings.filter_map(|mapping| mapping.get("resource")?.get("manifest")?.text());
    for text in texts.filter(|text| text.as_str().contains("spark")).take(MAX_MANIFESTS) {
        let trees = yaml::read(FileId(0), text.as_str()).body;
        for inner in trees.iter().flat_map(kubernetes::objects) {
            if let Some(mut claimed) = spark_application::claim(source, inner, composed) {
                move_into(&mut claimed, text);
                facts.append(claimed);
            }
        }
    }
    facts
}

/// Gives facts of a text inside a file their places in that file. Pods are left out: their places would need the same.
fn move_into(facts: &mut Facts, text: &Traced) {
    let place = |span: Span| text.slice(span.range()).span();
    let at = |value: &Traced| {
        let part = text.slice(value.span().range());
        // A value with escapes is another text than its bytes.
        if part.as_str() == value.as_str() {
            part
        } else {
            Traced::concat(part.span(), [Traced::literal(value.as_str(), part.span())])
        }
    };
    for claim in &mut facts.versions {
        claim.text = at(&claim.text);
    }
    for image in &mut facts.images {
        image.reference = at(&image.reference);
        (image.name, image.tag, image.digest) = parse_reference(&image.reference);
    }
    for setting in &mut facts.settings {
        setting.key = at(&setting.key);
        setting.value = setting.value.as_ref().map(at);
    }
    for unresolved in &mut facts.unresolved {
        unresolved.span = place(unresolved.span);
    }
    for part in &mut facts.parts {
        part.span = place(part.span);
        if let PartKind::Application(application) = &mut part.kind {
            application.spark_version = application.spark_version.as_ref().map(at);
            application.main_file = application.main_file.as_ref().map(at);
            application.pods.clear();
            application.containers.clear();
            application.processes.clear();
            application.request.fields.clear();
            application.request.conf_open = true;
        }
    }
}

#[cfg(test)]
mod tests;
