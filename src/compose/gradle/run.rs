//! Runs the scripts of one build for one combination of answers: what Gradle would do, as far as we know it.
//!
//! Nothing is executed: calls that we do not know do nothing, and their values are not known.

mod assign;
mod call;
mod collection;
mod condition;
mod dependency;
mod expression;
mod extension;
mod method;
mod name;
mod plugin;
mod settings;
mod statement;
mod task;
mod text;

use super::axis::{Choice, Questions};
use super::catalog::Catalog;
use super::project::Project;
use super::value::{Value, Why};
use super::world::World;
use crate::read::gradle::{Expression, Script, Statement};
use crate::source::Span;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// How deep calls, blocks and expressions may lead into one another.
const MAX_DEPTH: usize = 96;

/// How many projects one build may have.
const MAX_PROJECTS: usize = 20_000;

/// A property's default, and its name: a command may set it to something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outside {
    pub(super) span: Span,
    pub(super) name: Box<str>,
}

/// What a block speaks about.
#[derive(Debug, Clone, PartialEq)]
enum Delegate {
    Settings,
    Project(usize),
    Buildscript(usize),
    Extra(usize),
    Dependencies(usize),
    Constraints(usize),
    Configurations(usize),
    Configuration(usize, Rc<str>),
    Plugins(usize),
    /// An extension or task, by the names that lead to it.
    Extension(usize, Vec<Rc<str>>),
    /// Version catalogs, or one of them.
    Catalogs(Option<Rc<str>>),
    /// What does not concern us.
    Nothing,
}

/// The variables of one script or function.
#[derive(Default)]
struct Context<'a> {
    path: String,
    scopes: Vec<HashMap<Box<str>, Value<'a>>>,
}

pub(super) struct Run<'w, 'a> {
    world: &'w World<'a>,
    choice: &'w Choice,
    questions: &'w mut Questions,
    pub(super) projects: Vec<Project<'a>>,
    /// Projects by their parent and name.
    children: HashMap<(usize, String), usize>,
    /// The same by the names that `projects.` has for them.
    accessors: HashMap<(usize, String), usize>,
    catalogs: HashMap<Rc<str>, Rc<Catalog>>,
    contexts: Vec<Context<'a>>,
    /// What the code of the build defines for all scripts.
    globals: HashMap<Box<str>, Value<'a>>,
    delegates: Vec<Delegate>,
    /// Scripts that are being run, so that none runs itself.
    running: Vec<&'a str>,
    pub(super) outside: Vec<Outside>,
    pub(super) losses: BTreeMap<Span, &'static str>,
    /// Settings include projects that are not known.
    open: bool,
    depth: usize,
    steps: &'w mut usize,
}

impl<'w, 'a> Run<'w, 'a> {
    /// Runs the build whose root is a folder. `steps` is how many statements may still be run.
    pub(super) fn of(
        world: &'w World<'a>,
        root: &str,
        choice: &'w Choice,
        questions: &'w mut Questions,
        steps: &'w mut usize,
    ) -> Self {
        let mut run = Self {
            world,
            choice,
            questions,
            projects: Vec::new(),
            children: HashMap::new(),
            accessors: HashMap::new(),
            catalogs: HashMap::new(),
            contexts: Vec::new(),
            globals: HashMap::new(),
            delegates: Vec::new(),
            running: Vec::new(),
            outside: Vec::new(),
            losses: BTreeMap::new(),
            open: false,
            depth: 0,
            steps,
        };
        let name = root.rsplit('/').next().unwrap_or(root).to_owned();
        run.projects.push(Project { name, folder: root.to_owned(), ..Project::default() });
        run.code(root);
        run.settings(root);
        if run.open {
            run.adopt(root);
        }
        // Parents come before their children.
        let mut at = 0;
        while at < run.projects.len() {
            run.build(at);
            at += 1;
        }
        for project in 0..run.projects.len() {
            for block in std::mem::take(&mut run.projects[project].later) {
                run.with(Delegate::Project(project), |run| run.run_block(block));
            }
        }
        run
    }

    /// The objects and values of `buildSrc`. They may name each other in any order: what is not known yet is asked once more.
    fn code(&mut self, root: &str) {
        let folder = super::world::beside(root, "buildSrc/");
        for _ in 0..2 {
            let world = self.world;
            for (path, script) in world.code.iter().filter(|(path, _)| path.starts_with(&folder)) {
                self.contexts.push(Context { path: (*path).to_owned(), scopes: vec![HashMap::new()] });
                self.statements(&script.body);
                let scope = self.contexts.pop().and_then(|mut context| context.scopes.pop());
                self.globals.extend(scope.into_iter().flatten());
            }
        }
    }

    /// It ended before its scripts did.
    pub(super) fn is_cut(&self) -> bool {
        *self.steps == 0
    }

    fn build(&mut self, project: usize) {
        let (folder, name) = (self.projects[project].folder.clone(), self.projects[project].name.clone());
        let root = self.projects[0].folder.clone();
        let written = |run: &mut Self, key: &str| {
            let own = run.written(&folder, key, key).or_else(|| run.written(&root, key, key));
            own.and_then(|value| value.as_text().ok())
        };
        let (version, group) = (written(self, "version"), written(self, "group"));
        let own = &mut self.projects[project];
        own.version = own.version.take().or(version);
        own.group = own.group.take().or(group);
        if let Some((path, script)) = self.world.build(&folder, &name) {
            self.projects[project].file = Some(script.file);
            self.script(path, script, Delegate::Project(project));
        }
    }

    fn script(&mut self, path: &'a str, script: &'a Script, delegate: Delegate) {
        if self.running.contains(&path) || self.running.len() > 16 {
            return;
        }
        self.running.push(path);
        let context = Context { path: path.to_owned(), scopes: vec![HashMap::new()] };
        self.contexts.push(context);
        let delegates = std::mem::replace(&mut self.delegates, vec![delegate]);
        // A script's functions may be called before they are written.
        for statement in &script.body.statements {
            if let Statement::Function { name, parameters, body } = statement {
                self.define(name, Value::Function(parameters, body));
            }
        }
        self.statements(&script.body);
        self.delegates = delegates;
        self.contexts.pop();
        self.running.pop();
    }

    /// Does something with another delegate.
    fn with<T>(&mut self, delegate: Delegate, f: impl FnOnce(&mut Self) -> T) -> T {
        self.delegates.push(delegate);
        let result = f(self);
        self.delegates.pop();
        result
    }

    fn delegate(&self) -> &Delegate {
        self.delegates.last().unwrap_or(&Delegate::Nothing)
    }

    /// The project that is spoken about.
    fn project(&self) -> usize {
        let of = |delegate: &Delegate| match delegate {
            Delegate::Project(p)
            | Delegate::Buildscript(p)
            | Delegate::Extra(p)
            | Delegate::Dependencies(p)
            | Delegate::Constraints(p)
            | Delegate::Configurations(p)
            | Delegate::Configuration(p, _)
            | Delegate::Plugins(p)
            | Delegate::Extension(p, _) => Some(*p),
            Delegate::Settings | Delegate::Catalogs(_) | Delegate::Nothing => None,
        };
        self.delegates.iter().rev().find_map(of).unwrap_or(0)
    }

    fn own(&mut self) -> &mut Project<'a> {
        let project = self.project();
        &mut self.projects[project]
    }

    fn lose(&mut self, span: Span, why: &'static str) {
        self.open |= self.delegates.contains(&Delegate::Settings);
        self.losses.insert(span, why);
    }

    fn unresolved(&mut self, span: Span, why: &Why) {
        let why = why.to_string();
        self.own().unresolved.push(crate::fact::Unresolved { span, why });
    }
}

/// What a statement leads to.
enum Flow<'a> {
    Value(Value<'a>),
    Return(Value<'a>),
}

impl<'a> Flow<'a> {
    fn value(self) -> Value<'a> {
        match self {
            Self::Value(value) | Self::Return(value) => value,
        }
    }
}

/// An expression in short words, to tell it from others and to show it.
fn words(expression: &Expression) -> String {
    use crate::read::gradle::{ExpressionKind as Kind, Part};
    const MAX: usize = 96;
    let mut text = String::new();
    let mut open: Vec<Result<&Expression, &str>> = vec![Ok(expression)];
    while let Some(next) = open.pop().filter(|_| text.len() < MAX) {
        let expression = match next {
            Ok(expression) => expression,
            Err(word) => {
                text.push_str(word);
                continue;
            }
        };
        match &expression.kind {
            Kind::Name(name) => text.push_str(name),
            Kind::Number(number) => text.push_str(number.as_str()),
            Kind::Text(parts) => {
                let part = |p: &Part| if let Part::Literal(t) = p { t.as_str().to_owned() } else { "$".to_owned() };
                text.push('\'');
                text.extend(parts.iter().map(part));
                text.push('\'');
            }
            Kind::Member(of, name) => open.extend([Err(&**name), Err("."), Ok(&**of)]),
            Kind::Index(of, index) => open.extend([Err("]"), Ok(&**index), Err("["), Ok(&**of)]),
            Kind::Call { callee, arguments, .. } => {
                open.push(Err(")"));
                open.extend(arguments.iter().rev().map(|a| Ok(&a.value)));
                open.extend([Err("("), Ok(&**callee)]);
            }
            Kind::Not(of) => open.extend([Ok(&**of), Err("!")]),
            Kind::Binary(operator, a, b) => open.extend([Ok(&**b), Err(" "), Err(operator), Err(" "), Ok(a)]),
            _ => text.push('…'),
        }
    }
    text
}
