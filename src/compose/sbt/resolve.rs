//! What a key is worth in a project: `:=` sets, `+=` and `++=` add to what was there or to what the scope around it says
//! (<https://www.scala-sbt.org/1.x/docs/Scope-Delegation.html>).

use super::library;
use super::machine::Machine;
use super::scopes::{Asked, Place};
use super::value::{Assigned, Key, Operator, Setting, Unknown, Value, Whose};
use crate::source::{FileId, Span, Traced};
use std::rc::Rc;

impl Machine<'_> {
    /// What a key is worth to a project, by its name.
    pub(super) fn in_project(&mut self, project: usize, name: &str, within: &[&str]) -> Value {
        let key = Key { name: name.into(), whose: Whose::Here, within: within.iter().map(|w| Rc::from(*w)).collect() };
        let before = self.scopes.current.replace(project);
        let value = self.resolve(&key);
        self.scopes.current = before;
        value
    }

    /// The same, where some setting says it.
    pub(super) fn set_in_project(&mut self, project: usize, name: &str, within: &[&str]) -> Option<Value> {
        let key = Key { name: name.into(), whose: Whose::Here, within: within.iter().map(|w| Rc::from(*w)).collect() };
        let before = self.scopes.current.replace(project);
        let value = self.resolve_set(&key);
        self.scopes.current = before;
        value
    }

    /// What a key is worth where it is asked: what settings say, else what sbt takes.
    pub(super) fn resolve(&mut self, key: &Key) -> Value {
        let Some(place) = self.place(key) else { return Value::unknown("a project that is not known") };
        self.resolve_set(key).unwrap_or_else(|| self.without_setting(&key.name, place))
    }

    /// What settings say of a key where it is asked.
    pub(super) fn resolve_set(&mut self, key: &Key) -> Option<Value> {
        let place = self.place(key)?;
        if &*key.name == "scalaVersion"
            && let Some(forced) = self.forced(place)
        {
            return Some(Value::Text(forced));
        }
        self.delegated(place, &key.name, &key.within)
    }

    fn place(&self, key: &Key) -> Option<Place> {
        Some(match &key.whose {
            Whose::Here => self.scopes.current.map_or(Place::Build, Place::Project),
            Whose::Build => Place::Build,
            Whose::Everyone => Place::Everyone,
            Whose::Project(id) => Place::Project(self.scopes.number(id)?),
        })
    }

    /// The version that `++` gives: only a project that is crossed with it takes it.
    fn forced(&mut self, place: Place) -> Option<Rc<Traced>> {
        let forced = self.scopes.forced.clone()?;
        let Place::Project(project) = place else { return Some(forced) };
        // The list of versions does not depend on the version.
        if std::mem::replace(&mut self.scopes.asks_versions, true) {
            return None;
        }
        let versions = self.in_project(project, "crossScalaVersions", &[]);
        self.scopes.asks_versions = false;
        versions.elements().into_iter().find_map(|version| match version {
            Value::Text(text) if text.as_str() == forced.as_str() => Some(text),
            _ => None,
        })
    }

    /// A key's value in a scope or those around it: first fewer tasks and configurations, then the build, then everyone.
    fn delegated(&mut self, place: Place, name: &Rc<str>, within: &[Rc<str>]) -> Option<Value> {
        let known = (place, name.clone(), within.to_vec());
        if let Some(value) = self.scopes.known.get(&known) {
            return Some(value.clone());
        }
        let places: &[Place] = match place {
            Place::Project(_) => &[place, Place::Build, Place::Everyone],
            Place::Build => &[Place::Build, Place::Everyone],
            Place::Everyone => &[Place::Everyone],
        };
        let mut candidates =
            places.iter().flat_map(|place| delegates(within).into_iter().map(|within| (*place, within)));
        let found = candidates.find_map(|(at, within)| self.folded(at, name, &within));
        if self.scopes.busy.is_empty()
            && !self.scopes.asks_versions
            && let Some(value) = &found
        {
            self.scopes.known.insert(known, value.clone());
        }
        found
    }

    /// What the settings of one scope make of a key.
    fn folded(&mut self, place: Place, name: &Rc<str>, within: &[Rc<str>]) -> Option<Value> {
        let mut settings = self.scopes.settings(place, name, within);
        let own = |entry: &&(Asked, usize)| entry.0.0 == place && entry.0.1 == *name && entry.0.2 == within;
        if let Some((_, index)) = self.scopes.busy.iter().filter(own).min_by_key(|entry| entry.1) {
            settings.truncate(*index);
        }
        if settings.is_empty() {
            return None;
        }
        let set = settings.iter().rposition(|setting| setting.operator == Operator::Set);
        let mut value = match set {
            Some(_) => Value::Unit,
            None => self.around(place, name, within).unwrap_or_else(|| self.without_setting(name, place)),
        };
        for (index, setting) in settings.iter().enumerate().skip(set.unwrap_or(0)) {
            self.scopes.busy.push(((place, name.clone(), within.to_vec()), index));
            let operand = self.assigned(setting, place);
            self.scopes.busy.pop();
            value = self.combined(value, setting, operand);
        }
        Some(value)
    }

    /// What the scopes around one say.
    fn around(&mut self, place: Place, name: &Rc<str>, within: &[Rc<str>]) -> Option<Value> {
        for fewer in delegates(within).into_iter().skip(1) {
            if let Some(value) = self.folded(place, name, &fewer) {
                return Some(value);
            }
        }
        match place {
            Place::Project(_) => self.delegated(Place::Build, name, within),
            Place::Build => self.delegated(Place::Everyone, name, within),
            Place::Everyone => None,
        }
    }

    fn assigned(&mut self, setting: &Setting, place: Place) -> Value {
        let before = self.scopes.current;
        self.scopes.current = match place {
            Place::Project(number) => Some(number),
            Place::Build | Place::Everyone => None,
        };
        let value = match &setting.value {
            Assigned::Value(value) => value.clone(),
            Assigned::Thunk(thunk) => {
                let value = self.value(*thunk);
                match value {
                    Value::Unknown(unknown) if unknown.span.is_none() => {
                        let span = self.span(*thunk);
                        Value::Unknown(Rc::new(Unknown { why: unknown.why.clone(), span }))
                    }
                    other => other,
                }
            }
        };
        self.scopes.current = before;
        value
    }

    fn combined(&mut self, before: Value, setting: &Setting, operand: Value) -> Value {
        let removes = |value: &Value, gone: &[Value]| gone.iter().any(|other| is_same(value, other));
        match (setting.operator, before) {
            (Operator::Set, _) => operand,
            (Operator::Add, Value::Text(text)) => self.method(Value::Text(text), "+", argument(operand), setting.span),
            (Operator::Add, list) => {
                let values = list.elements().into_iter().chain([operand]);
                Value::list(values.collect())
            }
            (Operator::AddAll, list) => {
                let values = list.elements().into_iter().chain(operand.elements());
                Value::list(values.collect())
            }
            (Operator::Remove, list) => {
                let left = list.elements().into_iter().filter(|value| !removes(value, std::slice::from_ref(&operand)));
                Value::list(left.collect())
            }
            (Operator::RemoveAll, list) => {
                let gone = operand.elements();
                let left = list.elements().into_iter().filter(|value| !removes(value, &gone));
                Value::list(left.collect())
            }
            (Operator::Change, before) => self.call_with(&operand, before, setting.span),
        }
    }

    /// What sbt takes for a key that nothing sets.
    fn without_setting(&mut self, name: &str, place: Place) -> Value {
        let project = match place {
            Place::Project(number) => self.scopes.projects.get(number).map(|m| (number, m.id.clone(), m.base.clone())),
            Place::Build | Place::Everyone => None,
        };
        let Some((number, id, base)) = project else {
            return match name {
                "baseDirectory" => Value::Path(Some("".into())),
                "scalaBinaryVersion" => self.binary_version(Place::Build),
                _ if is_list(name) => Value::list(Vec::new()),
                _ => unset(name),
            };
        };
        match name {
            "scalaBinaryVersion" => self.binary_version(place),
            "crossScalaVersions" => match self.in_project(number, "scalaVersion", &[]) {
                Value::Text(version) => Value::list(vec![Value::Text(version)]),
                _ => Value::list(Vec::new()),
            },
            "name" => {
                Value::text(Traced::literal(&*id, self.scopes.projects.get(number).map_or(nowhere(), |m| m.span)))
            }
            "moduleName" | "normalizedName" => match self.in_project(number, "name", &[]) {
                Value::Text(name) => Value::text(normalised(&name)),
                other => other,
            },
            "baseDirectory" => Value::Path(base),
            "thisProject" => Value::Unit,
            _ if is_list(name) => Value::list(Vec::new()),
            _ => unset(name),
        }
    }

    fn binary_version(&mut self, place: Place) -> Value {
        let version = match place {
            Place::Project(number) => self.in_project(number, "scalaVersion", &[]),
            _ => self.delegated(place, &"scalaVersion".into(), &[]).unwrap_or_else(|| unset("scalaVersion")),
        };
        match version {
            Value::Text(text) => library::binary(&text).map_or_else(|| unset("scalaBinaryVersion"), Value::text),
            other => other,
        }
    }
}

fn argument(value: Value) -> Vec<super::value::Argument> {
    vec![super::value::Argument { name: None, value }]
}

fn nowhere() -> Span {
    Span { file: FileId(0), start: 0, end: 0 }
}

fn is_list(name: &str) -> bool {
    name.ends_with("ependencies")
        || name.ends_with("ptions")
        || name.ends_with("Overrides")
        || name == "sparkComponents"
}

fn unset(name: &str) -> Value {
    Value::unknown(format!("no setting of `{name}` was found"))
}

/// A scope and those with fewer tasks and configurations, the nearest first.
fn delegates(within: &[Rc<str>]) -> Vec<Vec<Rc<str>>> {
    let mut all: Vec<Vec<Rc<str>>> =
        (0..=within.len()).rev().map(|n| within.iter().take(n).cloned().collect()).collect();
    if within.len() > 1 {
        let inner: Vec<Rc<str>> = within.iter().skip(1).cloned().collect();
        all.insert(all.len() - 1, inner);
    }
    all
}

/// `My Project` is `my-project` in the name of its files.
fn normalised(name: &Traced) -> Traced {
    let value: String = name
        .as_str()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c } else { '-' })
        .collect();
    if value == name.as_str() {
        name.clone()
    } else {
        Traced::concat(name.written(), [Traced::literal(value, name.span())])
    }
}

fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Library(a), Value::Library(b)) => {
            a.organization.as_str() == b.organization.as_str() && a.name.as_str() == b.name.as_str()
        }
        _ => a.equals(b) == Some(true),
    }
}
