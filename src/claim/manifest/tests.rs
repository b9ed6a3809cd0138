#![allow(clippy::unwrap_used)]

use crate::claim::tests::facts;
use crate::fact::{Facts, PartKind};
use crate::read::mutation;
use crate::source::Format;

const WORKFLOW: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: nightly}
spec:
  templates:
    - name: score
      resource:
        action: create
        manifest: |
          apiVersion: sparkoperator.k8s.io/v1beta2
          kind: SparkApplication
          metadata: {name: score}
          spec:
            type: Scala
            sparkVersion: 3.5.1
            image: \"example.org/score:3.4.0\"
            mainApplicationFile: local:///opt/score.jar
            sparkConf: {spark.a: 'b'}
";

fn workflow(text: &str) -> Facts {
    facts("flow.yaml", Format::Yaml, text)
}

/// What the applications inside say, with the words at each place.
fn said(text: &str) -> Vec<String> {
    let facts = workflow(text);
    let words = |span: crate::source::Span| &text[span.range()];
    let versions = facts.versions.iter().map(|claim| format!("{} at {}", claim.text, words(claim.text.span())));
    let images = facts.images.iter().map(|image| format!("{} at {}", image.reference, words(image.reference.span())));
    let settings = facts.settings.iter().map(|one| format!("{} at {}", one.key, words(one.key.span())));
    let mut said: Vec<String> = versions.chain(images).chain(settings).collect();
    said.sort();
    said.dedup();
    said
}

#[test]
fn an_application_inside_a_workflow_points_at_its_own_bytes() {
    for text in [WORKFLOW.to_owned(), WORKFLOW.replace('\n', "\r\n"), format!("\u{feff}{WORKFLOW}")] {
        let said = said(&text);
        for expected in ["3.5.1 at 3.5.1", "example.org/score:3.4.0 at example.org/score:3.4.0", "spark.a at spark.a"] {
            assert!(said.iter().any(|one| one == expected), "{expected} in {said:?}");
        }
    }
    let facts = workflow(WORKFLOW);
    let application = facts.parts.iter().find_map(|part| match &part.kind {
        PartKind::Application(application) => Some(application),
        _ => None,
    });
    let application = application.unwrap();
    assert_eq!(application.main_file.as_ref().unwrap().as_str(), "local:///opt/score.jar");
    assert!(application.pods.is_empty());
    assert_eq!(facts.images[0].tag.as_ref().unwrap().as_str(), "3.4.0");
}

#[test]
fn templates_and_cron_workflows_hold_applications_too() {
    for kind in ["WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"] {
        assert!(said(&WORKFLOW.replace("kind: Workflow", &format!("kind: {kind}"))).len() > 2, "{kind}");
    }
    for text in [
        WORKFLOW.replace("kind: Workflow", "kind: Note"),
        WORKFLOW.replace("sparkoperator.k8s.io/v1beta2", "batch/v1"),
        WORKFLOW.replace("manifest: |", "manifests: |"),
        WORKFLOW.replace("resource:", "resources:"),
    ] {
        assert!(said(&text).is_empty(), "{:?} in {text}", said(&text));
    }
}

#[test]
fn applications_are_counted_up_to_an_end() {
    let (head, template) = WORKFLOW.split_at(WORKFLOW.find("    - name").unwrap());
    let facts = workflow(&format!("{head}{}", template.repeat(200)));
    let applications = facts.parts.iter().filter(|part| matches!(part.kind, PartKind::Application(_)));
    assert_eq!(applications.count(), super::MAX_MANIFESTS);
}

#[test]
fn no_text_breaks_it() {
    let quoted = "kind: Workflow\napiVersion: a/v1\nspec: {t: [{resource: {manifest: \"apiVersion: sparkoperator.k8s.io/v1beta2\\nkind: SparkApplication\\nspec: {image: 'é:1', sparkVersion: \\x33.5.1}\\n\"}}]}\n";
    mutation::each(&[WORKFLOW, quoted], |text| {
        let facts = workflow(text);
        facts.versions.iter().for_each(|claim| mutation::inside(text, claim.text.span()));
        facts.images.iter().for_each(|image| mutation::inside(text, image.reference.span()));
        facts.settings.iter().for_each(|setting| mutation::inside(text, setting.key.span()));
        facts.unresolved.iter().for_each(|one| mutation::inside(text, one.span));
        facts.parts.iter().for_each(|part| mutation::inside(text, part.span));
    });
}
