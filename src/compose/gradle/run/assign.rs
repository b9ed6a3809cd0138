//! Definitions and assignments: `ext.x = …`, `sourceCompatibility = …`, `archiveClassifier.set(…)`.

use super::super::project::JavaSetting;
use super::super::value::{Text, Value, path};
use super::{Delegate, Run};
use crate::read::gradle::{Expression, ExpressionKind as Kind};
use crate::source::Span;
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    pub(super) fn definition(&mut self, names: &'a [Box<str>], value: Option<&'a Expression>, delegated: bool) {
        if let ([name], true, Some(value)) = (names, delegated, value) {
            let value = self.delegated(name, value);
            return self.define(name, value);
        }
        let value = value.map_or(Value::Null, |value| self.value(value));
        match (names, &value) {
            ([name], _) => self.define(name, value),
            (names, Value::List(items, _)) => {
                for (name, item) in names.iter().zip(items.iter()) {
                    self.define(name, item.clone());
                }
            }
            (names, _) => {
                for name in names {
                    self.define(name, Value::unknown("it is taken from what is not known"));
                }
            }
        }
    }

    /// `val x: String by project`, `val x by extra("1")`, `val x by configurations.creating`, `by lazy { … }`.
    fn delegated(&mut self, name: &str, value: &'a Expression) -> Value<'a> {
        let project = self.project();
        let of = match &value.kind {
            Kind::Call { callee, .. } => path(callee),
            _ => path(value),
        };
        match of.as_deref() {
            Some(
                ["project" | "settings" | "rootProject" | "extra" | "this"] | ["project" | "rootProject", "extra"],
            ) => match value.call() {
                Some((_, arguments, block)) => {
                    let value = match (self.first(arguments), block) {
                        (Some(value), _) => value,
                        (None, Some(block)) => self.run_block(block).value(),
                        _ => return self.asked(project, name),
                    };
                    self.projects[project].extra.insert(name.into(), value.clone());
                    value
                }
                None => match &value.kind {
                    // `by project.extra("x")` is a call of a member.
                    Kind::Call { arguments, .. } => {
                        let value = self.first(arguments).unwrap_or(Value::Null);
                        self.projects[project].extra.insert(name.into(), value.clone());
                        value
                    }
                    _ => self.asked(project, name),
                },
            },
            Some(["configurations", ..]) => {
                if let Kind::Call { block: Some(block), .. } = &value.kind {
                    self.with(Delegate::Configuration(project, name.into()), |run| run.run_block(block));
                }
                Value::Configuration(name.into())
            }
            Some(["lazy"]) => match &value.kind {
                Kind::Call { block: Some(block), .. } => self.run_block(block).value(),
                _ => Value::unknown("only the running build calculates it"),
            },
            Some(["tasks", ..]) => {
                if let Kind::Call { arguments, block: Some(block), .. } = &value.kind {
                    let kind = arguments.iter().find_map(|a| super::call::type_name(&a.value)).unwrap_or_default();
                    self.task_block(project, name, &kind, block);
                }
                Value::Task(name.into())
            }
            _ => self.value(value),
        }
    }

    pub(super) fn assignment(&mut self, target: &'a Expression, adds: bool, value: &'a Expression, span: Span) {
        let new = self.value(value);
        let new = if adds {
            let old = self.value(target);
            match (old, new) {
                (Value::List(old, outside), Value::List(new, _)) => {
                    Value::List(Rc::new(old.iter().chain(new.iter()).cloned().collect()), outside)
                }
                (Value::List(old, outside), new) => {
                    Value::List(Rc::new(old.iter().cloned().chain([new]).collect()), outside)
                }
                (Value::Map(old), Value::Map(new)) => {
                    Value::Map(Rc::new(old.iter().chain(new.iter()).cloned().collect()))
                }
                (Value::Text(old), Value::Text(new)) => Value::Text(Text::join(span, [Ok(old), Ok(new)])),
                // `compileClasspath += configurations.provided`.
                (_, new) => new,
            }
        } else {
            new
        };
        match &target.kind {
            // `project(':a').projectDir = …`, `map.key = …`, `project.ext.x = …`.
            Kind::Member(of, name) if path(target).is_none() => {
                let of = self.value(of);
                self.set_member(&of, name, new, span);
            }
            Kind::Index(of, index) => match (self.value(of), self.value(index).known()) {
                (Value::Map(entries), Some(key)) => {
                    let mut entries = entries.to_vec();
                    entries.push((key.as_str().into(), new));
                    self.store(of, Value::Map(Rc::new(entries)));
                }
                (of, Some(key)) => self.set_member(&of, key.as_str(), new, span),
                _ => {}
            },
            _ => {
                let Some(names) = path(target) else { return };
                self.set_path(target, &names, new, span);
            }
        }
    }

    fn set_path(&mut self, target: &'a Expression, names: &[&str], new: Value<'a>, span: Span) {
        if let [name] = names {
            if self.assign_local(name, &new) {
                return;
            }
            let project = self.project();
            if let Delegate::Extra(project) = *self.delegate() {
                self.projects[project].extra.insert((*name).into(), new);
                return;
            }
            if !self.set(project, names, &new, span) && self.projects[project].extra.contains_key(*name) {
                self.projects[project].extra.insert((*name).into(), new);
            }
            return;
        }
        if let Kind::Member(of, name) = &target.kind {
            let is_local = names.first().is_some_and(|first| self.local(first).is_some());
            let of_value = if is_local || names.len() == 2 { self.value(of) } else { Value::Null };
            match &of_value {
                Value::Map(entries) => {
                    let mut entries = entries.to_vec();
                    entries.push((name.clone(), new));
                    return self.store(of, Value::Map(Rc::new(entries)));
                }
                Value::Extra(_) | Value::Project(_) | Value::Task(_) if names.len() == 2 => {
                    return self.set_member(&of_value, name, new, span);
                }
                _ => {}
            }
            // `project.ext.x`, `rootProject.ext.versions.x`.
            if matches!(names.first(), Some(&("project" | "rootProject" | "ext" | "extra" | "this"))) {
                let of_value = self.value(of);
                if let Value::Map(entries) = &of_value {
                    let mut entries = entries.to_vec();
                    entries.push((name.clone(), new));
                    return self.store(of, Value::Map(Rc::new(entries)));
                }
                return self.set_member(&of_value, name, new, span);
            }
        }
        let project = self.project();
        self.set(project, names, &new, span);
    }

    /// Puts a changed map back where it came from.
    fn store(&mut self, target: &'a Expression, value: Value<'a>) {
        match &target.kind {
            Kind::Name(name) if self.assign_local(name, &value) => {}
            Kind::Name(name) => {
                let project = self.project();
                // A map of the root that a child adds to.
                let mut at = Some(project);
                let mut holder = project;
                while let Some(number) = at {
                    if self.projects[number].extra.contains_key(&**name) {
                        holder = number;
                        break;
                    }
                    at = self.projects[number].parent;
                }
                self.projects[holder].extra.insert(name.clone(), value);
            }
            Kind::Member(of, name) => match self.value(of) {
                Value::Extra(project) | Value::Project(project) => {
                    self.projects[project].extra.insert(name.clone(), value);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn assign_local(&mut self, name: &str, value: &Value<'a>) -> bool {
        let scopes = self.contexts.last_mut().into_iter().flat_map(|context| context.scopes.iter_mut().rev());
        for scope in scopes {
            if let Some(known) = scope.get_mut(name) {
                *known = value.clone();
                return true;
            }
        }
        false
    }

    pub(super) fn set_member(&mut self, of: &Value<'a>, name: &str, new: Value<'a>, span: Span) {
        match of {
            Value::Extra(project) => {
                self.projects[*project].extra.insert(name.into(), new);
            }
            Value::Project(project) => {
                let project = *project;
                if *self.delegate() == Delegate::Settings && self.set_of_project(project, name, &new, span) {
                    return;
                }
                if !self.set(project, &[name], &new, span) {
                    self.projects[project].extra.insert(name.into(), new);
                }
            }
            Value::Task(task) => {
                let project = self.project();
                let task = task.clone();
                self.set(project, &[&task, name], &new, span);
            }
            _ => {}
        }
    }

    /// A setting of an extension or task, by the names that lead to it. Whether it is one we know.
    pub(super) fn set(&mut self, project: usize, names: &[&str], value: &Value<'a>, span: Span) -> bool {
        let mut path: Vec<String> = Vec::new();
        if let Delegate::Extension(_, outer) = self.delegate() {
            path.extend(outer.iter().map(ToString::to_string));
        }
        path.extend(names.iter().map(|name| (*name).to_owned()));
        let words: Vec<&str> =
            path.iter().map(String::as_str).filter(|word| !matches!(*word, "tasks" | "project")).collect();
        let own = &mut self.projects[project];
        let text = value.as_text().ok();
        let pattern = || text.as_ref().map_or_else(|| "*".to_owned(), Text::pattern);
        match words.as_slice() {
            ["group"] => own.group = text,
            ["version"] => own.version = text,
            ["description" | "defaultTasks" | "status" | "buildDir"] | ["jib", _] => {}
            ["archivesBaseName"] | ["base", "archivesName" | "archivesBaseName"] => own.archives.base = Some(pattern()),
            [.., "release"] if words.contains(&"options") => self.java(project, JavaSetting::Release, value, span),
            [.., "targetCompatibility" | "jvmTarget"] => self.java(project, JavaSetting::Target, value, span),
            [.., "sourceCompatibility"] => self.java(project, JavaSetting::Source, value, span),
            [.., "languageVersion"] if words.contains(&"toolchain") => {
                self.java(project, JavaSetting::Toolchain, value, span);
            }
            ["scala", "scalaVersion"] => own.scala = text,
            ["jib", "from", "image"] | ["jib.from", "image"] => own.jib.get_or_insert_default().from = value.known(),
            ["jib", "to", "image"] | ["jib.to", "image"] => own.jib.get_or_insert_default().to = value.known(),
            [task @ ("jar" | "shadowJar" | "bootJar" | "fatJar"), name] => {
                let archive = if *task == "shadowJar" { &mut own.archives.shadow } else { &mut own.archives.jar };
                match *name {
                    "archiveFileName" | "archiveName" => archive.file = Some(pattern()),
                    "archiveBaseName" | "baseName" => archive.base = Some(pattern()),
                    "archiveVersion" => archive.version = Some(pattern()),
                    "archiveClassifier" | "classifier" => {
                        archive.classifier = Some(if text.is_none() && matches!(value, Value::Null) {
                            String::new()
                        } else {
                            pattern()
                        });
                    }
                    "configurations" if *task == "shadowJar" => {
                        let name = |value: &Value<'a>| {
                            if let Value::Configuration(name) = value { Some(name.to_string()) } else { None }
                        };
                        own.archives.configurations =
                            value.items().map(|items| items.iter().filter_map(name).collect());
                    }
                    _ => {}
                }
            }
            // `sourceSets.main.compileClasspath += configurations.provided`.
            [.., "main", "compileClasspath"] => {
                if let Value::Configuration(name) = value {
                    own.extends.push(("compileOnly".into(), name.as_ref().into()));
                }
            }
            _ => return false,
        }
        true
    }

    pub(super) fn java(&mut self, project: usize, setting: JavaSetting, value: &Value<'a>, span: Span) {
        // Levels for tests say nothing about what is shipped.
        let is_test = |name: &Rc<str>| name.starts_with("compileTest");
        if matches!(self.delegate(), Delegate::Extension(_, names) if names.iter().any(is_test)) {
            return;
        }
        match value.as_text() {
            Ok(text) => self.projects[project].java.push((setting, text)),
            Err(why) => self.unresolved(span, &why),
        }
    }
}
