//! See `rules/kubernetes/quantity-suspicious.md`.

use crate::fact::container::Amount;
use crate::fact::quantity::Quantity;
use crate::finding::Level;
use crate::finding::{Edit, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "quantity-suspicious",
    group: Group::Kubernetes,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/kubernetes/quantity-suspicious.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, container) in case.project.containers() {
        let mut report = |name: &str, text: &Traced, message: String, instead: Option<String>| {
            let finding = findings.report(text, message);
            finding
                .subject(format!("{}/{}/{name}", part.name, container.name))
                .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#resource-units-in-kubernetes");
            if let Some(instead) = instead {
                finding.help(format!("did you mean `{instead}`?")).fix(Safety::Unsafe, Edit::replace(text, instead));
            }
        };
        for resource in &container.resources {
            for amount in [&resource.request, &resource.limit].into_iter().flatten() {
                if let Some((message, instead)) = cannot_be_meant(&resource.name, amount) {
                    report(&resource.name, &amount.text, message, instead);
                }
            }
        }
        for (name, text) in &container.unreadable {
            if let Some((message, instead)) = refused(text.as_str()) {
                report(name, text, message, instead);
            }
        }
    }
}

/// An amount that Kubernetes takes, though nobody can mean it.
fn cannot_be_meant(name: &str, amount: &Amount) -> Option<(String, Option<String>)> {
    let text = amount.text.as_str();
    let (zero, mebibyte, cores) = (Quantity::of(0), Quantity::of(1 << 20), Quantity::of(1000));
    match name {
        "memory" | "ephemeral-storage" if amount.quantity > zero && amount.quantity < mebibyte => {
            let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            let instead = (text.ends_with('m') || text == number).then(|| format!("{number}Mi"));
            let milli = if text.ends_with('m') { "`m` is a thousandth, so " } else { "" };
            Some((format!("{milli}`{text}` of {name} is {}", amount.quantity.memory()), instead))
        }
        "cpu" if amount.quantity >= cores => {
            let bare = text.bytes().all(|b| b.is_ascii_digit());
            Some((format!("`{text}` of cpu is {} cores", amount.quantity), bare.then(|| format!("{text}m"))))
        }
        _ => None,
    }
}

/// A text that looks like an amount, but is none.
fn refused(text: &str) -> Option<(String, Option<String>)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let unit = unit.trim();
    if number.is_empty() || unit.is_empty() || !unit.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let right = match unit.to_ascii_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => "Ki",
        "m" | "mb" | "mi" | "mib" => "Mi",
        "g" | "gb" | "gi" | "gib" => "Gi",
        "t" | "tb" | "ti" | "tib" => "Ti",
        _ => return Some((format!("`{text}` is no quantity: Kubernetes knows no unit `{unit}`"), None)),
    };
    Some((format!("`{text}` is no quantity: Kubernetes knows no unit `{unit}`"), Some(format!("{number}{right}"))))
}
