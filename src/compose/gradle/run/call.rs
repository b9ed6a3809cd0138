//! Calls by a plain name: the blocks of build and settings scripts.

use super::super::project::Jib;
use super::super::value::{Text, Value};
use super::{Delegate, Run};
use crate::read::gradle::{Argument, Block, Expression, ExpressionKind as Kind};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// Blocks in which nothing concerns us.
const NOTHING: [&str; 12] = [
    "repositories",
    "publishing",
    "signing",
    "pluginManagement",
    "spotless",
    "checkstyle",
    "sonarqube",
    "nexusPublishing",
    "idea",
    "eclipse",
    "buildCache",
    "javadoc",
];

/// Extensions and tasks whose settings we look at.
const EXTENSIONS: [&str; 20] = [
    "java",
    "scala",
    "kotlin",
    "base",
    "jar",
    "shadowJar",
    "bootJar",
    "compileJava",
    "compileScala",
    "compileKotlin",
    "tasks",
    "sourceSets",
    "jib",
    "dependencyManagement",
    "toolchain",
    "fatJar",
    "war",
    "kotlinOptions",
    "compilerOptions",
    "options",
];

/// Calls that run their block where they stand.
const RUNS: [&str; 8] = ["run", "with", "apply", "also", "let", "afterEvaluate", "beforeEvaluate", "configure"];

impl<'a> Run<'_, 'a> {
    pub(super) fn call(
        &mut self,
        callee: &'a Expression,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        match &callee.kind {
            Kind::Name(name) => self.named(name, arguments, block, span),
            Kind::Text(_) => {
                if let Some(name) = self.value(callee).known() {
                    return self.named(name.as_str(), arguments, block, span);
                }
                self.lose(span, "which configuration this is for is only known when the build runs");
                Value::unknown("it is not known what is called")
            }
            Kind::Member(of, name) => {
                // `"a" version "b"`, `x.y = z` and the like are members of what stands before.
                let of_value = self.value(of);
                self.method(&of_value, of, name, arguments, block, span)
            }
            _ => {
                let function = self.value(callee);
                let values = self.values(arguments);
                self.invoke(&function, &values)
            }
        }
    }

    pub(super) fn values(&mut self, arguments: &'a [Argument]) -> Vec<Value<'a>> {
        arguments.iter().filter(|a| a.name.is_none()).map(|argument| self.value(&argument.value)).collect()
    }

    pub(super) fn first(&mut self, arguments: &'a [Argument]) -> Option<Value<'a>> {
        arguments.iter().find(|a| a.name.is_none()).map(|argument| self.value(&argument.value))
    }

    pub(super) fn argument(&mut self, arguments: &'a [Argument], name: &str) -> Option<Value<'a>> {
        arguments.iter().find(|a| a.name.as_deref() == Some(name)).map(|argument| self.value(&argument.value))
    }

    fn named(&mut self, name: &str, arguments: &'a [Argument], block: Option<&'a Block>, span: Span) -> Value<'a> {
        if let Some(function) = self.local(name).cloned()
            && matches!(function, Value::Function(..) | Value::Block(_))
        {
            let mut values = self.values(arguments);
            values.extend(block.map(Value::Block));
            return self.invoke(&function, &values);
        }
        let delegate = self.delegate().clone();
        if let Some(value) = self.of_delegate(&delegate, name, arguments, block, span) {
            return value;
        }
        self.general(name, arguments, block, span)
    }

    /// What a name means inside of a block of ours; None where it means what it means everywhere.
    fn of_delegate(
        &mut self,
        delegate: &Delegate,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Option<Value<'a>> {
        match delegate {
            Delegate::Settings => self.of_settings(name, arguments, block, span),
            Delegate::Catalogs(catalog) => Some(match (catalog, block) {
                (None, Some(block)) => {
                    let named = self.first(arguments).and_then(|value| value.known());
                    let catalog: Rc<str> = match (&named, name) {
                        (Some(text), "create" | "register" | "maybeCreate" | "named") => text.as_str().into(),
                        _ => name.into(),
                    };
                    self.catalogs.entry(catalog.clone()).or_default();
                    self.with(Delegate::Catalogs(Some(catalog)), |run| run.run_block(block)).value()
                }
                (Some(catalog), _) => match name {
                    "files" | "file" => return None,
                    _ => self.catalog_call(catalog, name, arguments),
                },
                _ => return None,
            }),
            Delegate::Buildscript(project) if matches!(name, "dependencies" | "repositories" | "configurations") => {
                let _ = project;
                Some(Value::Null)
            }
            Delegate::Extra(project) if name == "set" => {
                let values = self.values(arguments);
                if let [key, value] = values.as_slice()
                    && let Some(key) = key.known()
                {
                    self.projects[*project].extra.insert(key.as_str().into(), value.clone());
                }
                Some(Value::Null)
            }
            Delegate::Dependencies(project) | Delegate::Constraints(project) => {
                let constraints = matches!(delegate, Delegate::Constraints(_));
                self.of_dependencies(*project, constraints, name, arguments, block, span)
            }
            Delegate::Configurations(project) => self.of_configurations(*project, name, arguments, block),
            Delegate::Configuration(project, configuration) => {
                self.of_configuration(*project, &configuration.clone(), name, arguments, block)
            }
            Delegate::Plugins(_) => self.of_plugins(name, arguments, span),
            Delegate::Extension(project, names) => {
                let (project, names) = (*project, names.clone());
                self.of_extension(project, &names, name, arguments, block, span)
            }
            Delegate::Nothing => Some(Value::unknown("it does not concern us")),
            Delegate::Project(_) | Delegate::Buildscript(_) | Delegate::Extra(_) => None,
        }
    }

    fn of_settings(
        &mut self,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Option<Value<'a>> {
        match (name, block) {
            ("include" | "includeFlat", _) => self.include(arguments, span),
            ("dependencyResolutionManagement", Some(block)) => {
                self.with(Delegate::Settings, |run| run.run_block(block));
            }
            ("versionCatalogs", Some(block)) => {
                self.with(Delegate::Catalogs(None), |run| run.run_block(block));
            }
            ("includeBuild" | "plugins" | "buildscript", _) => {}
            _ => return None,
        }
        Some(Value::Null)
    }

    /// A call of a name as it stands in the script of the project spoken about.
    pub(super) fn plain_call(
        &mut self,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        self.general(name, arguments, block, span)
    }

    fn general(&mut self, name: &str, arguments: &'a [Argument], block: Option<&'a Block>, span: Span) -> Value<'a> {
        let project = self.project();
        match (name, block) {
            _ if NOTHING.contains(&name) => {}
            ("plugins", Some(block)) => {
                let before = self.projects[project].plugins.len();
                self.with(Delegate::Plugins(project), |run| run.run_block(block));
                self.apply_scripts(project, before);
            }
            ("apply", _) => self.apply(project, arguments, block),
            ("buildscript", Some(block)) => drop(self.with(Delegate::Buildscript(project), |run| run.run_block(block))),
            ("ext" | "extra", Some(block)) => drop(self.with(Delegate::Extra(project), |run| run.run_block(block))),
            ("dependencies", Some(block)) => {
                drop(self.with(Delegate::Dependencies(project), |run| run.run_block(block)));
            }
            ("configurations", Some(block)) => {
                drop(self.with(Delegate::Configurations(project), |run| run.run_block(block)));
            }
            ("allprojects" | "subprojects", Some(block)) => {
                for number in self.value_of_list(name) {
                    self.in_project(number, block);
                }
            }
            ("project", _) => return self.project_call(project, arguments, block, span),
            ("configure", Some(block)) => {
                if let Some(value) = self.first(arguments) {
                    self.configure(&value, block);
                }
            }
            ("afterEvaluate" | "projectsEvaluated" | "beforeEvaluate", Some(block)) => {
                self.projects[project].later.push(block);
            }
            ("jib", Some(block)) => {
                self.projects[project].jib.get_or_insert_with(Jib::default).span.get_or_insert(span);
                let names = vec![Rc::from("jib")];
                drop(self.with(Delegate::Extension(project, names), |run| run.run_block(block)));
            }
            ("dependencyManagement", Some(block)) => {
                let names = vec![Rc::from("dependencyManagement")];
                drop(self.with(Delegate::Extension(project, names), |run| run.run_block(block)));
            }
            ("task", Some(block)) => self.task_call(project, arguments, block),
            (_, Some(block)) if EXTENSIONS.contains(&name) => {
                self.note_task(project, name, block, span);
                drop(self.with(Delegate::Extension(project, vec![name.into()]), |run| run.run_block(block)));
            }
            (_, Some(block)) if RUNS.contains(&name) => return self.run_block(block).value(),
            _ => return self.function(name, arguments, span),
        }
        Value::Null
    }

    /// Functions that Gradle and the languages give.
    fn function(&mut self, name: &str, arguments: &'a [Argument], span: Span) -> Value<'a> {
        let project = self.project();
        let values = self.values(arguments);
        let text = values.first().and_then(Value::known);
        match (name, text) {
            ("findProperty" | "property" | "getProperty" | "gradleProperty", Some(name)) => {
                self.asked(project, name.as_str())
            }
            ("hasProperty", Some(name)) => match self.asked(project, name.as_str()) {
                Value::Missing(_) | Value::Unknown(_) => Value::Bool(false),
                _ => Value::Bool(true),
            },
            ("file" | "files" | "uri" | "File", Some(path)) => match values.get(1).and_then(Value::known) {
                // `new File(settingsDir, 'a')`.
                Some(below) => {
                    let slash = Traced::literal("/", Span { end: span.start, ..span });
                    Value::text(Traced::concat(span, [path, slash, below]))
                }
                None => Value::text(path),
            },
            ("fileTree" | "files" | "gradleApi" | "localGroovy" | "gradleTestKit" | "zipTree" | "kotlin", _) => {
                Value::Null
            }
            ("listOf" | "arrayOf" | "mutableListOf" | "setOf" | "arrayListOf", _) => Value::list(values),
            ("mapOf" | "mutableMapOf" | "linkedMapOf" | "hashMapOf", _) => {
                let entry = |value: &Value<'a>| match value.items() {
                    Some([key, value]) => Some((key.known()?.as_str().into(), value.clone())),
                    _ => None,
                };
                Value::Map(Rc::new(values.iter().filter_map(entry).collect()))
            }
            ("lazy" | "String" | "requireNotNull" | "checkNotNull", _) => {
                values.into_iter().next().unwrap_or(Value::Null)
            }
            ("group" | "setGroup", Some(text)) => {
                self.own().group = Some(Text::of(text));
                Value::Null
            }
            ("version" | "setVersion", Some(text)) => {
                self.own().version = Some(Text::of(text));
                Value::Null
            }
            ("sourceCompatibility" | "targetCompatibility" | "archivesBaseName", _) => {
                if let Some(value) = values.first() {
                    self.set(project, &[name], value, span);
                }
                Value::Null
            }
            _ => Value::unknown(format!("what `{name}` gives is only known when the build runs")),
        }
    }

    fn value_of_list(&mut self, name: &str) -> Vec<usize> {
        let project = self.project();
        let list = self.property_of(project, name);
        let number = |value: &Value<'a>| if let Value::Project(number) = value { Some(*number) } else { None };
        list.items().into_iter().flatten().filter_map(number).collect()
    }

    /// Runs a block for a project, as if it stood in its script.
    pub(super) fn in_project(&mut self, project: usize, block: &'a Block) {
        if self.projects[project].file.is_none() {
            self.projects[project].file = Some(block.span.file);
        }
        self.with(Delegate::Project(project), |run| run.run_block_with(block, &[Value::Project(project)]));
    }

    pub(super) fn configure(&mut self, value: &Value<'a>, block: &'a Block) {
        match value {
            Value::Project(project) => self.in_project(*project, block),
            Value::List(items, _) => {
                for item in items.iter() {
                    if let Value::Project(project) = item {
                        self.in_project(*project, block);
                    }
                }
            }
            Value::Task(name) => {
                let project = self.project();
                self.note_task(project, name, block, block.span);
                self.with(Delegate::Extension(project, vec![name.clone()]), |run| run.run_block(block));
            }
            Value::Given(name) => {
                let project = self.project();
                self.with(Delegate::Extension(project, vec![(*name).into()]), |run| run.run_block(block));
            }
            Value::Unknown(_) => self.lose(block.span, "what this block configures is only known when the build runs"),
            _ => {}
        }
    }

    /// `project(':a')`, `project(path: ':a', configuration: 'b')`, `project(':a') { … }`.
    fn project_call(
        &mut self,
        from: usize,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Value<'a> {
        let path = match self.argument(arguments, "path") {
            Some(path) => Some(path),
            None => self.first(arguments),
        };
        let Some(path) = path.and_then(|path| path.known()) else {
            return Value::unknown("which project is meant is only known when the build runs");
        };
        let Some(found) = self.find(from, path.as_str()) else {
            return Value::unknown(format!("there is no project `{path}`"));
        };
        if let Delegate::Dependencies(_) | Delegate::Constraints(_) = self.delegate() {
            let named = match self.argument(arguments, "configuration") {
                Some(configuration) => Some(configuration),
                None => self.values(arguments).into_iter().nth(1),
            };
            let configuration = named.and_then(|value| value.known()).map(|text| text.as_str().to_owned());
            let local = super::super::value::Local { project: found, configuration, platform: false, span };
            return Value::Local(Rc::new(local));
        }
        if let Some(block) = block {
            self.in_project(found, block);
        }
        Value::Project(found)
    }
}

/// A plain name as an argument: a type.
pub(super) fn argument_name(arguments: &[Argument], name: &str) -> Option<String> {
    let argument = arguments.iter().find(|a| a.name.as_deref() == Some(name))?;
    type_name(&argument.value)
}

/// `JavaCompile`, `JavaCompile::class`, `org.gradle.api.JavaCompile.class`.
pub(super) fn type_name(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Member(of, name) if &**name == "class" || &**name == "java" => type_name(of),
        Kind::Name(name) | Kind::Member(_, name) => Some(name.to_string()),
        _ => None,
    }
}
