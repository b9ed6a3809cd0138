//! `setup.py`: what its call of `setup` says in plain text. What the script works out is unresolved, not guessed.

use super::project::Project;
use super::{is_for_development, specifier_set};
use crate::compose::python::Python;
use crate::fact::{Component, Facts, How, Scope, Unresolved};
use crate::read::code::{Call, Code, Value};
use crate::source::{Source, Traced};

/// The facts of the file; nothing where it calls no `setup`.
pub(super) fn claim(source: &Source, code: &Code, world: &Python) -> Facts {
    let is_setup = |call: &&Call| {
        call.name.as_str() == "setup" && matches!(call.receiver.as_str(), "" | "setuptools" | "distutils.core")
    };
    let Some(setup) = code.calls.iter().find(is_setup) else { return Facts::default() };
    let mut project = Project::of(source);
    let named = |name: &str| setup.arguments.iter().find(|a| a.name.as_ref().is_some_and(|n| n.as_str() == name));
    let value = |name: &str| named(name).map(|argument| &argument.value);
    for (key, scope) in
        [("install_requires", Scope::Compile), ("setup_requires", Scope::Other), ("tests_require", Scope::Test)]
    {
        if let Some(list) = value(key) {
            texts(&mut project, list, scope);
        }
    }
    for (extra, list) in value("extras_require").map_or(&[][..], Value::entries) {
        let is_test = extra.text().is_some_and(|name| is_for_development(name.as_str()));
        texts(&mut project, list, if is_test { Scope::Test } else { Scope::Other });
    }
    if let Some(text) = value("python_requires").and_then(Value::text)
        && let Some(set) = specifier_set(text.as_str())
    {
        project.says(Component::Python, set, text.clone(), How::Compiler, "python_requires");
    }
    let name = value("name").and_then(Value::text);
    let span = name.map_or(setup.name.span(), Traced::span);
    let name = name.map_or_else(|| source.path.clone(), Traced::to_string);
    project.finish(name, span, world)
}

fn texts(project: &mut Project<'_>, list: &Value, scope: Scope) {
    match list {
        Value::Text(text) => project.requirement(text, scope, text.span()),
        Value::List(items) => {
            for item in items {
                match item {
                    Value::Text(text) => project.requirement(text, scope, text.span()),
                    Value::Partly(span, _) | Value::Unknown(span) => project.facts.unresolved.push(Unresolved {
                        span: *span,
                        why: "the requirement is only known when the script runs".to_owned(),
                    }),
                    _ => {}
                }
            }
        }
        Value::Partly(span, _) | Value::Unknown(span) => project
            .facts
            .unresolved
            .push(Unresolved { span: *span, why: "the requirements are only known when the script runs".to_owned() }),
        Value::Map(_) | Value::Plain(_) => {}
    }
}
