//! See `rules/spark/app-webhook-required.md`.

use crate::fact::SparkApplication;
use crate::fact::stated::StatedField;
use crate::finding::Level;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-webhook-required",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &["app-volume-undefined"],
    page: include_str!("../../../rules/spark/app-webhook-required.md"),
    check,
};

/// Fields of the driver and the executors that only the webhook brings to the pods, as the operator's guide says.
const FIELDS: [&str; 11] = [
    "affinity",
    "configMaps",
    "dnsConfig",
    "gpu",
    "hostNetwork",
    "initContainers",
    "podSecurityContext",
    "securityContext",
    "sidecars",
    "tolerations",
    "volumeMounts",
];

fn check(case: &Case, findings: &mut Findings) {
    let webhooks = &case.project.facts.webhooks;
    // Of several installations one may be meant that has it.
    let Some(off) = webhooks.first().filter(|_| webhooks.iter().all(|webhook| !webhook.enabled)) else { return };
    let installed = case.project.place(off.at);
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        for (path, field) in fields(app) {
            findings
                .report(field.at, format!("`{}` needs the operator's webhook, which is off: it is left out without a word", app.full_path(&path)))
                .subject(format!("{}/{path}", part.name))
                .label(off.at, "here the webhook is off")
                .because(format!("`{installed}` installs the operator without its webhook, and nothing here installs it with one"))
                .help("install the operator with `webhook.enable=true`, or write this into the pod template (`template`)")
                .source("https://www.kubeflow.org/docs/components/spark-operator/user-guide/writing-sparkapplication/");
        }
    }
}

/// The fields of an application that need the webhook.
fn fields(app: &SparkApplication) -> Vec<(String, &StatedField)> {
    let stated = &app.stated;
    let common = ["sparkConfigMap", "hadoopConfigMap"].map(str::to_owned);
    let of_role = |role: &'static str| FIELDS.map(|field| format!("{role}.{field}"));
    let roles = ["driver", "executor"].into_iter().filter(|role| stated.get(&format!("{role}.template")).is_none());
    let paths = common.into_iter().chain(roles.flat_map(of_role));
    let needs = |path: &String| {
        let field = stated.get(path)?;
        let is_off = field.value.as_ref().is_some_and(|value| value.as_str() == "false");
        // Local directories are made by settings.
        let names = format!("{path}[].name");
        let is_local = |field: &StatedField| field.value.as_ref().map_or("", Traced::as_str).starts_with("spark-local-dir-");
        let all_local = path.ends_with("volumeMounts") && stated.all(&names).all(is_local);
        (!is_off && !all_local).then_some(field)
    };
    paths.filter_map(|path| needs(&path).map(|field| (path, field))).collect()
}
