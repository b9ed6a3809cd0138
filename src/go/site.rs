//! What rules look into: calls of functions of other modules, literals of their types, fields that are set.

use super::flow::Around;
use crate::source::Span;
use std::sync::Arc;

/// A place that rules look into.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// As `go/types` writes it: `net/http.Get`, `(*database/sql.DB).SetMaxOpenConns`, `net/http.Server`, `net/http.Server.Addr`.
    pub path: Arc<str>,
    /// What is done there.
    pub deed: Deed,
    /// The name's place.
    pub span: Span,
    /// The whole expression.
    pub whole: Span,
    /// The variable that a method is called on, whose field is set, or that the result goes to: `s.server`.
    pub on: Option<String>,
    /// Arguments, fields, or the one value that is set.
    pub arguments: Vec<Argument>,
    /// Where what is made goes.
    pub fate: Fate,
    /// What stands around it.
    pub around: Around,
}

/// What is done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A function or method is called.
    Call,
    /// A value of a type is written out.
    Literal,
    /// A field is set.
    Set,
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nowhere.
    Dropped,
    /// To a variable, or to a field of one.
    Bound,
    /// Into a literal or a list.
    Stored,
    /// To a call; its path where it belongs to another module.
    Passed(Option<Arc<str>>),
    /// To the caller.
    Returned,
    /// A method or field of it is used on the spot; which, where it belongs to another module.
    Used(Option<Arc<str>>),
}

/// A value with its place; a field with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The field.
    pub name: Option<Box<str>>,
    /// What is known of the value.
    pub value: Value,
    /// The variable or field that stands there: `s.mux`.
    pub variable: Option<Box<str>>,
    /// Where it is written; of text without its quotes.
    pub span: Span,
    /// The value's own place, where a constant or variable stands between.
    pub from: Span,
}

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Text, escapes as written.
    Text(Box<str>),
    /// Text that begins so; the rest is not known.
    Begins(Box<str>),
    /// A number; a length of time is one of nanoseconds.
    Number(f64),
    /// `true`, `false`.
    Bool(bool),
    /// `nil`.
    Nil,
    /// A function, variable or constant of another module.
    Name(Arc<str>),
    /// What a call or a literal of another module makes.
    Made(Box<Made>),
    /// Values in a row.
    List(Vec<Argument>),
    /// A function written on the spot.
    Closure,
    /// Nothing is known.
    #[default]
    Unknown,
}

/// What a call or a literal makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The function or type.
    pub path: Arc<str>,
    /// The whole expression.
    pub whole: Span,
    /// Arguments or fields.
    pub arguments: Vec<Argument>,
}

/// A package that a file imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its path.
    pub path: String,
    /// Only for what it does when it is loaded.
    pub blank: bool,
    /// The import.
    pub span: Span,
    /// The package that imports it.
    pub package: Arc<str>,
    /// By a test.
    pub is_test: bool,
}

impl Site {
    /// The path of calls of remote methods that answer once, whatever their names.
    pub const REMOTE: &str = "google.golang.org/grpc.CallOption";

    /// The path of calls that make a client of Spark Connect from a connection, whichever package has its generated code.
    pub const CONNECT: &str = "spark.connect.NewSparkConnectServiceClient";

    /// A field of a literal.
    pub fn field(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name))
    }

    /// The value of an argument.
    pub fn argument(&self, number: usize) -> &Value {
        self.arguments.get(number).map_or(&Value::Unknown, |argument| &argument.value)
    }
}

impl Argument {
    /// Some bytes of a text, where it is written in one piece; else the whole place.
    pub fn within(&self, range: std::ops::Range<usize>) -> Span {
        let written = (self.from.end - self.from.start) as usize;
        let whole = self.value.text().is_some_and(|text| text.len() == written);
        if !whole || range.is_empty() {
            return self.span;
        }
        let start = self.from.start + range.start as u32;
        Span { start, end: start + range.len() as u32, ..self.from }
    }
}

impl Value {
    /// Text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// How a text begins: all of a known one, what stands before the first unknown part of another.
    pub fn start(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Begins(text) => Some(text),
            Self::Made(made) => {
                let first = made.arguments.first()?.value.start()?;
                match &*made.path {
                    "fmt.Sprintf" => Some(first.split('%').next().unwrap_or_default()),
                    "net.JoinHostPort" => Some(first),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A number.
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// What was made by this path.
    pub fn made(&self, path: &str) -> Option<&Made> {
        if let Self::Made(made) = self { Some(&**made).filter(|made| &*made.path == path) } else { None }
    }

    /// Whether this path stands anywhere in it.
    pub fn holds(&self, path: &str) -> bool {
        match self {
            Self::Name(name) => &**name == path,
            Self::Made(made) => &*made.path == path || made.arguments.iter().any(|a| a.value.holds(path)),
            Self::List(list) => list.iter().any(|a| a.value.holds(path)),
            _ => false,
        }
    }
}

impl Value {
    /// Whether what is made at this place stands anywhere in it.
    pub fn holds_at(&self, path: &str, whole: Span) -> bool {
        match self {
            Self::Made(made) => {
                let own = &*made.path == path && made.whole == whole;
                own || made.arguments.iter().any(|a| a.value.holds_at(path, whole))
            }
            Self::List(list) => list.iter().any(|a| a.value.holds_at(path, whole)),
            _ => false,
        }
    }
}

impl Made {
    /// A field of a literal.
    pub fn field(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name))
    }
}
