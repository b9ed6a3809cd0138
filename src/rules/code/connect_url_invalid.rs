//! See `rules/code/connect-url-invalid.md`.

use crate::fact::connect_url::{self, Client};
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "connect-url-invalid",
    group: Group::Code,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/code/connect-url-invalid.md"),
    check,
};

const SOURCE: &str =
    "https://github.com/apache/spark/blob/master/sql/connect/docs/client-connection-string.md";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let set = project.facts.settings.iter().filter(|setting| setting.key.as_str() == "spark.remote");
    let set = set.filter_map(|setting| Some((project.part(setting.part), setting.value.as_ref()?)));
    let variables = project.containers().flat_map(|(part, container)| container.env.iter().map(move |v| (part, v)));
    let variables = variables.filter(|(_, variable)| variable.name.as_str() == "SPARK_REMOTE");
    for (part, address) in set.chain(variables.filter_map(|(part, variable)| Some((part, variable.value.as_ref()?)))) {
        if let Some(fault) = connect_url::fault(address.as_str(), Client::Python) {
            let place = if fault.range.is_empty() { address.clone() } else { address.slice(fault.range) };
            let finding = findings.report(&place, fault.message);
            finding.subject(format!("{}/spark.remote", part.name)).help(fault.help).source(SOURCE);
        }
    }
    for code in project.facts.code_sites().filter(|code| code.site.path.contains("/spark-connect-go/")) {
        let is_address = ["SparkSessionBuilder).Remote", "/channel.NewBuilder"].iter().any(|end| code.site.path.ends_with(end));
        let Some(argument) = code.site.arguments.first().filter(|_| is_address) else { continue };
        let fault = argument.value.text().and_then(|text| connect_url::fault(text, Client::Go));
        if let Some(fault) = fault {
            let finding = findings.report(argument.within(fault.range), fault.message);
            finding.subject(code.subject()).help(fault.help).source(SOURCE);
        }
    }
}
