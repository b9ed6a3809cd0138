//! A build: its files, the projects they define, and the settings of each.

use super::frame::Slot;
use super::machine::Machine;
use super::project::{plugin_name, settings_of};
use super::value::{Argument, Assigned, Env, Key, Operator, Project, Row, Setting, Thunk, Value, Whose};
use crate::read::sbt::{Expr, Pattern, Script, TemplateKind};
use crate::source::{FileId, Span};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What sbt's own plugins are told with needs few expressions.
const PLUGIN_STEPS: usize = 10_000;

/// The files of a build.
#[derive(Debug, Default)]
pub(super) struct Files<'a> {
    /// The build's folder, below the root of everything.
    pub(super) folder: String,
    /// `*.sbt` in it.
    pub(super) scripts: Vec<(FileId, &'a Script)>,
    /// Scala sources of its folder `project`.
    pub(super) sources: Vec<(FileId, &'a Script)>,
    /// `*.sbt` of the folder `project`: what the build itself needs.
    pub(super) plugins: Vec<(FileId, &'a Script)>,
    /// `*.sbt` in folders below, by folder relative to the build's.
    pub(super) below: Vec<(String, FileId, &'a Script)>,
}

/// A build whose projects are known.
pub(super) struct Build<'a> {
    pub(super) machine: Machine<'a>,
    /// The projects, by their number in the machine's scopes.
    pub(super) projects: Vec<Project>,
    /// The rows of matrices: their projects by the matrix's name.
    pub(super) matrices: HashMap<Rc<str>, Vec<usize>>,
    /// Folders below the build's that are its projects' own.
    pub(super) folders: HashSet<String>,
    /// Libraries that the build itself is made with: `sbt-assembly`.
    pub(super) plugins: Vec<String>,
}

/// The settings and plugins that stand in scripts outside of projects.
#[derive(Default)]
struct Bare {
    settings: Vec<Rc<Setting>>,
    plugins: Vec<Rc<str>>,
}

impl<'a> Build<'a> {
    /// Reads the definitions of a build and finds its projects.
    pub(super) fn of(files: &Files<'a>, steps: usize) -> Self {
        let all = files.scripts.iter().chain(&files.sources).map(|(_, script)| *script);
        let below = files.below.iter().map(|(_, _, script)| *script);
        let mut machine = Machine::new(all.chain(below).collect(), steps);
        let (scripts, sources) = (files.scripts.len(), files.sources.len());
        let plugins = define_sources(&mut machine, scripts..scripts + sources);
        let own = script_frame(&mut machine, 0..scripts, &plugins);
        let mut projects = projects_of(&mut machine, 0..scripts, own);
        projects.extend(projects_of_objects(&mut machine, scripts..scripts + sources));
        let mut bare = bare(&mut machine, 0..scripts, own);
        let mut seen = HashSet::new();
        projects.retain(|project| !project.foreign && seen.insert(project.id.clone()));
        let span = files.scripts.first().or(files.sources.first()).map(|(file, _)| Span::new(*file, 0..0));
        if !projects.iter().any(|project| project.base.as_deref() == Some(""))
            && let Some(span) = span.filter(|_| !files.scripts.is_empty() || !projects.is_empty())
        {
            projects.insert(0, root(&files.folder, &projects, span));
        }
        let mut build = Self {
            machine,
            projects: Vec::new(),
            matrices: HashMap::new(),
            folders: HashSet::new(),
            plugins: build_plugins(&files.plugins),
        };
        build.number(projects);
        build.settle(&plugins, &mut bare);
        for (at, (folder, ..)) in files.below.iter().enumerate() {
            build.below(folder, scripts + sources + at, &plugins);
        }
        build
    }

    /// Gives each project its number; of a matrix, each row.
    fn number(&mut self, projects: Vec<Project>) {
        for project in projects {
            if !project.is_matrix || project.rows.is_empty() {
                self.machine.scopes.add(project.id.clone(), project.base.clone(), project.span);
                self.projects.push(project);
                continue;
            }
            for row in project.rows.clone() {
                let mut one = project.clone();
                one.id = row_id(&project.id, &row);
                one.settings.extend(row.settings.iter().cloned());
                one.settings.extend(row.scala.map(|scala| scala_version(Value::Text(scala), project.span)));
                let number = self.machine.scopes.add(one.id.clone(), one.base.clone(), one.span);
                self.matrices.entry(project.id.clone()).or_default().push(number);
                self.projects.push(one);
            }
        }
    }

    /// Puts all settings where they belong: those of plugins first, then a project's own, then those beside it in scripts.
    fn settle(&mut self, plugins: &[Plugin], bare: &mut Bare) {
        for number in 0..self.projects.len() {
            let Some(project) = self.projects.get_mut(number) else { continue };
            if project.base.as_deref() == Some("") {
                project.plugins.append(&mut bare.plugins);
            }
            self.folders.extend(project.base.as_deref().filter(|base| !base.is_empty()).map(str::to_owned));
            let enabled = project.plugins.clone();
            for plugin in plugins.iter().filter(|plugin| plugin.always || enabled.contains(&plugin.name)) {
                for setting in plugin.settings(&mut self.machine, "projectSettings") {
                    self.machine.scopes.put(setting, Some(number));
                }
            }
        }
        for plugin in plugins {
            for setting in plugin.settings(&mut self.machine, "buildSettings") {
                self.machine.scopes.put(setting, None);
            }
            for setting in plugin.settings(&mut self.machine, "globalSettings") {
                self.machine.scopes.put(everyone(&setting), None);
            }
        }
        for (number, project) in self.projects.iter().enumerate() {
            for setting in &project.settings {
                self.machine.scopes.put(setting.clone(), Some(number));
            }
        }
        let root = self.projects.iter().position(|project| project.base.as_deref() == Some(""));
        for setting in bare.settings.drain(..) {
            self.machine.scopes.put(setting, root);
        }
    }

    /// A script in a project's own folder.
    fn below(&mut self, folder: &str, file: usize, plugins: &[Plugin]) {
        let owners: Vec<usize> = (0..self.projects.len())
            .filter(|n| self.projects.get(*n).is_some_and(|project| project.base.as_deref() == Some(folder)))
            .collect();
        if owners.is_empty() {
            return;
        }
        let frame = script_frame(&mut self.machine, file..file + 1, plugins);
        let bare = bare(&mut self.machine, file..file + 1, frame);
        for owner in owners {
            for setting in &bare.settings {
                self.machine.scopes.put(setting.clone(), Some(owner));
            }
            if let Some(project) = self.projects.get_mut(owner) {
                project.plugins.extend(bare.plugins.iter().cloned());
            }
        }
    }
}

/// A plugin that the build defines itself.
struct Plugin {
    name: Rc<str>,
    object: Rc<super::value::Object>,
    /// Active without being enabled.
    always: bool,
}

impl Plugin {
    fn settings(&self, machine: &mut Machine<'_>, member: &str) -> Vec<Rc<Setting>> {
        let value = machine.member(&self.object, member);
        value.map(|value| settings_of(&value)).unwrap_or_default()
    }
}

/// Defines what the Scala sources of the folder `project` define, and gives the plugins among it.
fn define_sources(machine: &mut Machine<'_>, files: std::ops::Range<usize>) -> Vec<Plugin> {
    let mut objects = Vec::new();
    for file in files {
        let Some(script) = machine.files.get(file).copied() else { continue };
        let frame = machine.frames.add(Some(machine.library), None);
        let statements = unpacked(script);
        let (imports, others): (Vec<_>, Vec<_>) =
            statements.into_iter().partition(|id| matches!(script.expr(*id), Expr::Import(..) | Expr::Block(_)));
        machine.frames.define(frame, frame, file, script, &imports);
        machine.frames.define(machine.library, frame, file, script, &others);
        for id in others {
            if let Expr::Template(template) = script.expr(id) {
                extend(machine, Thunk { file, expr: id, env: frame });
                if template.kind == TemplateKind::Object {
                    objects.push((template.name.clone(), file));
                }
            }
        }
    }
    let mut plugins = Vec::new();
    for (name, file) in objects {
        let Some(Value::Object(object)) = machine.lookup(&name, machine.library) else { continue };
        extend_by_members(machine, &object, file);
        if object.parents.iter().any(|parent| &**parent == "AutoPlugin") {
            let always = machine.member(&object, "trigger");
            let always =
                always.as_ref().and_then(Value::key_name).is_some_and(|name| name.ends_with("allRequirements"));
            plugins.push(Plugin { name: object.name.clone(), object, always });
        }
    }
    plugins
}

/// A file's statements, those inside `package a { … }` included.
fn unpacked(script: &Script) -> Vec<crate::read::sbt::ExprId> {
    let mut found = Vec::new();
    for id in &script.statements {
        match script.expr(*id) {
            Expr::Block(inner) if !inner.iter().all(|id| matches!(script.expr(*id), Expr::Import(..))) => {
                found.extend(inner.iter().copied());
            }
            _ => found.push(*id),
        }
    }
    found
}

/// Notes the methods that an implicit class adds.
fn extend(machine: &mut Machine<'_>, thunk: Thunk) {
    let Some(script) = machine.files.get(thunk.file).copied() else { return };
    if let Expr::Template(template) = script.expr(thunk.expr)
        && template.implicit
        && template.params.len() == 1
    {
        for id in &template.body {
            if let Expr::Def(name, ..) = script.expr(*id) {
                machine.extensions.entry(name.clone()).or_insert(thunk);
            }
        }
    }
}

fn extend_by_members(machine: &mut Machine<'_>, object: &super::value::Object, file: usize) {
    for name in machine.frames.names(object.members) {
        if let Some(Slot::Thunk(thunk)) = machine.frames.slot(object.members, &name)
            && thunk.file == file
        {
            extend(machine, thunk);
        }
    }
}

/// The frame that a folder's scripts share: what plugins offer by themselves, and what the scripts define.
fn script_frame(machine: &mut Machine<'_>, files: std::ops::Range<usize>, plugins: &[Plugin]) -> Env {
    let outer = machine.frames.add(Some(machine.library), None);
    for plugin in plugins {
        if let Some(Value::Object(offered)) = machine.member(&plugin.object, "autoImport") {
            for name in machine.frames.names(offered.members) {
                if let Some(value) = machine.member(&offered, &name) {
                    machine.frames.set(outer, &name, Slot::Value(value));
                }
            }
        }
    }
    let frame = machine.frames.add(Some(outer), None);
    for file in files {
        let Some(script) = machine.files.get(file).copied() else { continue };
        machine.frames.define(frame, frame, file, script, &script.statements);
        for id in &script.statements {
            extend(machine, Thunk { file, expr: *id, env: frame });
        }
    }
    frame
}

/// The projects that a build's scripts define, in their order.
fn projects_of(machine: &mut Machine<'_>, files: std::ops::Range<usize>, frame: Env) -> Vec<Project> {
    let mut found = Vec::new();
    for file in files {
        let Some(script) = machine.files.get(file).copied() else { continue };
        for id in &script.statements {
            if let Expr::Val(Pattern::Bind(name), _) = script.expr(*id)
                && let Some(value) = machine.lookup(name, frame)
            {
                found.extend(value.elements().into_iter().filter_map(|value| match value {
                    Value::Project(project) => Some(Project::clone(&project)),
                    _ => None,
                }));
            }
        }
    }
    found
}

/// The projects of `object … extends Build`: how builds were written before sbt 0.13.
fn projects_of_objects(machine: &mut Machine<'_>, files: std::ops::Range<usize>) -> Vec<Project> {
    let mut found = Vec::new();
    for file in files {
        let Some(script) = machine.files.get(file).copied() else { continue };
        for id in unpacked(script) {
            let Expr::Template(template) = script.expr(id) else { continue };
            let is_build =
                template.parents.iter().any(|parent| parent.ends_with("Build") || parent.ends_with("BuildDef"));
            let object = if is_build { machine.lookup(&template.name, machine.library) } else { None };
            let Some(Value::Object(object)) = object else { continue };
            for id in &template.body {
                let values = match script.expr(*id) {
                    Expr::Val(Pattern::Bind(name), _) => machine.member(&object, name),
                    Expr::Def(name, ..) if &**name == "projectDefinitions" => {
                        let folder = Argument { name: None, value: Value::Path(Some("".into())) };
                        let function = machine.member(&object, name);
                        function.map(|function| machine.apply(function, vec![folder], script.span(*id)))
                    }
                    _ => None,
                };
                let values = values.map(|value| value.elements()).unwrap_or_default();
                found.extend(values.into_iter().filter_map(|value| match value {
                    Value::Project(project) => Some(Project::clone(&project)),
                    _ => None,
                }));
            }
        }
    }
    found
}

/// The settings that stand in scripts by themselves.
fn bare(machine: &mut Machine<'_>, files: std::ops::Range<usize>, frame: Env) -> Bare {
    let mut bare = Bare::default();
    for file in files {
        for (value, _) in machine.run(file, frame) {
            match &value {
                Value::Object(_) => {}
                Value::Tuple(plugins) => bare.plugins.extend(plugins.iter().filter_map(plugin_name)),
                value => bare.settings.extend(settings_of(value)),
            }
        }
    }
    bare
}

/// The project that sbt makes where none has the build's own folder: it holds the others together.
fn root(folder: &str, projects: &[Project], span: Span) -> Project {
    let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("root");
    let mut root = Project::new(name.into(), Some("".into()), span);
    root.aggregates = projects.iter().map(|project| (project.id.clone(), span)).collect();
    root
}

fn row_id(id: &str, row: &Row) -> Rc<str> {
    let version = row.scala.as_ref().and_then(|scala| super::library::binary(scala));
    version.map_or_else(|| id.into(), |version| format!("{id}{}", version.as_str().replace('.', "_")).into())
}

fn scala_version(value: Value, span: Span) -> Rc<Setting> {
    let key = Key { name: "scalaVersion".into(), whose: Whose::Here, within: Vec::new() };
    Rc::new(Setting { key, operator: Operator::Set, value: Assigned::Value(value), span })
}

fn everyone(setting: &Setting) -> Rc<Setting> {
    let mut key = setting.key.clone();
    if key.whose == Whose::Here {
        key.whose = Whose::Everyone;
    }
    let value = match &setting.value {
        Assigned::Thunk(thunk) => Assigned::Thunk(*thunk),
        Assigned::Value(value) => Assigned::Value(value.clone()),
    };
    Rc::new(Setting { key, operator: setting.operator, value, span: setting.span })
}

/// The names of sbt's own plugins: `addSbtPlugin("org" % "name" % "version")`.
fn build_plugins(files: &[(FileId, &Script)]) -> Vec<String> {
    let mut machine = Machine::new(files.iter().map(|(_, script)| *script).collect(), PLUGIN_STEPS);
    let mut names = Vec::new();
    for file in 0..files.len() {
        let frame = script_frame(&mut machine, file..file + 1, &[]);
        let added = machine.run(file, frame).into_iter().filter_map(|(value, _)| match value {
            Value::Library(library) => Some(library.name.as_str().to_owned()),
            _ => None,
        });
        names.extend(added);
    }
    names
}
