//! The names of the standard packages that can leave the process, for the results and receivers that one file alone shows.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

const NAMES: &str = include_str!("stdlib.txt");

/// A named type of an imported package, or a pointer to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    /// `os/exec.Cmd`.
    pub(super) path: Arc<str>,
    /// Whether it is `*os/exec.Cmd`.
    pub(super) pointer: bool,
}

impl Type {
    pub(super) fn named(path: &str) -> Self {
        Self { path: path.into(), pointer: false }
    }

    /// A pointer to this type; a pointer to a pointer has no methods and is not kept.
    pub(super) fn pointed(self) -> Option<Self> {
        (!self.pointer).then_some(Self { pointer: true, ..self })
    }

    /// What this pointer points to.
    pub(super) fn pointee(self) -> Option<Self> {
        self.pointer.then_some(Self { pointer: false, ..self })
    }

    fn parse(text: &str) -> Option<Self> {
        let (path, pointer) = text.strip_prefix('*').map_or((text, false), |path| (path, true));
        (path != "_").then(|| Self { path: path.into(), pointer })
    }
}

/// What a name of a package or a member of a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Variable,
    Type,
    Field,
    /// A method of the type itself or of an interface: `(reflect.Value).Call`.
    Method,
    /// A method of the pointer: `(*os/exec.Cmd).Run`.
    PointerMethod,
}

/// A known name, with the types of its results (of its value, for variables and fields).
#[derive(Debug)]
pub(super) struct Name {
    pub(super) kind: Kind,
    pub(super) results: Vec<Option<Type>>,
}

impl Name {
    /// The type of the first result.
    pub(super) fn first(&self) -> Option<Type> {
        self.results.first().cloned().flatten()
    }
}

static INDEX: LazyLock<HashMap<String, Name>> = LazyLock::new(|| index(NAMES));

fn index(names: &str) -> HashMap<String, Name> {
    let mut index = HashMap::new();
    let (mut package, mut owner) = ("", "");
    for line in names.lines() {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        let top = match first {
            "package" => {
                package = words.next().unwrap_or_default();
                continue;
            }
            "func" => Some(Kind::Function),
            "var" => Some(Kind::Variable),
            "type" => Some(Kind::Type),
            _ => None,
        };
        let (kind, key) = if let Some(kind) = top {
            let name = words.next().unwrap_or_default();
            if kind == Kind::Type {
                owner = name;
            }
            (kind, format!("{package}.{name}"))
        } else {
            let kind = match first.as_bytes().first() {
                Some(b'*') => Kind::PointerMethod,
                Some(b'=' | b'~') => Kind::Method,
                Some(b'.') => Kind::Field,
                _ => continue,
            };
            (kind, format!("{package}.{owner}.{}", first.get(1..).unwrap_or_default()))
        };
        index.insert(key, Name { kind, results: words.map(Type::parse).collect() });
    }
    index
}

/// What `name` of the package is.
pub(super) fn member(package: &str, name: &str) -> Option<&'static Name> {
    INDEX.get(&format!("{package}.{name}"))
}

/// What `name` of a value of this type is, and its full path.
pub(super) fn selection(of: &Type, name: &str) -> Option<(&'static Name, String)> {
    let found = INDEX.get(&format!("{}.{name}", of.path))?;
    let path = match found.kind {
        Kind::PointerMethod => format!("(*{}).{name}", of.path),
        Kind::Method => format!("({}).{name}", of.path),
        _ => format!("{}.{name}", of.path),
    };
    Some((found, path))
}

/// Whether a path can be a package of the standard library (or of a module without a domain): its first part has no dot.
pub(super) fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or_default().contains('.')
}
