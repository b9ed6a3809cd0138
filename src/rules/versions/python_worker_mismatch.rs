//! See `rules/versions/python-worker-mismatch.md`.

use crate::fact::ConfSetting;
use crate::finding::Level;
use crate::project::python::interpreter;
use crate::rule::{Case, Findings, Group, Rule};
use crate::source::Traced;
use std::collections::{HashMap, HashSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "python-worker-mismatch",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/python-worker-mismatch.md"),
    check,
};

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let mut parts: HashMap<_, Vec<(&ConfSetting, Traced)>> = HashMap::new();
    for setting in &project.facts.settings {
        if let Some(minor) = interpreter(setting) {
            parts.entry(setting.part).or_default().push((setting, minor));
        }
    }
    let mut told = HashSet::new();
    for unit in project.units.iter().filter(|_| !parts.is_empty()) {
        let of = |key: &str| {
            let all = unit.members.iter().filter_map(|member| parts.get(member)).flatten();
            let found: Vec<_> = all.filter(|(setting, _)| setting.key.as_str() == key).collect();
            // What several places say differently is for whoever knows their order.
            found.windows(2).all(|pair| pair[0].1.as_str() == pair[1].1.as_str()).then(|| found.first().copied()).flatten()
        };
        let (Some((driver, a)), Some((worker, b))) = (of("spark.pyspark.driver.python"), of("spark.pyspark.python")) else {
            continue;
        };
        if a.as_str() == b.as_str() || !told.insert(a.span()) {
            continue;
        }
        findings
            .report(a, format!("the driver runs Python {a}, but its workers run Python {b}"))
            .subject(format!("{}/driver-python", project.part(driver.part).name))
            .label(b, format!("workers run Python {b}"))
            .because(project.because(unit, driver.part, worker.part))
            .help("let driver and workers run the same minor of Python: functions are sent as bytecode")
            .source("https://spark.apache.org/docs/latest/api/python/user_guide/python_packaging.html");
    }
}
