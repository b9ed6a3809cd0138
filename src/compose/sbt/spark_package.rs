//! sbt-spark-package: `sparkVersion` and `sparkComponents` are dependencies
//! (<https://github.com/databricks/sbt-spark-package>).

use super::build::Build;
use super::value::{Cross, Library, Value};
use crate::source::Traced;
use std::rc::Rc;

/// The libraries that the plugin adds to a project.
pub(super) fn components(build: &mut Build<'_>, project: usize) -> Vec<Value> {
    if !build.plugins.iter().any(|plugin| plugin == "sbt-spark-package") {
        return Vec::new();
    }
    let Some(version) = build.machine.set_in_project(project, "sparkVersion", &[]) else { return Vec::new() };
    let components = build.machine.in_project(project, "sparkComponents", &[]).elements();
    let (Value::Text(version), false) = (version, components.is_empty()) else { return Vec::new() };
    let library = |component: Value| match component {
        Value::Text(component) => {
            let (span, name) = (component.span(), Traced::clone(&component));
            let organization = Rc::new(Traced::literal("org.apache.spark", span));
            let name = Rc::new(Traced::concat(span, [Traced::literal("spark-", span), name]));
            Value::Library(Rc::new(Library {
                organization,
                name,
                cross: Cross::Binary,
                version: Some(Ok(version.clone())),
                configurations: Some("provided".into()),
                exclusions: Vec::new(),
                classifier: None,
                span,
            }))
        }
        other => Value::unknown(other.why()),
    };
    components.into_iter().map(library).collect()
}
