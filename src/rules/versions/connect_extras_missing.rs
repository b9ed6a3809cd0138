//! See `rules/versions/connect-extras-missing.md`.

use crate::fact::{Dependency, Ecosystem, Image, ImageUse, PartId};
use crate::finding::{Edit, Level, Safety};
use crate::project::Project;
use crate::project::python::{Connecting, Evidence, is_client};
use crate::rule::{Case, Findings, Group, Rule};
use std::collections::{HashMap, HashSet};

/// The rule.
pub static RULE: Rule = Rule {
    id: "connect-extras-missing",
    group: Group::Versions,
    level: Level::Warning,
    options: &[],
    yields_to: &[],
    page: include_str!("../../../rules/versions/connect-extras-missing.md"),
    check,
};

const SOURCE: &str = "https://spark.apache.org/docs/latest/api/python/getting_started/install.html#spark-connect";

fn check(case: &Case, findings: &mut Findings) {
    let project = case.project;
    let connecting = Connecting::of(project);
    let packages = packages(project);
    let foreign = foreign_images(project);
    let mut told = HashSet::new();
    for unit in &project.units {
        let Some(Evidence::Session(session)) = connecting.unit(unit) else { continue };
        let all = || unit.members.iter().filter_map(|member| packages.get(member)).flatten().copied();
        let has = |names: &[&str]| all().any(|d| names.contains(&d.normal_name().as_str()));
        if has(&["grpcio", "grpcio-status"]) || all().any(is_client) || unit.members.iter().any(|m| foreign.contains(m)) {
            continue;
        }
        let Some(spark) = all().find(|d| d.normal_name() == "pyspark").filter(|d| told.insert(d.name.span())) else {
            continue;
        };
        let path = project.path(spark.name.span().file);
        let is_line = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "txt");
        let edit = (is_line && spark.classifier.is_none()).then(|| Edit::replace(&spark.name, "pyspark[connect]")).flatten();
        findings
            .report(&spark.name, "a session connects to a Spark Connect server, but the packages for that are not asked for")
            .subject(format!("{}/pyspark", project.part(spark.part).name))
            .label(&session.key, "a session is made with an address")
            .because(project.because(unit, session.part, spark.part))
            .help("ask for `pyspark[connect]`, which brings grpcio, protobuf, pandas and pyarrow")
            .source(SOURCE)
            .fix(Safety::Safe, edit);
    }
}

/// Python packages of parts, for the code that runs.
fn packages(project: &Project) -> HashMap<PartId, Vec<&Dependency>> {
    let mut packages: HashMap<PartId, Vec<&Dependency>> = HashMap::new();
    let of_python = |d: &&Dependency| d.ecosystem == Ecosystem::PyPi && d.scope.is_on_class_path();
    for dependency in project.facts.dependencies.iter().filter(of_python) {
        packages.entry(dependency.part).or_default().push(dependency);
    }
    packages
}

/// Parts that are based on images which may well bring the packages: all but Python's and Spark's own.
fn foreign_images(project: &Project) -> HashSet<PartId> {
    let is_foreign = |image: &&Image| {
        !matches!(image.usage, ImageUse::Base { last: false, .. })
            && !matches!(image.name.as_str(), "python" | "spark" | "apache/spark")
            && !project.is_built_here(image)
    };
    project.facts.images.iter().filter(is_foreign).map(|image| image.part).collect()
}
