//! One module's effective dependencies, in all evaluations of its build at once.

use super::Dependency;
use super::management::{Boms, Imports, Key, filled};
use super::scope::{Scope, unknown};
use super::value::{Cases, Text, without};
use crate::fact::{Unresolved, Variants};
use crate::read::pom;
use crate::source::Traced;
use std::collections::HashMap;
use std::sync::Arc;

/// Version and scope, with the evaluations they hold in.
type Resolved = Vec<(Variants, (Text, Option<Arc<Traced>>))>;

/// Dependencies with the evaluations they are there in.
type Effective = Vec<(Variants, Dependency)>;

/// A dependency's parts, filled in for some evaluations.
struct Coordinate {
    group: Text,
    artifact: Text,
    kind: Option<Text>,
    classifier: Option<Text>,
}

/// The dependencies of a module, its own and inherited ones, and what could not be resolved of them.
pub(super) fn dependencies(scope: &mut Scope<'_, '_>, boms: &mut Boms<'_, '_>) -> (Effective, Vec<Unresolved>) {
    let imports = boms.imports(scope);
    let (mut found, mut unresolved) = (Vec::new(), Vec::new());
    for (declared, variants) in declarations(scope) {
        let mut cases = Cases::default();
        for (variants, coordinate) in coordinates(scope, declared, variants) {
            match key(&coordinate) {
                Ok((key, parts)) => {
                    for (variants, (version, scope)) in resolved(scope, boms, &imports, declared, &key, variants) {
                        let Parts { group, artifact, kind, classifier } = parts.clone();
                        let (optional, exclusions) = (declared.optional, Arc::from(declared.exclusions.as_slice()));
                        let dependency = Dependency {
                            group,
                            artifact,
                            version,
                            scope,
                            kind,
                            classifier,
                            optional,
                            exclusions,
                            provide: declared.provide.clone(),
                            span: declared.span,
                        };
                        cases.add(variants, dependency);
                    }
                }
                Err(why) => unresolved.push(Unresolved { span: declared.artifact.span(), why: why.to_string() }),
            }
        }
        found.extend(cases.in_order());
    }
    (found, unresolved)
}

/// What is declared in a module and its ancestors: a declaration nearer to the module, or in a later profile, replaces
/// one of the same artefact.
fn declarations<'a>(scope: &Scope<'_, 'a>) -> Vec<(&'a pom::Dependency, Variants)> {
    let mut taken: HashMap<[&str; 4], Variants> = HashMap::new();
    let mut declarations = Vec::new();
    for (number, entry) in scope.ancestry() {
        let first = declarations.len();
        for (profile, declared) in &entry.index.dependencies {
            let text = |t: &'a Option<Traced>, default| t.as_ref().map_or(default, Traced::as_str);
            let key = [
                declared.group.as_str(),
                declared.artifact.as_str(),
                text(&declared.kind, "jar"),
                text(&declared.classifier, ""),
            ];
            let taken = taken.entry(key).or_insert(Variants::NONE);
            let here = without(scope.holds(number, *profile), *taken);
            if !here.is_empty() {
                *taken = taken.or(here);
                declarations.push((*declared, here));
            }
        }
        // The strongest came first; people read from the top.
        if let Some(own) = declarations.get_mut(first..) {
            own.sort_by_key(|(declared, _)| declared.span.start);
        }
    }
    declarations
}

fn coordinates(
    scope: &mut Scope<'_, '_>,
    declared: &pom::Dependency,
    variants: Variants,
) -> Vec<(Variants, Coordinate)> {
    let groups = scope.fill(&declared.group, variants);
    let artifacts = scope.fill(&declared.artifact, variants);
    let kinds = filled(scope, declared.kind.as_ref(), variants);
    let classifiers = filled(scope, declared.classifier.as_ref(), variants);
    let mut coordinates = Vec::new();
    for (v, group) in groups.iter() {
        for (v, artifact) in artifacts.within(v) {
            for (v, kind) in kinds.within(v) {
                for (v, classifier) in classifiers.within(v) {
                    let (group, artifact) = (group.clone(), artifact.clone());
                    let (kind, classifier) = (kind.clone(), classifier.clone());
                    coordinates.push((v, Coordinate { group, artifact, kind, classifier }));
                }
            }
        }
    }
    coordinates
}

/// The texts of a coordinate, all of them known.
#[derive(Clone)]
struct Parts {
    group: Arc<Traced>,
    artifact: Arc<Traced>,
    kind: Option<Arc<Traced>>,
    classifier: Option<Arc<Traced>>,
}

fn key(coordinate: &Coordinate) -> Result<(Key, Parts), Arc<str>> {
    let settle = |text: &Option<Text>| text.as_ref().map(settled).transpose();
    let parts = Parts {
        group: settled(&coordinate.group)?,
        artifact: settled(&coordinate.artifact)?,
        kind: settle(&coordinate.kind)?,
        classifier: settle(&coordinate.classifier)?,
    };
    let or = |text: &Option<Arc<Traced>>, default: &str| text.as_ref().map_or(default, |t| t.as_str()).to_owned();
    let key = Key {
        group: parts.group.as_str().to_owned(),
        artifact: parts.artifact.as_str().to_owned(),
        kind: or(&parts.kind, "jar"),
        classifier: or(&parts.classifier, ""),
    };
    Ok((key, parts))
}

/// A text that can be part of a coordinate. A placeholder of a template (`@version@`, `#if`, `{{ … }}`) is none.
pub(super) fn settled(text: &Text) -> Text {
    let known = text.as_ref().map_err(Arc::clone)?;
    if known.as_str().contains(|c: char| "$@#{}%<>".contains(c) || c.is_control()) {
        return unknown("a template fills it in");
    }
    if known.as_str().is_empty() {
        return unknown("it is empty");
    }
    Ok(Arc::clone(known))
}

/// Version and scope: as written, else as managed.
fn resolved(
    scope: &mut Scope<'_, '_>,
    boms: &mut Boms<'_, '_>,
    imports: &Imports,
    declared: &pom::Dependency,
    key: &Key,
    variants: Variants,
) -> Resolved {
    let versions = filled(scope, declared.version.as_ref(), variants);
    let scopes = filled(scope, declared.scope.as_ref(), variants);
    let managed = if declared.version.is_some() && declared.scope.is_some() {
        Cases::one(variants, None)
    } else {
        let mut cases = Cases::default();
        boms.managed(scope, imports, declared, key, variants).iter().for_each(|(v, m)| cases.add(v, Some(m.clone())));
        cases
    };
    let mut rest = Vec::new();
    for (v, version) in versions.iter() {
        for (v, of_scope) in scopes.within(v) {
            for (v, managed) in managed.within(v) {
                let from_management = || managed.as_ref().and_then(|m| m.version.clone());
                let version = version.clone().or_else(from_management).unwrap_or_else(|| unknown("it has no version"));
                let of_scope = of_scope.clone().or_else(|| managed.as_ref()?.scope.clone());
                rest.push((v, (settled(&version), of_scope.and_then(Result::ok))));
            }
        }
    }
    rest
}
