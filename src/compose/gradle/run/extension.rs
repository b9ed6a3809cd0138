//! Blocks and methods of extensions and tasks.

use super::super::project::JavaSetting;
use super::super::value::Value;
use super::{Delegate, Run};
use crate::read::gradle::{Argument, Block};
use crate::source::{Span, Traced};
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    /// A call inside of an extension's or task's block.
    pub(super) fn of_extension(
        &mut self,
        project: usize,
        names: &[Rc<str>],
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Option<Value<'a>> {
        let inner = || -> Vec<Rc<str>> { names.iter().cloned().chain([name.into()]).collect() };
        let outer: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        match (outer.as_slice(), name) {
            (["dependencyManagement", ..], _) => self.managed(project, &outer, name, arguments, block, span),
            (["shadowJar"], "mergeServiceFiles") => self.projects[project].archives.merges_services = true,
            (["shadowJar"], "relocate") => {
                let first = self.first(arguments);
                let package = first.and_then(|value| value.known()).map_or_else(String::new, |text| text.to_string());
                self.projects[project].archives.relocated.push(package);
            }
            (["shadowJar"], "transform") => {
                let kind = arguments.iter().find_map(|a| super::call::type_name(&a.value));
                self.projects[project].archives.merges_services |=
                    kind.is_some_and(|kind| kind.contains("ServiceFile"));
            }
            (["shadowJar" | "jar" | "fatJar"], "exclude") => {
                for value in self.values(arguments) {
                    if let Some(text) = value.known().filter(|text| text.as_str().contains("META-INF/services")) {
                        self.projects[project].archives.drops_services.get_or_insert(text);
                    }
                }
            }
            (["shadowJar"], "dependencies" | "configurations") => {
                let block = block?;
                self.with(Delegate::Extension(project, inner()), |run| run.run_block(block));
            }
            (["shadowJar", "dependencies"], "exclude" | "include") => {
                for value in self.values(arguments) {
                    if let Some(text) = value.known() {
                        let archives = &mut self.projects[project].archives;
                        archives.includes |= name == "include";
                        if name == "exclude" {
                            archives.left_out.push(text.as_str().to_owned());
                        }
                    }
                }
            }
            (["shadowJar", "dependencies"], "dependency" | "project") => return self.first(arguments),
            (["tasks"], "withType" | "named" | "register" | "create" | "getByName" | "existing") => {
                return Some(self.task_method(project, arguments, block));
            }
            (["kotlin" | "java"], "jvmToolchain") if !arguments.is_empty() => {
                let value = self.first(arguments)?;
                self.java(project, JavaSetting::Toolchain, &value, span);
            }
            (_, "from") if names.first().is_some_and(|n| &**n == "jib") && block.is_none() => {}
            (["jar" | "fatJar" | "shadowJar"], "from" | "manifest" | "into" | "filesMatching") => {}
            _ => match (block, arguments) {
                // `toolchain { … }`, `from { image = … }`, `main { … }`, `shadowJar { … }` in `tasks { … }`.
                (Some(block), []) => {
                    let task = matches!(outer.as_slice(), ["tasks"]);
                    let path = if task { vec![Rc::from(name)] } else { inner() };
                    if task {
                        self.note_task(project, name, block, span);
                    }
                    drop(self.with(Delegate::Extension(project, path), |run| run.run_block(block)));
                }
                // Groovy sets properties by a call: `sourceCompatibility '17'`, `image 'x'`.
                (None, [Argument { name: None, value }]) => {
                    let value = self.value(value);
                    if !self.set(project, &[name], &value, span) {
                        return None;
                    }
                }
                _ => return None,
            },
        }
        Some(Value::Null)
    }

    /// `tasks.withType(JavaCompile) { … }`, `tasks.named("jar") { … }`, `tasks.register<Jar>("x") { … }`.
    pub(super) fn task_method(
        &mut self,
        project: usize,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
    ) -> Value<'a> {
        let kind = arguments.iter().filter(|a| a.name.is_none()).find_map(|a| super::call::type_name(&a.value));
        let name = self.values(arguments).iter().find_map(Value::known);
        let name: Rc<str> = name.as_ref().map(Traced::as_str).or(kind.as_deref()).unwrap_or_default().into();
        let kind = kind.unwrap_or_else(|| name.to_string());
        if let Some(block) = block {
            self.task_block(project, &name, &kind, block);
        }
        let known = match kind.as_str() {
            "ShadowJar" => "shadowJar".into(),
            "JavaCompile" => "compileJava".into(),
            "ScalaCompile" => "compileScala".into(),
            "KotlinCompile" | "KotlinJvmCompile" => "compileKotlin".into(),
            _ => name,
        };
        Value::Task(known)
    }

    /// `dependencyManagement { dependencies { dependency 'g:a:v' } }` of Spring's plugin.
    fn managed(
        &mut self,
        project: usize,
        outer: &[&str],
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) {
        if let (Some(block), "dependencies" | "imports") = (block, name) {
            let path: Vec<Rc<str>> = outer.iter().map(|n| Rc::from(*n)).chain([name.into()]).collect();
            self.with(Delegate::Extension(project, path), |run| run.run_block(block));
        } else if name == "dependency" && outer.contains(&"dependencies") {
            self.with(Delegate::Constraints(project), |run| {
                run.of_dependencies(project, true, "implementation", arguments, None, span)
            });
        } else if let (Some(block), "dependencySet") = (block, name) {
            self.dependency_set(project, arguments, block);
        }
    }

    /// `dependencySet(group: 'g', version: 'v') { entry 'a' }`.
    fn dependency_set(&mut self, project: usize, arguments: &'a [Argument], block: &'a Block) {
        use super::super::project::Constraint;
        use crate::read::gradle::Statement;
        let group = self.argument(arguments, "group").and_then(|value| value.known());
        let version = self.argument(arguments, "version").map(|value| value.as_text().and_then(|text| text.known()));
        let (Some(group), Some(version)) = (group, version) else { return };
        for statement in &block.statements {
            let Statement::Expression(expression) = statement else { continue };
            let Some(("entry", arguments, _)) = expression.call() else { continue };
            if let Some(name) = self.first(arguments).and_then(|value| value.known()) {
                let constraint =
                    Constraint { group: group.to_string(), name: name.to_string(), version: version.clone() };
                self.projects[project].constraints.push(constraint);
            }
        }
    }
}
