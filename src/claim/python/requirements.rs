//! Requirement files. A constraint installs nothing: it says which version of what is asked for is taken.

use super::project::Project;
use super::{Allowed, Asked, file_scope, local_module};
use crate::compose::python::{Effective, Python};
use crate::fact::{Facts, Scope};
use crate::read::requirements::{Package, Requirement, Wants};
use crate::source::{Source, Traced};
use crate::version::VersionSet;
use std::collections::{HashMap, HashSet};

/// The facts of the file; nothing where it holds nothing but options.
pub(super) fn claim(source: &Source, requirements: &[Requirement], world: &Python) -> Facts {
    let Some(first) = requirements.iter().find(|r| !matches!(r.wants, Wants::Option(_))) else {
        return Facts::default();
    };
    let mut project = Project::of(source);
    let scope = if world.is_constraint(&source.path) { Scope::Other } else { file_scope(&source.path) };
    let effective = world.effective(&source.path);
    let common = common_marker(requirements);
    for requirement in requirements {
        let place = match &requirement.wants {
            Wants::File { path, constraint: false } => Some(path),
            Wants::Location { location, .. } => Some(location),
            _ => None,
        };
        project.local.extend(place.and_then(|place| local_module(source, place, requirement.span)));
        match &requirement.wants {
            Wants::Package(package) => {
                let mut asked = Asked::of(package.clone(), scope, requirement.span);
                asked.marked &= package.marker.as_ref().map(Traced::as_str) != common;
                limit(&mut asked, &effective);
                project.asked.push(asked);
            }
            Wants::Location { name: Some(name), .. } => {
                project.asked.push(Asked::unversioned(name.clone(), scope, requirement.span));
            }
            _ => {}
        }
    }
    // What an included file asks for is narrowed here, not where it stands: that file is also installed by itself.
    let own: HashSet<String> = project.asked.iter().map(Asked::normal_name).collect();
    for package in effective.included.iter().filter(|_| !effective.constraints.is_empty()) {
        let mut asked = Asked::of((*package).clone(), scope, package.name.span());
        if !own.contains(&asked.normal_name()) && limit(&mut asked, &effective) {
            project.asked.push(asked);
        }
    }
    project.finish(source.path.clone(), first.span, world)
}

/// The marker that more than half of a file's lines have: what an exporter writes everywhere leaves nothing out beside the rest.
fn common_marker(requirements: &[Requirement]) -> Option<&str> {
    let packages: Vec<&Package> = requirements
        .iter()
        .filter_map(|requirement| match &requirement.wants {
            Wants::Package(package) => Some(package),
            _ => None,
        })
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for marker in packages.iter().filter_map(|package| package.marker.as_ref()) {
        *counts.entry(marker.as_str()).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(marker, count)| (*count, *marker));
    most.filter(|(_, count)| *count >= 3 && *count * 2 > packages.len()).map(|(marker, _)| marker)
}

/// Narrows what a line asks for by the constraints of its installation; whether one did.
fn limit(asked: &mut Asked, effective: &Effective<'_>) -> bool {
    let mut narrowed = false;
    let constraints = effective.constraints.get(&asked.normal_name()).into_iter().flatten();
    for specifiers in constraints.filter(|c| c.marker.is_none()).filter_map(|c: &&Package| c.specifiers.as_ref()) {
        let Allowed::Set(limit, text) = Allowed::of(specifiers) else { continue };
        let own = match &asked.version {
            Allowed::Set(own, _) => own.clone(),
            Allowed::Any => VersionSet::any(),
            Allowed::Unknown(..) => continue,
        };
        let both = own.intersect(&limit);
        if both != own && !both.is_empty() {
            asked.version = Allowed::Set(both, Traced::concat(asked.span, [text]));
            narrowed = true;
        }
    }
    narrowed
}
