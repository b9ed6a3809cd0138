//! The JVMs that sbt starts for a project, where it is told to fork: they are given `javaOptions` and nothing of sbt's own.

use super::Fork;
use super::build::Build;
use super::value::{Setting, Value};
use crate::source::Traced;
use std::rc::Rc;

/// The JVMs of a project's tests and of its own run.
pub(super) fn forks(build: &mut Build<'_>, project: usize) -> Vec<Fork> {
    let machine = &mut build.machine;
    let mut found = Vec::new();
    for (by, tests, within) in [("Test / fork", true, "Test"), ("run / fork", false, "run")] {
        if !matches!(machine.set_in_project(project, "fork", &[within]), Some(Value::Bool(true))) {
            continue;
        }
        let options = machine.set_in_project(project, "javaOptions", &[within]).map(|value| value.elements());
        let text = |value: Value| match value {
            Value::Text(text) => Some(Traced::clone(&text)),
            _ => None,
        };
        let settings = machine.scopes.everywhere(project, "fork");
        let about =
            |setting: &&Rc<Setting>| setting.key.within.is_empty() || setting.key.within.iter().any(|w| &**w == within);
        let span = settings.iter().rfind(about).map(|setting| setting.span);
        found.push(Fork { by, tests, options: options.unwrap_or_default().into_iter().map(text).collect(), span });
    }
    found
}
