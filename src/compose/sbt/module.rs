//! What the projects of a build are in each of its evaluations.

use super::build::Build;
use super::library::suffix;
use super::value::{Library, Value};
use super::{Dependency, Link, Module};
use crate::compose::maven::{Cases, Text};
use crate::fact::{Scope, Unresolved, Variants};
use crate::source::{Span, Traced};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// The Scala versions that a build is crossed with beside the one it has by itself, in their order.
pub(super) fn crossed(build: &mut Build<'_>) -> Vec<Rc<Traced>> {
    let mut found: Vec<Rc<Traced>> = Vec::new();
    build.machine.scopes.evaluate(None);
    for project in 0..build.projects.len() {
        // Without a version of its own a project has sbt's, which is not known here.
        let own = build.machine.in_project(project, "scalaVersion", &[]);
        for version in build.machine.in_project(project, "crossScalaVersions", &[]).elements() {
            let Value::Text(version) = version else { continue };
            let other = own.as_text() != Some(version.as_str());
            if other && !found.iter().any(|known| known.as_str() == version.as_str()) {
                found.push(version);
            }
        }
    }
    found.truncate(Variants::MAX - 1);
    found
}

/// The modules of a build, evaluated with each Scala version.
pub(super) fn modules(build: &mut Build<'_>, number: usize, folder: &str, crossed: &[Rc<Traced>]) -> Vec<Module> {
    let mut modules: Vec<Growing> =
        (0..build.projects.len()).filter_map(|n| Growing::new(build, n, number, folder)).collect();
    let evaluations = std::iter::once(None).chain(crossed.iter().cloned().map(Some));
    for (index, forced) in evaluations.enumerate() {
        build.machine.scopes.evaluate(forced.clone());
        for module in &mut modules {
            module.evaluate(build, index, forced.as_deref());
        }
    }
    modules.into_iter().map(|growing| growing.module).collect()
}

/// A module that grows with each evaluation.
struct Growing {
    project: usize,
    module: Module,
    known: HashMap<Dependency, usize>,
    linked: HashMap<(usize, bool), usize>,
    unresolved: HashSet<(Span, Rc<str>)>,
}

impl Growing {
    fn new(build: &Build<'_>, project: usize, number: usize, folder: &str) -> Option<Self> {
        let found = build.projects.get(project)?;
        let base = found.base.as_deref().and_then(|base| crate::source::join(folder, base));
        let module = Module {
            build: number,
            id: found.id.to_string(),
            span: found.span,
            folder: base.unwrap_or_else(|| folder.to_owned()),
            organization: Cases::default(),
            name: Cases::default(),
            version: Cases::default(),
            scala: Cases::default(),
            java: Cases::default(),
            reached: Variants::NONE,
            dependencies: Vec::new(),
            links: Vec::new(),
            aggregates: found
                .aggregates
                .iter()
                .filter_map(|(id, span)| Some((build.machine.scopes.number(id)?, *span)))
                .collect(),
            aggregator: false,
            artefacts: Vec::new(),
            assembly: None,
            forks: Vec::new(),
            image: None,
            unresolved: Vec::new(),
        };
        let (known, linked, unresolved) = (HashMap::new(), HashMap::new(), HashSet::new());
        Some(Self { project, module, known, linked, unresolved })
    }

    fn evaluate(&mut self, build: &mut Build<'_>, index: usize, forced: Option<&Traced>) {
        let machine = &mut build.machine;
        let here = Variants::only(index);
        let scala = machine.in_project(self.project, "scalaVersion", &[]);
        // A project that is not crossed with a version is no part of that evaluation.
        if forced.is_some_and(|forced| scala.as_text() != Some(forced.as_str())) {
            return;
        }
        self.module.reached = self.module.reached.or(here);
        let binary = machine.in_project(self.project, "scalaBinaryVersion", &[]);
        for (key, cases) in [
            ("organization", &mut self.module.organization),
            ("name", &mut self.module.name),
            ("version", &mut self.module.version),
        ] {
            let value = machine.in_project(self.project, key, &[]);
            cases.add(here, text(&value));
        }
        self.module.scala.add(here, text(&scala));
        if let Some(java) = super::compiler::java(machine, self.project) {
            self.module.java.add(here, Ok(Arc::new(java)));
        }
        let mut libraries = machine.in_project(self.project, "libraryDependencies", &[]).elements();
        let overrides = machine.in_project(self.project, "dependencyOverrides", &[]).elements();
        libraries.extend(super::spark_package::components(build, self.project));
        let mut open: Vec<Value> = libraries.into_iter().rev().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Library(library) => self.library(&library, &overrides, &scala, &binary, here),
                Value::List(values) => open.extend(values.iter().rev().cloned()),
                Value::Some(value) => open.push(Value::clone(&value)),
                Value::Unknown(unknown) => self.unknown(unknown.span.unwrap_or(self.module.span), &unknown.why),
                Value::Nothing | Value::Absent(_) | Value::Unit | Value::Null => {}
                other => self.unknown(self.module.span, &other.why()),
            }
        }
        self.links(build, &scala, here);
        super::artefact::artefacts(build, self.project, &binary, &mut self.module.artefacts);
        if index == 0 {
            self.module.aggregator = self.is_aggregator(build);
            self.module.assembly = super::artefact::assembly(build, self.project);
            self.module.forks = super::fork::forks(build, self.project);
            self.module.image = super::image::image(build, self.project, &self.module.folder);
        }
    }

    fn library(&mut self, library: &Library, overrides: &[Value], scala: &Value, binary: &Value, here: Variants) {
        let (name, scala) = match suffix(&library.cross, scala, binary) {
            Ok(suffix) => (Traced::clone(&library.name), suffix),
            Err(why) => {
                self.unknown(library.span, &why);
                (Traced::clone(&library.name), None)
            }
        };
        let of_same = overrides.iter().filter_map(|value| match value {
            Value::Library(other) => Some(other),
            _ => None,
        });
        let overridden = of_same
            .filter(|other| {
                other.organization.as_str() == library.organization.as_str()
                    && other.name.as_str() == library.name.as_str()
                    && (other.cross == library.cross)
            })
            .find_map(|other| other.version.clone());
        let version = overridden.or_else(|| library.version.clone());
        let version: Text = match version {
            Some(Ok(version)) => Ok(Arc::new(Traced::clone(&version))),
            Some(Err(why)) => {
                self.unknown(library.span, &why);
                Err(why.as_ref().into())
            }
            None => Err("it has no version".into()),
        };
        let (scope, travels) = scope(library.configurations.as_deref());
        let dependency = Dependency {
            organization: Traced::clone(&library.organization),
            name,
            // Where they are used is here, wherever they are written.
            scala: scala.map(|scala| Traced::concat(library.span, [scala])),
            version: version.ok().map(|version| Traced::concat(library.span, [Traced::clone(&version)])),
            scope,
            travels,
            classifier: library.classifier.as_deref().map(str::to_owned),
            exclusions: library.exclusions.iter().map(ToString::to_string).collect(),
            span: library.span,
        };
        let at = *self.known.entry(dependency.clone()).or_insert(self.module.dependencies.len());
        match self.module.dependencies.get_mut(at) {
            Some((variants, _)) => *variants = variants.or(here),
            None => self.module.dependencies.push((here, dependency)),
        }
    }

    fn links(&mut self, build: &mut Build<'_>, scala: &Value, here: Variants) {
        let Some(project) = build.projects.get(self.project) else { return };
        for (id, configurations, span) in project.depends.clone() {
            let row = build.matrices.get(&id).cloned();
            let target = match row {
                Some(rows) => rows.into_iter().find(|row| {
                    let other = build.machine.in_project(*row, "scalaVersion", &[]);
                    scala.equals(&other) == Some(true)
                }),
                None => build.machine.scopes.number(&id),
            };
            let Some(target) = target.filter(|target| *target != self.project) else { continue };
            let (linked, travels) = uses(configurations.as_deref());
            let at = *self.linked.entry((target, linked)).or_insert(self.module.links.len());
            match self.module.links.get_mut(at) {
                Some(link) => link.variants = link.variants.or(here),
                None => self.module.links.push(Link { target, linked, travels, span, variants: here }),
            }
        }
    }

    /// Whether a project only holds others together: what it has of its own is nothing that runs.
    fn is_aggregator(&self, build: &mut Build<'_>) -> bool {
        let has_own =
            !self.module.links.is_empty() || !self.module.dependencies.is_empty() && !self.only_inherits(build);
        !self.module.aggregates.is_empty() && !has_own
    }

    /// All libraries are the whole build's: nothing adds one to this project alone.
    fn only_inherits(&self, build: &Build<'_>) -> bool {
        let own = build.machine.scopes.own(self.project, "libraryDependencies");
        !own
    }

    fn unknown(&mut self, span: Span, why: &Rc<str>) {
        if self.unresolved.insert((span, why.clone())) {
            self.module.unresolved.push(Unresolved { span, why: why.to_string() });
        }
    }
}

fn text(value: &Value) -> Text {
    match value {
        Value::Text(text) => Ok(Arc::new(Traced::clone(text))),
        other => Err(other.why().as_ref().into()),
    }
}

/// When a library is on the class path, and whether it comes along to what depends on the project.
fn scope(configurations: Option<&str>) -> (Scope, bool) {
    let Some(configurations) = configurations else { return (Scope::Compile, true) };
    let mut best = (Scope::Other, false);
    // `test->compile`, `it,test`, `compile;provided`: what counts is where it is used here.
    for name in configurations.split([';', ',']).map(|part| part.split("->").next().unwrap_or(part).trim()) {
        let found = match name.trim_matches(['(', ')', ' ']) {
            "compile" | "default" | "*" => (Scope::Compile, true),
            "optional" => (Scope::Compile, false),
            "provided" => (Scope::Provided, false),
            "runtime" => (Scope::Runtime, true),
            "test" | "it" | "integrationtest" => (Scope::Test, false),
            _ => (Scope::Other, false),
        };
        if found.0 < best.0 {
            best = found;
        }
    }
    best
}

/// Whether a project's code ends up in the one that depends on it, and comes along from there.
fn uses(configurations: Option<&str>) -> (bool, bool) {
    let (scope, travels) = scope(configurations);
    (scope.is_on_class_path(), travels)
}
