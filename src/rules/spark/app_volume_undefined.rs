//! See `rules/spark/app-volume-undefined.md`.

use crate::finding::{Edit, Level, Safety};
use crate::read::keyed::nearest;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;

/// The rule.
pub static RULE: Rule = Rule {
    id: "app-volume-undefined",
    group: Group::Spark,
    level: Level::Error,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/spark/app-volume-undefined.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    for (part, app) in case.project.applications().filter(|(_, app)| app.is_kubeflow()) {
        let is_known = |path: &str| app.stated.whole && !app.stated.open.iter().any(|open| open.starts_with(path));
        if !is_known("volumes") || app.stated.open.iter().any(String::is_empty) {
            continue;
        }
        let volumes: Vec<&str> = app.stated.all("volumes[].name").filter_map(|f| f.value.as_ref()).map(Traced::as_str).collect();
        for role in ["driver", "executor"] {
            // What a template brings is not looked at here.
            if app.stated.get(&format!("{role}.template")).is_some() {
                continue;
            }
            let path = format!("{role}.volumeMounts[].name");
            for name in app.stated.all(&path).filter_map(|field| field.value.as_ref()) {
                if volumes.contains(&name.as_str()) || name.as_str().contains(['$', '{', '<', '%']) {
                    continue;
                }
                let is_local = name.as_str().starts_with("spark-local-dir-");
                let then = if is_local { "the submission fails" } else { "the mount is left out without a word" };
                let near = nearest(name.as_str(), volumes.iter().copied());
                let help = near.map_or_else(|| format!("define it in `{}`", app.full_path("volumes")), |near| format!("did you mean `{near}`?"));
                findings
                    .report(name, format!("the {role} mounts the volume `{name}`, which the application does not have: {then}"))
                    .subject(format!("{}/{role}/{name}", part.name))
                    .help(help)
                    .source("https://github.com/kubeflow/spark-operator/blob/master/internal/webhook/sparkpod_defaulter.go")
                    .fix(Safety::Unsafe, near.and_then(|near| Edit::replace(name, near)));
            }
        }
    }
}
