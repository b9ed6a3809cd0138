//! Whether Kubeflow's operator is installed with its webhook: values of its chart, the resources of Argo CD and Flux that install the
//! chart, `helm` commands, and the operator's own container.

use super::kubernetes;
use crate::fact::object::Webhook;
use crate::fact::{Container, Facts, Part, PartKind};
use crate::read::shell::{self, Dialect, Given};
use crate::read::tree::Node;
use crate::source::{Source, Traced};

/// The chart's name.
const CHART: &str = "spark-operator";

/// The chart's value.
const VALUE: &str = "webhook.enable";

/// Values of the chart, in a file that is called like it or a chart that depends on it.
pub(super) fn values(source: &Source, root: Node<'_>) -> Option<Webhook> {
    let called = source.path.to_ascii_lowercase().replace(['_', '.'], "-");
    let own = (called.contains(CHART) && root.get("kind").is_none()).then_some(root);
    enabled(root.get(CHART)).or_else(|| enabled(own))
}

/// What an object says that installs the chart.
pub(super) fn object(object: Node<'_>) -> Option<Webhook> {
    let api = kubernetes::api_version(object);
    let is = |path: &[&str]| object.path(path).and_then(Node::str) == Some(CHART);
    if api.starts_with("argoproj.io/") && is(&["spec", "source", "chart"]) {
        let helm = object.path(&["spec", "source", "helm"])?;
        let parameters = helm.get("parameters").into_iter().flat_map(Node::items);
        let mut own = parameters.filter(|parameter| parameter.get("name").and_then(Node::str) == Some(VALUE));
        let value = own.find_map(|parameter| parameter.get("value")?.text());
        return value.and_then(webhook).or_else(|| enabled(helm.get("valuesObject")));
    }
    let is_flux = api.starts_with("helm.toolkit.fluxcd.io/") && is(&["spec", "chart", "spec", "chart"]);
    enabled(object.path(&["spec", "values"]).filter(|_| is_flux))
}

/// What the commands of a script say: `helm install … --set webhook.enable=false`.
pub(super) fn scripts(source: &Source, scripts: &[Traced], facts: &mut Facts) {
    for text in scripts.iter().filter(|text| text.as_str().contains(VALUE) && text.as_str().contains(CHART)) {
        for command in shell::commands(text, Dialect::of(source.name()), &Given::new()) {
            let is_helm = command.words.iter().any(|word| word.as_str() == "helm");
            if !is_helm || !command.words.iter().any(|word| word.as_str().contains(CHART)) {
                continue;
            }
            let set = command.words.iter().filter_map(|word| setting(word.value()?));
            facts.webhooks.extend(set);
        }
    }
}

/// What the operator's own container says.
pub(super) fn part(part: &Part) -> Option<Webhook> {
    let PartKind::Workload(workload) = &part.kind else { return None };
    workload.containers.iter().find_map(container)
}

fn container(container: &Container) -> Option<Webhook> {
    if !container.mentions(CHART) {
        return None;
    }
    let flag = |word: &Traced| {
        let flag = word.as_str().trim_start_matches('-');
        let value = flag.strip_prefix("enable-webhook")?;
        Some(Webhook { at: word.span(), enabled: value.is_empty() || value == "=true" })
    };
    container.command.iter().find_map(flag)
}

fn setting(word: &Traced) -> Option<Webhook> {
    let text = word.as_str();
    let at = text.find(VALUE)?;
    let from = at + VALUE.len();
    let value = text[from..].strip_prefix('=')?;
    let len = value.find(',').unwrap_or(value.len());
    let said = webhook(&word.slice(from + 1..from + 1 + len))?;
    Some(Webhook { at: word.slice(at..from + 1 + len).span(), ..said })
}

fn enabled(values: Option<Node<'_>>) -> Option<Webhook> {
    let values = values?;
    let node = values.path(&["webhook", "enable"]).or_else(|| values.get("enableWebhook"))?;
    Some(Webhook { at: node.span(), enabled: node.bool()? })
}

fn webhook(value: &Traced) -> Option<Webhook> {
    matches!(value.as_str(), "true" | "false").then(|| Webhook { at: value.span(), enabled: value.as_str() == "true" })
}
