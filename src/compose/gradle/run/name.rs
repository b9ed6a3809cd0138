//! What names and members stand for.

use super::super::axis::{Answer, Question};
use super::super::value::Value;
use super::super::world::beside;
use super::{Delegate, Outside, Run};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// What Gradle and the languages give by a plain name.
const GIVEN: [&str; 12] = [
    "System",
    "providers",
    "JavaVersion",
    "JavaLanguageVersion",
    "JvmTarget",
    "gradle",
    "tasks",
    "sourceSets",
    "configurations",
    "logger",
    "DuplicatesStrategy",
    "plugins",
];

/// Before paths that are known from the repository's root on.
pub(super) const ROOT: &str = "@/";

impl<'a> Run<'_, 'a> {
    /// What a plain name stands for.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Value<'a> {
        if let Some(local) = self.local(name) {
            return local.clone();
        }
        let project = self.project();
        match name {
            "null" => return Value::Null,
            "true" | "false" => return Value::Bool(name == "true"),
            "this" | "project" | "it" => return Value::Project(project),
            "rootProject" => return Value::Project(0),
            "ext" | "extra" => return Value::Extra(project),
            "projects" => return Value::Projects(String::new()),
            "subprojects" => return self.below(project, false),
            "allprojects" => return self.below(project, true),
            _ => {}
        }
        if let Delegate::Configurations(_) = self.delegate() {
            return Value::Configuration(name.into());
        }
        if let Some(catalog) = self.catalogs.get_key_value(name) {
            return Value::Catalog(catalog.0.clone(), String::new());
        }
        match self.property_of(project, name) {
            Value::Unknown(why) => match GIVEN.iter().find(|given| **given == name) {
                Some(given) => Value::Given(given),
                None if self.plugin_by_name(name, span) => Value::Null,
                None if self.delegates.iter().any(|d| matches!(d, Delegate::Configurations(_))) => {
                    Value::Configuration(name.into())
                }
                None if is_task(name) => Value::Task(name.into()),
                None => Value::Unknown(why),
            },
            known => known,
        }
    }

    fn below(&self, project: usize, itself: bool) -> Value<'a> {
        let is_below = |mut at: usize| {
            for _ in 0..64 {
                match self.projects.get(at).and_then(|p| p.parent) {
                    Some(parent) if parent == project => return true,
                    Some(parent) => at = parent,
                    None => return false,
                }
            }
            false
        };
        let numbers = (0..self.projects.len()).filter(|n| (itself && *n == project) || is_below(*n));
        Value::list(numbers.map(Value::Project).collect())
    }

    /// A project's property: its own, `gradle.properties`, else its parent's.
    pub(super) fn property_of(&mut self, project: usize, name: &str) -> Value<'a> {
        let mut at = Some(project);
        let mut hops = 0;
        while let Some(number) = at.filter(|_| hops < 64) {
            hops += 1;
            let Some(own) = self.projects.get(number) else { break };
            if let Some(value) = own.extra.get(name) {
                return value.clone();
            }
            let (folder, parent) = (own.folder.clone(), own.parent);
            if number == project
                && let Some(value) = self.field(number, name)
            {
                return value;
            }
            if let Some(value) = self.written(&folder, name, name) {
                return value;
            }
            at = parent;
        }
        match self.choice.answer(&Question::Property(name.into())) {
            Some(Answer::Is(value)) => Value::text(value.clone()).set_by(&Rc::from(name)),
            _ => Value::unknown(format!("`{name}` is defined nowhere that is read")),
        }
    }

    /// A property of a folder's `gradle.properties`; `asked` is the name by which commands set it.
    pub(super) fn written(&mut self, folder: &str, key: &str, asked: &str) -> Option<Value<'a>> {
        let properties = self.world.properties.get(beside(folder, "gradle.properties").as_str())?;
        let property = properties.iter().rev().find(|property| property.key.as_str() == key)?;
        let name: Rc<str> = asked.into();
        if let Some(Answer::Is(value)) = self.choice.answer(&Question::Property(name.clone())) {
            return Some(Value::text(value.clone()).set_by(&name));
        }
        let value = property.value.trim();
        self.outside.push(Outside { span: value.span(), name: asked.into() });
        Some(Value::text(value).set_by(&name))
    }

    /// A property that only commands and `gradle.properties` set: `findProperty("x")`, `providers.gradleProperty("x")`.
    pub(super) fn asked(&mut self, project: usize, name: &str) -> Value<'a> {
        match self.property_of(project, name) {
            Value::Unknown(_) => Value::Missing(name.into()),
            known => known,
        }
    }

    /// `System.getProperty("x")`: from the command, or `systemProp.x` of the root.
    pub(super) fn system_property(&mut self, name: &str) -> Value<'a> {
        let folder = self.projects.first().map(|root| root.folder.clone()).unwrap_or_default();
        if let Some(value) = self.written(&folder, &format!("systemProp.{name}"), name) {
            return value;
        }
        let asked: Rc<str> = name.into();
        match self.choice.answer(&Question::Property(asked.clone())) {
            Some(Answer::Is(value)) => Value::text(value.clone()).set_by(&asked),
            _ => Value::Missing(asked),
        }
    }

    /// What every project has.
    fn field(&self, project: usize, name: &str) -> Option<Value<'a>> {
        let own = self.projects.get(project)?;
        let written = |text: &str| {
            let place = own.named_at.as_ref().map(Traced::span).or_else(|| own.file.map(|file| Span::new(file, 0..0)));
            let place = place.unwrap_or(Span::new(crate::source::FileId(0), 0..0));
            // What is derived has no bytes that are its own.
            Traced::literal(text, Span { end: place.start, ..place })
        };
        let folder = |folder: &str| Some(Value::text(written(&format!("{ROOT}{folder}"))));
        match name {
            "name" => match &own.named_at {
                Some(text) if text.as_str() == own.name => Some(Value::text(text.clone())),
                _ => Some(Value::text(written(&own.name))),
            },
            "path" => Some(Value::text(written(&self.path_of(project)))),
            "version" => own.version.clone().map(Value::Text),
            "group" => own.group.clone().map(Value::Text),
            "projectDir" => folder(&own.folder),
            "rootDir" | "settingsDir" => folder(&self.projects.first()?.folder),
            "rootProject" => Some(Value::Project(0)),
            "parent" => own.parent.map(Value::Project),
            "project" => Some(Value::Project(project)),
            "ext" | "extra" => Some(Value::Extra(project)),
            "subprojects" => Some(self.below(project, false)),
            "allprojects" => Some(self.below(project, true)),
            _ => None,
        }
    }

    /// The project of a path.
    pub(super) fn find(&self, from: usize, path: &str) -> Option<usize> {
        let mut at = if path.starts_with(':') { 0 } else { from };
        for name in path.split(':').filter(|name| !name.is_empty()) {
            at = self.child(at, name)?;
        }
        Some(at)
    }

    pub(super) fn child(&self, parent: usize, name: &str) -> Option<usize> {
        self.children.get(&(parent, name.to_owned())).copied()
    }

    /// `a.b`.
    pub(super) fn member(&mut self, of: &Value<'a>, name: &str, span: Span) -> Value<'a> {
        match of {
            Value::Project(project) => {
                let project = *project;
                match name {
                    "extensions" | "extra" | "ext" | "properties" => Value::Extra(project),
                    "configurations" => Value::Given("configurations"),
                    "tasks" => Value::Given("tasks"),
                    _ if self.catalogs.contains_key(name) => Value::Catalog(name.into(), String::new()),
                    _ => match self.property_of(project, name) {
                        Value::Unknown(_) if GIVEN.contains(&name) => {
                            Value::Given(GIVEN.iter().find(|given| **given == name).copied().unwrap_or(""))
                        }
                        other => other,
                    },
                }
            }
            Value::Extra(project) => {
                let project = *project;
                match self.projects.get(project).and_then(|p| p.extra.get(name)) {
                    Some(value) => value.clone(),
                    None => self.property_of(project, name),
                }
            }
            Value::Map(entries) => match entries.iter().rev().find(|(key, _)| **key == *name) {
                Some((_, value)) => value.clone(),
                None => Value::unknown(format!("the map has no `{name}`")),
            },
            Value::Catalog(catalog, path) => {
                let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                Value::Catalog(catalog.clone(), path)
            }
            Value::Projects(path) => Value::Projects(format!("{path}:{name}")),
            Value::Given("configurations") => Value::Configuration(name.into()),
            Value::Given("tasks") => Value::Task(name.into()),
            Value::Library(library) => match name {
                "module" => {
                    let parts = [
                        library.group.clone(),
                        Traced::literal(":", Span { end: span.start, ..span }),
                        library.name.clone(),
                    ];
                    Value::text(Traced::concat(span, parts))
                }
                "version" => match &library.version {
                    Some(Ok(version)) => Value::text(version.clone()),
                    Some(Err(why)) => Value::Unknown(why.clone()),
                    None => Value::Null,
                },
                "group" => Value::text(library.group.clone()),
                "name" => Value::text(library.name.clone()),
                _ => Value::unknown(format!("a library's `{name}`")),
            },
            Value::List(items, _) if matches!(name, "first" | "last") => {
                let item = if name == "first" { items.first() } else { items.last() };
                item.cloned().unwrap_or(Value::Null)
            }
            Value::Missing(_) | Value::Null | Value::Unknown(_) | Value::Text(_)
                if matches!(name, "value" | "requiredVersion") =>
            {
                of.clone()
            }
            Value::Unknown(why) => Value::Unknown(why.clone()),
            _ => Value::unknown(format!("`{name}` is only known when the build runs")),
        }
    }
}

pub(super) fn is_task(name: &str) -> bool {
    const TASKS: [&str; 9] = [
        "jar",
        "shadowJar",
        "bootJar",
        "compileJava",
        "compileScala",
        "compileKotlin",
        "compileGroovy",
        "war",
        "fatJar",
    ];
    TASKS.contains(&name)
}
