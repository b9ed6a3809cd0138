//! Settings: which projects there are, where they lie, which catalogs they have.

use super::super::catalog::Catalog;
use super::super::project::Project;
use super::super::value::{Text, Value};
use super::super::world::beside;
use super::name::ROOT;
use super::{Delegate, MAX_PROJECTS, Run};
use crate::read::gradle::Argument;
use crate::source::{Span, Traced, folder_of, join};
use std::rc::Rc;

impl<'a> Run<'_, 'a> {
    pub(super) fn settings(&mut self, root: &str) {
        self.catalog_file("libs", &beside(root, "gradle/libs.versions.toml"));
        if let Some((path, script)) = self.world.settings(root) {
            self.script(path, script, Delegate::Settings);
        }
    }

    /// Scripts below settings that include what is not known are projects of theirs, whatever their path.
    pub(super) fn adopt(&mut self, root: &str) {
        let world = self.world;
        for folder in world.inside(root) {
            if self.projects.len() >= MAX_PROJECTS || self.projects.iter().any(|project| project.folder == folder) {
                continue;
            }
            let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
            // Two of one name cannot both be found by it.
            let child = self.projects.len();
            self.children.entry((0, name.clone())).or_insert(child);
            self.projects.push(Project { name, parent: Some(0), folder: folder.to_owned(), ..Project::default() });
        }
    }

    /// Adds what a file says to the catalog of a name.
    pub(super) fn catalog_file(&mut self, name: &str, path: &str) {
        if let Some(tree) = self.world.catalogs.get(path) {
            self.catalogs.insert(name.into(), Rc::new(Catalog::of(tree)));
        }
    }

    /// `include ':a:b'`: a project and those above it.
    pub(super) fn include(&mut self, arguments: &'a [Argument], span: Span) {
        for argument in arguments {
            let value = self.value(&argument.value);
            let items = value.items().map_or_else(|| vec![value.clone()], <[Value<'a>]>::to_vec);
            for item in items {
                if let Some(path) = item.known() {
                    self.include_one(&path);
                } else {
                    self.lose(span, "which projects this includes is only known when the build runs");
                }
            }
        }
    }

    fn include_one(&mut self, path: &Traced) {
        let mut at = 0;
        let mut start = 0;
        // `include 'a/b'` is one project of an odd name; people mean its folder.
        for name in path.as_str().split([':', '/']) {
            let range = start..start + name.len();
            start += name.len() + 1;
            if name.is_empty() {
                continue;
            }
            at = match self.child(at, name) {
                Some(child) => child,
                None if self.projects.len() < MAX_PROJECTS => {
                    let folder = beside(&self.projects[at].folder, name);
                    let named_at = Some(path.slice(range));
                    self.projects.push(Project {
                        name: name.to_owned(),
                        named_at,
                        parent: Some(at),
                        folder,
                        ..Project::default()
                    });
                    let child = self.projects.len() - 1;
                    self.children.insert((at, name.to_owned()), child);
                    child
                }
                None => return,
            };
        }
    }

    /// `project(':a').name = …`, `.projectDir = …`, `rootProject.name = …`.
    pub(super) fn set_of_project(&mut self, project: usize, name: &str, value: &Value<'a>, span: Span) -> bool {
        match name {
            "name" => {
                let Some(text) = value.known() else {
                    self.lose(span, "this project's name is only known when the build runs");
                    return true;
                };
                let Some(own) = self.projects.get_mut(project) else { return true };
                let old = std::mem::replace(&mut own.name, text.as_str().to_owned());
                own.named_at = Some(text.clone());
                if let Some(parent) = own.parent {
                    self.children.remove(&(parent, old));
                    self.children.insert((parent, text.as_str().to_owned()), project);
                }
            }
            "projectDir" => match value.known().and_then(|text| self.folder(text.as_str())) {
                Some(folder) => self.projects[project].folder = folder,
                None => self.lose(span, "this project's folder is only known when the build runs"),
            },
            "buildFileName" => {}
            _ => return false,
        }
        true
    }

    /// A path as scripts write it: below the root where it says so, else below the folder of the project spoken about.
    pub(super) fn folder(&self, path: &str) -> Option<String> {
        let path = path.trim_end_matches('/');
        if let Some(rest) = path.strip_prefix(ROOT) {
            return join("", rest);
        }
        let base = match self.delegate() {
            Delegate::Settings => self.projects.first().map(|root| root.folder.clone())?,
            _ => self.projects.get(self.project())?.folder.clone(),
        };
        join(&base, path)
    }

    /// The script of a path, relative to the project, to the script that names it, or to the root.
    pub(super) fn script_at(&self, path: &str) -> Option<&'a str> {
        let own = self.contexts.last().map(|context| folder_of(&context.path).to_owned()).unwrap_or_default();
        let root = self.projects.first().map(|root| root.folder.clone()).unwrap_or_default();
        let places = [self.folder(path), join(&own, path), join(&root, path)];
        places.into_iter().flatten().find_map(|path| self.world.script(&path).map(|(path, _)| path))
    }

    /// `version("spark", "3.5.1")`, `library("sql", "g:a:v")`, `from(files("…"))` in a catalog of the settings.
    pub(super) fn catalog_call(&mut self, catalog: &Rc<str>, name: &str, arguments: &'a [Argument]) -> Value<'a> {
        let values: Vec<Value<'a>> = arguments.iter().map(|argument| self.value(&argument.value)).collect();
        let texts: Vec<Text> = values.iter().filter_map(|value| value.as_text().ok()).collect();
        let mut own = self.catalogs.get(catalog).map(|known| Catalog::clone(known)).unwrap_or_default();
        match (name, texts.as_slice()) {
            ("from", [path, ..]) => {
                let path = path.known().ok().and_then(|path| self.folder(path.as_str()));
                if let Some(tree) = path.and_then(|path| self.world.catalogs.get(path.as_str())) {
                    own = Catalog::of(tree);
                }
            }
            ("version", [alias, version]) => {
                own.versions.insert(super::super::catalog::accessor(&alias.shown()), version.known());
            }
            ("library", [alias, notation]) => {
                if let Ok(notation) = super::super::value::Notation::of(notation) {
                    own.libraries.insert(super::super::catalog::accessor(&alias.shown()), Rc::new(notation));
                }
            }
            ("library", [alias, group, artifact]) => {
                if let (Ok(group), Ok(name)) = (group.known(), artifact.known()) {
                    let notation = super::super::value::Notation {
                        group,
                        name,
                        version: None,
                        classifier: None,
                        platform: false,
                        span: alias.span,
                    };
                    let alias = super::super::catalog::accessor(&alias.shown());
                    own.libraries.insert(alias.clone(), Rc::new(notation));
                    self.catalogs.insert(catalog.clone(), Rc::new(own));
                    // `.version("1")` and `.versionRef("x")` follow.
                    return Value::Catalog(catalog.clone(), alias);
                }
            }
            _ => {}
        }
        self.catalogs.insert(catalog.clone(), Rc::new(own));
        Value::Null
    }

    /// `.version("1")`, `.versionRef("x")` behind a library of the settings.
    pub(super) fn catalog_version(&mut self, catalog: &Rc<str>, alias: &str, method: &str, argument: &Value<'a>) {
        let Some(known) = self.catalogs.get(catalog) else { return };
        let mut own = Catalog::clone(known);
        let version = match (method, argument.as_text()) {
            ("versionRef", Ok(name)) => Some(own.version(&super::super::catalog::accessor(&name.shown()))),
            ("version", Ok(text)) => Some(text.known()),
            _ => None,
        };
        if let Some(library) = own.libraries.get(alias) {
            let library = super::super::value::Notation { version, ..super::super::value::Notation::clone(library) };
            own.libraries.insert(alias.to_owned(), Rc::new(library));
        }
        self.catalogs.insert(catalog.clone(), Rc::new(own));
    }
}
