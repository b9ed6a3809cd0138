//! Which profiles say something about the same dependency: `spark-sql_${scala.version}` at `${spark.version}` is one thing
//! with the first alone, another with both. Such pairs are evaluated before others where there is no room for all.

use super::value::references;
use super::world::{World, layers};
use crate::read::pom::Dependency;
use std::collections::{HashMap, HashSet};

/// For each profile id, as bits, the ids it meets in some dependency. `ids` are at most 64.
pub(super) fn interplay(world: &World<'_>, poms: &[usize], ids: &[&str]) -> Vec<u64> {
    let bits: HashMap<&str, u64> = ids.iter().zip(0..64).map(|(id, bit)| (*id, 1u64 << bit)).collect();
    let influence = influence(world, poms, &bits);
    let mut meets = vec![0u64; ids.len()];
    let mut seen = HashSet::new();
    for pom in poms.iter().filter_map(|n| world.poms.get(*n)).map(|e| e.pom) {
        for (profile, layer) in layers(pom) {
            let own = profile.and_then(|p| bits.get(&*pom.profiles.get(p)?.id)).copied().unwrap_or(0);
            for dependency in layer.dependencies.iter().chain(&layer.managed) {
                let together = names(dependency).filter_map(|n| influence.get(n)).fold(own, |all, bits| all | bits);
                if together.count_ones() > 1 && seen.insert(together) {
                    let of_them = meets.iter_mut().enumerate().filter(|(i, _)| together >> i & 1 == 1);
                    of_them.for_each(|(_, meets)| *meets |= together);
                }
            }
        }
    }
    meets
}

fn names(dependency: &Dependency) -> impl Iterator<Item = &str> {
    let texts = [Some(&dependency.group), Some(&dependency.artifact), dependency.version.as_ref()];
    texts.into_iter().flatten().flat_map(|text| references(text.as_str()))
}

/// For each property the profiles, as bits, that can change it: they set it, or another one that its value refers to.
fn influence<'a>(world: &World<'a>, poms: &[usize], bits: &HashMap<&str, u64>) -> HashMap<&'a str, u64> {
    let mut influence: HashMap<&'a str, u64> = HashMap::new();
    let mut used_by: HashMap<&'a str, Vec<&'a str>> = HashMap::new();
    for pom in poms.iter().filter_map(|n| world.poms.get(*n)).map(|e| e.pom) {
        for (profile, layer) in layers(pom) {
            let own = profile.and_then(|p| bits.get(&*pom.profiles.get(p)?.id)).copied().unwrap_or(0);
            for property in &layer.properties {
                *influence.entry(&property.name).or_insert(0) |= own;
                for name in property.value.iter().flat_map(|text| references(text.as_str())) {
                    used_by.entry(name).or_default().push(&property.name);
                }
            }
        }
    }
    // Each property is looked at again only while its bits grow: at most 64 times.
    let mut changed: Vec<&'a str> = influence.iter().filter(|(_, bits)| **bits != 0).map(|(name, _)| *name).collect();
    while let Some(name) = changed.pop() {
        let bits = influence.get(name).copied().unwrap_or(0);
        for user in used_by.get(name).into_iter().flatten() {
            let known = influence.entry(user).or_insert(0);
            if *known | bits != *known {
                *known |= bits;
                changed.push(user);
            }
        }
    }
    influence
}
