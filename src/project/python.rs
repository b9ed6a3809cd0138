//! Python applications that talk to a Spark Connect server instead of starting a Spark of their own.

use super::{Project, Unit};
use crate::fact::{ConfSetting, Dependency, Ecosystem, PartId};
use crate::source::Traced;
use std::collections::HashMap;

/// What says that a part is a client of Spark Connect.
#[derive(Debug, Clone, Copy)]
pub enum Evidence<'p> {
    /// A package that is one, or `PySpark` with its extra.
    Package(&'p Dependency),
    /// A session is made with an address: `.remote("sc://…")`.
    Session(&'p ConfSetting),
}

/// The parts that connect.
#[derive(Debug)]
pub struct Connecting<'p>(HashMap<PartId, Evidence<'p>>);

impl<'p> Connecting<'p> {
    /// Looks through a project.
    pub fn of(project: &'p Project) -> Self {
        let mut parts = HashMap::new();
        for setting in project.facts.settings.iter().filter(|setting| setting.key.as_str() == "spark.remote") {
            parts.entry(setting.part).or_insert(Evidence::Session(setting));
        }
        for dependency in project.facts.dependencies.iter().filter(|d| is_client(d)) {
            parts.insert(dependency.part, Evidence::Package(dependency));
        }
        Self(parts)
    }

    /// Why a unit connects; none where it does not.
    pub fn unit(&self, unit: &Unit) -> Option<Evidence<'p>> {
        let found = || unit.members.iter().filter_map(|member| self.0.get(member).copied());
        found().find(|evidence| matches!(evidence, Evidence::Package(_))).or_else(|| found().next())
    }
}

/// Whether a requirement brings what a client needs.
pub fn is_client(dependency: &Dependency) -> bool {
    if dependency.ecosystem != Ecosystem::PyPi || !dependency.scope.is_on_class_path() {
        return false;
    }
    match dependency.normal_name().as_str() {
        "pyspark" => {
            dependency.classifier.as_ref().is_some_and(|extras| extras.split(',').any(|extra| extra == "connect"))
        }
        "pyspark-client" | "pyspark-connect" | "databricks-connect" => true,
        _ => false,
    }
}

/// The minor of Python that a setting of an interpreter names: the `3.10` of `/usr/bin/python3.10`.
pub fn interpreter(setting: &ConfSetting) -> Option<Traced> {
    if !matches!(setting.key.as_str(), "spark.pyspark.python" | "spark.pyspark.driver.python") {
        return None;
    }
    let value = setting.value.as_ref()?;
    let text = value.as_str();
    let start = text.rfind("python3.")? + "python".len();
    let digits = text[start + 2..].chars().take_while(char::is_ascii_digit).count();
    let end = start + 2 + digits;
    (digits > 0 && end == text.len()).then(|| value.slice(start..end))
}
