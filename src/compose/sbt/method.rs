//! Methods of values, and the functions that sbt and Scala bring along.

use super::machine::Machine;
use super::project::settings_of;
use super::value::{Argument, Cross, Key, Library, Outside, Project, Thunk, Value, Whose};
use super::{library, list, option, text};
use crate::source::Span;
use std::rc::Rc;

impl Machine<'_> {
    /// Calls a method; a selection is a call without arguments.
    pub(super) fn method(&mut self, receiver: Value, name: &str, args: Vec<Argument>, span: Span) -> Value {
        match name {
            "->" | "→" => {
                let second = args.into_iter().next().map_or(Value::Unit, |arg| arg.value);
                return Value::Tuple(Rc::new(vec![receiver, second]));
            }
            "==" | "!=" | "equals" => {
                let same = args.first().and_then(|arg| receiver.equals(&arg.value));
                return match same {
                    Some(same) => Value::Bool(same == (name != "!=")),
                    None => Value::unknown(receiver.why()),
                };
            }
            "%" | "%%" | "%%%" => {
                let operand = args.into_iter().next().map_or(Value::Unit, |arg| arg.value);
                return library::percent(receiver, name, operand, span);
            }
            _ => {}
        }
        if let Some(extension) = self.extension(&receiver, name, &args, span) {
            return extension;
        }
        match receiver {
            Value::Text(ref value) => text::method(value, name, &args, span),
            Value::List(ref values) => list::method(self, values, name, &args, span),
            Value::Some(_) | Value::Nothing | Value::Absent(_) | Value::Null => {
                option::method(self, &receiver, name, &args, span)
            }
            Value::Tuple(ref parts) => tuple(parts, name),
            Value::Number(n) => number(n, name, &args),
            Value::Bool(b) => logic(b, name, &args),
            Value::Library(ref known) => library::method(known, name, &args, span),
            Value::Project(ref project) => self.project_method(project, name, args, span),
            Value::Path(ref path) => path_method(path.as_deref(), name, &args, span),
            Value::Object(ref object) => match self.member(object, name) {
                Some(member) if args.is_empty() => self.called_empty(member, span),
                Some(member) => self.apply(member, args, span),
                None if name == "copy" => Value::unknown("it is a changed copy"),
                None => Value::unknown(format!("`{}` has no member `{name}` that is known", object.name)),
            },
            Value::Key(ref key) => self.key_method(key, name, args, span),
            Value::Deferred(thunk) if name == "value" => self.value(thunk),
            Value::Function(ref function) if name == "apply" => {
                self.apply(Value::Function(function.clone()), args, span)
            }
            Value::Recipe(ref commands) => super::recipe::extended(commands, name, &args, span),
            Value::Class(_) if name == "apply" => self.apply(receiver, args, span),
            // What is known of a list stays known.
            Value::Unknown(_) if ["++", ":+", "+:", "++:", ":::"].contains(&name) => {
                list::method(self, &Rc::new(vec![receiver]), name, &args, span)
            }
            Value::Unknown(_) | Value::Linked(_) | Value::Exclusion(_) | Value::Setting(_) | Value::Deferred(_) => {
                receiver
            }
            _ => Value::unknown("it is computed by code that is not followed"),
        }
    }

    /// A method that an implicit class of the build adds.
    fn extension(&mut self, receiver: &Value, name: &str, args: &[Argument], span: Span) -> Option<Value> {
        if matches!(receiver, Value::Object(_) | Value::Unknown(_)) {
            return None;
        }
        let class = Value::Class(*self.extensions.get(name)?);
        let Value::Object(object) = self.apply(class, vec![Argument { name: None, value: receiver.clone() }], span)
        else {
            return None;
        };
        let member = self.member(&object, name)?;
        let value = match self.called_empty(member, span) {
            member @ Value::Function(_) if !args.is_empty() => self.apply(member, args.to_vec(), span),
            other => other,
        };
        // What is done to a project may not be followed; it stays that project.
        let lost = matches!(receiver, Value::Project(_)) && !matches!(value, Value::Project(_) | Value::List(_));
        Some(if lost { receiver.clone() } else { value })
    }

    fn key_method(&mut self, key: &Rc<Key>, name: &str, args: Vec<Argument>, span: Span) -> Value {
        match name {
            "value" | "taskValue" => return self.resolve(key),
            "?" => {
                return match self.resolve_set(key) {
                    Some(value) => Value::Some(Rc::new(value)),
                    None => Value::Nothing,
                };
            }
            "/" => return scoped(&Value::Key(key.clone()), args.first().map(|arg| &arg.value)),
            "in" => {
                return args
                    .iter()
                    .rev()
                    .fold(Value::Key(key.clone()), |inner, axis| scoped(&axis.value, Some(&inner)));
            }
            "withRank" | "withoutName" => return Value::Key(key.clone()),
            "++" | ":+" | "+:" | "++:" | ":::" => {
                let list = Rc::new(vec![Value::Key(key.clone())]);
                return list::method(self, &list, name, &args, span);
            }
            "inConfig" => {
                let settings = args.iter().flat_map(|arg| settings_of(&arg.value));
                let inside = settings.map(|setting| within(&setting, &key.name)).collect();
                return Value::list(inside);
            }
            _ => {}
        }
        if key.whose != Whose::Here || !key.within.is_empty() {
            return Value::unknown(format!("`{name}` of the key `{}` is not followed", key.name));
        }
        let path = format!("{}.{name}", key.name);
        if args.is_empty() {
            // A package before an object, or an object of a library.
            return self
                .lookup(name, self.library)
                .filter(|v| matches!(v, Value::Object(_)))
                .unwrap_or_else(|| constant(&path).unwrap_or_else(|| Value::key(path)));
        }
        self.built_in(&path, args, span)
    }

    /// A function of sbt or Scala.
    pub(super) fn built_in(&mut self, path: &str, args: Vec<Argument>, span: Span) -> Value {
        let last = path.rsplit('.').next().unwrap_or(path);
        let first = || args.first().map(|arg| arg.value.clone());
        match (last, args.len()) {
            ("Seq" | "List" | "Set" | "Vector" | "Array" | "Map" | "ListMap" | "IndexedSeq" | "ListSet", _) => {
                Value::list(args.into_iter().map(|arg| arg.value).collect())
            }
            ("Some", 1) => Value::Some(Rc::new(first().unwrap_or(Value::Unit))),
            ("Option", 1) => match first() {
                Some(absent @ Value::Absent(_)) => absent,
                Some(unknown @ Value::Unknown(_)) => unknown,
                Some(Value::Null) | None => Value::Nothing,
                Some(value) => Value::Some(Rc::new(value)),
            },
            ("settings", _) if path == "Def.settings" => Value::list(args.into_iter().map(|arg| arg.value).collect()),
            // A plugin of the compiler is on no class path of the code.
            ("compilerPlugin", _) => Value::Nothing,
            ("Tuple2", 2) => Value::Tuple(Rc::new(args.into_iter().map(|arg| arg.value).collect())),
            ("file" | "File", 1) => Value::Path(first().and_then(|v| v.as_text().map(Rc::from))),
            ("Project", 1..) => self.project_of(&args, span),
            ("LocalProject", 1) => match first().as_ref().and_then(Value::as_text) {
                Some(id) => Value::Project(Rc::new(Project::new(id.into(), None, span))),
                None => Value::unknown("a project is named by a value that is not known"),
            },
            ("crossProject", _) => self.new_project("crossProject", span),
            ("settingKey" | "taskKey" | "inputKey", _) => match self.naming.last() {
                Some(name) => Value::key(name.clone()),
                None => Value::unknown("a key without a name"),
            },
            ("SettingKey" | "TaskKey" | "InputKey", 1..) => match first().as_ref().and_then(Value::as_text) {
                Some(name) => Value::key(name),
                None => Value::unknown("a key is named by a value that is not known"),
            },
            ("ExclusionRule" | "SbtExclusionRule" | "InclExclRule", _) => library::exclusion(&args),
            ("ModuleID", 3..) => module_id(&args, span),
            ("inThisBuild", _) => {
                let settings = args.iter().flat_map(|arg| settings_of(&arg.value));
                Value::list(settings.map(|setting| of_build(&setting)).collect())
            }
            ("inConfig", 1) => {
                let receiver = first().unwrap_or(Value::Unit);
                Value::Function(Rc::new(super::value::Function::Method(receiver, "inConfig".into())))
            }
            ("enablePlugins", _) => Value::Tuple(Rc::new(args.into_iter().map(|arg| arg.value).collect())),
            ("addSbtPlugin", 1) => first().unwrap_or(Value::Unit),
            ("Cmd" | "ExecCmd" | "ImageName", _) => command(last, &args, span),
            ("partialVersion", 1) => first().map_or(Value::Nothing, |version| text::partial_version(&version)),
            ("binaryScalaVersion", 1) => match first() {
                Some(Value::Text(version)) => library::binary(&version).map_or(Value::Unit, Value::text),
                _ => Value::unknown("the binary version of a value that is not known"),
            },
            _ => self.outside(path, &args).unwrap_or_else(|| Value::unknown(format!("`{path}` is not computed"))),
        }
    }

    /// What is asked of system properties and environment variables: nothing is set there in a plain build.
    fn outside(&mut self, path: &str, args: &[Argument]) -> Option<Value> {
        const PROPERTIES: [&str; 7] = [
            "sys.props",
            "System.getProperty",
            "getProperty",
            "propOrElse",
            "propOrNone",
            "propOrNull",
            "getProperties",
        ];
        const VARIABLES: [&str; 6] = ["sys.env", "System.getenv", "getenv", "envOrElse", "envOrNone", "envOrNull"];
        let path = path.trim_start_matches("scala.").trim_start_matches("util.").trim_start_matches("java.lang.");
        let path = path.strip_prefix("Properties.").unwrap_or(path);
        let (base, asked) = match path.rsplit_once('.') {
            Some((base @ ("sys.props" | "sys.env"), asked)) => (base, asked),
            Some(("System.getenv", asked)) => ("sys.env", asked),
            _ => (path, "get"),
        };
        let variable = VARIABLES.contains(&base);
        if !variable && !PROPERTIES.contains(&base) {
            return None;
        }
        let name = args.first().and_then(|arg| arg.value.as_text())?.to_owned();
        let outside = Outside { name, variable };
        Some(match (asked, args.get(1)) {
            ("get", None) => Value::Absent(Rc::new(outside)),
            ("get" | "getOrElse", Some(default)) => {
                let default = default.value.clone();
                self.remember(&outside, &default);
                default
            }
            ("contains" | "isDefinedAt", _) => Value::Bool(false),
            _ => Value::unknown(format!("only the outside sets `{}`", outside.name)),
        })
    }
}

/// What a path of sbt or Scala stands for without arguments.
fn constant(path: &str) -> Option<Value> {
    Some(match path {
        "Seq.empty" | "List.empty" | "Set.empty" | "Map.empty" | "Vector.empty" => Value::list(Vec::new()),
        "Option.empty" => Value::Nothing,
        "Dockerfile.empty" | "ImmutableDockerfile.empty" | "sbtdocker.Dockerfile.empty" => Value::Recipe(Rc::default()),
        _ => return None,
    })
}

fn path_method(path: Option<&str>, name: &str, args: &[Argument], span: Span) -> Value {
    match (name, path, args.first().map(|arg| &arg.value)) {
        ("/", Some(path), Some(Value::Text(below))) => {
            Value::Path(crate::source::join(path, below.as_str()).map(Rc::from))
        }
        ("/", Some(path), Some(Value::Path(Some(below)))) => {
            Value::Path(crate::source::join(path, below).map(Rc::from))
        }
        ("getName" | "name", Some(path), None) => {
            let name = path.rsplit('/').next().unwrap_or(path);
            Value::text(crate::source::Traced::literal(name, span))
        }
        ("/" | "getParentFile" | "getCanonicalFile" | "getAbsoluteFile" | "asFile", ..) => Value::Path(None),
        _ => Value::unknown("it is read from a file"),
    }
}

/// `axis / key`: what the key is asked for in.
fn scoped(axis: &Value, key: Option<&Value>) -> Value {
    let Some(Value::Key(key)) = key else { return Value::Path(None) };
    let mut key = Key::clone(key);
    match axis {
        Value::Project(project) => key.whose = Whose::Project(project.id.clone()),
        Value::Key(axis) => match &*axis.name {
            "ThisBuild" => key.whose = Whose::Build,
            "Global" => key.whose = Whose::Everyone,
            "ThisProject" | "Zero" | "This" => {}
            name => {
                if axis.whose != Whose::Here {
                    key.whose = axis.whose.clone();
                }
                let own = axis.within.iter().cloned().chain([name.rsplit('.').next().unwrap_or(name).into()]);
                key.within = own.chain(key.within).collect();
            }
        },
        _ => return Value::unknown("a key in a scope that is not known"),
    }
    Value::Key(Rc::new(key))
}

fn within(setting: &super::value::Setting, configuration: &Rc<str>) -> Value {
    let mut key = setting.key.clone();
    key.within.insert(0, configuration.clone());
    rescoped(setting, key)
}

fn of_build(setting: &super::value::Setting) -> Value {
    let mut key = setting.key.clone();
    if key.whose == Whose::Here {
        key.whose = Whose::Build;
    }
    rescoped(setting, key)
}

fn rescoped(setting: &super::value::Setting, key: Key) -> Value {
    let value = match &setting.value {
        super::value::Assigned::Thunk(thunk) => super::value::Assigned::Thunk(Thunk::clone(thunk)),
        super::value::Assigned::Value(value) => super::value::Assigned::Value(value.clone()),
    };
    let (operator, span) = (setting.operator, setting.span);
    Value::Setting(Rc::new(super::value::Setting { key, operator, value, span }))
}

fn module_id(args: &[Argument], span: Span) -> Value {
    match args {
        [organization, name, version, ..] => {
            let (Value::Text(organization), Value::Text(name)) = (&organization.value, &name.value) else {
                return Value::unknown("a library whose name is not known");
            };
            let version = match &version.value {
                Value::Text(version) => Ok(version.clone()),
                other => Err(other.why()),
            };
            Value::Library(Rc::new(Library {
                organization: organization.clone(),
                name: name.clone(),
                cross: Cross::None,
                version: Some(version),
                configurations: None,
                exclusions: Vec::new(),
                classifier: None,
                span,
            }))
        }
        _ => Value::Unit,
    }
}

fn command(name: &str, args: &[Argument], span: Span) -> Value {
    let args = args.iter().map(|arg| arg.value.clone()).collect();
    Value::Recipe(Rc::new(vec![super::value::Command { name: name.into(), args, span }]))
}

fn tuple(parts: &[Value], name: &str) -> Value {
    let at = name.strip_prefix('_').and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
    at.and_then(|at| parts.get(at).cloned()).unwrap_or_else(|| Value::unknown("a part of a tuple"))
}

fn number(n: i64, name: &str, args: &[Argument]) -> Value {
    let other = match args.first().map(|arg| &arg.value) {
        Some(Value::Number(other)) => Some(*other),
        _ => None,
    };
    match (name, other) {
        (">", Some(m)) => Value::Bool(n > m),
        (">=", Some(m)) => Value::Bool(n >= m),
        ("<", Some(m)) => Value::Bool(n < m),
        ("<=", Some(m)) => Value::Bool(n <= m),
        ("+", Some(m)) => n.checked_add(m).map_or(Value::Unit, Value::Number),
        ("-", Some(m)) => n.checked_sub(m).map_or(Value::Unit, Value::Number),
        ("toInt" | "toLong", None) => Value::Number(n),
        ("unary_-", None) => Value::Number(-n),
        _ => Value::unknown("a number that is not computed"),
    }
}

fn logic(b: bool, name: &str, args: &[Argument]) -> Value {
    match (name, b, args.first().map(|arg| &arg.value)) {
        ("unary_!", ..) => Value::Bool(!b),
        ("&&" | "&", false, _) => Value::Bool(false),
        ("||" | "|", true, _) => Value::Bool(true),
        ("&&" | "&" | "||" | "|", _, Some(Value::Bool(other))) => Value::Bool(*other),
        _ => Value::unknown("whether it holds is not known"),
    }
}
