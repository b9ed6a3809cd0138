//! See `rules/spark/app-field-unknown.md`.

use crate::fact::Difference;
use crate::finding::{Edit, Level, Safety};
use crate::rule::{Case, Findings, Group, Rule};
use crate::table::custom_resources;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-field-unknown",
    group: Group::Spark,
    level: Level::Warning,
    options: &[],
    yields_to: &["security-field-misplaced"],
    page: include_str!("../../../rules/spark/app-field-unknown.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for deviation in &case.project.facts.deviations {
        let Difference::Unknown { key, near, is_misspelt, elsewhere, group } = &deviation.what else { continue };
        let (mapping, name) = deviation.path.rsplit_once(&format!(".{key}")).map_or(("", key.as_str()), |(m, _)| (m, key.as_str()));
        let within = if mapping.is_empty() { "the resource".to_owned() } else { format!("`{mapping}`") };
        let is_setting = name.starts_with("spark.") && mapping.ends_with("spec");
        let help = match (near, elsewhere.as_slice(), group) {
            (Some(near), _, _) if *is_misspelt => format!("write `{near}`"),
            _ if is_setting => "settings belong into `spec.sparkConf`".to_owned(),
            (_, [one], _) => format!("`{one}` is where this field belongs"),
            (_, [one, other], _) => format!("this field belongs into one of `{one}` and `{other}`"),
            (Some(near), _, _) => format!("`{near}` is a field there: is that meant?"),
            (_, _, Some(group)) => format!("resources of `{group}` have such a field, those of `{}` do not", api_group(&deviation.api)),
            _ => "remove it, or look up what the field is called".to_owned(),
        };
        let fix = near.filter(|_| *is_misspelt).and_then(|near| Edit::replace(key, near));
        findings
            .report(key, format!("{within} has no field `{name}`: it is dropped, and nothing comes of it"))
            .subject(format!("{}/{}", deviation.object, deviation.path))
            .help(help)
            .source(custom_resources::docs(&deviation.api))
            .fix(Safety::Safe, fix);
    }
}

fn api_group(api: &str) -> &str {
    api.split('/').next().unwrap_or(api)
}
