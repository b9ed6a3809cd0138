//! Plugins and scripts that a project applies.

use super::super::project::Plugin;
use super::super::value::Value;
use super::{Delegate, Run};
use crate::read::gradle::{Argument, Block};
use crate::source::{Span, Traced};
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    /// `apply plugin: 'x'`, `apply from: 'x.gradle'`, `apply { plugin("x") }`.
    pub(super) fn apply(&mut self, project: usize, arguments: &'a [Argument], block: Option<&'a Block>) {
        let plugin = self.argument(arguments, "plugin");
        let from = self.argument(arguments, "from");
        let before = self.projects[project].plugins.len();
        if let Some(id) = plugin.and_then(|plugin| plugin.known()) {
            let span = id.span();
            self.projects[project].plugins.push(Plugin { id: id.as_str().into(), span });
        }
        if let Some(from) = from {
            match from.known().map(|path| (self.script_at(path.as_str()), path)) {
                Some((Some(path), _)) => self.run_script(path, project),
                // A script of a URL, or of a folder that is not there.
                Some((None, path)) => {
                    self.lose(path.written(), "a script that is not in this repository is applied here");
                }
                None => {
                    let at = arguments.first().map(|argument| argument.value.span);
                    if let Some(at) = at {
                        self.lose(at, "which script is applied is only known when the build runs");
                    }
                }
            }
        }
        if let Some(block) = block {
            self.with(Delegate::Plugins(project), |run| run.run_block(block));
        }
        self.apply_scripts(project, before);
    }

    fn run_script(&mut self, path: &'a str, project: usize) {
        if let Some((path, script)) = self.world.script(path) {
            let delegate =
                if *self.delegate() == Delegate::Settings { Delegate::Settings } else { Delegate::Project(project) };
            self.script(path, script, delegate);
        }
    }

    /// Plugins that are scripts of this repository do what they say.
    pub(super) fn apply_scripts(&mut self, project: usize, from: usize) {
        let ids: Vec<Rc<str>> =
            self.projects[project].plugins.get(from..).unwrap_or_default().iter().map(|p| p.id.clone()).collect();
        let root = self.projects.first().map(|root| root.folder.clone()).unwrap_or_default();
        for id in ids {
            let name = id.rsplit('/').next().unwrap_or(&id);
            let candidates = self.world.plugins.get(name).or_else(|| self.world.plugins.get(id.rsplit('.').next()?));
            // Another build's plugin of the same name is not ours.
            let inside = |path: &&&str| root.is_empty() || path.starts_with(&format!("{root}/"));
            let mut found = candidates.into_iter().flatten().filter(inside);
            if let (Some(path), None) = (found.next(), found.next()) {
                self.run_script(path, project);
            }
        }
    }

    pub(super) fn of_plugins(&mut self, name: &str, arguments: &'a [Argument], span: Span) -> Option<Value<'a>> {
        let value = self.first(arguments);
        let id = match (name, &value) {
            ("id" | "plugin", Some(value)) => value.known(),
            ("kotlin", Some(value)) => {
                let name = value.known()?;
                let before = Traced::literal("org.jetbrains.kotlin.", Span { end: span.start, ..span });
                Some(Traced::concat(span, [before, name]))
            }
            ("alias", Some(Value::Catalog(catalog, path))) => {
                let alias = path.strip_prefix("plugins.").unwrap_or(path).to_lowercase();
                self.catalogs.get(catalog).and_then(|catalog| catalog.plugins.get(&alias)).cloned()
            }
            _ => return None,
        };
        let id: Rc<str> = id.as_ref().map(Traced::as_str)?.into();
        self.own().plugins.push(Plugin { id: id.clone(), span });
        Some(Value::Plugin(id))
    }

    /// `java`, `` `java-library` `` in a block of plugins.
    pub(super) fn plugin_by_name(&mut self, name: &str, span: Span) -> bool {
        let is_plugins = matches!(self.delegate(), Delegate::Plugins(_));
        if is_plugins {
            self.own().plugins.push(Plugin { id: name.into(), span });
        }
        is_plugins
    }
}
