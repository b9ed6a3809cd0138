//! `dependencyManagement`: a module's own and inherited entries, and imported POMs (BOMs) of the same repository.

use super::profiles::Active;
use super::scope::{Scope, unknown};
use super::value::{Cases, Text, without};
use super::world::World;
use crate::fact::Variants;
use crate::read::pom::Dependency;
use crate::source::Traced;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What tells managed artefacts apart: group, artifact, type (`jar` where none is written) and classifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) kind: String,
    pub(super) classifier: String,
}

/// What management says of a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Managed {
    pub(super) version: Option<Text>,
    pub(super) scope: Option<Text>,
}

/// The imported POMs, each made effective once: an import sees no profile of the importing build.
pub(super) struct Boms<'w, 'a> {
    world: &'w World<'a>,
    /// Nothing named on the command line.
    plain: &'w Active,
    /// POMs by group and artifact, as they resolve without profiles, with their versions.
    by_coordinate: HashMap<(String, String), Vec<(String, usize)>>,
    tables: HashMap<usize, Option<Rc<Table>>>,
}

/// One imported POM's management.
struct Table {
    entries: HashMap<Key, Managed>,
    /// What decides about everything else, where that is not in this repository.
    elsewhere: Option<Arc<str>>,
}

/// Where an import leads.
enum Import {
    Here(Rc<Table>),
    Elsewhere(Arc<str>),
}

/// One module's imports.
pub(super) struct Imports {
    /// In order, the module's own first: when, what, and which POM of this repository that is.
    list: Vec<(Variants, Arc<str>, Option<usize>)>,
    /// Why a version stays unknown that only a POM outside of this repository can manage.
    outside: Option<Arc<str>>,
}

/// How many POMs outside of this repository a reason names.
const MAX_NAMED: usize = 3;

impl<'w, 'a> Boms<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>, plain: &'w Active) -> Self {
        let mut by_coordinate: HashMap<(String, String), Vec<(String, usize)>> = HashMap::new();
        for number in 0..world.poms.len() {
            let mut scope = Scope::new(world, number, plain);
            let mut field = |name: &str| match scope.property(name).at(0) {
                Some(Ok(text)) => Some(text.as_str().to_owned()),
                _ => None,
            };
            let coordinate = (field("project.groupId"), field("project.artifactId"), field("project.version"));
            if let (Some(group), Some(artifact), Some(version)) = coordinate {
                by_coordinate.entry((group, artifact)).or_default().push((version, number));
            }
        }
        Self { world, plain, by_coordinate, tables: HashMap::new() }
    }

    fn find(&self, group: &str, artifact: &str, version: &str) -> Option<usize> {
        let key = (group.to_owned(), artifact.to_owned());
        self.by_coordinate.get(&key)?.iter().find(|(v, _)| v == version).map(|(_, number)| *number)
    }

    /// What a module imports, in order: its own imports first.
    pub(super) fn imports(&self, scope: &mut Scope<'_, '_>) -> Imports {
        let mut list: Vec<(Variants, Arc<str>, Option<usize>)> = Vec::new();
        for (number, entry) in scope.ancestry() {
            for (profile, import) in &entry.index.imports {
                let here = scope.holds(number, *profile);
                let coordinate = |text: Option<&Traced>, scope: &mut Scope<'_, '_>| match text {
                    Some(text) => scope.fill(text, here),
                    None => Cases::one(here, unknown("it has no version")),
                };
                let groups = coordinate(Some(&import.group), scope);
                let artifacts = coordinate(Some(&import.artifact), scope);
                let versions = coordinate(import.version.as_ref(), scope);
                for (v, group) in groups.within(here) {
                    for (v, artifact) in artifacts.within(v) {
                        for (v, version) in versions.within(v) {
                            let shown = [group, artifact, version].map(|t| t.as_ref().map_or("?", |t| t.as_str()));
                            let pom = self.find(shown[0], shown[1], shown[2]);
                            list.push((v, shown.join(":").into(), pom));
                        }
                    }
                }
            }
        }
        let outside = list.iter().filter(|(_, _, pom)| pom.is_none()).map(|(_, coordinate, _)| &**coordinate);
        let outside = managed_outside(outside.chain(scope.missing_parent));
        Imports { list, outside }
    }

    fn table(&mut self, pom: usize) -> Option<Rc<Table>> {
        if let Some(known) = self.tables.get(&pom) {
            return known.clone();
        }
        // A POM that imports itself, through others: the inner import adds nothing.
        self.tables.insert(pom, None);
        let table = Rc::new(self.make(pom));
        self.tables.insert(pom, Some(Rc::clone(&table)));
        Some(table)
    }

    fn make(&mut self, pom: usize) -> Table {
        let mut scope = Scope::new(self.world, pom, self.plain);
        let mut table = Table { entries: HashMap::new(), elsewhere: None };
        for (number, entry) in scope.ancestry() {
            for (profile, managed) in &entry.index.managed {
                let here = scope.holds(number, *profile);
                if let Some(key) = (!here.is_empty()).then(|| key_of(&mut scope, managed, here)).flatten() {
                    table.entries.entry(key).or_insert_with(|| Managed {
                        version: managed.version.as_ref().and_then(|t| first(&scope.fill(t, here))),
                        scope: managed.scope.as_ref().and_then(|t| first(&scope.fill(t, here))),
                    });
                }
            }
        }
        for (variants, coordinate, pom) in self.imports(&mut scope).list {
            if variants.is_empty() {
                continue;
            }
            match self.import(&coordinate, pom) {
                Import::Here(inner) => {
                    for (key, managed) in &inner.entries {
                        table.entries.entry(key.clone()).or_insert_with(|| managed.clone());
                    }
                    table.elsewhere.clone_from(&inner.elsewhere);
                }
                Import::Elsewhere(coordinate) => table.elsewhere = Some(coordinate),
            }
            // What an unknown POM manages comes first: what follows it cannot be trusted.
            if table.elsewhere.is_some() {
                return table;
            }
        }
        table.elsewhere = scope.missing_parent.map(Arc::from);
        table
    }

    fn import(&mut self, coordinate: &Arc<str>, pom: Option<usize>) -> Import {
        match pom.and_then(|pom| self.table(pom)) {
            Some(table) => Import::Here(table),
            None => Import::Elsewhere(Arc::clone(coordinate)),
        }
    }

    /// What a module's management says of an artefact, in each of these evaluations.
    pub(super) fn managed(
        &mut self,
        scope: &mut Scope<'_, '_>,
        imports: &Imports,
        declared: &Dependency,
        key: &Key,
        variants: Variants,
    ) -> Cases<Managed> {
        let (mut found, mut left) = own(scope, declared, key, variants);
        for (v, coordinate, pom) in &imports.list {
            let here = left.and(*v);
            if here.is_empty() {
                continue;
            }
            match self.import(coordinate, *pom) {
                Import::Here(table) => match (table.entries.get(key), &table.elsewhere) {
                    (Some(managed), _) => {
                        found.add(here, managed.clone());
                        left = without(left, here);
                    }
                    (None, Some(elsewhere)) => {
                        found.add(here, nothing(managed_outside([&**elsewhere].into_iter())));
                        left = without(left, here);
                    }
                    (None, None) => {}
                },
                Import::Elsewhere(_) => {
                    found.add(here, nothing(imports.outside.clone()));
                    left = without(left, here);
                }
            }
        }
        found.add(left, nothing(imports.outside.clone().filter(|_| scope.missing_parent.is_some())));
        found
    }
}

/// No version, for this reason.
fn nothing(outside: Option<Arc<str>>) -> Managed {
    let why = outside.unwrap_or_else(|| "no version is written for this dependency, and none is managed".into());
    Managed { version: Some(Err(why)), scope: None }
}

fn managed_outside<'c>(coordinates: impl Iterator<Item = &'c str>) -> Option<Arc<str>> {
    let mut names: Vec<String> = coordinates.take(MAX_NAMED + 1).map(|c| format!("`{c}`")).collect();
    if names.len() > MAX_NAMED {
        names.truncate(MAX_NAMED);
        names.push("another POM".to_owned());
    }
    let names = names.join(" or ");
    (!names.is_empty()).then(|| format!("its version is managed outside of this repository, by {names}").into())
}

/// What the module and its ancestors say themselves, and the evaluations in which none does.
fn own(scope: &mut Scope<'_, '_>, declared: &Dependency, key: &Key, variants: Variants) -> (Cases<Managed>, Variants) {
    let (mut found, mut left) = (Cases::default(), variants);
    for (number, entry) in scope.ancestry() {
        for (profile, managed) in entry.index.candidates(&key.group, &key.artifact) {
            if left.is_empty() {
                return (found, left);
            }
            let mut here = left.and(scope.holds(number, profile));
            here = where_equal(scope, &managed.artifact, Some(&declared.artifact), &key.artifact, here);
            here = where_equal(scope, &managed.group, Some(&declared.group), &key.group, here);
            here = where_written(scope, managed.kind.as_ref(), "jar", &key.kind, here);
            here = where_written(scope, managed.classifier.as_ref(), "", &key.classifier, here);
            if here.is_empty() {
                continue;
            }
            left = without(left, here);
            let version = filled(scope, managed.version.as_ref(), here);
            let of_scope = filled(scope, managed.scope.as_ref(), here);
            for (v, version) in version.iter() {
                for (v, of_scope) in of_scope.within(v) {
                    found.add(v, Managed { version: version.clone(), scope: of_scope.clone() });
                }
            }
        }
    }
    (found, left)
}

/// A text that need not be there, filled in.
pub(super) fn filled(scope: &mut Scope<'_, '_>, text: Option<&Traced>, variants: Variants) -> Cases<Option<Text>> {
    let Some(text) = text else { return Cases::one(variants, None) };
    let mut cases = Cases::default();
    scope.fill(text, variants).iter().for_each(|(v, text)| cases.add(v, Some(text.clone())));
    cases
}

/// The evaluations in which a managed text is the one asked for. Texts that are written alike are alike.
fn where_equal(
    scope: &mut Scope<'_, '_>,
    managed: &Traced,
    declared: Option<&Traced>,
    wanted: &str,
    variants: Variants,
) -> Variants {
    let same = |other: &Traced| other.as_str() == managed.as_str();
    if variants.is_empty() || managed.as_str() == wanted || declared.is_some_and(same) {
        return variants;
    }
    if !managed.as_str().contains("${") {
        return Variants::NONE;
    }
    let equal = |text: &Text| text.as_ref().is_ok_and(|t| t.as_str() == wanted);
    scope.fill(managed, variants).iter().filter(|(_, t)| equal(t)).fold(Variants::NONE, |all, (v, _)| all.or(v))
}

fn where_written(
    scope: &mut Scope<'_, '_>,
    managed: Option<&Traced>,
    default: &str,
    wanted: &str,
    variants: Variants,
) -> Variants {
    match managed {
        None if default == wanted => variants,
        None => Variants::NONE,
        Some(text) => where_equal(scope, text, None, wanted, variants),
    }
}

fn key_of(scope: &mut Scope<'_, '_>, managed: &Dependency, variants: Variants) -> Option<Key> {
    let mut text = |t: &Traced| first(&scope.fill(t, variants))?.ok().map(|t| t.as_str().to_owned());
    Some(Key {
        group: text(&managed.group)?,
        artifact: text(&managed.artifact)?,
        kind: managed.kind.as_ref().map_or(Some("jar".to_owned()), &mut text)?,
        classifier: managed.classifier.as_ref().map_or(Some(String::new()), &mut text)?,
    })
}

fn first(cases: &Cases<Text>) -> Option<Text> {
    cases.iter().next().map(|(_, text)| text.clone())
}
