//! Variables of containers that stand in `ConfigMaps`: `envFrom` and `configMapKeyRef`.

use super::config_map::{Place, nearest};
use crate::fact::container::Variable;
use crate::fact::object::MapVariables;
use crate::fact::{Container, Facts, PartKind};
use crate::source::Traced;
use std::collections::HashMap;

/// Gives containers what their `ConfigMaps` say, where it is known which are meant. What a container says itself stays in force.
pub(super) fn fill(facts: &mut Facts) {
    let mut maps: HashMap<&str, Vec<&MapVariables>> = HashMap::new();
    for map in &facts.map_variables {
        maps.entry(map.map.as_str()).or_default().push(map);
    }
    for part in &mut facts.parts {
        let (namespace, containers) = match &mut part.kind {
            PartKind::Workload(workload) => (workload.namespace.as_deref(), &mut workload.containers),
            PartKind::Application(application) => (application.namespace.as_deref(), &mut application.containers),
            _ => continue,
        };
        let asks = Place { folder: &part.folder, namespace };
        for container in containers {
            complete(container, &maps, asks);
        }
    }
}

fn complete(container: &mut Container, maps: &HashMap<&str, Vec<&MapVariables>>, asks: Place<'_>) {
    let named = |name: &Traced| {
        let all = maps.get(name.as_str()).into_iter().flatten().copied();
        match nearest(all, |map| Place { folder: &map.folder, namespace: map.namespace.as_deref() }, asks).as_slice() {
            [map] => Some(*map),
            _ => None,
        }
    };
    for variable in &mut container.env {
        let Some((map, key)) = &variable.key else { continue };
        let found = named(map).and_then(|map| map.variables.iter().rev().find(|(name, _)| name.as_str() == key));
        variable.value = found.map(|(_, value)| value.clone());
    }
    let sources = container.env_from.iter().filter_map(|from| Some((&from.prefix, named(&from.map)?)));
    let variable = |prefix: &String, name: &Traced, value: &Traced| {
        let name = if prefix.is_empty() {
            name.clone()
        } else {
            Traced::concat(name.span(), [Traced::made(prefix.as_str(), name.span()), name.clone()])
        };
        Variable { name, value: Some(value.clone()), key: None }
    };
    let given = sources.flat_map(|(prefix, map)| map.variables.iter().map(move |(n, v)| variable(prefix, n, v)));
    let given: Vec<Variable> = given.collect();
    // The last one of a name counts.
    container.env.splice(0..0, given);
}
