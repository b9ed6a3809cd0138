//! Dependencies and configurations.

use super::super::catalog::used_at;
use super::super::project::{Constraint, Declared, What};
use super::super::value::{Local, Notation, Text, Value, Why};
use super::{Delegate, Run};
use crate::fact::Unresolved;
use crate::read::gradle::{Argument, Block, Statement};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// Names in a block of dependencies that are no configurations.
const NO_CONFIGURATIONS: [&str; 24] = [
    "project",
    "platform",
    "enforcedPlatform",
    "testFixtures",
    "files",
    "fileTree",
    "file",
    "gradleApi",
    "localGroovy",
    "gradleTestKit",
    "kotlin",
    "components",
    "modules",
    "artifactTypes",
    "attributesSchema",
    "println",
    "print",
    "findProperty",
    "property",
    "hasProperty",
    "npm",
    "because",
    "registerTransform",
    "create",
];

impl<'a> Run<'_, 'a> {
    pub(super) fn of_dependencies(
        &mut self,
        project: usize,
        constraints: bool,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
        span: Span,
    ) -> Option<Value<'a>> {
        match name {
            "constraints" => {
                let block = block?;
                self.with(Delegate::Constraints(project), |run| run.run_block(block));
            }
            "platform" | "enforcedPlatform" => {
                let value = self.first(arguments)?;
                return Some(self.as_platform(&value, span));
            }
            // What tests share is no library.
            "testFixtures" => return Some(Value::Null),
            "add" => {
                let mut values = self.values(arguments).into_iter();
                let configuration = values.next().and_then(|value| value.known());
                let what: Vec<Value<'a>> = values.collect();
                match configuration {
                    Some(configuration) => {
                        for value in what {
                            self.declare(project, constraints, configuration.as_str(), &value, block, span);
                        }
                    }
                    None => self.lose(span, "which configuration this is for is only known when the build runs"),
                }
            }
            _ if NO_CONFIGURATIONS.contains(&name) => return None,
            // `if`-like helpers and loops have a block and nothing else.
            _ if arguments.is_empty() => return None,
            _ => {
                if let Some(notation) = self.named_notation(arguments, span) {
                    self.declare(project, constraints, name, &notation, block, span);
                }
                for argument in arguments.iter().filter(|a| a.name.is_none()) {
                    let value = self.value(&argument.value);
                    self.declare(project, constraints, name, &value, block, span);
                }
            }
        }
        Some(Value::Null)
    }

    /// `group: 'a', name: 'b', version: 'c'`.
    fn named_notation(&mut self, arguments: &'a [Argument], span: Span) -> Option<Value<'a>> {
        let group = self.argument(arguments, "group")?;
        let name = self.argument(arguments, "name")?;
        let (Some(group), Some(name)) = (group.known(), name.known()) else {
            return Some(Value::unknown("its group or name is only known when the build runs"));
        };
        let version = self.argument(arguments, "version").map(|value| value.as_text().and_then(|text| text.known()));
        let classifier = self.argument(arguments, "classifier").and_then(|value| value.as_text().ok());
        let classifier = classifier.map(|text| text.pattern());
        Some(Value::Library(Rc::new(Notation { group, name, version, classifier, platform: false, span })))
    }

    fn as_platform(&mut self, value: &Value<'a>, span: Span) -> Value<'a> {
        match self.as_dependencies(value, span).into_iter().next() {
            Some(Ok(What::Library(library))) => {
                Value::Library(Rc::new(Notation { platform: true, ..Notation::clone(&library) }))
            }
            Some(Ok(What::Local(local))) => Value::Local(Rc::new(Local { platform: true, ..Local::clone(&local) })),
            _ => Value::unknown("a platform that is only known when the build runs"),
        }
    }

    /// What a value names as a dependency; nothing for files and the like.
    fn as_dependencies(&mut self, value: &Value<'a>, span: Span) -> Vec<Result<What, Why>> {
        match value {
            Value::Text(text) if text.shown().contains(':') => {
                vec![Notation::of(text).map(|notation| What::Library(Rc::new(Notation { span, ..notation })))]
            }
            Value::Library(library) => vec![Ok(What::Library(Rc::new(used_at(library, span))))],
            Value::Local(local) => vec![Ok(What::Local(Rc::new(Local { span, ..Local::clone(local) })))],
            Value::Project(project) => {
                vec![Ok(What::Local(Rc::new(Local { project: *project, configuration: None, platform: false, span })))]
            }
            Value::Projects(path) => match self.by_accessor(path) {
                Some(project) => {
                    vec![Ok(What::Local(Rc::new(Local { project, configuration: None, platform: false, span })))]
                }
                None => vec![Err(format!("there is no project `{path}`").into())],
            },
            Value::Catalog(name, path) => self.of_catalog(name, path, span),
            Value::List(items, _) => items.iter().flat_map(|item| self.as_dependencies(item, span)).collect(),
            Value::Map(entries) => {
                let of = |name: &str| entries.iter().find(|(key, _)| **key == *name).map(|(_, value)| value);
                match (of("group").and_then(Value::known), of("name").and_then(Value::known)) {
                    (Some(group), Some(name)) => {
                        let version = of("version").map(|v| v.as_text().and_then(|text| text.known()));
                        let library = Notation { group, name, version, classifier: None, platform: false, span };
                        vec![Ok(What::Library(Rc::new(library)))]
                    }
                    _ => Vec::new(),
                }
            }
            Value::Unknown(why) => vec![Err(why.clone())],
            Value::Missing(name) => {
                vec![Err(format!("the property `{name}` is set nowhere in this repository").into())]
            }
            _ => Vec::new(),
        }
    }

    /// The project of `projects.sparkCommon.core`: its names in camel case.
    fn by_accessor(&mut self, path: &str) -> Option<usize> {
        if self.accessors.is_empty() {
            let named = |((parent, name), child): (&(usize, String), &usize)| ((*parent, camel(name)), *child);
            self.accessors = self.children.iter().map(named).collect();
        }
        let mut at = 0;
        for name in path.split(':').filter(|name| !name.is_empty()) {
            at = *self.accessors.get(&(at, name.to_owned()))?;
        }
        (at > 0).then_some(at)
    }

    fn of_catalog(&mut self, name: &str, path: &str, span: Span) -> Vec<Result<What, Why>> {
        let Some(catalog) = self.catalogs.get(name).cloned() else { return Vec::new() };
        let path = path.to_lowercase();
        if let Some(bundle) = path.strip_prefix("bundles.").and_then(|alias| catalog.bundle(alias)) {
            return self.as_dependencies(&bundle, span);
        }
        match catalog.libraries.get(&path) {
            Some(library) => vec![Ok(What::Library(Rc::new(used_at(library, span))))],
            None => vec![Err(format!("the catalog `{name}` has no library `{path}`").into())],
        }
    }

    fn declare(
        &mut self,
        project: usize,
        constraints: bool,
        configuration: &str,
        value: &Value<'a>,
        block: Option<&'a Block>,
        span: Span,
    ) {
        let details = block.map(|block| self.details(block)).unwrap_or_default();
        for what in self.as_dependencies(value, span) {
            let own = &mut self.projects[project];
            match what {
                Ok(What::Library(library)) => {
                    let version = details.version.clone().or_else(|| library.version.clone());
                    if constraints {
                        if let Some(version) = version {
                            let (group, name) = (library.group.to_string(), library.name.to_string());
                            own.constraints.push(Constraint { group, name, version });
                        }
                        continue;
                    }
                    let library = Notation { version, ..Notation::clone(&library) };
                    own.declared.push(Declared {
                        configuration: configuration.into(),
                        what: What::Library(Rc::new(library)),
                        exclusions: details.exclusions.clone(),
                        span,
                    });
                }
                Ok(local) => own.declared.push(Declared {
                    configuration: configuration.into(),
                    what: local,
                    exclusions: details.exclusions.clone(),
                    span,
                }),
                Err(why) => own.unresolved.push(Unresolved { span, why: why.to_string() }),
            }
        }
    }

    /// What stands in the block of a dependency.
    fn details(&mut self, block: &'a Block) -> Details {
        let mut details = Details::default();
        for statement in &block.statements {
            match statement {
                Statement::Expression(expression) => match expression.call() {
                    Some(("exclude", arguments, _)) => details.exclusions.extend(self.exclusion(arguments)),
                    Some(("version", _, Some(inner))) => {
                        for statement in &inner.statements {
                            if let Statement::Expression(expression) = statement
                                && let Some(("strictly" | "require" | "prefer", arguments, _)) = expression.call()
                            {
                                let value = self.first(arguments);
                                details.version =
                                    value.map(|value| value.as_text().and_then(|text: Text| text.known()));
                            }
                        }
                    }
                    _ => {}
                },
                Statement::Assign { target, value, .. } => {
                    let name = super::super::value::path(target);
                    let names = name.as_deref().and_then(<[&str]>::last).copied();
                    if matches!(names, Some("transitive" | "isTransitive"))
                        && matches!(self.value(value), Value::Bool(false))
                    {
                        details.exclusions.push("*:*".to_owned());
                    }
                }
                _ => {}
            }
        }
        details
    }

    /// `exclude group: 'a', module: 'b'`, `exclude("a", "b")`.
    pub(super) fn exclusion(&mut self, arguments: &'a [Argument]) -> Option<String> {
        if let Some(Value::Map(entries)) = self.first(arguments) {
            let of = |name: &str| entries.iter().find(|(key, _)| **key == *name).and_then(|(_, v)| v.known());
            return pattern(of("group").as_ref(), of("module").as_ref());
        }
        let values: Vec<Option<Traced>> = self.values(arguments).iter().map(Value::known).collect();
        let mut part = |name: &str, at: usize| {
            let named = self.argument(arguments, name).and_then(|value| value.known());
            named.or_else(|| values.get(at).cloned().flatten())
        };
        let (group, module) = (part("group", 0), part("module", 1));
        pattern(group.as_ref(), module.as_ref())
    }

    pub(super) fn of_configurations(
        &mut self,
        project: usize,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
    ) -> Option<Value<'a>> {
        let configuration: Rc<str> = match name {
            "all" | "configureEach" => "*".into(),
            "create" | "register" | "named" | "maybeCreate" | "getByName" | "dependencyScope" | "resolvable" => {
                self.first(arguments)?.known()?.as_str().into()
            }
            _ if block.is_some() && arguments.is_empty() => name.into(),
            // `implementation.extendsFrom shade` is read as a call of a member; others are no configurations.
            _ => return None,
        };
        if let Some(block) = block {
            self.with(Delegate::Configuration(project, configuration.clone()), |run| run.run_block(block));
        }
        Some(Value::Configuration(configuration))
    }

    pub(super) fn of_configuration(
        &mut self,
        project: usize,
        configuration: &Rc<str>,
        name: &str,
        arguments: &'a [Argument],
        block: Option<&'a Block>,
    ) -> Option<Value<'a>> {
        match (name, block) {
            ("extendsFrom", _) => {
                let values = self.values(arguments);
                self.extend(project, configuration, &values);
            }
            ("exclude", _) => {
                if let Some(pattern) = self.exclusion(arguments) {
                    self.projects[project].excludes.push((configuration.as_ref().into(), pattern));
                }
            }
            ("resolutionStrategy", Some(block)) => {
                self.with(Delegate::Configuration(project, configuration.clone()), |run| run.run_block(block));
            }
            ("force", _) => {
                for value in self.values(arguments) {
                    for what in self.as_dependencies(&value, Span::new(crate::source::FileId(0), 0..0)) {
                        if let Ok(What::Library(library)) = what {
                            self.projects[project].forced.push(library);
                        }
                    }
                }
            }
            ("eachDependency" | "dependencySubstitution" | "capabilitiesResolution", Some(block)) => {
                let groups = groups_in(block);
                self.projects[project].ruled.extend(groups);
            }
            _ => return None,
        }
        Some(Value::Null)
    }

    /// A configuration has the dependencies of others.
    pub(super) fn extend(&mut self, project: usize, configuration: &str, values: &[Value<'a>]) {
        for value in values {
            let name = match value {
                Value::Configuration(name) => Some(name.to_string()),
                Value::Text(text) => text.known().ok().map(|text| text.as_str().to_owned()),
                _ => None,
            };
            if let Some(name) = name {
                self.projects[project].extends.push((configuration.into(), name.into()));
            }
        }
    }
}

/// What the block of a dependency says.
#[derive(Default)]
struct Details {
    exclusions: Vec<String>,
    version: Option<Result<Traced, Why>>,
}

fn pattern(group: Option<&Traced>, module: Option<&Traced>) -> Option<String> {
    let part = |text: Option<&Traced>| text.map_or_else(|| "*".to_owned(), |text| text.as_str().to_owned());
    (group.is_some() || module.is_some()).then(|| format!("{}:{}", part(group), part(module)))
}

fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut upper = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            upper = true;
        } else if upper {
            camel.extend(c.to_uppercase());
            upper = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// The texts in a rule that look like groups: their versions are decided when the build runs. A rule that names none is
/// about all of them.
fn groups_in(block: &Block) -> Vec<Box<str>> {
    use crate::read::gradle::{ExpressionKind as Kind, Part};
    let group = |kind: &Kind| match kind {
        Kind::Text(parts) => match parts.as_slice() {
            [Part::Literal(text)] => {
                let text = text.as_str();
                let is_group = text.contains('.') && !text.starts_with(|c: char| c.is_ascii_digit());
                is_group.then(|| text.split(':').next().unwrap_or_default().into())
            }
            _ => None,
        },
        _ => None,
    };
    let groups: Vec<Box<str>> = block.expressions().into_iter().filter_map(|e| group(&e.kind)).collect();
    if groups.is_empty() { vec!["*".into()] } else { groups }
}
