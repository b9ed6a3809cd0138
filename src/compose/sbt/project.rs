//! Projects as they are put together: `(project in file("core")).settings(…).dependsOn(…)`.

use super::machine::Machine;
use super::value::{Argument, Project, Row, Setting, Value};
use crate::source::Span;
use std::rc::Rc;

/// Settings in lists in lists are looked through this deep.
const MAX_NESTED: usize = 32;

impl Machine<'_> {
    /// `project`, `crossProject` and `projectMatrix`: named by the value they are assigned to.
    pub(super) fn new_project(&mut self, macro_name: &str, span: Span) -> Value {
        let Some(id) = self.naming.last().cloned() else {
            return Value::key(macro_name);
        };
        let mut project = Project::new(id.clone(), Some(id), span);
        project.is_matrix = macro_name == "projectMatrix";
        Value::Project(Rc::new(project))
    }

    /// `Project("id", file("base"))`.
    pub(super) fn project_of(&mut self, args: &[Argument], span: Span) -> Value {
        let find = |name: &str, at: usize| {
            let named = args.iter().find(|arg| arg.name.as_deref() == Some(name));
            named.or_else(|| args.get(at).filter(|arg| arg.name.is_none())).map(|arg| &arg.value)
        };
        let Some(Value::Text(id)) = find("id", 0) else {
            return Value::unknown("a project whose name is not known");
        };
        let base = match find("base", 1) {
            Some(Value::Path(base)) => base.clone(),
            None => Some(id.as_str().into()),
            Some(_) => None,
        };
        let mut project = Project::new(id.as_str().into(), base.and_then(|base| normal(&base)), id.span());
        if project.span.start == project.span.end {
            project.span = span;
        }
        // Before sbt 0.13 settings and the like were arguments.
        for (name, at) in [("aggregate", 2), ("dependencies", 3), ("settings", 5)] {
            let Some(value) = find(name, at).cloned() else { continue };
            let arg = vec![Argument { name: None, value }];
            let method = if name == "dependencies" { "dependsOn" } else { name };
            if let Value::Project(changed) = self.project_method(&Rc::new(project.clone()), method, arg, span) {
                project = Project::clone(&changed);
            }
        }
        Value::Project(Rc::new(project))
    }

    pub(super) fn project_method(
        &mut self,
        project: &Rc<Project>,
        name: &str,
        args: Vec<Argument>,
        span: Span,
    ) -> Value {
        let mut changed = project.clone();
        match name {
            "settings" | "jvmSettings" | "overrideSettings" => {
                let settings: Vec<Rc<Setting>> = args.iter().flat_map(|arg| settings_of(&arg.value)).collect();
                Rc::make_mut(&mut changed).settings.extend(settings);
            }
            "in" | "withBase" => {
                let base = match args.first().map(|arg| &arg.value) {
                    Some(Value::Path(base)) => base.as_deref().and_then(normal),
                    _ => None,
                };
                Rc::make_mut(&mut changed).base = base;
            }
            "withId" => {
                if let Some(id) = args.first().and_then(|arg| arg.value.as_text()) {
                    Rc::make_mut(&mut changed).id = id.into();
                }
            }
            "dependsOn" => {
                let links = args.iter().flat_map(|arg| arg.value.elements());
                let links = links.filter_map(|value| link(&value)).map(|(id, how)| (id, how, span));
                Rc::make_mut(&mut changed).depends.extend(links);
            }
            "aggregate" => {
                let all = args.iter().flat_map(|arg| arg.value.elements());
                let ids = all.filter_map(|value| link(&value)).map(|(id, _)| (id, span));
                Rc::make_mut(&mut changed).aggregates.extend(ids);
            }
            "enablePlugins" => {
                let plugins = args.iter().filter_map(|arg| plugin_name(&arg.value));
                Rc::make_mut(&mut changed).plugins.extend(plugins);
            }
            "configure" | "jvmConfigure" => return self.configured(changed, args, span),
            "js" | "native" => Rc::make_mut(&mut changed).foreign = true,
            "customRow" | "jvmPlatform" => {
                let rows = self.rows(&args, span);
                Rc::make_mut(&mut changed).rows.extend(rows);
            }
            "/" => {
                let key = args.first().map(|arg| arg.value.clone());
                return match key {
                    Some(Value::Key(key)) => self.method(
                        Value::Key(key),
                        "in",
                        vec![Argument { name: None, value: Value::Project(changed) }],
                        span,
                    ),
                    _ => Value::Path(None),
                };
            }
            "id" => return Value::text(crate::source::Traced::literal(&*project.id, project.span)),
            "base" => return Value::Path(project.base.clone()),
            // What else is said of it changes neither its libraries nor its neighbours.
            _ => {}
        }
        Value::Project(changed)
    }

    fn configured(&mut self, project: Rc<Project>, args: Vec<Argument>, span: Span) -> Value {
        let mut value = Value::Project(project);
        for arg in args {
            if let Value::Project(changed) = self.call_with(&arg.value, value.clone(), span) {
                value = Value::Project(changed);
            }
        }
        value
    }

    /// The rows of a matrix: one for each Scala version.
    fn rows(&mut self, args: &[Argument], span: Span) -> Vec<Row> {
        let mut versions = Vec::new();
        let mut settings = Vec::new();
        for arg in args {
            let is_settings = matches!(arg.name.as_deref(), Some("settings" | "process" | "configure"));
            match &arg.value {
                Value::List(values) if values.iter().all(|v| matches!(v, Value::Text(_))) && !is_settings => {
                    versions.extend(values.iter().filter_map(|v| match v {
                        Value::Text(text) => Some(text.clone()),
                        _ => None,
                    }));
                }
                Value::Function(_) => {
                    let empty = Project::new("".into(), None, span);
                    if let Value::Project(row) = self.call_with(&arg.value, Value::Project(Rc::new(empty)), span) {
                        settings.extend(row.settings.iter().cloned());
                    }
                }
                value => settings.extend(settings_of(value)),
            }
        }
        if versions.is_empty() {
            return vec![Row { scala: None, settings }];
        }
        versions.into_iter().map(|scala| Row { scala: Some(scala), settings: settings.clone() }).collect()
    }
}

/// The settings that a value is or holds.
pub(super) fn settings_of(value: &Value) -> Vec<Rc<Setting>> {
    let mut found = Vec::new();
    gather(value, &mut found, 0);
    found
}

fn gather(value: &Value, found: &mut Vec<Rc<Setting>>, depth: usize) {
    match value {
        Value::Setting(setting) => found.push(setting.clone()),
        Value::List(values) if depth < MAX_NESTED => {
            values.iter().for_each(|value| gather(value, found, depth + 1));
        }
        Value::Some(value) if depth < MAX_NESTED => gather(value, found, depth + 1),
        _ => {}
    }
}

/// The project that a value names, and the configurations it is used in.
fn link(value: &Value) -> Option<(Rc<str>, Option<Rc<str>>)> {
    match value {
        Value::Project(project) if !project.foreign => Some((project.id.clone(), None)),
        Value::Linked(pair) => {
            let (id, _) = link(&pair.0)?;
            Some((id, Some(super::library::configurations(&pair.1))))
        }
        _ => None,
    }
}

/// The name of a plugin: its last word.
pub(super) fn plugin_name(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Key(key) => Some(key.name.rsplit('.').next().unwrap_or(&key.name).into()),
        Value::Object(object) => Some(object.name.clone()),
        _ => None,
    }
}

/// A folder below the build's root, without `.` and `..`.
fn normal(base: &str) -> Option<Rc<str>> {
    crate::source::join("", base).map(Rc::from)
}
