//! Methods of values: what scripts do with texts, lists, providers, projects and tasks.

use super::super::catalog::accessor;
use super::super::value::Value;
use super::{Delegate, Run};
use crate::read::gradle::{Argument, Block, Expression};
use crate::source::Span;
use std::rc::Rc;

/// Methods that give what they are called on.
pub(super) const SAME: [&str; 20] = [
    "get",
    "toString",
    "trim",
    "asProvider",
    "getOrNull",
    "orNull",
    "toList",
    "toSet",
    "filterNotNull",
    "getRequiredVersion",
    "forUseAtConfigurationTime",
    "map",
    "asFile",
    "getAsFile",
    "strip",
    "unique",
    "distinct",
    "sorted",
    "toMutableList",
    "toSortedSet",
];

impl<'a> Run<'_, 'a> {
    pub(super) fn method(
        &mut self,
        of: &Value<'a>,
        written: &'a Expression,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        match (of, name) {
            // `archiveClassifier.set("x")`, `options.release.set(17)`.
            (_, "set" | "value" | "convention") if self.sets(of, written, arguments, span) => return Value::Null,
            (Value::Plugin(id), "apply") => {
                if matches!(self.first(arguments), Some(Value::Bool(false))) {
                    let id = id.clone();
                    self.own().plugins.retain(|plugin| plugin.id != id);
                }
                return Value::Null;
            }
            (Value::Project(project), _) => return self.of_project(*project, name, arguments, block, span),
            (Value::Extra(project), "apply" | "run" | "with") => {
                if let Some(block) = block {
                    self.with(Delegate::Extra(*project), |run| run.run_block(block));
                }
                return Value::Null;
            }
            (Value::Extra(project), _) => return self.of_extra(*project, name, arguments),
            (Value::Library(_), "getVersion" | "getModule" | "getGroup" | "getName") => {
                let field = name.trim_start_matches("get").to_lowercase();
                return self.member(of, &field, span);
            }
            (Value::Given(given), _) => return self.of_given(given, name, arguments, block, span),
            (Value::Configuration(configuration), _) => {
                let (project, configuration) = (self.project(), configuration.clone());
                if let Some(block) = block {
                    self.with(Delegate::Configuration(project, configuration.clone()), |run| run.run_block(block));
                }
                let done = self.of_configuration(project, &configuration, name, arguments, None);
                return if done.is_some() { Value::Null } else { of.clone() };
            }
            (Value::Task(task), _) => return self.of_task(&task.clone(), name, arguments, block, span),
            (Value::Catalog(catalog, path), _) => {
                return self.of_catalog_value(&catalog.clone(), path, name, arguments, span);
            }
            (Value::Missing(asked), "orElse" | "getOrElse" | "orElseGet") => {
                let default = match (self.first(arguments), block) {
                    (Some(default), _) => default,
                    (None, Some(block)) => self.run_block(block).value(),
                    _ => Value::Null,
                };
                return self.default_of(&asked.clone(), default);
            }
            (Value::Plugin(_), _) | (_, "orElse" | "getOrElse" | "orElseGet") => return of.clone(),
            (Value::Unknown(why), _) => {
                let why = why.clone();
                if let Some(block) = block
                    && matches!(name, "each" | "forEach" | "all" | "configureEach")
                {
                    self.lose(block.span, "what this loop goes over is not known");
                }
                return Value::Unknown(why);
            }
            _ => {}
        }
        match of {
            Value::List(items, outside) => {
                let (items, outside) = (items.clone(), outside.clone());
                self.of_list(&items, outside, name, arguments, block, span)
            }
            Value::Map(entries) => {
                let entries = entries.clone();
                self.of_map(of, &entries, name, arguments, block, span)
            }
            Value::Text(text) => self.of_text(of, &text.clone(), name, arguments, block, span),
            Value::Missing(_) if matches!(name, "isPresent" | "toBoolean") => Value::Bool(false),
            Value::Missing(_) | Value::Null => of.clone(),
            Value::Projects(_) | Value::Library(_) if SAME.contains(&name) => of.clone(),
            _ => Value::unknown(format!("what `{name}` gives is only known when the build runs")),
        }
    }

    /// `x.y.set(z)`: the same as `x.y = z`.
    fn sets(&mut self, of: &Value<'a>, written: &'a Expression, arguments: &'a [Argument], span: Span) -> bool {
        if matches!(of, Value::Extra(_) | Value::Map(_) | Value::List(..)) {
            return false;
        }
        let Some(names) = super::super::value::path(written) else { return false };
        let Some(value) = self.first(arguments) else { return false };
        let project = self.project();
        self.set(project, &names, &value, span)
    }

    fn of_project(
        &mut self,
        project: usize,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        match name {
            "property" | "findProperty" | "getProperty" | "hasProperty" | "project" | "uri" | "version" | "group"
            | "dependencies" | "configurations" | "apply" | "ext" | "plugins" | "afterEvaluate" | "allprojects"
            | "subprojects" | "java" | "tasks" | "configure" | "file" | "files" => {
                let delegate = match self.delegate() {
                    dependencies @ Delegate::Dependencies(_) if name == "project" => dependencies.clone(),
                    Delegate::Settings => Delegate::Settings,
                    _ => Delegate::Project(project),
                };
                self.with(delegate, |run| run.plain_call(name, arguments, block, span))
            }
            "getName" => self.property_of(project, "name"),
            "getVersion" => self.property_of(project, "version"),
            "getProjectDir" => self.property_of(project, "projectDir"),
            "get" => self
                .first(arguments)
                .and_then(|key| key.known())
                .map_or(Value::Null, |key| self.asked(project, key.as_str())),
            _ => match block {
                Some(block) if matches!(name, "run" | "with" | "also" | "let") => {
                    self.with(Delegate::Project(project), |run| run.run_block(block)).value()
                }
                _ => Value::unknown(format!("what a project's `{name}` gives is only known when the build runs")),
            },
        }
    }

    /// `ext.set("a", "b")`, `extra.get("a")`, `extra.has("a")`, `properties.get("a")`.
    fn of_extra(&mut self, project: usize, name: &str, arguments: &'a [Argument]) -> Value<'a> {
        let values = self.values(arguments);
        let Some(key) = values.first().and_then(Value::known) else { return Value::unknown("its name is not known") };
        match (name, values.get(1)) {
            ("set", Some(value)) => {
                self.projects[project].extra.insert(key.as_str().into(), value.clone());
                Value::Null
            }
            ("get" | "getProperty" | "getByName" | "findByName", _) => self.asked(project, key.as_str()),
            ("getOrDefault", Some(default)) => match self.asked(project, key.as_str()) {
                Value::Missing(name) => self.default_of(&name, default.clone()),
                known => known,
            },
            ("has" | "containsKey", _) => Value::Bool(!matches!(self.asked(project, key.as_str()), Value::Missing(_))),
            _ => Value::unknown("it is only known when the build runs"),
        }
    }

    fn of_given(
        &mut self,
        given: &str,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        let project = self.project();
        let first = self.first(arguments);
        let text = first.as_ref().and_then(Value::known);
        match (given, name, text) {
            ("System", "getProperty", Some(key)) | ("providers", "systemProperty", Some(key)) => {
                let value = self.system_property(key.as_str());
                match (value, self.values(arguments).into_iter().nth(1)) {
                    (Value::Missing(asked), Some(default)) => self.default_of(&asked, default),
                    (value, _) => value,
                }
            }
            ("System", "getenv", Some(key)) | ("providers", "environmentVariable", Some(key)) => {
                Value::Missing(key.as_str().into())
            }
            ("providers", "gradleProperty", Some(key)) => self.asked(project, key.as_str()),
            ("providers", "provider", _) => block.map_or(Value::Null, |block| self.run_block(block).value()),
            ("JavaVersion", "toVersion" | "current", _)
            | ("JavaLanguageVersion", "of", _)
            | ("JvmTarget", "fromTarget" | "valueOf", _) => {
                first.unwrap_or_else(|| Value::unknown("which JDK runs the build is not known"))
            }
            ("tasks", _, _) => self.task_method(project, arguments, block),
            (
                "configurations",
                "all" | "configureEach" | "create" | "register" | "named" | "getByName" | "maybeCreate",
                _,
            ) => {
                let made = self.of_configurations(project, name, arguments, block);
                made.unwrap_or_else(|| Value::unknown("which configuration is meant is not known"))
            }
            ("gradle", "projectsEvaluated" | "afterProject" | "beforeProject" | "allprojects", _) => {
                if let Some(block) = block {
                    for number in 0..self.projects.len() {
                        self.in_project(number, block);
                    }
                }
                Value::Null
            }
            ("plugins", "withId" | "withType" | "hasPlugin", _) | ("pluginManager", "withPlugin", _) => {
                let id = text_or_type(first.as_ref(), arguments);
                let applied = id.is_some_and(|id| self.projects[project].applies(&id) || id.contains("Plugin"));
                match block.filter(|_| applied) {
                    Some(block) => drop(self.with(Delegate::Project(project), |run| run.run_block(block))),
                    None if name == "hasPlugin" => return Value::Bool(applied),
                    None => {}
                }
                Value::Null
            }
            _ => {
                let _ = span;
                Value::unknown(format!("what `{given}.{name}` gives is only known when the build runs"))
            }
        }
    }

    fn of_task(
        &mut self,
        task: &Rc<str>,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        let project = self.project();
        if !super::task::is_ours(task) {
            return Value::Task(task.clone());
        }
        if let Some(block) = block
            && matches!(name, "configure" | "configureEach" | "all" | "each" | "with" | "apply")
        {
            self.task_block(project, task, task, block);
        } else if matches!(name, "get" | "configureEach") {
            return Value::Task(task.clone());
        } else {
            let names = vec![task.clone()];
            self.with(Delegate::Extension(project, names.clone()), |run| {
                run.of_extension(project, &names, name, arguments, block, span)
            });
        }
        Value::Task(task.clone())
    }

    /// `libs.versions.spark.get()`, `libs.spark.sql.get()`, `libs.findVersion("x")`.
    fn of_catalog_value(
        &mut self,
        catalog: &Rc<str>,
        path: &str,
        name: &str,
        arguments: &'a [Argument],
        span: Span,
    ) -> Value<'a> {
        let Some(known) = self.catalogs.get(catalog).cloned() else {
            return Value::unknown("there is no such catalog");
        };
        let lower = path.to_lowercase();
        match name {
            "findVersion" | "findLibrary" | "findBundle" | "version" | "versionRef" | "withoutVersion" => {
                let Some(argument) = self.first(arguments) else {
                    return Value::Catalog(catalog.clone(), path.to_owned());
                };
                if matches!(name, "version" | "versionRef") {
                    self.catalog_version(catalog, &lower, name, &argument);
                    return Value::Null;
                }
                let Some(alias) = argument.known() else {
                    return Value::unknown("which entry of the catalog is not known");
                };
                let alias = accessor(alias.as_str());
                let group = match name {
                    "findVersion" => "versions.",
                    "findBundle" => "bundles.",
                    _ => "",
                };
                Value::Catalog(catalog.clone(), format!("{group}{alias}"))
            }
            "get" | "getOrNull" | "toString" | "getRequiredVersion" | "asProvider" | "map" | "orElse" => {
                if let Some(alias) = lower.strip_prefix("versions.") {
                    if name == "asProvider" {
                        return Value::Catalog(catalog.clone(), path.to_owned());
                    }
                    return match known.version(alias) {
                        Ok(version) => Value::text(version),
                        Err(why) => Value::Unknown(why),
                    };
                }
                match known.libraries.get(&lower) {
                    Some(library) => Value::Library(library.clone()),
                    None => Value::Catalog(catalog.clone(), path.to_owned()),
                }
            }
            _ => {
                let _ = span;
                Value::unknown(format!("what `{name}` gives is only known when the build runs"))
            }
        }
    }
}

fn text_or_type(value: Option<&Value<'_>>, arguments: &[Argument]) -> Option<String> {
    let text = value.and_then(Value::known).map(|text| text.as_str().to_owned());
    text.or_else(|| arguments.first().and_then(|argument| super::call::type_name(&argument.value)))
}
