//! Names in modules, classes and objects, and names that nothing here binds.

use super::{MAX_DEPTH, Ref, State, Type, World, joined};
use crate::python::kind::Kind;
use crate::python::syntax::Import;

/// Built-in functions that somebody may ask for.
const BUILTINS: [&str; 14] = [
    "__import__",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "exit",
    "getattr",
    "globals",
    "input",
    "open",
    "quit",
    "setattr",
    "super",
];

/// What `from … import *` brings, as far as it concerns us.
const STARS: [(&str, &[&str]); 10] = [
    ("os", &["abort", "execl", "execv", "execve", "execvp", "fork", "kill", "popen", "system"]),
    ("pickle", &["load", "loads"]),
    ("socket", &["create_connection", "socket"]),
    ("subprocess", &["Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput", "run"]),
    ("sys", &["exit"]),
    ("pyspark", &["Broadcast", "RDD", "SparkConf", "SparkContext", "SparkFiles", "SQLContext", "HiveContext"]),
    (
        "pyspark.sql",
        &["SparkSession", "SQLContext", "HiveContext", "DataFrame", "Row", "Column", "Window", "GroupedData"],
    ),
    ("pyspark.sql.functions", &["udf", "pandas_udf", "udtf", "arrow_udf", "arrow_udtf", "broadcast", "PandasUDFType"]),
    ("pyspark.sql.session", &["SparkSession"]),
    ("pyspark.streaming", &["StreamingContext", "DStream"]),
];

impl World<'_> {
    /// A name of something.
    pub(super) fn attr(&mut self, file: u32, of: Type, name: &str) -> Type {
        match of {
            Type::Path(path) => {
                let path = self.text(path).to_owned();
                if let Some(kind) = Kind::of_class(&path).and_then(|kind| kind.property(name)) {
                    return Type::Spark(kind);
                }
                self.dotted(file, &format!("{path}.{name}"))
            }
            Type::Module(module) => self.module_member(module, name),
            Type::Class(class) | Type::Instance(class) => {
                let found = self.class_member(class, name);
                match found {
                    Type::Function(function)
                        if self.decorator(function, &["property", "cached_property"]).is_some() =>
                    {
                        self.result(function)
                    }
                    found => found,
                }
            }
            Type::Spark(kind) => match kind.property(name) {
                Some(kind) => Type::Spark(kind),
                None => Type::Method(kind, self.number(name)),
            },
            // Columns of a data frame have names of their own: what a method gives is asked for by `call`.
            Type::Nothing => Type::Nothing,
            Type::Unknown | Type::Function(_) | Type::Method(..) => Type::Unknown,
        }
    }

    /// What a dotted name means in a file: a module here, or something elsewhere.
    pub(super) fn dotted(&mut self, file: u32, dotted: &str) -> Type {
        match self.modules.absolute(file, dotted) {
            Some(module) => Type::Module(module),
            None => self.path(dotted),
        }
    }

    pub(super) fn import(&mut self, file: u32, number: u32) -> Type {
        let syntax = self.file(file);
        let Some(import) = syntax.and_then(|syntax| syntax.imports.get(number as usize)) else { return Type::Unknown };
        let module = self.imported(file, import);
        match (&import.name, module) {
            // `from . import module` of a folder that is no package.
            (Some(name), Type::Unknown) if import.level > 0 && import.module.is_empty() => {
                let module = self.modules.relative(file, import.level, name);
                module.map_or(Type::Unknown, Type::Module)
            }
            (None, module) => module,
            (Some(name), module) => self.attr(file, module, name),
        }
    }

    /// The module of an import.
    fn imported(&mut self, file: u32, import: &Import) -> Type {
        if import.level == 0 {
            return self.dotted(file, &import.module);
        }
        match self.modules.relative(file, import.level, &import.module) {
            Some(module) => Type::Module(module),
            None => Type::Unknown,
        }
    }

    /// A name of a module that is here.
    fn module_member(&mut self, module: u32, name: &str) -> Type {
        let Some(syntax) = self.file(module).filter(|_| self.depth < MAX_DEPTH) else { return Type::Unknown };
        let bound = syntax.number(name).filter(|sym| syntax.scopes.first().is_some_and(|s| s.names.contains_key(sym)));
        if bound.is_some() {
            return self.name(module, 0, name);
        }
        if let Some(inner) = self.modules.inside(module, name) {
            return Type::Module(inner);
        }
        self.starred(module, name).unwrap_or(Type::Unknown)
    }

    /// A name that nothing in a file binds.
    pub(super) fn unbound(&mut self, file: u32, name: &str) -> Type {
        if let Some(found) = self.starred(file, name) {
            return found;
        }
        if BUILTINS.contains(&name) {
            return self.path(&format!("builtins.{name}"));
        }
        // Notebooks and shells have these.
        match Kind::customary(name) {
            Some(kind @ (Kind::Session | Kind::Context)) => Type::Spark(kind),
            _ => Type::Unknown,
        }
    }

    /// A name that an import of everything brings.
    fn starred(&mut self, file: u32, name: &str) -> Option<Type> {
        let syntax = self.file(file).filter(|syntax| !syntax.stars.is_empty())?;
        let key = (file, u32::MAX, self.number(name));
        match self.names.get(&key) {
            Some(State::Known(Type::Unknown) | State::Open) => return None,
            Some(State::Known(found)) => return Some(*found),
            None => {}
        }
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.names.insert(key, State::Open);
        self.depth += 1;
        let (mut found, mut outside) = (Type::Nothing, Vec::new());
        for number in &syntax.stars {
            let Some(import) = syntax.imports.get(*number as usize) else { continue };
            match self.imported(file, import) {
                Type::Module(module) if module != file => {
                    let one = self.module_member(module, name);
                    found = joined(found, if one == Type::Unknown { Type::Nothing } else { one });
                }
                Type::Path(path) => outside.push(path),
                _ => {}
            }
        }
        if found == Type::Nothing {
            found = self.brought(&outside, name);
        }
        self.depth -= 1;
        self.names.insert(key, State::Known(found));
        (found != Type::Unknown).then_some(found)
    }

    /// What everything of modules that are not here holds of a name.
    fn brought(&mut self, modules: &[u32], name: &str) -> Type {
        let known = modules.iter().find_map(|module| {
            let module = self.text(*module);
            let (_, names) = STARS.iter().find(|(star, _)| *star == module)?;
            names.contains(&name).then(|| format!("{module}.{name}"))
        });
        known.map_or(Type::Unknown, |path| self.path(&path))
    }

    /// A name of a class that is here, or of one it extends.
    pub fn class_member(&mut self, of: Ref, name: &str) -> Type {
        let key = (of, self.number(name));
        match self.members.get(&key) {
            Some(State::Known(found)) => return *found,
            Some(State::Open) => return Type::Nothing,
            None => {}
        }
        if self.depth >= MAX_DEPTH {
            return Type::Unknown;
        }
        self.members.insert(key, State::Open);
        self.depth += 1;
        let found = self.own_member(of, name).unwrap_or_else(|| self.inherited(of, name));
        self.depth -= 1;
        self.members.insert(key, State::Known(found));
        found
    }

    fn own_member(&mut self, of: Ref, name: &str) -> Option<Type> {
        let (class, syntax) = (self.class(of)?, self.file(of.file)?);
        let sym = syntax.number(name)?;
        let body = syntax.scopes.get(class.scope as usize)?;
        if body.names.contains_key(&sym) {
            let found = self.name(of.file, class.scope, name);
            if found != Type::Nothing {
                return Some(found);
            }
        }
        let mut found = Type::Nothing;
        for value in class.attributes.get(&sym)? {
            let one = self.eval(of.file, *value);
            found = joined(found, one);
        }
        Some(found)
    }

    fn inherited(&mut self, of: Ref, name: &str) -> Type {
        let Some(class) = self.class(of) else { return Type::Unknown };
        for base in &class.bases {
            let found = match self.eval(of.file, *base) {
                Type::Class(base) => self.class_member(base, name),
                _ => Type::Unknown,
            };
            if !matches!(found, Type::Unknown | Type::Nothing) {
                return found;
            }
        }
        Type::Unknown
    }

    /// What an object of a class holds that only the driver has: the attribute, and what it is. An object that says itself how it is
    /// pickled leaves that out.
    pub fn holds(&mut self, of: Ref) -> Option<(String, Kind)> {
        let (class, syntax) = (self.class(of)?, self.file(of.file)?);
        let own = |name: &str| {
            syntax.number(name).is_some_and(|sym| {
                syntax.scopes.get(class.scope as usize).is_some_and(|scope| scope.names.contains_key(&sym))
            })
        };
        if ["__getstate__", "__reduce__", "__reduce_ex__", "__getnewargs__"].into_iter().any(own) {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        for (sym, values) in &class.attributes {
            let is_first = |value: &u32| {
                let owner = self.owner(of.file, *value);
                syntax.functions.get(owner as usize).is_some_and(|function| function.name.ends_with("__init__"))
            };
            if values.iter().any(is_first) {
                names.push(syntax.text(*sym));
            }
        }
        names.sort_unstable();
        names.into_iter().find_map(|name| match self.class_member(of, name) {
            Type::Spark(kind) if kind.on_driver().is_some() => Some((name.to_owned(), kind)),
            _ => None,
        })
    }
}
