//! What variables hold at a place of a Dockerfile, and words with them filled in.

use super::super::arguments::Passed;
use crate::read::dockerfile::{Argument, Form, Setting, Variable, Word};
use crate::source::Traced;
use std::collections::HashMap;
use std::rc::Rc;

/// Arguments whose value is the platform the image is built on or for.
const PLATFORM: [&str; 8] = [
    "BUILDARCH",
    "BUILDOS",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETVARIANT",
];

/// How much text variables may bring into the words of one file, in bytes: values of values double with each line.
const MAX_FILLED: usize = 8 * 1024 * 1024;

/// What a copied variable costs beside its text when a stage takes over another's.
const ENTRY_COST: usize = 64;

/// The most characters of a name that a reason shows.
const LONGEST_NAME: usize = 60;

/// What is left of [`MAX_FILLED`].
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(MAX_FILLED)
    }

    fn take(&mut self, cost: usize) -> bool {
        self.0.checked_sub(cost).map(|left| self.0 = left).is_some()
    }
}

/// What is known of a variable.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// What it holds when nothing is passed to the build.
    Known(Rc<Traced>),
    /// It is certain to have no value unless one is passed to the build; why.
    Unset(Rc<str>),
    /// It has a value that the file does not tell; why.
    Unknown(Rc<str>),
}

impl Value {
    fn unset(name: &str, why: &str) -> Self {
        Self::Unset(reason(name, why))
    }

    fn unknown(name: &str, why: &str) -> Self {
        Self::Unknown(reason(name, why))
    }
}

/// A word with its variables filled in. Those that are not known stand in it as written.
pub(super) struct Filled {
    pub(super) text: Traced,
    /// Why it is not wholly known.
    pub(super) unknown: Option<Rc<str>>,
}

/// Fills a word's variables in.
pub(super) fn fill(word: &Word, budget: &mut Budget, lookup: impl Fn(&str) -> Value) -> Filled {
    let len = word.text.as_str().len();
    let mut unknown = word.templated.then(|| Rc::from("a template's action stands in it"));
    if word.variables.is_empty() {
        return Filled { text: word.raw(), unknown };
    }
    let mut parts = Vec::new();
    // Ends of the operands we are in: the closing brace there is no text.
    let mut operands: Vec<usize> = Vec::new();
    let (mut at, mut variables) = (0, word.variables.iter().peekable());
    loop {
        let next = variables.peek().map_or(len, |v| v.range.start as usize);
        if let Some(end) = operands.pop_if(|end| *end <= next) {
            parts.push(word.text.traced(at..end));
            at = end + 1;
            continue;
        }
        parts.push(word.text.traced(at..next));
        let Some(variable) = variables.next() else { break };
        let end = variable.range.end as usize;
        match decide(variable, lookup(word.name(variable)), word.name(variable)) {
            Decision::Operand => {
                operands.push(end - 1);
                at = variable.operand as usize;
                continue;
            }
            Decision::Text(value) if budget.take(value.as_str().len()) => parts.push((*value).clone()),
            Decision::Nothing => {}
            Decision::Text(_) => {
                unknown.get_or_insert_with(|| "the file's variables grow too large".into());
                parts.push(word.text.traced(next..end));
            }
            Decision::Unknown(why) => {
                unknown.get_or_insert(why);
                parts.push(word.text.traced(next..end));
            }
        }
        at = end;
        while variables.next_if(|v| (v.range.start as usize) < end).is_some() {}
    }
    Filled { text: Traced::concat(word.span, parts), unknown }
}

enum Decision {
    Text(Rc<Traced>),
    Operand,
    Nothing,
    Unknown(Rc<str>),
}

fn decide(variable: &Variable, value: Value, name: &str) -> Decision {
    let holds = |empty_too: bool| match &value {
        Value::Known(text) => Some(!(empty_too && text.as_str().is_empty())),
        Value::Unset(_) => Some(false),
        Value::Unknown(_) => None,
    };
    let decision = match variable.form {
        Form::Value => None,
        Form::Default { empty_too } => (holds(empty_too) == Some(false)).then_some(Decision::Operand),
        Form::Alternative { empty_too } => {
            holds(empty_too).map(|set| if set { Decision::Operand } else { Decision::Nothing })
        }
        Form::Other => Some(Decision::Unknown(reason(name, "stands in an expression that is not evaluated"))),
    };
    decision.unwrap_or(match value {
        Value::Known(text) => Decision::Text(text),
        Value::Unset(why) | Value::Unknown(why) => Decision::Unknown(why),
    })
}

type Values = HashMap<String, Value>;

/// Arguments that stand before the first stage: `FROM` sees them, a stage only those it declares again.
#[derive(Debug, Default)]
pub(super) struct Globals(Values);

impl Globals {
    pub(super) fn declare(&mut self, argument: &Argument, passed: &Passed, budget: &mut Budget) {
        let name = argument.name.as_str();
        let value = match &argument.default {
            _ if PLATFORM.contains(&name) => platform(name),
            _ if passed.contains_key(name) => given(passed, name),
            Some(default) => evaluate(default, budget, |name| self.get(name)),
            None => without_default(name),
        };
        self.0.insert(name.to_owned(), value);
    }

    /// What a variable of a `FROM` holds.
    pub(super) fn get(&self, name: &str) -> Value {
        match self.0.get(name) {
            Some(value) => value.clone(),
            None if PLATFORM.contains(&name) => platform(name),
            None => Value::unset(name, "is not declared before the first `FROM`"),
        }
    }
}

/// The variables of a stage, as they are at one of its instructions. A stage based on another begins with the other's.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    environment: Rc<Values>,
    arguments: Rc<Values>,
}

impl Scope {
    pub(super) fn declare(&mut self, arguments: &[Argument], globals: &Globals, passed: &Passed, budget: &mut Budget) {
        for argument in arguments {
            let name = argument.name.as_str();
            let value = match &argument.default {
                _ if PLATFORM.contains(&name) => platform(name),
                _ if passed.contains_key(name) => given(passed, name),
                Some(default) => evaluate(default, budget, |name| self.get(name)),
                None => match globals.0.get(name) {
                    Some(value) => value.clone(),
                    None if self.arguments.contains_key(name) => continue,
                    None => without_default(name),
                },
            };
            let name = name.to_owned();
            self.own(budget);
            Rc::make_mut(&mut self.arguments).insert(name, value);
        }
    }

    /// Sets what one `ENV` says; its values see the variables as they were before it.
    pub(super) fn set(&mut self, settings: &[Setting], budget: &mut Budget) {
        let values: Vec<_> = settings
            .iter()
            .map(|s| (s.name.as_str().to_owned(), evaluate(&s.value, budget, |name| self.get(name))))
            .collect();
        self.own(budget);
        Rc::make_mut(&mut self.environment).extend(values);
    }

    /// Makes sure that changing this scope copies nothing large: where that would cost too much, the variables of the
    /// base are forgotten, and thus unknown.
    fn own(&mut self, budget: &mut Budget) {
        let copied = [&self.environment, &self.arguments].into_iter().filter(|values| Rc::strong_count(values) > 1);
        let cost = copied.map(|values| values.len() * ENTRY_COST).sum();
        if !budget.take(cost) {
            *self = Self::default();
        }
    }

    /// What a variable holds while the image is built. The environment wins over an argument of the same name.
    pub(super) fn get(&self, name: &str) -> Value {
        match self.environment.get(name).or_else(|| self.arguments.get(name)) {
            Some(value) => value.clone(),
            None => nowhere(name),
        }
    }

    /// What a variable holds when the image runs: arguments are gone by then.
    pub(super) fn at_run_time(&self, name: &str) -> Value {
        self.environment.get(name).cloned().unwrap_or_else(|| nowhere(name))
    }
}

fn evaluate(word: &Word, budget: &mut Budget, lookup: impl Fn(&str) -> Value) -> Value {
    let filled = fill(word, budget, lookup);
    filled.unknown.map_or_else(|| Value::Known(filled.text.into()), Value::Unknown)
}

fn given(passed: &Passed, name: &str) -> Value {
    passed.get(name).map_or_else(|| without_default(name), |value| Value::Known(value.clone()))
}

fn platform(name: &str) -> Value {
    Value::unknown(name, "depends on the platform")
}

fn without_default(name: &str) -> Value {
    Value::unset(name, "is an argument without a default")
}

/// The base image may set it.
fn nowhere(name: &str) -> Value {
    Value::unknown(name, "is set nowhere in this file")
}

/// One reason is told many times, so it holds no more of a name than tells it.
fn reason(name: &str, why: &str) -> Rc<str> {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    format!("`{short}` {why}").into()
}
