//! The machine that computes what a build definition says: names, calls, matches. Nothing of it is executed: only what is written out or
//! follows from it by the few functions known here gets a value, everything else is unknown with its reason.

mod name;

use super::frame::Frames;
use super::scopes::Scopes;
use super::value::{Argument, Assigned, Env, Function, Key, Object, Operator, Outside, Setting, Thunk, Value};
use crate::read::sbt::{Arg, Case, Expr, ExprId, Piece, Script, Template, TemplateKind};
use crate::source::{Span, Traced};
use std::collections::HashMap;
use std::rc::Rc;

/// How deep calls and definitions may lie in each other.
const MAX_DEPTH: usize = 200;
/// How many expressions all evaluations of a build may look at.
const MAX_STEPS: usize = 500_000;
/// The longest line of parents.
const MAX_PARENTS: usize = 8;

/// What computes.
pub(super) struct Machine<'a> {
    pub(super) files: Vec<&'a Script>,
    pub(super) frames: Frames,
    /// The frame of what the folder `project` defines.
    pub(super) library: Env,
    /// Methods that implicit classes add to other values.
    pub(super) extensions: HashMap<Box<str>, Thunk>,
    /// Objects that stand behind `import a._` of a frame, once looked up.
    opened: HashMap<Env, Vec<Env>>,
    /// The names of the definitions that are being computed, the innermost last.
    pub(super) naming: Vec<Rc<str>>,
    /// Values that hold as long as the outside sets nothing else.
    pub(super) defaults: Vec<(Outside, Span)>,
    /// The case that was chosen last: in nested matches the innermost.
    pub(super) chosen: Option<Span>,
    /// Settings, and whose they are.
    pub(super) scopes: Scopes,
    depth: usize,
    /// Expressions that may still be looked at.
    steps: usize,
    allowed: usize,
}

impl<'a> Machine<'a> {
    /// A machine that may look at so many expressions, and at no more than any build may.
    pub(super) fn new(files: Vec<&'a Script>, steps: usize) -> Self {
        let mut frames = Frames::default();
        let library = frames.add(None, None);
        Self {
            files,
            frames,
            library,
            extensions: HashMap::new(),
            opened: HashMap::new(),
            naming: Vec::new(),
            defaults: Vec::new(),
            chosen: None,
            scopes: Scopes::default(),
            depth: 0,
            steps: steps.min(MAX_STEPS),
            allowed: steps.min(MAX_STEPS),
        }
    }

    /// Whether a limit was met: then some values are unknown that could be known.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps == 0
    }

    /// How many expressions were looked at.
    pub(super) fn used(&self) -> usize {
        self.allowed - self.steps
    }

    fn script(&self, file: usize) -> Option<&'a Script> {
        self.files.get(file).copied()
    }

    pub(super) fn span(&self, thunk: Thunk) -> Option<Span> {
        Some(self.script(thunk.file)?.span(thunk.expr))
    }

    /// Computes an expression.
    pub(super) fn value(&mut self, thunk: Thunk) -> Value {
        self.steps = self.steps.saturating_sub(1);
        if self.depth >= MAX_DEPTH || self.is_exhausted() {
            return Value::unknown("computing it takes too much");
        }
        self.depth += 1;
        let value = self.chain(thunk);
        self.depth -= 1;
        value
    }

    fn chain(&mut self, thunk: Thunk) -> Value {
        let Some(script) = self.script(thunk.file) else { return Value::Unit };
        let mut links = Vec::new();
        let mut at = thunk.expr;
        while let Expr::Select(left, _) | Expr::Method(left, _, _) | Expr::Apply(left, _) = script.expr(at) {
            links.push(at);
            at = *left;
        }
        let mut value = self.single(script, Thunk { expr: at, ..thunk });
        while let Some(link) = links.pop() {
            self.steps = self.steps.saturating_sub(1);
            value = self.link(script, Thunk { expr: link, ..thunk }, value);
        }
        value
    }

    fn link(&mut self, script: &'a Script, thunk: Thunk, left: Value) -> Value {
        let span = script.span(thunk.expr);
        match script.expr(thunk.expr) {
            Expr::Select(_, name) => self.method(left, name, Vec::new(), span),
            Expr::Method(_, name, args) => {
                if let Some(operator) = operator(name) {
                    return assignment(left, operator, args, thunk, span);
                }
                if is_deferring(&left, name) {
                    return deferred(args, thunk);
                }
                let args = self.args(args, thunk);
                self.method(left, name, args, span)
            }
            Expr::Apply(_, args) => {
                let args = self.args(args, thunk);
                self.apply(left, args, span)
            }
            _ => left,
        }
    }

    fn args(&mut self, args: &[Arg], thunk: Thunk) -> Vec<Argument> {
        let arg = |arg: &Arg| {
            let value = self.value(Thunk { expr: arg.value, ..thunk });
            Argument { name: arg.name.as_deref().map(Rc::from), value }
        };
        args.iter().map(arg).collect()
    }

    fn single(&mut self, script: &'a Script, thunk: Thunk) -> Value {
        let inner = |expr: ExprId| Thunk { expr, ..thunk };
        match script.expr(thunk.expr) {
            Expr::Text(pieces) => self.text(pieces, thunk, script.span(thunk.expr)),
            Expr::Number(n) => Value::Number(*n),
            Expr::Bool(b) => Value::Bool(*b),
            Expr::Null => Value::Null,
            Expr::Name(name) => self.named(name, thunk, script.span(thunk.expr)),
            Expr::Tuple(ids) => Value::Tuple(Rc::new(ids.iter().map(|id| self.value(inner(*id))).collect())),
            Expr::Block(statements) => self.block(statements, thunk),
            Expr::If(condition, then, otherwise) => {
                let condition = self.value(inner(*condition));
                match (condition, otherwise) {
                    (Value::Bool(true), _) => self.value(inner(*then)),
                    (Value::Bool(false), Some(otherwise)) => self.value(inner(*otherwise)),
                    (Value::Bool(false), None) => Value::Unit,
                    (unknown, _) => Value::unknown(format!("which branch is taken is not known: {}", unknown.why())),
                }
            }
            Expr::Match(value, cases) => {
                let value = self.value(inner(*value));
                self.choose(&value, cases, thunk)
            }
            Expr::Lambda(..) | Expr::Cases(_) => Value::Function(Rc::new(Function::Literal(thunk))),
            Expr::New(name, args, body) => self.instance(name, args, body, thunk),
            Expr::Throw => Value::unknown("the build fails here"),
            Expr::Unit | Expr::Val(..) | Expr::Def(..) | Expr::Template(_) | Expr::Import(..) => Value::Unit,
            Expr::Other(_) | Expr::Select(..) | Expr::Method(..) | Expr::Apply(..) => {
                Value::unknown("it is computed by code that is not followed")
            }
        }
    }

    fn text(&mut self, pieces: &[Piece], thunk: Thunk, span: Span) -> Value {
        let mut parts: Vec<Traced> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) => parts.push(text.clone()),
                Piece::Hole(expr) => match self.value(Thunk { expr: *expr, ..thunk }) {
                    Value::Text(text) => parts.push(Traced::clone(&text)),
                    Value::Number(n) => parts.push(Traced::literal(n.to_string(), self.hole(*expr, thunk, span))),
                    Value::Bool(b) => parts.push(Traced::literal(b.to_string(), self.hole(*expr, thunk, span))),
                    other => return Value::unknown(other.why()),
                },
            }
        }
        match parts.as_slice() {
            [only] if pieces.len() == 1 && matches!(pieces.first(), Some(Piece::Literal(_))) => {
                Value::text(only.clone())
            }
            _ => Value::text(Traced::concat(span, parts)),
        }
    }

    fn hole(&self, expr: ExprId, thunk: Thunk, whole: Span) -> Span {
        self.span(Thunk { expr, ..thunk }).unwrap_or(whole)
    }

    fn block(&mut self, statements: &[ExprId], thunk: Thunk) -> Value {
        let Some(script) = self.script(thunk.file) else { return Value::Unit };
        let env = self.frames.add(Some(thunk.env), None);
        self.frames.define(env, env, thunk.file, script, statements);
        // What stands before the last statement is done for its effects, and has none here.
        statements.last().map_or(Value::Unit, |last| self.value(Thunk { expr: *last, env, ..thunk }))
    }

    pub(super) fn choose(&mut self, value: &Value, cases: &[Case], thunk: Thunk) -> Value {
        if let Value::Unknown(_) | Value::Key(_) = value {
            return Value::unknown(format!("which case holds is not known: {}", value.why()));
        }
        for case in cases {
            let env = self.frames.add(Some(thunk.env), None);
            let here = Thunk { env, ..thunk };
            let fits = self.fits(&case.pattern, value, here);
            let guarded = match (fits, case.guard) {
                (Some(true), Some(guard)) => match self.value(Thunk { expr: guard, ..here }) {
                    Value::Bool(b) => Some(b),
                    _ => None,
                },
                (fits, _) => fits,
            };
            match guarded {
                Some(false) => {}
                Some(true) => {
                    self.chosen = Some(case.span);
                    let chosen = self.value(Thunk { expr: case.body, ..here });
                    if let Value::Absent(outside) = value {
                        self.remember(outside, &chosen);
                    }
                    return chosen;
                }
                None => return Value::unknown("which case holds is not known"),
            }
        }
        Value::unknown("no case holds")
    }

    /// Remembers that a value is what holds while the outside sets nothing else.
    pub(super) fn remember(&mut self, outside: &Outside, value: &Value) {
        match value {
            Value::Text(text) => self.defaults.push((outside.clone(), text.span())),
            Value::List(values) => values.iter().for_each(|value| self.remember(outside, value)),
            Value::Some(value) => self.remember(outside, value),
            _ => {}
        }
    }

    /// An object of a class or the object itself: its members, its constructor's arguments, and what it inherits.
    pub(super) fn instantiate(&mut self, template: &Template, thunk: Thunk, args: Vec<Argument>) -> Object {
        let members = self.frames.add(Some(thunk.env), None);
        self.bind(&template.params, args, members, Thunk { env: members, ..thunk });
        if let Some(script) = self.script(thunk.file) {
            self.frames.define(members, members, thunk.file, script, &template.body);
        }
        let mut parents = template.parents.clone();
        let mut next = 0;
        while let Some(parent) = parents.get(next).cloned().filter(|_| next < MAX_PARENTS) {
            next += 1;
            if let Some(above) = self.class(&parent, thunk.env)
                && let Some(script) = self.script(above.file)
                && let Expr::Template(template) = script.expr(above.expr)
            {
                let scope = self.frames.add(Some(above.env), Some(members));
                self.frames.define(members, scope, above.file, script, &template.body);
                parents.extend(template.parents.iter().cloned());
            }
        }
        Object { name: template.name.as_ref().into(), members, parents }
    }

    fn instance(&mut self, name: &str, args: &[Arg], body: &[ExprId], thunk: Thunk) -> Value {
        if name.ends_with("Dockerfile") {
            return self.recipe(body, thunk);
        }
        // `new { val spark = "…" }` is an object without a name.
        if name.is_empty() {
            let (kind, body) = (TemplateKind::Object, body.to_vec());
            let template =
                Template { kind, name: name.into(), params: Vec::new(), parents: Vec::new(), body, implicit: false };
            return Value::Object(Rc::new(self.instantiate(&template, thunk, Vec::new())));
        }
        let args = self.args(args, thunk);
        match self.class(name, thunk.env) {
            Some(class) => self.construct(class, args),
            None => Value::unknown(format!("`{name}` is a class of a library")),
        }
    }

    /// A truth value that is an argument of some call in an expression: `x.copy(name = false)`.
    pub(super) fn argument(&self, thunk: Thunk, methods: &[&str], name: &str) -> Option<bool> {
        let script = self.script(thunk.file)?;
        let mut at = thunk.expr;
        while let Expr::Select(left, _) | Expr::Method(left, _, _) | Expr::Apply(left, _) = script.expr(at) {
            if let Expr::Method(_, method, args) = script.expr(at)
                && methods.contains(&&**method)
            {
                let arg = args.iter().find(|arg| arg.name.as_deref() == Some(name));
                let arg = arg.or_else(|| args.first().filter(|_| &**method != "copy"))?;
                return match script.expr(arg.value) {
                    Expr::Bool(b) => Some(*b),
                    _ => None,
                };
            }
            at = *left;
        }
        None
    }

    /// The statements of a frame that are no definitions, computed in order.
    pub(super) fn run(&mut self, file: usize, env: Env) -> Vec<(Value, Span)> {
        let Some(script) = self.script(file) else { return Vec::new() };
        let mut values = Vec::new();
        for id in &script.statements {
            if !matches!(script.expr(*id), Expr::Val(..) | Expr::Def(..) | Expr::Template(_) | Expr::Import(..)) {
                values.push((self.value(Thunk { file, expr: *id, env }), script.span(*id)));
            }
        }
        values
    }
}

/// `:=` and the like.
fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        ":=" | "<<=" => Operator::Set,
        "+=" => Operator::Add,
        "++=" => Operator::AddAll,
        "-=" => Operator::Remove,
        "--=" => Operator::RemoveAll,
        "~=" => Operator::Change,
        _ => return None,
    })
}

/// A setting: its right side is computed when a project asks for it.
fn assignment(left: Value, operator: Operator, args: &[Arg], thunk: Thunk, span: Span) -> Value {
    let (Value::Key(key), Some(first)) = (left, args.first()) else {
        return Value::unknown("what is set here is no key that is known");
    };
    let value = match args {
        [only] => Assigned::Thunk(Thunk { expr: only.value, ..thunk }),
        _ => Assigned::Thunk(Thunk { expr: first.value, ..thunk }),
    };
    let key = Key::clone(&key);
    Value::Setting(Rc::new(Setting { key, operator, value, span }))
}

/// Whether what is called keeps its argument for later.
fn is_deferring(left: &Value, name: &str) -> bool {
    const LATER: [&str; 7] = ["setting", "settingDyn", "task", "taskDyn", "taskIf", "inputTask", "inputTaskDyn"];
    left.key_name() == Some("Def") && LATER.contains(&name)
}

fn deferred(args: &[Arg], thunk: Thunk) -> Value {
    args.first().map_or(Value::Unit, |arg| Value::Deferred(Thunk { expr: arg.value, ..thunk }))
}
