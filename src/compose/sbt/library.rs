//! `"org" %% "name" % "version" % "test"`: dependencies as they are put together.

use super::value::{Argument, Cross, Library, Value};
use crate::source::{Span, Traced};
use std::rc::Rc;

/// `%`, `%%` and `%%%`.
pub(super) fn percent(left: Value, operator: &str, right: Value, span: Span) -> Value {
    match (left, right) {
        (Value::Text(organization), Value::Text(name)) => {
            let cross = if operator == "%" { Cross::None } else { Cross::Binary };
            Value::Library(Rc::new(Library {
                organization,
                name,
                cross,
                version: None,
                configurations: None,
                exclusions: Vec::new(),
                classifier: None,
                span,
            }))
        }
        (Value::Library(library), right) => {
            let mut library = Library::clone(&library);
            library.span = span;
            if library.version.is_none() {
                library.version = Some(match right {
                    Value::Text(version) => Ok(version),
                    other => Err(other.why()),
                });
            } else {
                library.configurations = Some(configurations(&right));
            }
            Value::Library(Rc::new(library))
        }
        (project @ Value::Project(_), configurations) => Value::Linked(Rc::new((project, configurations))),
        (Value::Key(key), _) if key.within.is_empty() => Value::unknown(Value::Key(key).why()),
        (Value::Number(_), _) => Value::unknown("a number that is not computed"),
        (left, right) => {
            let unknown = if matches!(left, Value::Text(_)) { right } else { left };
            Value::unknown(unknown.why())
        }
    }
}

/// The names of configurations: a text, or sbt's own values.
pub(super) fn configurations(value: &Value) -> Rc<str> {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Key(key) => match key.name.rsplit('.').next().unwrap_or(&key.name) {
            "IntegrationTest" => "it".into(),
            name @ ("Test" | "Provided" | "Compile" | "Runtime" | "Optional") => name.to_ascii_lowercase().into(),
            name => name.into(),
        },
        _ => "?".into(),
    }
}

/// Methods of a library.
pub(super) fn method(library: &Library, name: &str, args: &[Argument], span: Span) -> Value {
    let first = args.first().map(|arg| &arg.value);
    let mut changed = library.clone();
    changed.span = span;
    match name {
        "exclude" => {
            let text = |at: usize| args.get(at).and_then(|arg| arg.value.as_text());
            if let (Some(organization), Some(name)) = (text(0), text(1)) {
                changed.exclusions.push(format!("{organization}:{name}").into());
            }
        }
        "excludeAll" | "withExclusions" => {
            let rules = args.iter().flat_map(|arg| arg.value.elements());
            changed.exclusions.extend(rules.filter_map(|rule| match rule {
                Value::Exclusion(rule) => Some(rule),
                _ => None,
            }));
        }
        "intransitive" | "notTransitive" => changed.exclusions.push("*:*".into()),
        "classifier" => changed.classifier = first.map(|v| v.as_text().unwrap_or("?").into()),
        "cross" | "withCrossVersion" => changed.cross = first.map_or(Cross::Unknown, |value| cross(value, span)),
        "withDottyCompat" => changed.cross = Cross::For3Use213(span),
        "withConfigurations" => {
            let value = match first {
                Some(Value::Some(inner)) => Value::clone(inner),
                Some(other) => other.clone(),
                None => Value::Unit,
            };
            changed.configurations = Some(configurations(&value));
        }
        "withRevision" => {
            changed.version = first.map(|value| match value {
                Value::Text(version) => Ok(version.clone()),
                other => Err(other.why()),
            });
        }
        "organization" => return Value::Text(library.organization.clone()),
        "name" => return Value::Text(library.name.clone()),
        "revision" => {
            return match &library.version {
                Some(Ok(version)) => Value::Text(version.clone()),
                Some(Err(why)) => Value::unknown(why.clone()),
                None => Value::unknown("a library without a version"),
            };
        }
        // Only a span that reaches over the whole of what is written helps to find it.
        _ => {}
    }
    Value::Library(Rc::new(changed))
}

fn cross(value: &Value, span: Span) -> Cross {
    let Value::Key(key) = value else { return Cross::Unknown };
    match key.name.rsplit('.').next().unwrap_or(&key.name) {
        "binary" | "Binary" => Cross::Binary,
        "full" | "Full" | "patch" => Cross::Full,
        "disabled" | "Disabled" => Cross::None,
        "for3Use2_13" => Cross::For3Use213(span),
        "for2_13Use3" => Cross::For213Use3(span),
        _ => Cross::Unknown,
    }
}

/// `ExclusionRule("org", "name")`: what is left out, with `*`.
pub(super) fn exclusion(args: &[Argument]) -> Value {
    let find = |name: &str, at: usize| {
        let named = args.iter().find(|arg| arg.name.as_deref() == Some(name));
        named.or_else(|| args.get(at).filter(|arg| arg.name.is_none())).map(|arg| &arg.value)
    };
    let text = |value: Option<&Value>| match value {
        Some(Value::Text(text)) => Some(text.as_str().to_owned()),
        None => Some("*".to_owned()),
        Some(_) => None,
    };
    match (text(find("organization", 0)), text(find("name", 1))) {
        (Some(organization), Some(name)) => Value::Exclusion(format!("{organization}:{name}").into()),
        _ => Value::unknown("an exclusion that is not known"),
    }
}

/// The suffix that `%%` adds for a Scala version: `2.12`, `3`, all of a pre-release.
pub(super) fn binary(version: &Traced) -> Option<Traced> {
    let text = version.as_str();
    let mut numbers = text.split('.');
    let major = numbers.next().filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty())?;
    let minor = numbers.next().filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty());
    match (major, minor) {
        ("2", Some(minor)) => Some(version.slice(0..major.len() + 1 + minor.len())),
        ("2", None) => None,
        (_, _) if text.contains('-') && text.starts_with("3.0.0") => Some(version.clone()),
        _ => Some(version.slice(0..major.len())),
    }
}

/// The suffix of a library's name in a build of some Scala; an error where it cannot be known.
pub(super) fn suffix(cross: &Cross, scala: &Value, binary_version: &Value) -> Result<Option<Traced>, Rc<str>> {
    let (Value::Text(full), Value::Text(binary)) = (scala, binary_version) else {
        return match cross {
            Cross::None => Ok(None),
            _ => Err(format!("the Scala version is not known: {}", scala.why()).into()),
        };
    };
    let own = || Traced::clone(binary);
    let is_3 = binary.as_str() == "3" || binary.as_str().starts_with("3.");
    Ok(match cross {
        Cross::None => None,
        Cross::Full => Some(Traced::clone(full)),
        Cross::For3Use213(span) if is_3 => Some(Traced::literal("2.13", *span)),
        Cross::For213Use3(span) if binary.as_str() == "2.13" => Some(Traced::literal("3", *span)),
        Cross::Binary | Cross::For3Use213(_) | Cross::For213Use3(_) => Some(own()),
        Cross::Unknown => return Err("how its name gets a Scala suffix is not known".into()),
    })
}
