//! Effective settings of the plugins that decide what we ask for.

use super::scope::Scope;
use super::value::{Cases, Text, without};
use crate::fact::Variants;
use crate::read::pom::{Layer, Plugin};
use crate::source::Traced;
use std::collections::{HashMap, HashSet};

/// Plugins that run although no POM names them: what is managed for them holds.
const BOUND: [&str; 3] = ["maven-compiler-plugin", "maven-jar-plugin", "maven-war-plugin"];

/// No module has more settings of these plugins; the bound keeps comparing them with each other cheap.
const MAX_SETTINGS: usize = 1024;

/// One setting, in the evaluations in which nothing stronger replaces it.
pub(super) struct Setting<'a> {
    pub(super) plugin: &'a str,
    /// The execution it is made for; None where it holds for all.
    pub(super) execution: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) text: &'a Traced,
    pub(super) variants: Variants,
}

/// The settings of a module's plugins, the strongest first: its own before inherited ones, managed ones last.
pub(super) fn settings<'a>(scope: &Scope<'_, 'a>) -> Vec<Setting<'a>> {
    let mut named: HashSet<&str> = BOUND.into_iter().collect();
    let mut settings = Settings::default();
    settings.gather(
        scope,
        |layer| &layer.plugins,
        |plugin| {
            named.insert(&plugin.artifact);
            true
        },
    );
    settings.gather(scope, |layer| &layer.managed_plugins, |plugin| named.contains(&*plugin.artifact));
    settings.found
}

#[derive(Default)]
struct Settings<'a> {
    found: Vec<Setting<'a>>,
    taken: HashMap<(&'a str, Option<&'a str>, &'a str), Variants>,
}

impl<'a> Settings<'a> {
    fn gather(
        &mut self,
        scope: &Scope<'_, 'a>,
        section: impl Fn(&'a Layer) -> &'a Vec<Plugin>,
        mut counts: impl FnMut(&'a Plugin) -> bool,
    ) {
        for (depth, (number, entry)) in scope.ancestry().enumerate() {
            for (profile, layer) in super::world::layers(entry.pom) {
                let here = scope.holds(number, profile);
                let plugins = section(layer).iter().filter(|p| depth == 0 || p.inherited);
                for plugin in plugins.filter(|_| !here.is_empty()) {
                    if counts(plugin) {
                        self.plugin(plugin, here);
                    }
                }
            }
        }
    }

    fn plugin(&mut self, plugin: &'a Plugin, here: Variants) {
        let first = self.found.len();
        let executions = plugin.executions.iter().filter(|e| !e.disabled);
        let of_executions = executions.flat_map(|e| e.settings.iter().map(|s| (Some(&*e.id), s)));
        for (execution, setting) in of_executions.chain(plugin.settings.iter().map(|s| (None, s))) {
            let (plugin, path) = (&*plugin.artifact, &*setting.path);
            let taken = self.taken.get(&(plugin, execution, path)).copied().unwrap_or(Variants::NONE);
            let variants = without(here, taken);
            if !variants.is_empty() && self.found.len() < MAX_SETTINGS {
                self.found.push(Setting { plugin, execution, path, text: &setting.value, variants });
            }
        }
        // Only now: a list has several texts under one path.
        for setting in self.found.iter().skip(first) {
            let taken = self.taken.entry((setting.plugin, setting.execution, setting.path)).or_insert(Variants::NONE);
            *taken = taken.or(setting.variants);
        }
    }
}

/// The Java level that the main classes are compiled for: `release`, else `target`, from the plugin's configuration, else
/// from the properties that it reads.
pub(super) fn java_level(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>]) -> Cases<Text> {
    let mut level = Cases::default();
    let mut left = scope.holds(0, None);
    for path in ["release", "target"] {
        for execution in [Some("default-compile"), None] {
            let made = settings.iter().filter(|s| s.plugin == "maven-compiler-plugin" && s.execution == execution);
            for setting in made.filter(|s| s.path == path) {
                let here = left.and(setting.variants);
                let filled = scope.fill(setting.text, here);
                take(&mut level, &mut left, filled);
            }
        }
        let (property, _) = scope.defined(&format!("maven.compiler.{path}"), left);
        take(&mut level, &mut left, property);
    }
    level.in_order()
}

/// The Scala version that `scala-maven-plugin` compiles with, where it is set.
pub(super) fn scala_version(scope: &mut Scope<'_, '_>, settings: &[Setting<'_>]) -> Cases<Text> {
    let mut version = Cases::default();
    let mut left = scope.holds(0, None);
    for setting in settings.iter().filter(|s| s.plugin == "scala-maven-plugin" && s.path == "scalaVersion") {
        let filled = scope.fill(setting.text, left.and(setting.variants));
        take(&mut version, &mut left, filled);
    }
    version.in_order()
}

/// Takes what has a value for evaluations that have none yet.
fn take(cases: &mut Cases<Text>, left: &mut Variants, values: Cases<Text>) {
    for (variants, text) in values {
        let here = left.and(variants);
        if !text.as_ref().is_ok_and(|t| t.as_str().is_empty()) {
            cases.add(here, text);
            *left = without(*left, here);
        }
    }
}
