//! What expressions of a build definition can be worth.

use crate::read::sbt::ExprId;
use crate::source::{Span, Traced};
use std::rc::Rc;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Not known, and why.
    Unknown(Rc<Unknown>),
    Unit,
    /// Something that only the outside could have set: a system property or an environment variable.
    Absent(Rc<Outside>),
    Null,
    Text(Rc<Traced>),
    Number(i64),
    Bool(bool),
    List(Rc<Vec<Value>>),
    Tuple(Rc<Vec<Value>>),
    Some(Rc<Value>),
    Nothing,
    /// A file or folder below the build's root; `None` where it is not known which.
    Path(Option<Rc<str>>),
    /// A name that is defined nowhere in the build: a key, a configuration, a plugin, a part of a library, by its path.
    Key(Rc<Key>),
    Setting(Rc<Setting>),
    Library(Rc<Library>),
    Project(Rc<Project>),
    /// An object, or an instance of a class: its members.
    Object(Rc<Object>),
    /// A class: calling it makes an instance.
    Class(Thunk),
    Function(Rc<Function>),
    /// What a setting's expression stands for until it is asked in some project: `Def.setting { … }`.
    Deferred(Thunk),
    /// A project and the configurations it is depended on in: `core % "test->test"`.
    Linked(Rc<(Value, Value)>),
    /// `ExclusionRule("a", "b")`.
    Exclusion(Rc<str>),
    /// A regular expression; it fits a whole text.
    Pattern(Rc<regex::Regex>),
    /// Commands of a Dockerfile that a setting holds.
    Recipe(Rc<Vec<Command>>),
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) why: Rc<str>,
    /// What is not known, where that is more than the whole.
    pub(super) span: Option<Span>,
}

/// What the outside of a build can set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Outside {
    /// Its name.
    pub name: String,
    /// An environment variable, no system property.
    pub variable: bool,
}

/// A key: a name, and what it is asked for in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) name: Rc<str>,
    /// Whose: a project's, the build's, everyone's.
    pub(super) whose: Whose,
    /// Configurations and tasks, outermost first: `Test`, `assembly`.
    pub(super) within: Vec<Rc<str>>,
}

/// The first axis of a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Here,
    Project(Rc<str>),
    Build,
    Everyone,
}

/// A frame of names, as a position among a build's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Env(pub(super) u32);

/// An expression and the names it can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Thunk {
    /// The file, as a position among the build's.
    pub(super) file: usize,
    pub(super) expr: ExprId,
    pub(super) env: Env,
}

/// `key := …`.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) key: Key,
    pub(super) operator: Operator,
    pub(super) value: Assigned,
    pub(super) span: Span,
}

/// The right side of a setting.
#[derive(Debug)]
pub(super) enum Assigned {
    Thunk(Thunk),
    /// A value that is known already: what a function was called with.
    Value(Value),
}

/// How a setting changes what was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Set,
    Add,
    AddAll,
    Remove,
    RemoveAll,
    Change,
}

/// A dependency: `"org" %% "name" % "version" % "test"`.
#[derive(Debug, Clone)]
pub(super) struct Library {
    pub(super) organization: Rc<Traced>,
    pub(super) name: Rc<Traced>,
    pub(super) cross: Cross,
    /// None as long as none was given.
    pub(super) version: Option<Result<Rc<Traced>, Rc<str>>>,
    /// `compile`, `test->test`; unknown ones are `?`.
    pub(super) configurations: Option<Rc<str>>,
    pub(super) exclusions: Vec<Rc<str>>,
    pub(super) classifier: Option<Rc<str>>,
    pub(super) span: Span,
}

/// How a library's name gets its Scala suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cross {
    None,
    Binary,
    Full,
    /// Scala 3 takes the artefact of 2.13, and the other way round; the bytes that say so.
    For3Use213(Span),
    For213Use3(Span),
    Unknown,
}

/// A project of the build.
#[derive(Debug, Clone)]
pub(super) struct Project {
    pub(super) id: Rc<str>,
    /// Its folder below the build's root, where it is known.
    pub(super) base: Option<Rc<str>>,
    pub(super) settings: Vec<Rc<Setting>>,
    /// Projects it depends on: the reference, the configurations, the place.
    pub(super) depends: Vec<(Rc<str>, Option<Rc<str>>, Span)>,
    pub(super) aggregates: Vec<(Rc<str>, Span)>,
    pub(super) plugins: Vec<Rc<str>>,
    /// Its rows, where it is a matrix: a Scala version and the settings of the row.
    pub(super) rows: Vec<Row>,
    pub(super) is_matrix: bool,
    /// Compiled for JavaScript or native code: nothing that runs on Spark.
    pub(super) foreign: bool,
    pub(super) span: Span,
}

/// A row of a project matrix.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) scala: Option<Rc<Traced>>,
    pub(super) settings: Vec<Rc<Setting>>,
}

/// Members by name, in a frame of their own.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: Rc<str>,
    pub(super) members: Env,
    /// Names of what it extends.
    pub(super) parents: Vec<Box<str>>,
}

/// Something that can be called.
#[derive(Debug, Clone)]
pub(super) enum Function {
    /// A `def`, with the arguments of the lists that were given already.
    Def { thunk: Thunk, given: Vec<Vec<Argument>> },
    /// `x => …` and `{ case … }`.
    Literal(Thunk),
    /// A method of a value, without its arguments.
    Method(Value, Rc<str>),
}

/// An argument with its name, if it has one.
#[derive(Debug, Clone)]
pub(super) struct Argument {
    pub(super) name: Option<Rc<str>>,
    pub(super) value: Value,
}

/// A command of a Dockerfile that is written in Scala.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub(super) name: Rc<str>,
    pub(super) args: Vec<Value>,
    pub(super) span: Span,
}

impl Value {
    /// A value that is not known, for this reason.
    pub(super) fn unknown(why: impl Into<Rc<str>>) -> Self {
        Self::Unknown(Rc::new(Unknown { why: why.into(), span: None }))
    }

    pub(super) fn text(text: Traced) -> Self {
        Self::Text(Rc::new(text))
    }

    pub(super) fn list(values: Vec<Value>) -> Self {
        Self::List(Rc::new(values))
    }

    /// A number of things.
    pub(super) fn count(n: usize) -> Self {
        i64::try_from(n).map_or_else(|_| Self::unknown("a large number"), Self::Number)
    }

    /// The key of a name that the build does not define.
    pub(super) fn key(name: impl Into<Rc<str>>) -> Self {
        Self::Key(Rc::new(Key { name: name.into(), whose: Whose::Here, within: Vec::new() }))
    }

    /// The name, where the value is a plain key.
    pub(super) fn key_name(&self) -> Option<&str> {
        match self {
            Self::Key(key) if key.within.is_empty() && key.whose == Whose::Here => Some(&key.name),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The elements of a list or option; a single value is a list of itself.
    pub(super) fn elements(&self) -> Vec<Value> {
        match self {
            Self::List(values) => values.to_vec(),
            Self::Some(value) => vec![Value::clone(value)],
            Self::Nothing | Self::Absent(_) | Self::Unit | Self::Null => Vec::new(),
            other => vec![other.clone()],
        }
    }

    /// Why it is not known, or is not what is asked for.
    pub(super) fn why(&self) -> Rc<str> {
        match self {
            Self::Unknown(unknown) => unknown.why.clone(),
            Self::Key(key) => format!("`{}` is defined nowhere in this build", key.name).into(),
            Self::Absent(outside) => format!("only the outside sets `{}`", outside.name).into(),
            _ => "its value could not be computed".into(),
        }
    }

    /// Whether two known values are the same; `None` where that is not known.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.as_str() == b.as_str(),
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Null, Self::Null | Self::Absent(_))
            | (Self::Absent(_), Self::Null)
            | (Self::Nothing | Self::Absent(_), Self::Nothing | Self::Absent(_)) => true,
            (Self::Some(_), Self::Nothing | Self::Absent(_))
            | (Self::Nothing | Self::Absent(_), Self::Some(_))
            | (Self::Null | Self::Absent(_), Self::Text(_))
            | (Self::Text(_), Self::Null | Self::Absent(_)) => false,
            (Self::Some(a), Self::Some(b)) => a.equals(b)?,
            (Self::Tuple(a), Self::Tuple(b)) | (Self::List(a), Self::List(b)) => {
                if a.len() != b.len() {
                    return Some(false);
                }
                let each: Option<Vec<bool>> = a.iter().zip(b.iter()).map(|(a, b)| a.equals(b)).collect();
                each?.into_iter().all(|same| same)
            }
            _ => return None,
        })
    }
}

impl Project {
    pub(super) fn new(id: Rc<str>, base: Option<Rc<str>>, span: Span) -> Self {
        Self {
            id,
            base,
            settings: Vec::new(),
            depends: Vec::new(),
            aggregates: Vec::new(),
            plugins: Vec::new(),
            rows: Vec::new(),
            is_matrix: false,
            foreign: false,
            span,
        }
    }
}
