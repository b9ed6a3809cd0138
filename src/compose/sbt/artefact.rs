//! The names of the files that a project builds, and how its fat jar is put together.

use super::build::Build;
use super::machine::Machine;
use super::value::{Argument, Key, Value};
use super::{Assembly, Merged};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// More names than this say nothing more about a project.
const MAX_NAMES: usize = 64;

/// Adds the file names that a project builds in the current evaluation, `*` for what is not known of them.
pub(super) fn artefacts(build: &mut Build<'_>, project: usize, binary: &Value, names: &mut Vec<String>) {
    let machine = &mut build.machine;
    let module = machine.in_project(project, "moduleName", &[]);
    let name = machine.in_project(project, "name", &[]);
    let version = machine.in_project(project, "version", &[]);
    let shown = |value: &Value| value.as_text().map_or_else(|| "*".to_owned(), str::to_owned);
    let paths = machine.set_in_project(project, "crossPaths", &[]);
    let suffix = match paths {
        Some(Value::Bool(false)) => String::new(),
        _ => format!("_{}", shown(binary)),
    };
    let mut add = |name: String| {
        let says_something = !name.starts_with('*');
        if says_something && names.len() < MAX_NAMES && !names.contains(&name) {
            names.push(name);
        }
    };
    if machine.set_in_project(project, "artifactName", &[]).is_some() {
        add(format!("{}*.jar", shown(&module)));
    } else {
        add(format!("{}{suffix}-{}.jar", shown(&module), shown(&version)));
    }
    if let Some(Value::Path(Some(path))) = machine.set_in_project(project, "assemblyOutputPath", &["assembly"]) {
        add(path.rsplit('/').next().unwrap_or(&path).to_owned());
    }
    match machine.set_in_project(project, "assemblyJarName", &["assembly"]) {
        Some(Value::Text(jar)) => add(jar.as_str().to_owned()),
        Some(_) => add(format!("{}*.jar", shown(&name))),
        None => add(format!("{}-assembly-{}.jar", shown(&name), shown(&version))),
    }
}

/// What a project's settings say of its fat jar; `None` where they say nothing.
pub(super) fn assembly(build: &mut Build<'_>, project: usize) -> Option<Assembly> {
    let machine = &mut build.machine;
    let said = ["assemblyMergeStrategy", "assemblyOption", "assemblyJarName", "assemblyShadeRules", "mergeStrategy"];
    if !said.iter().any(|key| !machine.scopes.everywhere(project, key).is_empty())
        && !build.plugins.iter().any(|plugin| plugin == "sbt-assembly")
    {
        return None;
    }
    let strategy = machine.set_in_project(project, "assemblyMergeStrategy", &["assembly"]);
    let services = strategy.and_then(|strategy| {
        merged(machine, &strategy, "META-INF/services/org.apache.spark.sql.sources.DataSourceRegister")
    });
    let scala = machine.scopes.everywhere(project, "assemblyOption");
    let without_scala = scala.last().and_then(|setting| include_scala(machine, setting));
    let shades = !machine.scopes.everywhere(project, "assemblyShadeRules").is_empty();
    Some(Assembly { services, include_scala: without_scala.unwrap_or(true), shades })
}

/// What a merge strategy makes of a file.
fn merged(machine: &mut Machine<'_>, strategy: &Value, path: &str) -> Option<Merged> {
    let nowhere = Span { file: crate::source::FileId(0), start: 0, end: 0 };
    let path = Value::text(Traced::literal(path, nowhere));
    machine.chosen = None;
    let answer = machine.apply(strategy.clone(), vec![Argument { name: None, value: path }], nowhere);
    let strategy = match &answer {
        Value::Key(key) => strategy_name(key)?,
        _ => return None,
    };
    Some(Merged { strategy, span: machine.chosen? })
}

fn strategy_name(key: &Rc<Key>) -> Option<String> {
    let (class, name) = key.name.rsplit_once('.')?;
    class.ends_with("MergeStrategy").then(|| name.to_owned())
}

/// `….copy(includeScala = false)` and `….withIncludeScala(false)`.
fn include_scala(machine: &Machine<'_>, setting: &super::value::Setting) -> Option<bool> {
    let super::value::Assigned::Thunk(thunk) = &setting.value else { return None };
    machine.argument(*thunk, &["copy", "withIncludeScala"], "includeScala")
}
