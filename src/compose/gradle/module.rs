//! From what scripts said in each evaluation to modules that hold in all of them.

mod archive;

use super::project::{JavaSetting, Project, What};
use super::run::Run;
use super::value::Notation;
use super::{BuiltImage, Dependency, Module, Target};
use crate::fact::{Scope, Unresolved, Variants};
use crate::source::{FileId, Span, Traced};
use archive::{artefacts, fat_jar};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

/// Plugins that build something that can run.
const BUILDING: [&str; 14] = [
    "java",
    "java-library",
    "application",
    "scala",
    "groovy",
    "kotlin",
    "war",
    "org.jetbrains.kotlin.jvm",
    "org.gradle.scala",
    "org.springframework.boot",
    "kotlin-jvm",
    "org.gradle.java",
    "org.gradle.java-library",
    "scala-base",
];

/// The shadow plugin's ids.
const SHADOW: [&str; 4] = [
    "com.github.johnrengelman.shadow",
    "com.gradleup.shadow",
    "io.github.goooler.shadow",
    "com.github.johnrengelman.plugin-shadow",
];

/// More names than this say nothing more about a module.
const MAX_NAMES: usize = 64;

/// The modules of one build, evaluation by evaluation.
pub(super) struct Merged {
    build: usize,
    modules: Vec<Module>,
    /// Positions in `modules` by folder and path.
    places: HashMap<(String, String), usize>,
    dependencies: Vec<Folded<Dependency>>,
    java: Vec<Folded<(&'static str, Traced)>>,
    scala: Vec<Folded<Traced>>,
}

/// Facts with the evaluations they hold in.
struct Folded<T> {
    list: Vec<(Variants, T)>,
    places: HashMap<T, usize>,
}

impl<T> Default for Folded<T> {
    fn default() -> Self {
        Self { list: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Folded<T> {
    fn add(&mut self, fact: T, evaluation: usize) {
        let at = *self.places.entry(fact.clone()).or_insert(self.list.len());
        if at == self.list.len() {
            self.list.push((Variants::NONE, fact));
        }
        if let Some((variants, _)) = self.list.get_mut(at) {
            *variants = variants.or(Variants::only(evaluation));
        }
    }
}

impl Merged {
    pub(super) fn new(build: usize) -> Self {
        Self {
            build,
            modules: Vec::new(),
            places: HashMap::new(),
            dependencies: Vec::new(),
            java: Vec::new(),
            scala: Vec::new(),
        }
    }

    /// Where the build's first project is named.
    pub(super) fn first(&self) -> Option<Span> {
        self.modules.first().map(|module| module.span)
    }

    /// Adds what one evaluation says.
    pub(super) fn add(&mut self, run: &Run<'_, '_>, evaluation: usize) {
        for (number, project) in run.projects.iter().enumerate() {
            let Some(file) = project.file else { continue };
            let key = (project.folder.clone(), run.path_of(number));
            let at = *self.places.entry(key).or_insert(self.modules.len());
            if at == self.modules.len() {
                self.modules.push(module(project, file, run.path_of(number), self.build));
                self.dependencies.push(Folded::default());
                self.java.push(Folded::default());
                self.scala.push(Folded::default());
            }
            self.merge(at, run, project, evaluation);
        }
    }

    fn merge(&mut self, at: usize, run: &Run<'_, '_>, project: &Project<'_>, evaluation: usize) {
        let scopes = Scopes::of(project);
        let managed = Managed::of(run, project);
        let mut unresolved: Vec<Unresolved> = project.unresolved.clone();
        for declared in &project.declared {
            let scope = scopes.of_configuration(&declared.configuration);
            let dependency = match &declared.what {
                What::Library(library) if !library.platform => Some(managed.library(library)),
                What::Local(local) if !local.platform => {
                    let plain = local
                        .configuration
                        .as_deref()
                        .is_none_or(|c| matches!(c, "shadow" | "default" | "runtimeElements"));
                    let folder = run.projects.get(local.project).map(|p| p.folder.clone());
                    folder.filter(|_| plain).map(Target::Project)
                }
                _ => None,
            };
            let Some(target) = dependency else { continue };
            if let Target::Library { version: Err(why), .. } = &target {
                unresolved.push(Unresolved { span: declared.span, why: why.clone() });
            }
            let mut exclusions = declared.exclusions.clone();
            exclusions.extend(scopes.exclusions(project, &declared.configuration));
            if let Target::Library { group, name, .. } = &target
                && excluded(&scopes.exclusions(project, &declared.configuration), group.as_str(), name.as_str())
            {
                continue;
            }
            exclusions.sort_unstable();
            exclusions.dedup();
            let dependency = Dependency {
                configuration: declared.configuration.clone(),
                scope,
                target,
                exclusions,
                span: declared.span,
            };
            self.dependencies[at].add(dependency, evaluation);
        }
        if let Some(java) = java_level(project) {
            self.java[at].add(java, evaluation);
        }
        if let Some(scala) = project.scala.as_ref().and_then(|text| text.known().ok()) {
            self.scala[at].add(scala, evaluation);
        }
        let module = &mut self.modules[at];
        module.reached = module.reached.or(Variants::only(evaluation));
        let builds = project.plugins.iter().any(|p| BUILDING.contains(&&*p.id));
        module.aggregator &= !builds && project.declared.is_empty();
        module.application |= project.applies("application");
        let names: BTreeSet<String> = module.artefacts.drain(..).chain(artefacts(project)).collect();
        module.artefacts = names.into_iter().take(MAX_NAMES).collect();
        // What differs between evaluations here is judged as in the first.
        if module.fat_jar.is_none() {
            module.fat_jar = fat_jar(project);
        }
        if module.image.is_none() {
            module.image = project
                .jib
                .as_ref()
                .and_then(|jib| Some(BuiltImage { span: jib.span?, from: jib.from.clone(), to: jib.to.clone() }));
        }
        for one in unresolved {
            if !module.unresolved.contains(&one) && module.unresolved.len() < 1024 {
                module.unresolved.push(one);
            }
        }
    }

    /// The modules, and the evaluations that differ from those before them.
    pub(super) fn finish(mut self, evaluations: usize) -> (Vec<Module>, Vec<usize>) {
        let all = self.dependencies.iter().flat_map(|d| d.list.iter().map(|(v, _)| *v));
        let java = self.java.iter().flat_map(|j| j.list.iter().map(|(v, _)| *v));
        let scala = self.scala.iter().flat_map(|j| j.list.iter().map(|(v, _)| *v));
        let facts: HashSet<u64> =
            all.chain(java).chain(scala).chain(self.modules.iter().map(|m| m.reached)).map(|v| v.0).collect();
        let facts: Vec<Variants> = facts.into_iter().map(Variants).collect();
        let mut seen: HashSet<Vec<bool>> = HashSet::new();
        let kept: Vec<usize> =
            (0..evaluations).filter(|n| seen.insert(facts.iter().map(|v| v.has(*n)).collect())).collect();
        let narrow = |variants: Variants| {
            let bits =
                kept.iter().enumerate().filter(|(_, old)| variants.has(**old)).map(|(new, _)| Variants::only(new));
            bits.fold(Variants::NONE, Variants::or)
        };
        for (at, module) in self.modules.iter_mut().enumerate() {
            let dependencies = std::mem::take(&mut self.dependencies[at].list);
            module.dependencies = dependencies.into_iter().map(|(v, d)| (narrow(v), d)).collect();
            module.java = std::mem::take(&mut self.java[at].list).into_iter().map(|(v, j)| (narrow(v), j)).collect();
            module.scala = std::mem::take(&mut self.scala[at].list).into_iter().map(|(v, s)| (narrow(v), s)).collect();
            module.reached = narrow(module.reached);
        }
        (self.modules, kept)
    }
}

fn module(project: &Project<'_>, file: FileId, path: String, build: usize) -> Module {
    let start = Span::new(file, 0..0);
    Module {
        file,
        span: project.named_at.as_ref().map_or(start, Traced::span),
        build,
        folder: project.folder.clone(),
        path,
        name: project.name.clone(),
        group: project.group.as_ref().and_then(|group| group.known().ok()).map(|text| text.as_str().to_owned()),
        version: project.version.as_ref().and_then(|version| version.known().ok()),
        reached: Variants::NONE,
        aggregator: true,
        dependencies: Vec::new(),
        java: Vec::new(),
        scala: Vec::new(),
        artefacts: Vec::new(),
        fat_jar: None,
        application: false,
        image: None,
        unresolved: Vec::new(),
    }
}

/// When the dependencies of a configuration are on the class path of what is built.
struct Scopes<'p> {
    extends: HashMap<&'p str, Vec<&'p str>>,
}

impl<'p> Scopes<'p> {
    fn of(project: &'p Project<'_>) -> Self {
        // From a configuration to those that have its dependencies.
        let mut extends: HashMap<&str, Vec<&str>> = HashMap::new();
        for (heir, from) in &project.extends {
            extends.entry(from).or_default().push(heir);
        }
        Self { extends }
    }

    fn of_configuration(&self, name: &str) -> Scope {
        if let Some(scope) = standard(name) {
            return scope;
        }
        let (mut open, mut seen) = (vec![name], HashSet::from([name]));
        let mut found = Scope::Other;
        while let Some(next) = open.pop() {
            for heir in self.extends.get(next).into_iter().flatten() {
                match standard(heir) {
                    Some(Scope::Compile) => return Scope::Compile,
                    Some(scope) if found == Scope::Other || scope == Scope::Provided => found = scope,
                    _ => {}
                }
                if seen.insert(heir) {
                    open.push(heir);
                }
            }
        }
        found
    }

    /// What a configuration leaves out, itself or because all do.
    fn exclusions(&self, project: &Project<'_>, configuration: &str) -> Vec<String> {
        let is_main = !matches!(self.of_configuration(configuration), Scope::Test | Scope::Other);
        let concerns = |of: &str| {
            of == "*"
                || of == configuration
                || (is_main && matches!(of, "implementation" | "compile" | "runtimeClasspath"))
        };
        project.excludes.iter().filter(|(of, _)| concerns(of)).map(|(_, pattern)| pattern.clone()).collect()
    }
}

/// The configurations that plugins of Gradle, Kotlin and Spring make.
fn standard(name: &str) -> Option<Scope> {
    Some(match name {
        "implementation" | "api" | "compile" => Scope::Compile,
        "compileOnly" | "compileOnlyApi" | "provided" | "providedCompile" | "providedRuntime" | "shadow"
        | "compileClasspath" => Scope::Provided,
        "runtimeOnly" | "runtime" | "runtimeClasspath" => Scope::Runtime,
        "annotationProcessor" | "kapt" | "ksp" | "classpath" | "antlr" | "developmentOnly" | "zinc" | "jmh" => {
            Scope::Other
        }
        _ if name.starts_with("test") || name.contains("Test") => Scope::Test,
        _ => return None,
    })
}

/// Whether `group:name` is among some patterns.
fn excluded(patterns: &[String], group: &str, name: &str) -> bool {
    let fits = |pattern: &str, text: &str| pattern == "*" || pattern == text;
    patterns.iter().filter_map(|p| p.split_once(':')).any(|(g, n)| fits(g, group) && fits(n, name))
}

/// Versions that come from elsewhere than the dependency itself.
struct Managed<'p, 'a> {
    project: &'p Project<'a>,
    constraints: HashMap<(&'p str, &'p str), &'p Result<Traced, super::value::Why>>,
}

impl<'p, 'a> Managed<'p, 'a> {
    fn of(run: &'p Run<'_, 'a>, project: &'p Project<'a>) -> Self {
        let mut constraints = HashMap::new();
        let platforms = project.declared.iter().filter_map(|declared| match &declared.what {
            What::Local(local) if local.platform => run.projects.get(local.project),
            _ => None,
        });
        // The project's own come last: they replace a platform's.
        for of in platforms.chain([project]) {
            for constraint in &of.constraints {
                constraints.insert((constraint.group.as_str(), constraint.name.as_str()), &constraint.version);
            }
        }
        Self { project, constraints }
    }

    fn library(&self, library: &Notation) -> Target {
        let (group, name) = (library.group.as_str(), library.name.as_str());
        let forced = self.project.forced.iter().rev().find(|f| f.group.as_str() == group && f.name.as_str() == name);
        let ruled = self.project.ruled.iter().any(|of| **of == *"*" || **of == *group);
        let constraint = self.constraints.get(&(group, name));
        let version = match (forced.and_then(|f| f.version.clone()), &library.version, constraint) {
            (Some(version), _, _) => version,
            (None, Some(version), _) => version.clone(),
            (None, None, Some(version)) => Result::clone(version),
            (None, None, None) => {
                Err("it has no version here: a platform or plugin outside of this repository gives one".into())
            }
        };
        let version = match version {
            Ok(_) if ruled && forced.is_none() => Err("a rule of the build may replace its version".to_owned()),
            Ok(version) if version.as_str().is_empty() => Err("its version is empty".to_owned()),
            Ok(version) => Ok(version),
            Err(why) => Err(why.to_string()),
        };
        Target::Library {
            group: library.group.clone(),
            name: library.name.clone(),
            version,
            classifier: library.classifier.clone(),
        }
    }
}

/// The oldest Java that can load what a project builds: the strongest setting, of several the last.
fn java_level(project: &Project<'_>) -> Option<(&'static str, Traced)> {
    let strongest = project.java.iter().map(|(setting, _)| *setting).min()?;
    let (setting, text) = project.java.iter().rev().find(|(setting, _)| *setting == strongest)?;
    text.known().ok().map(|text| (JavaSetting::name(*setting), text))
}
