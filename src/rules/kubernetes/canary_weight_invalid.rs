//! See `rules/kubernetes/canary-weight-invalid.md`.

use crate::fact::ObjectBody;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "canary-weight-invalid",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/canary-weight-invalid.md"),
    check,
};

const WEIGHT: &str = "nginx.ingress.kubernetes.io/canary-weight";
const TOTAL: &str = "nginx.ingress.kubernetes.io/canary-weight-total";
const CANARY: &str = "nginx.ingress.kubernetes.io/canary";

fn check(case: &Case, findings: &mut Findings) {
    for object in &case.project.facts.objects {
        if let Some(weight) = object.annotation(WEIGHT) {
            let total = object.annotation(TOTAL).map_or(Some(100), |total| total.as_str().parse().ok());
            if let (Some(total), Some(message)) = (total, total.and_then(|total: i64| wrong(weight.as_str(), total))) {
                findings
                    .report(weight, message)
                    .subject(object.title())
                    .help(format!("write a whole number from 0 to {total}"))
                    .source("https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary");
            }
            let canary = object.annotation(CANARY);
            if object.annotations_known && canary.is_none_or(|canary| canary.as_str() != "true") {
                findings
                    .report(canary.unwrap_or(weight), "a canary's weight without `canary: \"true\"` has no effect: the two Ingresses clash")
                    .subject(format!("{}/canary", object.title()))
                    .help(format!("add the annotation `{CANARY}: \"true\"`"))
                    .source("https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary");
            }
        }
        let ObjectBody::Weights(weights) = &object.body else { continue };
        for weight in weights.iter().filter(|weight| !(0..=100).contains(&weight.value)) {
            findings
                .report(weight.span, format!("`setWeight: {}` is no percentage", weight.value))
                .subject(format!("{}/{}", object.title(), weight.value))
                .help("write a whole number from 0 to 100")
                .source("https://argo-rollouts.readthedocs.io/en/stable/features/canary/");
        }
    }
}

fn wrong(weight: &str, total: i64) -> Option<String> {
    match weight.trim().parse::<i64>() {
        Ok(number) if (0..=total).contains(&number) => None,
        Ok(_) => Some(format!("the canary's weight `{weight}` is not between 0 and {total}")),
        Err(_) => Some(format!("the canary's weight `{weight}` is no whole number")),
    }
}
